"""Verify finds what was changed inside the catalogue, its sidecars, its journal, its index."""

import json
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from olketanu.errors import ExitCode, InputError
from olketanu.home import Home
from search.index.generations import begin, writing_lock
from store import changes
from store.digitised import documents
from tests.unit.made_collection import (
    Silent,
    a_document,
    add_record,
    check,
    forge,
    found,
    kinds,
    make_collection,
    opened,
)
from workflow.backup.back_up import BackupOrder, back_up
from workflow.fixity.verify import Asked
from workflow.index import rebuild_index
from workflow.library import Library, create_library, open_library
from workflow.sidecars import write_sidecars


@pytest.fixture(scope="module")
def pattern(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("pattern") / "home"
    make_collection(root, 5)
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


def a_record(library: Library) -> str:
    return str(library.store.rows("SELECT id FROM record ORDER BY id LIMIT 1")[0]["id"])


@pytest.mark.parametrize(
    "tamper",
    [
        "content = replace(content, 'Қарағанды', 'Караганда')",
        "sha256 = 'ab' || substr(sha256, 3)",
        "content = CAST(substr(CAST(content AS BLOB), 1, 20) || x'ff' AS TEXT)",
    ],
)
def test_a_version_that_was_changed_is_named(library: Library, tamper: str) -> None:
    record = a_record(library)
    forge(library.home, "UPDATE version SET", tamper, "WHERE record =", repr(record))
    report = check(library)
    assert found(report)[f"record/{record}/1"] == "record-damaged"
    assert found(report)[f"sidecars/records/{record[:2]}.jsonl"] == "rows-differ"
    assert len(report.problems) == 2
    assert report.exit_code == ExitCode.PARTLY_FAILED


def test_a_version_forged_with_its_hash_is_told_by_the_journal(library: Library) -> None:
    from hashlib import sha256

    record = a_record(library)
    content = '{"format":"rusmarc","leader":"","fields":[]}'
    digest = sha256(content.encode()).hexdigest()
    tamper = f"content = '{content}', sha256 = '{digest}'"
    forge(library.home, "UPDATE version SET", tamper, "WHERE record =", repr(record))
    (problem,) = [p for p in check(library).problems if p.state == "record-damaged"]
    assert problem.path == f"record/{record}/1"
    assert problem.found == digest
    assert problem.expected not in (None, digest)


def test_a_version_that_is_gone_is_named(library: Library) -> None:
    record = a_record(library)
    forge(library.home, "DELETE FROM version WHERE record =", repr(record))
    assert found(check(library))[f"record/{record}/1"] == "record-damaged"


@pytest.mark.parametrize(
    ("tamper", "event"),
    [
        ("UPDATE event SET actor = 'nobody' WHERE seq = 7", 7),
        ("UPDATE event SET data = CAST(x'7bff7d' AS TEXT) WHERE seq = 7", 7),
        ("DELETE FROM event WHERE seq = 7", 8),
    ],
)
def test_a_changed_event_is_named(library: Library, tamper: str, event: int) -> None:
    forge(library.home, tamper)
    states = found(check(library))
    assert states[f"event/{event}"] == "chain-broken"
    assert states["sidecars/journal/000001.jsonl"] == "rows-differ"


@pytest.mark.parametrize(
    "tamper",
    ["title = 'other'", "files = '{}'", "state = 'done-with-gaps'", "manifest = '{\"date\":1}'"],
)
def test_a_document_row_changed_without_an_event_is_named(library: Library, tamper: str) -> None:
    document = a_document(library).id
    forge(library.home, "UPDATE document SET", tamper, "WHERE id =", repr(document))
    report = check(library)
    assert found(report)[f"objects/{document}/document.json"] == "rows-differ"
    others = {s for p, s in found(report).items() if p != f"objects/{document}/document.json"}
    assert others == ({"unexpected"} if "files" in tamper else set())
    first = kinds(library)
    check(library)
    assert kinds(library) == first


def test_rows_that_cannot_be_understood_are_named_and_the_rest_is_checked(library: Library) -> None:
    document = a_document(library).id
    other = documents.list_documents(library.store)[0]
    pdf = library.home.pdf(other.id)
    pdf.write_bytes(b"bad")
    forge(library.home, "UPDATE document SET files = '[1' WHERE id =", repr(document))
    states = found(check(library))
    assert states[f"document/{document}"] == "catalogue-damaged"
    assert states[f"objects/{document}/document.json"] == "rows-differ"
    assert states[pdf.relative_to(library.home.root).as_posix()] == "damaged"


@pytest.mark.parametrize("kind", ["document", "record", "batch", "journal", "head"])
@pytest.mark.parametrize("how", ["flipped", "cut", "gone"])
def test_a_damaged_sidecar_is_named_and_mended_from_the_rows(
    library: Library, kind: str, how: str
) -> None:
    home = library.home
    path = {
        "document": home.sidecar(a_document(library).id),
        "record": home.record_sidecar(a_record(library)[:2]),
        "batch": next((home.sidecars / "batches").iterdir()),
        "journal": home.journal_segment(1),
        "head": home.journal_segment(1).with_name("head.json"),
    }[kind]
    name = path.relative_to(home.root).as_posix()
    good = path.read_bytes()
    if how == "gone":
        path.unlink()
    else:
        flipped = bytearray(good)
        flipped[len(good) // 2] ^= 1
        path.write_bytes(bytes(flipped) if how == "flipped" else good[:-9])
    bad = path.read_bytes() if path.exists() else None
    state = "missing" if how == "gone" else "damaged"
    report = check(library, Asked(whole=True, repair=True))
    assert found(report) == {name: state}
    assert [problem.repair for problem in report.problems] == ["rows"]
    assert report.exit_code == ExitCode.DONE
    assert check(library).problems == ()
    if kind not in ("journal", "head"):  # the others have grown by the events of verify
        assert path.read_bytes() == good
    kept = [p for p in home.replaced.rglob("*") if p.is_file()] if home.replaced.is_dir() else []
    assert [p.read_bytes() for p in kept] == ([] if bad is None else [bad])


def test_what_the_sidecars_have_yet_to_follow_is_no_difference(library: Library) -> None:
    document = a_document(library).id
    with library.store.transaction() as tx:
        documents.update_document(tx, document, title="new")
        add_record(tx, 777)
    assert check(library, Asked(whole=True, dry_run=True)).problems == ()
    write_sidecars(library.store)
    assert check(library, Asked(whole=True, dry_run=True)).problems == ()


def test_a_cut_journal_is_told_by_the_sidecars(library: Library) -> None:
    seq, chain = changes.head(library.store)
    forge(library.home, "DELETE FROM event WHERE seq >", str(seq - 3))
    report = check(library)
    assert found(report)[f"event/{seq}"] == "journal-cut"
    (problem,) = [p for p in report.problems if p.state == "journal-cut"]
    assert problem.expected == chain


def test_a_cut_journal_is_told_by_the_newest_backup(library: Library, tmp_path: Path) -> None:
    back_up(library, BackupOrder(tmp_path / "backup"), Silent())
    seq = changes.last_seq(library.store)
    assert check(library, Asked(backup=tmp_path / "backup")).problems == ()
    last = changes.last_seq(library.store)
    forge(library.home, "DELETE FROM event WHERE seq >", str(seq - 3))
    for path in library.home.sidecars.joinpath("journal").iterdir():
        path.unlink()  # whoever cuts the one may cut the other
    told = set(found(check(library, Asked(backup=tmp_path / "backup"))).values())
    assert "journal-cut" in told
    assert last > seq - 3


def test_a_backup_of_another_library_says_nothing(library: Library, tmp_path: Path) -> None:
    other = opened(make_collection(tmp_path / "other", 1, day="2026-01-01"))
    back_up(other, BackupOrder(tmp_path / "backup"), Silent())
    other.store.close()
    assert check(library, Asked(backup=tmp_path / "backup")).problems == ()


def test_rows_that_point_nowhere_are_named(library: Library) -> None:
    record = a_record(library)
    forge(library.home, "UPDATE version SET change_set = 999 WHERE record =", repr(record))
    states = found(check(library))
    assert states["catalog.sqlite3"] == "catalogue-damaged"
    assert states[f"sidecars/records/{record[:2]}.jsonl"] == "rows-differ"


def test_a_damaged_index_is_named_and_built_anew(library: Library) -> None:
    rebuild_index(library)
    assert check(library).problems == ()
    pointed = library.home.index / (library.home.index / "current").read_text().split()[0]
    victim = max((p for p in (pointed / "open").iterdir()), key=lambda p: p.stat().st_size)
    data = bytearray(victim.read_bytes())
    data[len(data) // 2] ^= 1
    victim.write_bytes(bytes(data))
    name = victim.relative_to(library.home.root).as_posix()
    assert found(check(library)) == {name: "index-damaged"}
    report = check(library, Asked(repair=True))
    assert [problem.repair for problem in report.problems] == ["rebuilt"]
    assert check(library).problems == ()


@pytest.mark.parametrize("harm", ["pointer", "manifest", "file"])
def test_an_index_that_has_lost_a_part_is_named(library: Library, harm: str) -> None:
    rebuild_index(library)
    pointer = library.home.index / "current"
    folder = library.home.index / pointer.read_text().split()[0]
    lost = {"pointer": pointer, "manifest": folder / "manifest.json"}
    (lost.get(harm) or next((folder / "open").iterdir())).unlink()
    assert found(check(library)) == {"index": "index-damaged"}


def test_a_reference_that_hangs_is_named_and_the_catalogue_is_not_written(
    library: Library,
) -> None:
    forge(library.home, "INSERT INTO rights (document, code) VALUES ('gone', 'open')")
    before = changes.last_seq(library.store)
    report = check(library, Asked(whole=True, repair=True))
    assert found(report)["catalog.sqlite3"] == "catalogue-damaged"
    assert changes.last_seq(library.store) == before
    assert report.exit_code == ExitCode.PARTLY_FAILED


def test_a_catalogue_with_a_destroyed_page_is_refused_or_named(home: Home) -> None:
    good = home.database.read_bytes()
    pages = len(good) // 4096
    told = set()
    for page in range(1, pages, max(1, pages // 12)):
        data = bytearray(good)
        data[page * 4096 : (page + 1) * 4096] = b"\xff" * 4096
        home.database.write_bytes(bytes(data))
        told.add(verdict(home))
    assert "well" not in told
    assert "error.store-damaged" in told


def verdict(home: Home) -> str:
    try:
        library = opened(home)
    except InputError as error:
        return error.key
    try:
        problems = check(library, Asked(whole=True)).problems
    except InputError as error:
        return error.key
    finally:
        library.store.close()
    return "named" if problems else "well"


@pytest.mark.slow
def test_flipped_bits_in_records_are_all_found(home: Home) -> None:
    """What SQLite's own check does not see: every flip inside a version's content."""
    connection = sqlite3.connect(home.database)
    texts = [row[0].encode() for row in connection.execute("SELECT content FROM version LIMIT 20")]
    connection.close()
    data, missed, done = home.database.read_bytes(), 0, 0
    for text in texts:
        start = data.find(text)
        if start < 0:
            continue
        for offset in (0, len(text) // 2, len(text) - 1):
            flipped = bytearray(data)
            flipped[start + offset] ^= 1 << (offset % 8)
            home.database.write_bytes(bytes(flipped))
            library = opened(home)
            states = found(check(library, Asked(dry_run=True)))
            library.store.close()
            missed += "record-damaged" not in states.values()
            done += 1
    assert done >= 40
    assert not missed


def test_the_sum_in_the_journal_is_what_was_reported(library: Library) -> None:
    library.home.pdf(a_document(library).id).unlink()
    report = check(library)
    (event,) = changes.events_since(library.store, 0, {"verify.done"})
    assert event.subject == "home"
    assert event.data == json.loads(json.dumps(report.as_json()))
    assert event.data["problems"] == {"missing": 1}


def test_a_new_home_is_well(tmp_path: Path) -> None:
    with open_library(create_library(tmp_path / "new", "en")) as new:
        assert found(check(new)) == {}


def test_a_first_index_that_is_just_being_made_is_no_damage(library: Library) -> None:
    root = library.home.index
    with writing_lock(root):
        begin(root, None)
        assert found(check(library)) == {}
