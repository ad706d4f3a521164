"""Answers are the same over every engine: totals, groups, facets, order by date, suggestions."""

from importlib.util import find_spec
from pathlib import Path

import pytest

from search.engine.base import ENGINES, Capabilities, SearchEngine, open_engine
from search.engine.memory import MemoryEngine
from search.query.filters import Choice, Filters
from search.results.answer import Part, answer
from search.results.facets import FACET_NAMES
from search.results.request import Answer, Order, Request
from search.results.suggest import Sources, suggestions
from search.schema import Entry, analyse
from tests.unit.search_library import described, engine_of, page

DATES = ["1954-03-05", "", "1961", "1954", "1954-03", "1937-12-31", "1961-05", "1961-03-05"]
PAGES = [
    page("d1", n, "қала шахта тарихы", date=date, form="newspaper_issue")
    for n, date in enumerate(DATES)
]
BOOK = [
    page("d2", n, f"қала {word}", record="r2", date="1961", form="book")
    for n, word in enumerate(["шахтер", "шахтерлер", "мектеп", "Қарағанды"])
]
RECORDS = [
    described("r2", "Қала тарихы", document="d2", date="1961", catalogues=("books",)),
    described("r3", "История города Караганды", languages=("rus",), udc=("9", "94", "94(574)")),
    described("r4", "Қаладағы шахта", names=("Бектұров, Ж.",), subjects=("Қарағанды",)),
]
ALL = [*PAGES, *BOOK, *RECORDS]
ORDERS: tuple[Order, ...] = ("relevance", "newest", "oldest")
REQUESTS = [
    Request(query, filters=filters, grouped=grouped, order=order, facets=FACET_NAMES, limit=99)
    for query in ("қала", "шахт*", "Караганда", "тарихы НЕ шахта", '"қала тарихы"', "шахтерлор", "")
    for filters in (
        Filters(choices=(Choice("language", ("kaz",)),)),
        Filters("1954", "1961-04", (Choice("form", (), ("book",)),)),
    )
    for grouped in (True, False)
    for order in ORDERS
]
EVERY_ENGINE = [
    pytest.param(
        name,
        marks=pytest.mark.skipif(name == "tantivy" and not find_spec(name), reason="not installed"),
    )
    for name in sorted(ENGINES)
    if name != "memory"
]


def opened(name: str, folder: Path, entries: list[Entry]) -> SearchEngine:
    engine = open_engine(name, folder)
    for entry in entries:
        engine.replace(analyse(entry))
    engine.commit()
    return engine


def told(found: Answer) -> object:
    """What engines agree on: all but the scores and the order that these make."""
    groups = {
        (one.key, one.page_count, frozenset(hit.key for hit in one.pages)) for one in found.groups
    }
    expansions = [(one.kind, one.typed, one.to) for one in found.expansions]
    return groups, found.total, found.group_total, found.facets, expansions


@pytest.mark.parametrize("name", EVERY_ENGINE)
def test_every_engine_gives_the_answers_of_the_oracle(name: str, tmp_path: Path) -> None:
    oracle = [Part(engine_of(*ALL[::2])), Part(engine_of(*ALL[1::2]))]
    folders = (tmp_path / "open", tmp_path / "restricted")
    halves = zip(folders, (ALL[::2], ALL[1::2]), strict=True)
    parts = [Part(opened(name, folder, half)) for folder, half in halves]
    for request in REQUESTS:
        expected, found = answer(request, oracle), answer(request, parts)
        assert told(found) == told(expected), request
        if request.order != "relevance":
            dates = [[one.best.date for one in each.groups] for each in (expected, found)]
            assert dates[0] == dates[1]
    for part in parts:
        part.engine.close()


def suggested(engine: SearchEngine, query: str) -> list[str]:
    part = Part(engine)

    def count(text: str) -> int:
        return answer(Request(text, grouped=False, widen=False), [part]).total

    return [one.query for one in suggestions(query, Sources(engine, str, count))]


@pytest.mark.parametrize("name", EVERY_ENGINE)
@pytest.mark.parametrize("query", ["шахтерлор", "Караганба кала", "бектурав"])
def test_every_engine_gives_the_suggestions_of_the_oracle(
    name: str, query: str, tmp_path: Path
) -> None:
    engine = opened(name, tmp_path / "index", ALL)
    assert suggested(engine, query) == suggested(engine_of(*ALL), query) != []
    engine.close()


class _WordsOnly(MemoryEngine):
    capabilities = Capabilities(sets=False, vocabulary=False)


def test_an_engine_that_cannot_do_everything_is_done_without() -> None:
    engine = _WordsOnly()
    for entry in ALL:
        engine.replace(analyse(entry))
    engine.commit()
    whole = answer(Request("қала", facets=FACET_NAMES), [Part(engine_of(*ALL))])
    given = answer(Request("қала", facets=FACET_NAMES), [Part(engine)])
    assert (given.groups, given.total) == (whole.groups, whole.total)
    assert whole.facets
    assert not given.facets
    assert answer(Request("шахт*"), [Part(engine)]).total == 0
    assert answer(Request("мектеп~"), [Part(engine)]).total == 1
