"""What a reader types finds the same with every engine: planned, widened and narrowed."""

import tempfile
from importlib.util import find_spec
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from search.engine.base import ENGINES, SearchEngine, open_engine
from search.engine.wanted import Either, Every, Keys, Row, Wanted
from search.query.filters import narrow, parts_of, read_filters
from search.query.parse import parse
from search.query.plan import Planner
from search.schema import Entry, analyse

ENGINE = [
    pytest.param(
        name,
        marks=pytest.mark.skipif(name == "tantivy" and not find_spec(name), reason="not installed"),
    )
    for name in sorted(ENGINES)
    if name != "memory"
]
WORDS = ["Қарағанды", "Караганда", "қарағандыда", "Алма-Ата", "Алматы", "шахта", "шахты", "шахга"]
WORDS += [
    "Роза",
    "Бағланова",
    "Багланова",
    "қала",
    "тарихы",
    "тарнхы",
    "облыс",
    "1954",
    "94",
    "мен",
]
texts = st.lists(st.sampled_from(WORDS), max_size=5).map(" ".join)
dates = st.sampled_from(["", "1953", "1954", "1954-03", "1954-03-12", "1954-12-31", "1955-01-01"])


@st.composite
def entries(draw: st.DrawFn) -> list[Entry]:
    return [
        Entry(
            key=str(number),
            kind=draw(st.sampled_from(["page", "record"])),
            document=f"d{number % 3}",
            page="p0001",
            record="",
            title=draw(texts),
            names=tuple(draw(st.lists(texts, max_size=1))),
            subjects=tuple(draw(st.lists(texts, max_size=1))),
            form=draw(st.sampled_from(["", "book", "map"])),
            date=draw(dates),
            text=draw(texts),
            line_languages=(draw(st.sampled_from(["kaz", "rus", "und"])),),
            languages=tuple(
                draw(st.lists(st.sampled_from(["kaz", "rus"]), max_size=2, unique=True))
            ),
            udc=tuple(draw(st.lists(st.sampled_from(["94", "94(574)", "94(574.31)"]), max_size=1))),
            numbers=tuple(draw(st.lists(st.sampled_from(["0-306-40615-2", "123-45"]), max_size=1))),
        )
        for number in range(draw(st.integers(1, 7)))
    ]


FIELDS = ["", "", "", "автор:", "тақырып:", "орын:", "мәтін:"]
PATTERNS = ["кар*", "қар*нд*", "ш?хта", "шахт*", "тар*", "шахта~", "Караганда~2", "тарихы~"]
VALUES = ["год:1954", "жылы:1954-", "дата:1954-03..1954-12", "тіл:қаз", "вид:книга", "удк:94(574)"]
VALUES += ["isbn:978-0-306-40615-7", "kind:page", "документ:d1", "год:-1953"]
fielded = st.builds("{}{}".format, st.sampled_from(FIELDS), st.sampled_from(WORDS + PATTERNS))
quoted = st.lists(st.sampled_from(WORDS), min_size=1, max_size=3).map(lambda w: f'"{" ".join(w)}"')
terms = st.one_of(fielded, quoted, st.sampled_from(VALUES), st.just("Роза Багланова"))
queries = st.recursive(
    terms,
    lambda inner: st.one_of(
        st.builds("{} {}".format, inner, inner),
        st.builds("({} OR {})".format, inner, inner),
        st.builds("{} -{}".format, inner, terms),
        st.builds("{} НЕ ({})".format, inner, inner),
    ),
    max_leaves=4,
)
narrowings = st.fixed_dictionaries(
    {
        "language": st.lists(st.sampled_from(["kaz", "-рус"]), max_size=1),
        "kind": st.lists(st.sampled_from(["книга", "-карта", "page"]), max_size=2),
        "udc": st.lists(st.sampled_from(["94", "-94(574)"]), max_size=1),
    }
)


def fill(engine: SearchEngine, batch: list[Entry]) -> None:
    for one in batch:
        engine.replace(analyse(one))
    engine.commit()


def asked_of(engine: SearchEngine, query: str, given_: dict[str, list[str]]) -> list[Wanted]:
    tree = parse(query).tree
    assert tree is not None
    planner = Planner(engine)
    planned, widened = planner.plan(tree), planner.widen(tree)
    parts = parts_of(read_filters(given_, "1953", ""), engine)
    return [planned, widened, narrow(planned, parts)]


@pytest.mark.parametrize("name", ENGINE)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    batch=entries(),
    typed=st.lists(st.tuples(queries, narrowings), min_size=1, max_size=6),
)
def test_a_query_finds_the_same_as_with_the_oracle(
    name: str, batch: list[Entry], typed: list[tuple[str, dict[str, list[str]]]]
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        oracle, engine = open_engine("memory", Path()), open_engine(name, Path(folder) / "i")
        fill(oracle, batch)
        fill(engine, batch)
        for query, narrowing in typed:
            wanted = asked_of(engine, query, narrowing)
            assert wanted == asked_of(oracle, query, narrowing)
            found = [{hit.key for hit in engine.search(one, 99).hits} for one in wanted]
            assert found == [{hit.key for hit in oracle.search(one, 99).hits} for one in wanted]
            assert found[0] <= found[1]
            assert found[2] <= found[0]
        engine.close()


@pytest.mark.parametrize("name", ENGINE)
def test_what_counts_less_scores_less(name: str, tmp_path: Path) -> None:
    engine = open_engine(name, tmp_path / "index")
    fill(engine, [Entry(str(n), "page", "", "", "", "", text="карлаг облыс мен") for n in range(3)])
    for full, light in (
        (Keys("text", ("карлаг",)), Keys("text", ("карлаг",), weight=0.5)),
        (Row("text", (("карлаг",), ("облыс",))), Row("text", (("карлаг",), ("облыс",)), 0.5)),
    ):
        best, less = (engine.search(one, 1).hits[0].score for one in (full, light))
        assert less == pytest.approx(best / 2, rel=0.01)
    both = Either((Keys("text", ("карлаг",)), Every((Keys("text", ("облыс",)),))))
    assert engine.search(both, 1).hits[0].score > engine.search(both.plans[0], 1).hits[0].score
    engine.close()
