"""Which bytes are in the catalogue already: asked for every record of a file before any parsing."""

import hashlib
import sqlite3
from array import array
from bisect import bisect_left
from collections.abc import Collection, Iterator

from store.database import Reader

_PORTION = 10_000
_HALF = 16
"""Hexadecimal digits of a hash that one number of 64 bits holds."""


class KnownBytes:
    """The bytes that last came for every record of a catalogue, as 24 bytes each.

    A record is claimed once: bytes that stand twice in a file are two records. What came by one of
    the files ``otherwise`` is never claimed: its bytes were read in another way than now.
    """

    def __init__(self, reader: Reader, catalogue: str, otherwise: Collection[str] = ()) -> None:
        high, low, ids = array("Q"), array("Q"), array("Q")
        barred = array("Q")
        for row in _rows(reader, catalogue):
            if row["file"] in otherwise:
                barred.append(row["id"])
            high.append(int(row["half"][:_HALF], 16))
            low.append(int(row["half"][_HALF:], 16))
            ids.append(row["id"])
        order = sorted(range(len(ids)), key=high.__getitem__)
        self._high: array[int] = array("Q", map(high.__getitem__, order))
        self._low: array[int] = array("Q", map(low.__getitem__, order))
        self._ids: array[int] = array("Q", map(ids.__getitem__, order))
        self._claimed = bytearray(max(ids, default=0) + 1)
        self._barred = frozenset(barred)

    def claim(self, raw: bytes) -> int | None:
        """Return the arrival that these bytes are, from now on claimed; None: not known."""
        digest = hashlib.sha256(raw).digest()
        high = int.from_bytes(digest[:8])
        place = bisect_left(self._high, high)
        while place < len(self._high) and self._high[place] == high:
            found = self._ids[place]
            free = not self._claimed[found] and found not in self._barred
            if free and self._low[place] == int.from_bytes(digest[8:16]):
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


def _rows(reader: Reader, catalogue: str) -> Iterator[sqlite3.Row]:
    last = 0
    while rows := reader.rows(
        "SELECT id, file, substr(raw_sha256, 1, 32) AS half FROM arrival "
        "WHERE catalogue = ? AND state = 'latest' AND id > ? ORDER BY id LIMIT ?",
        (catalogue, last, _PORTION),
    ):
        yield from rows
        last = rows[-1]["id"]
