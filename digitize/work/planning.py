"""Which jobs a document still needs, and the keys that say what each depends on."""

from digitize.recognition.profiles import Profile, profile_for
from digitize.recognition.recognise import recogniser
from digitize.work.stages import document_key, page_key, place_key
from digitize.work.workshop import DOCUMENT, PAGE
from olketanu.settings import Settings
from pages.amend import Amendment
from pages.codec import amendment_to_dict
from store import amendments, documents, jobs
from store import pages as page_rows
from store.database import Reader, Store
from store.documents import Document
from store.jobs import Job
from store.pages import Page


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
    changes = amendments.list_amendments(reader, document.id)
    return document_key(
        document.id,
        document.title,
        document.created,
        [[page.key, page.label, page.recognised_key, page.state] for page in rows],
        [[a.page, amendment_to_dict(as_amendment(a))] for a in changes],
    )


def _page_key(settings: Settings, document: Document, page: Page, count: int) -> str:
    profile = profile_of(settings, document, page, count)
    result = page_key(page.frame, profile, recogniser(profile.engine).identity(profile))
    return place_key(result, document.id, page.key)


def profile_of(settings: Settings, document: Document, page: Page, count: int) -> Profile:
    """Return how a page is recognised; ``count`` is the number of the document's pages."""
    name = str(document.profile.get("name") or settings.ocr.profile)
    return profile_for(name, document.kind, page.position - 1, count)


def as_amendment(stored: amendments.StoredAmendment) -> Amendment:
    """Return a stored correction as pages know it."""
    return Amendment(stored.page, stored.kind, stored.box, stored.old, stored.new)
