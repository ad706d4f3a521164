"""The front door of search: one session answers any number of requests to one home.

It keeps the generation in force open, with the columns of its values and the answers given, and
opens the next one when it comes. A process needs one session; its threads take turns.
"""

from threading import RLock
from types import TracebackType
from typing import Self

from olketanu.home import Home
from search.index.generations import IndexMissingError
from search.index.manifest import PARTS
from search.index.reader import OpenIndex, open_index
from search.query.parse import parse
from search.query.tree import Notice
from search.results.answer import Part, answer, is_empty
from search.results.cache import AnswerCache
from search.results.request import Answer, Request


class Session:
    """Answers requests from the index of ``home``; close it when done. Safe for threads."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self._lock = RLock()
        self._index: OpenIndex | None = None
        self._parts: dict[str, Part] = {}
        self._cache = AnswerCache()

    def ask(self, request: Request) -> Answer:
        """Return the answer to ``request``; a home without index gives none and a notice.

        Without ``request.restricted`` that part of the index is neither opened nor asked.

        Raises:
            IndexStaleError: the index is of another version or damaged; rebuild it.
        """
        read = parse(request.query)
        if is_empty(request, read):
            return Answer(notices=read.notices)
        known = self._known(request)
        if known is not None:
            return known
        with self._lock:
            try:
                index = self._opened(restricted=request.restricted)
            except IndexMissingError:
                return Answer(notices=(*read.notices, Notice("query.no-index")))
            names = PARTS if request.restricted else PARTS[:1]
            given = answer(request, [self._parts[name] for name in names])
            self._cache.put(index.revision, request, given)
            return given

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

    def _known(self, request: Request) -> Answer | None:
        """Return the answer given before, without waiting for what others ask."""
        index = self._index
        if index is None or not index.is_current():
            return None
        return self._cache.get(index.revision, request)

    def _opened(self, *, restricted: bool) -> OpenIndex:
        """Return the generation in force with at least the parts asked for."""
        index = self._index
        if index is not None and index.is_current() and (not restricted or PARTS[1] in self._parts):
            return index
        self.close()
        index = open_index(self._home, restricted=restricted)
        self._index = index
        self._parts = {name: Part(engine) for name, engine in index.engines.items()}
        return index
