"""Every engine finds the same as the oracle, and keeps to the protocol."""

import tempfile
from importlib.util import find_spec
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from search.engine.base import ENGINES, SearchEngine, open_engine
from search.engine.wanted import Either, Every, Keys, Row, Wanted
from search.query.parse import parse
from search.query.plan import Planner
from search.query.tree import Pattern
from search.schema import FACETS, Entry, analyse

ALPHABET = ["карлаг", "шахта", "шахтер", "тарих", "бол", "болат", "облыс", "кала"]
words = st.sampled_from(ALPHABET)
texts = st.lists(words, max_size=6).map(" ".join)


def entry(key: str, text: str = "", **facts: object) -> Entry:
    base: dict[str, object] = {
        "key": key,
        "kind": "page",
        "document": f"doc-{key}",
        "page": "p0001",
        "record": "",
        "title": "",
        "text": text,
    }
    return Entry(**{**base, **facts})  # type: ignore[arg-type]  # facts are checked by the tests


@st.composite
def entries(draw: st.DrawFn) -> Entry:
    return entry(
        draw(st.sampled_from("abcdef")),
        draw(st.lists(texts, max_size=2).map("\n".join)),
        kind=draw(st.sampled_from(["page", "record"])),
        title=draw(texts),
        names=tuple(draw(st.lists(texts, max_size=2))),
        date=draw(st.just("") | st.integers(1940, 1945).map(str)),
        catalogues=tuple(draw(st.lists(st.sampled_from(["AS", "KN"]), max_size=2))),
        line_languages=("kaz", "rus"),
        languages=("rus",),
    )


KEYS = [key for word in ALPHABET for key in {word, word[:-1]}]
key_sets = st.lists(st.sampled_from(KEYS), min_size=1, max_size=2, unique=True).map(tuple)
fields = st.sampled_from(["text", "title", "names"])
lifts = st.builds(Keys, fields | st.just("exact"), key_sets)
years = st.lists(st.integers(1939, 1946).map(str), max_size=3).map(tuple)
leaves = st.one_of(
    st.builds(Keys, fields, key_sets, st.lists(lifts, max_size=2).map(tuple)),
    st.builds(Row, fields, st.lists(key_sets, min_size=1, max_size=3).map(tuple)),
    st.builds(Keys, st.just("date"), years),
    st.just(Every(())),
    st.just(Either(())),
)
plans = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.builds(
            Every,
            st.lists(inner, min_size=1, max_size=3).map(tuple),
            st.lists(inner, max_size=2).map(tuple),
        ),
        st.builds(Either, st.lists(inner, max_size=3).map(tuple)),
    ),
    max_leaves=5,
)
changes = st.lists(entries() | st.sampled_from("abcdef"), max_size=8)


def _engine(name: str) -> object:
    absent = name == "tantivy" and find_spec(name) is None
    return pytest.param(name, marks=pytest.mark.skipif(absent, reason=f"{name} is not installed"))


EVERY_ENGINE = [_engine(name) for name in sorted(ENGINES)]
OTHERS = [_engine(name) for name in sorted(ENGINES) if name != "memory"]


def perform(engine: SearchEngine, batch: list[Entry | str]) -> None:
    for change in batch:
        if isinstance(change, Entry):
            engine.replace(analyse(change))
        else:
            engine.delete(change)
    engine.commit()


def keys_found(engine: SearchEngine, wanted: Wanted) -> set[str]:
    found = engine.search(wanted, 100)
    assert found.total == len(found.hits)
    return {hit.key for hit in found.hits}


@pytest.mark.parametrize("name", OTHERS)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(batches=st.lists(changes, min_size=1, max_size=3), asked=st.lists(plans, max_size=6))
def test_it_finds_what_the_oracle_finds(
    name: str, batches: list[list[Entry | str]], asked: list[Wanted]
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        oracle, engine = open_engine("memory", Path()), open_engine(name, Path(folder))
        for batch in batches:
            perform(oracle, batch)
            perform(engine, batch)
            assert engine.count() == oracle.count()
            for wanted in asked:
                assert keys_found(engine, wanted) == keys_found(oracle, wanted)
        engine.close()


@pytest.fixture(params=EVERY_ENGINE)
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> SearchEngine:
    return open_engine(request.param, tmp_path / "index")


def ask(engine: SearchEngine, query: str) -> list[str]:
    tree = parse(query).tree
    assert tree is not None
    return [hit.key for hit in engine.search(Planner(engine).plan(tree), 100).hits]


def test_a_replaced_entry_is_found_by_its_new_text_only(engine: SearchEngine) -> None:
    perform(engine, [entry("a", "шахта")])
    assert ask(engine, "шахта") == ["a"]
    perform(engine, [entry("a", "облыс")])
    assert ask(engine, "шахта") == []
    assert ask(engine, "облыс") == ["a"]
    assert engine.count() == 1


def test_repeated_commits_bring_no_deleted_entry_back(engine: SearchEngine) -> None:
    for _ in range(3):
        perform(engine, [entry(key, "карлаг") for key in "abcdef"])
        assert len(ask(engine, "карлаг")) == 6
        perform(engine, list("abc"))
        assert sorted(ask(engine, "карлаг")) == ["d", "e", "f"]


def test_what_is_not_committed_is_not_found(engine: SearchEngine) -> None:
    perform(engine, [entry("a", "шахта")])
    engine.replace(analyse(entry("b", "шахта")))
    engine.close()
    assert ask(engine, "шахта") == ["a"]


def test_a_hit_carries_what_the_list_shows(engine: SearchEngine) -> None:
    shown = {"record": "r7", "title": "Қарлаг тарихы", "date": "1954-03"}
    perform(engine, [entry("a", "шахта", **shown)])
    tree = parse("шахта").tree
    assert tree is not None
    hit = engine.search(Planner(engine).plan(tree), 1).hits[0]
    assert (hit.kind, hit.document, hit.page) == ("page", "doc-a", "p0001")
    assert {"record": hit.record, "title": hit.title, "date": hit.date} == shown


def test_a_word_in_the_title_ranks_a_record_higher(engine: SearchEngine) -> None:
    filler = [entry(str(n), "облыс орталығы", kind="record") for n in range(5)]
    in_text = entry("text", "карлаг туралы облыс", kind="record", title="Облыс")
    in_title = entry("title", "облыс туралы", kind="record", title="Карлаг")
    perform(engine, [*filler, in_text, in_title])
    assert ask(engine, "карлаг") == ["title", "text"]


def test_a_phrase_does_not_run_from_title_into_text(engine: SearchEngine) -> None:
    perform(engine, [entry("a", "облыс", kind="record", title="Карлаг")])
    assert ask(engine, '"карлаг облыс"') == []
    assert ask(engine, "карлаг облыс") == ["a"]


def test_a_word_twice_in_a_row_is_found_beside_itself(engine: SearchEngine) -> None:
    perform(engine, [entry("once", "шахта облыс"), entry("twice", "шахта шахта облыс")])
    either = ("шахт", "кала", "шахта")
    assert keys_found(engine, Row("text", (either, either))) == {"twice"}
    assert keys_found(engine, Row("text", (either, ("облыс",)))) == {"once", "twice"}


wide_sets = st.lists(st.sampled_from(KEYS), min_size=4, max_size=9, unique=True).map(tuple)
wide_rows = st.builds(Row, fields, st.lists(wide_sets, min_size=3, max_size=4).map(tuple))


@pytest.mark.parametrize("name", OTHERS)
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(batch=st.lists(entries(), max_size=6), rows=st.lists(wide_rows, min_size=1, max_size=4))
def test_a_row_of_many_keys_a_place_is_found(
    name: str, batch: list[Entry | str], rows: list[Row]
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        oracle, engine = open_engine("memory", Path()), open_engine(name, Path(folder))
        for one in (oracle, engine):
            perform(one, batch)
        for row in rows:
            assert keys_found(engine, row) == keys_found(oracle, row)
        engine.close()


def test_a_prefix_beyond_the_limit_is_cut_and_says_so(engine: SearchEngine) -> None:
    ends = [first + second for first in "абвгдежзик" for second in "абвгдежзиклмнопрстуфх"]
    text = " ".join(f"бол{end}" for end in ends)
    perform(engine, [entry("a", text)])
    cut, whole = Planner(engine), Planner(engine)
    assert engine.search(cut.plan(Pattern("бол*")), 10).total == 1
    assert [notice.key for notice in cut.notices] == ["query.expansion-cut"]
    whole.plan(Pattern("болаб*"))
    assert whole.notices == ()


def test_sets_and_words_are_those_of_the_oracle(engine: SearchEngine) -> None:
    oracle = open_engine("memory", Path())
    batch = [
        entry("a", "шахта болат", date="1954-03", catalogues=("AS", "KN"), udc=("94(574)",)),
        entry("b", "шахта", date="1954"),
        entry("c", "болат бол", kind="record", form="book", languages=("kaz", "rus")),
    ]
    for one in (oracle, engine):
        perform(one, [*batch])
        perform(one, [entry("b", "облыс", date="1955"), "c"])
    for field in FACETS:
        counted = {value: len(of) for value, of in engine.members(field).items()}
        assert counted == {value: len(of) for value, of in oracle.members(field).items()}
        assert list(engine.words(field)) == list(oracle.words(field))
    assert list(engine.words("exact", "бол")) == [("болат", 1)]
    matching = engine.matches(Keys("date", ("1954",)))
    assert set(matching) == set(engine.members("catalogue")["AS"])


def test_hits_of_equal_score_stand_in_the_order_of_their_keys(engine: SearchEngine) -> None:
    perform(engine, [entry(key, "шахта") for key in "cabd"])
    assert ask(engine, "шахта") == ["a", "b", "c", "d"]


@pytest.mark.parametrize("name", OTHERS)
def test_an_index_is_read_again_from_its_folder(name: str, tmp_path: Path) -> None:
    first = open_engine(name, tmp_path / "index")
    perform(first, [entry("a", "шахта"), entry("b", "облыс")])
    perform(first, ["a"])
    first.close()
    again = open_engine(name, tmp_path / "index")
    assert (again.count(), ask(again, "облыс"), ask(again, "шахта")) == (1, ["b"], [])
    perform(again, [entry("c", "шахта")])
    assert ask(again, "шахта") == ["c"]
    assert len(again.matches(Every(()))) == len(set(again.matches(Every(())))) == 2
    again.close()


@pytest.mark.parametrize("name", OTHERS)
def test_files_that_an_index_shares_with_another_are_never_changed(
    name: str, tmp_path: Path
) -> None:
    base, copy = tmp_path / "base", tmp_path / "copy"
    engine = open_engine(name, base)
    perform(engine, [entry(key, "шахта облыс") for key in "abc"])
    engine.close()
    before = {path.name: path.read_bytes() for path in base.iterdir() if path.is_file()}
    copy.mkdir()
    for file in before:
        (copy / file).hardlink_to(base / file)
    other = open_engine(name, copy)
    for key in "abcdef":
        perform(other, [entry(key, "карлаг"), *("b" if key == "d" else "")])
    other.close()
    assert {path.name: path.read_bytes() for path in base.iterdir()} == before
    engine = open_engine(name, base)
    assert ask(engine, "шахта") == ["a", "b", "c"]
    engine.close()


@pytest.mark.parametrize("name", OTHERS)
def test_small_commits_leave_no_dead_files(name: str, tmp_path: Path) -> None:
    sizes = []
    engine = open_engine(name, tmp_path)
    for times in range(30):
        perform(engine, [entry(key, f"шахта облыс n{times}") for key in "abc"])
        assert len(ask(engine, "шахта")) == 3  # a reader has the old files open
        engine.replace(analyse(entry("d", "кала")))
        engine.close()
        sizes.append(sum(path.stat().st_size for path in tmp_path.iterdir()))
    assert max(sizes[10:]) <= 2 * max(sizes[:10])
    assert ask(engine, "кала") == []


@pytest.mark.parametrize("name", OTHERS)
def test_a_commit_without_changes_writes_nothing(name: str, tmp_path: Path) -> None:
    engine = open_engine(name, tmp_path)
    perform(engine, [entry("a", "шахта")])
    before = {path.name: path.stat().st_mtime_ns for path in tmp_path.iterdir()}
    perform(engine, [])
    engine.close()
    after = {path.name: path.stat().st_mtime_ns for path in tmp_path.iterdir()}
    assert after.items() <= before.items()


@pytest.mark.parametrize("limit", [1, 2**31, 2**62, 10**25])
def test_a_limit_beyond_all_there_is_costs_nothing(engine: SearchEngine, limit: int) -> None:
    assert engine.search(Every(()), limit).total == 0
    perform(engine, [entry("a", "шахта"), entry("b", "шахта")])
    assert len(engine.search(Every(()), limit).hits) == min(limit, 2)
