"""Back a library home up into a folder on another disk, incrementally, also while runs are at work.

The catalogue is copied first, then the files that the copy promises, then the manifest that makes
the snapshot complete. Killed at any moment, the next backup goes on from the files that are there.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TextIO

from olketanu.errors import CannotWriteError, InputError, LockedError, UsageError
from olketanu.home import Home
from olketanu.progress import Progress
from store import audit, changes
from store.clock import utc_now
from store.database import Reader, Store
from store.disk.files import copy_durably, make_folder, sweep_temporary, writing
from store.disk.owners import RunOwner, sweep_dead
from store.disk.space import is_same_disk
from store.reading import open_to_look
from workflow.backup import prune
from workflow.backup.collect import Collector, Problem, Tally
from workflow.backup.contents import has_news, index_in_force
from workflow.backup.portions import DAMAGED
from workflow.backup.snapshots import (
    CATALOGUE,
    LISTING,
    READ_ONLY,
    BackupFolder,
    Entry,
    Manifest,
    Snapshot,
    finish,
    is_empty,
    list_snapshots,
    make_backup,
    next_name,
    open_backup,
    reading_in,
    sweep_incomplete,
    writing_in,
)
from workflow.library import Library
from workflow.sidecars import write_sidecars

_COPIES = 10
"""Copies of the catalogue one backup makes at most; every further walk is shorter."""


@dataclass(frozen=True, slots=True)
class BackupReport:
    """What a backup did, or with ``--dry-run`` would do.

    ``snapshot`` is the new one, or the newest where nothing is new; ``files`` and ``bytes`` count
    the home, ``new_files`` and ``new_bytes`` what was copied. ``branched``: the newest snapshot
    knows events that this catalogue does not. ``removed`` names the snapshots that went, and
    ``removed_files`` counts the files.
    """

    folder: str
    snapshot: str
    state: str
    files: int
    bytes: int
    new_files: int
    new_bytes: int
    problems: tuple[Problem, ...]
    removed: tuple[str, ...]
    removed_files: int
    same_disk: bool
    branched: bool

    def as_json(self) -> dict[str, object]:
        """The last JSON line; every problem has one of its own before."""
        return {
            "folder": self.folder,
            "snapshot": self.snapshot,
            "state": self.state,
            "files": self.files,
            "bytes": self.bytes,
            "new_files": self.new_files,
            "new_bytes": self.new_bytes,
            "problems": len(self.problems),
            "removed": list(self.removed),
            "removed_files": self.removed_files,
            "same_disk": self.same_disk,
            "branched": self.branched,
        }


@dataclass(frozen=True, slots=True)
class BackupOrder:
    """Where and how.

    ``keep`` newest snapshots (None: all); ``anew`` lets an empty folder be begun though earlier
    backups went there.
    """

    folder: Path
    keep: int | None = None
    anew: bool = False


def back_up(library: Library, order: BackupOrder, progress: Progress) -> BackupReport:
    """Bring the backup folder up to the present state of the home; without news write nothing.

    Raises:
        UsageError: the folder lies in the home or around it, is of another library, or is no
            backup. CannotWriteError: disk full, not writable, ``error.backup-gone``.
        LockedError: another backup, or a home that changes faster than it can be copied.
        InputError: the catalogue is damaged; files are not looked at then.
    """
    refuse_bad_place(library.home, order.folder)
    _refuse_gone(library, order)
    backup = make_backup(order.folder)
    with writing_in(backup):
        _sweep(library.home, backup)
        newest = _newest(backup)
        _refuse_other(library, backup, newest)
        return _Backup(library, backup, newest, progress).run(order.keep)


def would_back_up(library: Library, order: BackupOrder, progress: Progress) -> BackupReport:
    """Say what :func:`back_up` would do, by names and sizes; nothing is written."""
    refuse_bad_place(library.home, order.folder)
    _refuse_gone(library, order)
    with _looking_at(order.folder) as backup:
        newest = _newest(backup)
        _refuse_other(library, backup, newest)
        return _Backup(library, backup, newest, progress, copy=False).foresee(order.keep)


def refuse_bad_place(home: Home, folder: Path) -> None:
    """Raise UsageError when a backup folder and a home lie in each other."""
    root = folder.resolve()
    if root.is_relative_to(home.root) or home.root.is_relative_to(root):
        raise UsageError("error.backup-inside", folder=str(folder), home=str(home.root))


class _Backup:
    """One backup in progress, under the lock of its folder."""

    def __init__(
        self,
        library: Library,
        backup: BackupFolder,
        newest: Snapshot | None,
        progress: Progress,
        *,
        copy: bool = True,
    ) -> None:
        self._library = library
        self._backup = backup
        self._newest = newest
        self._known = newest.manifest if newest is not None else None
        self._collector = Collector(library, backup, progress, copy=copy)
        self._branched = self._known is not None and not audit.holds_head(
            library.store, self._known.seq, self._known.chain
        )

    def run(self, keep: int | None) -> BackupReport:
        """Write a snapshot where something is new; thin out the older ones."""
        if (tally := self._without_news()) is not None:
            return self._nothing_new(tally, keep)
        write_sidecars(self._library.store)  # then they say what the catalogue says
        sweep_dead(self._library.home)
        with RunOwner(self._library.home) as owner:
            name, tally = self._snapshot(owner)
        self._announce(name)
        return self._report(name, "done", tally, self._thin_out(tally, keep))

    def foresee(self, keep: int | None) -> BackupReport:
        """Walk over the home without copying."""
        tally = self._without_news()
        if tally is not None and self._newest is not None:
            name, state, extra = self._newest.name, "nothing-new", 0
        else:
            index = index_in_force(self._library.home)
            tally = self._collector.collect(self._library.store, _drop, index)
            name, state, extra = next_name(self._backup, utc_now()), "would", 1
        doomed = [] if keep is None else prune.superfluous(self._backup, keep - extra)
        return self._report(name, state, tally, (tuple(old.name for old in doomed), 0))

    def _without_news(self) -> Tally | None:
        """Return what a look at the home gives where nothing is new since the newest snapshot."""
        if self._newest is None or self._known is None or self._branched:
            return None
        store = self._library.store
        if has_news(store, self._known.seq) or not _all_there(self._backup, self._newest):
            return None
        tally = self._collector.compare(store)
        same = tally.contents.hexdigest() == self._known.contents
        return tally if same and not tally.stale else None

    def _nothing_new(self, tally: Tally, keep: int | None) -> BackupReport:
        name = self._newest.name if self._newest is not None else ""
        events = changes.events_of(self._library.store, name)
        if not any(event.kind == "backup.done" for event in events):
            self._announce(name)  # the backup was killed before it could say so
        return self._report(name, "nothing-new", tally, self._thin_out(tally, keep))

    def _snapshot(self, owner: RunOwner) -> tuple[str, Tally]:
        """Write one snapshot; the folder without a manifest tells of a killed one."""
        name = next_name(self._backup, utc_now())
        folder = self._backup.snapshots / name
        with writing(folder):
            make_folder(folder)
        for number in range(_COPIES):
            stage = Home(owner.scratch / f"copy-{number}")
            with writing(stage.root):
                stage.root.mkdir()
            # Before the copy: then it can hold nothing that the copy does not know.
            index = index_in_force(self._library.home)
            self._library.store.copy_to(stage.database)
            with open_to_look(stage) as copy:
                damaged = _look_through(copy, self._library.home)
                listing = stage.root / LISTING
                with _new_list(listing) as lines:
                    tally = self._collector.collect(
                        copy, lambda entry: _write(lines, entry), index, owner.name
                    )
                if not tally.stale:
                    tally.problems += damaged
                    finish(folder, _manifest(copy, stage, folder, tally))
                    return name, tally
            stage.database.unlink()
        raise LockedError("error.backup-busy", folder=str(self._backup.root))

    def _announce(self, name: str) -> None:
        manifest = next(s.manifest for s in list_snapshots(self._backup) if s.name == name)
        if manifest is None:
            raise CannotWriteError("error.disk-failing", path=str(self._backup.root))
        facts = {
            "folder": str(self._backup.root),
            "files": manifest.files,
            "bytes": manifest.size,
            "seq": manifest.seq,
            "chain": manifest.chain,
        }
        with self._library.store.transaction() as tx:
            tx.note("backup.done", name, facts)
        write_sidecars(self._library.store)

    def _thin_out(self, tally: Tally, keep: int | None) -> tuple[tuple[str, ...], int]:
        """Remove what is beyond the newest ``keep``, but nothing while anything is wrong."""
        if keep is None or tally.problems or self._branched:
            return (), 0
        return prune.thin_out(self._backup, keep)

    def _report(
        self, name: str, state: str, tally: Tally, removed: tuple[tuple[str, ...], int]
    ) -> BackupReport:
        root = self._backup.root
        there = next(p for p in (root, *root.parents) if p.exists())
        return BackupReport(
            *(str(root), name, state),
            *(tally.files, tally.bytes, tally.new_files, tally.new_bytes),
            *(tuple(tally.problems), *removed),
            is_same_disk(there, self._library.home.root),
            self._branched,
        )


def _sweep(home: Home, backup: BackupFolder) -> None:
    """Remove what a killed backup left half done; the whole files that it copied are used."""
    left = sweep_incomplete(backup)
    # Only after a kill there is anything to find, and the tree may be large.
    sweep_temporary(backup.root if left else backup.snapshots)
    sweep_temporary(home.sidecars)


def _newest(backup: BackupFolder) -> Snapshot | None:
    """Return the newest snapshot if it is whole; a damaged one is no base, a new one is made."""
    snapshots = list_snapshots(backup)
    return snapshots[-1] if snapshots and snapshots[-1].damage() is None else None


def _all_there(backup: BackupFolder, snapshot: Snapshot) -> bool:
    return all(backup.holds(entry.sha256, entry.size) for entry in snapshot.entries())


def _refuse_other(library: Library, backup: BackupFolder, newest: Snapshot | None) -> None:
    known = newest.manifest.origin if newest is not None and newest.manifest is not None else None
    if known and known != audit.origin(library.store):
        raise UsageError("error.backup-other-library", folder=str(backup.root))


def _refuse_gone(library: Library, order: BackupOrder) -> None:
    """An empty mount point where backups went before means that the disk is not plugged in."""
    root = order.folder.resolve()
    before = changes.events_since(library.store, 0, {"backup.done"})
    went_there = any(event.data.get("folder") == str(root) for event in before)
    if went_there and not order.anew and not BackupFolder(root).mark.exists() and is_empty(root):
        raise CannotWriteError("error.backup-gone", folder=str(root))


@contextmanager
def _looking_at(folder: Path) -> Iterator[BackupFolder]:
    """Give the backup to look at, also where there is none yet."""
    backup = BackupFolder(folder.resolve())
    if not backup.mark.exists():
        if not is_empty(backup.root):
            raise UsageError("error.backup-not-empty", folder=str(folder))
        yield backup
        return
    with reading_in(open_backup(folder)):
        yield backup


def _look_through(copy: Store, home: Home) -> Sequence[Problem]:
    """Return the records of the copy that are not what their hash says.

    Raises:
        InputError: ``error.store-damaged``: no snapshot is made of a broken catalogue.
    """
    if copy.check():
        raise InputError("error.store-damaged", path=str(home.database))
    return [Problem(f"record/{bad.record}/{bad.n}", DAMAGED) for bad in audit.bad_versions(copy)]


def _manifest(copy: Reader, stage: Home, folder: Path, tally: Tally) -> Manifest:
    """Place the two files of a snapshot and return what will be said of them."""
    seq, chain = changes.head(copy)
    return Manifest(
        time=utc_now(),
        program=_program(),
        seq=seq,
        chain=chain,
        origin=audit.origin(copy) or "",
        contents=tally.contents.hexdigest(),
        catalogue=copy_durably(stage.database, folder / CATALOGUE, mode=READ_ONLY),
        catalogue_size=stage.database.stat().st_size,
        listing=copy_durably(stage.root / LISTING, folder / LISTING, mode=READ_ONLY),
        files=tally.files,
        size=tally.bytes,
    )


def _program() -> str:
    try:
        return version("olketanu")
    except PackageNotFoundError:
        return "checkout"


@contextmanager
def _new_list(path: Path) -> Iterator[TextIO]:
    """Open a new list of the scratch folder; what the disk refuses is told as CannotWriteError."""
    with writing(path):
        lines = path.open("w", encoding="ascii")
    try:
        yield lines
    finally:
        with writing(path):  # the last lines are written here
            lines.close()


def _write(lines: TextIO, entry: Entry) -> None:
    with writing(Path(lines.name)):
        lines.write(entry.line())


def _drop(_: Entry) -> None:
    """Entries of a walk that makes no snapshot."""
