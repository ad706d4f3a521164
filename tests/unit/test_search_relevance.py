"""The gate of relevance: no class of queries may find less than it did."""

import json
from collections.abc import Iterator

import pytest

from bench.search.asking import Asking
from bench.search.hostile import HOSTILE, ask_all, random_queries
from bench.search.relevance import RESULTS, SMALL, Figures, measure

FALL = 0.02
"""How much the MRR of a class may fall against ``bench/results/search_relevance.json``."""


@pytest.fixture(scope="module")
def asking(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Asking]:
    opened = Asking(tmp_path_factory.mktemp("relevance") / "home")
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def figures(asking: Asking) -> Figures:
    return measure(asking, *SMALL)


def test_no_class_of_queries_finds_less_than_it_did(figures: Figures) -> None:
    kept: Figures = json.loads(RESULTS.read_text(encoding="utf-8"))["small"]
    assert figures.keys() == kept.keys()
    fallen = {
        kind: (of["mrr"], figures[kind]["mrr"])
        for kind, of in kept.items()
        if figures[kind]["mrr"] < of["mrr"] - FALL
    }
    assert not fallen, "was, is; if it is meant: python -m bench.search.relevance"


def test_nothing_is_measured_by_a_handful_of_queries(figures: Figures) -> None:
    assert all(of["queries"] >= SMALL[1] // 2 for of in figures.values())


@pytest.mark.usefixtures("figures")
def test_hostile_queries_raise_nothing(asking: Asking) -> None:
    asked = ask_all(asking, (*HOSTILE, *random_queries(100)))
    assert asked["raised"] == []
