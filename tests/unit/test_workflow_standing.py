"""``batch status``: where everything is, what waits and for whom."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from olketanu.errors import UsageError
from store import jobs
from store.catalogue import findings, links
from store.catalogue.links import NewLink
from store.database import Store
from store.digitised import batches, documents
from store.digitised import pages as page_rows
from store.digitised.pages import Recognised
from store.disk.owners import RunOwner
from tests.unit.made_library import add_record, library_of, new_store, take_in
from workflow.standing import WAITS, BatchState, batch_status


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with new_store(tmp_path / "home") as opened:
        yield opened


def plan(store: Store) -> None:
    """A page job for every page."""
    with store.transaction() as tx:
        for document in documents.list_documents(store):
            for page in page_rows.list_pages(store, document.id):
                key = f"{document.id} {page.key}"
                jobs.plan(tx, [jobs.new_job(key, "page", document.id, page.key)])


def state(store: Store, name: str = "box-1") -> BatchState:
    return batch_status(library_of(store), name)[0]


def test_a_batch_that_was_just_taken_in_waits_for_the_run(store: Store) -> None:
    first = take_in(store, "box-1", "doc-1", 3)
    take_in(store, "box-1", "doc-2", 1, bytes_=b"12345")
    plan(store)
    found = state(store)
    assert (found.documents, found.pages) == ({"waiting": 2}, {"waiting": 4})
    assert found.inputs == {"done": 2}
    assert found.waits == {"run": 4}
    assert found.bytes == len(b"box-1 doc-1") + 5
    assert found.oldest is not None
    assert (found.oldest.document, found.oldest.name) == (first, "doc-1")
    assert found.oldest.since == documents.get_document(store, first).created


def test_what_a_living_run_has_in_hand_is_told_from_what_a_dead_one_left(store: Store) -> None:
    take_in(store, "box-1", "doc-1", 3)
    plan(store)
    with RunOwner(store.home) as owner:
        with store.transaction() as tx:
            jobs.claim(tx, owner.name, ("page",), 2)
        assert state(store).waits == {"working": 2, "run": 1}
    assert state(store).waits == {"run": 3}


def test_everything_that_waits_for_a_person_is_counted(store: Store) -> None:
    document = take_in(store, "box-1", "doc-1", 3)
    with store.transaction() as tx:
        page_rows.set_recognised(tx, document, "p0001", Recognised("image-only", "TIMEOUT", "k"))
        page_rows.set_recognised(tx, document, "p0002", Recognised("image-only", "NO_TEXT", "k"))
        record = add_record(tx, 1)
        links.propose(tx, NewLink(document, record))
        findings.add_finding(tx, document, "SAME_PICTURE", {"document": "x"})
        findings.add_finding(tx, f"{document}/p0001", "LOW", {})
        findings.add_finding(tx, "elsewhere", "LOW", {})
        for name, status, code in (("a", "quarantined", "EMPTY"), ("b", "waiting", None)):
            batches.set_source(tx, batches.source("box-1", name, state=status, code=code))
    found = state(store)
    assert found.waits == {"files": 1, "refused": 1, "retry": 1, "links": 1, "findings": 2}
    assert list(found.waits) == [name for name in WAITS if name in found.waits]
    assert found.quarantined == 1


def test_batches_are_told_apart_and_all_are_named(store: Store) -> None:
    take_in(store, "box-1", "doc-1", 1)
    take_in(store, "box-2", "doc-1", 2)
    both = batch_status(library_of(store), None)
    assert [(one.batch, one.pages) for one in both] == [
        ("box-1", {"waiting": 1}),
        ("box-2", {"waiting": 2}),
    ]
    with pytest.raises(UsageError):
        state(store, "box-3")


def test_a_batch_that_is_done_waits_for_nothing(store: Store) -> None:
    document = take_in(store, "box-1", "doc-1", 1)
    with store.transaction() as tx:
        page_rows.set_recognised(tx, document, "p0001", Recognised("text", None, "k"))
        documents.finish_document(tx, document, state="done", assembled_key="k", files={})
    found = state(store)
    assert (found.waits, found.oldest) == ({}, None)
    assert found.as_json()["oldest"] is None
