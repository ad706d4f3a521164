"""The ledger: done once, by one, and a killed run gives its work back."""

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from olketanu.errors import UsageError
from olketanu.home import Home
from pages.text import PageFrame
from store import jobs
from store.database import Store
from store.digitised import batches, documents
from store.digitised import pages as page_rows
from store.digitised.documents import NewDocument
from store.digitised.pages import NewPage
from store.disk import masters

ROOT = Path(__file__).parents[2]
SHA = "ab" * 32


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.create(Home(tmp_path)) as opened:
        yield opened


def fill(store: Store, documents_: int, pages: int) -> list[str]:
    frame = PageFrame(SHA, 0, None, 0, 10, 10, 300)
    ids = []
    with store.transaction() as tx:
        batches.add_batch(tx, "b", "/b")
        masters.add_master(tx, masters.Master(SHA, 1, "tiff"))
        for number in range(documents_):
            document = documents.add_document(tx, NewDocument("b", str(number), SHA))
            page_rows.add_pages(tx, document.id, [NewPage(frame)] * pages)
            ids.append(document.id)
    return ids


def page_jobs(document: str, pages: int, settings: str = "") -> list[jobs.Job]:
    keys = [f"p{number:04d}" for number in range(1, pages + 1)]
    return [jobs.new_job(f"{settings}{document}{k}", "page", document, k, {"k": k}) for k in keys]


def plan(store: Store, planned: list[jobs.Job]) -> int:
    with store.transaction() as tx:
        return jobs.plan(tx, planned)


def claim(store: Store, owner: str, limit: int = 1) -> list[jobs.Job]:
    with store.transaction() as tx:
        return jobs.claim(tx, owner, {"page"}, limit)


def test_jobs_are_claimed_in_order_of_intake_however_they_were_planned(store: Store) -> None:
    a, b = fill(store, 2, 2)
    assert plan(store, [*reversed(page_jobs(b, 2)), *reversed(page_jobs(a, 2))]) == 4
    assert [(j.document, j.page) for j in claim(store, "x", 9)] == [
        (a, "p0001"),
        (a, "p0002"),
        (b, "p0001"),
        (b, "p0002"),
    ]
    assert claim(store, "y") == []


def test_only_wanted_kinds_are_claimed(store: Store) -> None:
    (a,) = fill(store, 1, 1)
    plan(store, [jobs.new_job("d", "document", a)])
    assert claim(store, "x") == []
    with store.transaction() as tx:
        assert [j.key for j in jobs.claim(tx, "x", {"document"}, 5)] == ["d"]


def test_planning_again_leaves_what_is_done(store: Store) -> None:
    (a,) = fill(store, 1, 1)
    plan(store, page_jobs(a, 1))
    (job,) = claim(store, "x")
    with store.transaction() as tx:
        assert jobs.finish(tx, job.key, "x", {"state": "text"})
    assert plan(store, page_jobs(a, 1)) == 0
    found = jobs.find_job(store, job.key)
    assert found is not None
    assert (found.state, found.result, found.owner) == ("done", {"state": "text"}, None)


def test_changed_settings_drop_the_job_that_nobody_has_begun(store: Store) -> None:
    (a,) = fill(store, 1, 2)
    plan(store, page_jobs(a, 2))
    claim(store, "x")
    assert plan(store, page_jobs(a, 2, "new")) == 2
    assert sorted((j.key, j.state) for j in jobs.list_jobs(store, a)) == sorted(
        [(f"{a}p0001", "running"), (f"new{a}p0001", "new"), (f"new{a}p0002", "new")]
    )


def test_only_the_owner_may_end_a_job(store: Store) -> None:
    (a,) = fill(store, 1, 1)
    plan(store, page_jobs(a, 1))
    (job,) = claim(store, "x")
    with store.transaction() as tx:
        assert not jobs.finish(tx, job.key, "y", {})
        assert not jobs.fail(tx, job.key, "y", "timeout", retry=True)
        assert jobs.fail(tx, job.key, "x", "timeout", retry=True)
        assert not jobs.finish(tx, job.key, "x", {})
    assert [(j.attempt, j.state, j.code) for j in jobs.list_jobs(store)] == [(1, "new", "timeout")]


def test_a_failed_job_waits_for_a_person(store: Store) -> None:
    (a,) = fill(store, 1, 1)
    plan(store, page_jobs(a, 1))
    (job,) = claim(store, "x")
    with store.transaction() as tx:
        jobs.fail(tx, job.key, "x", "timeout", retry=False)
    assert claim(store, "x") == []
    with store.transaction() as tx:
        assert jobs.reopen(tx, a, kind="document") == 0
        assert jobs.reopen(tx, a) == 1
    (again,) = claim(store, "x")
    assert (again.attempt, again.claims) == (0, 2)


def test_the_jobs_of_a_dead_run_are_claimable_at_once_and_its_late_result_is_refused(
    store: Store,
) -> None:
    (a,) = fill(store, 1, 2)
    plan(store, page_jobs(a, 2))
    (lost,) = claim(store, "dead")
    claim(store, "living")
    with store.transaction() as tx:
        assert jobs.release_dead(tx, lambda owner: owner == "living") == 1
    (taken,) = claim(store, "next")
    assert (taken.key, taken.attempt, taken.claims) == (lost.key, 0, 2)
    with store.transaction() as tx:
        assert not jobs.finish(tx, lost.key, "dead", {})
        assert jobs.finish(tx, lost.key, "next", {})


def test_a_lease_ends_by_the_steady_clock_and_by_a_restart(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    (a,) = fill(store, 1, 1)
    plan(store, page_jobs(a, 1))
    now = [1000.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    claim(store, "x")
    now[0] += jobs.LEASE_SECONDS - 1
    with store.transaction() as tx:
        assert jobs.renew(tx, "x") == 1
    now[0] += jobs.LEASE_SECONDS - 1
    with store.transaction() as tx:
        assert jobs.release_dead(tx, lambda _: True) == 0
    now[0] += 2
    with store.transaction() as tx:
        assert jobs.release_dead(tx, lambda _: True) == 1
    claim(store, "x")
    monkeypatch.setattr(jobs, "boot_id", lambda: "another start")
    with store.transaction() as tx:
        assert jobs.release_dead(tx, lambda _: True) == 1


def test_an_orderly_end_gives_everything_back(store: Store) -> None:
    (a,) = fill(store, 1, 3)
    plan(store, page_jobs(a, 3))
    claim(store, "x", 2)
    with store.transaction() as tx:
        assert jobs.release(tx, "x") == 2
    assert jobs.count_jobs(store) == {"new": 3, "running": 0, "done": 0, "failed": 0}


def test_a_job_for_nothing_is_refused(store: Store) -> None:
    (a,) = fill(store, 1, 1)
    with pytest.raises(UsageError, match="unknown-document"):
        plan(store, [jobs.new_job("k", "page", "nothing")])
    with pytest.raises(UsageError, match="unknown-page"):
        plan(store, [jobs.new_job("k", "page", a, "p0009")])


WORKER = """
import pathlib, sys
from olketanu.home import Home
from store import jobs
from store.database import Store
with Store.open(Home(pathlib.Path(sys.argv[1]))) as store:
    while True:
        with store.transaction() as tx:
            claimed = jobs.claim(tx, sys.argv[2], {"page"}, 3)
        if not claimed:
            break
        for job in claimed:
            with store.transaction() as tx:
                assert jobs.finish(tx, job.key, sys.argv[2], {"by": sys.argv[2]})
            print(job.key)
"""


@pytest.mark.slow
def test_four_programs_do_four_hundred_jobs_each_once(store: Store) -> None:
    ids = fill(store, 4, 100)
    plan(store, [job for document in ids for job in page_jobs(document, 100)])
    command = [sys.executable, "-c", WORKER, str(store.home.root)]
    running = [
        subprocess.Popen([*command, f"w{n}"], cwd=ROOT, stdout=subprocess.PIPE, text=True)
        for n in range(4)
    ]
    done = [key for process in running for key in process.communicate()[0].split()]
    assert [process.returncode for process in running] == [0] * 4
    assert len(done) == len(set(done)) == 400
    assert jobs.count_jobs(store)["done"] == 400
    assert {j.claims for j in jobs.list_jobs(store)} == {1}
