"""Repair brings back by hash what is damaged or missing, deletes nothing, and tells of each."""

import os
import shutil
from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest

from olketanu.errors import ExitCode, UsageError
from olketanu.home import Home
from olketanu.settings import BackupSettings
from store import changes, jobs
from store.digitised import documents
from store.digitised.pages import get_page
from store.disk import fixity
from tests.unit.made_collection import (
    a_document,
    check,
    found,
    kinds,
    make_collection,
    opened,
    write,
)
from workflow.backup.snapshots import make_backup
from workflow.fixity import repair as verify_repair
from workflow.fixity.verify import Asked, VerifyReport
from workflow.library import Library


@pytest.fixture(scope="module")
def pattern(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("pattern") / "home"
    make_collection(root, 4)
    return root


@pytest.fixture
def home(pattern: Path, tmp_path: Path) -> Home:
    shutil.copytree(pattern, tmp_path / "home")
    return Home(tmp_path / "home")


@pytest.fixture
def library(home: Home) -> Iterator[Library]:
    opened_library = opened(home)
    yield opened_library
    opened_library.store.close()


@pytest.fixture
def backup(library: Library, tmp_path: Path) -> Path:
    """Every promised file by its content, as a backup keeps them."""
    root = tmp_path / "backup"
    made = make_backup(root)
    for promise in fixity.promised(library.store).files.values():
        write(made.file(promise.sha256), (library.home.root / promise.path).read_bytes())
    return root


def mend(library: Library, backup: Path | None, *, dry_run: bool = False) -> VerifyReport:
    return check(library, Asked(whole=True, repair=True, backup=backup, dry_run=dry_run))


def spoil(library: Library) -> dict[str, bytes | None]:
    """Damage or remove one file of each kind; return the bytes that lie there now."""
    home, document = library.home, a_document(library)
    key = str(get_page(library.store, document.id, "p0001").recognised_key)
    other = documents.list_documents(library.store)[0]
    for path in (home.master(document.first_master), home.recognised(document.id, "p0001", key)):
        path.write_bytes(b"gone bad")
    home.pdf(document.id).unlink()
    home.master(other.first_master).unlink()
    paths = (
        *(home.master(document.first_master), home.recognised(document.id, "p0001", key)),
        *(home.pdf(document.id), home.master(other.first_master)),
    )
    return {
        path.relative_to(home.root).as_posix(): path.read_bytes() if path.exists() else None
        for path in paths
    }


def test_everything_comes_back_from_the_backup(library: Library, backup: Path) -> None:
    spoilt = spoil(library)
    report = mend(library, backup)
    assert {p.path: p.repair for p in report.problems} == dict.fromkeys(spoilt, "backup")
    assert report.exit_code == ExitCode.DONE
    assert check(library).problems == ()
    assert kinds(library)["fixity.recovered"] == len(spoilt)
    recovered = changes.events_since(library.store, 0, {"fixity.recovered"})
    assert {event.data["how"] for event in recovered} == {"backup"}
    master = library.home.master(a_document(library).first_master)
    assert master.stat().st_mode & 0o777 == 0o444
    kept = {p for p in library.home.replaced.glob("*/**/*") if p.is_file()}
    (stamp,) = library.home.replaced.iterdir()
    assert {p.relative_to(stamp).as_posix(): p.read_bytes() for p in kept} == {
        path: data for path, data in spoilt.items() if data is not None
    }


def test_the_backup_of_the_settings_is_used(library: Library, backup: Path) -> None:
    spoil(library)
    settings = replace(library.settings, backup=BackupSettings(folder=str(backup)))
    assert mend(replace(library, settings=settings), None).exit_code == ExitCode.DONE


def test_a_dry_run_says_what_would_come_back_and_touches_nothing(
    library: Library, backup: Path
) -> None:
    spoilt = spoil(library)
    report = mend(library, backup, dry_run=True)
    assert {p.path: p.repair for p in report.problems} == dict.fromkeys(spoilt, "backup")
    assert report.exit_code == ExitCode.PARTLY_FAILED
    assert not library.home.replaced.exists()
    assert set(found(check(library))) == set(spoilt)


def test_a_copy_that_is_damaged_itself_is_not_used(library: Library, backup: Path) -> None:
    master = library.home.master(a_document(library).first_master)
    master.write_bytes(b"gone bad")
    digest = master.name
    copy = make_backup(backup).file(digest)
    copy.write_bytes(b"also bad")
    report = mend(library, backup)
    assert [p.repair for p in report.problems] == ["none"]
    assert report.exit_code == ExitCode.PARTLY_FAILED
    assert master.read_bytes() == b"gone bad"
    assert not library.home.replaced.exists()


def test_a_master_without_a_copy_is_named_and_left(library: Library) -> None:
    master = library.home.master(a_document(library).first_master)
    master.unlink()
    assert [p.repair for p in mend(library, None).problems] == ["none"]


def test_a_folder_that_is_no_backup_is_refused(library: Library, tmp_path: Path) -> None:
    spoil(library)
    (tmp_path / "empty").mkdir()
    with pytest.raises(UsageError) as caught:
        mend(library, tmp_path / "empty")
    assert caught.value.key == "error.no-backup"


def test_a_derivative_without_a_copy_is_made_anew_by_the_next_run(library: Library) -> None:
    home, document = library.home, a_document(library)
    pdf = home.pdf(document.id)
    good = pdf.read_bytes()
    pdf.write_bytes(b"bad")
    assert [p.repair for p in mend(library, None).problems] == ["run"]
    (job,) = jobs.list_jobs(library.store, document.id, "document", "new")
    assert job.key == document.assembled_key
    again = mend(library, None)  # nobody has run yet
    assert {p.state: p.repair for p in again.problems} == {"damaged": "run"}
    assert again.exit_code == ExitCode.PARTLY_FAILED
    pdf.write_bytes(good)
    with library.store.transaction() as tx:
        jobs.claim(tx, "run", {"document"}, 1)
        jobs.finish(tx, job.key, "run", {})
    assert check(library).problems == ()
    assert kinds(library)["fixity.recovered"] == 1


def test_pages_come_before_what_is_made_of_them(library: Library) -> None:
    home, document = library.home, a_document(library)
    key = str(get_page(library.store, document.id, "p0001").recognised_key)
    alto = home.recognised(document.id, "p0001", key)
    alto.write_bytes(b"bad")
    home.pdf(document.id).unlink()
    report = mend(library, None)
    assert {Path(p.path).suffix: p.repair for p in report.problems} == {
        ".xml": "run",
        ".pdf": "later",
    }
    assert [job.kind for job in jobs.list_jobs(library.store, document.id, state="new")] == ["page"]


def test_nothing_is_made_anew_from_a_master_that_is_damaged(library: Library) -> None:
    home, document = library.home, a_document(library)
    home.master(document.first_master).write_bytes(b"bad")
    home.pdf(document.id).unlink()
    assert [p.repair for p in mend(library, None).problems] == ["none", "none"]
    assert not jobs.list_jobs(library.store, document.id, state="new")


def test_what_a_person_must_decide_is_left_alone(library: Library, backup: Path) -> None:
    stray = library.home.masters / "stray"
    stray.write_bytes(b"?")
    report = mend(library, backup)
    assert [(p.state, p.repair) for p in report.problems] == [("unexpected", "none")]
    assert stray.read_bytes() == b"?"


def test_a_folder_in_a_files_place_is_moved_aside(library: Library, backup: Path) -> None:
    pdf = library.home.pdf(a_document(library).id)
    good = pdf.read_bytes()
    pdf.unlink()
    pdf.mkdir()
    (pdf / "inside").write_bytes(b"kept")
    mend(library, backup)
    assert check(library).problems == ()
    assert pdf.read_bytes() == good
    assert [p.read_bytes() for p in library.home.replaced.rglob("inside")] == [b"kept"]


def test_a_file_system_without_links_is_served_too(
    library: Library, backup: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object, **__: object) -> None:
        raise PermissionError(1, "links are not known here")

    monkeypatch.setattr(os, "link", refused)
    spoilt = spoil(library)
    assert mend(library, backup).exit_code == ExitCode.DONE
    kept = [p.read_bytes() for p in library.home.replaced.rglob("*") if p.is_file()]
    assert sorted(kept) == sorted(data for data in spoilt.values() if data is not None)


def test_a_repair_that_is_cut_off_loses_nothing_and_goes_on(
    library: Library, backup: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spoilt = spoil(library)

    def cut_off(*_: object, **__: object) -> str:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(verify_repair, "copy_checked", cut_off)
        with pytest.raises(KeyboardInterrupt):
            mend(library, backup)
    assert set(found(check(library))) == set(spoilt)
    assert mend(library, backup).exit_code == ExitCode.DONE
    assert check(library).problems == ()
    kept = {p.read_bytes() for p in library.home.replaced.rglob("*") if p.is_file()}
    assert kept == {b"gone bad"}


def test_a_path_that_leads_out_of_the_home_is_never_written(
    library: Library, backup: Path, tmp_path: Path
) -> None:
    from tests.unit.made_collection import forge

    data = b"from the backup"
    digest = sha256(data).hexdigest()
    write(make_backup(backup).file(digest), data)
    document = a_document(library).id
    tamper = f'files = \'{{"../../../outside":"{digest}"}}\''
    forge(library.home, "UPDATE document SET", tamper, "WHERE id =", repr(document))
    report = mend(library, backup)
    assert "none" in {p.repair for p in report.problems if "outside" in p.path}
    assert not (tmp_path / "outside").exists()
    assert not list(tmp_path.parent.glob("outside"))
