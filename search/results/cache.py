"""Answers that were given before, as long as the index stays the same.

Readers ask the same again: they go back, take a filter off, follow a link of another.
"""

from collections import OrderedDict
from threading import Lock
from typing import Generic, TypeVar

from search.results.request import Request

Given = TypeVar("Given")

MOST_KEPT = 256
"""Answers in memory; one holds at most 500 hits, some 200 kB."""


class RequestCache(Generic[Given]):
    """What was given for the requests asked last, in one state of the index; safe for threads."""

    def __init__(self, most: int = MOST_KEPT) -> None:
        self._most = most
        self._lock = Lock()
        self._state: object = None
        self._given: OrderedDict[Request, Given] = OrderedDict()

    def get(self, state: object, request: Request) -> Given | None:
        """Return what was given for ``request`` in this state of the index, or None."""
        with self._lock:
            if state != self._state or request not in self._given:
                return None
            self._given.move_to_end(request)
            return self._given[request]

    def put(self, state: object, request: Request, given: Given) -> None:
        """Keep what was given; that of another state is forgotten, so is the oldest of many."""
        with self._lock:
            if state != self._state:
                self._state = state
                self._given.clear()
            self._given[request] = given
            self._given.move_to_end(request)
            while len(self._given) > self._most:
                self._given.popitem(last=False)
