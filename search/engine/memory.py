"""The obvious engine: the oracle that the others are compared with.

It also answers from the records that the catalogue alone gives; its words are sorted once a commit,
because one doubted word asks for them a hundred times.
"""

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Mapping
from itertools import islice, takewhile
from operator import itemgetter

import numpy as np

from search.engine.base import Capabilities, Found, Hit, Numbers
from search.engine.wanted import Either, Every, Keys, Row, Wanted
from search.schema import BY_NAME, Analysed


class MemoryEngine:
    """All entries in one dict; nothing is kept on disk."""

    capabilities = Capabilities()

    def __init__(self) -> None:
        self._entries: dict[str, Analysed] = {}
        self._pending: dict[str, Analysed | None] = {}
        self._words: dict[str, list[tuple[str, int]]] = {}

    def replace(self, analysed: Analysed) -> None:
        """Put an entry in place of any of the same key; seen after ``commit``."""
        self._pending[analysed.entry.key] = analysed

    def delete(self, key: str) -> None:
        """Take the entry of this key out, if there is one; seen after ``commit``."""
        self._pending[key] = None

    def commit(self) -> None:
        """Make changes visible."""
        for key, analysed in self._pending.items():
            if analysed is None:
                self._entries.pop(key, None)
            else:
                self._entries[key] = analysed
        self._pending, self._words = {}, {}

    def search(self, wanted: Wanted, limit: int) -> Found:
        """Return every entry that matches, most occurrences of wanted words first."""
        hits = [
            hit_of(analysed, _score(analysed, wanted))
            for analysed in self._entries.values()
            if _answers(analysed, wanted)
        ]
        hits.sort(key=lambda hit: (-hit.score, hit.key))
        return Found(tuple(hits[:limit]), len(hits))

    def matches(self, wanted: Wanted) -> Numbers:
        """Return the numbers of all entries that answer ``wanted``."""
        answering = [n for n, one in enumerate(self._entries.values()) if _answers(one, wanted)]
        return np.array(answering, np.int32)

    def members(self, field: str) -> Mapping[str, Numbers]:
        """Return, for every value in a field that holds values, the entries that have it."""
        numbers = defaultdict(list)
        for number, analysed in enumerate(self._entries.values()):
            for value in set(analysed.fields[field]):
                numbers[value].append(number)
        return {value: np.array(of, np.int32) for value, of in numbers.items()}

    def words(self, field: str, prefix: str = "") -> list[tuple[str, int]]:
        """Return the keys of ``field`` that begin with ``prefix``, with their entries counted."""
        if field not in self._words:
            every = self._entries.values()
            counts = Counter(key for analysed in every for key in set(analysed.fields[field]))
            self._words[field] = sorted(counts.items())
        held = self._words[field]
        first = bisect_left(held, prefix, key=itemgetter(0))
        return list(takewhile(lambda word: word[0].startswith(prefix), islice(held, first, None)))

    def count(self) -> int:
        """Return how many entries there are."""
        return len(self._entries)

    def close(self) -> None:
        """Forget changes without commit."""
        self._pending = {}


def hit_of(analysed: Analysed, score: float) -> Hit:
    """Return what the hit list shows of an entry."""
    entry = analysed.entry
    return Hit(
        entry.key,
        entry.kind,
        entry.form,
        entry.document,
        entry.page,
        entry.record,
        entry.title,
        entry.date,
        score,
    )


def _answers(analysed: Analysed, wanted: Wanted) -> bool:
    match wanted:
        case Keys(field, keys):
            return not set(keys).isdisjoint(analysed.fields[field])
        case Row(field, words):
            return _holds_row(analysed.fields[field], words)
        case Every(plans, without):
            return all(_answers(analysed, one) for one in plans) and not any(
                _answers(analysed, one) for one in without
            )
        case Either(plans):
            return any(_answers(analysed, one) for one in plans)


def _score(analysed: Analysed, wanted: Wanted) -> float:
    """Return how often the wanted words occur, weighted by field."""
    match wanted:
        case Keys(field, keys, lifts, weight):
            times = sum(analysed.fields[field].count(key) for key in keys)
            lifted = sum(_score(analysed, lift) for lift in lifts)
            return weight * BY_NAME[field].weight * times + lifted
        case Row(field, _, weight):
            return weight * BY_NAME[field].weight * _answers(analysed, wanted)
        case Every(plans) | Either(plans):
            return sum(_score(analysed, one) for one in plans)


def _holds_row(keys: tuple[str, ...], words: tuple[tuple[str, ...], ...]) -> bool:
    return any(
        all(keys[start + step] in wanted for step, wanted in enumerate(words))
        for start in range(len(keys) - len(words) + 1)
    )
