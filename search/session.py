"""The front door of search: one session answers any number of requests to one home.

It keeps the indexes of the generation in force open, with their columns of values, and opens those
of the next one when it comes. A process needs one session; its threads take turns.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from threading import RLock

from olketanu.home import Home
from search.engine.base import Hit, SearchEngine, Vocabulary, open_engine
from search.engine.wanted import EVERYTHING, Every, Wanted
from search.index.generations import (
    Generation,
    IndexStaleError,
    IndexState,
    inspect_index,
)
from search.index.manifest import PARTS
from search.query.parse import parse
from search.query.plan import Planner
from search.query.tree import Node, Notice
from search.results.columns import Columns, Mask
from search.results.facets import Sets, count_facet, page_count
from search.results.groups import alone, group
from search.results.request import WINDOW, Answer, Facet, Group, Request
from search.results.vocabulary import joined


@dataclass(slots=True)
class _Part:
    """One index of the generation in force; its columns are made when facets first need them."""

    engine: SearchEngine
    made: Columns | None = None

    @property
    def columns(self) -> Columns:
        if self.made is None:
            self.made = Columns(self.engine)
        return self.made


class Session:
    """Answers requests from the index of ``home``; close it when done. Safe for threads."""

    def __init__(self, home: Home) -> None:
        self._root = home.index
        self._lock = RLock()
        self._number = 0
        self._parts: dict[str, _Part] = {}

    def __enter__(self) -> "Session":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def ask(self, request: Request) -> Answer:
        """Return the answer to ``request``; a home without index gives none and a notice.

        Raises:
            IndexStaleError: the index is of another version or damaged; rebuild it.
        """
        read = parse(request.query)
        if read.tree is None and not request.filters:
            return Answer(notices=read.notices)
        with self._lock:
            generation = self._in_force()
            if generation is None:
                return Answer(notices=(*read.notices, Notice("query.no-index")))
            parts = self._opened(generation, restricted=request.restricted)
            return _answer(request, read.tree, read.notices, parts)

    def close(self) -> None:
        """Let go of all files; the next request opens them again."""
        with self._lock:
            parts, self._parts = self._parts, {}
            self._number = 0
            for part in parts.values():
                part.engine.close()

    def _in_force(self) -> Generation | None:
        standing = inspect_index(self._root)
        if standing.state is IndexState.STALE:
            raise IndexStaleError
        if standing.number != self._number:
            self.close()
            self._number = standing.number
        return standing.generation

    def _opened(self, generation: Generation, *, restricted: bool) -> list[_Part]:
        names = PARTS if restricted else PARTS[:1]
        for name in names:
            if name not in self._parts:
                engine = open_engine(generation.manifest.engine, generation.folder / name)
                self._parts[name] = _Part(engine)
        return [self._parts[name] for name in names]


def _answer(
    request: Request, tree: Node | None, notices: tuple[Notice, ...], parts: Sequence[_Part]
) -> Answer:
    vocabulary: Vocabulary = joined([part.engine for part in parts])
    planner = Planner(vocabulary, request.language)
    asked = planner.plan(tree) if tree is not None else EVERYTHING
    narrowed = _narrowed(asked, request)
    hits, total = _search(parts, narrowed, request)
    groups = group(hits) if request.grouped else alone(hits)
    shown = groups[request.offset : request.offset + request.limit]
    more = request.grouped and total > len(hits)
    if more:
        shown = _counted(shown, parts, narrowed)
    return Answer(
        groups=tuple(shown),
        total=total,
        group_total=len(groups) if request.grouped else total,
        more_groups=more,
        facets=_facets(request, asked, parts),
        notices=(*notices, *planner.notices),
        asked=asked,
    )


def _narrowed(asked: Wanted, request: Request) -> Wanted:
    if not request.filters:
        return asked
    return Every((asked, *(one.wanted for one in request.filters)))


def _search(parts: Sequence[_Part], wanted: Wanted, request: Request) -> tuple[list[Hit], int]:
    """Return the best hits of all parts, by falling score, then key, and how many there are."""
    limit = WINDOW if request.grouped else request.offset + request.limit
    found = [part.engine.search(wanted, limit) for part in parts]
    hits = sorted((hit for one in found for hit in one.hits), key=lambda h: (-h.score, h.key))
    return hits[:limit], sum(one.total for one in found)


def _counted(groups: Sequence[Group], parts: Sequence[_Part], wanted: Wanted) -> list[Group]:
    """Return the groups with all their pages counted, not only those among the best hits."""
    masks = [(part.columns, _mask(part, wanted)) for part in parts]
    return [
        replace(one, page_count=sum(page_count(columns, m, one.key) for columns, m in masks))
        for one in groups
    ]


def _facets(request: Request, asked: Wanted, parts: Sequence[_Part]) -> tuple[Facet, ...]:
    if not request.facets:
        return ()
    sets = [
        Sets(
            part.columns,
            _mask(part, asked),
            tuple((one.facet, _mask(part, one.wanted)) for one in request.filters),
        )
        for part in parts
    ]
    return tuple(count_facet(name, sets, request.filters, request.top) for name in request.facets)


def _mask(part: _Part, wanted: Wanted) -> Mask:
    return part.columns.mask(part.engine.matches(wanted))
