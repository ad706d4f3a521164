"""The catalogue and what follows it: structure, records, journal, noted heads, search index."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from olketanu.errors import OlketanuError
from olketanu.home import Home
from search.index.generations import IndexState, damaged, inspect_index
from store import audit, changes
from store.database import Store
from store.disk.files import is_locked
from workflow.backup.snapshots import list_snapshots, open_backup
from workflow.fixity.problem import (
    CATALOGUE_DAMAGED,
    CHAIN_BROKEN,
    INDEX_DAMAGED,
    JOURNAL_CUT,
    RECORD_DAMAGED,
    Problem,
)
from workflow.fixity.sidecars import noted_head

_LINES = 5
_ROUNDS = 3


@dataclass(frozen=True, slots=True)
class RowsFound:
    """``versions`` and ``events`` that were read, and the problems."""

    versions: int
    events: int
    problems: tuple[Problem, ...]


def check_structure(store: Store) -> list[Problem]:
    """Return what SQLite finds wrong with the catalogue's file."""
    lines = store.check()
    if not lines:
        return []
    more = f" (+{len(lines) - _LINES})" if len(lines) > _LINES else ""
    found = "; ".join(lines[:_LINES]) + more
    return [Problem(store.home.database.name, CATALOGUE_DAMAGED, found=found)]


def check_rows(store: Store, backup: Path | None) -> RowsFound:
    """Check every version of every record, the chain of the journal, and the heads noted of it."""
    problems = [
        Problem(f"record/{bad.record}/{bad.n}", RECORD_DAMAGED, bad.expected, bad.found)
        for bad in audit.bad_versions(store)
    ]
    events = changes.last_seq(store)
    if (broken := audit.broken_event(store)) is not None:
        problems.append(Problem(f"event/{broken}", CHAIN_BROKEN))
    problems += _cuts(store, backup)
    return RowsFound(audit.count_versions(store), events, tuple(problems))


def check_index(home: Home) -> list[Problem]:
    """Return the files of the search index whose bytes have changed.

    An index that was never made is none to be damaged. While others write it, the generation
    looked at may be taken away: then the one in force is looked at.
    """
    for _ in range(_ROUNDS):
        standing = inspect_index(home.index)
        problems = list(_index_problems(home, standing.state))
        if standing.generation is not None:
            folder = standing.generation.folder.relative_to(home.root).as_posix()
            names = damaged(standing.generation)
            problems += [Problem(f"{folder}/{name}", INDEX_DAMAGED) for name in names]
        if not problems or inspect_index(home.index).number == standing.number:
            break
    return problems


def _index_problems(home: Home, state: IndexState) -> Iterator[Problem]:
    # A generation without its manifest is the first one, which is just being made.
    made = state is IndexState.MISSING and any(home.index.glob("gen-*/manifest.json"))
    lost = made and not is_locked(home.index / "lock")
    if state is IndexState.STALE or lost:
        yield Problem(home.index.name, INDEX_DAMAGED, found=str(state))


def _cuts(store: Store, backup: Path | None) -> Iterator[Problem]:
    """Heads of the journal that were noted once and that it does not hold any more."""
    heads = [*_told_backups(store), *_snapshots(store, backup)]
    noted = noted_head(store.home)
    for seq, chain in sorted({*heads, noted} if noted else set(heads)):
        if not audit.holds_head(store, seq, chain):
            yield Problem(f"event/{seq}", JOURNAL_CUT, expected=chain)
            return  # all later ones follow from it


def _told_backups(store: Store) -> Iterator[tuple[int, str]]:
    """The head of the newest backup, as the journal tells it."""
    told = audit.last_event(store, "backup.done")
    if told is not None and isinstance(seq := told[1].get("seq"), int):
        yield seq, str(told[1].get("chain"))


def _snapshots(store: Store, backup: Path | None) -> Iterator[tuple[int, str]]:
    """The head of the newest snapshot in the backup folder, if it is one of this library."""
    if backup is None:
        return
    try:
        snapshots = list_snapshots(open_backup(backup))
    except (OlketanuError, OSError):
        return  # a disk that is not plugged in is no damage of the home
    manifests = [snapshot.manifest for snapshot in snapshots if snapshot.manifest is not None]
    if manifests and manifests[-1].origin == audit.origin(store):
        yield manifests[-1].seq, manifests[-1].chain
