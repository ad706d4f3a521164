"""Bring the files of a home into a backup folder, each once, and say which are not what they were.

Runs may be at work meanwhile. They replace derivatives before they change the row, so bytes that do
not fit their row are looked at again when nobody works any more; what the rows have left behind
asks for a newer copy of the catalogue, what they still promise is damaged.
"""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

from olketanu.progress import Progress
from search.index.generations import Generation
from store.database import Reader
from store.disk.files import sha256_of
from store.disk.fixity import Promise, Promises, promised
from store.disk.owners import is_alive
from workflow.backup.contents import (
    files_beside,
    follows_from_journal,
    index_files,
    index_manifest,
)
from workflow.backup.portions import DAMAGED, MISSING, UNREADABLE, Portions
from workflow.backup.snapshots import READ_ONLY, BackupFolder, Entry, hash_or_none
from workflow.library import Library

_STAGE = "backup"
_TRIES = 5
_PATIENCE = 30.0
_PAUSE = 0.2

Sink = Callable[[Entry], None]


@dataclass(frozen=True, slots=True)
class Problem:
    """A file, or a row, that is not what it should be: ``state`` damaged, missing, unreadable."""

    path: str
    state: str

    def as_json(self) -> dict[str, object]:
        """One JSON line."""
        return {"path": self.path, "state": self.state}


@dataclass(slots=True)
class Tally:
    """What one walk over the home found; grows while it goes.

    ``stale``: the rows that were read are no longer those of the home, walk again with new ones.
    ``contents`` is fed with every file that does not only follow from the journal.
    """

    files: int = 0
    bytes: int = 0
    new_files: int = 0
    new_bytes: int = 0
    stale: bool = False
    problems: list[Problem] = field(default_factory=list)
    contents: Any = field(default_factory=sha256)  # hashlib gives its type no public name


class Collector:
    """Walks over a home for one backup; with ``copy`` False it only counts what it would copy."""

    def __init__(
        self, library: Library, backup: BackupFolder, progress: Progress, *, copy: bool = True
    ) -> None:
        self._library = library
        self._home = library.home
        self._backup = backup
        self._progress = progress
        self._copy = copy
        self._brief = False
        self._tally = Tally()
        self._portions = Portions()

    def collect(
        self, reader: Reader, sink: Sink, index: Generation | None = None, itself: str = ""
    ) -> Tally:
        """Bring every file that the rows of ``reader`` promise, those beside them and the index.

        ``sink`` gets the entries in a fixed order; ``itself`` is the name of this run, which is
        nobody else at work.

        Raises:
            CannotWriteError: the backup folder is full or cannot be written.
        """
        # What was copied stays counted when a walk has to be done again.
        before = self._tally
        self._tally = Tally(new_files=before.new_files, new_bytes=before.new_bytes)
        promises = promised(reader)
        lost = (self._home.document(document) for document in promises.unreadable)
        names = (path.relative_to(self._home.root).as_posix() for path in lost)
        self._tally.problems += [Problem(name, DAMAGED) for name in names]
        with self._portions:
            suspects = self._promised(promises, sink)
            self._index(index, sink)
            self._beside(files_beside(reader, self._home), sink)
            self._portions.flush()
            self._judge(suspects, itself)
        return self._tally

    def compare(self, reader: Reader) -> Tally:
        """Bring what is missing of the files that may differ though nothing was noted."""
        self._brief = True
        try:
            return self.collect(reader, lambda _: None)
        finally:
            self._brief = False

    def _promised(self, promises: Promises, sink: Sink) -> dict[Promise, str]:
        suspects = {}
        for number, (path, file) in enumerate(sorted(promises.files.items())):
            self._progress.step(_STAGE, number, len(promises.files), path)
            entry, state = self._bring(file)
            if entry is not None:
                self._put(entry, sink)
            if state is not None:
                suspects[file] = state
        return suspects

    def _index(self, index: Generation | None, sink: Sink) -> None:
        """Keep the whole generation, or nothing of it: it can be built again."""
        if index is None:
            return
        brought = [self._bring(file) for file in index_files(self._home, index)]
        if all(state is None for _, state in brought):
            for entry, _ in brought:
                if entry is not None:
                    self._put(entry, sink)
            self._beside([index_manifest(self._home, index)], sink)

    def _beside(self, paths: Iterable[str], sink: Sink) -> None:
        for path in paths:
            if self._brief and follows_from_journal(self._home, path):
                continue
            entry = self._read(path)
            if isinstance(entry, Entry):
                self._put(entry, sink)
            elif entry is not None:
                self._tally.problems.append(entry)

    def _put(self, entry: Entry, sink: Sink) -> None:
        self._tally.files += 1
        self._tally.bytes += entry.size
        if not follows_from_journal(self._home, entry.path):
            self._tally.contents.update(entry.line().encode())
        sink(entry)

    def _bring(self, file: Promise) -> tuple[Entry | None, str | None]:
        """Return the entry of a file that the backup holds now, and what is wrong at the source.

        A good copy in the backup stays, and stays in use, whatever became of its source.
        """
        source, kept = self._home.root / file.path, self._backup.file(file.sha256)
        real, held = _size(source), self._held(kept)
        if held is not None and held == (real if file.size is None else file.size):
            wrong = None if real == held else MISSING if real is None else DAMAGED
            return Entry(file.path, file.sha256, held), wrong
        state = self._fetch(source, kept, file.sha256)
        if state is None:
            size = self._held(kept) if self._copy else real
            return Entry(file.path, file.sha256, size or 0), None
        if held is not None and hash_or_none(kept) == file.sha256:
            return Entry(file.path, file.sha256, held), state
        return None, state

    def _held(self, kept: Path) -> int | None:
        """Size of a file of the backup, also of one that is only just written; None without."""
        size = self._portions.size(kept)
        return _size(kept) if size is None else size

    def _fetch(self, source: Path, target: Path, digest: str) -> str | None:
        """Copy into the backup; return what is wrong with the source, None where all is well."""
        size = _size(source)
        state = MISSING if size is None else None
        if state is None and self._copy:
            state = self._portions.copy(source, target, digest, READ_ONLY)
        if state is None:
            self._tally.new_files += 1
            self._tally.new_bytes += size or 0
        return state

    def _read(self, path: str) -> Entry | Problem | None:
        """Bring a file of which no row knows the hash; None where it has gone meanwhile."""
        source = self._home.root / path
        state: str | None = UNREADABLE
        for _ in range(_TRIES):  # it may be replaced between the two readings
            try:
                digest, size = sha256_of(source), source.stat().st_size
            except FileNotFoundError:
                return None
            except OSError:
                return Problem(path, UNREADABLE)
            entry = Entry(path, digest, size)
            kept = self._backup.file(digest)
            if self._held(kept) == size:
                return entry
            if (state := self._fetch(source, kept, digest)) is None:
                return entry
        return Problem(path, state or UNREADABLE)

    def _judge(self, suspects: dict[Promise, str], itself: str) -> None:
        """Find out which suspects are damaged, and which were only overtaken by a run."""
        until = time.monotonic() + _PATIENCE
        while suspects:
            # Asked before the rows: who placed these bytes has committed by then, or is dead.
            calm = not self._copy or not _others_work(self._library, itself)
            now = promised(self._library.store).files if self._copy else {}
            for file in tuple(suspects):
                overtaken = self._copy and _bytes_of(now.get(file.path)) != file.sha256
                if overtaken or self._bring(file)[1] is None:
                    self._tally.stale = True
                    del suspects[file]
            if calm or time.monotonic() >= until:
                break
            time.sleep(_PAUSE)
        self._tally.problems += [Problem(file.path, state) for file, state in suspects.items()]


def _bytes_of(promise: Promise | None) -> str | None:
    return promise.sha256 if promise is not None else None


def _others_work(library: Library, itself: str) -> bool:
    names = {path.stem for path in library.home.runs.glob("*.lock")} - {itself}
    return any(is_alive(library.home, name) for name in names)


def _size(path: Path) -> int | None:
    try:
        return path.stat().st_size
    except OSError:
        return None
