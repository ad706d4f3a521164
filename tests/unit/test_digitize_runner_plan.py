"""Every page and document has a job of its own, and what is no longer in force is done again."""

import hashlib
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path
from typing import cast
from unittest import mock

import pytest

from digitize.work import runner
from digitize.work.child import Failure
from digitize.work.planning import plan_document
from digitize.work.pool import Done, WorkerPool
from digitize.work.runner import work
from digitize.work.workshop import Workshop
from olketanu.errors import MissingToolError
from olketanu.home import Home
from olketanu.settings import OcrSettings, Settings
from pages.text import PageFrame
from store import jobs
from store.database import Store, Transaction
from store.digitised import batches, documents
from store.digitised import pages as page_rows
from store.digitised.documents import NewDocument
from store.digitised.pages import NewPage, Recognised
from store.disk import masters
from store.disk.owners import RunOwner
from store.jobs import Job
from tests.crash.quick_tasks import ENGINES

MODERN = Settings()
PATIENCE = 300.0  # seconds; a limit for a broken build, never waited for by a sound one
OLD = replace(MODERN, ocr=OcrSettings(profile="old-soviet"))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with (
        mock.patch.dict("digitize.recognition.recognise.RECOGNISERS", ENGINES),
        Store.create(Home(tmp_path)) as opened,
    ):
        with opened.transaction() as tx:
            batches.add_batch(tx, "b", "/b")
        yield opened


def take_in(store: Store, name: str, *scans: str) -> str:
    """A document whose pages are these scans; the same letter is the same master."""
    hashes = [hashlib.sha256(scan.encode()).hexdigest() for scan in scans]
    with store.transaction() as tx:
        for sha256 in hashes:
            masters.add_master(tx, masters.Master(sha256, 1, "tiff"))
        made = documents.add_document(tx, NewDocument("b", name, hashes[0]))
        frames = [PageFrame(sha256, 0, None, 0, 10, 10, 300) for sha256 in hashes]
        page_rows.add_pages(tx, made.id, [NewPage(frame) for frame in frames])
    return made.id


def plan(store: Store, document: str, settings: Settings = MODERN) -> None:
    plan_document(store, settings, documents.get_document(store, document))


def run(store: Store, *ids: str, settings: Settings = MODERN) -> list[Job]:
    """Do everything that is to be done, as a run would; return the jobs in their order."""
    done: list[Job] = []
    for document in ids:
        plan(store, document, settings)
    while job := _claim(store):
        _end(store, job)
        plan(store, job.document, settings)
        done.append(job)
    return done


def _claim(store: Store) -> Job | None:
    with store.transaction() as tx:
        return next(iter(jobs.claim(tx, "run", ("document", "page"), 1)), None)


def _end(store: Store, job: Job) -> None:
    with store.transaction() as tx:
        assert jobs.finish(tx, job.key, "run", {})
        if job.page is not None:
            outcome = Recognised("text", None, job.key, "0" * 64, 0.9, ("kaz",), 3)
            page_rows.set_recognised(tx, job.document, job.page, outcome)
        else:
            documents.finish_document(
                tx, job.document, state="done", assembled_key=job.key, files={}
            )


def kinds(done: list[Job]) -> list[tuple[str, str | None]]:
    return [(job.kind, job.page) for job in done]


def test_a_scan_that_lies_in_two_documents_is_read_for_both(store: Store) -> None:
    first, second = take_in(store, "1", "x", "y"), take_in(store, "2", "x", "z")
    done = run(store, first, second)
    assert sorted((job.document, job.page) for job in done if job.page) == sorted(
        [(first, "p0001"), (first, "p0002"), (second, "p0001"), (second, "p0002")]
    )
    assert {documents.get_document(store, d).state for d in (first, second)} == {"done"}


def test_a_scan_that_lies_twice_in_one_document_is_both_of_its_pages(store: Store) -> None:
    document = take_in(store, "1", "x", "x")
    assert kinds(run(store, document)) == [("page", "p0001"), ("page", "p0002"), ("document", None)]


def test_two_documents_of_the_same_pages_both_get_their_files(store: Store) -> None:
    first, second = take_in(store, "1", "x"), take_in(store, "2", "x")
    assert len(run(store, first, second)) == 4
    assert {documents.get_document(store, d).state for d in (first, second)} == {"done"}


def test_settings_that_go_back_to_what_they_were_are_in_force_again(store: Store) -> None:
    document = take_in(store, "1", "x")
    first = run(store, document)
    assert kinds(run(store, document, settings=OLD)) == [("page", "p0001"), ("document", None)]
    again = run(store, document)
    assert [job.key for job in again] == [job.key for job in first]
    assert run(store, document) == []


def test_files_that_a_slower_job_wrote_over_are_made_again(store: Store) -> None:
    document = take_in(store, "1", "x")
    page, assembly = run(store, document)
    with store.transaction() as tx:
        documents.finish_document(tx, document, state="done", assembled_key="older", files={})
    assert [job.key for job in run(store, document)] == [assembly.key]
    assert page.page == "p0001"


def test_planning_without_news_writes_nothing(store: Store) -> None:
    document = take_in(store, "1", "x", "y")
    run(store, document)
    with mock.patch.object(Store, "transaction", side_effect=AssertionError):
        plan(store, document)


def test_what_another_run_did_meanwhile_is_not_done_again(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the look and the lock of this run, another one does the whole document."""
    document = take_in(store, "1", "x", "y")
    transaction = Store.transaction

    def late(self: Store) -> AbstractContextManager[Transaction]:
        monkeypatch.setattr(Store, "transaction", transaction)
        with Store.open(store.home) as other:
            run(other, document)
        return self.transaction()

    monkeypatch.setattr(Store, "transaction", late)
    plan(store, document)
    assert Counter(job.state for job in jobs.list_jobs(store)) == {"done": 3}


def test_a_lease_that_could_not_be_renewed_is_renewed_the_next_time(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody writes for longer than a run waits: the thread lives on, and nobody is told."""
    monkeypatch.setattr(runner, "RENEW_SECONDS", 0.02)
    monkeypatch.setattr("store.database.BUSY_SECONDS", 0.05)
    document = take_in(store, "1", "x")
    plan(store, document)
    with RunOwner(store.home) as owner:
        with store.transaction() as tx:
            assert jobs.claim(tx, owner.name, ("page",), 1)
        shop = Workshop(store, owner, cast("WorkerPool", None), MODERN)
        with runner._leases(shop):
            with store.transaction():
                time.sleep(0.5)
            until = lease(store)
            end = time.monotonic() + PATIENCE
            while lease(store) == until:
                assert time.monotonic() < end, "the lease is not renewed any more"
                time.sleep(0.02)


def lease(store: Store) -> float:
    return float(store.rows("SELECT lease_until FROM job WHERE page = 'p0001'")[0][0])


def test_a_tool_that_goes_away_stops_the_run_and_blames_no_page(store: Store) -> None:
    document = take_in(store, "1", "x")
    facts = {"language": "kaz", "package": "tesseract-ocr-kaz"}
    failure = Failure("MISSING_TOOL", "gone", "error.missing-model", facts, kind="MissingToolError")
    pool = mock.Mock(workers=1)
    pool.submit.return_value = 1
    pool.wait.return_value = Done(1, "page", None, failure, 0.1)
    plan(store, document)
    with RunOwner(store.home) as owner, pytest.raises(MissingToolError) as caught:
        list(work(Workshop(store, owner, pool, MODERN), mock.Mock()))
    assert caught.value.facts == facts
    assert page_rows.list_pages(store, document)[0].state == "waiting"
    assert kinds(run_dead(store)) == [("page", "p0001"), ("document", None)]


def run_dead(store: Store) -> list[Job]:
    """The next run: what the dead one had in hand is free again."""
    with store.transaction() as tx:
        jobs.release_dead(tx, lambda _: False)
    return run(store, *(d.id for d in documents.list_documents(store)))
