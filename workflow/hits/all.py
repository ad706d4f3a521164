"""All hits of a search, for a file: without snippets, which would cost a look at every page."""

from dataclasses import replace
from functools import cache, partial

from catalog.rights import Actor
from search.engine.base import Hit
from search.results.request import Request
from search.session import Session
from workflow.library import Library
from workflow.seeing import seer_of

_MOST = 1_000_000


def all_hits(library: Library, request: Request, *, actor: Actor) -> tuple[Hit, ...]:
    """Return every page and record that ``actor`` finds, in the order asked for.

    Raises:
        IndexStaleError: the index has to be rebuilt.
    """
    seer = seer_of(actor)
    with Session(library.home) as session:
        asked = seer.asked(library, request, session)
        every = replace(asked, grouped=False, facets=(), offset=0, limit=_MOST)
        answer = session.ask(every)

    may_search = cache(partial(seer.may_search, library))
    may_read = cache(partial(seer.may_read, library))
    hits = (group.best for group in answer.groups)
    return tuple(
        hit for hit in hits if (may_search(hit.document) if hit.page else may_read(hit.record))
    )
