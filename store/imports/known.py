"""Which bytes are in the catalogue already: asked for every record of a file before any parsing."""

import hashlib
from array import array
from bisect import bisect_left
from collections.abc import Iterator

from store.database import Reader

_HALF = 16
"""Hexadecimal digits of a hash that one number of 64 bits holds."""


class KnownBytes:
    """The bytes that last came for every record of a catalogue, as 24 bytes each.

    A record is claimed once: bytes that stand twice in a file are two records.
    """

    def __init__(self, reader: Reader, catalogue: str) -> None:
        rows = reader.rows(
            "SELECT id, substr(raw_sha256, 1, 32) AS half FROM arrival "
            "WHERE catalogue = ? AND state = 'latest' ORDER BY raw_sha256, id",
            (catalogue,),
        )
        self._high: array[int] = array("Q", (int(row["half"][:_HALF], 16) for row in rows))
        self._low: array[int] = array("Q", (int(row["half"][_HALF:], 16) for row in rows))
        self._ids: array[int] = array("Q", (row["id"] for row in rows))
        self._claimed = bytearray(max(self._ids, default=0) + 1)

    def claim(self, raw: bytes) -> int | None:
        """Return the arrival that these bytes are, from now on claimed; None: not known."""
        digest = hashlib.sha256(raw).digest()
        high = int.from_bytes(digest[:8])
        place = bisect_left(self._high, high)
        while place < len(self._high) and self._high[place] == high:
            found = self._ids[place]
            if not self._claimed[found] and self._low[place] == int.from_bytes(digest[8:16]):
                self._claimed[found] = 1
                return found
            place += 1
        return None

    def is_claimed(self, arrival: int) -> bool:
        """Return whether the bytes of this arrival stood in the file."""
        return arrival < len(self._claimed) and bool(self._claimed[arrival])

    def unclaimed(self) -> Iterator[int]:
        """Yield the arrivals whose bytes did not stand in the file."""
        return (found for found in self._ids if not self._claimed[found])
