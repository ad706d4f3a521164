"""Restoring: an equal home out of a backup, or a plain word about what is missing."""

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from olketanu.errors import InputError, LockedError, UsageError
from olketanu.home import Home, open_home
from search.results.request import Request
from store import changes
from store.disk.files import sha256_of
from store.dump import logical_dump
from store.sidecars.files import expected
from tests.unit.backup_library import Quiet, add_document, contents, make_home
from workflow.backup import restore as restore_module
from workflow.backup.back_up import BackupOrder, BackupReport, back_up
from workflow.backup.restore import RestoreOrder, RestoreReport, restore, would_restore
from workflow.backup.snapshots import BackupFolder, list_snapshots, writing_in
from workflow.find import find
from workflow.index import index_status, update_index
from workflow.library import open_library
from workflow.sidecars import write_sidecars

QUERIES = (
    *("Қарағанды", "тарихы", "Степной горняк", "абай", "терриконы"),
    *("карагандинский", "жолы 2", '"Абай жолы"', "шахта", "нет такого"),
)


@pytest.fixture(autouse=True)
def quick_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """What survives a power cut is tested elsewhere; here syncing would only cost time."""
    monkeypatch.setattr(os, "fsync", lambda _: None)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    made = make_home(tmp_path / "home")
    with open_library(made) as library:
        update_index(library)
    return made


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "disk"


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "restored"


def save(home: Home, folder: Path) -> BackupReport:
    with open_library(home) as library:
        return back_up(library, BackupOrder(folder), Quiet())


def bring_back(folder: Path, target: Path, snapshot: str | None = None) -> RestoreReport:
    return restore(RestoreOrder(folder, target, snapshot), Quiet())


def dump(home: Home, kinds: tuple[str, ...] = ("backup.", "restore.")) -> list[str]:
    """The logical dump without what backup and restore say of themselves."""
    with open_library(home) as library:
        lines = logical_dump(library.store).splitlines()
    return [line for line in lines if not any(f'"kind":"{kind}' in line for kind in kinds)]


def answers(home: Home) -> list[list[str]]:
    with open_library(home) as library:
        found = [find(library, Request(query, limit=50, grouped=False)) for query in QUERIES]
    return [[one.hit.key for one in hits.hits] for hits in found]


def damage(path: Path) -> None:
    path.chmod(0o644)
    path.write_bytes(b"X" + path.read_bytes()[1:])


def test_the_restored_home_equals_the_one_that_was_saved(
    home: Home, folder: Path, target: Path
) -> None:
    saved = save(home, folder)
    report = bring_back(folder, target)
    assert (report.state, report.snapshot, report.problems) == ("done", saved.snapshot, ())
    assert report.index == "kept"
    restored = open_home(target)
    assert dump(restored) == dump(home)
    assert any(answers(home))
    assert answers(restored) == answers(home)
    assert not (target / restore_module.MARK).exists()
    modes = {path.stat().st_mode & 0o777 for path in restored.masters.rglob("*") if path.is_file()}
    assert modes == {0o444}
    with open_library(restored) as library:
        assert library.store.check() == []
        assert changes.broken_chain(library.store) is None
        assert index_status(library).state == "current"
        for path, digest in expected(library.store):
            assert sha256_of(target / path) == digest


def test_home_and_backup_stay_apart(home: Home, folder: Path, target: Path) -> None:
    save(home, folder)
    bring_back(folder, target)
    stored = {path.stat().st_ino for path in folder.rglob("*") if path.is_file()}
    assert not stored & {path.stat().st_ino for path in target.rglob("*") if path.is_file()}


def test_the_restored_home_goes_on_into_the_same_backup(
    home: Home, folder: Path, target: Path
) -> None:
    saved = save(home, folder)
    bring_back(folder, target)
    restored = open_home(target)
    assert save(restored, folder).state == "nothing-new"
    with open_library(restored) as library:
        (event,) = changes.events_since(library.store, 0, {"restore.done"})
        assert event.subject == saved.snapshot
        add_document(library.store, target.parent, 50)
    after = save(restored, folder)
    assert (after.state, after.branched) == ("done", False)


def test_sidecars_that_were_ahead_of_the_catalogue_are_brought_into_line(
    home: Home, folder: Path, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A run writes a document and its sidecar after the catalogue was copied."""
    with open_library(home) as library, open_library(home) as other:
        copy_to = library.store.copy_to

        def copy_and_go_on(path: Path) -> None:
            copy_to(path)
            if not list(home.root.parent.glob("60.tif")):
                add_document(other.store, home.root.parent, 60)
                write_sidecars(other.store)

        monkeypatch.setattr(library.store, "copy_to", copy_and_go_on)
        back_up(library, BackupOrder(folder), Quiet())
    assert bring_back(folder, target).problems == ()
    with open_library(open_home(target)) as library:
        known = dict(expected(library.store))
    on_disk = {
        path.relative_to(target).as_posix(): sha256_of(path)
        for path in (*target.glob("sidecars/**/*.json*"), *target.glob("objects/*/document.json"))
    }
    assert on_disk == known


def test_without_its_index_a_home_gets_a_new_one(home: Home, folder: Path, target: Path) -> None:
    save(home, folder)
    (snapshot,) = list_snapshots(BackupFolder(folder))
    index = [entry for entry in snapshot.entries() if entry.path.startswith("index/")]
    assert index
    damage(BackupFolder(folder).file(index[0].sha256))
    report = bring_back(folder, target)
    assert (report.index, report.problems) == ("rebuilt", ())
    assert answers(open_home(target)) == answers(home)


def test_missing_and_damaged_files_are_named_and_the_rest_is_restored(
    home: Home, folder: Path, target: Path
) -> None:
    save(home, folder)
    (snapshot,) = list_snapshots(BackupFolder(folder))
    masters = [entry for entry in snapshot.entries() if entry.path.startswith("masters/")]
    damage(BackupFolder(folder).file(masters[0].sha256))
    BackupFolder(folder).file(masters[1].sha256).unlink()
    report = bring_back(folder, target)
    assert {p.path: p.state for p in report.problems} == {
        masters[0].path: "damaged",
        masters[1].path: "missing",
    }
    assert not (target / masters[0].path).exists()
    assert (target / masters[2].path).is_file()
    open_home(target)


def test_settings_that_are_lost_are_named_and_the_folder_is_a_home_all_the_same(
    home: Home, folder: Path, target: Path
) -> None:
    save(home, folder)
    (snapshot,) = list_snapshots(BackupFolder(folder))
    (settings,) = [entry for entry in snapshot.entries() if entry.path == "olketanu.toml"]
    BackupFolder(folder).file(settings.sha256).unlink()
    report = bring_back(folder, target)
    assert [(p.path, p.state) for p in report.problems] == [("olketanu.toml", "missing")]
    with open_library(open_home(target)) as library:
        assert library.settings.backup.days == 7


def test_a_damaged_snapshot_is_named_and_the_one_before_offered(
    home: Home, folder: Path, target: Path
) -> None:
    first = save(home, folder).snapshot
    before = dump(home)
    with open_library(home) as library:
        add_document(library.store, home.root.parent, 70)
    second = save(home, folder).snapshot
    damage(folder / "snapshots" / second / "files.jsonl")
    with pytest.raises(InputError) as error:
        bring_back(folder, target)
    assert error.value.key == "error.snapshot-damaged"
    assert (error.value.facts["snapshot"], error.value.facts["earlier"]) == (second, first)
    assert not target.exists()
    assert bring_back(folder, target, first).state == "done"
    assert dump(open_home(target)) == before
    damage(folder / "snapshots" / first / "catalog.sqlite3")
    with pytest.raises(InputError) as error:
        bring_back(folder, target.with_name("other"))
    assert error.value.key == "error.last-snapshot-damaged"


def test_an_incomplete_snapshot_is_none(home: Home, folder: Path, target: Path) -> None:
    name = save(home, folder).snapshot
    half = folder / "snapshots" / "20990101T000000Z"
    shutil.copytree(folder / "snapshots" / name, half)
    (half / "manifest.json").unlink()
    assert bring_back(folder, target).snapshot == name


def test_a_snapshot_can_be_chosen_and_an_unknown_one_is_refused(
    home: Home, folder: Path, target: Path
) -> None:
    first = save(home, folder).snapshot
    with open_library(home) as library:
        add_document(library.store, home.root.parent, 80)
    save(home, folder)
    with pytest.raises(UsageError) as error:
        bring_back(folder, target, "20200101T000000Z")
    assert error.value.key == "error.unknown-snapshot"
    assert bring_back(folder, target, first).snapshot == first


def test_a_folder_that_holds_something_is_refused(home: Home, folder: Path, target: Path) -> None:
    save(home, folder)
    for place, key in ((home.root, "error.home-exists"), (folder.parent, "error.backup-inside")):
        with pytest.raises(UsageError) as error:
            bring_back(folder, place)
        assert error.value.key == key
    target.mkdir()
    (target / "letters.doc").write_bytes(b"")
    with pytest.raises(UsageError) as error:
        bring_back(folder, target)
    assert error.value.key == "error.home-not-empty"
    with pytest.raises(UsageError) as error:
        bring_back(home.root, target)
    assert error.value.key == "error.no-backup"


def stop_at(monkeypatch: pytest.MonkeyPatch, name: str, number: int) -> Callable[[], None]:
    """Let the n-th call of a step of the restore end like a kill."""
    real = getattr(restore_module._Restore, name)
    calls = []

    def stepped(self: object, *arguments: object) -> object:
        calls.append(name)
        if len(calls) == number:
            raise KeyboardInterrupt
        return real(self, *arguments)

    monkeypatch.setattr(restore_module._Restore, name, stepped)
    return monkeypatch.undo


@pytest.mark.parametrize(
    ("step", "number"),
    [
        *(("_file", 1), ("_file", 9), ("_catalogue", 1), ("_sidecars", 1)),
        *(("_index", 1), ("_announce", 1), ("_settings", 1)),
    ],
)
def test_an_interrupted_restore_goes_on_with_the_same_call(
    home: Home,
    folder: Path,
    target: Path,
    monkeypatch: pytest.MonkeyPatch,
    step: str,
    number: int,
) -> None:
    first = save(home, folder).snapshot
    go_on = stop_at(monkeypatch, step, number)
    with pytest.raises(KeyboardInterrupt):
        bring_back(folder, target)
    go_on()
    with pytest.raises(UsageError):
        open_home(target)  # half a home is none
    wanted = dump(home)
    with open_library(home) as library:
        add_document(library.store, home.root.parent, 90)
    second = save(home, folder).snapshot  # a newer one does not change what was begun
    with pytest.raises(UsageError) as error:
        bring_back(folder, target, second)
    assert error.value.key == "error.restore-unfinished"
    report = bring_back(folder, target)
    assert (report.snapshot, report.problems) == (first, ())
    restored = open_home(target)
    assert dump(restored) == wanted
    with open_library(restored) as library:
        assert len(changes.events_since(library.store, 0, {"restore.done"})) == 1


def test_a_file_that_a_crash_cut_short_is_copied_again(
    home: Home, folder: Path, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    save(home, folder)
    go_on = stop_at(monkeypatch, "_catalogue", 1)
    with pytest.raises(KeyboardInterrupt):
        bring_back(folder, target)
    go_on()
    master = next(path for path in (target / "masters").rglob("*") if path.is_file())
    master.chmod(0o644)
    master.write_bytes(b"")
    assert bring_back(folder, target).problems == ()
    assert sha256_of(master) == master.name


def test_a_restore_killed_behind_its_last_step_only_takes_the_mark_away(
    home: Home, folder: Path, target: Path
) -> None:
    name = save(home, folder).snapshot
    bring_back(folder, target)
    (snapshot,) = list_snapshots(BackupFolder(folder))
    assert snapshot.manifest is not None
    mark = {"snapshot": name, "listing": snapshot.manifest.listing}
    (target / restore_module.MARK).write_text(json.dumps(mark))
    before = dump(open_home(target))
    assert bring_back(folder, target).state == "done"
    assert dump(open_home(target)) == before
    assert not (target / restore_module.MARK).exists()


def test_one_restore_at_a_time_in_a_folder(home: Home, folder: Path, target: Path) -> None:
    save(home, folder)
    target.mkdir()
    (snapshot,) = list_snapshots(BackupFolder(folder))
    assert snapshot.manifest is not None
    mark = {"snapshot": snapshot.name, "listing": snapshot.manifest.listing}
    (target / restore_module.MARK).write_text(json.dumps(mark))
    with restore_module._alone(Home(target)), pytest.raises(LockedError) as error:
        bring_back(folder, target)
    assert error.value.key == "error.restore-locked"


def test_nobody_thins_a_backup_out_while_it_is_read(
    home: Home, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from workflow.backup.snapshots import open_backup, reading_in

    save(home, folder)
    backup = open_backup(folder)
    with (
        reading_in(backup),
        reading_in(backup),
        pytest.raises(LockedError),
        writing_in(backup, wait=0.05),
    ):
        pass


def test_a_dry_run_says_what_would_come_back(home: Home, folder: Path, target: Path) -> None:
    saved = save(home, folder)
    before = contents(folder)
    report = would_restore(RestoreOrder(folder, target))
    assert (report.state, report.snapshot, report.files) == ("would", saved.snapshot, saved.files)
    assert not target.exists()
    assert contents(folder) == before


def test_a_path_that_leads_out_of_the_home_is_not_followed(
    home: Home, folder: Path, target: Path
) -> None:
    from hashlib import sha256

    from workflow.backup.snapshots import Manifest

    save(home, folder)
    (snapshot,) = list_snapshots(BackupFolder(folder))
    listing = snapshot.folder / "files.jsonl"
    listing.chmod(0o644)
    text = listing.read_text().replace('"path":"masters/', '"path":"../masters/')
    listing.write_text(text)
    manifest = snapshot.manifest
    assert manifest is not None
    values = {name: getattr(manifest, name) for name in Manifest.__slots__}
    values["listing"] = sha256(text.encode()).hexdigest()
    (snapshot.folder / "manifest.json").unlink()
    (snapshot.folder / "manifest.json").write_bytes(Manifest(**values).data())
    report = bring_back(folder, target)
    assert len(report.problems) == 4
    assert not (target.parent / "masters").exists()
