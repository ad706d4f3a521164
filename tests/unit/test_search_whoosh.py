"""The index that Whoosh keeps: large numbers, damage, merges, and what its own tools read in it."""

from math import log
from pathlib import Path

import pytest
from whoosh import index, query
from whoosh.index import LockError
from whoosh.qparser import QueryParser

from search.engine.arrays.collector import Collector
from search.engine.arrays.segment import Segment, writing_segment
from search.engine.arrays.snapshot import KEY, Snapshot
from search.engine.wanted import EVERYTHING, Every, Keys, Row
from search.engine.whoosh.engine import WhooshEngine
from search.engine.whoosh.writer import KeysWriter, due
from search.schema import FIELDS, Analysed, Entry


def document(key: str, text: str = "", **fields: str) -> Analysed:
    words = {"text": text, "kind": "page", **fields}
    keys = {field.name: tuple(words.get(field.name, "").split()) for field in FIELDS}
    return Analysed(Entry(key, "page", key, "", "", ""), keys)


def fill(engine: WhooshEngine, *documents: Analysed) -> WhooshEngine:
    for one in documents:
        engine.replace(one)
    engine.commit()
    return engine


def found(engine: WhooshEngine, *words: str) -> list[str]:
    wanted = Row("text", tuple((word,) for word in words))
    return [hit.key for hit in engine.search(wanted, 10).hits]


def segments(folder: Path) -> int:
    return len(list(folder.glob("*.keys")))


@pytest.mark.parametrize("most", [10, 10_000_000])
def test_a_document_may_have_more_than_65_535_words_of_one_kind(tmp_path: Path, most: int) -> None:
    many = "шахта " * 70_000
    engine = fill(WhooshEngine(tmp_path, most), document("small", "карлаг облыс"))
    fill(engine, document("huge", f"{many} карлаг шахта облыс"), document("other", "облыс шахта"))
    assert found(engine, "карлаг", "шахта", "облыс") == ["huge"]
    assert found(engine, "шахта", "шахта") == ["huge"]
    assert found(engine, "карлаг", "облыс") == ["small"]
    fill(engine, document("small", "облыс карлаг"))
    assert found(engine, "карлаг", "шахта", "облыс") == ["huge"]
    assert found(engine, "облыс", "карлаг") == ["small"]


def test_more_than_65_535_documents_are_numbered(tmp_path: Path) -> None:
    collector = Collector({KEY: False, "text": True})
    for number in range(66_000):
        collector.add({KEY: (f"{number:06d}",), "text": (f"n{number}", "шахта")}, (str(number),))
    with writing_segment(tmp_path / "one") as file:
        collector.write(file)
    snapshot = Snapshot([(Segment(tmp_path / "one"), None)])
    assert snapshot.matches(Row("text", (("n65999",), ("шахта",)))).tolist() == [65_999]
    assert snapshot.matches(Keys("text", ("n65999", "n3"))).tolist() == [3, 65_999]
    assert snapshot.best(EVERYTHING, 2) == ([(0, 0.0), (1, 0.0)], 66_000)
    assert snapshot.shown(65_999) == ["65999"]


def test_scores_are_bm25_with_the_weights_of_the_schema(tmp_path: Path) -> None:
    texts = {"a": "шахта шахта облыс", "b": "облыс", "c": "облыс кала тарих шахта"}
    engine = fill(WhooshEngine(tmp_path), *(document(key, text) for key, text in texts.items()))
    rarity = log(1 + (3 - 2 + 0.5) / (2 + 0.5))
    mean = 8 / 3
    hits = engine.search(Keys("text", ("шахта",), weight=2.0), 10).hits
    assert {hit.key: hit.score for hit in hits} == {
        "a": pytest.approx(2 * rarity * 2 * 2.2 / (2 + 1.2 * (0.25 + 0.75 * 3 / mean))),
        "c": pytest.approx(2 * rarity * 1 * 2.2 / (1 + 1.2 * (0.25 + 0.75 * 4 / mean))),
    }
    assert {hit.score for hit in engine.search(Keys("kind", ("page",)), 10).hits} == {0}


def test_a_small_commit_leaves_the_large_segment_alone(tmp_path: Path) -> None:
    engine = fill(WhooshEngine(tmp_path), *(document(f"{n}", "шахта облыс") for n in range(200)))
    (large,) = tmp_path.glob("*.keys")
    inode = large.stat().st_ino
    for number in range(12):
        fill(engine, document(f"{number}", "карлаг"))
        assert large.stat().st_ino == inode
        assert segments(tmp_path) <= 4
    assert engine.count() == 200
    assert len(engine.matches(Keys("text", ("карлаг",)))) == 12


def test_what_is_mostly_deleted_is_written_anew(tmp_path: Path) -> None:
    engine = fill(WhooshEngine(tmp_path), *(document(f"{n}", f"n{n}") for n in range(100)))
    size = sum(path.stat().st_size for path in tmp_path.glob("*.keys"))
    for number in range(90):
        engine.delete(f"{number}")
    engine.commit()
    assert sum(path.stat().st_size for path in tmp_path.glob("*.keys")) < size / 2
    assert (engine.count(), found(engine, "n95")) == (10, ["95"])
    for number in range(90, 100):
        engine.delete(f"{number}")
    engine.commit()
    assert (engine.count(), segments(tmp_path)) == (0, 0)


@pytest.mark.parametrize(
    ("sizes", "worn", "merged"),
    [
        ([], [], []),
        ([100], [], []),
        ([1000, 100], [], []),
        ([400, 100], [], [0, 1]),
        ([9000, 100, 100, 700], [], [1, 2, 3]),
        ([600, 600], [], []),  # together more than may be merged
        ([5000, 100], [0], [0]),
        ([5000, 100, 90], [0], [1, 2]),
        ([6000, 10, 100, 9000, 110], [], [1, 2, 4]),
    ],
)
def test_segments_are_merged_when_they_are_alike_and_small(
    sizes: list[int], worn: list[int], merged: list[int]
) -> None:
    assert due(sizes, worn, most=1100 if 600 in sizes else 10_000) == merged


def test_a_library_of_daily_commits_has_few_segments() -> None:
    sizes = [10_000_000, 10_000_000, 6_000_000]
    moved = 0
    for day in range(3000):
        sizes.append(600 + day % 7 * 3000)
        chosen = due(sizes, [], 10_000_000)
        total = sum(sizes[number] for number in chosen)
        moved += total
        sizes = [size for number, size in enumerate(sizes) if number not in chosen]
        sizes += [total] if chosen else []
        assert len([size for size in sizes if size < 5_000_000]) <= 6
    assert moved < 3000 * 110_000  # eleven times what was added


def test_a_file_that_was_cut_is_an_error_and_no_crash(tmp_path: Path) -> None:
    fill(WhooshEngine(tmp_path), document("a", "шахта облыс")).close()
    (path,) = tmp_path.glob("*.keys")
    whole = path.read_bytes()
    for length in (0, 1, 15, 16, len(whole) // 2, len(whole) - 1):
        path.write_bytes(whole[:length])
        engine = WhooshEngine(tmp_path)
        with pytest.raises(ValueError, match=r"segment|empty"):
            engine.count()
        with pytest.raises(ValueError, match=r"segment|empty"):
            engine.replace(document("b", "шахта"))
    path.write_bytes(whole)
    assert found(fill(engine, document("b", "шахта облыс")), "шахта") == ["a", "b"]


def test_a_file_of_another_segment_is_an_error(tmp_path: Path) -> None:
    for name, count in (("one", 1), ("two", 2)):
        fill(WhooshEngine(tmp_path / name), *(document(f"{n}", "шахта") for n in range(count)))
    (one,), (two,) = ((tmp_path / name).glob("*.keys") for name in ("one", "two"))
    one.write_bytes(two.read_bytes())
    with pytest.raises(ValueError, match="table of contents"):
        WhooshEngine(tmp_path / "one").count()


def test_a_key_with_a_line_break_is_refused_and_the_lock_given_back(tmp_path: Path) -> None:
    engine = fill(WhooshEngine(tmp_path), document("a", "шахта"))
    engine.replace(document("two\nlines", "шахта"))
    with pytest.raises(ValueError, match="line break"):
        engine.commit()
    assert found(fill(engine, document("b", "шахта")), "шахта") == ["a", "b"]
    assert segments(tmp_path) == 1


def test_a_second_writer_is_turned_away(tmp_path: Path) -> None:
    engine = fill(WhooshEngine(tmp_path), document("a", "шахта"))
    engine.replace(document("b", "шахта"))
    with pytest.raises(LockError):
        WhooshEngine(tmp_path).replace(document("c", "шахта"))
    engine.commit()
    assert found(engine, "шахта") == ["a", "b"]


@pytest.fixture
def opened(tmp_path: Path) -> index.FileIndex:
    """An index of three segments, one entry deleted."""
    engine = WhooshEngine(tmp_path, most=40)
    large = [document(f"{n}", f"n{n} облыс шахта карлаг", title="шахта") for n in range(9)]
    fill(engine, *large)
    fill(engine, document("a", "шахта карлаг шахта"), document("b", "карлаг шахта"))
    engine.delete("4")
    engine.commit()
    engine.close()
    assert segments(tmp_path) > 1
    return index.open_dir(str(tmp_path))


@pytest.mark.parametrize(
    ("asked", "wanted"),
    [
        ("шахта", Keys("text", ("шахта",))),
        ("шахта AND облыс", Every((Keys("text", ("шахта",)), Keys("text", ("облыс",))))),
        ('"шахта карлаг"', Row("text", (("шахта",), ("карлаг",)))),
        ("n*", Keys("text", tuple(f"n{n}" for n in range(9)))),
        ("title:шахта NOT n3", Every((Keys("title", ("шахта",)),), (Keys("text", ("n3",)),))),
        ("шахто~", Keys("text", ("шахта",))),
        ("kind:page", Keys("kind", ("page",))),
    ],
)
def test_the_searchers_of_whoosh_find_the_same(
    opened: index.FileIndex, asked: str, wanted: Keys | Row | Every
) -> None:
    parser = QueryParser("text", opened.schema)
    parsed = query.FuzzyTerm("text", asked[:-1]) if "~" in asked else parser.parse(asked)
    ours = WhooshEngine(Path(opened.storage.folder)).search(wanted, 100)
    with opened.searcher() as searcher:
        hits = searcher.search(parsed, limit=None)
        keys = {hit["shown"][0] for hit in hits}
        assert all(hit.score > 0 for hit in hits)
    assert keys == {hit.key for hit in ours.hits}
    assert len(keys) > 1


def test_whoosh_reads_frequencies_positions_and_lengths(opened: index.FileIndex) -> None:
    with opened.reader() as reader:
        (number,) = reader.postings("key", "a").all_ids()
        postings = reader.postings("text", "шахта")
        while postings.id() != number:
            postings.next()
        assert (postings.weight(), postings.value_as("positions")) == (2.0, [0, 2])
        assert postings.value_as("frequency") == 2
        assert reader.doc_field_length(number, "text") == 3
        assert reader.doc_frequency("text", "n3") == 1
        assert reader.frequency("title", "шахта") == 9  # with what is deleted, as Whoosh counts
        assert list(reader.lexicon("title")) == ["шахта".encode()]
        assert list(reader.expand_prefix("text", "n"))[:2] == [b"n0", b"n1"]
        assert reader.min_field_length("text") == 2
        assert reader.max_field_length("text") == 4


def test_whoosh_deletes_by_term(opened: index.FileIndex) -> None:
    writer = KeysWriter(opened)
    assert writer.delete_by_term("key", "a") == 1
    assert writer.delete_by_term("title", "шахта") == 8
    writer.commit()
    engine = WhooshEngine(Path(opened.storage.folder))
    assert [hit.key for hit in engine.search(EVERYTHING, 10).hits] == ["b"]
