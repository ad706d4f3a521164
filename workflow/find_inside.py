"""Search inside one document: every place, in the order of its pages."""

from dataclasses import replace

from search.query.filters import Choice, Filters
from search.results.inside import Inside, places_inside
from search.results.marks import Marker
from search.results.request import Request
from search.session import Session
from store.digitised import pages as page_rows
from workflow.library import Library
from workflow.page_words import page_words
from workflow.seeing import seer_of

_MOST_PAGES = 10_000


def find_inside(
    library: Library,
    document: str,
    request: Request,
    *,
    role: str = "staff",
    session: Session | None = None,
) -> Inside:
    """Return the places of a document that answer ``request``, on pages that answer it whole.

    A document whose text ``role`` may not search has none.

    Raises:
        IndexStaleError: the index has to be rebuilt.
    """
    if session is None:
        with Session(library.home) as opened:
            return find_inside(library, document, request, role=role, session=opened)
    seer = seer_of(role)
    if not seer.may_search(library, document):
        return Inside((), 0)
    answer = session.ask(_within(seer.asked(library, request, session), document))
    if answer.asked is None:
        return Inside((), 0)
    found = {group.best.page for group in answer.groups if group.best.kind == "page"}
    keys = [page.key for page in page_rows.list_pages(library.store, document) if page.key in found]
    read = ((key, page_words(library.home, document, key)) for key in keys)
    return places_inside([(k, page) for k, page in read if page], Marker(answer.asked))


def _within(request: Request, document: str) -> Request:
    """Return ``request`` for all pages of one document."""
    held = request.filters.without("document")
    choices = (*held.choices, Choice("document", (document,)))
    narrowed = Filters(held.first, held.last, choices)
    return replace(request, filters=narrowed, facets=(), offset=0, limit=_MOST_PAGES, grouped=False)
