"""What lies in a batch folder: documents and their files, in natural order.

A document is a sub-folder or one file; the files of nested folders follow in natural order under
the document. Only names are looked at here, no content is read. Links are refused: what they point
to lies outside the batch.
"""

import os
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from digitize.finding import Finding, finding
from digitize.manifest import find_manifest
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
class FoundBatch:
    """The documents of a batch in natural order, and what was found wrong on the way."""

    documents: tuple[FoundDocument, ...]
    findings: tuple[Finding, ...] = ()


def find_documents(batch: Path) -> tuple[FoundDocument, ...]:
    """Return the documents of a batch folder in natural order; see :func:`scan_batch`."""
    return scan_batch(batch).documents


def scan_batch(batch: Path) -> FoundBatch:
    """Return the documents of a batch folder and a finding for each link that was refused.

    Left out without a word: hidden files, the sheet and its copies, ``Thumbs.db``, ``desktop.ini``,
    the marks «готово» and ``ready``. InputError ``error.no-input`` where ``batch`` is no folder.
    """
    if not batch.is_dir():
        raise InputError("error.no-input", path=str(batch))
    found: list[Finding] = []
    documents = [_document(path, batch, found) for path in _entries(batch, batch, found)]
    return FoundBatch(tuple(documents), tuple(found))


def find_loose(paths: Sequence[Path]) -> FoundBatch:
    """Return the documents of paths given one by one, in the order given.

    A file is a document; a folder that holds files is one; a folder that holds only folders gives
    one document for each of them. InputError ``error.no-input`` where a path does not exist.
    """
    documents: list[FoundDocument] = []
    found: list[Finding] = []
    for path in paths:
        if path.is_symlink():
            found.append(finding("LINK_REFUSED", "error", display_name(path)))
        elif path.is_dir() and not _holds_files(path):
            inner = scan_batch(path)
            documents.extend(inner.documents)
            found.extend(inner.findings)
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
    return unicodedata.normalize("NFC", os.fsencode(path.name).decode("utf-8", "replace"))


def is_ready(batch: Path) -> bool:
    """Return whether a mark («готово», «дайын», ``ready``) says that the batch is complete."""
    return any(_READY.fullmatch(display_name(path).casefold()) for path in batch.iterdir())


def _holds_files(folder: Path) -> bool:
    return any(path.is_file() for path in folder.iterdir() if not _is_ignored(path))


def _document(path: Path, batch: Path, found: list[Finding]) -> FoundDocument:
    files = tuple(_files(path, batch, found)) if path.is_dir() else (path,)
    return FoundDocument(display_name(path), files, path)


def _files(folder: Path, batch: Path, found: list[Finding]) -> Iterable[Path]:
    """Every file below the folder: its own first, then those of its folders."""
    entries = _entries(folder, batch, found)
    yield from (path for path in entries if not path.is_dir())
    for inner in entries:
        if inner.is_dir():
            yield from _files(inner, batch, found)


def _entries(folder: Path, batch: Path, found: list[Finding]) -> list[Path]:
    """Folders and plain files of a folder in natural order; links and devices become findings."""
    kept: list[Path] = []
    for path in folder.iterdir():
        if _is_ignored(path):
            continue
        if path.is_symlink() or not (path.is_file() or path.is_dir()):
            place = "/".join(display_name(Path(part)) for part in path.relative_to(batch).parts)
            found.append(finding("LINK_REFUSED", "error", place))
        else:
            kept.append(path)
    return sorted(kept, key=lambda path: natural_key(display_name(path)))


def _is_ignored(path: Path) -> bool:
    name = display_name(path).casefold()
    if name.startswith((".", "~$")) or name in _IGNORED or _READY.fullmatch(name):
        return True
    return name.startswith(_MANIFEST) and name.endswith((".xlsx", ".csv"))
