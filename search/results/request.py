"""What is asked of a search and what it answers: values for callers, whatever the engine."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from search.engine.base import Hit
from search.engine.wanted import Wanted
from search.query.expand import Expansion
from search.query.filters import NO_FILTERS, Filters
from search.query.tree import Notice

Order = Literal["relevance", "newest", "oldest"]

State = Literal["", "chosen", "refused"]
"""What a filter says of a value."""

WINDOW = 500
"""Best hits that are looked at to make groups, so that all engines group the same."""

FEW = 10
"""With fewer hits than this a query is widened, and other words are proposed."""


@dataclass(frozen=True, slots=True)
class Request:
    """A search; equal requests have equal answers within one generation of the index.

    ``language`` is that of the query where it is known (ISO 639-2). ``restricted``: the texts of
    documents that are not open are searched too; without, their index is not even opened.
    ``filters`` all have to hold; ``anniversary`` (03-12) narrows to a day of the year in all years.
    ``closed`` are documents whose pages are left out: they were closed since they were indexed;
    ``hidden`` are records that are left out alike.
    ``facets`` names what is counted (``search.results.facets``), each with its ``top`` most
    frequent values. ``offset`` and ``limit`` (> 0) count groups where hits
    are ``grouped``, else entries. ``expand``: other names of a place or person are searched too;
    ``widen``: what recognition may have misread, where hits are few.
    """

    query: str
    language: str | None = None
    restricted: bool = False
    filters: Filters = NO_FILTERS
    anniversary: str = ""
    closed: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()
    facets: tuple[str, ...] = ()
    top: int = 10
    offset: int = 0
    limit: int = 10
    grouped: bool = True
    expand: bool = True
    widen: bool = True
    order: Order = "relevance"


@dataclass(frozen=True, slots=True)
class Bucket:
    """A value of a facet and the entries that have it; ``state`` tells what a filter says of it."""

    value: str
    count: int
    state: State = ""


@dataclass(frozen=True, slots=True)
class Facet:
    """The values of one facet; ``more`` counts those that were left out."""

    name: str
    buckets: tuple[Bucket, ...]
    more: int = 0


@dataclass(frozen=True, slots=True)
class Group:
    """The pages of one issue, article or book, and its record, as one result.

    ``best`` is what it is shown by: its best page, else its record. ``pages`` are those among the
    best hits, best first; ``page_count`` counts all that match.
    """

    key: str
    score: float
    best: Hit
    pages: tuple[Hit, ...]
    record: Hit | None
    page_count: int

    def keys(self) -> Iterator[str]:
        """Yield the keys of its entries among the best hits."""
        yield from (hit.key for hit in self.pages)
        if self.record is not None:
            yield self.record.key


@dataclass(frozen=True, slots=True)
class Answer:
    """What was found.

    ``groups`` are the results asked for, each of one entry where hits were not grouped. ``total``
    counts entries, ``typed_total`` those that answer what was typed, before it was widened;
    ``group_total`` counts groups among the best hits: all of them, unless ``more_groups``.
    ``expansions`` tell what was asked for beside what was typed. ``asked`` is what the engine was
    asked of texts, for marks in them (None: nothing).
    """

    groups: tuple[Group, ...] = ()
    total: int = 0
    typed_total: int = 0
    group_total: int = 0
    more_groups: bool = False
    facets: tuple[Facet, ...] = ()
    notices: tuple[Notice, ...] = ()
    expansions: tuple[Expansion, ...] = ()
    asked: Wanted | None = field(default=None, compare=False)
