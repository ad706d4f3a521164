"""From a request to its answer, over the parts of one index that is open."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from search.engine.base import Hit, SearchEngine
from search.engine.wanted import EVERYTHING, Every, Keys, Wanted
from search.query import filters as narrowing
from search.query.filters import NO_FILTERS, narrow, parts_of
from search.query.parse import parse
from search.query.plan import Planner
from search.query.tree import DATE, Query
from search.results.columns import Columns, Mask
from search.results.dated import by_date, first_dates, of_dates, without_date
from search.results.facets import Sets, count_facet, page_count
from search.results.groups import alone, group
from search.results.request import WINDOW, Answer, Facet, Group, Order, Request
from search.results.vocabulary import joined


@dataclass(slots=True)
class Part:
    """One index that is open; its columns are made when they are first needed."""

    engine: SearchEngine
    made: Columns | None = None

    @property
    def columns(self) -> Columns:
        """The values of its entries."""
        if self.made is None:
            self.made = Columns(self.engine)
        return self.made

    def mask(self, wanted: Wanted) -> Mask:
        """The entries that answer ``wanted``."""
        return self.columns.mask(self.engine.matches(wanted))


def is_empty(request: Request, read: Query) -> bool:
    """Return whether nothing is asked for; filters alone ask for all that passes them."""
    return read.tree is None and request.filters == NO_FILTERS and not request.anniversary


def answer(request: Request, parts: Sequence[Part]) -> Answer:
    """Return the answer to ``request`` over all ``parts``, as if they were one index."""
    read = parse(request.query)
    if is_empty(request, read):
        return Answer(notices=read.notices)
    vocabulary = joined([part.engine for part in parts])
    planner = Planner(vocabulary, request.language)
    asked = planner.plan(read.tree) if read.tree is not None else EVERYTHING
    filters = [*parts_of(request.filters, vocabulary), *_beside(request, parts)]
    narrowed = narrow(asked, filters)
    hits, total = _search(parts, narrowed, request)
    groups = _grouped(hits, request)
    shown = groups[request.offset : request.offset + request.limit]
    more = request.grouped and total > len(hits)
    return Answer(
        groups=tuple(_counted(shown, parts, narrowed) if more else shown),
        total=total,
        group_total=len(groups) if request.grouped else total,
        more_groups=more,
        facets=_facets(request, asked, filters, parts),
        notices=(*read.notices, *planner.notices),
        expansions=planner.expansions,
        asked=asked if read.tree is not None else None,
    )


def _beside(request: Request, parts: Sequence[Part]) -> Iterator[narrowing.Part]:
    """Yield what narrows the search beside its filters."""
    if request.anniversary:
        dates = {date for part in parts for date in part.columns.column(DATE).values}
        days = tuple(sorted(date for date in dates if date[5:] == request.anniversary))
        yield narrowing.Part("anniversary", Keys(DATE, days), None)
    if request.closed:
        pages = Every((Keys("document", request.closed), Keys("kind", ("page",))))
        yield narrowing.Part("closed", None, pages)


def _search(parts: Sequence[Part], wanted: Wanted, request: Request) -> tuple[list[Hit], int]:
    """Return the first hits of all parts, in the order asked for, and how many there are."""
    limit = WINDOW if request.grouped else request.offset + request.limit
    if request.order != "relevance":
        return _search_by_date(parts, wanted, request.order, limit)
    found = [part.engine.search(wanted, limit) for part in parts]
    hits = sorted((hit for one in found for hit in one.hits), key=lambda h: (-h.score, h.key))
    return hits[:limit], sum(one.total for one in found)


def _search_by_date(
    parts: Sequence[Part], wanted: Wanted, order: Order, limit: int
) -> tuple[list[Hit], int]:
    masks = [part.mask(wanted) for part in parts]
    total = sum(int(mask.sum()) for mask in masks)
    held = [(part.columns, mask) for part, mask in zip(parts, masks, strict=True)]
    first = first_dates(held, order, limit)
    found = [part.engine.search(of_dates(wanted, first), max(1, total)) for part in parts]
    if first.undated:
        found += [part.engine.search(without_date(wanted, part.columns), limit) for part in parts]
    return by_date((hit for one in found for hit in one.hits), order)[:limit], total


def _grouped(hits: Sequence[Hit], request: Request) -> list[Group]:
    return group(hits, ranked=request.order == "relevance") if request.grouped else alone(hits)


def _counted(groups: Sequence[Group], parts: Sequence[Part], wanted: Wanted) -> list[Group]:
    """Return the groups with all their pages counted, not only those among the best hits."""
    masks = [(part.columns, part.mask(wanted)) for part in parts]
    return [
        replace(one, page_count=sum(page_count(columns, m, one.key) for columns, m in masks))
        for one in groups
    ]


def _facets(
    request: Request,
    asked: Wanted,
    filters: Sequence[narrowing.Part],
    parts: Sequence[Part],
) -> tuple[Facet, ...]:
    if not request.facets:
        return ()
    sets = [
        Sets(
            part.columns,
            part.mask(asked),
            tuple((one.field, part.mask(narrow(EVERYTHING, [one]))) for one in filters),
        )
        for part in parts
    ]
    return tuple(count_facet(name, sets, request.filters, request.top) for name in request.facets)
