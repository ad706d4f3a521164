"""Writes the index: changes or everything, into a new generation that then comes into force.

It does not read the store: callers hand in entries and the sequence number up to which they go.
"""

from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from olketanu.errors import MissingToolError, OlketanuError
from olketanu.home import Home
from search.engine.base import DEFAULT_ENGINE, SearchEngine, open_engine
from search.index.generations import (
    Fault,
    Generation,
    IndexStaleError,
    IndexState,
    begin,
    examine_index,
    publish,
    refuse_damaged,
    sweep,
    writing_lock,
)
from search.index.integrity import Note, Notes, forget_notes, keep_notes, note_of, read_notes
from search.index.manifest import LOCKS, PARTS, Mark, files_of, is_installed, new_manifest
from search.schema import Entry, analyse
from store.disk.files import writing


@dataclass(frozen=True, slots=True)
class IndexStatus:
    """What ``index status`` shows.

    ``fault`` says why it is stale, ``engine`` what wrote it. ``high_water`` is the last sequence
    number of the store that the index holds (0: none), ``day`` that of its rights, ``open`` and
    ``restricted`` count entries, ``size`` is bytes on disk.
    """

    state: IndexState
    fault: Fault = Fault.NONE
    generation: int = 0
    engine: str = ""
    high_water: int = 0
    day: str = ""
    open: int = 0
    restricted: int = 0
    size: int = 0


class IndexWriter:
    """The writer of one home's index; each call takes the lock, works and lets go.

    ``engine`` is that of new indexes; an index keeps the one that it was built with.
    """

    def __init__(self, home: Home, engine: str = DEFAULT_ENGINE) -> None:
        self._root = home.index
        self._engine = engine

    def apply(
        self, entries: Iterable[Entry], deletions: Iterable[str], high_water: int, day: str = ""
    ) -> None:
        """Replace ``entries``, then take out the keys ``deletions``; then stand at ``high_water``.

        ``day`` (ISO 8601) is that on which the entries were ``public`` or not. An entry whose
        ``public`` changed moves between the two indexes. Where no index exists one
        is made of ``entries`` alone, so begin at ``status().high_water``. Both are read one by
        one, ``deletions`` when ``entries`` are through. Nothing is written when there is nothing
        to do.

        Raises:
            IndexStaleError: rebuild first. LockedError: another writer. CannotWriteError.
            MissingToolError: the engine is not installed.
        """
        with writing_lock(self._root), writing(self._root):
            standing = examine_index(self._root)
            if standing.state is IndexState.STALE:
                raise IndexStaleError
            self._write(standing.generation, entries, deletions, Mark(high_water, day))

    def rebuild(self, entries: Iterable[Entry], high_water: int, day: str = "") -> None:
        """Build a new index of ``entries`` beside the one in force, whatever its state, and switch.

        Raises:
            LockedError: another writer. CannotWriteError: disk full, not writable.
            MissingToolError: the engine is not installed.
        """
        with writing_lock(self._root), writing(self._root):
            self._write(None, entries, (), Mark(high_water, day))

    def status(self) -> IndexStatus:
        """Return the state of the index, as ``examine_index`` finds it; nothing is written."""
        standing = examine_index(self._root, noting=False)
        if standing.generation is None:
            return IndexStatus(standing.state, standing.fault, standing.number)
        manifest = standing.generation.manifest
        return IndexStatus(
            standing.state,
            standing.fault,
            standing.number,
            manifest.engine,
            manifest.high_water,
            manifest.day,
            manifest.entries["open"],
            manifest.entries["restricted"],
            manifest.size,
        )

    def _write(
        self,
        base: Generation | None,
        entries: Iterable[Entry],
        deletions: Iterable[str],
        mark: Mark,
    ) -> None:
        engine = self._engine if base is None else base.manifest.engine
        if not is_installed(engine):
            raise MissingToolError("error.engine-missing", engine=engine)
        folder = begin(self._root, base)
        try:
            with _opened(engine, folder) as engines:
                changes = _fill(engines, entries, deletions)
                changes += base is None or base.manifest.high_water != mark.high_water
                counts = _commit(engines) if changes else {}
            if changes:
                _remove_locks(folder)
                notes = _notes(folder, base, read_notes(self._root))
                files = {name: (note.sha256, note.size) for name, (_, note) in notes.items()}
                keep_notes(self._root, Notes(notes.values()))
                publish(self._root, folder, new_manifest(engine, mark, counts, files))
        except IndexStaleError:
            forget_notes(self._root)  # they said that all was well
            raise
        except (OlketanuError, OSError):
            raise
        except Exception:
            if base is not None:
                refuse_damaged(base)
            raise
        finally:
            sweep(self._root)  # after a failure too: on a full disk every byte counts


@contextmanager
def _opened(engine: str, folder: Path) -> Iterator[dict[str, SearchEngine]]:
    """Open the engines of a generation; all are closed, whatever the closing of one raises."""
    with ExitStack() as closing:
        engines = {}
        for part in PARTS:
            engines[part] = open_engine(engine, folder / part)
            closing.callback(engines[part].close)
        yield engines


def _fill(
    engines: dict[str, SearchEngine], entries: Iterable[Entry], deletions: Iterable[str]
) -> int:
    """Hand the changes to the two engines; return how many there were."""
    changes = 0
    for entry in entries:
        home, other = PARTS if entry.public else reversed(PARTS)
        engines[other].delete(entry.key)
        engines[home].replace(analyse(entry))
        changes += 1
    for key in deletions:
        for engine in engines.values():
            engine.delete(key)
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
    for pattern in LOCKS:
        for path in folder.rglob(pattern):
            path.unlink()


def _notes(folder: Path, base: Generation | None, known: Notes) -> dict[str, tuple[int, Note]]:
    """Return inode and note of every file of the finished ``folder``, by path; only new are read.

    Files of ``base`` that the engine replaced or merged into new ones are read once more: what had
    changed in them since they were noted is now in the new ones too, under a right hash.

    Raises:
        IndexStaleError: a file of ``base`` is not what it was.
    """
    before = dict(base.manifest.files) if base is not None else {}
    notes = {}
    for path in files_of(folder):
        name = path.relative_to(folder).as_posix()
        linked = base is not None and name in before and path.samefile(base.folder / name)
        notes[name] = _note(path, before.pop(name)[0] if linked else None, known)
    for name, (sha256, _) in before.items():
        if base is not None and note_of(base.folder / name).sha256 != sha256:
            raise IndexStaleError
    return notes


def _note(path: Path, sha256: str | None, known: Notes) -> tuple[int, Note]:
    """Return inode and note of a file; ``sha256`` is what it had where it was linked.

    Raises:
        IndexStaleError: it was written in place, and the older generation has changed with it.
    """
    stat = path.stat()
    note = known.get(stat.st_ino)
    noted = note is not None and note[:3] == (sha256, stat.st_size, stat.st_mtime_ns)
    if note is None or not noted:
        note = note_of(path)
    if sha256 is not None and note.sha256 != sha256:
        raise IndexStaleError
    return stat.st_ino, note
