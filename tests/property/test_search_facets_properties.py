"""Facet counts equal those of a naive count, whatever the filters."""

from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from search.engine.memory import MemoryEngine
from search.engine.wanted import EVERYTHING, Keys, Wanted
from search.query.filters import Choice, Filters, narrow, parts_of
from search.results.columns import Columns
from search.results.facets import DATE_FACETS, FACET_NAMES, Sets, count_facet
from search.schema import Entry, Kind, analyse

words = st.lists(st.sampled_from(["қала", "шахта", "мектеп"]), max_size=3).map(" ".join)
dates = st.sampled_from(["", "1954", "1954-03", "1954-03-05", "1961-03-05", "1937-12"])
KINDS: tuple[Kind, ...] = ("page", "record")
VALUES = {
    "language": ("kaz", "rus"),
    "form": ("book", "newspaper_issue"),
}


@st.composite
def entries(draw: st.DrawFn) -> Entry:
    key = draw(st.integers(0, 12))
    return Entry(
        key=f"k{key}",
        kind=draw(st.sampled_from([*KINDS])),
        document=f"d{key % 3}",
        page="p",
        record="",
        title="т",
        form=draw(st.sampled_from(VALUES["form"])),
        date=draw(dates),
        text=draw(words),
        languages=tuple(draw(st.lists(st.sampled_from(VALUES["language"]), unique=True))),
        catalogues=tuple(draw(st.lists(st.sampled_from(["AS", "KN"]), unique=True))),
    )


def choices(field: str) -> st.SearchStrategy[Choice]:
    some = st.lists(st.sampled_from(VALUES[field]), unique=True).map(sorted).map(tuple)
    return st.builds(Choice, st.just(field), some, some)


filters = st.builds(
    Filters,
    st.sampled_from(["", "1954", "1954-03"]),
    st.sampled_from(["", "1961", "1954-03"]),
    st.tuples(choices("language"), choices("form")),
)


def engine_of(several: list[Entry]) -> MemoryEngine:
    engine = MemoryEngine()
    for entry in several:
        engine.replace(analyse(entry))
    engine.commit()
    return engine


def sets_of(engine: MemoryEngine, asked: Wanted, narrowed: Filters) -> Sets:
    columns = Columns(engine)
    passed = tuple(
        (part.field, columns.mask(engine.matches(narrow(EVERYTHING, [part]))))
        for part in parts_of(narrowed, engine)
    )
    return Sets(columns, columns.mask(engine.matches(asked)), passed)


def naive(name: str, engine: MemoryEngine, asked: Wanted, narrowed: Filters) -> Counter[str]:
    """Count over the entries themselves, one query of the oracle for all of them."""
    own = {"year": "date", "month": "", "day": ""}.get(name, name)
    others = parts_of(narrowed.without(own), engine)
    hits = {hit.key for hit in engine.search(narrow(asked, others), 99).hits}
    counts: Counter[str] = Counter()
    for analysed in engine._entries.values():  # the oracle's own store
        if analysed.entry.key in hits:
            if name not in DATE_FACETS:
                counts.update(set(analysed.fields[name]))
                continue
            length = DATE_FACETS[name].stop
            held = {d for d in analysed.fields["date"] if len(d) == length}
            counts.update(date[DATE_FACETS[name]] for date in held)
    return counts


@settings(deadline=None, max_examples=60)
@given(
    st.lists(entries(), max_size=14, unique_by=lambda e: e.key),
    st.lists(entries(), max_size=6, unique_by=lambda e: e.key),
    filters,
    st.integers(1, 9),
)
def test_counts_of_both_parts_are_those_of_a_naive_count(
    first: list[Entry], second: list[Entry], narrowed: Filters, top: int
) -> None:
    asked = Keys("text", ("кала", "шахта"))
    engines = [engine_of(first), engine_of(second)]
    parts = [sets_of(engine, asked, narrowed) for engine in engines]
    for name in FACET_NAMES:
        expected: Counter[str] = Counter()
        for engine in engines:
            expected.update(naive(name, engine, asked, narrowed))
        facet = count_facet(name, parts, narrowed, top)
        shown = {bucket.value: bucket.count for bucket in facet.buckets}
        assert {value: count for value, count in shown.items() if count} == {
            value: expected[value] for value in shown if expected[value]
        }
        assert facet.more == len(set(expected) - set(shown))
        left = [expected[value] for value in set(expected) - set(shown)]
        unasked = [b.count for b in facet.buckets if not b.state]
        assert not left or not unasked or max(left) <= min(unasked)
