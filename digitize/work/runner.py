"""The runner: hands page and document jobs to the children, and makes their results real.

A child writes into the run's scratch folder only. What it wrote becomes a file of the home by the
write order (sync, rename, sync the folder) and only then a row (``digitize.work.results``).
"""

import logging
import threading
from collections.abc import Iterator
from contextlib import suppress

from digitize.work.payloads import assembly_payload, page_payload
from digitize.work.pool import Done
from digitize.work.results import finish_document, finish_page, scratch_folder
from digitize.work.twins import Album, look_again, remember
from digitize.work.worker import CANNOT_WRITE, CRASHED, DISK_FAILING
from digitize.work.workshop import DOCUMENT, PAGE, Workshop
from olketanu.errors import CannotWriteError, ExitCode, LockedError
from olketanu.progress import Progress
from store import jobs
from store.database import Store
from store.digitised import pages as page_rows
from store.disk.files import writing
from store.disk.owners import is_alive
from store.disk.space import MEGA, is_nearly_full, require_free, space_of
from store.jobs import Job

_LOG = logging.getLogger(__name__)
RENEW_SECONDS = 30.0
ASSEMBLY_SECONDS, ASSEMBLY_PAGE_SECONDS = 120.0, 30.0
"""Time a document job may take: measured are 0.04 to 0.5 s a page, large colour sheets more."""
TEXT_ROOM = 4 * MEGA
"""Room for the text of a page as a program writes it: hOCR was measured at 135 bytes a word, and a
full newspaper page has 10,000 words."""
_DISK_CODES = {CANNOT_WRITE: "error.disk-full", DISK_FAILING: "error.disk-failing"}


def work(
    shop: Workshop, progress: Progress, kinds: tuple[str, ...] = (DOCUMENT, PAGE)
) -> Iterator[str]:
    """Do every job of these kinds that can be claimed, those of the first kind first.

    Yields a document's id whenever its files are ready.

    Jobs of dead runs are taken over. Raises CannotWriteError when the disk is full, nearly full
    (what is in hand is finished first) or failing: the run stops and the next one goes on.
    """
    with shop.store.transaction() as tx:
        jobs.release_dead(tx, lambda name: _alive(shop, name))
    with _leases(shop):
        flying: dict[int, Job] = {}
        album = Album()
        while True:
            if _has_room(shop):
                _claim(shop, flying, kinds)
            if not flying:
                _pause_without_room(shop)
                look_again(shop, album)
                return
            done = shop.pool.wait()
            job = flying.pop(done.ticket)
            _blame_the_disk(shop, job, done)
            _blame_the_tools(done)
            _tell(shop, progress, list(flying.values()) or [job])
            _log(job, done)
            if job.kind == PAGE:
                finish_page(shop, job, done)
                continue
            if done.result is not None:
                remember(shop, album, job.document, done.result.get("likeness", {}))
            if finish_document(shop, job, done):
                yield job.document


def _has_room(shop: Workshop) -> bool:
    return not is_nearly_full(shop.store.home.root, shop.settings.run.min_free_mb)


def _pause_without_room(shop: Workshop) -> None:
    if jobs.count_jobs(shop.store)["new"]:
        require_free(shop.store.home.root, shop.settings.run.min_free_mb)


def _blame_the_disk(shop: Workshop, job: Job, done: Done) -> None:
    """Raise when a job failed because the disk did: that says nothing against the page.

    A program that the child starts does not say why it could not write, so its failure on a disk
    without room for what it writes is taken for the disk's.
    """
    root = shop.store.home.root
    key = _DISK_CODES.get(str(done.error))
    if key is None and done.error == CRASHED and space_of(root).free < _wanted(shop, job):
        key = "error.disk-full"
    if key is not None:
        raise CannotWriteError(key, path=str(root))


def _blame_the_tools(done: Done) -> None:
    """Raise when the engine or a model went away during the run; the page is not at fault."""
    if done.failure is not None and done.failure.code == ExitCode.MISSING_TOOL.name:
        raise done.failure.error()


def _wanted(shop: Workshop, job: Job) -> int:
    """Bytes that a job writes beside its result at most: the page's picture, one byte a pixel."""
    if job.page is None:
        return TEXT_ROOM
    frame = page_rows.get_page(shop.store, job.document, job.page).frame
    return TEXT_ROOM + frame.width * frame.height


def _alive(shop: Workshop, name: str) -> bool:
    return name != shop.owner.name and is_alive(shop.store.home, name)


def _claim(shop: Workshop, flying: dict[int, Job], kinds: tuple[str, ...]) -> None:
    free = shop.pool.workers - len(flying)
    for kind in kinds:  # finished documents first: people wait for them
        if free <= 0:
            return
        with shop.store.transaction() as tx:
            claimed = jobs.claim(tx, shop.owner.name, (kind,), free)
        for job in claimed:
            flying[_submit(shop, job)] = job
        free -= len(claimed)


def _submit(shop: Workshop, job: Job) -> int:
    if job.kind == PAGE:
        return shop.pool.submit("page", page_payload(shop, job), float(shop.settings.ocr.timeout))
    output = scratch_folder(shop, job)
    with writing(output):
        output.mkdir()
    payload = assembly_payload(shop.store, job.document, output, shop.settings)
    seconds = ASSEMBLY_SECONDS + ASSEMBLY_PAGE_SECONDS * len(payload["pages"])
    return shop.pool.submit("assemble", payload, seconds)


def _log(job: Job, done: Done) -> None:
    if done.failure is not None:
        place = f"{job.kind} {job.document} {job.page or ''}".strip()
        _LOG.warning("%s: %s %s", place, done.failure.code, done.failure.message)


def _tell(shop: Workshop, progress: Progress, running: list[Job]) -> None:
    counts = jobs.count_jobs(shop.store, PAGE)
    done = counts["done"] + counts["failed"]
    current = ", ".join(f"{job.document} {job.page or ''}".strip() for job in running)
    progress.step("pages", done, sum(counts.values()), current)


class _leases:
    """Renew the run's leases from a thread with a connection of its own, until the block ends."""

    def __init__(self, shop: Workshop) -> None:
        self._home = shop.store.home
        self._owner = shop.owner.name
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._renew, name="leases", daemon=True)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _renew(self) -> None:
        while not self._stop.wait(RENEW_SECONDS):
            # Not this time, then the next: a lease outlasts several of them.
            with suppress(LockedError), Store.open(self._home) as store, store.transaction() as tx:
                jobs.renew(tx, self._owner)
