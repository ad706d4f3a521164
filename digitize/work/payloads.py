"""What the children are told of a job: plain values, absolute paths."""

from pathlib import Path
from typing import Any

from digitize.work.planning import description, profile_of, title_in_files
from digitize.work.workshop import Workshop
from olketanu.settings import Settings
from pages.codec import amendment_to_dict, frame_to_dict
from store.database import Store
from store.digitised import amendments, documents
from store.digitised import pages as page_rows
from store.digitised.pages import Page
from store.jobs import Job


def page_payload(shop: Workshop, job: Job) -> dict[str, Any]:
    """What the page job's child is told."""
    store = shop.store
    document = documents.get_document(store, job.document)
    page = page_rows.get_page(store, job.document, str(job.page))
    count = len(page_rows.list_pages(store, job.document))
    return {
        "master": str(store.home.master(page.frame.master)),
        "frame": frame_to_dict(page.frame),
        "profile": profile_of(shop.settings, document, page, count).to_dict(),
        "time": document.created,
        "page": page.key,
        "output": str(shop.owner.scratch / f"{job.key}.xml"),
        "attempt": job.attempt + 1,
    }


def assembly_payload(
    store: Store, document_id: str, output: Path, settings: Settings | None = None
) -> dict[str, Any]:
    """What the document job's child is told; ``output`` is its scratch folder.

    ``settings`` are those in force, the program's own where none are given.
    """
    document = documents.get_document(store, document_id)
    settings = settings or Settings()
    rows = page_rows.list_pages(store, document_id)
    changes: dict[str, list[dict[str, Any]]] = {page.key: [] for page in rows}
    for stored in amendments.list_amendments(store, document_id):
        changes[stored.page].append({"id": stored.id, **amendment_to_dict(stored.amendment)})
    return {
        "document": document.id,
        "title": title_in_files(settings, document),
        "time": document.created,
        "languages": sorted({code for page in rows for code in page.languages}),
        "pages": [_assembly_page(store, page, changes[page.key]) for page in rows],
        "output": str(output),
        "former": {"folder": str(store.home.document(document_id)), "files": document.files},
        **description(store, settings, document),
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
