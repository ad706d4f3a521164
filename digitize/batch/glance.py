"""A batch folder seen from outside: its files by name and size, in one passage, none is opened.

It sees the files that :mod:`digitize.batch.folder` takes for documents, without their order.
"""

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from digitize.batch.folder import is_ignored
from digitize.batch.manifest import NAMES


@dataclass(frozen=True, slots=True)
class GlancedBatch:
    """``sizes``: bytes of each file by its name within ``path``, as the file system gives it.

    ``has_empty`` says that a folder of it, which would be a document, holds no file.
    """

    path: Path
    sizes: dict[str, int]
    has_empty: bool


@dataclass(frozen=True, slots=True)
class Glance:
    """The batches of a folder; ``newest`` is when a file below it was changed last (ns)."""

    batches: tuple[GlancedBatch, ...]
    newest: int


@dataclass(slots=True)
class _Below:
    """What lies below a folder; ``folders`` are those that stand in it and are not ignored."""

    sizes: dict[str, int] = field(default_factory=dict)
    folders: dict[str, "_Below"] = field(default_factory=dict)
    ignored: dict[str, "_Below"] = field(default_factory=dict)
    newest: int = 0
    has_sheet: bool = False


def glance(folder: Path) -> Glance:
    """Return what a folder holds; it is one batch, unless folders of it have sheets of their own.

    Links are not entered, what may not be read is left out. OSError where that is ``folder``.
    """
    below = _look(str(folder))
    inner = {**below.folders, **below.ignored}
    parts = {folder / name: one for name, one in sorted(inner.items()) if one.has_sheet}
    batches = (_batch(path, one) for path, one in (parts or {folder: below}).items())
    return Glance(tuple(batches), below.newest)


def _batch(path: Path, below: _Below) -> GlancedBatch:
    empty = any(not any(True for _ in _files(one)) for one in below.folders.values())
    return GlancedBatch(path, dict(_files(below)), empty)


def _files(below: _Below) -> Iterator[tuple[str, int]]:
    yield from below.sizes.items()
    for name, inner in below.folders.items():
        for file, size in _files(inner):
            yield f"{name}{os.sep}{file}", size


def _look(folder: str) -> _Below:
    found = _Below()
    with os.scandir(folder) as entries:
        for entry in entries:
            _note(found, entry)
    return found


def _note(found: _Below, entry: os.DirEntry[str]) -> None:
    try:
        facts = entry.stat(follow_symlinks=False)
        below = _look(entry.path) if stat.S_ISDIR(facts.st_mode) else None
    except OSError:  # gone meanwhile, or not for us
        return
    ignored = is_ignored(entry.name)
    if below is not None:
        (found.ignored if ignored else found.folders)[entry.name] = below
        found.newest = max(found.newest, below.newest)
        return
    found.newest = max(found.newest, facts.st_mtime_ns)
    if stat.S_ISREG(facts.st_mode):
        found.has_sheet |= entry.name.casefold() in NAMES
        if not ignored:
            found.sizes[entry.name] = facts.st_size
