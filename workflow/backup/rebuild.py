"""Rebuild: the catalogue made again from masters and sidecars alone.

The new catalogue is built beside, in the scratch folder of this run, and takes the place of the old
one only when it is complete; the old one is moved to ``replaced/<time>/`` and never deleted. Killed
at any moment, the same call goes on: what was half built is swept with its run.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from olketanu.errors import InputError, LockedError
from olketanu.home import Home
from olketanu.progress import Progress
from search.index.writer import IndexWriter
from store import changes
from store.database import MACHINE, Store
from store.disk.aside import new_aside
from store.disk.files import copy_durably, make_folder, place_durably, sync_folder, writing
from store.disk.masters import list_masters
from store.disk.owners import RunOwner, is_alive, sweep_dead
from store.sidecars import files
from store.sidecars.journal import CURSOR
from store.sidecars.load import load_catalogue
from store.sidecars.loading import Loading
from workflow.checking.check import CURSOR as CHECKS
from workflow.document.extract import EXTRACT
from workflow.record.classify import CLASSIFY
from workflow.record.draft import DRAFT
from workflow.record.match import MATCH

STAGES = (*(stage.name for stage in (EXTRACT, MATCH, DRAFT, CLASSIFY)), CHECKS)
_ACTOR = f"{MACHINE}:restore"
_COMPANIONS = ("", "-wal", "-shm")
"""SQLite's files beside a database, which belong to it alone."""


@dataclass(frozen=True, slots=True)
class RebuildReport:
    """What the new catalogue holds, and what could not be brought back.

    ``damaged``: path below the home (a line behind a colon) and code of each sidecar that is lost,
    wholly or in part; ``missing_masters``: hashes; ``replaced``: where the old catalogue lies.
    """

    documents: int
    records: int
    batches: int
    events: int
    damaged: tuple[tuple[str, str], ...]
    missing_masters: tuple[str, ...]
    replaced: Path | None = None


def rebuild_catalogue(home: Home, progress: Progress) -> RebuildReport:
    """Make the catalogue of ``home`` again from its sidecars, and report what it holds.

    Without damage its logical dump is that of the one before, with the journal. With damage the
    rest is rebuilt, the loss is an event (``restore.loss``), and the sidecars are written anew;
    the damaged ones lie beside the old catalogue.

    Raises:
        LockedError: ``error.rebuild-locked``: a run is at work in the home.
        InputError: ``error.nothing-to-rebuild``: no sidecar can be read; nothing was changed.
        CannotWriteError: disk full, or the home may not be written.
    """
    sweep_dead(home)
    with RunOwner(home) as owner, files.sidecars_lock(home, wait=0) as held:
        _require_alone(home, owner.name, held)
        scratch = Home(owner.scratch)
        with Store.create(scratch) as store:
            loading = _load(store, home, progress)
            missing = _missing_masters(store, home)
        _require_alone(home, owner.name, held)
        folder = _folder_for_old(home)
        _set_aside(home, folder, loading.spoiled)
        place_durably(scratch.database, home.database)
        if loading.damaged:
            _write_all_sidecars(home, loading.spoiled)
    return RebuildReport(
        *(len(loading.documents), len(loading.records), len(loading.batches)),
        *(loading.history.seq, tuple(loading.damaged), missing),
        folder if folder.is_dir() else None,
    )


def _load(store: Store, home: Home, progress: Progress) -> Loading:
    with store.transaction(_ACTOR) as tx:
        loading = Loading(tx, home)
        load_catalogue(loading, STAGES, IndexWriter(home).status().high_water, progress.step)
    if loading.damaged and not (loading.documents or loading.records or loading.batches):
        raise InputError("error.nothing-to-rebuild", folder=str(home.root))
    return loading


def _missing_masters(store: Store, home: Home) -> tuple[str, ...]:
    """Hashes of masters that are not there, or not in their size; ``verify`` reads their bytes."""
    return tuple(
        master.sha256
        for master in list_masters(store)
        if not home.master(master.sha256).is_file()
        or home.master(master.sha256).stat().st_size != master.size
    )


def _require_alone(home: Home, own: str, held: bool) -> None:
    others = [path.stem for path in home.runs.glob("*.lock") if path.stem != own]
    if not held or any(is_alive(home, name) for name in others):
        raise LockedError("error.rebuild-locked", folder=str(home.root))


def _folder_for_old(home: Home) -> Path:
    """Where the old catalogue goes: a new folder, or that of an interrupted rebuild."""
    begun = sorted(home.replaced.glob("*/catalog.sqlite3"))
    if begun and not home.database.exists() and not any(begun[-1].parent.glob("*-wal")):
        return begun[-1].parent
    return new_aside(home)


def _set_aside(home: Home, folder: Path, spoiled: Iterable[Path]) -> None:
    """Copy damaged sidecars to ``folder`` and move the old catalogue there, its log last.

    A log without its catalogue is harmless, a catalogue that has lost its log is not.
    """
    for path in sorted(path for path in spoiled if path.is_file()):
        place = folder / path.relative_to(home.root)
        copy_durably(path, place, mode=files.mode_of(home, path))
    old = [home.database.with_name(home.database.name + end) for end in _COMPANIONS]
    found = [path for path in old if path.exists()]
    if not found:
        return
    with writing(folder):
        make_folder(folder)
        for path in found:
            path.replace(folder / path.name)
        sync_folder(folder)
        sync_folder(home.root)


def _write_all_sidecars(home: Home, spoiled: Iterable[Path]) -> None:
    """Let the sidecars say what the rows say; of the damaged ones ``replaced/`` has a copy."""
    implied = set()
    with Store.open(home) as store:
        for path, make in files.all_sidecars(store):
            if (data := make()) is not None:
                files.write_if_new(path, data, mode=files.mode_of(home, path))
                implied.add(path)
        for path in set(spoiled) - implied:
            path.unlink(missing_ok=True)
        with store.transaction(_ACTOR) as tx:
            changes.set_cursor(tx, CURSOR, changes.last_seq(store))
