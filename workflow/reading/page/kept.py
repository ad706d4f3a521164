"""Small made things kept in memory under what they were made of, up to so many bytes."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock


class KeptBytes:
    """What was used last, at most ``most`` bytes of it; safe for threads.

    A key names its content whole (a hash of what it is made of), so nothing here grows stale.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._size = 0
        self._lock = Lock()
        self._held: OrderedDict[Hashable, bytes] = OrderedDict()

    @property
    def size(self) -> int:
        """Bytes in memory."""
        return self._size

    def get(self, key: Hashable, make: Callable[[], bytes]) -> bytes:
        """Return what is kept under ``key``, made where it is not; errors as of ``make``.

        Two threads that want the same at once both make it.
        """
        with self._lock:
            if key in self._held:
                self._held.move_to_end(key)
                return self._held[key]
        made = make()
        with self._lock:
            self._size += len(made) - len(self._held.pop(key, b""))
            self._held[key] = made
            while self._size > self._most:
                _, dropped = self._held.popitem(last=False)
                self._size -= len(dropped)
        return made
