"""The front door of search: one session answers any number of requests to one home.

It keeps the generation in force open, with the columns of its values and the answers given, and
opens the next one when it comes. A process needs one session; its threads take turns.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from threading import RLock
from types import TracebackType
from typing import Self

from olketanu.home import Home
from search.analysis import Token
from search.engine.base import Hit
from search.engine.wanted import Keys
from search.index.manifest import PARTS, Mark
from search.index.reader import OpenIndex, open_index
from search.query.expand import Expansion
from search.query.parse import parse
from search.results.answer import Part, answer, is_empty
from search.results.cache import Given, RequestCache
from search.results.complete import (
    LOOKED_AT,
    Completion,
    Describe,
    beginnings,
    completions,
    wanted_for,
)
from search.results.request import Answer, Request
from search.results.suggest import (
    SPELLED_BY,
    Sources,
    Suggestion,
    spelled,
    suggestions,
    written,
)
from search.results.vocabulary import joined

Texts = Callable[[Hit], Iterable[Token]]
"""Gives the words of an entry that was found."""


class Session:
    """Answers requests from the index of ``home``; close it when done. Safe for threads."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self._lock = RLock()
        self._index: OpenIndex | None = None
        self._parts: dict[str, Part] = {}
        self._answers: RequestCache[Answer] = RequestCache()
        self._suggestions: RequestCache[tuple[Suggestion, ...]] = RequestCache()
        self._spelled: RequestCache[tuple[Expansion, ...]] = RequestCache()

    def ask(self, request: Request) -> Answer:
        """Return the answer to ``request``.

        Without ``request.restricted`` that part of the index is neither opened nor asked.

        Raises:
            IndexMissingError: none was made yet. IndexStaleError: it is of another version or
                damaged; rebuild it.
        """
        read = parse(request.query)
        if is_empty(request, read):
            return Answer(notices=read.notices)
        known = self._known(self._answers, request)
        if known is not None:
            return known
        with self._lock:
            index = self._current(restricted=request.restricted)
            with index.reading():
                given = answer(request, self._asked(request))
            self._answers.put(index.revision, request, given)
            return given

    def parted_at(self) -> Mark:
        """Return the event and the day of the rights by which the index in force is parted.

        Raises:
            IndexMissingError, IndexStaleError: as of :meth:`ask`.
        """
        index = self._index
        if index is None or not index.is_current():  # else nobody waits for what others ask
            with self._lock:
                index = self._current(restricted=False)
        manifest = index.generation.manifest
        return Mark(manifest.high_water, manifest.day)

    def suggest(self, request: Request, texts: Texts) -> tuple[Suggestion, ...]:
        """Return other queries for one that finds little, spelled as ``texts`` of hits spell them.

        ``texts`` gives the words of an entry; for one that may not be seen it gives none.

        Raises:
            IndexMissingError, IndexStaleError: as of :meth:`ask`.
        """
        bare = replace(request, facets=(), offset=0, limit=1, grouped=False, widen=False)
        known = self._known(self._suggestions, bare)
        if known is not None:
            return known
        with self._lock:
            index, parts = self._current(restricted=request.restricted), self._asked(request)
            sources = Sources(
                joined([part.engine for part in parts]),
                lambda form: _written(form, parts, texts),
                lambda query: answer(replace(bare, query=query), parts).total,
            )
            with index.reading():
                given = suggestions(request.query, sources)
            self._suggestions.put(index.revision, bare, given)
            return given

    def spelled(
        self, request: Request, expansions: tuple[Expansion, ...], texts: Texts
    ) -> tuple[Expansion, ...]:
        """Return ``expansions`` of the answer to ``request`` as people read them.

        What was searched as a misreading is told as ``texts`` of hits write it, or not at all.

        Raises:
            IndexMissingError, IndexStaleError: as of :meth:`ask`.
        """
        known = self._known(self._spelled, request)
        if known is not None:
            return known
        with self._lock:
            index, parts = self._current(restricted=request.restricted), self._asked(request)
            given = spelled(expansions, lambda form: _written(form, parts, texts))
            self._spelled.put(index.revision, request, given)
            return given

    def complete(self, text: str, describe: Describe) -> tuple[Completion, ...]:
        """Return titles, names and subjects that what is typed so far may be the beginning of.

        They come from descriptions, which everybody may read; ``describe`` gives those of records.

        Raises:
            IndexMissingError, IndexStaleError: as of :meth:`ask`.
        """
        begun = beginnings(text)
        if not begun:
            return ()
        with self._lock:
            index, part = self._current(restricted=False), self._asked(Request(text))[0]
            with index.reading():
                hits = part.engine.search(wanted_for(begun, part.engine), LOOKED_AT).hits
        described = (describe(hit) for hit in hits)
        return completions(begun, [entry for entry in described if entry is not None])

    def close(self) -> None:
        """Let go of all files; the next request opens them again."""
        with self._lock:
            index, self._index, self._parts = self._index, None, {}
            if index is not None:
                index.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _known(self, cache: RequestCache[Given], request: Request) -> Given | None:
        """Return what was given before, without waiting for what others ask."""
        index = self._index
        if index is None or not index.is_current():
            return None
        return cache.get(index.revision, request)

    def _current(self, *, restricted: bool) -> OpenIndex:
        """Return the generation in force, open, with at least the parts asked for."""
        index = self._index
        if index is not None and index.is_current() and not (restricted and len(self._parts) == 1):
            return index
        self.close()
        index = open_index(self._home, restricted=restricted)
        self._parts = {name: Part(engine) for name, engine in index.engines.items()}
        self._index = index
        return index

    def _asked(self, request: Request) -> list[Part]:
        """Return the parts of the generation in force that ``request`` may ask."""
        self._current(restricted=request.restricted)
        return [self._parts[name] for name in (PARTS if request.restricted else PARTS[:1])]


def _written(form: str, parts: Sequence[Part], texts: Texts) -> str | None:
    """Return how some entries that have the folded word ``form`` write it."""
    return written(form, map(texts, _having(form, parts)))


def _having(form: str, parts: Sequence[Part]) -> list[Hit]:
    """Return some entries in whose text the folded word ``form`` stands."""
    asked = Keys("exact", (form,))
    return [hit for part in parts for hit in part.engine.search(asked, SPELLED_BY).hits]
