"""Collects documents as numbers, key by key, and writes them as one segment.

Python counts tokens only: each becomes a number by one look into a dict. All sorting is done on
arrays, field by field, when the segment is written.
"""

import json
from array import array
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from search.engine.arrays.postings import NEWLINE, Integers, encoded, ends_of, narrowed
from search.engine.arrays.segment import SegmentFile

_JSON = json.JSONEncoder(ensure_ascii=False).encode


class _Numbers(dict[str, int]):
    """Numbers keys as they come."""

    def __missing__(self, key: str) -> int:
        number = self[key] = len(self)
        return number


class _Column:
    """The keys of one field of all documents, as numbers of ``numbers``."""

    def __init__(self) -> None:
        self.numbers = _Numbers()
        self.tokens = array("I")
        self.lengths = array("I")

    def add(self, keys: Sequence[str]) -> None:
        self.tokens.extend(map(self.numbers.__getitem__, keys))
        self.lengths.append(len(keys))


class Collector:
    """Documents to be written as one segment, in memory; ``positions`` tells it of each field."""

    def __init__(self, positions: Mapping[str, bool]) -> None:
        self._positions = dict(positions)
        self._columns = {field: _Column() for field in positions}
        self._rows = bytearray()
        self._bounds = array("Q", [0])

    def __len__(self) -> int:
        return len(self._bounds) - 1

    @property
    def tokens(self) -> int:
        """How many keys were added in all fields together."""
        return sum(len(column.tokens) for column in self._columns.values())

    def add(self, fields: Mapping[str, Sequence[str]], shown: Sequence[str]) -> int:
        """Add a document with the keys of its fields, and what is stored of it.

        Returns its number in the segment. A field that is not named is empty.
        """
        for field, column in self._columns.items():
            column.add(fields.get(field, ()))
        self._rows += encoded(_JSON(shown))
        self._bounds.append(len(self._rows))
        return len(self) - 1

    def write(self, file: SegmentFile) -> None:
        """Write the segment; this empties the collector field by field.

        Raises:
            ValueError: a key holds a line break.
        """
        documents = len(self)
        file.add("rows", np.frombuffer(self._rows, np.uint8))
        file.add("row-bounds", narrowed(np.frombuffer(self._bounds, np.uint64)))
        for field, keeps in self._positions.items():
            file.add_field(field, _inverted(self._columns.pop(field), positions=keeps))
        file.finish(documents, self._positions)


def _inverted(column: _Column, *, positions: bool) -> dict[str, Integers | None]:
    """Return the arrays of a field: its tokens sorted by term, then document, then position."""
    blob, ranks = _dictionary(column.numbers)
    column.numbers.clear()
    lengths = np.frombuffer(column.lengths, np.uint32)
    terms = ranks[np.frombuffer(column.tokens, np.uint32)]
    heads = ends_of(np.bincount(terms, minlength=len(ranks)))
    tokens = _sorted_tokens(terms)
    documents = np.repeat(np.arange(len(lengths), dtype=np.uint32), lengths)[tokens]
    new = np.ones(len(documents), np.bool_)
    np.not_equal(documents[1:], documents[:-1], out=new[1:])
    new[heads[:-1]] = True
    firsts = np.append(np.flatnonzero(new), len(documents)).astype(np.uint32)
    times = narrowed(firsts[1:] - firsts[:-1])
    arrays = {
        "terms": blob,
        "bounds": bounds_of(blob),
        "starts": narrowed(np.searchsorted(firsts, heads)),
        "documents": narrowed(documents[firsts[:-1]]),
        "frequencies": times if times.max(initial=1) > 1 else None,
        "lengths": narrowed(lengths),
    }
    if positions:
        arrays["places"] = narrowed(heads)
        arrays["positions"] = narrowed(tokens - ends_of(lengths)[documents])
    return arrays


def _dictionary(numbers: _Numbers) -> tuple[NDArray[np.uint8], NDArray[np.uint32]]:
    """Return the blob of the sorted terms, and of each number the rank of its term."""
    keys = list(numbers)
    order = sorted(range(len(keys)), key=keys.__getitem__)
    blob = encoded("".join(f"{keys[number]}\n" for number in order))
    if blob.count(NEWLINE) != len(keys):
        raise ValueError("a key holds a line break")
    ranks = np.empty(len(keys), np.uint32)
    ranks[order] = np.arange(len(keys), dtype=np.uint32)
    return np.frombuffer(blob, np.uint8), ranks


def _sorted_tokens(terms: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """Return the numbers of the tokens by term, and as they came within a term.

    Term and token share one word of 64 bits, which sorts several times as fast as ``argsort``.
    """
    words = np.left_shift(terms, 32, dtype=np.uint64)
    words |= np.arange(len(terms), dtype=np.uint32)
    words.sort()
    return words.astype(np.uint32)  # the lower half


def bounds_of(blob: NDArray[np.uint8]) -> Integers:
    """Return where each term of ``blob`` begins, and where the last ends."""
    return narrowed(np.append(0, np.flatnonzero(blob == NEWLINE[0]) + 1))
