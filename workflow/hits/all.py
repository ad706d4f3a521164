"""All hits of a search, for a file: without snippets, which would cost a look at every page."""

from dataclasses import replace
from functools import cache

from search.engine.base import Hit
from search.results.request import Request
from search.session import Session
from workflow.library import Library
from workflow.seeing import seer_of

_MOST = 1_000_000


def all_hits(library: Library, request: Request, *, role: str) -> tuple[Hit, ...]:
    """Return every page and record that ``role`` (staff, reader) finds, in the order asked for.

    Raises:
        IndexStaleError: the index has to be rebuilt.
    """
    seer = seer_of(role)
    with Session(library.home) as session:
        asked = seer.asked(library, request, session)
        every = replace(asked, grouped=False, facets=(), offset=0, limit=_MOST)
        answer = session.ask(every)

    @cache
    def is_seen(document: str) -> bool:
        return seer.may_search(library, document)

    hits = (group.best for group in answer.groups)
    return tuple(hit for hit in hits if not hit.page or is_seen(hit.document))
