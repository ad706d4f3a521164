"""Answers ``Wanted`` over one segment with masks and sums of arrays.

First which documents match, then what they score. A row of words is looked for only in documents
that hold all its words and match everything else that is asked of them at once.
"""

from dataclasses import dataclass

import numpy as np

from search.engine.arrays.postings import Integers, Postings
from search.engine.arrays.statistics import K1, Mask, Part, Scores, Statistics
from search.engine.wanted import Either, Every, Keys, Row, Wanted
from search.schema import BY_NAME


@dataclass(frozen=True, slots=True)
class Match:
    """The documents of one segment that answer ``wanted``, dead ones among them.

    ``inner`` are the matches of the plans that it is made of; ``documents`` and ``times`` tell of
    a row how often it stands in each document.
    """

    wanted: Wanted
    mask: Mask
    inner: tuple["Match", ...] = ()
    documents: Integers | None = None
    times: Integers | None = None


class Evaluation:
    """Questions to one part of an index."""

    def __init__(self, part: Part, statistics: Statistics) -> None:
        self._part = part
        self._statistics = statistics
        self._size = part.segment.documents

    def match(self, wanted: Wanted, within: Mask | None = None) -> Match:
        """Return what answers ``wanted``; outside of ``within`` a document may be left out."""
        match wanted:
            case Keys(field, keys):
                return Match(wanted, self._holding(field, keys))
            case Row(_, words):
                return self._match_row(wanted, words, within)
            case Every(plans, without):
                return self._match_every(wanted, plans, without, within)
            case Either(plans):
                inner = tuple(self.match(plan, within) for plan in plans)
                return Match(wanted, self._any(inner), inner)

    def scores(self, match: Match) -> Scores:
        """Return the scores of all documents of the segment; 0 where ``match`` does not hold."""
        match match.wanted:
            case Keys():
                return self._keys_scores(match.wanted, match.mask)
            case Row():
                return self._row_scores(match)
            case Every() | Either():
                total = np.zeros(self._size)
                for inner in match.inner:
                    total += self.scores(inner)
                total[~match.mask] = 0
                return total

    def _match_every(
        self,
        wanted: Wanted,
        plans: tuple[Wanted, ...],
        without: tuple[Wanted, ...],
        within: Mask | None,
    ) -> Match:
        """Take what is cheap first, so that rows are looked for in little."""
        mask = self._part.mask() if within is None else within.copy()
        inner = {}
        for number in sorted(range(len(plans)), key=lambda number: _has_row(plans[number])):
            inner[number] = self.match(plans[number], mask)
            mask &= inner[number].mask
        for plan in sorted(without, key=_has_row):
            mask &= ~self.match(plan, mask).mask
        return Match(wanted, mask, tuple(inner[number] for number in range(len(plans))))

    def _any(self, matches: tuple[Match, ...]) -> Mask:
        mask = np.zeros(self._size, np.bool_)
        for match in matches:
            mask |= match.mask
        return mask

    def _holding(self, field: str, keys: tuple[str, ...]) -> Mask:
        """Return the mask of the documents that have one of ``keys``."""
        postings = self._part.segment.postings(field)
        mask = np.zeros(self._size, np.bool_)
        for term in _terms(postings, keys):
            mask[postings.of(term)] = True
        return mask

    def _match_row(
        self, wanted: Row, words: tuple[tuple[str, ...], ...], within: Mask | None
    ) -> Match:
        mask = self._holding(wanted.field, words[0])
        for keys in words[1:]:
            mask &= self._holding(wanted.field, keys)
        if within is not None:
            mask &= within
        postings = self._part.segment.postings(wanted.field)
        documents, times = _rows(postings, [_terms(postings, keys) for keys in words], mask)
        found = np.zeros(self._size, np.bool_)
        found[documents] = True
        return Match(wanted, found, documents=documents, times=times)

    def _keys_scores(self, wanted: Keys, mask: Mask) -> Scores:
        postings = self._part.segment.postings(wanted.field)
        total = np.zeros(self._size)
        weight = BY_NAME[wanted.field].weight * wanted.weight
        for key in dict.fromkeys(wanted.keys if weight else ()):
            term = postings.find(key)
            if term >= 0:
                documents = postings.of(term)
                rarity = self._statistics.rarity(wanted.field, (key,))
                total[documents] += (weight * rarity) * self._saturated(
                    wanted.field, documents, postings.times(term)
                )
        for lift in wanted.lifts:
            total += self._keys_scores(lift, self._holding(lift.field, lift.keys))
        total[~mask] = 0
        return total

    def _row_scores(self, match: Match) -> Scores:
        """Score a row as if it were a word: as rare as its words are together."""
        total = np.zeros(self._size)
        row, documents, times = match.wanted, match.documents, match.times
        if isinstance(row, Row) and documents is not None and times is not None:
            rarity = sum(self._statistics.rarity(row.field, keys) for keys in row.words)
            weight = BY_NAME[row.field].weight * row.weight * rarity
            total[documents] = weight * self._saturated(row.field, documents, times)
        return total

    def _saturated(self, field: str, documents: Integers, times: Integers) -> Scores:
        damping = self._statistics.damping(field, self._part)[documents]
        saturated: Scores = times * (K1 + 1) / (times + damping)
        return saturated


def _terms(postings: Postings, keys: tuple[str, ...]) -> list[int]:
    return [term for key in dict.fromkeys(keys) if (term := postings.find(key)) >= 0]


def _has_row(wanted: Wanted) -> bool:
    match wanted:
        case Keys():
            return False
        case Row():
            return True
        case Every(plans, without):
            return any(map(_has_row, plans + without))
        case Either(plans):
            return any(map(_has_row, plans))


def _rows(postings: Postings, steps: list[list[int]], among: Mask) -> tuple[Integers, Integers]:
    """Return the documents of ``among`` in which one term of each step follows the other.

    Beside them how often. Each place is one number, document times ``width`` plus where the row
    would begin; what all steps have in common is a row. The rarest step comes first.
    """
    width = postings.longest + len(steps) + 1
    weights = [sum(len(postings.of(term)) for term in terms) for terms in steps]
    begins: Integers | None = None
    for step in sorted(range(len(steps)), key=weights.__getitem__):
        places = _places(postings, steps[step], among, width) + (len(steps) - step)
        begins = places if begins is None else _common(begins, places)
        among = np.zeros_like(among)
        among[begins // width] = True
    if begins is None:
        return np.array((), np.int64), np.array((), np.int64)
    return np.unique(begins // width, return_counts=True)


def _places(postings: Postings, terms: list[int], among: Mask, width: int) -> Integers:
    """Return all places of ``terms`` as rising numbers, document times ``width`` plus position."""
    found = []
    for term in terms:
        documents, positions = postings.spots(term, among)
        found.append(documents.astype(np.int64) * width + positions)
    if len(found) == 1:
        return found[0]
    return np.sort(np.concatenate([np.array((), np.int64), *found]))


def _common(some: Integers, others: Integers) -> Integers:
    """Return what two arrays of rising numbers have in common."""
    fewer, more = (some, others) if len(some) < len(others) else (others, some)
    if not fewer.size:
        return fewer
    at = np.searchsorted(more, fewer)
    at[at == len(more)] = 0  # beyond the last; the first is no match there either
    common: Integers = fewer[more[at] == fewer]
    return common
