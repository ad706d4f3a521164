"""What ranking needs to know of all segments together.

BM25 with the weights and lengths of the schema. Everything is counted over the entries that are
there now, so that scores do not depend on how an index came about: one that was changed a hundred
times ranks as one built afresh.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import log

import numpy as np
from numpy.typing import NDArray

from search.engine.arrays.postings import Integers
from search.engine.arrays.segment import Segment
from search.schema import BY_NAME

K1 = 1.2
"""How soon more of the same word stops to count (Robertson and Zaragoza, 2009, §3.5: 1.2 to 2)."""

Mask = NDArray[np.bool_]
Scores = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Part:
    """A segment in an index: ``base`` is the number of its first document there.

    ``alive`` masks the documents that were not deleted, None where all live.
    """

    segment: Segment
    alive: Mask | None
    base: int

    def living(self, documents: Integers) -> Integers:
        """Return those of ``documents`` that were not deleted."""
        return documents if self.alive is None else documents[self.alive[documents]]

    def mask(self) -> Mask:
        """Return the mask of the documents that live, anew."""
        if self.alive is None:
            return np.ones(self.segment.documents, np.bool_)
        return self.alive.copy()


class Statistics:
    """Counts over all parts of an index, each taken once."""

    def __init__(self, parts: Sequence[Part]) -> None:
        self._parts = parts
        self.count = sum(int(part.mask().sum()) for part in parts)
        self._rarity: dict[tuple[str, tuple[str, ...]], float] = {}
        self._damping: dict[tuple[str, int], Scores] = {}
        self._average: dict[str, float] = {}

    def rarity(self, field: str, keys: tuple[str, ...]) -> float:
        """Return the idf of "one of ``keys`` in ``field``": log(1 + (N - n + 0.5) / (n + 0.5))."""
        if (field, keys) not in self._rarity:
            holding = sum(_holding(part, field, keys) for part in self._parts)
            self._rarity[field, keys] = log(1 + (self.count - holding + 0.5) / (holding + 0.5))
        return self._rarity[field, keys]

    def damping(self, field: str, part: Part) -> Scores:
        """Return k1·(1 - b + b·length / average) for every document of ``part``."""
        if (field, part.base) not in self._damping:
            b = BY_NAME[field].length
            lengths = part.segment.postings(field).lengths
            self._damping[field, part.base] = K1 * (1 - b + b * lengths / self._mean(field))
        return self._damping[field, part.base]

    def _mean(self, field: str) -> float:
        if field not in self._average:
            total = 0
            for part in self._parts:
                lengths = part.segment.postings(field).lengths
                living = lengths if part.alive is None else lengths[part.alive]
                total += int(living.sum())
            self._average[field] = total / max(self.count, 1) or 1.0
        return self._average[field]


def _holding(part: Part, field: str, keys: tuple[str, ...]) -> int:
    """Return how many living documents of ``part`` hold one of ``keys``."""
    postings = part.segment.postings(field)
    terms = [term for key in keys if (term := postings.find(key)) >= 0]
    if len(terms) == 1:
        return len(part.living(postings.of(terms[0])))
    held = np.zeros(part.segment.documents, np.bool_)
    for term in terms:
        held[postings.of(term)] = True
    return int(np.count_nonzero(held if part.alive is None else held & part.alive))
