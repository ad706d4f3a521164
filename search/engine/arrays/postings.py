"""The postings of one field in one segment, as sorted arrays.

Nothing here is an object per term or per posting: terms lie in one blob of UTF-8, everything else
in arrays of numbers, so that a segment is opened by mapping its file and read by slicing.
"""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, overload

import numpy as np
from numpy.typing import NDArray

Integers = NDArray[Any]
"""An array of whole numbers, of the narrowest type that holds them."""

NEWLINE = b"\n"
_STRIDE = 128
"""Terms between two that are held as objects, so that a search for a term takes few bytes apart."""

_MOST_PLACED = 4096
_ABOVE = b"\xff"  # UTF-8 holds no such byte, so it stands behind every continuation


def encoded(term: str) -> bytes:
    """Return ``term`` as a dictionary holds it; half a surrogate pair stays what it is."""
    return term.encode("utf-8", "surrogatepass")


def decoded(blob: bytes) -> list[str]:
    """Return the terms of a blob in which each ends in a newline."""
    return blob.decode("utf-8", "surrogatepass").split("\n")[:-1]


def narrowed(numbers: Integers) -> Integers:
    """Return whole numbers (>= 0) in the narrowest unsigned type that holds them all."""
    most = int(numbers.max()) if numbers.size else 0
    return numbers.astype(np.min_scalar_type(most), copy=False)


def spread(starts: Integers, lengths: Integers) -> NDArray[np.int64]:
    """Return the indices of all runs ``starts[i] … starts[i] + lengths[i]``, one after another."""
    ends = np.cumsum(lengths, dtype=np.int64)
    total = int(ends[-1]) if ends.size else 0
    return np.repeat(starts - (ends - lengths), lengths) + np.arange(total)


def ends_of(counts: Integers) -> Integers:
    """Return where each of some runs begins that lie one after another, and where the last ends."""
    kind = np.uint32 if counts.sum(dtype=np.int64) < 1 << 32 else np.int64
    ends = np.zeros(len(counts) + 1, kind)
    np.cumsum(counts, out=ends[1:])
    return ends


class Dictionary(Sequence[bytes]):
    """Terms in the order of their code points, which is that of their bytes; numbered from 0.

    Term ``i`` is ``blob[bounds[i] : bounds[i + 1] - 1]``, the byte behind it is a newline.
    """

    def __init__(self, blob: NDArray[np.uint8], bounds: Integers) -> None:
        self.blob = blob
        self.bounds = bounds
        self._placed: dict[bytes, int] = {}

    def __len__(self) -> int:
        return len(self.bounds) - 1

    @overload
    def __getitem__(self, number: int) -> bytes: ...
    @overload
    def __getitem__(self, number: slice) -> list[bytes]: ...
    def __getitem__(self, number: int | slice) -> bytes | list[bytes]:
        if isinstance(number, slice):
            return [self[one] for one in range(*number.indices(len(self)))]
        if number >= len(self):  # iteration over a sequence ends so
            raise IndexError(number)
        start, end = self.bounds[number : number + 2].tolist()
        return self.blob[start : end - 1].tobytes()

    def find(self, term: bytes) -> int:
        """Return the number of ``term``, or -1."""
        number = self._placed.get(term)
        if number is None:
            number = self._place(term)
            if number == len(self) or self[number] != term:
                number = -1
            if len(self._placed) >= _MOST_PLACED:
                self._placed.clear()
            self._placed[term] = number
        return number

    def range(self, prefix: bytes) -> tuple[int, int]:
        """Return the first number of the terms that begin with ``prefix``, and that behind them."""
        if not prefix:
            return 0, len(self)
        return self._place(prefix), self._place(prefix + _ABOVE)

    def strings(self, first: int, behind: int) -> list[str]:
        """Return the terms with the numbers ``first`` to ``behind`` (exclusive)."""
        return decoded(self._between(first, behind))

    def keys(self, first: int, behind: int) -> list[bytes]:
        """Return the same as bytes."""
        return self._between(first, behind).split(NEWLINE)[:-1]

    @cached_property
    def _signposts(self) -> list[bytes]:
        """Every ``_STRIDE``-th term."""
        view = self.blob.data
        starts = self.bounds[:-1:_STRIDE].tolist()
        ends = self.bounds[1::_STRIDE].tolist()
        return [bytes(view[start : end - 1]) for start, end in zip(starts, ends, strict=True)]

    def _place(self, term: bytes) -> int:
        """Return the number of the first term that is not before ``term``."""
        block = bisect_left(self._signposts, term)
        if not block:
            return 0
        first = (block - 1) * _STRIDE
        return first + bisect_left(self.keys(first, min(first + _STRIDE, len(self))), term)

    def _between(self, first: int, behind: int) -> bytes:
        return self.blob[self.bounds[first] : self.bounds[behind]].tobytes()


@dataclass(frozen=True)
class Postings:
    """Which documents hold a term of one field, how often and where.

    Term ``t`` has the postings ``starts[t]`` to ``starts[t + 1]``: ``documents`` rise within a
    term; ``frequencies`` is None where no document holds a term twice. Its positions begin at
    ``places[t]`` and lie one posting after another; ``places`` and ``positions`` are None where
    the field keeps none. ``lengths`` counts the keys of each document of the segment.
    """

    terms: Dictionary
    starts: Integers
    documents: Integers
    frequencies: Integers | None
    places: Integers | None
    positions: Integers | None
    lengths: Integers

    def find(self, key: str) -> int:
        """Return the number of the term, or -1."""
        return self.terms.find(encoded(key))

    def of(self, term: int) -> Integers:
        """Return the documents that hold ``term`` (its number), rising."""
        start, end = self.starts[term : term + 2].tolist()
        return self.documents[start:end]

    def times(self, term: int) -> Integers:
        """Return how often each document of ``of(term)`` holds it."""
        start, end = self.starts[term : term + 2].tolist()
        if self.frequencies is None:
            return np.ones(end - start, np.uint8)
        return self.frequencies[start:end]

    def spots(self, term: int, among: NDArray[np.bool_]) -> tuple[Integers, Integers]:
        """Return every place of ``term`` in the documents of the mask ``among``.

        As two arrays of the same length, documents and positions in them, rising by both.
        """
        if self.places is None or self.positions is None:
            raise ValueError("this field keeps no positions")
        documents, times = self.of(term), self.times(term)
        begins = np.cumsum(times, dtype=np.int64) - times + int(self.places[term])
        kept = among[documents]
        times = times[kept]
        return np.repeat(documents[kept], times), self.positions[spread(begins[kept], times)]

    @cached_property
    def longest(self) -> int:
        """The most keys of one document."""
        return int(self.lengths.max()) if self.lengths.size else 0

    @cached_property
    def ranks(self) -> NDArray[np.int64]:
        """The number of the term of each document, in a field that holds one term a document."""
        ranks = np.zeros(len(self.lengths), np.int64)
        starts = self.starts.astype(np.int64)
        ranks[self.documents] = np.repeat(np.arange(len(self.terms)), starts[1:] - starts[:-1])
        return ranks
