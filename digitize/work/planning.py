"""Which jobs a document still needs, and the keys that say what each depends on."""

from dataclasses import asdict
from functools import lru_cache
from typing import Any

from catalog.supplied_title import supplied_title
from digitize.recognition.profiles import Profile, profile_by_print, profile_for
from digitize.recognition.recognise import EngineIdentity, for_this_machine, recogniser
from digitize.work.stages import document_key, is_imported, page_key, place_key
from digitize.work.workshop import DOCUMENT, PAGE
from language.dates import parse_date
from olketanu.messages.translate import speaking
from olketanu.settings import Settings
from pages.codec import amendment_to_dict
from pages.text import PageFrame
from store import jobs
from store.database import Reader, Store
from store.digitised import amendments, documents, rights
from store.digitised import pages as page_rows
from store.digitised.documents import Document
from store.digitised.pages import Page
from store.jobs import Job


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


def plan_assembly(store: Store, settings: Settings, document: Document) -> None:
    """Enter the job that makes a document's files anew, where they are not as they should be.

    Its pages are left as they were recognised, whatever the settings say since.
    """
    if _open_assembly(store, settings, document):
        with store.transaction() as tx:
            now = _open_assembly(tx, settings, documents.get_document(tx, document.id))
            jobs.plan(tx, now)
            jobs.repeat(tx, now)


def _open_assembly(reader: Reader, settings: Settings, document: Document) -> list[Job]:
    rows = page_rows.list_pages(reader, document.id)
    key = assembly_key(reader, settings, document, rows)
    if document.assembled_key == key or _job_state(reader, key) not in (None, "done"):
        return []
    return [jobs.new_job(key, DOCUMENT, document.id)]


def _open_jobs(reader: Reader, settings: Settings, document: Document) -> list[Job]:
    """Jobs to be entered: what the document needs and nobody has in hand.

    A job that was done counts when its result is no longer in force: settings went back to what
    they were, or a slower job wrote over it.
    """
    rows = page_rows.list_pages(reader, document.id)
    fitted: dict[Profile, Profile] = {}
    wanted: list[Job] = []
    for page in rows:
        key = _page_key(settings, document, page, len(rows), fitted)
        if page.recognised_key != key and not is_imported(page.recognised_key):
            wanted.append(jobs.new_job(key, PAGE, document.id, page.key))
    if all(_job_state(reader, job.key) == "failed" for job in wanted):
        key = assembly_key(reader, settings, document, rows)
        if document.assembled_key != key:
            wanted.append(jobs.new_job(key, DOCUMENT, document.id))
    return [job for job in wanted if _job_state(reader, job.key) in (None, "done")]


def _job_state(reader: Reader, key: str) -> str | None:
    job = jobs.find_job(reader, key)
    return None if job is None else job.state


def assembly_key(reader: Reader, settings: Settings, document: Document, rows: list[Page]) -> str:
    """Key of the document job: the document, and whatever its files show."""
    changes = amendments.list_amendments(reader, document.id)
    return document_key(
        document.id,
        title_in_files(settings, document),
        document.created,
        description(reader, settings, document),
        [[page.key, page.label, page.recognised_key, page.state] for page in rows],
        [[a.page, amendment_to_dict(a.amendment)] for a in changes],
    )


def title_in_files(settings: Settings, document: Document) -> str:
    """Return the title that its files bear: the sheet's, else one in the library's language."""
    if document.title:
        return document.title
    with speaking(settings.library.language):
        return supplied_title(document.kind, document.manifest or {}, document.id)


def description(reader: Reader, settings: Settings, document: Document) -> dict[str, Any]:
    """What the files of a document say of it beside its text, and in which form they come."""
    row = document.manifest or {}
    return {
        "kind": document.kind,
        "authors": [row["author"]] if row.get("author") else [],
        "date": row.get("date"),
        "rights": rights.get_rights(reader, document.id).code,
        "address": f"{settings.site.url.rstrip('/')}/d/{document.id}",
        "pdf": asdict(settings.pdf),
    }


def _page_key(
    settings: Settings, document: Document, page: Page, count: int, fitted: dict[Profile, Profile]
) -> str:
    """Key of a page's job; ``fitted`` remembers profiles as this machine can read them."""
    profile = _profile_of(settings, document, page, count)
    if profile not in fitted:
        fitted[profile] = for_this_machine(profile, settings.ocr.engine)
    found = fitted[profile]
    identity = recogniser(found.engine).identity(found)
    return _place_key(page.frame, found, identity, document.id, page.key)


@lru_cache(maxsize=20_000)  # asked anew for every page of a document whenever one of them is done
def _place_key(
    frame: PageFrame, profile: Profile, identity: EngineIdentity, document: str, page: str
) -> str:
    return place_key(page_key(frame, profile, identity), document, page)


def profile_of(settings: Settings, document: Document, page: Page, count: int) -> Profile:
    """Return how this machine reads a page; ``count`` is the number of the document's pages.

    What the person said counts first, then what the sheet says of language, script and date, then
    the settings.
    """
    return for_this_machine(_profile_of(settings, document, page, count), settings.ocr.engine)


def _profile_of(settings: Settings, document: Document, page: Page, count: int) -> Profile:
    name = document.profile.get("name") or _profile_by_sheet(document) or settings.ocr.profile
    return profile_for(str(name), document.kind, page.position - 1, count)


def _profile_by_sheet(document: Document) -> str | None:
    found = parse_date(str((document.manifest or {}).get("date") or ""))
    return profile_by_print(document.language, document.script, str(found) if found else None)
