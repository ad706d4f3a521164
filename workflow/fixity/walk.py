"""From the disk to the catalogue: what lies under the home, and what is known of it."""

import os
import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from olketanu.home import Home
from store.database import Store
from store.disk import fixity
from store.disk.files import is_temporary
from store.disk.fixity import Promise, Promises
from store.disk.owners import is_alive
from workflow.fixity.hashing import Hashed, hash_file
from workflow.fixity.problem import LEFTOVER, Problem, readable

_SLACK = 2.0  # seconds; the file system's clock ticks more coarsely than ours
_MASTER = re.compile(r"masters/([0-9a-f]{2})/([0-9a-f]{2})/(\1\2[0-9a-f]{60})")


@dataclass(slots=True)
class Seen:
    """What one walk saw: ``wrong_size`` and ``unknown`` are paths, ``present`` promised files."""

    present: set[str] = field(default_factory=set)
    wrong_size: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    closed: list[Problem] = field(default_factory=list)


def living_run(home: Home) -> bool:
    """Return whether any run is at work in the home."""
    return any(is_alive(home, lock.stem) for lock in home.runs.glob("*.lock"))


def walk(home: Home, promises: dict[str, Promise]) -> Seen:
    """Look at every file under masters, objects and sidecars; contents are not read."""
    seen = Seen()
    for path, entry in _entries(home, seen):
        promise = promises.get(path)
        if promise is None:
            if not is_temporary(Path(entry.path)):
                seen.unknown.append(path)
            continue
        seen.present.add(promise.path)
        if promise.size is not None and _size(entry) != promise.size:
            seen.wrong_size.append(promise.path)
    return seen


def judge_unknown(
    store: Store, paths: list[str], sidecars: frozenset[str], began: float, *, alive: bool
) -> Iterator[Problem]:
    """Yield what no row knows: ``unexpected``, or ``leftover`` of a run that was ended.

    ``alive`` says that a run was at work when the verify began, ``began`` when that was (seconds
    since 1970). The rows are read anew: whoever was just making a file has told of it meanwhile.
    """
    if not paths:
        return
    alive = alive or living_run(store.home)
    at_work = fixity.open_documents(store)  # before the promises: else a commit between hides
    judge = _Judge(store, fixity.promised(store), at_work, began, alive)
    for path in sorted(paths):
        if path not in sidecars and (problem := judge.problem(path)) is not None:
            yield problem


@dataclass(frozen=True, slots=True)
class _Judge:
    store: Store
    promises: Promises
    at_work: frozenset[str]
    began: float
    alive: bool

    def problem(self, path: str) -> Problem | None:
        """Return what is wrong with a file that no row knew, or None."""
        if path in self.promises.files or self._in_the_making(path):
            return None
        root = self.store.home.root
        if match := _MASTER.fullmatch(path):
            return self._master(path, match[3], hash_file(root, path))
        document = _document_of(path)
        if document in self.promises.documents:
            side = self.store.home.sidecar(document)
            if root / path == side or path in fixity.known_recognitions(self.store, document):
                return None
            if document in self.at_work:
                return None if self.alive else Problem(readable(path), LEFTOVER)
        return Problem(readable(path), fixity.UNEXPECTED)

    def _master(self, path: str, name: str, hashed: Hashed) -> Problem | None:
        """A killed intake placed a master and had no time for its row; the next one uses it."""
        if hashed.missing:
            return None
        if hashed.sha256 == name:
            return None if self.alive else Problem(path, LEFTOVER, name, name)
        return Problem(path, fixity.UNEXPECTED, name, hashed.found)

    def _in_the_making(self, path: str) -> bool:
        """Whether a run at work may have just put it there; a file that is gone is no matter."""
        try:
            # The time of the rename, not of the bytes: they were written in the run's own folder.
            placed = (self.store.home.root / path).lstat().st_ctime
        except OSError:
            return True
        return self.alive and placed >= self.began - _SLACK


def _document_of(path: str) -> str:
    parts = path.split("/")
    return parts[1] if parts[0] == "objects" and len(parts) > 2 else ""


def _entries(home: Home, seen: Seen) -> Iterator[tuple[str, os.DirEntry[str]]]:
    """Every file below the three folders; links are named, never followed into a folder."""
    waiting = [home.masters, home.objects, home.sidecars]
    root = len(f"{home.root}/")
    while waiting:
        folder = waiting.pop()
        try:
            entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
        except FileNotFoundError:
            continue  # an empty home, or a folder that has just been taken away
        except OSError as error:
            reason = os.strerror(error.errno or 0)
            name = readable(folder.relative_to(home.root).as_posix())
            seen.closed.append(Problem(name, fixity.DAMAGED, found=f"unreadable: {reason}"))
            continue
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                waiting.append(Path(entry.path))
            else:
                yield entry.path[root:], entry


def _size(entry: os.DirEntry[str]) -> int:
    """Size in bytes; -1 for what is no file, so that it is looked at more closely."""
    try:
        found = entry.stat()
    except OSError:
        return -1
    return found.st_size if stat.S_ISREG(found.st_mode) else -1
