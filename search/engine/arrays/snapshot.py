"""An index as it stands after one commit: all its segments, read together.

Entries are numbered through, segment after segment. Whatever is deleted is left out everywhere.
"""

from collections.abc import Mapping, Sequence

import numpy as np

from search.engine.arrays.evaluate import Evaluation
from search.engine.arrays.postings import Integers, encoded
from search.engine.arrays.segment import Segment
from search.engine.arrays.statistics import Mask, Part, Scores, Statistics
from search.engine.base import Numbers
from search.engine.vocabulary import Words, united_words
from search.engine.wanted import Wanted

KEY = "key"
"""The field that holds the key of each document, one a document."""


class Snapshot:
    """Segments and the masks of what lives in them (None: all)."""

    def __init__(self, segments: Sequence[tuple[Segment, Mask | None]]) -> None:
        bases = np.cumsum([0, *(segment.documents for segment, _ in segments)]).tolist()
        self.parts = [
            Part(segment, alive, base)
            for (segment, alive), base in zip(segments, bases, strict=False)
        ]
        self._statistics = Statistics(self.parts)
        self._members: dict[str, Mapping[str, Numbers]] = {}

    @property
    def count(self) -> int:
        """How many entries live."""
        return self._statistics.count

    def shown(self, number: int) -> list[str]:
        """Return what is stored of the entry ``number``."""
        part = next(part for part in reversed(self.parts) if part.base <= number)
        return part.segment.shown(number - part.base)

    def matches(self, wanted: Wanted) -> Numbers:
        """Return the numbers of all entries that answer ``wanted``."""
        found = [
            _living(part, Evaluation(part, self._statistics).match(wanted).mask) + part.base
            for part in self.parts
        ]
        return np.concatenate([np.array((), np.int32), *found]).astype(np.int32)

    def best(self, wanted: Wanted, limit: int) -> tuple[list[tuple[int, float]], int]:
        """Return number and score of the ``limit`` best, and how many answer in all.

        By falling score; where scores are equal, by key.
        """
        found: list[tuple[Part, Integers, Scores]] = []
        for part in self.parts:
            evaluation = Evaluation(part, self._statistics)
            match = evaluation.match(wanted)
            documents = _living(part, match.mask)
            if documents.size:
                found.append((part, documents, evaluation.scores(match)[documents]))
        total = sum(len(documents) for _, documents, _ in found)
        best = [hit for one in found for hit in _first(*one, limit)]
        best.sort(key=lambda hit: (-hit[1], hit[2]))
        return [(number, score) for number, score, _ in best[:limit]], total

    def words(self, field: str, prefix: str = "") -> Words:
        """Return the keys of ``field`` that begin with ``prefix`` and the entries that have each.

        In the order of code points; no count is 0.
        """
        return united_words([_words(part, field, encoded(prefix)) for part in self.parts])

    def members(self, field: str) -> Mapping[str, Numbers]:
        """Return, for every value in a field that holds values, the entries that have it."""
        if field not in self._members:
            members: dict[str, Numbers] = {}
            for part in self.parts:
                for value, numbers in _members(part, field):
                    held = members.get(value)
                    members[value] = numbers if held is None else np.append(held, numbers)
            self._members[field] = members
        return self._members[field]


def _living(part: Part, mask: Mask) -> Integers:
    return np.flatnonzero(mask if part.alive is None else mask & part.alive)


def _first(
    part: Part, documents: Integers, scores: Scores, limit: int
) -> list[tuple[int, float, bytes]]:
    """Return number, score and key of the ``limit`` best of one segment; ties by key."""
    keys = part.segment.postings(KEY)
    if len(documents) > limit:
        least = np.partition(scores, len(scores) - limit)[len(scores) - limit]
        better, tied = np.flatnonzero(scores > least), np.flatnonzero(scores == least)
        tied = tied[np.argsort(keys.ranks[documents[tied]])[: limit - len(better)]]
        kept = np.concatenate([better, tied])
        documents, scores = documents[kept], scores[kept]
    ranks = keys.ranks[documents].tolist()
    hits = zip(documents.tolist(), scores.tolist(), ranks, strict=True)
    return [(document + part.base, score, keys.terms[rank]) for document, score, rank in hits]


def _words(part: Part, field: str, prefix: bytes) -> list[tuple[str, int]]:
    postings = part.segment.postings(field)
    first, behind = postings.terms.range(prefix)
    starts = postings.starts[first : behind + 1].astype(np.int64)
    keys = postings.terms.strings(first, behind)
    if part.alive is None:
        return list(zip(keys, np.diff(starts).tolist(), strict=True))
    alive = part.alive[postings.documents[starts[0] : starts[-1]]]
    living = np.diff(np.append(0, np.cumsum(alive))[starts - starts[0]]).tolist()
    return [pair for pair in zip(keys, living, strict=True) if pair[1]]


def _members(part: Part, field: str) -> list[tuple[str, Numbers]]:
    """Return the values of a segment that some living entry has, with the numbers of these."""
    postings = part.segment.postings(field)
    numbers = postings.documents.astype(np.int32) + np.int32(part.base)
    starts = postings.starts.astype(np.int64)
    if part.alive is not None:
        alive = part.alive[postings.documents]
        numbers = numbers[alive]
        starts = np.append(0, np.cumsum(alive))[starts]
    ends = starts.tolist()
    values = postings.terms.strings(0, len(postings.terms))
    pieces = zip(values, ends[:-1], ends[1:], strict=True)
    return [(value, numbers[start:end]) for value, start, end in pieces if end > start]
