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
from search.results.request import FEW, WINDOW, Answer, Facet, Group, Order, Request
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
    filters = [*parts_of(request.filters, vocabulary), *_beside(request, parts)]
    search = _Search(request, parts, filters)
    planner = Planner(vocabulary, request.language, authorities=request.expand)
    found = search.found(planner.plan(read.tree) if read.tree is not None else EVERYTHING)
    typed_total, notices, expansions = found.total, planner.notices, planner.expansions
    if request.widen and read.tree is not None and typed_total < FEW:
        wider = search.found(planner.widen(read.tree))
        if wider.total > typed_total:
            found, notices, expansions = wider, planner.notices, planner.expansions
    return replace(
        search.answer(found),
        typed_total=typed_total,
        notices=(*read.notices, *notices),
        expansions=expansions,
        asked=found.asked if read.tree is not None else None,
    )


@dataclass(frozen=True, slots=True)
class _Found:
    """The first hits to what was asked, and how many there are."""

    asked: Wanted
    hits: list[Hit]
    total: int


@dataclass(frozen=True, slots=True)
class _Search:
    """One request over parts and filters; the query may be planned in more than one way."""

    request: Request
    parts: Sequence[Part]
    filters: Sequence[narrowing.Part]

    def found(self, asked: Wanted) -> _Found:
        """Return the first hits of all parts, in the order asked for."""
        request, wanted = self.request, narrow(asked, self.filters)
        limit = WINDOW if request.grouped else request.offset + request.limit
        if request.order != "relevance":
            return _Found(asked, *_by_date(self.parts, wanted, request.order, limit))
        found = [part.engine.search(wanted, limit) for part in self.parts]
        hits = sorted((hit for one in found for hit in one.hits), key=lambda h: (-h.score, h.key))
        return _Found(asked, hits[:limit], sum(one.total for one in found))

    def answer(self, found: _Found) -> Answer:
        """Return hits and counts as an answer."""
        request = self.request
        groups = _grouped(found.hits, request)
        shown = groups[request.offset : request.offset + request.limit]
        more = request.grouped and found.total > len(found.hits)
        if more:
            shown = _counted(shown, self.parts, narrow(found.asked, self.filters))
        return Answer(
            groups=tuple(shown),
            total=found.total,
            group_total=len(groups) if request.grouped else found.total,
            more_groups=more,
            facets=self._facets(found.asked),
        )

    def _facets(self, asked: Wanted) -> tuple[Facet, ...]:
        request = self.request
        if not request.facets:
            return ()
        sets = [
            Sets(
                part.columns,
                part.mask(asked),
                tuple((one.field, part.mask(narrow(EVERYTHING, [one]))) for one in self.filters),
            )
            for part in self.parts
        ]
        return tuple(
            count_facet(name, sets, request.filters, request.top) for name in request.facets
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


def _by_date(
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
