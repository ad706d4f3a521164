"""A disk that is full, nearly full or failing pauses a run; no page is blamed for it."""

import errno
import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import cast
from unittest import mock

import pytest

from digitize.scan import decode
from digitize.work import runner, worker
from digitize.work.child import Failure
from digitize.work.planning import plan_document
from digitize.work.pool import Done, WorkerPool
from digitize.work.runner import work
from digitize.work.workshop import Workshop
from olketanu.errors import CannotWriteError
from olketanu.settings import RunSettings, Settings
from pages.text import PageFrame
from store import jobs
from store.digitised import pages as page_rows
from store.disk.owners import RunOwner
from store.disk.space import MEGA, Space
from tests.crash.library import opened
from tests.crash.promises import the_document
from tests.crash.quick_tasks import ENGINES
from tests.crash.workloads import png, prepare_document


class Silent:
    def step(self, stage: str, done: int, total: int, current: str) -> None:
        pass


class FailingPool:
    """Every task fails with one code."""

    workers = 2

    def __init__(self, code: str) -> None:
        self._code = code
        self._names: dict[int, str] = {}
        self._tickets = itertools.count(1)

    def submit(self, name: str, payload: object, timeout: float) -> int:
        ticket = next(self._tickets)
        self._names[ticket] = name
        return ticket

    def wait(self) -> Done:
        ticket, name = next(iter(self._names.items()))
        del self._names[ticket]
        return Done(ticket, name, None, Failure(self._code, "said the child"), 0.0)


@contextmanager
def shop_of(folder: Path, code: str, min_free_mb: int = 0) -> Iterator[Workshop]:
    prepare_document(folder)
    settings = replace(Settings(), run=RunSettings(min_free_mb=min_free_mb))
    engines = mock.patch.dict("digitize.recognition.recognise.RECOGNISERS", ENGINES)
    with engines, opened(folder) as library, RunOwner(library.home) as owner:
        shop = Workshop(library.store, owner, cast("WorkerPool", FailingPool(code)), settings)
        plan_document(library.store, settings, the_document(library))
        yield shop
        document = the_document(library)
        for page in page_rows.list_pages(library.store, document.id):
            assert (page.state, page.code) == ("waiting", None)


def pause(shop: Workshop) -> CannotWriteError:
    with pytest.raises(CannotWriteError) as caught:
        list(work(shop, Silent()))
    assert [job.attempt for job in jobs.list_jobs(shop.store)] == [0, 0]
    return caught.value


@pytest.mark.parametrize(
    ("code", "key"),
    [(worker.CANNOT_WRITE, "error.disk-full"), (worker.DISK_FAILING, "error.disk-failing")],
)
def test_a_child_that_cannot_write_pauses_the_run(tmp_path: Path, code: str, key: str) -> None:
    with shop_of(tmp_path, code) as shop:
        assert pause(shop).key == key


def test_a_crash_on_a_disk_without_room_is_the_disks_fault(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Tesseract does not say that the disk is full: it fails, or answers with an empty file."""
    monkeypatch.setattr(runner, "space_of", lambda _: Space(MEGA, None))
    with shop_of(tmp_path, worker.CRASHED) as shop:
        assert pause(shop).key == "error.disk-full"


def test_a_crash_with_room_on_the_disk_is_no_pause(tmp_path: Path) -> None:
    prepare_document(tmp_path)
    engines = mock.patch.dict("digitize.recognition.recognise.RECOGNISERS", ENGINES)
    with engines, opened(tmp_path) as library, RunOwner(library.home) as owner:
        pool = cast("WorkerPool", FailingPool(worker.CRASHED))
        shop = Workshop(library.store, owner, pool, library.settings)
        plan_document(library.store, library.settings, the_document(library))
        list(work(shop, Silent()))
        rows = page_rows.list_pages(library.store, the_document(library).id)
        assert [(page.state, page.code) for page in rows] == [("image-only", "CRASHED")] * 2


def test_below_the_floor_nothing_is_begun(tmp_path: Path) -> None:
    with shop_of(tmp_path, worker.CRASHED, min_free_mb=10**9) as shop:
        error = pause(shop)
        assert (error.key, error.facts["wanted"]) == ("error.disk-nearly-full", 10**9)
        assert [job.claims for job in jobs.list_jobs(shop.store)] == [0, 0]


def test_below_the_floor_a_run_without_work_ends_well(tmp_path: Path) -> None:
    with shop_of(tmp_path, worker.CRASHED, min_free_mb=10**9) as shop:
        with shop.store.transaction() as tx:
            tx.keep_books("DELETE FROM job")
        assert list(work(shop, Silent())) == []


def test_a_master_that_the_disk_cannot_read_is_no_bad_picture(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise OSError(errno.EIO, "Input/output error")

    (tmp_path / "a.png").write_bytes(png(10))
    monkeypatch.setattr(decode, "opened", fail)
    with pytest.raises(OSError, match="Input/output") as caught:
        decode.load_grey(tmp_path / "a.png", PageFrame("0" * 64, 0, None, 0, 60, 80, 300))
    assert worker.failure(caught.value)["code"] == worker.DISK_FAILING


def test_the_worker_tells_a_full_disk_from_a_failing_one() -> None:
    codes = {number: worker.failure(OSError(number, "x"))["code"] for number in (5, 28, 30, 2)}
    assert codes == {
        5: worker.DISK_FAILING,
        28: worker.CANNOT_WRITE,
        30: worker.CANNOT_WRITE,
        2: worker.CRASHED,
    }
