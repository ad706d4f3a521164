"""Where a query stands in one document: which pages answer it, and which words on a page."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass

from pages.text import Box
from search.index.generations import IndexUnusableError
from search.results.highlight import mark_boxes
from search.results.request import Request
from search.session import Session
from workflow.find_inside import Answering, pages_inside
from workflow.library import Library
from workflow.page_words import page_words
from workflow.reading.access import Visit
from workflow.seeing import Seer

LONGEST_QUERY = 300
"""Characters; what is longer is cut."""
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
class Within:
    """The document searched: all its pages in order, and the place (from 0) of the one in hand.

    ``at`` is -1 where none is in hand.
    """

    document: str
    keys: tuple[str, ...]
    at: int = -1


def found_within(
    library: Library, session: Session, within: Within, visit: Visit, query: str
) -> Found | None:
    """Return what a query finds in a document, None where it asks for nothing."""
    asked = " ".join(query[:LONGEST_QUERY].split())
    if not asked:
        return None
    try:
        seer = Seer(visit.actor, visit.today)
        answering = pages_inside(library, within.document, Request(asked), seer, session)
    except IndexUnusableError:
        return Found(asked, searched=False)
    if answering is None:
        return Found(asked)
    places = {key: at for at, key in enumerate(within.keys)}
    found = [places[key] for key in answering.pages]
    before, after = bisect_left(found, within.at), bisect_right(found, within.at)
    marked = _marked(library, within, answering) if within.at >= 0 else ()
    return Found(
        asked,
        total=len(found),
        pages=_named(within, found[max(0, before - _NAMED) : after + _NAMED]),
        before=next(iter(_named(within, found[before - 1 : before])), None),
        after=next(iter(_named(within, found[after : after + 1])), None),
        here=len(marked),
        boxes=tuple(dict.fromkeys(box for boxes in marked for box in boxes)),
    )


def _named(within: Within, found: Iterable[int]) -> tuple[FoundPage, ...]:
    return tuple(FoundPage(within.keys[at], at + 1) for at in found)


def _marked(library: Library, within: Within, answering: Answering) -> tuple[tuple[Box, ...], ...]:
    """The words on the page in hand that the query asks for, each by its printed parts."""
    words = page_words(library.home, within.document, within.keys[within.at])
    return () if words is None else mark_boxes(words.words, words.marks(answering.marker))
