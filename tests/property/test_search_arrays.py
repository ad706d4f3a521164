"""However an index on arrays came about, it finds, counts and ranks as one built at once."""

import tempfile
from pathlib import Path
from unittest.mock import patch

from hypothesis import given, settings
from hypothesis import strategies as st

from search.engine.arrays import merge, union
from search.engine.memory import MemoryEngine
from search.engine.wanted import EVERYTHING, Either, Every, Keys, Row, Wanted
from search.engine.whoosh.engine import WhooshEngine
from search.schema import FACETS, FIELDS, Analysed, Entry

KEYS = ["a", "ab", "b", "әa", "|", "ﬀ", "\ud800", "😀", "ь\u0301", "x" * 300]
keys = st.sampled_from(KEYS)
texts = st.lists(keys, max_size=12).map(tuple)
NAMES = ["p1", "p10", "p2", "record/7", "я"]


@st.composite
def documents(draw: st.DrawFn) -> Analysed:
    key = draw(st.sampled_from(NAMES))
    filled = {
        "text": draw(texts),
        "exact": draw(texts),
        "title": draw(texts),
        "date": draw(st.sets(keys, max_size=2).map(tuple)),
        "kind": ("page",),
    }
    fields = {field.name: filled.get(field.name, ()) for field in FIELDS}
    return Analysed(Entry(key, "page", f"d{key}", "", "", draw(st.text(max_size=5))), fields)


key_sets = st.lists(keys, min_size=1, max_size=3, unique=True).map(tuple)
words = st.sampled_from(["text", "title"])
leaves = st.one_of(
    st.builds(
        Keys, words, key_sets, st.lists(st.builds(Keys, st.just("exact"), key_sets)).map(tuple)
    ),
    st.builds(Row, words, st.lists(key_sets, min_size=1, max_size=3).map(tuple)),
    st.builds(Keys, st.just("date"), key_sets),
    st.just(EVERYTHING),
)
questions: st.SearchStrategy[Wanted] = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.builds(
            Every,
            st.lists(inner, max_size=3).map(tuple),
            st.lists(inner, max_size=2).map(tuple),
        ),
        st.builds(Either, st.lists(inner, max_size=3).map(tuple)),
    ),
    max_leaves=5,
)
batches = st.lists(st.lists(documents() | st.sampled_from(NAMES), max_size=8), max_size=6)


def perform(engine: WhooshEngine | MemoryEngine, batch: list[Analysed | str]) -> None:
    for change in batch:
        if isinstance(change, str):
            engine.delete(change)
        else:
            engine.replace(change)
    engine.commit()


def standing(history: list[list[Analysed | str]]) -> dict[str, Analysed]:
    entries: dict[str, Analysed] = {}
    for change in (change for batch in history for change in batch):
        if isinstance(change, str):
            entries.pop(change, None)
        else:
            entries[change.entry.key] = change
    return entries


@settings(max_examples=80, deadline=None)
@given(
    history=batches,
    most=st.sampled_from([1, 10, 40, 10_000]),
    at_once=st.sampled_from([1, 3, 1 << 16]),
    asked=st.lists(questions, min_size=1, max_size=5),
    limit=st.integers(1, 4),
)
def test_an_index_of_many_commits_answers_as_one_built_at_once(
    history: list[list[Analysed | str]], most: int, at_once: int, asked: list[Wanted], limit: int
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        grown = WhooshEngine(Path(folder, "grown"), most)
        with patch.object(merge, "_AT_ONCE", at_once), patch.object(union, "_AT_ONCE", at_once):
            for batch in history:
                perform(grown, batch)
        grown.close()
        grown = WhooshEngine(Path(folder, "grown"), most)  # as the next process finds it
        built, oracle = WhooshEngine(Path(folder, "built")), MemoryEngine()
        for one in (built, oracle):
            perform(one, [*standing(history).values()])
        for wanted in asked:
            found = grown.search(wanted, limit)
            assert found == built.search(wanted, limit)
            assert found.total == len(grown.matches(wanted)) == oracle.search(wanted, 1).total
            keys_of_all = {hit.key for hit in oracle.search(wanted, 100).hits}
            assert {hit.key for hit in found.hits} <= keys_of_all
        assert_same_vocabulary(grown, oracle)


def assert_same_vocabulary(engine: WhooshEngine, oracle: MemoryEngine) -> None:
    for field in FIELDS:
        assert engine.words(field.name) == oracle.words(field.name)
        assert engine.words(field.name, "a") == oracle.words(field.name, "a")
    for facet in FACETS:
        held = {value: len(of) for value, of in engine.members(facet).items()}
        assert held == {value: len(of) for value, of in oracle.members(facet).items()}


@settings(max_examples=20, deadline=None)
@given(batch=st.lists(documents(), min_size=1, max_size=8))
def test_the_same_documents_give_the_same_bytes(batch: list[Analysed | str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        for name in ("one", "two"):
            perform(WhooshEngine(Path(folder, name)), batch)
        one, two = sorted(Path(folder).glob("*/*.keys"))
        assert one.read_bytes() == two.read_bytes()
