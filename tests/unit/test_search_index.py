"""The index of a home: generations, the two parts, known items, failure on the way."""

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from olketanu.errors import LockedError, MissingToolError
from olketanu.home import Home
from search.engine.wanted import Keys
from search.index import generations
from search.index.generations import (
    Fault,
    IndexMissingError,
    IndexStaleError,
    IndexState,
    examine_index,
    inspect_index,
    writing_lock,
)
from search.index.reader import open_index
from search.index.writer import IndexWriter
from search.schema import Entry
from tests.asked import search

PAGES = {
    "d1": ("kaz", "Қарағанды облысының орталығында жаңа мектеп салынды.\nБалалар сонда оқиды."),
    "d2": ("rus", "В Караганде открылась новая школа\nдля детей шахтёров."),
    "d3": ("kaz", "Қарлаг тұтқындарының құпия тізімі"),
}


def page(document: str, *, public: bool = True, text: str = "") -> Entry:
    language, words = PAGES[document]
    return Entry(
        key=f"{document}/p0001",
        kind="page",
        document=document,
        page="p0001",
        record=f"r-{document}",
        title="Орталық Қазақстан",
        date="1954-03-05",
        text=text or words,
        line_languages=(language, language),
        languages=(language,),
        public=public,
    )


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)


@pytest.fixture
def filled(home: Home) -> Home:
    entries = [page("d1"), page("d2"), page("d3", public=False)]
    IndexWriter(home).apply(entries, [], 7)
    return home


def documents(home: Home, query: str, *, staff: bool = False) -> set[str]:
    result = search(home, query, actor_sees_restricted=staff, limit=10)
    return {hit.document for hit in result.hits}


@pytest.mark.parametrize(
    "query",
    [
        "Қарағанды",
        "Караганды",
        "Qaraghandy",
        "qaragandy",
        "Qarağandı",
        "мектептер",
        "облыста",
        "баламыз",
        "орталықтың",
        "мектепте НЕМЕСЕ жоқсөз",
        '"жана мектеп"',
        "obl*",
        "жылы:1954 мектеп",
        "тақырып:қазақстан мектеп",
    ],
)
def test_a_kazakh_page_is_found_by_every_spelling_and_inflection(filled: Home, query: str) -> None:
    assert "d1" in documents(filled, query)


@pytest.mark.parametrize("query", ['"Караганда"', "школы", "школе", "шахтёр", "шахтеры", "шахт*"])
def test_a_russian_page_is_found_by_every_inflection(filled: Home, query: str) -> None:
    assert documents(filled, query) == {"d2"}


@pytest.mark.parametrize("query", ["Караганда", "Қарағандыда"])
def test_a_place_is_found_under_its_kazakh_and_its_russian_name(filled: Home, query: str) -> None:
    assert documents(filled, query) == {"d1", "d2"}


@pytest.mark.parametrize("query", ["құпия", "тізім", "кұпия*", '"құпия тізімі"', "жылы:1954"])
def test_a_closed_text_is_found_by_staff_only(filled: Home, query: str) -> None:
    assert "d3" not in documents(filled, query)
    assert "d3" in documents(filled, query, staff=True)


def test_the_open_index_holds_no_key_of_a_closed_text(filled: Home) -> None:
    generation = inspect_index(filled.index).generation
    assert generation is not None
    parts = {}
    for part in ("open", "restricted"):
        files = (path for path in (generation.folder / part).iterdir() if path.is_file())
        parts[part] = b"".join(path.read_bytes() for path in files)
    assert b"d3/p0001" in parts["restricted"]
    assert b"d3/p0001" not in parts["open"]


def test_a_document_moves_between_the_indexes_with_its_rights(filled: Home) -> None:
    IndexWriter(filled).apply([page("d3", public=True), page("d1", public=False)], [], 8)
    assert documents(filled, "құпия") == {"d3"}
    assert documents(filled, "мектеп") == set()
    assert documents(filled, "мектеп", staff=True) == {"d1"}


def test_deletions_and_changes_are_seen(filled: Home) -> None:
    IndexWriter(filled).apply([page("d2", text="Новый театр")], ["d1/p0001", "none"], 9)
    assert documents(filled, "мектеп школа", staff=True) == set()
    assert documents(filled, "театр") == {"d2"}
    status = IndexWriter(filled).status()
    assert (status.high_water, status.open, status.restricted) == (9, 1, 1)


def test_a_hit_says_where_it_is(filled: Home) -> None:
    result = search(filled, "школа", actor_sees_restricted=False, limit=1)
    hit = result.hits[0]
    assert (hit.kind, hit.document, hit.page, hit.record) == ("page", "d2", "p0001", "r-d2")
    assert (hit.title, hit.date, result.total) == ("Орталық Қазақстан", "1954-03-05", 1)


def test_the_total_counts_beyond_the_limit(filled: Home) -> None:
    result = search(filled, "год:1954", actor_sees_restricted=True, limit=2)
    assert (len(result.hits), result.total) == (2, 3)


def test_a_home_without_index_is_refused(home: Home) -> None:
    with pytest.raises(IndexMissingError):
        open_index(home, restricted=False)
    assert IndexWriter(home).status().state is IndexState.MISSING


def test_nothing_to_do_writes_nothing(filled: Home) -> None:
    before = sorted(path.name for path in filled.index.iterdir())
    IndexWriter(filled).apply([], [], 7)
    assert sorted(path.name for path in filled.index.iterdir()) == before
    assert IndexWriter(filled).status().generation == 1


def damaged_files(home: Home) -> list[str]:
    generation = inspect_index(home.index).generation
    assert generation is not None
    return generations.damaged(generation)


def test_an_update_leaves_the_old_generation_as_it_was(filled: Home) -> None:
    old = inspect_index(filled.index).generation
    assert old is not None
    IndexWriter(filled).apply([page("d2", text="Новый театр")], ["d1/p0001"], 9)
    assert generations.damaged(old) == []
    assert damaged_files(filled) == []


def test_one_older_generation_is_kept(filled: Home) -> None:
    for number in range(8, 12):
        IndexWriter(filled).apply([page("d2", text=f"номер {number}")], [], number)
    kept = sorted(path.name for path in filled.index.glob("gen-*"))
    assert kept == ["gen-000004", "gen-000005"]


@pytest.mark.parametrize("step", ["manifest", "publish"])
def test_killed_before_the_switch_the_old_generation_stays_in_force(
    filled: Home, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        if step == "manifest":
            patch.setattr("search.index.writer.new_manifest", killed)
        else:
            patch.setattr("search.index.generations.switch", killed)
        with pytest.raises(KeyboardInterrupt):
            IndexWriter(filled).apply([page("d2", text="Новый театр")], [], 9)
    assert documents(filled, "школа") == {"d2"}
    assert documents(filled, "театр") == set()
    assert IndexWriter(filled).status().high_water == 7
    IndexWriter(filled).apply([page("d2", text="Новый театр")], [], 9)
    assert documents(filled, "театр") == {"d2"}
    assert sorted(path.name for path in filled.index.glob("gen-*")) == ["gen-000001", "gen-000002"]


def _manifest(home: Home) -> Path:
    return home.index / "gen-000001" / "manifest.json"


def _change_manifest(home: Home, **facts: object) -> None:
    data = json.loads(_manifest(home).read_text(encoding="utf-8"))
    _manifest(home).write_text(json.dumps({**data, **facts}), encoding="utf-8")


def _write_as(home: Home, **facts: object) -> None:
    """The same index, as another version of the program would have written it."""
    _change_manifest(home, **facts)
    generations.switch(home.index, _manifest(home).parent)


def _rewrite_pointer(home: Home, text: str) -> None:
    (home.index / "current").write_text(text, encoding="ascii")


def _cut(home: Home) -> None:
    largest = max((home.index / "gen-000001/open").iterdir(), key=lambda path: path.stat().st_size)
    os.truncate(largest, largest.stat().st_size // 2)


def _remove_segment(home: Home) -> None:
    next((home.index / "gen-000001/open").iterdir()).unlink()


@pytest.mark.parametrize(
    ("harm", "fault"),
    [
        (_cut, Fault.FILES),
        (_remove_segment, Fault.FILES),
        (lambda home: _write_as(home, format=0), Fault.VERSION),
        (lambda home: _write_as(home, schema="0"), Fault.VERSION),
        (lambda home: _write_as(home, fingerprint="0"), Fault.VERSION),
        (lambda home: _write_as(home, engine="sphinx"), Fault.ENGINE),
        (lambda home: _write_as(home, files=[]), Fault.MANIFEST),
        (lambda home: _change_manifest(home, high_water=99), Fault.MANIFEST),
        (lambda home: _manifest(home).unlink(), Fault.MANIFEST),
        (lambda home: _manifest(home).write_bytes(b"\xff{"), Fault.MANIFEST),
        (lambda home: _rewrite_pointer(home, "gen-000001\n"), Fault.POINTER),
        (lambda home: _rewrite_pointer(home, f"gen-000002 {'0' * 64}\n"), Fault.MANIFEST),
        (lambda home: _flip_bit(home), Fault.BYTES),
    ],
)
def test_a_damaged_or_older_index_is_refused_until_it_is_rebuilt(
    filled: Home, harm: Callable[[Home], object], fault: Fault
) -> None:
    harm(filled)
    standing = examine_index(filled.index)
    assert (standing.state, standing.fault) == (IndexState.STALE, fault)
    with pytest.raises(IndexStaleError):
        search(filled, "школа", actor_sees_restricted=False, limit=5)
    with pytest.raises(IndexStaleError):
        IndexWriter(filled).apply([page("d1")], [], 8)
    IndexWriter(filled).rebuild([page("d1"), page("d2")], 9)
    assert documents(filled, "школа") == {"d2"}


def _flip_bit(home: Home) -> Path:
    files = (home.index / "gen-000001/open").iterdir()
    segment = max(files, key=lambda path: path.stat().st_size)
    data = bytearray(segment.read_bytes())
    data[len(data) // 2] ^= 1
    segment.write_bytes(data)
    return segment


def test_a_flipped_bit_is_found_by_verify(filled: Home) -> None:
    segment = _flip_bit(filled)
    assert damaged_files(filled) == [f"open/{segment.name}"]


def test_a_reader_keeps_its_generation_while_others_are_published(filled: Home) -> None:
    with open_index(filled, restricted=True) as opened:
        assert opened.is_current()
        IndexWriter(filled).apply([page("d2", text="Новый театр")], ["d1/p0001"], 8)
        assert not opened.is_current()
        wanted = Keys("text", ("школ",))
        assert [hit.document for hit in opened.engines["open"].search(wanted, 5).hits] == ["d2"]
        with open_index(filled, restricted=True) as newer:
            assert newer.is_current()
            assert newer.engines["open"].search(wanted, 5).total == 0
            assert newer.revision != opened.revision


def test_without_rights_the_restricted_part_is_not_opened(filled: Home) -> None:
    with open_index(filled, restricted=False) as opened:
        assert list(opened.engines) == ["open"]


def test_an_unknown_engine_is_refused_by_name(filled: Home) -> None:
    with pytest.raises(MissingToolError) as error:
        IndexWriter(filled, "sphinx").rebuild([page("d1")], 9)
    assert error.value.facts == {"engine": "sphinx"}
    assert documents(filled, "мектеп") == {"d1"}


def test_a_rebuild_forgets_what_is_no_longer_handed_in(filled: Home) -> None:
    IndexWriter(filled).rebuild(iter([page("d2")]), 12)
    assert documents(filled, "мектеп", staff=True) == set()
    assert IndexWriter(filled).status().high_water == 12


def test_a_second_writer_waits_and_then_says_locked(home: Home) -> None:
    with writing_lock(home.index), pytest.raises(LockedError), writing_lock(home.index, wait=0.2):
        pytest.fail("two writers hold the lock")
    with writing_lock(home.index, wait=0):
        pass


def test_an_error_on_the_way_changes_nothing(filled: Home) -> None:
    def broken() -> Iterator[Entry]:
        yield page("d1", text="басқа")
        raise RuntimeError

    with pytest.raises(RuntimeError):
        IndexWriter(filled).apply(broken(), [], 9)
    assert documents(filled, "мектеп") == {"d1"}
