"""Which documents' files are older than the text that people corrected."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from store import changes, jobs
from store.database import Store
from store.digitised import documents
from tests.property.test_pages_retype import page_of
from tests.unit.made_library import library_of
from tests.unit.read_pages import PRINTED, make_page, recognise
from workflow.desk.acts import perform, take_back
from workflow.desk.behind import behind
from workflow.desk.card import Act
from workflow.document.remake import open_remakes, outdated, plan_remakes
from workflow.index import index_lag, rebuild_index
from workflow.library import Library
from workflow.proofreading.page_texts import PAGE_TEXTS


@pytest.fixture
def page(tmp_path: Path) -> Iterator[tuple[Library, str]]:
    store, subject = make_page(tmp_path / "home")
    with store:
        yield library_of(store), subject


def correct(page: tuple[Library, str], text: str) -> int:
    library, subject = page
    version = PAGE_TEXTS.version(library.store, subject)
    act = Act("page", subject, "correct", version, "aigul", {"line-0-0": text})
    return perform(library, act)


def planned(store: Store) -> list[tuple[str, str | None]]:
    return [(job.kind, job.page) for job in jobs.list_jobs(store, state="new")]


def test_a_corrected_document_is_planned_once_without_its_pages(page: tuple[Library, str]) -> None:
    library, subject = page
    assert (outdated(library.store), plan_remakes(library)) == ([], 0)
    correct(page, "Қарағанды облысы")
    assert [one.id for one in outdated(library.store)] == [subject.split("/")[0]]
    assert (plan_remakes(library), open_remakes(library.store)) == (1, 1)
    assert (plan_remakes(library), planned(library.store)) == (0, [("document", None)])


def test_what_is_taken_back_before_it_was_made_leaves_nothing_to_do(
    page: tuple[Library, str],
) -> None:
    library, subject = page
    plan_remakes(library)
    key = settle(library, subject)
    take_back(library, correct(page, "Қарағанды облысы"), "aigul")
    assert plan_remakes(library) == 1
    assert planned(library.store) == []
    assert documents.get_document(library.store, subject.split("/")[0]).assembled_key == key


def settle(library: Library, subject: str) -> str:
    """The files of the document as they should be; returns the key of the job that made them."""
    correct((library, subject), "х")
    take_back(library, last(library), "aigul")
    plan_remakes(library)
    (job,) = jobs.list_jobs(library.store, subject.split("/")[0], state="new")
    with library.store.transaction() as tx:
        jobs.claim(tx, "run", {"document"}, 1)
        jobs.finish(tx, job.key, "run", {})
        documents.finish_document(
            tx, subject.split("/")[0], state="done", assembled_key=job.key, files={}
        )
    return job.key


def last(library: Library) -> int:
    return [e.seq for e in changes.events_since(library.store, 0) if e.kind == "desk.act"][-1]


def test_a_document_in_work_is_left_to_its_run(page: tuple[Library, str]) -> None:
    library, subject = page
    document = subject.split("/")[0]
    with library.store.transaction() as tx:
        documents.finish_document(tx, document, state="waiting", assembled_key="w", files={})
    correct(page, "Қарағанды облысы")
    assert (outdated(library.store), plan_remakes(library)) == ([], 0)


def test_a_new_recognition_is_no_reason(page: tuple[Library, str]) -> None:
    library, subject = page
    recognise(library.store, subject.split("/")[0], page_of(PRINTED), "b" * 64)
    assert outdated(library.store) == []


def test_it_is_told_what_is_behind(page: tuple[Library, str]) -> None:
    library, _ = page
    correct(page, "Қарағанды облысы")
    found = behind(library)
    assert (found.documents, found.index, bool(found)) == (1, 1, True)
    assert found.sidecars == changes.last_seq(library.store)


def test_things_wait_for_the_index_one_by_one_and_by_events_when_they_are_many(
    page: tuple[Library, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    library, subject = page
    assert index_lag(library) == 1  # there is none yet
    rebuild_index(library)
    assert index_lag(library) == 0
    with library.store.transaction("aigul") as tx:
        for title in ("Өлке", "Өлкетану", "Өлке тарихы"):
            documents.update_document(tx, subject.split("/")[0], title=title)
    assert index_lag(library) == 1
    monkeypatch.setattr("workflow.index._COUNTED", 2)
    assert index_lag(library) == 3
