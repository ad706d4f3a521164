"""One page of a document as one visitor sees it: its picture, its text, and where a query stands.

A page is told by its key, which never changes; people count scans and read printed numbers.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from pages.text import Box
from search.index.generations import IndexUnusableError
from search.results.highlight import mark_boxes
from search.results.request import Request
from search.session import Session
from store.digitised import pages as page_rows
from store.digitised.pages import Page
from workflow.find_inside import Answering, pages_inside
from workflow.library import Library
from workflow.page_words import page_words
from workflow.reading.access import Access, Opened, Visit, open_document, title_of
from workflow.reading.document import PDF
from workflow.reading.page.labels import labelled
from workflow.reading.page.pictures import images_of
from workflow.reading.page.text import ShownRegion, current_text, shown_regions
from workflow.reading.refusals import NotForThemError
from workflow.reading.strip import StripPage, strip_page
from workflow.seeing import Seer

LONGEST_QUERY = 300
"""Characters; what is longer is cut."""
_BESIDE = 3  # pages of the strip on either side
_NAMED = 20  # pages found that are named on either side


@dataclass(frozen=True, slots=True)
class FoundPage:
    """A page that answers a query; ``position`` counts the scans from 1."""

    key: str
    position: int


@dataclass(frozen=True, slots=True)
class Found:
    """What a query finds in the document; ``searched`` is False where the index cannot be used.

    ``total`` counts the pages that answer it whole, ``pages`` are those nearest to the page in
    hand, ``before`` and ``after`` the next on either side of it. ``here`` counts the words on this
    page, ``boxes`` are all their printed parts, in pixels.
    """

    query: str
    searched: bool = True
    total: int = 0
    pages: tuple[FoundPage, ...] = ()
    before: FoundPage | None = None
    after: FoundPage | None = None
    here: int = 0
    boxes: tuple[Box, ...] = ()


@dataclass(frozen=True, slots=True)
class Picture:
    """An image of the page: the ``width`` by which it is asked for, and its own size in pixels."""

    width: int
    size: tuple[int, int]


@dataclass(frozen=True, slots=True)
class PageView:
    """A page; what the rights forbid is empty.

    ``title`` is the document's, ``frame`` (width, height) in pixels of which boxes are told;
    ``state`` is that of its recognition. ``pictures`` rise by width. ``regions`` hold the text,
    ``found`` is None without a query. ``has_pdf`` and ``access.download`` say what may be taken.
    """

    document: str
    address: str
    title: str
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
    opened = open_document(library, document, visit)
    if not (opened.access.text or opened.access.image):
        raise NotForThemError(document)
    row = page_rows.get_page(library.store, opened.document.id, page)
    return OpenedPage(opened, row, tuple(page_rows.list_keys(library.store, opened.document.id)))


def page_view(
    library: Library, session: Session, place: tuple[str, str], visit: Visit, query: str = ""
) -> PageView:
    """Return the page of ``place`` (document, page key) with what ``query`` finds.

    Errors as of :func:`open_page`.
    """
    held = open_page(library, *place, visit)
    opened, row = held.opened, held.row
    access, files = opened.access, opened.document.files
    asked = " ".join(query[:LONGEST_QUERY].split())
    found = _found(library, session, held, visit, asked) if asked else None
    text = current_text(library.home, opened.document.id, row.key) if access.text else None
    marked = frozenset(found.boxes) if found else frozenset[Box]()
    strip = _strip(library, held)
    beside = {leaf.position - 1 - held.at: leaf for leaf in strip}
    return PageView(
        document=opened.document.id,
        address=library.address(opened.document.id),
        title=title_of(library, opened).text,
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


def _found(library: Library, session: Session, held: OpenedPage, visit: Visit, query: str) -> Found:
    document, seer = held.opened.document.id, Seer(visit.actor, visit.today)
    try:
        answering = pages_inside(library, document, Request(query), seer, session)
    except IndexUnusableError:
        return Found(query, searched=False)
    if answering is None:
        return Found(query)
    places = {key: at for at, key in enumerate(held.keys)}
    found = [places[key] for key in answering.pages]
    before, after = bisect_left(found, held.at), bisect_right(found, held.at)
    near = found[max(0, before - _NAMED) : after + _NAMED]
    marked = _marked(library, document, held.row.key, answering)
    return Found(
        query,
        total=len(found),
        pages=_named(held, near),
        before=next(iter(_named(held, found[before - 1 : before])), None),
        after=next(iter(_named(held, found[after : after + 1])), None),
        here=len(marked),
        boxes=tuple(dict.fromkeys(box for boxes in marked for box in boxes)),
    )


def _named(held: OpenedPage, found: Sequence[int]) -> tuple[FoundPage, ...]:
    return tuple(FoundPage(held.keys[at], at + 1) for at in found)


def _marked(
    library: Library, document: str, page: str, answering: Answering
) -> tuple[tuple[Box, ...], ...]:
    """The words on a page that the query asks for, each by its printed parts."""
    words = page_words(library.home, document, page)
    return () if words is None else mark_boxes(words.words, words.marks(answering.marker))
