"""While a long book is made anew, what people do elsewhere is followed all the same."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

import pipeline
from olketanu.errors import CannotWriteError
from pipeline import keep_up
from store.digitised import documents
from tests.unit.made_library import library_of, take_in
from tests.unit.read_pages import make_page
from workflow.desk.acts import perform
from workflow.desk.card import Act
from workflow.index import index_lag
from workflow.library import Library, open_library
from workflow.proofreading.page_texts import PAGE_TEXTS

ENOUGH = 300.0  # seconds; a limit for a broken build, never waited for by a sound one


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    """One document that was corrected, and another."""
    store, subject = make_page(tmp_path / "home")
    with store:
        take_in(store, "box-1", "doc-2")
        version = PAGE_TEXTS.version(store, subject)
        act = Act("page", subject, "correct", version, "aigul", {"line-0-0": "Қарағанды облысы"})
        perform(library_of(store), act)
        yield library_of(store)


def test_a_search_finds_what_was_done_before_a_long_book_is_ready(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    waited: list[int] = []

    def work(*_: object) -> Iterator[str]:
        """Make a book for as long as the index lags behind what somebody does meanwhile."""
        with open_library(library.home) as theirs:
            with theirs.store.transaction("dana") as tx:
                document = documents.list_documents(tx)[1].id
                documents.update_document(tx, document, title="Өлке тарихы")
            waited.append(index_lag(theirs))
            end = time.monotonic() + ENOUGH
            while (lag := index_lag(theirs)) and time.monotonic() < end:
                time.sleep(0.05)
            waited.append(lag)  # once at nothing; the stages may have more news for it already
        yield "the book"

    monkeypatch.setattr(pipeline, "work", work)
    assert keep_up(library).documents == 1
    assert waited == [1, 0]


def test_what_cannot_be_followed_meanwhile_is_told(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    def work(*_: object) -> Iterator[str]:
        """Write an event, and wait until somebody has stumbled over it."""
        monkeypatch.setattr(pipeline, "update_index", full)
        with open_library(library.home) as theirs, theirs.store.transaction("dana") as tx:
            tx.note("desk.note", "home")
        end = time.monotonic() + ENOUGH
        while not stumbled and time.monotonic() < end:
            time.sleep(0.05)
        yield "the book"

    stumbled: list[bool] = []

    def full(*_: object) -> int:
        stumbled.append(True)
        raise CannotWriteError("error.disk-full", path="index")

    monkeypatch.setattr(pipeline, "work", work)
    with pytest.raises(CannotWriteError, match="disk-full"):
        keep_up(library)
    assert stumbled == [True]
