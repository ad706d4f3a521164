"""One page of a document as one visitor sees it: its picture, its text, and where a query stands.

A page is told by its key, which never changes; people count scans and read printed numbers.
"""

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
from workflow.reading.access import Access, Opened, Visit, open_document
from workflow.reading.page_text import ShownRegion, current_text, shown_regions
from workflow.reading.pictures import images_of
from workflow.reading.refusals import NotForThemError
from workflow.reading.strip import StripPage, strip_page
from workflow.seeing import Seer

LONGEST_QUERY = 300
"""Characters; what is longer is cut."""
_BESIDE = 3  # pages of the strip on either side
_PDF = "document.pdf"


@dataclass(frozen=True, slots=True)
class Found:
    """What a query finds in the document; ``searched`` is False where the index cannot be used.

    ``pages`` are those that answer it whole; ``before`` and ``after`` the nearest on either side of
    the page in hand. ``boxes`` are the words on this page, every printed part, in pixels.
    """

    query: str
    searched: bool = True
    pages: tuple[StripPage, ...] = ()
    before: StripPage | None = None
    after: StripPage | None = None
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
    """A page of which the visitor may see something, among the pages of its document."""

    opened: Opened
    pages: tuple[Page, ...]
    at: int

    @property
    def row(self) -> Page:
        """The page itself."""
        return self.pages[self.at]


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
    pages = tuple(page_rows.list_pages(library.store, opened.document.id))
    return OpenedPage(opened, pages, row.position - 1)


def page_view(
    library: Library, session: Session, place: tuple[str, str], visit: Visit, query: str = ""
) -> PageView:
    """Return the page of ``place`` (document, page key) with what ``query`` finds.

    Errors as of :func:`open_page`.
    """
    held = open_page(library, *place, visit)
    opened, row = held.opened, held.row
    access, files = opened.access, opened.document.files
    seen = frozenset(files) if access.image else frozenset[str]()
    leaves = _Leaves(held.pages, seen)
    asked = " ".join(query[:LONGEST_QUERY].split())
    found = _found(library, session, held, visit, asked, leaves) if asked else None
    text = current_text(library.home, opened.document.id, row.key) if access.text else None
    marked = frozenset(found.boxes) if found else frozenset[Box]()
    return PageView(
        document=opened.document.id,
        address=library.address(opened.document.id),
        title=title_of(opened),
        access=access,
        here=leaves[held.at],
        total=len(held.pages),
        frame=(row.frame.width, row.frame.height),
        state=row.state,
        pictures=_pictures(row, files) if access.image else (),
        regions=shown_regions(text, marked) if text else (),
        before=leaves.at(held.at - 1),
        after=leaves.at(held.at + 1),
        strip=leaves.around(held.at),
        has_pdf=_PDF in files,
        found=found,
    )


def title_of(opened: Opened) -> str:
    """Return what people call the document."""
    told = opened.main.view.title if opened.main is not None else ""
    return told or opened.document.title or opened.document.name


class _Leaves:
    """The pages of a document as the strip shows them, each made when it is asked for."""

    def __init__(self, pages: Sequence[Page], seen: frozenset[str]) -> None:
        self._pages, self._seen = pages, seen

    def __getitem__(self, at: int) -> StripPage:
        return strip_page(self._pages[at], at + 1, self._seen)

    def at(self, at: int) -> StripPage | None:
        return self[at] if 0 <= at < len(self._pages) else None

    def around(self, at: int) -> tuple[StripPage, ...]:
        last = min(len(self._pages), at + _BESIDE + 1)
        return tuple(self[number] for number in range(max(0, at - _BESIDE), last))

    def named(self, keys: tuple[str, ...]) -> tuple[tuple[int, StripPage], ...]:
        places = {page.key: number for number, page in enumerate(self._pages)}
        return tuple((places[key], self[places[key]]) for key in keys)


def _pictures(row: Page, files: dict[str, str]) -> tuple[Picture, ...]:
    """Upright and uncropped, and never wider than the page."""
    frame = row.frame
    return tuple(
        Picture(width, (across, max(1, round(frame.height * across / frame.width))))
        for width in images_of(files, row.key)
        for across in (min(width, frame.width),)
    )


def _found(
    library: Library,
    session: Session,
    held: OpenedPage,
    visit: Visit,
    query: str,
    leaves: _Leaves,
) -> Found:
    document, seer = held.opened.document.id, Seer(visit.actor, visit.today)
    try:
        answering = pages_inside(library, document, Request(query), seer, session)
    except IndexUnusableError:
        return Found(query, searched=False)
    if answering is None:
        return Found(query)
    numbered = leaves.named(answering.pages)
    before = [leaf for at, leaf in numbered if at < held.at]
    after = [leaf for at, leaf in numbered if at > held.at]
    return Found(
        query,
        pages=tuple(leaf for _, leaf in numbered),
        before=before[-1] if before else None,
        after=after[0] if after else None,
        boxes=_boxes(library, document, held.row.key, answering),
    )


def _boxes(library: Library, document: str, page: str, answering: Answering) -> tuple[Box, ...]:
    words = page_words(library.home, document, page)
    if words is None:
        return ()
    found = mark_boxes(words.words, words.marks(answering.marker))
    return tuple(dict.fromkeys(box for boxes in found for box in boxes))
