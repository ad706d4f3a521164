"""The runner: hands page and document jobs to the children, and makes their results real.

A child writes into the run's scratch folder only. What it wrote becomes a file of the home by the
write order (sync, rename, sync the folder) and only then a row, both here.
"""

import logging
import threading
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from digitize.recognition.profiles import Profile, profile_for
from digitize.recognition.recognise import recogniser
from digitize.work.pool import Done, WorkerPool
from digitize.work.stages import document_key, page_key, place_key
from digitize.work.worker import CANNOT_WRITE, CRASHED, DISK_FAILING
from olketanu.errors import CannotWriteError, ExitCode, LockedError
from olketanu.settings import Settings
from pages.amend import Amendment
from pages.codec import amendment_to_dict, frame_to_dict
from store import amendments, documents, jobs
from store import pages as page_rows
from store.database import Reader, Store, Transaction
from store.documents import Document
from store.files import place_durably, sha256_of, writing
from store.jobs import Job
from store.owners import RunOwner
from store.pages import Page, Recognised
from store.space import MEGA, is_nearly_full, require_free, space_of

_LOG = logging.getLogger(__name__)
PAGE, DOCUMENT = "page", "document"
ATTEMPTS = 2
RENEW_SECONDS = 30.0
ASSEMBLY_SECONDS, ASSEMBLY_PAGE_SECONDS = 120.0, 30.0
"""Time a document job may take: measured are 0.04 to 0.5 s a page, large colour sheets more."""
ENGINE_CODES = frozenset({"TIMEOUT", "OUT_OF_MEMORY", "CRASHED"})
"""Codes that say nothing against the picture: tried once more, then the page is image only."""
TEXT_ROOM = 4 * MEGA
"""Room for the text of a page as a program writes it: hOCR was measured at 135 bytes a word, and a
full newspaper page has 10,000 words."""
_DISK_CODES = {CANNOT_WRITE: "error.disk-full", DISK_FAILING: "error.disk-failing"}


class Progress(Protocol):
    """Whoever wants to be told how far the work is."""

    def step(self, stage: str, done: int, total: int, current: str) -> None:
        """``done`` of ``total`` items of ``stage`` are finished; ``current`` is in hand."""


@dataclass(frozen=True, slots=True)
class Workshop:
    """What a run works with: the store, who owns the run, the children, the settings in force."""

    store: Store
    owner: RunOwner
    pool: WorkerPool
    settings: Settings


def plan_document(store: Store, settings: Settings, document: Document) -> None:
    """Enter the jobs that the document still needs: its pages, and once those are done itself."""
    if document.state == "quarantined":
        return
    if _open_jobs(store, settings, document):  # without news nothing is written
        with store.transaction() as tx:
            # Once more under the lock: another run may have done it meanwhile.
            now = _open_jobs(tx, settings, documents.get_document(tx, document.id))
            jobs.plan(tx, now)
            jobs.repeat(tx, now)


def _open_jobs(reader: Reader, settings: Settings, document: Document) -> list[Job]:
    """Jobs to be entered: what the document needs and nobody has in hand.

    A job that was done counts when its result is no longer in force: settings went back to what
    they were, or a slower job wrote over it.
    """
    rows = page_rows.list_pages(reader, document.id)
    wanted: list[Job] = []
    for page in rows:
        key = _page_key(settings, document, page, len(rows))
        if page.recognised_key != key:
            wanted.append(jobs.new_job(key, PAGE, document.id, page.key))
    if all(_job_state(reader, job.key) == "failed" for job in wanted):
        key = assembly_key(reader, document, rows)
        if document.assembled_key != key:
            wanted.append(jobs.new_job(key, DOCUMENT, document.id))
    return [job for job in wanted if _job_state(reader, job.key) in (None, "done")]


def _job_state(reader: Reader, key: str) -> str | None:
    job = jobs.find_job(reader, key)
    return None if job is None else job.state


def assembly_key(reader: Reader, document: Document, rows: list[Page]) -> str:
    """Key of the document job: the document, and whatever its files show."""
    return document_key(
        document.id,
        document.title,
        document.created,
        [[page.key, page.label, page.recognised_key, page.state] for page in rows],
        [[a.page, amendment_to_dict(_as_amendment(a))] for a in _amendments(reader, document.id)],
    )


def work(shop: Workshop, progress: Progress) -> Iterator[str]:
    """Do every job that can be claimed; yield a document's id whenever its files are ready.

    Jobs of dead runs are taken over. Raises CannotWriteError when the disk is full, nearly full
    (what is in hand is finished first) or failing: the run stops and the next one goes on.
    """
    with shop.store.transaction() as tx:
        jobs.release_dead(tx, lambda name: _alive(shop, name))
    with _leases(shop):
        flying: dict[int, Job] = {}
        while True:
            if _has_room(shop):
                _claim(shop, flying)
            if not flying:
                _pause_without_room(shop)
                return
            done = shop.pool.wait()
            job = flying.pop(done.ticket)
            _blame_the_disk(shop, job, done)
            _blame_the_tools(done)
            _tell(shop, progress, job)
            _log(job, done)
            if job.kind == PAGE:
                _finish_page(shop, job, done)
            elif _finish_document(shop, job, done):
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
    from store.owners import is_alive

    return name != shop.owner.name and is_alive(shop.store.home, name)


def _claim(shop: Workshop, flying: dict[int, Job]) -> None:
    free = shop.pool.workers - len(flying)
    for kinds in ((DOCUMENT,), (PAGE,)):  # finished documents first: people wait for them
        if free <= 0:
            return
        with shop.store.transaction() as tx:
            claimed = jobs.claim(tx, shop.owner.name, kinds, free)
        for job in claimed:
            flying[_submit(shop, job)] = job
        free -= len(claimed)


def _submit(shop: Workshop, job: Job) -> int:
    if job.kind == PAGE:
        return shop.pool.submit("page", page_payload(shop, job), float(shop.settings.ocr.timeout))
    output = _folder(shop, job)
    with writing(output):
        output.mkdir()
    payload = assembly_payload(shop.store, job.document, output)
    seconds = ASSEMBLY_SECONDS + ASSEMBLY_PAGE_SECONDS * len(payload["pages"])
    return shop.pool.submit("assemble", payload, seconds)


def _folder(shop: Workshop, job: Job) -> Path:
    """Scratch folder of a document job: a fresh one for each attempt."""
    return shop.owner.scratch / f"{job.key}-{job.attempt}"


def page_payload(shop: Workshop, job: Job) -> dict[str, Any]:
    """What the page job's child is told."""
    store = shop.store
    document = documents.get_document(store, job.document)
    page = page_rows.get_page(store, job.document, str(job.page))
    count = len(page_rows.list_pages(store, job.document))
    return {
        "master": str(store.home.master(page.frame.master)),
        "frame": frame_to_dict(page.frame),
        "profile": _profile(shop.settings, document, page, count).to_dict(),
        "time": document.created,
        "page": page.key,
        "output": str(shop.owner.scratch / f"{job.key}.xml"),
        "attempt": job.attempt + 1,
    }


def assembly_payload(store: Store, document_id: str, output: Path) -> dict[str, Any]:
    """What the document job's child is told; ``output`` is its scratch folder."""
    document = documents.get_document(store, document_id)
    rows = page_rows.list_pages(store, document_id)
    changes: dict[str, list[dict[str, Any]]] = {page.key: [] for page in rows}
    for stored in _amendments(store, document_id):
        changes[stored.page].append({"id": stored.id, **amendment_to_dict(_as_amendment(stored))})
    return {
        "document": document.id,
        "title": document.title or document.name,
        "time": document.created,
        "languages": sorted({code for page in rows for code in page.languages}),
        "pages": [_assembly_page(store, page, changes[page.key]) for page in rows],
        "output": str(output),
    }


def _assembly_page(store: Store, page: Page, changes: list[dict[str, Any]]) -> dict[str, Any]:
    recognised = None
    if page.recognised_key and page.alto_sha256:
        recognised = str(store.home.recognised(page.document, page.key, page.recognised_key))
    return {
        "key": page.key,
        "master": str(store.home.master(page.frame.master)),
        "frame": frame_to_dict(page.frame),
        "recognised": recognised,
        "amendments": changes,
        "label": page.label,
    }


def _finish_page(shop: Workshop, job: Job, done: Done) -> None:
    scratch = shop.owner.scratch / f"{job.key}.xml"
    outcome = _outcome(job, done)
    if done.result is not None:
        target = shop.store.home.recognised(job.document, str(job.page), job.key)
        sha256 = sha256_of(scratch)
        place_durably(scratch, target)
        outcome = Recognised(
            *(done.result["state"], done.result["code"], job.key, sha256),
            *(done.result["confidence"], tuple(done.result["languages"]), done.result["words"]),
        )
    with shop.store.transaction() as tx:
        if not _close(tx, shop, job, done) or outcome is None:
            return
        page_rows.set_recognised(tx, job.document, str(job.page), outcome)
    _plan_again(shop, job.document)


def _outcome(job: Job, done: Done) -> Recognised | None:
    """What a failed page job means for its page; None while it will be tried again."""
    if done.error is None or _retried(job, done):
        return None
    state = "image-only" if done.error in ENGINE_CODES else "failed"
    return Recognised(state, done.error, job.key)


def _retried(job: Job, done: Done) -> bool:
    return done.error in ENGINE_CODES and job.attempt + 1 < ATTEMPTS


def _log(job: Job, done: Done) -> None:
    if done.failure is not None:
        place = f"{job.kind} {job.document} {job.page or ''}".strip()
        _LOG.warning("%s: %s %s", place, done.failure.code, done.failure.message)


def _close(tx: Transaction, shop: Workshop, job: Job, done: Done) -> bool:
    if done.error is not None:
        return jobs.fail(tx, job.key, shop.owner.name, done.error, retry=_retried(job, done))
    return jobs.finish(tx, job.key, shop.owner.name, {"seconds": round(done.seconds, 3)})


def _finish_document(shop: Workshop, job: Job, done: Done) -> bool:
    folder = _folder(shop, job)
    if done.result is None:
        return _fail_document(shop, job, done)
    files: Mapping[str, str] = done.result["files"]
    target = shop.store.home.document(job.document)
    for name in sorted(files):
        place_durably(folder / name, target / name)
    older = set(documents.get_document(shop.store, job.document).files)
    with shop.store.transaction() as tx:
        if not _close(tx, shop, job, done):
            return False
        gaps = _gaps(page_rows.list_pages(tx, job.document), done.result)
        state = "done-with-gaps" if gaps else "done"
        document = documents.finish_document(
            tx, job.document, state=state, assembled_key=job.key, files=dict(files)
        )
        for page in done.result["pages"]:
            amendments.mark_applied(tx, job.document, page["key"], page["unapplied"])
        documents.settle(tx, document.batch)
    for name in older - set(files):  # the text of a page that has none any more
        (target / name).unlink(missing_ok=True)
    _plan_again(shop, job.document)
    return True


def _fail_document(shop: Workshop, job: Job, done: Done) -> bool:
    with shop.store.transaction() as tx:
        if not _close(tx, shop, job, done) or _retried(job, done):
            return False
        before = documents.get_document(tx, job.document)  # its older files still stand
        document = documents.finish_document(
            tx,
            job.document,
            state="done-with-gaps",
            assembled_key=job.key,
            files=dict(before.files),
            code=done.error,
        )
        documents.settle(tx, document.batch)
    return True


def _gaps(rows: list[Page], result: Mapping[str, Any]) -> bool:
    lost = any(page.get("code") for page in result["pages"])
    return lost or any(page.state != "text" and page.code != "NO_TEXT" for page in rows)


def _plan_again(shop: Workshop, document_id: str) -> None:
    plan_document(shop.store, shop.settings, documents.get_document(shop.store, document_id))


def _page_key(settings: Settings, document: Document, page: Page, count: int) -> str:
    profile = _profile(settings, document, page, count)
    result = page_key(page.frame, profile, recogniser(profile.engine).identity(profile))
    return place_key(result, document.id, page.key)


def _profile(settings: Settings, document: Document, page: Page, count: int) -> Profile:
    name = str(document.profile.get("name") or settings.ocr.profile)
    return profile_for(name, document.kind, page.position - 1, count)


def _as_amendment(stored: amendments.StoredAmendment) -> Amendment:
    return Amendment(stored.page, stored.kind, stored.box, stored.old, stored.new)


def _amendments(reader: Reader, document_id: str) -> list[amendments.StoredAmendment]:
    return amendments.list_amendments(reader, document_id)


def _tell(shop: Workshop, progress: Progress, job: Job) -> None:
    counts = jobs.count_jobs(shop.store, PAGE)
    done = counts["done"] + counts["failed"]
    progress.step("pages", done, sum(counts.values()), f"{job.document} {job.page or ''}".strip())


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
