"""A catalogue made again from the files says what the lost one said; what is damaged is named."""

import hashlib
import shutil
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from olketanu.errors import InputError, LockedError
from olketanu.home import Home
from store import changes
from store.catalogue import links, records
from store.database import Store
from store.digitised import amendments, batches, documents
from store.disk import masters
from store.disk.owners import RunOwner
from store.dump import logical_dump
from store.sidecars.batch import batch_name
from store.sidecars.files import expected
from store.sidecars.form import line, page, read_line, read_page
from tests.unit.made_library import Silent, make_library
from workflow.backup.rebuild import rebuild_catalogue
from workflow.sidecars import write_sidecars

ROOT = Path(__file__).parents[2]


def sidecars(root: Path) -> dict[str, str]:
    found = [*(root / "sidecars").rglob("*"), *(root / "objects").rglob("document.json")]
    return {
        path.relative_to(root).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in found
        if path.is_file()
    }


def everything(store: Store) -> dict[str, list[tuple[object, ...]]]:
    """Every row with its times and numbers, but what only leases, attempts and checks decide."""
    plain = {
        "event": "*",
        "cursor": "*",
        "master": "*",
        "batch": "*, rowid",
        "source_file": "batch, raw_name, name, sha256, size, state, code, document, rowid",
        "document": "*",
        "page": "*",
        "page_frame": "*",
        "record": "*",
        "membership": "*",
        "identifier": "*",
        "link": "*",
        "finding": "*",
        "rights": "*",
        "member": "*",
        "job": "key, kind, document, page, document_seq, state, code",
    }
    found = {
        table: store.rows(f"SELECT {columns} FROM {table} ORDER BY 1, 2")  # noqa: S608 - names above
        for table, columns in plain.items()
    }
    found["version"] = store.rows(
        "SELECT record, n, parent, sha256, content, raw, version.time, change_set.time, actor, "
        "reason FROM version JOIN change_set ON change_set.id = change_set ORDER BY 1, 2"
    )
    found["amendment"] = store.rows(
        "SELECT amendment.id, document, page, kind, box, old, new, applied, time, actor, reason "
        "FROM amendment JOIN change_set ON change_set.id = change_set ORDER BY 1"
    )
    return {table: [tuple(row) for row in rows] for table, rows in found.items()}


@pytest.fixture(scope="module")
def made_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("made").resolve() / "home"
    with make_library(root) as made:
        write_sidecars(made)
    return root


@pytest.fixture
def store(made_home: Path, tmp_path: Path) -> Iterator[Store]:
    root = tmp_path.resolve() / "home"
    shutil.copytree(made_home, root)
    with Store.open(Home(root)) as opened:
        yield opened


def lose_database(store: Store) -> None:
    store.close()
    for path in store.home.root.glob("catalog.sqlite3*"):
        path.unlink()


def test_the_rebuilt_catalogue_says_what_the_lost_one_said(store: Store) -> None:
    dump, rows, files = logical_dump(store), everything(store), sidecars(store.home.root)
    assert dict(expected(store)) == files
    lose_database(store)
    report = rebuild_catalogue(store.home, Silent())
    assert report.damaged == ()
    assert report.missing_masters == ()
    with Store.open(store.home) as again:
        found = everything(again)
        assert {t: r for t, r in found.items() if r != rows[t]} == {}
        assert logical_dump(again) == dump
        assert changes.broken_chain(again) is None
        assert again.check() == []
        assert write_sidecars(again) == 0
    assert sidecars(store.home.root) == files
    assert (report.documents, report.records, report.batches) == (3, 12, 2)
    assert report.events == len(rows["event"])


KINDS = {
    "document": "objects/*/document.json",
    "records": "sidecars/records/*.jsonl",
    "batch": "sidecars/batches/*.json",
    "journal": "sidecars/journal/0*.jsonl",
    "head": "sidecars/journal/head.json",
    "findings": "sidecars/findings.json",
    "staff": "sidecars/staff.json",
}


def flip(path: Path) -> None:
    """Turn one letter of a value in the middle line into another, so that it stays JSON."""
    lines = path.read_bytes().split(b"\n")
    number = len(lines) // 2 - (not lines[len(lines) // 2])
    place = max(number, 0)
    while b'"' not in lines[place] or lines[place].strip()[1:7] == b"digest":
        place += 1
    end = lines[place].rindex(b'"')
    letter = lines[place][end - 1]
    lines[place] = lines[place][: end - 1] + bytes([letter ^ 1]) + lines[place][end:]
    path.write_bytes(b"\n".join(lines))


def rebuilt_after_damage(store: Store, path: Path) -> set[str]:
    """Rebuild, see that the loss is known to the journal and nothing else is wrong; the codes."""
    name = path.relative_to(store.home.root).as_posix()
    data = path.read_bytes() if path.is_file() else None
    lose_database(store)
    report = rebuild_catalogue(store.home, Silent())
    places = {place.split(":")[0] for place, _ in report.damaged}
    assert name in places <= {name, "sidecars/journal/head.json"}
    with Store.open(store.home) as again:
        loss = changes.events_since(again, 0, {"restore.loss"})[-1]
        assert loss.seq == changes.last_seq(again)
        assert loss.data["damaged"] == [list(item) for item in report.damaged]
        assert changes.broken_chain(again) is None
        assert again.check() == []
        assert dict(expected(again)).items() <= sidecars(store.home.root).items()
        assert write_sidecars(again) == 0
        dump = logical_dump(again)
    if data is not None and report.replaced is not None:
        assert (report.replaced / name).read_bytes() == data
    lose_database(again)
    second = rebuild_catalogue(store.home, Silent())
    with Store.open(store.home) as third:
        assert logical_dump(third) == dump
    assert second.damaged == ()  # a loss is named once
    return {code for _, code in report.damaged}


@pytest.mark.parametrize("kind", KINDS)
def test_a_changed_byte_is_named_and_the_rest_is_rebuilt(store: Store, kind: str) -> None:
    before = logical_dump(store, events=False).splitlines()
    path = sorted(store.home.root.glob(KINDS[kind]))[0]
    flip(path)
    assert rebuilt_after_damage(store, path) <= {"digest", "no-json"}
    with Store.open(store.home) as again:
        after = logical_dump(again, events=False).splitlines()
    lost = {line.split("\t")[0] for line in set(before) - set(after)} - {"file"}
    assert (
        lost
        == {
            "document": {"document", "page", "page_frame", "source_file"} | lost,
            "records": {"record", "version", "membership", "identifier"} & lost,
            "batch": {"source_file"},
            "journal": set(),
            "head": set(),
            "findings": {"finding"},
            "staff": {"member"},
        }[kind]
    )


@pytest.mark.parametrize("kind", KINDS)
def test_a_lost_sidecar_is_named_and_the_rest_is_rebuilt(store: Store, kind: str) -> None:
    path = sorted(store.home.root.glob(KINDS[kind]))[0]
    path.unlink()
    if kind == "findings":  # nothing else speaks of it
        lose_database(store)
        assert rebuild_catalogue(store.home, Silent()).damaged == ()
    else:
        assert rebuilt_after_damage(store, path) <= {"missing", "events-lost"}


def test_hashes_of_passwords_are_for_their_owner_alone(store: Store) -> None:
    sidecar = store.home.staff_sidecar
    assert stat.S_IMODE(sidecar.stat().st_mode) == 0o600
    flip(sidecar)
    lose_database(store)
    report = rebuild_catalogue(store.home, Silent())
    assert report.replaced is not None
    kept = report.replaced / sidecar.relative_to(store.home.root)
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600


def test_a_lost_document_waits_to_be_taken_in_again(store: Store) -> None:
    document = documents.list_documents(store)[0]
    store.home.sidecar(document.id).unlink()
    lose_database(store)
    rebuild_catalogue(store.home, Silent())
    with Store.open(store.home) as again:
        states = {s.name: s.state for s in batches.list_sources(again, document.batch)}
    assert states == {"gazeta": "waiting", "кітап.tif": "done"}


def test_a_journal_cut_at_its_end_goes_on_behind_the_numbers_it_had(store: Store) -> None:
    path = store.home.journal_segment(1)
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(lines[:-3]))
    last = changes.last_seq(store)
    lose_database(store)
    report = rebuild_catalogue(store.home, Silent())
    assert ("sidecars/journal/head.json", "events-lost") in report.damaged
    with Store.open(store.home) as again:
        (loss,) = changes.events_since(again, 0, {"restore.loss"})
        assert loss.seq == last + 1
        assert loss.data["events"] == [[last - 2, last]]
        gone = changes.events_since(again, 0, {"event.lost"})
        assert [event.seq for event in gone] == [last - 2, last - 1, last]
        assert changes.broken_chain(again) is None


def test_an_event_that_was_changed_with_its_digest_breaks_the_chain(store: Store) -> None:
    path = store.home.journal_segment(1)
    lines = path.read_bytes().splitlines(keepends=True)
    lines[4] = line(read_line(lines[4]) | {"actor": "nobody"})
    path.write_bytes(b"".join(lines))
    lose_database(store)
    report = rebuild_catalogue(store.home, Silent())
    assert report.damaged == (("sidecars/journal/000001.jsonl", "chain"),)
    with Store.open(store.home) as again:
        assert changes.broken_chain(again) is None
        assert changes.events_since(again, 4)[0].actor == "nobody"


def test_the_record_with_more_versions_wins(store: Store) -> None:
    record = links.list_links(store, status="accepted")[0].record
    bucket = store.home.record_sidecar(record[:2])
    older = [read_line(text) for text in bucket.read_bytes().splitlines()]
    wanted = records.list_versions(store, record)
    for form in older:
        form["versions"] = form["versions"][:1]
    bucket.write_bytes(b"".join(line(form) for form in older))
    lose_database(store)
    assert rebuild_catalogue(store.home, Silent()).damaged == ()
    with Store.open(store.home) as again:
        found = records.list_versions(again, record)
    assert [version.sha256 for version in found] == [version.sha256 for version in wanted]
    assert len(found) == 2


def test_a_record_of_another_content_than_its_hash_is_left_out(store: Store) -> None:
    record = links.list_links(store, status="proposed")[-1].record
    bucket = store.home.record_sidecar(record[:2])
    forms = [read_line(text) for text in bucket.read_bytes().splitlines()]
    forms[0]["versions"][0]["record"]["leader"] = "1" * 24
    bucket.write_bytes(b"".join(line(form) for form in forms))
    lose_database(store)
    report = rebuild_catalogue(store.home, Silent())
    assert report.damaged == ((f"sidecars/records/{record[:2]}.jsonl:1", "unfit"),)
    with Store.open(store.home) as again:
        assert records.get_record(again, record).record.leader == "0" * 24  # from its document


def test_a_document_that_does_not_fit_takes_nothing_with_it(store: Store) -> None:
    """Its change set was made with it; the next document's amendment belongs to the same."""
    first, _, third = (store.home.sidecar(d.id) for d in documents.list_documents(store))
    unfit, other = read_page(first.read_bytes()), read_page(third.read_bytes())
    other["amendments"][0]["change_set"] = unfit["amendments"][0]["change_set"]
    unfit["links"].append({})
    first.write_bytes(page(unfit))
    third.write_bytes(page(other))
    lose_database(store)
    report = rebuild_catalogue(store.home, Silent())
    assert (first.relative_to(store.home.root).as_posix(), "unfit") in report.damaged
    assert report.documents == 2
    with Store.open(store.home) as again:
        assert again.check() == []
        assert len(amendments.list_amendments(again, third.parent.name)) == 1
        assert batches.list_sources(again, "2026-01", "waiting") != []


def test_a_batch_that_only_a_lost_document_named_is_lost_with_it(store: Store) -> None:
    document = documents.list_documents(store, batch="2026-02")[0].id
    unfit = read_page(store.home.sidecar(document).read_bytes())
    unfit["pages"][0]["position"] = {"no": "number"}
    store.home.sidecar(document).write_bytes(page(unfit))
    store.home.batch_sidecar(batch_name("2026-02")).unlink()
    lose_database(store)
    report = rebuild_catalogue(store.home, Silent())
    assert {code for _, code in report.damaged} == {"unfit", "missing"}
    with Store.open(store.home) as again:
        assert [batch.name for batch in batches.list_batches(again)] == ["2026-01"]
        (loss,) = changes.events_since(again, 0, {"restore.loss"})
        assert loss.data["lost"] == {
            "batches": ["2026-02"],
            "documents": [document],
            "records": [],
        }


def test_missing_masters_are_named(store: Store) -> None:
    hashes = [master.sha256 for master in masters.list_masters(store)]
    store.home.master(hashes[0]).unlink()
    store.home.master(hashes[1]).chmod(0o644)
    store.home.master(hashes[1]).write_bytes(b"short")
    lose_database(store)
    assert rebuild_catalogue(store.home, Silent()).missing_masters == tuple(hashes[:2])


def test_the_old_catalogue_is_kept_aside(store: Store) -> None:
    store.close()
    store.home.database.write_bytes(b"no database any more")
    store.home.database.with_name("catalog.sqlite3-wal").write_bytes(b"its log")
    report = rebuild_catalogue(store.home, Silent())
    assert report.replaced is not None
    assert (report.replaced / "catalog.sqlite3").read_bytes() == b"no database any more"
    assert (report.replaced / "catalog.sqlite3-wal").read_bytes() == b"its log"
    with Store.open(store.home) as again:
        assert again.check() == []


def test_nothing_is_rebuilt_while_a_run_is_at_work(store: Store) -> None:
    before = store.home.database.read_bytes()
    with RunOwner(store.home), pytest.raises(LockedError) as caught:
        rebuild_catalogue(store.home, Silent())
    assert caught.value.key == "error.rebuild-locked"
    assert store.home.database.read_bytes() == before
    store.close()


def test_without_a_readable_sidecar_the_old_catalogue_stays(store: Store) -> None:
    for pattern in KINDS.values():
        for path in store.home.root.glob(pattern):
            path.write_bytes(b"gone")
    store.close()
    before = store.home.database.read_bytes()
    with pytest.raises(InputError) as caught:
        rebuild_catalogue(store.home, Silent())
    assert caught.value.key == "error.nothing-to-rebuild"
    assert store.home.database.read_bytes() == before


KILLED = """
import os, signal, sys
from pathlib import Path
from olketanu.home import Home
from tests.unit.made_library import Silent
from workflow.backup import rebuild

def kill(*arguments, **named):
    os.kill(os.getpid(), signal.SIGKILL)

place = sys.argv[2]
if place == "step":
    Silent.step = kill
else:
    setattr(rebuild, place, kill)
rebuild.rebuild_catalogue(Home(Path(sys.argv[1])), Silent())
"""


@pytest.mark.parametrize(
    "place", ["step", "_set_aside", "sync_folder", "place_durably", "_write_all_sidecars"]
)
def test_a_killed_rebuild_is_taken_up_and_the_old_catalogue_kept(store: Store, place: str) -> None:
    flip(store.home.journal_segment(1))  # so that the sidecars are written anew as well
    store.close()
    old = hashlib.sha256(store.home.database.read_bytes()).hexdigest()
    command = [sys.executable, "-c", KILLED, str(store.home.root), place]
    done = subprocess.run(command, cwd=ROOT, timeout=300, check=False, capture_output=True)
    assert done.returncode == -signal.SIGKILL, done.stderr
    report = rebuild_catalogue(store.home, Silent())
    assert report.documents == 3
    with Store.open(store.home) as again:
        write_sidecars(again)
        assert again.check() == []
        assert changes.broken_chain(again) is None
        assert dict(expected(again)).items() <= sidecars(store.home.root).items()
    kept = [store.home.database, *store.home.replaced.glob("*/catalog.sqlite3")]
    assert old in {hashlib.sha256(path.read_bytes()).hexdigest() for path in kept}
    assert list(store.home.runs.iterdir()) == []
