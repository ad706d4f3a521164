"""All hits of a search, for a file: without snippets, which would cost a look at every page."""

import datetime
from dataclasses import replace
from functools import cache

from catalog.rights import CLOSED, READER, STAFF, may
from search.engine.base import Hit
from search.results.request import Request
from search.session import Session
from store.digitised import rights
from workflow.library import Library

_MOST = 1_000_000


def all_hits(library: Library, request: Request, *, role: str) -> tuple[Hit, ...]:
    """Return every page and record that ``role`` (staff, reader) finds, in the order asked for.

    Raises:
        IndexStaleError: the index has to be rebuilt.
    """
    actor = STAFF if role == "staff" else READER
    today = datetime.datetime.now(datetime.UTC).date()

    @cache
    def open_to_actor(document: str) -> bool:
        # A term may have ended since the page was indexed.
        return may(actor, "search_text", rights.get_rights(library.store, document), today)

    everything = may(actor, "search_text", CLOSED, today)
    asked = replace(request, restricted=everything, grouped=False, facets=(), offset=0, limit=_MOST)
    with Session(library.home) as session:
        answer = session.ask(asked)
    hits = (group.best for group in answer.groups)
    return tuple(hit for hit in hits if not hit.page or open_to_actor(hit.document))
