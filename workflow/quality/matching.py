"""Which page of the library a page of the truth is."""

from collections import Counter
from dataclasses import dataclass
from pathlib import PurePosixPath

from store.digitised import batches, documents
from store.digitised import pages as page_rows
from store.digitised.documents import Document
from store.digitised.pages import Page
from workflow.library import Library
from workflow.quality.truth import TruePage, page_number

REASONS = ("document-unknown", "document-ambiguous", "page-unknown", "page-waiting")
"""Why a page of the truth is not measured."""


@dataclass(frozen=True, slots=True)
class Missed:
    """A page of the truth that stands for none; ``reason`` is one of ``REASONS``."""

    document: str
    page: str
    reason: str

    def as_json(self) -> dict[str, object]:
        """The ``missed`` line."""
        return {"document": self.document, "page": self.page, "missed": self.reason}


class Matcher:
    """Finds pages by the names of the truth, reading each document once."""

    def __init__(self, library: Library, batch: str | None) -> None:
        self._library = library
        self._documents: dict[str, list[Document]] = {}
        self._known: dict[str, tuple[dict[str, Page], list[Page]]] = {}
        for document in documents.list_documents(library.store, batch=batch):
            for name in {document.name, PurePosixPath(document.name).stem, document.id}:
                self._documents.setdefault(name, []).append(document)

    def find(self, true: TruePage) -> Page | Missed:
        """Return the page, by its key, its scan's name, its number or its order."""
        found = self._documents.get(true.document, [])
        if len(found) != 1:
            reason = "document-ambiguous" if found else "document-unknown"
            return Missed(true.document, true.page, reason)
        named, ordered = self._pages(found[0])
        page = named.get(true.page)
        if page is None:
            number = page_number(true.page)
            place = true.order if number is None else number
            page = ordered[place - 1] if 1 <= place <= len(ordered) else None
        if page is None:
            return Missed(true.document, true.page, "page-unknown")
        if page.state == "waiting":
            return Missed(true.document, true.page, "page-waiting")
        return page

    def _pages(self, document: Document) -> tuple[dict[str, Page], list[Page]]:
        """Pages by key and by the name of their scan (where the scan is one page), and in order."""
        if document.id not in self._known:
            pages = page_rows.list_pages(self._library.store, document.id)
            masters = Counter(page.frame.master for page in pages)
            single = {p.frame.master: p for p in pages if masters[p.frame.master] == 1}
            named = {
                PurePosixPath(source.name).stem: single[source.sha256]
                for source in batches.list_sources(self._library.store, document.batch)
                if source.document == document.id and source.sha256 in single
            }
            self._known[document.id] = (named | {page.key: page for page in pages}, pages)
        return self._known[document.id]
