"""Rows of the library: documents, pages, records, links, amendments, findings, rights."""

import datetime
import sqlite3
import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from catalog.record import ControlField, DataField, Record, Subfield, record_hash
from catalog.rights import Rights
from olketanu.errors import LockedError, UsageError
from olketanu.home import Home
from pages.text import Box, PageFrame
from store import changes, identifiers
from store.catalogue import findings, links, records
from store.database import Store, Transaction
from store.digitised import amendments, batches, documents, rights
from store.digitised import pages as page_rows
from store.digitised.documents import NewDocument
from store.digitised.pages import NewPage, Recognised
from store.disk import masters

TIME = "2026-11-23T09:00:00Z"
SHA = "ab" * 32
FRAME = PageFrame(SHA, 0, Box(1, 2, 30, 40), 1, 29, 38, 300)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.create(Home(tmp_path), clock=lambda: TIME) as opened:
        with opened.transaction() as tx:
            batches.add_batch(tx, "қазан", "/scans/қазан")
            masters.add_master(tx, masters.Master(SHA, 10, "tiff"))
        yield opened


def take_in(store: Store, name: str, pages: int = 1) -> documents.Document:
    with store.transaction() as tx:
        document = documents.add_document(tx, NewDocument("қазан", name, SHA))
        page_rows.add_pages(tx, document.id, [NewPage(FRAME)] * pages)
    return document


def finish(store: Store, document: str, key: str = "k1", state: str = "done") -> None:
    with store.transaction() as tx:
        documents.finish_document(tx, document, state=state, assembled_key=key, files={})


def settle(store: Store) -> list[str]:
    with store.transaction() as tx:
        return documents.settle(tx, "қазан")


def make_record(title: str = "Қарағанды") -> Record:
    title_field = DataField("200", "1 ", (Subfield("a", title),))
    return Record("rusmarc", " " * 24, (ControlField("001", "42"), title_field))


def enter(store: Store, key: str = "42", **more: object) -> records.StoredRecord:
    with store.transaction() as tx:
        new = replace(records.NewRecord(make_record(), "books", key), **more)  # type: ignore[arg-type]  # fields by name
        return records.create_record(tx, new, changes.new_change_set(tx, "test"))


def kinds(store: Store) -> list[str]:
    return [event.kind for event in changes.events_since(store, 0)]


def test_a_document_taken_in_twice_is_one(store: Store) -> None:
    first, again = take_in(store, "газета"), None
    with store.transaction() as tx:
        again = documents.add_document(tx, NewDocument("қазан", "газета", SHA))
    assert again == documents.get_document(store, first.id)
    assert identifiers.is_valid(first.id)
    assert (first.position, first.created, first.state) == (1, TIME, "waiting")


def test_two_documents_whose_ids_collide_both_get_one(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken = take_in(store, "a").id

    def colliding(batch: str, name: str, master: str, attempt: int = 0) -> str:
        return identifiers.document_id(batch, name, master, attempt) if attempt else taken

    monkeypatch.setattr(documents, "document_id", colliding)
    other = take_in(store, "b").id
    assert other == identifiers.document_id("қазан", "b", SHA, 1) != taken


def test_documents_are_announced_in_order_of_intake_only(store: Store) -> None:
    a, b, c = (take_in(store, name).id for name in "abc")
    finish(store, c)
    finish(store, b)
    assert settle(store) == []
    finish(store, a, state="done-with-gaps")
    assert settle(store) == [a, b, c]
    assert settle(store) == []


def test_a_document_made_anew_is_announced_as_changed(store: Store) -> None:
    a = take_in(store, "a").id
    finish(store, a)
    settle(store)
    assert documents.get_document(store, a).settled
    finish(store, a, "k2")
    assert not documents.get_document(store, a).settled
    assert settle(store) == [a]
    assert [k for k in kinds(store) if k in {"document.settled", "document.changed"}] == [
        "document.settled",
        "document.changed",
    ]


def test_what_is_so_already_writes_nothing(store: Store) -> None:
    a = take_in(store, "a").id
    outcome = Recognised("text", None, "k" * 64, SHA, 0.9, ("kaz", "rus"), 12)
    file = batches.source("қазан", "a.tif", sha256=SHA, state="done", document=a)

    def everything(tx: Transaction) -> None:
        documents.update_document(tx, a, title="Т", manifest={"ә": 1}, profile={"p": [1]})
        page_rows.set_recognised(tx, a, "p0001", outcome)
        batches.set_source(tx, file)
        rights.set_rights(tx, a, Rights("open"))
        masters.add_master(tx, masters.Master(SHA, 10, "tiff"))
        findings.add_finding(tx, a, "blank", {"page": 1})
        documents.finish_document(tx, a, state="done", assembled_key="k", files={"x": SHA})

    with store.transaction() as tx:
        everything(tx)
    before = changes.last_seq(store)
    with store.transaction() as tx:
        everything(tx)
    assert changes.last_seq(store) == before
    found = documents.get_document(store, a)
    assert (found.manifest, found.profile) == ({"ә": 1}, {"p": [1]})
    assert page_rows.get_page(store, a, "p0001").recognised == outcome


def test_every_state_of_a_source_is_counted(store: Store) -> None:
    with store.transaction() as tx:
        for number, state in enumerate(batches.SOURCE_STATES):
            code = "truncated" if state == "quarantined" else None
            batches.set_source(tx, batches.source("қазан", str(number), state=state, code=code))
    assert batches.count_sources(store, "қазан") == dict.fromkeys(batches.SOURCE_STATES, 1)
    assert [s.code for s in batches.list_sources(store, "қазан", "quarantined")] == ["truncated"]


def test_a_name_that_is_no_text_is_kept_byte_by_byte(store: Store) -> None:
    name = b"\xca\xe0\xf0\xf2\xe0.tif".decode("utf-8", "surrogateescape")
    decomposed = unicodedata.normalize("NFD", "й.tif")
    with store.transaction() as tx:
        batches.set_source(tx, batches.source("қазан", name))
        batches.set_source(tx, batches.source("қазан", decomposed))
    found = batches.find_source(store, "қазан", name)
    assert found is not None
    assert found.raw_name == b"\xca\xe0\xf0\xf2\xe0.tif"
    assert batches.find_source(store, "қазан", decomposed) == batches.source("қазан", decomposed)
    assert {s.name for s in batches.list_sources(store, "қазан")} >= {"й.tif"}


def test_a_batch_name_belongs_to_one_folder(store: Store) -> None:
    with store.transaction() as tx:
        assert batches.add_batch(tx, "қазан", "/scans/қазан").created == TIME
        with pytest.raises(UsageError) as caught:
            batches.add_batch(tx, "қазан", "/other")
    assert caught.value.key == "error.batch-name-taken"
    assert batches.get_batch(store, "қазан").path == "/scans/қазан"


def test_page_keys_stay_when_the_order_changes(store: Store) -> None:
    a = take_in(store, "a", pages=3).id
    with store.transaction() as tx:
        page_rows.reorder_pages(tx, a, ["p0003", "p0001", "p0002"])
        page_rows.add_pages(tx, a, [NewPage(FRAME, "IV")])
        with pytest.raises(UsageError):
            page_rows.reorder_pages(tx, a, ["p0001"])
    found = page_rows.list_pages(store, a)
    assert [p.key for p in found] == ["p0003", "p0001", "p0002", "p0004"]
    assert found[0].frame == FRAME
    assert page_rows.count_pages(store, batch="қазан")["waiting"] == 4


def test_unknown_things_are_named(store: Store) -> None:
    with store.transaction() as tx, pytest.raises(UsageError, match="unknown-document"):
        documents.update_document(tx, "nothing", title="x")
    with store.transaction() as tx, pytest.raises(TypeError, match="created"):
        documents.update_document(tx, "nothing", created="x")
    with pytest.raises(UsageError, match="unknown-page"):
        page_rows.get_page(store, "x", "p0001")
    with pytest.raises(UsageError, match="unknown-record"):
        records.get_record(store, "x")
    with pytest.raises(UsageError, match="unknown-link"):
        links.get_link(store, "x")


@pytest.mark.parametrize("table", ["document", "record", "master", "version"])
def test_nothing_that_is_true_is_deleted(store: Store, table: str) -> None:
    take_in(store, "a")
    enter(store)
    with (
        pytest.raises(sqlite3.IntegrityError, match=r"append-only|never reused|immutable"),
        store.transaction() as tx,
    ):
        tx.keep_books(f"DELETE FROM {table}")  # noqa: S608 - a name of this test
    assert len(store.rows(f"SELECT * FROM {table}")) == 1  # noqa: S608 - a name of this test


def test_a_version_is_never_changed(store: Store) -> None:
    stored = enter(store)
    with pytest.raises(sqlite3.IntegrityError, match="append-only"), store.transaction() as tx:
        tx.keep_books("UPDATE version SET content = '{}'")
    assert records.get_record(store, stored.id).record == make_record()


def test_a_record_keeps_its_first_bytes_and_every_version(store: Store) -> None:
    stored = enter(store, raw=b"\x1d", identifiers=(("isbn", "9785"), ("001", "42")))
    with store.transaction("aigul") as tx:
        change_set = changes.new_change_set(tx, "қате")
        records.save_version(
            tx, stored.id, make_record("Теміртау"), parent=1, change_set=change_set
        )
    first, second = records.list_versions(store, stored.id)
    assert (first.raw, first.parent, first.record) == (b"\x1d", None, make_record())
    assert (second.raw, second.parent, second.actor, second.reason) == (None, 1, "aigul", "қате")
    assert second.sha256 == record_hash(make_record("Теміртау"))
    assert records.find_by_identifier(store, "isbn", "9785") == [stored.id]
    assert records.edited_by_people(store, stored.id)


def test_who_saves_upon_an_older_version_is_refused(store: Store) -> None:
    stored = enter(store)
    with store.transaction() as tx:
        change_set = changes.new_change_set(tx, "test")
        records.save_version(tx, stored.id, make_record("1"), parent=1, change_set=change_set)
        with pytest.raises(LockedError) as caught:
            records.save_version(tx, stored.id, make_record("2"), parent=1, change_set=change_set)
    assert caught.value.key == "error.record-changed"
    assert len(records.list_versions(store, stored.id)) == 2


def test_the_same_content_is_no_new_version(store: Store) -> None:
    stored = enter(store)
    with store.transaction() as tx:
        again = records.save_version(tx, stored.id, make_record(), parent=1, change_set=1)
    assert again == stored
    assert not records.edited_by_people(store, stored.id)


def test_a_catalogue_has_one_record_of_a_key(store: Store) -> None:
    stored = enter(store)
    assert records.next_record_id(store, "books", "42") == stored.id
    with pytest.raises(UsageError, match="record-exists"):
        enter(store)
    assert identifiers.is_valid(records.next_record_id(store, "books", "43"))


def test_records_are_listed_by_status_and_catalogue(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(records, "_PORTION", 2)
    entered = [enter(store, str(number)) for number in range(5)]
    with store.transaction() as tx:
        records.add_membership(tx, entered[0].id, "local_history")
        records.set_status(tx, entered[1].id, "merged", merged_into=entered[0].id)
    assert [r.id for r in records.iterate_records(store)] == sorted(r.id for r in entered)
    assert [r.catalogues for r in records.list_records(store, catalogue="local_history")] == [
        ("books", "local_history")
    ]
    assert [r.merged_into for r in records.list_records(store, "merged")] == [entered[0].id]


def test_a_rejected_link_is_never_proposed_again(store: Store) -> None:
    document, record = take_in(store, "a").id, enter(store).id
    new = links.NewLink(document, record, evidence=[{"isbn": "9785"}], score=0.5)
    with store.transaction() as tx:
        link = links.propose(tx, new)
        assert links.propose(tx, replace(new, score=0.7)).score == 0.7
    with store.transaction("aigul") as tx:
        links.reject(tx, link.id)
    before = changes.last_seq(store)
    with store.transaction() as tx:
        again = links.propose(tx, replace(new, score=1.0))
    assert (again.id, again.status, again.decided_by, again.score) == (
        link.id,
        "rejected",
        "aigul",
        0.7,
    )
    assert changes.last_seq(store) == before
    with store.transaction("aigul") as tx:
        assert links.accept(tx, link.id).status == "accepted"
    assert [k for k in kinds(store) if k.startswith("link.")] == [
        "link.proposed",
        "link.proposed",
        "link.rejected",
        "link.accepted",
    ]


def test_an_amendment_without_anchor_is_a_finding_until_it_fits_again(store: Store) -> None:
    a = take_in(store, "a").id
    with store.transaction("aigul") as tx:
        change_set = changes.new_change_set(tx, "қате")
        new = amendments.NewAmendment(a, "p0001", "text", Box(1, 2, 3, 4), "Караганды", "Қарағанды")
        kept = amendments.add_amendment(tx, new, change_set)
        amendments.add_amendment(tx, replace(new, old="кала", new="қала"), change_set)
    for _ in range(2):
        with store.transaction() as tx:
            amendments.mark_applied(tx, a, "p0001", [kept.id])
        (finding,) = findings.list_findings(store, f"{a}/p0001")
        assert (finding.code, finding.facts["new"]) == (amendments.UNAPPLIED, "Қарағанды")
        assert [x.applied for x in amendments.list_amendments(store, a)] == [False, True]
        with store.transaction() as tx:
            amendments.mark_applied(tx, a, "p0001", [])
        assert findings.list_findings(store, status="open") == []


def test_a_finding_that_is_done_stays_done(store: Store) -> None:
    with store.transaction() as tx:
        finding = findings.add_finding(tx, "s", "odd", {"n": 1})
        findings.close_finding(tx, finding.id)
        assert findings.add_finding(tx, "s", "odd", {"n": 1}).status == "done"
        findings.add_finding(tx, "s", "odd", {"n": 2})
        assert findings.close_findings(tx, "s") == 1
    assert findings.list_findings(store) == []
    assert len(findings.list_findings(store, status=None)) == 2


def test_rights_are_closed_until_somebody_sets_them(store: Store) -> None:
    a = take_in(store, "a").id
    assert rights.get_rights(store, a) == Rights()
    until = Rights("until", datetime.date(2030, 1, 31), "15/2026")
    with store.transaction() as tx:
        assert rights.set_rights(tx, a, Rights())
        assert rights.set_rights(tx, a, until)
    assert rights.get_rights(store, a) == until
