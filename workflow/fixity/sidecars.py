"""Sidecars against the rows: each says of itself whether it is whole, both together what differs.

A sidecar that is whole and yet says something else than the rows means that rows were changed
without an event: by hand, or by bytes gone bad inside the catalogue.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from olketanu.errors import UsageError
from olketanu.home import Home
from store import changes
from store.audit import BAD_ROWS
from store.database import Store
from store.disk.fixity import DAMAGED, MISSING, SIDECAR, Promise
from store.sidecars import files
from store.sidecars.batch import batch_name
from store.sidecars.form import DamagedError, read_line, read_page
from store.sidecars.journal import CURSOR
from store.sidecars.touched import Touched, touch
from workflow.fixity.hashing import hash_file
from workflow.fixity.problem import (
    CATALOGUE_DAMAGED,
    ROWS_DIFFER,
    UNREADABLE,
    Problem,
)

_PORTION = 2000


@dataclass(frozen=True, slots=True)
class SidecarsFound:
    """``known`` are the paths of all sidecars that the rows imply, below the home."""

    known: frozenset[str]
    problems: tuple[Problem, ...]


def noted_head(home: Home) -> tuple[int, str] | None:
    """Return number and chain value of the last event as the sidecars noted it, or None."""
    try:
        content = read_page(home.journal_head.read_bytes())
        return int(content["seq"]), str(content["chain"])
    except (OSError, DamagedError, LookupError, ValueError):
        return None


def check_sidecars(store: Store) -> SidecarsFound:
    """Compare every sidecar with the rows; what the followers have yet to write is left out."""
    home = store.home
    cursor = changes.get_cursor(store, CURSOR)
    known: set[str] = set()
    problems: list[Problem] = []
    try:
        for path, make in files.all_sidecars(store):
            name = path.relative_to(home.root).as_posix()
            found = list(_compare(home, name, path, make))
            if found or path.is_file():  # without loose findings there is no file for them
                known.add(name)
            problems += found
    except (UsageError, *BAD_ROWS) as error:
        problems.append(Problem("sidecars", CATALOGUE_DAMAGED, found=type(error).__name__))
    # Read last: whatever was changed or written while the files were compared is among them.
    behind = _behind(store, cursor) if any(map(_may_wait, problems)) else frozenset()
    left = tuple(p for p in problems if p.path not in behind or not _may_wait(p))
    return SidecarsFound(frozenset(known), left)


def _may_wait(problem: Problem) -> bool:
    """Whether it is no damage in a sidecar that has yet to be written."""
    return problem.state == MISSING or (problem.state == ROWS_DIFFER and not problem.unreadable)


def _compare(home: Home, name: str, path: Path, make: files.Maker) -> Iterator[Problem]:
    try:
        data = make()
    except (UsageError, *BAD_ROWS) as error:
        yield Problem(name, ROWS_DIFFER, found=f"{UNREADABLE}{type(error).__name__}")
        return
    if data is None:
        return
    expected = hashlib.sha256(data).hexdigest()
    hashed = hash_file(home.root, name)
    if hashed.sha256 == expected:
        return
    promise = Promise(name, expected, SIDECAR)
    if hashed.missing:
        yield Problem(name, MISSING, expected, None, promise)
    elif not _is_whole(path):
        yield Problem(name, DAMAGED, expected, hashed.found, promise)
    elif path != home.journal_head:  # it holds cursors, which move without an event
        yield Problem(name, ROWS_DIFFER, expected, hashed.found)


def _is_whole(path: Path) -> bool:
    """Whether a sidecar is what was once written: by the digests that it carries."""
    try:
        data = path.read_bytes()
        if path.suffix == ".jsonl":
            for line in data.splitlines(keepends=True):
                read_line(line)
            return data.endswith(b"\n")
        read_page(data)
    except (OSError, DamagedError):
        return False
    return True


def _behind(store: Store, cursor: int) -> frozenset[str]:
    """Paths of the sidecars that events behind ``cursor`` change: they may be on their way."""
    home, touched, seen = store.home, Touched(), cursor
    while events := changes.events_since(store, seen, limit=_PORTION):
        touch(store, touched, events)
        seen = events[-1].seq
    paths = {home.sidecar(document) for document in touched.documents}
    paths |= {home.record_sidecar(bucket) for bucket in touched.buckets}
    paths |= {home.batch_sidecar(batch_name(batch)) for batch in touched.batches}
    paths |= {home.import_sidecar(identifier) for identifier in touched.imports}
    paths |= {home.journal_segment(number) for number in touched.segments}
    paths |= {home.loose_findings} if touched.loose else set()
    paths |= {home.staff_sidecar} if touched.staff else set()
    paths |= {home.journal_head} if seen > cursor or not cursor else set()
    return frozenset(path.relative_to(home.root).as_posix() for path in paths)
