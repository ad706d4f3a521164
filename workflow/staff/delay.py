"""Guessing made slow: after five failures a name, or an address, has to wait before the next try.

Kept in memory: a restart forgives everybody. What a try costs is entered before its password is
looked at, so that many tries at once count like as many one after the other.
"""

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from threading import Lock

FREE = 5
"""Failures that cost no waiting."""
FIRST_WAIT = 5.0
"""Seconds after the fifth failure, doubled by each that follows."""
OF_NAME, OF_ADDRESS = 60.0, 900.0
"""The most seconds: of a name few, since a stranger's failures make its owner wait, too."""
FORGOTTEN = 3600.0
"""Seconds without a failure after which all is forgiven."""
MOST_KEYS = 10_000
"""Names and addresses that are remembered; beyond it those that were quiet longest go."""


@dataclass(slots=True)
class _Tally:
    failures: int = 0
    last: float = 0.0

    def free_at(self, longest: float) -> float:
        if self.failures < FREE:
            return 0.0
        return self.last + min(FIRST_WAIT * 2.0 ** (self.failures - FREE), longest)


class Delay:
    """Failures by key; times are seconds of a steady clock, given by who asks."""

    def __init__(self, most_keys: int = MOST_KEYS) -> None:
        self._tallies: OrderedDict[str, _Tally] = OrderedDict()
        self._most = most_keys
        self._lock = Lock()

    def begin(self, keys: Mapping[str, float], now: float) -> float:
        """Enter a try for all of ``keys`` and return 0.0, or return the seconds left to wait.

        Each key stands with the most seconds that it waits. A try that has to wait is not entered.
        """
        with self._lock:
            tallies = {key: self._tally(key, now) for key in keys}
            wait = max(
                (tally.free_at(keys[key]) - now for key, tally in tallies.items()), default=0.0
            )
            if wait > 0.0:
                return wait
            for key, tally in tallies.items():
                tally.failures, tally.last = tally.failures + 1, now
                self._tallies[key] = tally
                self._tallies.move_to_end(key)
            while len(self._tallies) > self._most:
                self._tallies.popitem(last=False)
            return 0.0

    def forgive(self, key: str) -> None:
        """Forget all failures of a key."""
        with self._lock:
            self._tallies.pop(key, None)

    def give_back(self, key: str) -> None:
        """Take the last try back: it was right, or not looked at. Failures before it stay."""
        with self._lock:
            tally = self._tallies.get(key)
            if tally is not None:
                tally.failures -= 1

    def _tally(self, key: str, now: float) -> _Tally:
        found = self._tallies.get(key)
        return found if found is not None and now - found.last < FORGOTTEN else _Tally()
