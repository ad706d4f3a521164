"""Extract: the elements that the sheet's row and the page give for sure, with their evidence."""

from catalog.drafting import draft as drafts
from catalog.drafting.build import draft_document
from pages.alto import read_alto
from pages.text import PageText
from store.changes import Event
from store.database import Transaction
from store.digitised import documents
from store.digitised import pages as page_rows
from workflow.follow import CatalogueStage, Write
from workflow.library import Library

FIRST, LAST = 6, 2
"""Pages of a book at which title page, imprint and print data stand."""


def current_pages(library: Library, document: str) -> list[tuple[str, PageText]]:
    """Return (key, current text) of the pages that have text, in order."""
    folder = library.home.document(document) / "alto"
    texts = []
    for page in page_rows.list_pages(library.store, document):
        path = folder / f"{page.key}.xml"
        if page.state == "text" and path.is_file():
            texts.append((page.key, read_alto(path.read_bytes())))
    return texts


def read(library: Library, event: Event) -> Write | None:
    """Extract the elements of a document whose files are ready."""
    document = documents.get_document(library.store, event.subject)
    texts = current_pages(library, document.id)
    if len(texts) > FIRST + LAST:
        texts = texts[:FIRST] + texts[-LAST:]
    merged = draft_document(document.kind, document.manifest or {}, texts)
    data = {
        "draft": drafts.to_dict(merged.draft),
        "conflicts": [conflict.name for conflict in merged.conflicts],
    }

    def write(tx: Transaction) -> None:
        tx.note("document.extracted", document.id, data)

    return write


EXTRACT = CatalogueStage("extract", frozenset({"document.settled", "document.changed"}), read)
