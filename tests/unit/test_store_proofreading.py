"""What people say of the text of a page: taken back, read, waiting to be read."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from olketanu.errors import UsageError
from olketanu.home import Home
from pages.text import Box, PageFrame
from store import changes
from store.catalogue import findings
from store.database import Store
from store.digitised import amendments, batches, documents, proofreading
from store.digitised import pages as page_rows
from store.digitised.documents import NewDocument
from store.digitised.pages import NewPage, Recognised
from store.disk import masters

SHA = "ab" * 32


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.create(Home(tmp_path)) as opened:
        with opened.transaction() as tx:
            batches.add_batch(tx, "b", "/scans/b")
            masters.add_master(tx, masters.Master(SHA, 10, "tiff"))
        yield opened


def take_in(store: Store, pages: int = 1) -> str:
    with store.transaction() as tx:
        document = documents.add_document(tx, NewDocument("b", "a", SHA)).id
        frame = PageFrame(SHA, 0, None, 0, 30, 40, 300)
        page_rows.add_pages(tx, document, [NewPage(frame)] * pages)
    return document


def kinds(store: Store) -> list[str]:
    return [event.kind for event in changes.events_since(store, 0)]


def test_a_correction_taken_back_is_gone_and_stays_in_the_journal(store: Store) -> None:
    a = take_in(store)
    new = amendments.NewAmendment(a, "p0001", "text", Box(1, 2, 3, 4), "Караганды", "Қарағанды")
    with store.transaction("aigul") as tx:
        change_set = changes.new_change_set(tx, "қате")
        first = amendments.add_amendment(tx, new, change_set)
        amendments.add_amendment(tx, replace(new, new="Қарағандыда"), change_set)
        amendments.mark_applied(tx, a, "p0001", [first.id])
        amendments.withdraw_amendment(tx, new)
    assert [one.new for one in amendments.list_amendments(store, a)] == ["Қарағандыда"]
    assert findings.list_findings(store) == []
    assert [k for k in kinds(store) if k.startswith("page.amend")] == [
        *("page.amended", "page.amended"),
        *("page.amendment-unapplied", "page.amendment-withdrawn"),
    ]
    with pytest.raises(UsageError, match="unknown-amendment"), store.transaction() as tx:
        amendments.withdraw_amendment(tx, new)


def test_unsure_pages_wait_until_somebody_has_read_them_as_they_are(store: Store) -> None:
    a = take_in(store, pages=4)
    with store.transaction() as tx:
        for key, confidence in (("p0001", 0.7), ("p0002", 0.5), ("p0003", 0.95), ("p0004", 0.6)):
            told = Recognised("text", None, f"{key}-1", SHA, confidence, ("kaz",), 9)
            page_rows.set_recognised(tx, a, key, told)
        findings.add_finding(tx, f"{a}/p0004", proofreading.DAMAGED)
    assert unsure(store) == []  # the files of the document are not ready
    with store.transaction() as tx:
        documents.finish_document(tx, a, state="done", assembled_key="k", files={})
    assert unsure(store) == ["p0002", "p0001"]
    for read in (True, False, True):
        with store.transaction("aigul") as tx:
            page = page_rows.get_page(tx, a, "p0002")
            proofreading.set_read(tx, page, read=read)
        assert proofreading.is_read(store, page) is read
        assert unsure(store) == ([] if read else ["p0002"]) + ["p0001"]
    with store.transaction() as tx:
        told = Recognised("text", None, "p0002-2", SHA, 0.6, ("kaz",), 9)
        page_rows.set_recognised(tx, a, "p0002", told)
    assert unsure(store) == ["p0002", "p0001"]


def unsure(store: Store) -> list[str]:
    return [one.page for one in proofreading.unsure_pages(store, 0.92)]


def test_a_finding_that_is_done_can_be_opened_again(store: Store) -> None:
    with store.transaction() as tx:
        finding = findings.add_finding(tx, "s", "odd")
        findings.close_finding(tx, finding.id)
        findings.reopen_finding(tx, finding.id)
        findings.reopen_finding(tx, finding.id)
    assert [one.id for one in findings.list_findings(store)] == [finding.id]
    assert kinds(store)[-3:] == ["finding.opened", "finding.closed", "finding.opened"]
