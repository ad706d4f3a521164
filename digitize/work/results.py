"""Results of jobs become files of the home and then rows, by the write order."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from digitize.work.planning import plan_document
from digitize.work.pool import Done
from digitize.work.workshop import Workshop
from pages.codec import article_from_dict
from pages.text import Article
from store import jobs
from store.database import Transaction
from store.digitised import amendments, documents
from store.digitised import pages as page_rows
from store.digitised.articles import set_articles
from store.digitised.pages import Page, Recognised
from store.disk.files import is_in_place, place_durably, sha256_of
from store.jobs import Job

ATTEMPTS = 2
ENGINE_CODES = frozenset({"TIMEOUT", "OUT_OF_MEMORY", "CRASHED"})
"""Codes that say nothing against the picture: tried once more, then the page is image only."""


def finish_page(shop: Workshop, job: Job, done: Done) -> None:
    """Make the result of a page job real; a page that failed for good gets its state and code."""
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


def _close(tx: Transaction, shop: Workshop, job: Job, done: Done) -> bool:
    if done.error is not None:
        return jobs.fail(tx, job.key, shop.owner.name, done.error, retry=_retried(job, done))
    return jobs.finish(tx, job.key, shop.owner.name, {"seconds": round(done.seconds, 3)})


def finish_document(shop: Workshop, job: Job, done: Done) -> bool:
    """Make the files of a document job real; return whether the document has new files."""
    folder = scratch_folder(shop, job)
    if done.result is None:
        return _fail_document(shop, job, done)
    files: Mapping[str, str] = done.result["files"]
    target = shop.store.home.document(job.document)
    older = documents.get_document(shop.store, job.document).files
    for name, sha256 in sorted(files.items()):
        made, place = folder / name, target / name
        # What the row has promised already was synced before it was promised.
        if older.get(name) != sha256 or not is_in_place(made, place, sha256):
            place_durably(made, place)
    with shop.store.transaction() as tx:
        if not _close(tx, shop, job, done):
            return False
        gaps = _gaps(page_rows.list_pages(tx, job.document), done.result)
        state = "done-with-gaps" if gaps else "done"
        document = documents.finish_document(
            tx, job.document, state=state, assembled_key=job.key, files=dict(files)
        )
        set_articles(tx, job.document, _articles(done.result))
        for page in done.result["pages"]:
            amendments.mark_applied(tx, job.document, page["key"], page["unapplied"])
        documents.settle(tx, document.batch)
    for name in older.keys() - files.keys():  # the text of a page that has none any more
        (target / name).unlink(missing_ok=True)
    _plan_again(shop, job.document)
    return True


def _articles(result: Mapping[str, Any]) -> list[Article]:
    return [article_from_dict(article) for article in result.get("articles", ())]


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


def scratch_folder(shop: Workshop, job: Job) -> Path:
    """Scratch folder of a document job: a fresh one for each attempt."""
    return shop.owner.scratch / f"{job.key}-{job.attempt}"
