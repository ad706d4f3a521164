"""The page of one document: what it is, where it came from, how whole it is, what may be read."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from catalog.digital_copy import with_copy
from catalog.drafting.build import to_record
from catalog.drafting.draft import Draft
from catalog.drafting.rusmarc import Context
from catalog.drafting.sheet import sheet_elements
from catalog.isbd.words import html_language
from catalog.record import Record
from catalog.supplied_title import is_untitled
from digitize.work.twins import SAME_PICTURE
from search.session import Session
from store.catalogue import findings, links
from store.digitised import pages as page_rows
from store.digitised.articles import list_articles
from store.digitised.documents import Document
from store.digitised.pages import Page
from store.digitised.proofreading import DAMAGED
from workflow.library import Library
from workflow.naming import title_in_record
from workflow.reading.access import Access, Described, Opened, Visit, open_document, title_of
from workflow.reading.description import Description, description_of
from workflow.reading.metadata import Metadata, Place, metadata_of
from workflow.reading.page.found import Found, Within, found_within
from workflow.reading.page.labels import labelled
from workflow.reading.strip import Strip, StripPage, strip_of, strip_page

PDF = "document.pdf"
_UNKNOWN = "und"


@dataclass(frozen=True, slots=True)
class Part:
    """A record of a part, such as an article of an issue."""

    record: str
    title: str
    pages: str


@dataclass(frozen=True, slots=True)
class Entry:
    """An article as it was cut out: its title or "", BCP 47 tag, and the page where it begins."""

    title: str
    language: str
    page: str
    position: int
    label: str


@dataclass(frozen=True, slots=True)
class Completeness:
    """How many pages there are, and of how many there is no text, and why.

    ``damaged`` are the positions (scans, from 1) of pages whose original is damaged.
    """

    pages: int
    image_only: int
    failed: int
    waiting: int
    damaged: tuple[int, ...]

    @property
    def is_whole(self) -> bool:
        """Whether every page has its text and none is damaged."""
        return not (self.image_only or self.failed or self.waiting or self.damaged)


@dataclass(frozen=True, slots=True)
class Inside:
    """What only those who may read the text are told: ``languages`` are of the pages (codes).

    ``read`` is the key of the first page, or "". ``day`` is when it was taken in (ISO 8601).
    """

    languages: tuple[str, ...]
    completeness: Completeness
    contents: tuple[Entry, ...]
    strip: Strip
    read: str
    day: str


@dataclass(frozen=True, slots=True)
class Beside:
    """What staff is told: what the scan is called in its batch, and the documents beside it.

    These are documents of the same record, and those that show the same pictures.
    """

    folder: str
    batch: str
    same_record: tuple[str, ...]
    same_pictures: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DocumentPage:
    """One document as one visitor sees it.

    ``title_language`` is a BCP 47 tag or "". ``record`` is the id of its record, "" where the
    librarian's sheet alone describes it. ``pdf_bytes`` is 0 where there is no PDF for them,
    ``cover`` and ``inside`` are None where the rights say no; ``beside`` is None for readers.
    ``found`` is what a query finds in its pages, None without one.
    """

    id: str
    address: str
    title: str
    title_language: str
    state: str
    description: Description
    record: str
    is_draft: bool
    access: Access
    parts: tuple[Part, ...]
    cover: StripPage | None
    pdf_bytes: int
    inside: Inside | None
    found: Found | None
    beside: Beside | None
    metadata: Metadata


def document_page(
    library: Library,
    session: Session,
    identifier: str,
    visit: Visit,
    start: int = 1,
    query: str = "",
) -> DocumentPage:
    """Return the page of a document; the strip holds the page at position ``start``.

    ``query`` is searched in its pages where the visitor may read them. Errors as of
    :func:`workflow.reading.access.open_document`.
    """
    opened = open_document(library, identifier, visit)
    document, access, main = opened.document, opened.access, opened.main
    record = main.stored.id if main else ""
    pages = _pages(library, document.id)
    told = description_of(library, record_of(library, opened), record)
    title, tongue = _title(library, opened, told)
    pdf = _pdf_bytes(library, document) if access.download else 0
    cover = _cover(pages, _seen(access, document))
    within = Within(document.id, tuple(page.key for page in pages))
    return DocumentPage(
        id=document.id,
        address=library.address(document.id),
        title=title,
        title_language=tongue,
        state=document.state,
        description=told,
        record=record,
        is_draft=main is not None and main.is_draft,
        access=access,
        parts=tuple(map(_part, opened.records[1:])),
        cover=cover,
        pdf_bytes=pdf,
        inside=_inside(library, opened, pages, start) if access.text else None,
        found=found_within(library, session, within, visit, query) if access.text else None,
        beside=_beside(library, opened) if visit.is_staff else None,
        metadata=metadata_of(told, _place(library, opened, cover, has_pdf=pdf > 0)),
    )


def _pages(library: Library, document: str) -> tuple[Page, ...]:
    """The pages in their order, with the numbers that are printed on them."""
    rows = page_rows.list_pages(library.store, document)
    return tuple(labelled(library.home, document, rows))


def record_of(library: Library, opened: Opened) -> Record:
    """Return the record of a document, or one made of what the librarian's sheet says of it.

    Where the sheet names no language, that of the pages counts, if the visitor may read them: the
    description is written in it.
    """
    if opened.main is not None:
        return opened.main.stored.record
    document = opened.document
    read = page_rows.list_pages(library.store, document.id) if opened.access.text else ()
    known = {"language": ";".join(_languages(read))}
    told = {name: cell for name, cell in (document.manifest or {}).items() if cell}
    row = {**known, **told, "kind": document.kind}
    said = [one.value for one in sheet_elements(row) if one.name == "language"]
    title = title_in_record(library, document, next(iter(said), ""), reads=opened.access.text)
    elements = sheet_elements({**row, "title": title})
    context = Context(
        control_number=document.id,
        time=datetime.datetime.fromisoformat(document.created),
        organisation=library.settings.library.name or "olketanu",
    )
    record = to_record(Draft(document.kind, elements), context)
    return with_copy(record, library.address(document.id))


def _title(library: Library, opened: Opened, told: Description) -> tuple[str, str]:
    """The title as the page is headed, and its language, "" where that is the page's own."""
    title = title_of(library, opened)
    if title.is_supplied:
        return title.text, ""
    whole = told.title if told.title and not is_untitled(told.title) else title.text
    return whole, told.language


def _pdf_bytes(library: Library, document: Document) -> int:
    path = library.home.pdf(document.id)
    return path.stat().st_size if PDF in document.files and path.is_file() else 0


def _seen(access: Access, document: Document) -> frozenset[str]:
    """The pictures that the visitor may see."""
    return frozenset(document.files) if access.image else frozenset()


def _cover(pages: Sequence[Page], files: frozenset[str]) -> StripPage | None:
    """The first page, where there is a picture of it."""
    first = strip_page(pages[0], 1, files) if pages else None
    return first if first and first.height else None


def _place(library: Library, opened: Opened, cover: StripPage | None, *, has_pdf: bool) -> Place:
    """Addresses for machines: of what everybody may have."""
    address, public = library.address(opened.document.id), opened.access.public
    return Place(
        address,
        f"{address}.pdf" if public and has_pdf else "",
        f"{address}/p/{cover.key}.jpg?w=800" if public and cover else "",
    )


def _part(one: Described) -> Part:
    return Part(one.stored.id, one.view.title, one.view.pages or "")


def _inside(library: Library, opened: Opened, pages: Sequence[Page], start: int) -> Inside:
    document = opened.document
    return Inside(
        languages=_languages(pages),
        completeness=_completeness(library, document.id, pages),
        contents=_contents(library, document.id, pages),
        strip=strip_of(pages, _seen(opened.access, document), start),
        read=pages[0].key if pages else "",
        day=document.created[:10],
    )


def _languages(pages: Sequence[Page]) -> tuple[str, ...]:
    found = (code for page in pages for code in page.languages)
    return tuple(dict.fromkeys(code for code in found if code != _UNKNOWN))


def _completeness(library: Library, document: str, pages: Sequence[Page]) -> Completeness:
    states = [page.state for page in pages]
    told = findings.findings_of_pages(library.store, document, DAMAGED)
    damaged = {finding.subject.partition("/")[2] for finding in told}
    return Completeness(
        pages=len(pages),
        image_only=states.count("image-only"),
        failed=states.count("failed"),
        waiting=states.count("waiting"),
        damaged=tuple(number for number, page in enumerate(pages, 1) if page.key in damaged),
    )


def _contents(library: Library, document: str, pages: Sequence[Page]) -> tuple[Entry, ...]:
    """The articles whose pages are there, in their order."""
    places = {page.key: (page.key, n, page.label or "") for n, page in enumerate(pages, 1)}
    return tuple(
        Entry(one.title, html_language(one.language), *places[one.pages[0]])
        for one in list_articles(library.store, document)
        if one.pages and one.pages[0] in places
    )


def _beside(library: Library, opened: Opened) -> Beside:
    known, store = opened.document, library.store
    document = known.id
    copies = links.copies_of(store, (one.stored.id for one in opened.records))
    told = findings.list_findings(store, document, SAME_PICTURE)
    others = {one for found in copies.values() for one in found} - {document}
    alike = tuple(str(finding.facts["document"]) for finding in told)
    return Beside(known.name, known.batch, tuple(sorted(others)), alike)
