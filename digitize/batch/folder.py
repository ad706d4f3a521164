"""What lies in a batch folder: documents and their files, in natural order.

A document is a sub-folder or one file; the files of nested folders follow in natural order under
the document. Only names are looked at here, no content is read. Links are refused (what they point
to lies outside the batch), and so are pipes, sockets, devices and folders that may not be read.
"""

import os
import re
import stat
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from digitize.batch.finding import Finding, finding
from digitize.batch.manifest import find_manifest
from digitize.scan.codes import CHANGED, LINK_REFUSED, NO_ACCESS, SPECIAL_FILE
from olketanu.errors import InputError

_IGNORED = frozenset({"thumbs.db", "desktop.ini"})
_READY = re.compile(r"(?:готово|дайын)(?:\.\w+)?|ready(?:\..*)?")
_NUMBER = re.compile(r"(\d+)")
_MANIFEST = "manifest"


@dataclass(frozen=True, slots=True)
class FoundDocument:
    """One document: ``name`` is the name of its folder or file, NFC, never used as a path.

    ``files`` are paths as the file system gives them, in page order; empty for an empty folder.
    ``root`` is the document's folder, or its only file.
    """

    name: str
    files: tuple[Path, ...]
    root: Path


@dataclass(frozen=True, slots=True)
class RefusedEntry:
    """An entry of a folder that is no file or folder to be read.

    ``code`` is LINK_REFUSED, SPECIAL_FILE, NO_ACCESS or ``changed``; ``place`` is where it stands,
    as text.
    """

    path: Path
    code: str
    place: str


@dataclass(frozen=True, slots=True)
class FoundBatch:
    """The documents of a batch in natural order, and the entries that were refused."""

    documents: tuple[FoundDocument, ...]
    refused: tuple[RefusedEntry, ...] = ()

    @property
    def findings(self) -> tuple[Finding, ...]:
        """A finding for each refused entry."""
        return tuple(finding(entry.code, "error", entry.place) for entry in self.refused)


def find_documents(batch: Path) -> tuple[FoundDocument, ...]:
    """Return the documents of a batch folder in natural order; see :func:`scan_batch`."""
    return scan_batch(batch).documents


def scan_batch(batch: Path) -> FoundBatch:
    """Return the documents of a batch folder and the entries that were refused.

    Left out without a word: hidden files, the sheet and its copies, ``Thumbs.db``, ``desktop.ini``,
    the marks «готово» and ``ready``. InputError ``error.no-input`` where ``batch`` is no folder.
    """
    if not batch.is_dir():
        raise InputError("error.no-input", path=str(batch))
    found: list[RefusedEntry] = []
    documents = [_document(path, batch, found) for path in _entries(batch, batch, found)]
    return FoundBatch(tuple(documents), tuple(found))


def find_loose(paths: Sequence[Path]) -> FoundBatch:
    """Return the documents of paths given one by one, in the order given.

    A file is a document; a folder that holds files is one; a folder that holds only folders gives
    one document for each of them. InputError ``error.no-input`` where a path does not exist.
    """
    documents: list[FoundDocument] = []
    found: list[RefusedEntry] = []
    for path in paths:
        if path.is_symlink():
            found.append(RefusedEntry(path, LINK_REFUSED, display_name(path)))
        elif path.is_dir() and not _holds_files(path):
            inner = scan_batch(path)
            documents.extend(inner.documents)
            found.extend(inner.refused)
        elif path.exists():
            documents.append(_document(path, path.parent, found))
        else:
            raise InputError("error.no-input", path=str(path))
    return FoundBatch(tuple(documents), tuple(found))


def is_batch(folder: Path) -> bool:
    """Return whether the folder holds a sheet of its own (see ``manifest.NAMES``)."""
    return folder.is_dir() and find_manifest(folder) is not None


def natural_key(name: str) -> tuple[tuple[int, str], ...]:
    """Sort key of a name: numbers by value (2 before 10), letters without case.

    Names that differ in nothing else (``1`` and ``01``) keep a fixed order by the name itself.
    """
    parts = _NUMBER.split(unicodedata.normalize("NFC", name).casefold())
    keys = [(int(part), "") if part.isdecimal() else (0, part) for part in parts]
    return (*keys, (0, name))


def display_name(path: Path) -> str:
    """The last part of a path as NFC text; bytes that are no UTF-8 become U+FFFD."""
    return _text(path.name)


def is_ignored(name: str) -> bool:
    """Return whether an entry of a batch of this name is left out without a word."""
    text = _text(name).casefold()
    if text.startswith((".", "~$")) or text in _IGNORED or _READY.fullmatch(text):
        return True
    return text.startswith(_MANIFEST) and text.endswith((".xlsx", ".csv"))


def is_ready(batch: Path) -> bool:
    """Return whether a mark («готово», «дайын», ``ready``) says that the batch is complete."""
    return any(_READY.fullmatch(display_name(path).casefold()) for path in batch.iterdir())


def _holds_files(folder: Path) -> bool:
    return any(path.is_file() for path in folder.iterdir() if not is_ignored(path.name))


def _document(path: Path, batch: Path, found: list[RefusedEntry]) -> FoundDocument:
    files = tuple(_files(path, batch, found)) if path.is_dir() else (path,)
    return FoundDocument(display_name(path), files, path)


def _files(folder: Path, batch: Path, found: list[RefusedEntry]) -> Iterable[Path]:
    """Every file below the folder: its own first, then those of its folders."""
    entries = _entries(folder, batch, found)
    yield from (path for path in entries if not path.is_dir())
    for inner in entries:
        if inner.is_dir():
            yield from _files(inner, batch, found)


def _entries(folder: Path, batch: Path, found: list[RefusedEntry]) -> list[Path]:
    """Folders and plain files of a folder in natural order; all else is noted as refused."""
    kept: list[Path] = []
    try:
        paths = [path for path in folder.iterdir() if not is_ignored(path.name)]
    except PermissionError:
        found.append(RefusedEntry(folder, NO_ACCESS, _place(folder, batch)))
        return kept
    for path in paths:
        code = _refusal(path)
        if code is None:
            kept.append(path)
        else:
            found.append(RefusedEntry(path, code, _place(path, batch)))
    return sorted(kept, key=lambda path: natural_key(display_name(path)))


def _refusal(path: Path) -> str | None:
    """Why an entry is not taken, told without opening it; None for a plain file or folder."""
    try:
        mode = path.lstat().st_mode
    except PermissionError:  # a folder that may be listed but not entered
        return NO_ACCESS
    except FileNotFoundError:
        return CHANGED
    if stat.S_ISLNK(mode):
        return LINK_REFUSED
    return None if stat.S_ISREG(mode) or stat.S_ISDIR(mode) else SPECIAL_FILE


def _place(path: Path, batch: Path) -> str:
    return "/".join(display_name(Path(part)) for part in path.relative_to(batch).parts)


def _text(name: str) -> str:
    return unicodedata.normalize("NFC", os.fsencode(name).decode("utf-8", "replace"))
