"""Several indexes as one vocabulary."""

import pytest

from search.query.parse import parse
from search.query.plan import Planner
from search.results import vocabulary
from search.results.vocabulary import joined


class Part:
    """Words of one index, and how they were asked for."""

    def __init__(self, **counts: int) -> None:
        self.asked: list[str] = []
        self._counts = counts

    def words(self, field: str, prefix: str = "") -> list[tuple[str, int]]:
        self.asked.append(prefix)
        return sorted((w, n) for w, n in self._counts.items() if w.startswith(prefix))


def test_a_word_of_two_indexes_counts_in_both() -> None:
    both = joined([Part(шахта=2, школа=1), Part(шахта=3, шар=4), Part()])
    assert list(both.words("exact", "ша")) == [("шар", 4), ("шахта", 5)]
    assert list(both.words("exact", "ю")) == []


def test_words_that_begin_alike_are_gathered_once_for_a_query() -> None:
    parts = [Part(сараптама=1, сараптам=2), Part(сарапшы=1)]
    tree = parse(" ".join(f"сарапта{letter}~2" for letter in "бвгджз")).tree
    assert tree is not None
    Planner(joined(parts)).plan(tree)
    assert [part.asked.count("с") for part in parts] == [1, 1]


def test_the_words_kept_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vocabulary, "_MOST_KEPT", 3)
    part = Part(аул=1, ауыл=1, балық=1, бала=1)
    both = joined([part])
    for prefix in "абаба":
        assert len(both.words("exact", prefix)) == 2
    assert part.asked == list("абаба")
    assert len(both.words("exact", "а")) == 2
    assert part.asked == list("абаба")
