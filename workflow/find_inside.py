"""Search inside one document: every place, in the order of its pages."""

from dataclasses import dataclass, replace

from catalog.rights import is_open
from search.query.filters import Choice, Filters
from search.results.inside import Inside, places_inside
from search.results.marks import Marker
from search.results.request import Request
from search.session import Session
from store.digitised import pages as page_rows
from store.digitised import rights
from workflow.library import Library
from workflow.page_words import page_words
from workflow.seeing import Seer

_MOST_PAGES = 10_000


@dataclass(frozen=True, slots=True)
class Answering:
    """The pages of a document that answer a query whole, in order, and what marks their words."""

    pages: tuple[str, ...]
    marker: Marker


def pages_inside(
    library: Library, document: str, request: Request, seer: Seer, session: Session
) -> Answering | None:
    """Return the pages of a document that answer ``request``; None: it asks nothing.

    None too where ``seer`` may not search the text. No page is read for it.

    Raises:
        IndexMissingError, IndexStaleError: as of ``Session.ask``.
    """
    if not seer.may_search(library, document):
        return None
    answer = session.ask(_asked(library, document, request, seer, session))
    if answer.asked is None:
        return None
    found = {group.best.page for group in answer.groups if group.best.kind == "page"}
    keys = page_rows.list_keys(library.store, document)
    return Answering(tuple(key for key in keys if key in found), Marker(answer.asked))


def find_inside(
    library: Library,
    document: str,
    request: Request,
    seer: Seer,
    session: Session | None = None,
) -> Inside:
    """Return the places of a document that answer ``request``, on pages that answer it whole.

    A document whose text ``seer`` may not search has none.

    Raises:
        IndexMissingError, IndexStaleError: as of ``Session.ask``.
    """
    if session is None:
        with Session(library.home) as opened:
            return find_inside(library, document, request, seer, opened)
    found = pages_inside(library, document, request, seer, session)
    if found is None:
        return Inside((), 0)
    read = ((key, page_words(library.home, document, key)) for key in found.pages)
    return places_inside([(key, page) for key, page in read if page], found.marker)


def _asked(
    library: Library, document: str, request: Request, seer: Seer, session: Session
) -> Request:
    """Return ``request`` as it may be asked of one document whose text may be searched.

    Where that is not open, as for readers inside the library, the closed part is asked too: nothing
    but places of this document can come of it.
    """
    held = rights.get_rights(library.store, document)
    asked = seer.asked(library, _within(request, document), session)
    return asked if is_open(held, seer.today) else replace(asked, restricted=True, closed=())


def _within(request: Request, document: str) -> Request:
    """Return ``request`` for all pages of one document."""
    held = request.filters.without("document")
    choices = (*held.choices, Choice("document", (document,)))
    narrowed = Filters(held.first, held.last, choices)
    whole = replace(request, filters=narrowed, offset=0, limit=_MOST_PAGES, grouped=False)
    return replace(whole, facets=(), restricted=True, closed=(), hidden=())
