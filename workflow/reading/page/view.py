"""One page of a document as one visitor sees it: its picture, its text, and where a query stands.

A page is told by its key, which never changes; people count scans and read printed numbers.
"""

from dataclasses import dataclass
from textwrap import shorten

from catalog.isbd.words import html_language
from language.identify import identify
from olketanu.errors import UsageError
from pages.text import Box
from search.session import Session
from store.digitised import pages as page_rows
from store.digitised.pages import Page
from workflow.library import Library
from workflow.naming import DocumentTitle
from workflow.reading.access import Access, Opened, Visit, open_document, title_of
from workflow.reading.description import host_of
from workflow.reading.document import PDF
from workflow.reading.metadata import LONGEST_TOLD
from workflow.reading.page.found import Found, Within, found_within
from workflow.reading.page.labels import labelled
from workflow.reading.page.pictures import images_of
from workflow.reading.page.text import ShownRegion, current_text, flowing, shown_regions
from workflow.reading.refusals import NotForThemError
from workflow.reading.strip import StripPage, strip_page

_TOLD = 12  # regions that surely hold a sentence
_BESIDE = 3  # pages of the strip on either side


@dataclass(frozen=True, slots=True)
class Picture:
    """An image of the page: the ``width`` by which it is asked for, and its own size in pixels."""

    width: int
    size: tuple[int, int]


@dataclass(frozen=True, slots=True)
class PageView:
    """A page; what the rights forbid is empty.

    ``title``, its language (BCP 47 or ""), ``kind``, ``date`` (ISO 8601, possibly partial, or "")
    and ``source`` (the newspaper or journal, or "") are the document's. ``frame`` (width, height)
    is in pixels of which boxes are told; ``state`` is that of its recognition. ``pictures`` rise
    by width. ``regions`` hold the text, ``found`` is None without a query. ``has_pdf`` and
    ``access.download`` say what may be taken.
    """

    document: str
    address: str
    title: str
    title_language: str
    kind: str
    date: str
    source: str
    access: Access
    here: StripPage
    total: int
    frame: tuple[int, int]
    state: str
    pictures: tuple[Picture, ...]
    regions: tuple[ShownRegion, ...]
    before: StripPage | None
    after: StripPage | None
    strip: tuple[StripPage, ...]
    has_pdf: bool
    found: Found | None

    @property
    def told(self) -> str:
        """How the text begins, in a sentence or two."""
        return shorten(flowing(self.regions[:_TOLD]), LONGEST_TOLD, placeholder="…")


@dataclass(frozen=True, slots=True)
class OpenedPage:
    """A page of which the visitor may see something; ``keys`` are all pages of its document."""

    opened: Opened
    row: Page
    keys: tuple[str, ...]

    @property
    def at(self) -> int:
        """Where it stands among them, from 0."""
        return self.row.position - 1


def open_page(library: Library, document: str, page: str, visit: Visit) -> OpenedPage:
    """Return a page of which the visitor may see the text or the picture.

    Raises:
        UsageError: ``error.unknown-document``, ``error.unknown-page``.
        NotForThemError: the document is known to them, its pages are not; so for any ``page``.
        WithdrawnError: as :func:`workflow.reading.access.open_document`.
    """
    opened = _open_inside(library, document, visit)
    row = page_rows.get_page(library.store, opened.document.id, page)
    return OpenedPage(opened, row, tuple(page_rows.list_keys(library.store, opened.document.id)))


def key_at(library: Library, document: str, position: int, visit: Visit) -> str:
    """Return the key of the page at a position (from 1), or of the one at the end that is nearest.

    Errors as of :func:`open_page`.
    """
    opened = _open_inside(library, document, visit)
    keys = page_rows.list_keys(library.store, opened.document.id)
    if not keys:
        raise UsageError("error.unknown-page", document=document, page=str(position))
    return keys[min(max(position, 1), len(keys)) - 1]


def _open_inside(library: Library, document: str, visit: Visit) -> Opened:
    opened = open_document(library, document, visit)
    if not (opened.access.text or opened.access.image):
        raise NotForThemError(document)
    return opened


def page_view(
    library: Library, session: Session, place: tuple[str, str], visit: Visit, query: str = ""
) -> PageView:
    """Return the page of ``place`` (document, page key) with what ``query`` finds.

    Errors as of :func:`open_page`.
    """
    held = open_page(library, *place, visit)
    opened, row = held.opened, held.row
    access, files = opened.access, opened.document.files
    within = Within(opened.document.id, held.keys, held.at)
    found = found_within(library, session, within, visit, query)
    text = current_text(library.home, opened.document.id, row.key) if access.text else None
    marked = frozenset(found.boxes) if found else frozenset[Box]()
    strip = _strip(library, held)
    beside = {leaf.position - 1 - held.at: leaf for leaf in strip}
    seen = opened.main.view if opened.main else None
    title = title_of(library, opened)
    return PageView(
        document=opened.document.id,
        address=library.address(opened.document.id),
        title=title.text,
        title_language=_language_of(title),
        kind=seen.kind if seen else opened.document.kind,
        date=(seen.host_date or seen.date or "") if seen else "",
        source=host_of(seen.host_title or seen.source_text, seen.host_number) if seen else "",
        access=access,
        here=beside[0],
        total=len(held.keys),
        frame=(row.frame.width, row.frame.height),
        state=row.state,
        pictures=_pictures(row, files) if access.image else (),
        regions=shown_regions(text, marked) if text else (),
        before=beside.get(-1),
        after=beside.get(1),
        strip=strip,
        has_pdf=PDF in files,
        found=found,
    )


def _language_of(title: DocumentTitle) -> str:
    """The language of a title as a BCP 47 tag, "" where it is the page's own or not known."""
    language = "" if title.is_supplied else identify(title.text, "")
    return html_language(language) if language else ""


def _strip(library: Library, held: OpenedPage) -> tuple[StripPage, ...]:
    """The page among its neighbours."""
    document, first = held.opened.document, max(0, held.at - _BESIDE)
    seen = frozenset(document.files) if held.opened.access.image else frozenset[str]()
    keys = held.keys[first : held.at + _BESIDE + 1]
    rows = (page_rows.get_page(library.store, document.id, key) for key in keys)
    named = labelled(library.home, document.id, rows)
    return tuple(strip_page(row, number, seen) for number, row in enumerate(named, first + 1))


def _pictures(row: Page, files: dict[str, str]) -> tuple[Picture, ...]:
    """Upright and uncropped, and never wider than the page."""
    frame = row.frame
    return tuple(
        Picture(width, (across, max(1, round(frame.height * across / frame.width))))
        for width in images_of(files, row.key)
        for across in (min(width, frame.width),)
    )
