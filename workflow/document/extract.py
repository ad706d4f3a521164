"""Extract: the elements that the sheet's row and the page give for sure, with their evidence."""

from collections.abc import Sequence
from pathlib import Path

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


def text_files(library: Library, document: str) -> list[tuple[str, Path]]:
    """Return (key, path of the current ALTO) of the pages that have text, in order."""
    folder = library.home.document(document) / "alto"
    pages = page_rows.list_pages(library.store, document)
    paths = [(page.key, folder / f"{page.key}.xml") for page in pages if page.state == "text"]
    return [(key, path) for key, path in paths if path.is_file()]


def current_pages(files: Sequence[tuple[str, Path]]) -> list[tuple[str, PageText]]:
    """Return (key, current text) of these pages."""
    return [(key, read_alto(path.read_bytes())) for key, path in files]


def read(library: Library, event: Event) -> Write | None:
    """Extract the elements of a document whose files are ready."""
    document = documents.get_document(library.store, event.subject)
    files = text_files(library, document.id)
    if len(files) > FIRST + LAST:
        files = files[:FIRST] + files[-LAST:]
    texts = current_pages(files)
    merged = draft_document(document.kind, document.manifest or {}, texts)
    data = {
        "draft": drafts.to_dict(merged.draft),
        "conflicts": [conflict.name for conflict in merged.conflicts],
    }

    def write(tx: Transaction) -> None:
        tx.note("document.extracted", document.id, data)

    return write


EXTRACT = CatalogueStage("extract", frozenset({"document.settled", "document.changed"}), read)
