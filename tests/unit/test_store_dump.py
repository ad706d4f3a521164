"""Sidecars and the logical dump: equal work gives equal text, whatever the order and the kills."""

import json
from collections.abc import Sequence
from pathlib import Path

from catalog.record import ControlField, Record
from olketanu.home import Home
from pages.text import Box, PageFrame
from store import changes, jobs
from store.catalogue import findings, links, records
from store.database import Store
from store.digitised import amendments, batches, documents
from store.digitised import pages as page_rows
from store.digitised.amendments import NewAmendment
from store.digitised.documents import NewDocument
from store.digitised.pages import NewPage, Recognised
from store.disk import masters
from store.disk.files import sha256_of, write_durably
from store.dump import logical_dump
from store.sidecars.document import document_sidecar as sidecar
from store.sidecars.files import write_sidecar

ALTO = b"<alto/>"
KEY = "c0" * 32


def work(
    root: Path, order: Sequence[int], *, kills: bool = False, time: str = "2026-01-01T00:00:00Z"
) -> Store:
    """Do the same three documents, finishing them in ``order``."""
    store = Store.create(Home(root / "home"), clock=lambda: time)
    ids = [intake(store, root, number) for number in range(3)]
    with store.transaction() as tx:
        jobs.plan(tx, [jobs.new_job(f"k{i}", "page", i, "p0001") for i in ids])
    for number in order:
        if kills:
            with store.transaction() as tx:
                jobs.claim(tx, "dead", {"page"}, 3)
                jobs.release_dead(tx, lambda _: False)
        recognise(store, ids[number])
    with store.transaction() as tx:
        documents.settle(tx, "b")
    for identifier in documents_settled(store):
        catalogue(store, identifier)
    return store


def intake(store: Store, root: Path, number: int) -> str:
    source = root / f"{number}.tif"
    source.write_bytes(f"scan {number}".encode())
    master = masters.place_master(store.home, source, type="tiff")
    frame = PageFrame(master.sha256, 0, None, 0, 10, 10, 300)
    with store.transaction() as tx:
        batches.add_batch(tx, "b", "/scans/b")
        masters.add_master(tx, master)
        document = documents.add_document(tx, NewDocument("b", source.name, master.sha256))
        page_rows.add_pages(tx, document.id, [NewPage(frame)])
        batches.set_source(
            tx,
            batches.source(
                "b",
                source.name,
                sha256=master.sha256,
                size=master.size,
                state="done",
                document=document.id,
            ),
        )
    return document.id


def recognise(store: Store, identifier: str) -> None:
    alto = store.home.recognised(identifier, "p0001", KEY)
    write_durably(alto, ALTO)
    outcome = Recognised("text", None, KEY, sha256_of(alto), 0.9, ("kaz",), 5)
    pdf = store.home.pdf(identifier)
    write_durably(pdf, identifier.encode())
    with store.transaction() as tx:
        (job,) = [j for j in jobs.claim(tx, "run", {"page"}, 9) if j.document == identifier]
        jobs.finish(tx, job.key, "run", {"seconds": 1})
        jobs.release(tx, "run")
        page_rows.set_recognised(tx, identifier, "p0001", outcome)
        files = {pdf.name: sha256_of(pdf)}
        documents.finish_document(tx, identifier, state="done", assembled_key="a", files=files)


def documents_settled(store: Store) -> list[str]:
    return [e.subject for e in changes.events_since(store, 0, {"document.settled"})]


def catalogue(store: Store, identifier: str) -> None:
    record = Record("rusmarc", " " * 24, (ControlField("001", identifier),))
    with store.transaction() as tx:
        change_set = changes.new_change_set(tx, "draft")
        new = records.NewRecord(record, "books", identifier, raw=b"raw")
        stored = records.create_record(tx, new, change_set)
        link = links.propose(tx, links.NewLink(identifier, stored.id, evidence=[{"page": "p0001"}]))
        links.accept(tx, link.id)
        amendment = NewAmendment(identifier, "p0001", "text", Box(0, 0, 1, 1), "а", "ә")
        amendments.add_amendment(tx, amendment, change_set)
        findings.add_finding(tx, identifier, "check", {"n": 1})
    write_sidecar(store, identifier)


def test_order_kills_and_attempts_do_not_show_in_the_dump(tmp_path: Path) -> None:
    roots = [tmp_path / "1", tmp_path / "2"]
    for root in roots:
        root.mkdir()
    straight = work(roots[0], [0, 1, 2])
    stormy = work(roots[1], [2, 0, 1], kills=True)
    dumps = [logical_dump(store) for store in (straight, stormy)]
    assert dumps[0] == dumps[1]
    assert "\nsettled\t" in dumps[0]
    assert "document.json" in dumps[0]
    straight.close()
    stormy.close()


def without_sidecars(dump: str) -> list[str]:
    return [line for line in dump.splitlines() if "document.json" not in line]


def test_the_time_does_not_show_in_the_dump_but_a_changed_file_does(tmp_path: Path) -> None:
    first, second = tmp_path / "1", tmp_path / "2"
    first.mkdir()
    second.mkdir()
    early, late = work(first, [0, 1, 2]), work(second, [0, 1, 2], time="2027-01-01T00:00:00Z")
    before = logical_dump(late)
    assert "2027-01" not in before
    # A sidecar holds times, so its hash differs between runs at different times.
    assert without_sidecars(logical_dump(early)) == without_sidecars(before)
    document = documents.list_documents(late)[1].id
    write_durably(late.home.pdf(document), b"flipped")
    assert logical_dump(late) != before
    late.home.pdf(document).unlink()
    assert '"missing"' in logical_dump(late)
    early.close()
    late.close()


def test_a_changed_row_shows_in_the_dump(tmp_path: Path) -> None:
    store = work(tmp_path, [0, 1, 2])
    before = logical_dump(store, events=False)
    with store.transaction() as tx:
        documents.update_document(tx, documents_settled(store)[0], title="Қарағанды")
    assert logical_dump(store, events=False) != before
    store.close()


def test_a_sidecar_holds_what_the_rows_say(tmp_path: Path) -> None:
    store = work(tmp_path, [0, 1, 2])
    identifier = documents_settled(store)[0]
    found = json.loads(store.home.sidecar(identifier).read_bytes())
    assert found["document"]["id"] == identifier
    assert found["pages"][0]["recognised_key"] == KEY
    assert found["masters"][0]["sha256"] == found["pages"][0]["frame"]["master"]
    assert found["rights"] is None  # nobody has set any: closed
    assert found["amendments"][0]["new"] == "ә"
    assert found["amendments"][0]["change_set"]["reason"] == "draft"
    assert found["links"][0]["status"] == "accepted"
    assert found["records"][0]["versions"][0]["raw"] == "cmF3"
    assert found["sources"][0]["state"] == "done"
    assert found["findings"][0]["code"] == "check"
    store.close()


def test_a_sidecar_is_written_only_when_it_says_something_new(tmp_path: Path) -> None:
    store = work(tmp_path, [0, 1, 2])
    identifier = documents_settled(store)[0]
    path = store.home.sidecar(identifier)
    before = path.stat().st_ino
    assert write_sidecar(store, identifier) == sha256_of(path)
    assert path.stat().st_ino == before
    with store.transaction() as tx:
        documents.update_document(tx, identifier, title="Қарағанды")
    write_sidecar(store, identifier)
    assert path.read_bytes() == sidecar(store, identifier)
    assert "Қарағанды".encode() in path.read_bytes()
    store.close()


def test_a_file_without_its_row_is_harmless(tmp_path: Path) -> None:
    store = work(tmp_path, [0, 1, 2])
    before = logical_dump(store)
    orphan = tmp_path / "orphan.tif"
    orphan.write_bytes(b"placed, then killed before the row")
    master = masters.place_master(store.home, orphan)
    assert logical_dump(store) == before
    assert master not in masters.list_masters(store)
    with store.transaction() as tx:
        assert masters.add_master(tx, masters.place_master(store.home, orphan))
    store.close()
