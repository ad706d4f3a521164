"""Answers that were given before, as long as the index stays the same.

Readers ask the same again: they page on, choose a facet and take it back, follow a link of another.
"""

from collections import OrderedDict
from threading import Lock

from search.results.request import Answer, Request

MOST_KEPT = 256
"""Answers in memory; one holds at most 500 hits, some 200 kB."""


class AnswerCache:
    """The answers asked for last, of one state of the index; safe for threads."""

    def __init__(self, most: int = MOST_KEPT) -> None:
        self._most = most
        self._lock = Lock()
        self._state: object = None
        self._answers: OrderedDict[Request, Answer] = OrderedDict()

    def get(self, state: object, request: Request) -> Answer | None:
        """Return the answer to ``request`` in this state of the index, or None."""
        with self._lock:
            if state != self._state or request not in self._answers:
                return None
            self._answers.move_to_end(request)
            return self._answers[request]

    def put(self, state: object, request: Request, answer: Answer) -> None:
        """Keep an answer; those of another state are forgotten, and so is the oldest of many."""
        with self._lock:
            if state != self._state:
                self._state = state
                self._answers.clear()
            self._answers[request] = answer
            self._answers.move_to_end(request)
            while len(self._answers) > self._most:
                self._answers.popitem(last=False)
