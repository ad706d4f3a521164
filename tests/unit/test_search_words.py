"""Words of an index and of several: gathered once, whatever is asked of them."""

import pytest

from search.engine.memory import MemoryEngine
from search.query.parse import parse
from search.query.plan import Planner
from search.results import vocabulary
from search.results.answer import Part, answer
from search.results.request import Request
from search.results.vocabulary import joined
from search.schema import Analysed, analyse
from tests.unit.search_library import page


class Words:
    """Words of one index, and how they were asked for."""

    def __init__(self, **counts: int) -> None:
        self.asked: list[str] = []
        self._counts = counts

    def words(self, field: str, prefix: str = "") -> list[tuple[str, int]]:
        self.asked.append(prefix)
        return sorted((w, n) for w, n in self._counts.items() if w.startswith(prefix))


def test_a_word_of_two_indexes_counts_in_both() -> None:
    both = joined([Words(шахта=2, школа=1), Words(шахта=3, шар=4), Words()])
    assert list(both.words("exact", "ша")) == [("шар", 4), ("шахта", 5)]
    assert list(both.words("exact", "ю")) == []


def test_words_that_begin_alike_are_gathered_once_for_a_query() -> None:
    parts = [Words(сараптама=1, сараптам=2), Words(сарапшы=1)]
    tree = parse(" ".join(f"сарапта{letter}~2" for letter in "бвгджз")).tree
    assert tree is not None
    Planner(joined(parts)).plan(tree)
    assert [part.asked.count("с") for part in parts] == [1, 1]


def test_the_words_kept_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vocabulary, "_MOST_KEPT", 3)
    part = Words(аул=1, ауыл=1, балық=1, бала=1)
    both = joined([part])
    for prefix in "абаба":
        assert len(both.words("exact", prefix)) == 2
    assert part.asked == list("абаба")
    assert len(both.words("exact", "а")) == 2
    assert part.asked == list("абаба")


def test_the_engine_in_memory_gathers_the_words_of_a_field_once_a_commit() -> None:
    """A doubted word asks for them a hundred times: 16 took half a minute over 1000 records."""

    class Read(dict[str, tuple[str, ...]]):
        times = 0

        def __getitem__(self, name: str) -> tuple[str, ...]:
            Read.times += name == "exact"
            return super().__getitem__(name)

    engine = MemoryEngine()
    analysed = analyse(page("d1", 1, "қаланың тарихы"))
    engine.replace(Analysed(analysed.entry, Read(analysed.fields)))
    engine.commit()
    answer(Request("калаларда тарыхшылар бiлiмдiлер жазушылар"), [Part(engine)])
    asked, Read.times = Read.times, 0
    engine.words("exact", "қ")
    assert Read.times == 0
    assert asked < 50
    engine.replace(analyse(page("d2", 1, "мектеп")))
    engine.commit()
    assert [word for word, _ in engine.words("exact", "м")] == ["мектеп"]
