"""Who is at which card just now: told to others, so that two people do not read the same one.

In memory only, and no lock: what counts is the version of the card.
"""

import time
from collections.abc import Callable
from threading import Lock

from workflow.desk.queue import Key

MINUTES = 15


class Claims:
    """The last card that each member of staff looked at, for ``MINUTES``."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = Lock()
        self._held: dict[str, tuple[Key, float]] = {}

    def take(self, card: Key, name: str) -> None:
        """Note that ``name`` has the card in hand, and no other one any more."""
        with self._lock:
            self._held[name] = (card, self._clock())

    def leave(self, name: str) -> None:
        """Note that ``name`` has no card in hand."""
        with self._lock:
            self._held.pop(name, None)

    def others(self, name: str) -> dict[Key, str]:
        """Return the cards that others have in hand, each with who."""
        since = self._clock() - MINUTES * 60
        with self._lock:
            self._held = {who: held for who, held in self._held.items() if held[1] >= since}
            return {card: who for who, (card, _) in self._held.items() if who != name}
