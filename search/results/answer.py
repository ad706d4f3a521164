"""From a request to its answer, over the parts of one index that is open."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from search.engine.base import Hit, SearchEngine
from search.engine.wanted import EVERYTHING, Either, Every, Keys, Wanted
from search.query import filters as narrowing
from search.query.expand import Expansion
from search.query.filters import NO_FILTERS, narrow, parts_of
from search.query.parse import parse
from search.query.plan import Planner
from search.query.tree import DATE, Node, Notice, Query
from search.results.columns import Columns, Mask
from search.results.dated import by_date, first_dates, of_dates, without_date
from search.results.facets import Sets, count_facet, page_count
from search.results.groups import alone, group
from search.results.request import FEW, WINDOW, Answer, Facet, Group, Order, Request
from search.results.vocabulary import joined
from search.schema import FIELDS

_WORDS = tuple(field.name for field in FIELDS if not field.values)
_NAMES = ("name", "former")  # expansions that come from the authority file


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
    engines = [part.engine for part in parts]
    vocabulary = joined([one for one in engines if one.capabilities.vocabulary])
    filters = [*parts_of(request.filters, vocabulary), *_beside(request, parts)]
    search = _Search(request, parts, filters)
    planner = Planner(vocabulary, request.language, authorities=request.expand)
    found = search.found(planner.plan(read.tree) if read.tree is not None else EVERYTHING)
    typed_total, notices, expansions = found.total, planner.notices, planner.expansions
    if request.widen and read.tree is not None and typed_total < FEW:
        found, notices, expansions = _widened(search, planner, read.tree, found)
    return replace(
        search.answer(found),
        typed_total=typed_total,
        notices=(*(read.notices if request.query.strip() else ()), *notices),
        expansions=_seen(expansions, request, parts),
        asked=found.asked if read.tree is not None else None,
    )


def _widened(search: "_Search", planner: Planner, tree: Node, typed: "_Found") -> "_Widened":
    """Return what is found where words may be misread, behind what was found as typed.

    Where nothing was found, and nothing is even so, words that texts have are doubted as well.
    """
    as_typed = typed, planner.notices, planner.expansions
    for boldly in (False, True) if not typed.total else (False,):
        wider = search.found(planner.widen(tree, boldly=boldly))
        if wider.total > typed.total:
            return search.behind(typed, wider), planner.notices, planner.expansions
    return as_typed


@dataclass(frozen=True, slots=True)
class _Found:
    """The first hits to what was asked, and how many there are.

    ``typed`` are the keys of those that stand before all others, whatever these score.
    """

    asked: Wanted
    hits: list[Hit]
    total: int
    typed: frozenset[str] = frozenset()


_Widened = tuple[_Found, tuple[Notice, ...], tuple[Expansion, ...]]


class _Search:
    """One request over parts and filters; the query may be planned in more than one way."""

    def __init__(
        self, request: Request, parts: Sequence[Part], filters: Sequence[narrowing.Part]
    ) -> None:
        self._request = request
        self._parts = parts
        self._filters = filters
        self._masks: dict[Wanted, list[Mask]] = {}

    def found(self, asked: Wanted) -> _Found:
        """Return the first hits of all parts, in the order asked for."""
        request, wanted = self._request, narrow(asked, self._filters)
        limit = WINDOW if request.grouped else request.offset + request.limit
        if request.order != "relevance":
            return self._found_by_date(asked, request.order, limit)
        found = [part.engine.search(wanted, limit) for part in self._parts]
        hits = sorted((hit for one in found for hit in one.hits), key=lambda h: (-h.score, h.key))
        return _Found(asked, hits[:limit], sum(one.total for one in found))

    def behind(self, typed: _Found, wider: _Found) -> _Found:
        """Return the hits of ``wider``, those that answer what was typed first."""
        if self._request.order != "relevance":
            return wider
        keys = frozenset(hit.key for hit in typed.hits)
        others = [hit for hit in wider.hits if hit.key not in keys]
        hits = [*typed.hits, *others][: max(len(typed.hits), len(wider.hits))]
        return replace(wider, hits=hits, typed=keys)

    def _found_by_date(self, asked: Wanted, order: Order, limit: int) -> _Found:
        wanted, parts = narrow(asked, self._filters), self._parts
        held = self._held(wanted)
        total = sum(int(mask.sum()) for _, mask in held)
        first = first_dates(held, order, limit)
        found = [part.engine.search(of_dates(wanted, first), max(1, total)) for part in parts]
        if first.undated:
            undated = [without_date(wanted, part.columns) for part in parts]
            found += [p.engine.search(one, limit) for p, one in zip(parts, undated, strict=True)]
        hits = by_date((hit for one in found for hit in one.hits), order)
        return _Found(asked, hits[:limit], total)

    def answer(self, found: _Found) -> Answer:
        """Return hits and counts as an answer."""
        request, ranked = self._request, self._request.order == "relevance"
        groups = group(found.hits, ranked=ranked) if request.grouped else alone(found.hits)
        groups.sort(key=lambda one: found.typed.isdisjoint(one.keys()))
        shown = groups[request.offset : request.offset + request.limit]
        more = request.grouped and found.total > len(found.hits)
        return Answer(
            groups=tuple(map(self._counted(found.asked), shown) if more else shown),
            total=found.total,
            group_total=len(groups) if request.grouped else found.total,
            more_groups=more,
            facets=self._facets(found.asked),
        )

    def _counted(self, asked: Wanted) -> Callable[[Group], Group]:
        """Return what counts all pages of a group, not only those among the best hits."""
        held = self._held(narrow(asked, self._filters))
        return lambda one: replace(
            one, page_count=sum(page_count(columns, mask, one.key) for columns, mask in held)
        )

    def _facets(self, asked: Wanted) -> tuple[Facet, ...]:
        request = self._request
        if not request.facets or not all(part.engine.capabilities.sets for part in self._parts):
            return ()
        passed = [(one.field, self._held(narrow(EVERYTHING, [one]))) for one in self._filters]
        sets = [
            Sets(columns, mask, tuple((field, masks[number][1]) for field, masks in passed))
            for number, (columns, mask) in enumerate(self._held(asked))
        ]
        return tuple(
            count_facet(name, sets, request.filters, request.top) for name in request.facets
        )

    def _held(self, wanted: Wanted) -> list[tuple[Columns, Mask]]:
        """Return the entries of every part that answer ``wanted``; asked for once."""
        if wanted not in self._masks:
            self._masks[wanted] = [part.mask(wanted) for part in self._parts]
        return [(p.columns, m) for p, m in zip(self._parts, self._masks[wanted], strict=True)]


def _seen(
    expansions: tuple[Expansion, ...], request: Request, parts: Sequence[Part]
) -> tuple[Expansion, ...]:
    """Return the expansions without words of the index that stand in unseen entries alone."""
    unseen = _unseen(request)
    if not unseen:
        return expansions

    def is_seen(word: str) -> bool:
        asked = Every((Either(tuple(Keys(name, (word,)) for name in _WORDS)),), unseen)
        return any(part.engine.matches(asked).size for part in parts)

    held = (one if one.kind in _NAMES else _only(one, is_seen) for one in expansions)
    return tuple(one for one in held if one.to)


def _only(expansion: Expansion, is_seen: Callable[[str], bool]) -> Expansion:
    return replace(expansion, to=tuple(filter(is_seen, expansion.to)))


def _unseen(request: Request) -> tuple[Wanted, ...]:
    """Return what of the index is not shown since it was made: pages of documents, and records."""
    held = (("page", "document", request.closed), ("record", "record", request.hidden))
    return tuple(
        Every((Keys(field, values), Keys("kind", (kind,))))
        for kind, field, values in held
        if values
    )


def _beside(request: Request, parts: Sequence[Part]) -> Iterator[narrowing.Part]:
    """Yield what narrows the search beside its filters."""
    if request.anniversary:
        dates = {date for part in parts for date in part.columns.column(DATE).values}
        days = tuple(sorted(date for date in dates if date[5:] == request.anniversary))
        yield narrowing.Part("anniversary", Keys(DATE, days), None)
    for unseen in _unseen(request):
        yield narrowing.Part("unseen", None, unseen)
