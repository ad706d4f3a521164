"""Passwords are looked at one after the other, and few wait for it: readers never do.

To hash one takes a core for a good part of a second, on purpose. Two at once would leave none of
two cores to those who read, and a thread for each login would leave them nobody who answers.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore, Lock

from flask import current_app

from olketanu.errors import LockedError

SEATS = 8
"""Requests that hash or wait for it; the server has a thread for each beside those it is set to."""
PATIENCE = 10.0
"""Seconds that one waits at most: eight hashes take two, and longer while the machine works."""
AGAIN = 3
"""Seconds after which one who was sent away may try again."""


class Turns:
    """One at a time; as many as there are ``seats`` may be in here."""

    def __init__(self, seats: int = SEATS, patience: float = PATIENCE) -> None:
        self._seats, self._turn = BoundedSemaphore(seats), Lock()
        self._patience = patience

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Hold the turn; LockedError ``error.passwords-busy`` where no seat or no turn is free."""
        if not self._seats.acquire(blocking=False):
            raise LockedError("error.passwords-busy")
        try:
            if not self._turn.acquire(timeout=self._patience):
                raise LockedError("error.passwords-busy")
            try:
                yield
            finally:
                self._turn.release()
        finally:
            self._seats.release()


def turns() -> Turns:
    """The turns of the application in hand."""
    held: Turns = current_app.extensions["olketanu.turns"]
    return held
