"""The card of a proposed link: the scan and the record side by side, and why they may belong."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from catalog.comparison.contrast import Part, contrast
from catalog.drafting.draft import Draft
from catalog.drafting.rusmarc import ISSUES
from catalog.view import BibliographicView, view
from language.fold import fold
from pages.text import Box
from store.catalogue import links, records
from store.catalogue.links import Link
from store.catalogue.records import StoredRecord
from store.digitised import documents
from store.digitised import pages as page_rows
from store.digitised.documents import Document
from workflow.library import Library
from workflow.record.describe import describe_records, library_style
from workflow.record.draft import last_draft

MOST_PAGES = 3
"""Pages of a scan on a card: those that the compared elements stand on."""

SHOWN_WIDTH = 800
"""Pixels across of the image on a card."""

_AGAINST = frozenset({"authors-differ", "isbn-differs", "recurring-title"})
_REASONS = {
    "title": {"title-equal": "same", "title-near": "near", "title-close": "near"},
    "author": {"author-equal": "same", "authors-differ": "differs"},
    "year": {"year-equal": "same", "year-near": "near"},
    "publisher": {"publisher-equal": "same"},
    "isbn": {"isbn-equal": "same", "isbn-differs": "differs"},
    "host_title": {"host-equal": "same"},
    "host_number": {"number-equal": "same"},
    "host_date": {"date-equal": "same"},
    "pages": {"pages-equal": "same"},
}
"""What the reasons of a proposal say of each compared element, in the order of the card."""


@dataclass(frozen=True, slots=True)
class Compared:
    """One element of both sides in parts that say where they differ.

    ``agreement`` is same, near, differs, or "" where one side is silent or nothing is known.
    """

    name: str
    scan: tuple[Part, ...]
    record: tuple[Part, ...]
    agreement: str


@dataclass(frozen=True, slots=True)
class Mark:
    """A box on a page that an element was read in, pixels of the page's frame."""

    element: str
    box: Box


@dataclass(frozen=True, slots=True)
class ScanPage:
    """A page of the scan with its size in pixels of its frame, and what was read where on it."""

    key: str
    position: int
    width: int
    height: int
    marks: tuple[Mark, ...]

    @property
    def shown_height(self) -> int:
        """Pixels of its image for reading, which is ``SHOWN_WIDTH`` across."""
        return round(SHOWN_WIDTH * self.height / self.width)


@dataclass(frozen=True, slots=True)
class ReasonTold:
    """A reason by its message ``reason.<code>``; ``against`` speaks against the pair."""

    code: str
    facts: Mapping[str, object]
    against: bool


@dataclass(frozen=True, slots=True)
class Candidate:
    """Another record that the scan may belong to; ``link`` is the proposal."""

    link: str
    record: str
    title: str


@dataclass(frozen=True, slots=True)
class LinkCard:
    """``description`` is of the record by the library's standard, ``copies`` its other scans."""

    link: Link
    document: Document
    record: StoredRecord
    title: str
    number: str
    description: str
    compared: tuple[Compared, ...]
    pages: tuple[ScanPage, ...]
    reasons: tuple[ReasonTold, ...]
    others: tuple[Candidate, ...]
    copies: tuple[str, ...]


def link_card(library: Library, link: Link) -> LinkCard:
    """Return the card of a link, whatever its status."""
    store = library.store
    document = documents.get_document(store, link.document)
    stored = records.get_record(store, link.record)
    seen, draft = view(stored.record), last_draft(library, document)
    copies = links.copies_of(store, [stored.id]).get(stored.id, [])
    style = library_style(library.settings)
    return LinkCard(
        link,
        document,
        stored,
        title=document.title or draft.first("title") or document.name,
        number=stored.record.control_number or stored.id,
        description=describe_records(library, [stored.id], "text", style).text.strip(),
        compared=tuple(_compared(link, draft, seen)),
        pages=_scan_pages(library, document, draft),
        reasons=tuple(_reasons(link)),
        others=tuple(_others(library, link)),
        copies=tuple(one for one in copies if one != document.id),
    )


def _compared(link: Link, draft: Draft, seen: BibliographicView) -> Iterator[Compared]:
    codes = {str(reason.get("code")) for reason in link.evidence}
    read, written = _read(draft), _written(seen)
    for name, meanings in _REASONS.items():
        scan, record = read[name], written[name]
        if not scan and not record:
            continue
        told = [meaning for code, meaning in meanings.items() if code in codes]
        agreement = told[0] if told else _plainly(scan, record)
        yield Compared(name, *contrast(scan, record), agreement)


def _plainly(scan: str, record: str) -> str:
    return "same" if scan and fold(scan) == fold(record) else ""


def _read(draft: Draft) -> dict[str, str]:
    """What the scan says of each element; a whole issue is called what its masthead says."""
    said = {name: "; ".join(draft.all(name)) for name in _REASONS}
    if draft.kind in ISSUES:
        said["title"] = said["title"] or said["host_title"]
        said["year"] = said["year"] or said["host_date"][:4]
        said["host_title"] = ""
    return said


def _written(seen: BibliographicView) -> dict[str, str]:
    """What the record says of each element."""
    return {
        "title": seen.title,
        "author": "; ".join(name.text for name in seen.names),
        "year": str(seen.year or ""),
        "publisher": seen.publisher or "",
        "isbn": "; ".join(seen.isbn),
        "host_title": seen.host_title or "",
        "host_number": seen.host_number or "",
        "host_date": seen.host_date or "",
        "pages": seen.pages or "",
    }


def _scan_pages(library: Library, document: Document, draft: Draft) -> tuple[ScanPage, ...]:
    """The pages that compared elements stand on, in their order; else the first."""
    marks: dict[str, list[Mark]] = {}
    for element in draft.elements:
        for evidence in element.evidence:
            if element.name in _REASONS and evidence.page and evidence.box:
                marks.setdefault(evidence.page, []).append(Mark(element.name, evidence.box))
    rows = page_rows.list_pages(library.store, document.id)
    wanted = [page for page in rows if page.key in marks] or rows[:1]
    return tuple(
        ScanPage(
            *(page.key, page.position, page.frame.width, page.frame.height),
            tuple(marks.get(page.key, ())),
        )
        for page in wanted[:MOST_PAGES]
    )


def _reasons(link: Link) -> Iterator[ReasonTold]:
    for reason in link.evidence:
        code = str(reason.get("code"))
        yield ReasonTold(code, reason.get("facts") or {}, code in _AGAINST)


def _others(library: Library, link: Link) -> Iterable[Candidate]:
    found = links.list_links(library.store, document=link.document, status="proposed")
    for one in found:
        if one.id != link.id:
            title = view(records.get_record(library.store, one.record).record).title
            yield Candidate(one.id, one.record, title)
