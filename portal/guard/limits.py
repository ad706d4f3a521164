"""Token buckets: so many requests at once, then so many a minute, for each who asks."""

from collections import OrderedDict
from collections.abc import Callable
from threading import Lock
from time import monotonic

MOST_KEYS = 10_000
"""Buckets in memory; the one not used for longest is forgotten first, and is full again."""


class Buckets:
    """A bucket of ``burst`` tokens a key, filled again by ``rate`` tokens a second."""

    def __init__(self, burst: float, rate: float, clock: Callable[[], float] = monotonic) -> None:
        self._burst, self._rate, self._clock = burst, rate, clock
        self._held: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._lock = Lock()

    def take(self, key: str, tokens: float = 1.0) -> float:
        """Take tokens; return 0.0, or the seconds to wait until there are so many (none taken)."""
        with self._lock:
            now = self._clock()
            left, since = self._held.pop(key, (self._burst, now))
            left = min(self._burst, left + (now - since) * self._rate)
            wait = max(0.0, (tokens - left) / self._rate)
            self._held[key] = (left if wait else left - tokens, now)
            if len(self._held) > MOST_KEYS:
                self._held.popitem(last=False)
            return wait
