"""The engines that search is compared with find what they are asked for: else times say nothing."""

import re
from pathlib import Path

import pytest

from bench.search.corpus import Page, pages
from bench.search.growth_drawing import drawing
from bench.search.growth_table import table
from bench.search.peers.base import PEERS, Question, open_peer

STOCK = [name for name in PEERS if not name.startswith(("ours", "adapter"))]
PAGES = 60


@pytest.fixture(scope="module")
def made() -> list[Page]:
    return list(pages(PAGES))


def words(page: Page) -> list[str]:
    return re.findall(r"\w+", page.text.lower())


def answers(page: Page, question: Question) -> bool:
    asked, row = question.words, words(page)
    match question.what:
        case "and":
            return set(asked) <= set(row)
        case "or":
            return not set(asked).isdisjoint(row)
        case "phrase":
            return f" {' '.join(asked)} " in f" {' '.join(row)} "
        case "prefix" | "wildcard":
            pattern = re.compile(asked[0].replace("*", ".*"))
            return any(pattern.fullmatch(word) for word in row)
        case _:
            return asked[0] in row


def asked_of(page: Page) -> list[Question]:
    row = words(page)
    long = max(row, key=len)
    return [
        Question("rare", (row[0],)),
        Question("and", (row[0], row[9])),
        Question("or", (row[3], row[20])),
        Question("phrase", tuple(row[30:33])),
        Question("prefix", (f"{long[:3]}*",)),
        Question("wildcard", (f"{long[:3]}*{long[-1]}",)),
        Question("facets", (row[5],)),
    ]


@pytest.mark.parametrize("name", STOCK)
def test_a_stock_engine_finds_the_pages_that_hold_the_words(
    name: str, made: list[Page], tmp_path: Path
) -> None:
    if name == "tantivy":
        pytest.importorskip("tantivy")
    peer = open_peer(name, tmp_path / name)
    peer.fill(made)
    counted = 0
    for question in (one for page in made[::6] for one in asked_of(page)):
        total = peer.ask(question)
        if total is not None:
            counted += 1
            assert total == sum(answers(page, question) for page in made), question
    assert counted >= 50


def test_ours_finds_at_least_the_pages_that_hold_the_words(
    made: list[Page], tmp_path: Path
) -> None:
    peer = open_peer("ours", tmp_path / "ours")
    peer.fill(made)
    for question in (one for page in made[::6] for one in asked_of(page)):
        total = peer.ask(question)
        assert total is not None
        assert total >= sum(answers(page, question) for page in made), question


def test_figures_are_told_with_their_ratio_to_stock_whoosh() -> None:
    measured = {
        "cpu_seconds": 10.0,
        "cpu_ms_a_page": 3.0,
        "megabytes": 70.0,
        "peak_mb": 400,
        "milliseconds": {"rare": {"p50": 1.0, "p95": 2.0}},
    }
    ours = measured | {"cpu_seconds": 5.0, "milliseconds": {}}
    results = {"sizes": {"3000": {"whoosh": measured, "ours": ours}}}
    shown = table(results)
    assert "5 (0.5×)" in shown
    assert "1 / 2" in shown
    assert "– / –" in shown
    assert drawing(results).count("<circle") == 2
