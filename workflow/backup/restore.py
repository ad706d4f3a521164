"""Restore a library home from a snapshot of a backup folder into a new or empty folder.

Files are copied (never linked, so that home and backup stay apart) and checked while they are
copied; the catalogue comes after them, and the settings last, since they make the folder a home. A
mark in the folder names the snapshot while it is unfinished: killed, the same call goes on.
"""

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from olketanu.errors import InputError, LockedError, UsageError
from olketanu.home import SETTINGS_NAME, Home
from olketanu.progress import Progress
from olketanu.settings import TEMPLATE, Settings
from search.index.generations import switch
from search.index.manifest import MANIFEST, PARTS
from store import changes
from store.database import Store
from store.disk.files import make_folder, sweep_temporary, sync_folder, write_durably, writing
from store.sidecars.files import all_sidecars, mode_of, write_if_new
from workflow.backup.back_up import refuse_bad_place
from workflow.backup.collect import Problem
from workflow.backup.portions import DAMAGED, Portions
from workflow.backup.snapshots import (
    CATALOGUE,
    READ_ONLY,
    BackupFolder,
    Entry,
    Manifest,
    Snapshot,
    choose_snapshot,
    is_empty,
    make_root,
    open_backup,
    reading_in,
)
from workflow.index import index_status, update_index
from workflow.library import Library
from workflow.sidecars import write_sidecars

MARK = ".olketanu-restore.json"
_STAGE = "restore"
_WRITABLE = 0o644


@dataclass(frozen=True, slots=True)
class RestoreReport:
    """What was restored, or with ``state`` "would" what would be.

    ``time`` is when the snapshot was made; ``index`` is "kept", "rebuilt", or "" before.
    """

    home: str
    snapshot: str
    time: str
    state: str
    files: int
    bytes: int
    index: str = ""
    problems: tuple[Problem, ...] = ()

    def as_json(self) -> dict[str, object]:
        """The last JSON line; every problem has one of its own before."""
        return {
            "home": self.home,
            "snapshot": self.snapshot,
            "time": self.time,
            "state": self.state,
            "files": self.files,
            "bytes": self.bytes,
            "index": self.index,
            "problems": len(self.problems),
        }


@dataclass(frozen=True, slots=True)
class RestoreOrder:
    """From which backup folder into which home; ``snapshot`` None means the newest."""

    backup: Path
    home: Path
    snapshot: str | None = None


def restore(order: RestoreOrder, progress: Progress) -> RestoreReport:
    """Restore a home and return what came back; what could not is named, the rest is restored.

    Raises:
        UsageError: the folder is a home already, is not empty, is half restored from another
            snapshot, or lies in the backup; no such backup or snapshot.
        InputError: the snapshot is damaged, or there is none. CannotWriteError. LockedError.
    """
    with _opened(order) as (backup, snapshot, manifest):
        home = Home(order.home.resolve())
        _begin(home, snapshot, manifest)
        with _alone(home):
            return _Restore(home, backup, snapshot, manifest, progress).run()


def would_restore(order: RestoreOrder) -> RestoreReport:
    """Say what :func:`restore` would write; the same errors, and nothing is written."""
    with _opened(order) as (_, snapshot, manifest):
        return _report(Home(order.home.resolve()), snapshot, manifest, "would")


@contextmanager
def _opened(order: RestoreOrder) -> Iterator[tuple[BackupFolder, Snapshot, Manifest]]:
    """Give the whole snapshot that is meant, and hold the backup so that nobody thins it out."""
    backup = open_backup(order.backup)
    home = Home(order.home.resolve())
    refuse_bad_place(home, backup.root)
    begun = _begun(home)
    if begun is None:
        _refuse_full(home)
    elif order.snapshot not in (None, begun["snapshot"]):
        raise UsageError("error.restore-unfinished", folder=str(home.root), **begun)
    with reading_in(backup):
        snapshot = choose_snapshot(backup, begun["snapshot"] if begun else order.snapshot)
        manifest = snapshot.manifest
        # A damaged manifest is refused before; another backup may have a snapshot of that name.
        if manifest is None or (begun is not None and begun["listing"] != manifest.listing):
            raise UsageError("error.restore-unfinished", folder=str(home.root), **(begun or {}))
        yield backup, snapshot, manifest


def _begun(home: Home) -> dict[str, str] | None:
    """What the mark of a half restored folder says; None where there is none."""
    try:
        said = json.loads((home.root / MARK).read_bytes())
        return {"snapshot": str(said["snapshot"]), "listing": str(said["listing"])}
    except (OSError, ValueError, LookupError, TypeError):
        return None


def _refuse_full(home: Home) -> None:
    if home.settings.exists():
        raise UsageError("error.home-exists", folder=str(home.root))
    if not is_empty(home.root):
        raise UsageError("error.home-not-empty", folder=str(home.root))


def _begin(home: Home, snapshot: Snapshot, manifest: Manifest) -> None:
    if _begun(home) is None:
        make_root(home.root)
        content = {"snapshot": snapshot.name, "listing": manifest.listing}
        write_durably(home.root / MARK, json.dumps(content).encode())
    else:
        sweep_temporary(home.root)


@contextmanager
def _alone(home: Home) -> Iterator[None]:
    """Let one restore at a time work in a folder; its mark is locked meanwhile."""
    descriptor = os.open(home.root / MARK, os.O_RDWR | os.O_CLOEXEC)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError:
        raise LockedError("error.restore-locked", folder=str(home.root)) from None
    finally:
        os.close(descriptor)


@dataclass(slots=True)
class _Restore:
    """One restore in progress."""

    home: Home
    backup: BackupFolder
    snapshot: Snapshot
    manifest: Manifest
    progress: Progress
    problems: list[Problem] = field(default_factory=list)
    portions: Portions = field(default_factory=Portions)
    settings: Entry | None = None
    generation: Path | None = None

    def run(self) -> RestoreReport:
        """Do every step; each finds by itself what a killed one has done."""
        manifest = self.manifest
        with self.portions:
            for number, entry in enumerate(self.snapshot.entries()):
                self.progress.step(_STAGE, number, manifest.files, entry.path)
                self._file(entry)
        self._catalogue()
        with Store.create(self.home) as store:
            self._sidecars(store)
            index = self._index(store)
            self._announce(store)
        self._settings()
        with writing(self.home.root):
            (self.home.root / MARK).unlink()
            sync_folder(self.home.root)
        return _report(self.home, self.snapshot, manifest, "done", index, tuple(self.problems))

    def _file(self, entry: Entry) -> None:
        path = PurePosixPath(entry.path)
        if entry.path == SETTINGS_NAME:
            self.settings = entry
            return
        if path.is_absolute() or ".." in path.parts:  # no backup of ours says so
            self.problems.append(Problem(entry.path, DAMAGED))
            return
        if self._is_index(path) and path.name == MANIFEST:
            self.generation = (self.home.root / path).parent
        state = self._copy(entry)
        if state is not None and not self._is_index(path):  # the index is built again
            self.problems.append(Problem(entry.path, state))

    def _is_index(self, path: PurePosixPath) -> bool:
        return (self.home.root / path).is_relative_to(self.home.index)

    def _copy(self, entry: Entry) -> str | None:
        target = self.home.root / entry.path
        if target.is_file() and target.stat().st_size == entry.size:
            return None  # whole since it has its name: copied before a kill
        masters = target.is_relative_to(self.home.masters)
        mode = READ_ONLY if masters else mode_of(self.home, target)
        return self.portions.copy(self.backup.file(entry.sha256), target, entry.sha256, mode)

    def _catalogue(self) -> None:
        """Place the catalogue, unless a killed restore did: it may have been opened since."""
        if self.home.database.exists():
            return
        source = self.snapshot.folder / CATALOGUE
        with self.portions:
            digest = self.manifest.catalogue
            state = self.portions.copy(source, self.home.database, digest, _WRITABLE)
        if state is not None:
            facts = {"folder": str(self.backup.root), "snapshot": self.snapshot.name}
            raise InputError("error.last-snapshot-damaged", **facts, file=CATALOGUE)

    def _sidecars(self, store: Store) -> None:
        """Let the sidecars say what the rows say: a run may have written later ones by then."""
        for path, make in all_sidecars(store):
            data = make()
            if data is not None:
                write_if_new(path, data, mode=mode_of(self.home, path))
            elif path.exists():
                path.unlink()

    def _index(self, store: Store) -> str:
        """Use the generation that came along, with what has happened since, or build a new one."""
        library = Library(self.home, Settings(), store)
        if self.generation is not None and (self.generation / MANIFEST).is_file():
            with writing(self.generation):
                for part in PARTS:
                    make_folder(self.generation / part)
            switch(self.home.index, self.generation)
        kept = index_status(library).state in ("current", "behind")
        update_index(library, self.progress)
        return "kept" if kept else "rebuilt"

    def _announce(self, store: Store) -> None:
        manifest = self.manifest
        events = changes.events_since(store, manifest.seq, {"restore.done"})
        if not any(event.subject == self.snapshot.name for event in events):
            facts = {
                "folder": str(self.backup.root),
                "files": manifest.files,
                "bytes": manifest.size,
                "seq": manifest.seq,
                "chain": manifest.chain,
                "problems": len(self.problems),
            }
            with store.transaction() as tx:
                tx.note("restore.done", self.snapshot.name, facts)
        write_sidecars(store)

    def _settings(self) -> None:
        state: str | None = DAMAGED
        if self.settings is not None:
            with self.portions:
                state = self._copy(self.settings)
        if state is not None:
            self.problems.append(Problem(SETTINGS_NAME, state))
            write_durably(self.home.settings, TEMPLATE.format(language="kk").encode())


def _report(
    home: Home,
    snapshot: Snapshot,
    manifest: Manifest,
    state: str,
    index: str = "",
    problems: tuple[Problem, ...] = (),
) -> RestoreReport:
    return RestoreReport(
        *(str(home.root), snapshot.name, manifest.time, state),
        *(manifest.files, manifest.size, index, problems),
    )
