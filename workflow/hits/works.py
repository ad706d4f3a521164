"""The works behind hits: each record once, and documents that have no record yet."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from catalog.drafting import draft as drafts
from catalog.drafting.build import draft_document
from catalog.drafting.draft import Draft, Element
from catalog.record import Record
from olketanu.progress import SILENT, Progress
from search.engine.base import Hit
from store import changes
from store.catalogue import links, records
from store.digitised import documents
from store.digitised.documents import Document
from workflow.library import Library
from workflow.naming import title_in_record
from workflow.record.draft import drafted_record

_IN_FORCE = ("draft", "active")


@dataclass(frozen=True, slots=True)
class Lead:
    """What some hits lead to: a record, or where ``record`` is empty a document.

    ``pages`` are the keys of the pages that were hits, in the order of the hits.
    """

    record: str
    document: str
    pages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Work:
    """A lead with its description.

    ``id`` is the record's id, of a document without a record the document's; ``entered`` when it
    came in (ISO 8601), ``catalogues`` the codes of those that have the record.
    """

    lead: Lead
    id: str
    record: Record
    entered: str
    catalogues: tuple[str, ...] = ()


def leads_of(hits: Iterable[Hit]) -> tuple[Lead, ...]:
    """Return what the hits lead to, best first: pages of one record, and the record, once."""
    found: dict[tuple[str, str], tuple[str, list[str]]] = {}
    for hit in hits:
        work = ("record", hit.record) if hit.record else ("document", hit.document)
        document, pages = found.setdefault(work, (hit.document, []))
        if hit.page and hit.document == document:
            pages.append(hit.page)
    return tuple(
        Lead(identifier if kind == "record" else "", document, tuple(dict.fromkeys(pages)))
        for (kind, identifier), (document, pages) in found.items()
    )


def find_work(library: Library, lead: Lead) -> Work | None:
    """Return the work: the record as it is now, else what is known of the document as a record.

    None where it is gone since the index was made.
    """
    if lead.record:
        stored = records.find_record(library.store, lead.record)
        if stored is None or stored.status not in _IN_FORCE:
            return None
        return Work(lead, stored.id, stored.record, stored.created, stored.catalogues)
    document = documents.find_document(library.store, lead.document)
    if document is None:
        return None
    record = drafted_record(library, document.id, _draft(library, document), document.id)
    return Work(lead, document.id, record, document.created)


class Works:
    """The works of ``leads``, read one by one; they may be gone through again.

    After each passage ``count`` says how many there were, ``bare`` how many of them are documents
    without a record, ``proposed`` to how many of these a record is proposed.
    """

    def __init__(
        self, library: Library, leads: Iterable[Lead], progress: Progress = SILENT
    ) -> None:
        self._library, self._leads, self._progress = library, tuple(leads), progress
        self.count = self.bare = self.proposed = 0

    def __iter__(self) -> Iterator[Work]:
        self.count = self.bare = self.proposed = 0
        for number, lead in enumerate(self._leads, 1):
            work = find_work(self._library, lead)
            named = lead.record or lead.document
            self._progress.step("records", number, len(self._leads), named)
            if work is None:
                continue
            self.count += 1
            if not lead.record:
                self.bare += 1
                self.proposed += self._is_proposed(lead.document)
            yield work

    def _is_proposed(self, document: str) -> bool:
        return bool(links.list_links(self._library.store, document=document, status="proposed"))


def _draft(library: Library, document: Document) -> Draft:
    """What its pages and its row of the sheet gave, else the row alone."""
    events = changes.events_of(library.store, document.id)
    extracted = [event for event in events if event.kind == "document.extracted"]
    if extracted:
        draft = drafts.from_dict(extracted[-1].data["draft"])
    else:
        row = {"title": document.title, **(document.manifest or {})}
        draft = draft_document(document.kind, row, ()).draft
    return draft if draft.first("title") else _titled(library, document, draft)


def _titled(library: Library, document: Document, draft: Draft) -> Draft:
    """The draft with a title supplied; who exports a hit may read it."""
    title = title_in_record(library, document, draft.first("language") or "", reads=True)
    return replace(draft, elements=(*draft.elements, Element("title", title, None, ())))
