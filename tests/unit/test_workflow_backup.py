"""Backups: whole, incremental, silent without news, and honest about what is damaged."""

import fcntl
import json
import os
import sqlite3
from pathlib import Path

import pytest

from olketanu.errors import CannotWriteError, InputError, LockedError, UsageError
from olketanu.home import Home
from store import changes
from store.audit import holds_head
from store.disk.files import sha256_of, write_durably
from store.dump import logical_dump
from store.reading import open_to_look
from tests.unit.backup_library import (
    Quiet,
    add_document,
    add_records,
    assemble,
    contents,
    make_home,
)
from workflow.backup import back_up as backup_module
from workflow.backup.back_up import BackupOrder, BackupReport, back_up, would_back_up
from workflow.backup.check import check_backup
from workflow.backup.snapshots import (
    BackupFolder,
    list_snapshots,
    open_backup,
    writing_in,
)
from workflow.index import update_index
from workflow.library import open_library


@pytest.fixture(autouse=True)
def quick_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """What survives a power cut is tested elsewhere; here syncing would only cost time."""
    monkeypatch.setattr(os, "fsync", lambda _: None)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return make_home(tmp_path / "home")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "disk" / "backup"


def run(home: Home, folder: Path, keep: int | None = None) -> BackupReport:
    with open_library(home) as library:
        return back_up(library, BackupOrder(folder, keep), Quiet())


def add(home: Home, number: int) -> str:
    with open_library(home) as library:
        return add_document(library.store, home.root.parent, number)


def listing(folder: Path) -> dict[str, str]:
    newest = list_snapshots(BackupFolder(folder))[-1]
    return {entry.path: entry.sha256 for entry in newest.entries()}


def test_a_backup_holds_every_file_by_its_content(home: Home, folder: Path) -> None:
    report = run(home, folder)
    assert (report.state, report.problems, report.branched) == ("done", (), False)
    kept = listing(folder)
    lost = {"catalog.sqlite3"}
    on_disk = {
        path.relative_to(home.root).as_posix()
        for path in home.root.rglob("*")
        if path.is_file() and "-" not in path.suffix
    }
    assert on_disk - lost - kept.keys() == set()
    assert kept.keys() - on_disk == set()
    for path, digest in kept.items():
        stored = open_backup(folder).file(digest)
        assert sha256_of(stored) == digest
        assert stored.stat().st_mode & 0o777 == 0o444
        if not path.startswith("sidecars/journal/"):  # the backup itself is an event
            assert sha256_of(home.root / path) == digest


def test_the_snapshot_says_where_the_journal_stood(home: Home, folder: Path) -> None:
    report = run(home, folder)
    (snapshot,) = list_snapshots(open_backup(folder))
    manifest = snapshot.manifest
    assert manifest is not None
    assert snapshot.damage() is None
    with open_library(home) as library:
        assert holds_head(library.store, manifest.seq, manifest.chain)
        (event,) = changes.events_since(library.store, 0, {"backup.done"})
    assert event.subject == report.snapshot == snapshot.name
    assert event.data["seq"] == manifest.seq == event.seq - 1
    assert event.data["folder"] == str(folder.resolve())
    assert event.data["files"] == report.files == len(listing(folder))


def test_a_second_backup_without_news_writes_nothing_at_all(home: Home, folder: Path) -> None:
    first = run(home, folder)
    before = contents(folder), contents(home.root), sha256_of(home.database)
    second = run(home, folder)
    assert (contents(folder), contents(home.root), sha256_of(home.database)) == before
    assert (second.state, second.new_files, second.snapshot) == ("nothing-new", 0, first.snapshot)


def test_only_new_files_are_copied(home: Home, folder: Path) -> None:
    run(home, folder)
    before = {path.name for path in open_backup(folder).stored()}
    document = add(home, 10)
    report = run(home, folder)
    copied = {path.name for path in open_backup(folder).stored()} - before
    assert report.new_files == len(copied)
    new = {path for path, digest in listing(folder).items() if digest in copied}
    own = {path for path in new if document in path or path.startswith("masters/")}
    # A master, its ALTO, two derivatives, the sidecar; the rest are sidecars that it changed.
    assert len(own) == 5
    assert {path.split("/")[0] for path in new - own} == {"sidecars"}


def test_settings_and_refused_files_are_news_too(home: Home, folder: Path) -> None:
    run(home, folder)
    with home.settings.open("a", encoding="utf-8") as settings:
        settings.write("\n[verify]\ncycle = 30\n")
    assert run(home, folder).state == "done"
    write_durably(home.quarantine / "q" / "file", b"refused")
    assert run(home, folder).state == "done"
    assert run(home, folder).state == "nothing-new"


def test_events_about_safety_are_no_news(home: Home, folder: Path) -> None:
    run(home, folder)
    with open_library(home) as library, library.store.transaction() as tx:
        for kind in ("verify.done", "fixity.recovered", "restore.done"):
            tx.note(kind, "home")
    assert run(home, folder).state == "nothing-new"
    with open_library(home) as library, library.store.transaction() as tx:
        tx.note("rights.set", "x")
    assert run(home, folder).state == "done"


def test_a_flipped_and_a_missing_file_are_named_and_the_rest_is_kept(
    home: Home, folder: Path
) -> None:
    flipped, lost = sorted(path for path in home.masters.rglob("*") if path.is_file())[:2]
    flipped.chmod(0o644)
    data = bytearray(flipped.read_bytes())
    data[7] ^= 1
    flipped.write_bytes(data)
    lost.unlink()
    report = run(home, folder)
    names = [path.relative_to(home.root).as_posix() for path in (flipped, lost)]
    assert {p.path: p.state for p in report.problems} == {names[0]: "damaged", names[1]: "missing"}
    kept = listing(folder)
    assert not set(names) & kept.keys()
    assert sum(path.startswith("masters/") for path in kept) == 2
    again = run(home, folder)
    assert (again.state, again.problems) == ("nothing-new", report.problems)


def test_a_good_copy_in_the_backup_stays_when_its_source_is_lost(home: Home, folder: Path) -> None:
    run(home, folder)
    master = next(path for path in sorted(home.masters.rglob("*")) if path.is_file())
    pdf = next(home.objects.glob("*/document.pdf"))
    name = pdf.relative_to(home.root).as_posix()
    before = listing(folder)
    master.unlink()
    pdf.write_bytes(pdf.read_bytes()[:-1])
    add(home, 11)
    report = run(home, folder, keep=1)
    lost = master.relative_to(home.root).as_posix()
    assert {p.path: p.state for p in report.problems} == {lost: "missing", name: "damaged"}
    assert listing(folder)[lost] == before[lost]
    assert listing(folder)[name] == before[name]
    assert report.removed == ()  # nothing is thinned out while something is wrong


def test_an_unreadable_file_is_named(home: Home, folder: Path) -> None:
    master = next(path for path in sorted(home.masters.rglob("*")) if path.is_file())
    master.unlink()
    master.mkdir()  # reading it fails whoever we are
    report = run(home, folder)
    assert [(p.path, p.state) for p in report.problems] == [
        (master.relative_to(home.root).as_posix(), "unreadable")
    ]


def test_a_derivative_replaced_meanwhile_asks_for_a_new_copy(
    home: Home, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the copy of the catalogue and its files a run makes a document anew."""
    with open_library(home) as library, open_library(home) as other:
        document = next(home.objects.iterdir()).name
        rounds: list[Path] = []
        copy_to = library.store.copy_to

        def copy_and_go_on(target: Path) -> None:
            copy_to(target)
            rounds.append(target)
            if len(rounds) < 3:
                assemble(other.store, document, f"anew {len(rounds)}")
            else:
                add_records(other.store, 500, 501)

        monkeypatch.setattr(library.store, "copy_to", copy_and_go_on)
        report = back_up(library, BackupOrder(folder), Quiet())
    assert len(rounds) == 3
    assert report.problems == ()
    (snapshot,) = list_snapshots(BackupFolder(folder))
    assert snapshot.manifest is not None
    with open_to_look(Home(snapshot.folder)) as copy:  # not of the home, which has gone on
        assert changes.head(copy) == (snapshot.manifest.seq, snapshot.manifest.chain)
    assert listing(folder)[f"objects/{document}/document.pdf"] == sha256_of(home.pdf(document))


def test_a_home_that_never_rests_is_left_for_the_next_night(
    home: Home, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_library(home) as library, open_library(home) as other:
        document = next(home.objects.iterdir()).name
        copy_to = library.store.copy_to

        def copy_and_go_on(target: Path) -> None:
            copy_to(target)
            assemble(other.store, document, str(target))

        monkeypatch.setattr(library.store, "copy_to", copy_and_go_on)
        with pytest.raises(LockedError):
            back_up(library, BackupOrder(folder), Quiet())
    assert list_snapshots(BackupFolder(folder)) == []
    assert run(home, folder).state == "done"


def test_bytes_placed_before_their_row_are_no_damage(
    home: Home, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A run replaces the file, and commits its row a moment later."""
    from store.disk.owners import RunOwner

    with open_library(home) as library, open_library(home) as other, RunOwner(home):
        document = next(home.objects.iterdir()).name
        write_durably(home.pdf(document), b"placed, not yet committed")
        monkeypatch.setattr(
            "workflow.backup.collect.time.sleep",
            lambda _: assemble(other.store, document, "new"),
        )
        report = back_up(library, BackupOrder(folder), Quiet())
    assert report.problems == ()
    assert listing(folder)[f"objects/{document}/document.pdf"] == sha256_of(home.pdf(document))


def test_older_snapshots_and_their_files_are_thinned_out(home: Home, folder: Path) -> None:
    names = []
    for number in range(20, 24):
        add(home, number)
        with open_library(home) as library:
            assemble(library.store, next(home.objects.iterdir()).name, f"v{number}")
        names.append(run(home, folder).snapshot)
    with open_library(home) as library:
        foreseen = would_back_up(library, BackupOrder(folder, 2), Quiet())
    assert foreseen.removed == tuple(names[:2])
    report = run(home, folder, keep=2)
    assert (report.state, report.removed) == ("nothing-new", tuple(names[:2]))
    assert report.removed_files > 0
    left = list_snapshots(open_backup(folder))
    assert [snapshot.name for snapshot in left] == names[2:]
    named = {entry.sha256 for snapshot in left for entry in snapshot.entries()}
    assert {path.name for path in open_backup(folder).stored()} == named


def test_damaged_snapshots_do_not_count_among_those_kept(home: Home, folder: Path) -> None:
    names = []
    for number in range(20, 23):
        add(home, number)
        names.append(run(home, folder).snapshot)
    catalogue = folder / "snapshots" / names[2] / "catalog.sqlite3"
    catalogue.chmod(0o644)
    catalogue.write_bytes(b"damaged")
    add(home, 23)
    report = run(home, folder, keep=2)
    assert report.removed == (names[0],)  # the new one and names[1] are whole


def test_a_check_reads_everything_and_the_next_backup_heals(home: Home, folder: Path) -> None:
    run(home, folder)
    assert check_backup(folder, Quiet()).problems == ()
    flipped, lost = sorted(k for k in listing(folder) if k.startswith("masters/"))[:2]
    backup = open_backup(folder)
    file = backup.file(flipped.split("/")[-1])
    file.chmod(0o644)
    file.write_bytes(b"X" + file.read_bytes()[1:])
    backup.file(lost.split("/")[-1]).unlink()
    named = {flipped: "damaged", lost: "missing"}
    looked = check_backup(folder, Quiet(), dry_run=True)
    assert {p.path: p.state for p in looked.problems} == named
    assert file.exists()
    report = check_backup(folder, Quiet())
    assert {p.path: p.state for p in report.problems} == named
    assert (backup.damaged / file.name).exists()  # set aside, not deleted
    healed = run(home, folder)
    assert healed.problems == ()
    assert file.is_file()
    assert check_backup(folder, Quiet()).problems == ()


def test_a_truncated_copy_in_the_backup_is_replaced(home: Home, folder: Path) -> None:
    run(home, folder)
    name = next(k for k in listing(folder) if k.startswith("masters/"))
    file = open_backup(folder).file(listing(folder)[name])
    file.chmod(0o644)
    file.write_bytes(b"")
    assert run(home, folder).problems == ()
    assert sha256_of(file) == file.name


def test_a_snapshot_that_lost_a_file_is_no_reason_to_rest(home: Home, folder: Path) -> None:
    run(home, folder)
    name = next(k for k in listing(folder) if k.startswith("sidecars/journal/"))
    open_backup(folder).file(listing(folder)[name]).unlink()
    assert run(home, folder).state == "done"
    catalogue = list_snapshots(open_backup(folder))[-1].folder / "catalog.sqlite3"
    catalogue.chmod(0o644)
    catalogue.write_bytes(b"X" + catalogue.read_bytes()[1:])
    assert run(home, folder).state == "done"
    assert run(home, folder).state == "nothing-new"


def test_a_check_names_damaged_snapshots(home: Home, folder: Path) -> None:
    name = run(home, folder).snapshot
    manifest = folder / "snapshots" / name / "manifest.json"
    manifest.chmod(0o644)
    manifest.write_bytes(manifest.read_bytes().replace(b'"seq": ', b'"seq": 1'))
    report = check_backup(folder, Quiet())
    assert [p.path for p in report.problems] == [f"snapshots/{name}/manifest.json"]
    assert run(home, folder).state == "done"  # a damaged snapshot is no base


def test_home_and_backup_may_not_lie_in_each_other(home: Home, tmp_path: Path) -> None:
    for place in (home.root, home.root / "backup", tmp_path):
        with pytest.raises(UsageError) as error:
            run(home, place)
        assert error.value.key == "error.backup-inside"


def test_a_folder_with_other_files_is_refused(home: Home, folder: Path) -> None:
    folder.mkdir(parents=True)
    (folder / "lost+found").mkdir()
    (folder / "letters.doc").write_bytes(b"")
    with pytest.raises(UsageError) as error:
        run(home, folder)
    assert error.value.key == "error.backup-not-empty"
    (folder / "letters.doc").unlink()
    assert run(home, folder).state == "done"


def test_a_file_in_the_way_is_an_error_with_a_word(home: Home, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(UsageError):
        run(home, tmp_path / "file")
    with pytest.raises(CannotWriteError):
        run(home, tmp_path / "file" / "below")


def test_a_backup_of_another_library_is_refused(home: Home, folder: Path, tmp_path: Path) -> None:
    run(home, folder)
    other = make_home(tmp_path / "other", documents=0)
    with pytest.raises(UsageError) as error:
        run(other, folder)
    assert error.value.key == "error.backup-other-library"


def test_an_empty_mount_point_is_not_taken_for_a_new_disk(home: Home, folder: Path) -> None:
    run(home, folder)
    folder.rename(folder.with_name("unplugged"))
    for _ in range(2):
        with pytest.raises(CannotWriteError) as error:
            run(home, folder)
        assert error.value.key == "error.backup-gone"
        folder.mkdir(exist_ok=True)
    with open_library(home) as library:
        report = back_up(library, BackupOrder(folder, anew=True), Quiet())
    assert report.state == "done"


def test_a_folder_on_the_same_disk_is_named(
    home: Home, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run(home, folder).same_disk is True
    real, backup = Path.stat, folder.resolve()

    def on_another(path: Path, *, follow_symlinks: bool = True) -> os.stat_result:
        found = real(path, follow_symlinks=follow_symlinks)
        if path != backup:
            return found
        return os.stat_result([*found[:2], found.st_dev + 1, *found[3:10]])

    monkeypatch.setattr(Path, "stat", on_another)
    assert run(home, folder).same_disk is False


def test_a_catalogue_older_than_its_backup_is_named_and_nothing_is_thinned_out(
    home: Home, folder: Path, tmp_path: Path
) -> None:
    old = tmp_path / "old.sqlite3"
    with open_library(home) as library:
        library.store.copy_to(old)
    for number in (30, 31):
        add(home, number)
        run(home, folder)
    home.database.unlink()
    old.rename(home.database)
    report = run(home, folder, keep=1)
    assert (report.branched, report.removed, report.state) == (True, (), "done")


def test_a_damaged_catalogue_makes_no_snapshot(home: Home, folder: Path) -> None:
    with open_library(home) as library:
        library.store.rows("PRAGMA wal_checkpoint(TRUNCATE)")
    size = home.database.stat().st_size
    with home.database.open("r+b") as stream:
        for page in range(8192, size - 4096, 4096):
            stream.seek(page)
            stream.write(b"\xff" * 64)
    with pytest.raises(InputError) as error:
        run(home, folder)
    assert error.value.key == "error.store-damaged"
    assert list_snapshots(BackupFolder(folder)) == []


def test_rows_that_refer_to_nothing_make_no_snapshot(home: Home, folder: Path) -> None:
    connection = sqlite3.connect(home.database)
    connection.execute("INSERT INTO membership (record, catalogue) VALUES ('gone', 'books')")
    connection.commit()
    connection.close()
    with pytest.raises(InputError) as error:
        run(home, folder)
    assert error.value.key == "error.store-damaged"


def test_a_record_that_is_not_what_its_hash_says_is_named(home: Home, folder: Path) -> None:
    connection = sqlite3.connect(home.database)
    connection.execute("DROP TRIGGER version_is_never_changed")
    connection.execute("UPDATE version SET content = replace(content, '0', '1') WHERE rowid = 1")
    connection.commit()
    connection.close()
    report = run(home, folder)
    assert [p.path.split("/")[0] for p in report.problems] == ["record"]
    assert report.state == "done"


def test_one_backup_at_a_time(home: Home, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run(home, folder)
    monkeypatch.setattr("workflow.backup.snapshots._PAUSE", 0.01)
    descriptor = os.open(folder / "lock", os.O_RDWR)
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    with pytest.raises(LockedError), writing_in(open_backup(folder), wait=0.05):
        pass
    os.close(descriptor)
    with writing_in(open_backup(folder), wait=0.05):
        pass


def test_a_snapshot_is_newer_than_all_others_whatever_the_clock_says(
    home: Home, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names: list[str] = []
    for day in ("2026-11-23", "2025-01-01", "2026-11-23"):
        monkeypatch.setattr(backup_module, "utc_now", lambda day=day: f"{day}T01:00:00Z")
        with open_library(home) as library:
            add_records(library.store, len(names) * 10 + 100, len(names) * 10 + 101)
        names.append(run(home, folder).snapshot)
    assert names == ["20261123T010000Z", "20261123T010001Z", "20261123T010002Z"]


def test_a_dry_run_foresees_and_writes_nothing(home: Home, folder: Path) -> None:
    with open_library(home) as library:
        update_index(library)
        before = contents(home.root)
        foreseen = would_back_up(library, BackupOrder(folder), Quiet())
        assert not folder.exists()
        assert contents(home.root) == before
    report = run(home, folder)
    assert (foreseen.state, foreseen.files) == ("would", report.files)
    # Files with equal bytes are copied once; the journal's sidecars may have grown.
    assert abs(foreseen.new_files - report.new_files) <= 2
    with open_library(home) as library:
        assert would_back_up(library, BackupOrder(folder), Quiet()).state == "nothing-new"


def test_what_a_killed_backup_left_is_swept(home: Home, folder: Path) -> None:
    run(home, folder)
    half = folder / "snapshots" / "20990101T000000Z"
    half.mkdir()
    (half / "catalog.sqlite3").write_bytes(b"half")
    left = folder / "files" / ".olk-0123456789abcdef.tmp"
    left.write_bytes(b"half")
    assert run(home, folder).state == "nothing-new"
    assert not half.exists()
    assert not left.exists()


def test_a_backup_killed_before_it_could_say_so_says_so_next_time(
    home: Home, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(backup_module._Backup, "_announce", killed)
        with pytest.raises(KeyboardInterrupt):
            run(home, folder)
    assert run(home, folder).state == "nothing-new"
    with open_library(home) as library:
        assert len(changes.events_since(library.store, 0, {"backup.done"})) == 1
        dump = logical_dump(library.store)
    run(home, folder)
    with open_library(home) as library:
        assert logical_dump(library.store) == dump


def test_a_newer_format_is_refused(home: Home, folder: Path) -> None:
    run(home, folder)
    mark = folder / "olketanu-backup.json"
    mark.write_text(json.dumps({"format": 2}))
    with pytest.raises(InputError):
        run(home, folder)
