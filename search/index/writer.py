"""Writes the index: changes or everything, into a new generation that then comes into force.

It does not read the store: callers hand in entries and the sequence number up to which they go.
"""

from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from olketanu.home import Home
from search.engine.base import DEFAULT_ENGINE, SearchEngine, open_engine
from search.index.generations import (
    PARTS,
    Generation,
    IndexStaleError,
    IndexState,
    begin,
    damaged,
    describe,
    inspect_index,
    publish,
    sweep,
    writing_lock,
)
from search.schema import Entry, analyse
from store.disk.files import writing


@dataclass(frozen=True, slots=True)
class IndexStatus:
    """What ``index status`` shows.

    ``high_water`` is the last sequence number of the store that the index holds (0: none), ``open``
    and ``restricted`` count entries, ``size`` is bytes on disk.
    """

    state: IndexState
    generation: int
    high_water: int
    open: int
    restricted: int
    size: int


class IndexWriter:
    """The writer of one home's index; each call takes the lock, works and lets go."""

    def __init__(self, home: Home) -> None:
        self._root = home.index

    def apply(self, entries: Iterable[Entry], deletions: Iterable[str], high_water: int) -> None:
        """Replace ``entries`` and take out the keys ``deletions``; then stand at ``high_water``.

        An entry whose ``public`` changed moves between the two indexes. Where no index exists one
        is made of ``entries`` alone, so begin at ``status().high_water``. Entries are read one by
        one. Nothing is written when there is nothing to do.

        Raises:
            IndexStaleError: rebuild first. LockedError: another writer. CannotWriteError.
        """
        with writing_lock(self._root), writing(self._root):
            standing = inspect_index(self._root)
            if standing.state is IndexState.STALE:
                raise IndexStaleError
            self._write(standing.generation, entries, deletions, high_water)

    def rebuild(self, entries: Iterable[Entry], high_water: int) -> None:
        """Build a new index of ``entries`` beside the one in force, whatever its state, and switch.

        Raises:
            LockedError: another writer. CannotWriteError: disk full, not writable.
        """
        with writing_lock(self._root), writing(self._root):
            self._write(None, entries, (), high_water)

    def status(self) -> IndexStatus:
        """Return the state of the index; reads the manifest only."""
        standing = inspect_index(self._root)
        if standing.generation is None:
            return IndexStatus(standing.state, standing.number, 0, 0, 0, 0)
        manifest = standing.generation.manifest
        return IndexStatus(
            standing.state,
            standing.number,
            manifest.high_water,
            manifest.entries["open"],
            manifest.entries["restricted"],
            sum(size for _, size in manifest.files.values()),
        )

    def verify(self) -> list[str]:
        """Return the files of the index in force whose bytes have changed; [] where all is well."""
        generation = inspect_index(self._root).generation
        return [] if generation is None else damaged(generation)

    def _write(
        self,
        base: Generation | None,
        entries: Iterable[Entry],
        deletions: Iterable[str],
        high_water: int,
    ) -> None:
        folder = begin(self._root, base)
        try:
            with _opened(folder) as engines:
                changes = _fill(engines, entries, deletions)
                changes += base is None or base.manifest.high_water != high_water
                counts = _commit(engines) if changes else {}
            if changes:
                _remove_locks(folder)
                publish(self._root, folder, describe(folder, base, high_water, counts))
        finally:
            sweep(self._root)  # after a failure too: on a full disk every byte counts


@contextmanager
def _opened(folder: Path) -> Iterator[dict[str, SearchEngine]]:
    """Open the engines of a generation; all are closed, whatever the closing of one raises."""
    with ExitStack() as closing:
        engines = {}
        for part in PARTS:
            engines[part] = open_engine(DEFAULT_ENGINE, folder / part)
            closing.callback(engines[part].close)
        yield engines


def _fill(
    engines: dict[str, SearchEngine], entries: Iterable[Entry], deletions: Iterable[str]
) -> int:
    """Hand the changes to the two engines; return how many there were."""
    changes = 0
    for key in deletions:
        for engine in engines.values():
            engine.delete(key)
        changes += 1
    for entry in entries:
        home, other = PARTS if entry.public else reversed(PARTS)
        engines[other].delete(entry.key)
        engines[home].replace(analyse(entry))
        changes += 1
    return changes


def _commit(engines: dict[str, SearchEngine]) -> dict[str, int]:
    counts = {}
    for part, engine in engines.items():
        engine.commit()
        counts[part] = engine.count()
    return counts


def _remove_locks(folder: Path) -> None:
    """Take the engine's own lock files out: a generation is complete and read-only."""
    for path in folder.rglob("*LOCK"):
        path.unlink()
