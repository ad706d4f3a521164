"""Batches as they lie on the disk, and what of them is known already."""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from digitize.batch.folder import (
    FoundBatch,
    FoundDocument,
    RefusedEntry,
    find_loose,
    is_batch,
    scan_batch,
)
from digitize.batch.manifest import Manifest, read_manifest
from digitize.batch.match import Paired, pair
from digitize.scan.codes import CHANGED, NO_ACCESS, READ_ERROR
from olketanu.errors import InputError
from store.digitised import batches
from workflow.library import Library

TRIED_AGAIN = frozenset({CHANGED, NO_ACCESS, READ_ERROR})
"""Refusals whose cause lies outside the file: every run looks again."""


@dataclass(frozen=True, slots=True)
class BatchInput:
    """A batch as it lies on the disk: its documents with their rows of the librarian's sheet.

    ``refused`` are entries that are no files (links, pipes …) or may not be read.
    """

    name: str
    path: Path
    found: tuple[Paired, ...]
    manifest: Manifest | None
    refused: tuple[RefusedEntry, ...] = ()


@dataclass(frozen=True, slots=True)
class Told:
    """What the person said on the command line; None where nothing was said."""

    rights: str | None = None
    profile: str | None = None


def batches_of(paths: Sequence[Path]) -> tuple[BatchInput, ...]:
    """Return the batches behind the paths: a batch folder, folders of batches, or loose input.

    Loose files of one folder form one batch named after that folder.
    """
    found: list[BatchInput] = []
    loose: dict[Path, list[Path]] = {}
    for path in (p.resolve() for p in paths):
        if path.is_file():
            loose.setdefault(path.parent, []).append(path)
        else:
            found.extend(_folder(path))
    for folder, files in loose.items():
        found.append(_batch(folder, find_loose(files), None))
    return tuple(found)


def _folder(path: Path) -> Iterator[BatchInput]:
    require_readable(path)
    inner = [child for child in sorted(path.iterdir()) if _is_readable_batch(child)]
    for folder in inner or [path]:
        yield _batch(folder, scan_batch(folder), read_manifest(folder))


def require_readable(folder: Path) -> None:
    """Raise InputError ``error.no-access`` for a folder that may not be listed and entered."""
    if not os.access(folder, os.R_OK | os.X_OK):
        raise InputError("error.no-access", path=str(folder))


def _is_readable_batch(folder: Path) -> bool:
    return folder.is_dir() and os.access(folder, os.R_OK | os.X_OK) and is_batch(folder)


def _batch(folder: Path, found: FoundBatch, manifest: Manifest | None) -> BatchInput:
    paired = pair(found.documents, manifest).documents
    return BatchInput(text_of(folder.name), folder, paired, manifest, found.refused)


def is_known(library: Library, batch: BatchInput, document: FoundDocument) -> bool:
    """Whether every file of the document was taken in (or refused) before, unchanged in size."""
    for path in document.files:
        source = batches.find_source(library.store, batch.name, source_name(batch, path))
        if source is None or source.state == "waiting" or source.code in TRIED_AGAIN:
            return False
        if source.size != size_of(path):
            return False
    return bool(document.files)


def source_name(batch: BatchInput, path: Path) -> str:
    """Return the name of an input as its row has it: relative to the batch."""
    return str(path.relative_to(batch.path))


def text_of(name: str) -> str:
    """A name as text that can be stored and shown; bytes that are no UTF-8 become U+FFFD."""
    return os.fsencode(name).decode("utf-8", "replace")


def size_of(path: Path) -> int:
    """Bytes of a file, 0 where it cannot be asked."""
    try:
        return path.lstat().st_size
    except OSError:
        return 0
