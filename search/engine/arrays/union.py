"""The terms of several dictionaries as one dictionary."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import compress, pairwise

import numpy as np
from numpy.typing import NDArray

from search.engine.arrays.postings import NEWLINE, Dictionary

_AT_ONCE = 1 << 16
"""Terms of one dictionary that are objects of Python at the same time."""

Flags = NDArray[np.bool_]


def united(
    dictionaries: Sequence[Dictionary], held: Flags
) -> tuple[NDArray[np.uint8], NDArray[np.int64], NDArray[np.int64]]:
    """Put all terms into one order; terms are numbered through all dictionaries.

    ``held`` flags those that stay. Returns the blob of the dictionary of all; the numbers of the
    terms that stay, sorted by term, then dictionary; and where each term begins among these, with
    one number more where the last ends.
    """
    stretches = list(_stretches(dictionaries, held))
    order = np.concatenate([one.order for one in stretches])
    new = np.concatenate([one.new for one in stretches])
    blob = np.frombuffer(b"".join(one.blob for one in stretches), np.uint8)
    return blob, order, np.append(np.flatnonzero(new), len(order))


@dataclass(frozen=True, slots=True)
class _Stretch:
    """The terms from one to another, of all dictionaries.

    ``new`` flags those that are not the same as the one before; ``blob`` holds each once.
    """

    order: NDArray[np.int64]
    new: Flags
    blob: bytes


def _stretches(dictionaries: Sequence[Dictionary], held: Flags) -> Iterator[_Stretch]:
    """Cut all dictionaries at the same terms, so that few terms are objects at a time."""
    largest = max(dictionaries, key=len)
    offsets = np.cumsum([0, *map(len, dictionaries)]).tolist()
    firsts = [0 for _ in dictionaries]
    for cut in [*range(_AT_ONCE, len(largest), _AT_ONCE), None]:
        ends = [len(one) if cut is None else one.range(largest[cut])[0] for one in dictionaries]
        keys: list[bytes] = []
        numbers: list[int] = []
        for terms, offset, first, end in zip(dictionaries, offsets, firsts, ends, strict=False):
            stay = held[offset + first : offset + end]
            keys += compress(terms.keys(first, end), stay.tolist())
            numbers += (np.flatnonzero(stay) + (offset + first)).tolist()
        yield _sorted(keys, numbers)
        firsts = ends


def _sorted(keys: list[bytes], numbers: list[int]) -> _Stretch:
    order = sorted(range(len(keys)), key=keys.__getitem__)  # a few rising runs: quickly merged
    keys = [keys[place] for place in order]
    new = [one != other for one, other in pairwise([None, *keys])]
    blob = b"".join(key + NEWLINE for key in compress(keys, new))
    return _Stretch(
        np.array([numbers[place] for place in order], np.int64), np.array(new, np.bool_), blob
    )
