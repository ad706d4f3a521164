"""Requests to answers: groups, facets, both parts of the index, new generations."""

import math
from collections.abc import Iterator
from pathlib import Path

import pytest

from olketanu.home import Home
from search.engine.base import Hit, open_engine
from search.engine.wanted import Every, Keys
from search.index.writer import IndexWriter
from search.results.facets import FACET_NAMES
from search.results.groups import group
from search.results.request import Answer, Filter, Request
from search.session import Session
from tests.unit.search_library import described, page, session_of

ISSUE = [
    page("d1", n, "қала шахта " * n, date="1954-03-05", form="newspaper_issue") for n in (1, 2, 3)
]
BOOK = [page("d2", n, "қала", record="r2", date="1961", form="book") for n in (1, 2)]
RECORD = described("r2", "Қала тарихы", document="d2", date="1961", catalogues=("books",))
RUSSIAN = described("r3", "Город и қала", languages=("rus",), date="1954-03")
SECRET = page("d9", 1, "қала құпия", date="1937-03-05", public=False)
ALL = (*ISSUE, *BOOK, RECORD, RUSSIAN, SECRET)


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    with session_of(tmp_path_factory.mktemp("home"), *ALL) as opened:
        yield opened


def counts(answer: Answer, name: str) -> dict[str, int]:
    facet = next(one for one in answer.facets if one.name == name)
    return {bucket.value: bucket.count for bucket in facet.buckets}


def chosen(facet: str, *values: str, field: str = "") -> Filter:
    return Filter(facet, Keys(field or facet, values))


def test_pages_stand_under_their_issue_and_a_record_with_its_pages(session: Session) -> None:
    answer = session.ask(Request("қала"))
    held = {
        one.key: ([hit.key for hit in one.pages], one.record and one.record.key)
        for one in answer.groups
    }
    assert {key: (sorted(pages), record) for key, (pages, record) in held.items()} == {
        "document/d1": (["d1/p0001", "d1/p0002", "d1/p0003"], None),
        "record/r2": (["d2/p0001", "d2/p0002"], "record/r2"),
        "record/r3": ([], "record/r3"),
    }
    assert (answer.total, answer.group_total, answer.more_groups) == (7, 3, False)
    assert [one.page_count for one in answer.groups if one.key == "document/d1"] == [3]


def test_ungrouped_every_entry_stands_alone_and_pages_follow_on(session: Session) -> None:
    whole = session.ask(Request("қала", grouped=False, limit=20))
    assert [len(one.pages) + (one.record is not None) for one in whole.groups] == [1] * 7
    parts = [session.ask(Request("қала", grouped=False, offset=n, limit=3)) for n in (0, 3, 6)]
    assert [one.key for part in parts for one in part.groups] == [o.key for o in whole.groups]
    assert (whole.total, whole.group_total) == (7, 7)


def test_a_group_scores_its_best_page_the_number_of_others_and_its_record() -> None:
    def hit(key: str, kind: str, score: float) -> Hit:
        return Hit(key, kind, "", "d", "", "r", "", "", score)  # type: ignore[arg-type]  # kinds

    hits = [hit("b", "page", 5.0), hit("r", "record", 4.0), hit("a", "page", 3.0)]
    (one,) = group(hits)
    assert one.score == pytest.approx(5.0 + 0.3 * math.log(2) + 4.0)
    assert one.best.key == "b"


def test_readers_get_no_hit_count_or_value_of_closed_documents(session: Session) -> None:
    asked = Request("қала құпия OR қала", facets=("year",))
    reader, staff = session.ask(asked), session.ask(Request(asked.query, None, True, (), ("year",)))
    assert (reader.total, staff.total) == (7, 8)
    assert "1937" not in counts(reader, "year")
    assert counts(staff, "year")["1937"] == 1


def test_the_restricted_index_is_not_even_opened_for_readers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = []
    real = open_engine

    def noting(name: str, folder: Path) -> object:
        opened.append(folder.name)
        return real(name, folder)

    monkeypatch.setattr("search.session.open_engine", noting)
    with session_of(tmp_path, *ALL) as session:
        session.ask(Request("құпия", facets=FACET_NAMES))
        assert opened == ["open"]
        session.ask(Request("құпия", restricted=True))
        assert opened == ["open", "restricted"]


def test_facets_count_entries_of_both_parts(session: Session) -> None:
    answer = session.ask(Request("қала", restricted=True, facets=("kind", "form", "catalogue")))
    assert counts(answer, "kind") == {"page": 6, "record": 2}
    assert counts(answer, "form") == {"newspaper_issue": 3, "book": 4}
    assert counts(answer, "catalogue") == {"books": 1}


def test_a_facet_leaves_its_own_filter_out_and_keeps_the_others(session: Session) -> None:
    filters = (chosen("language", "rus"), chosen("kind", "record"))
    answer = session.ask(Request("қала", filters=filters, facets=("language", "kind")))
    assert [one.key for one in answer.groups] == ["record/r3"]
    assert counts(answer, "language") == {"kaz": 1, "rus": 1}
    assert counts(answer, "kind") == {"record": 1}
    states = {b.value: b.state for b in answer.facets[0].buckets}
    assert states == {"kaz": "", "rus": "chosen"}


def test_a_refused_value_is_out_of_the_hits_but_still_counted(session: Session) -> None:
    refused = Filter("language", Every((), (Keys("language", ("kaz",)),)))
    answer = session.ask(Request("қала", filters=(refused,), facets=("language",)))
    assert answer.total == 1
    assert counts(answer, "language") == {"kaz": 6, "rus": 1}
    assert {b.value: b.state for b in answer.facets[0].buckets}["kaz"] == "refused"


def test_dates_are_counted_by_year_month_day_and_day_of_the_year(session: Session) -> None:
    names = ("year", "month", "day", "anniversary")
    answer = session.ask(Request("қала", restricted=True, facets=names))
    assert counts(answer, "year") == {"1937": 1, "1954": 4, "1961": 3}
    assert counts(answer, "month") == {"1937-03": 1, "1954-03": 4}
    assert counts(answer, "day") == {"1937-03-05": 1, "1954-03-05": 3}
    assert counts(answer, "anniversary") == {"03-05": 4}


def test_months_are_those_of_the_year_chosen(session: Session) -> None:
    year = chosen("year", "1954", field="date")
    answer = session.ask(
        Request("қала", restricted=True, filters=(year,), facets=("year", "month"))
    )
    assert counts(answer, "month") == {"1954-03": 4}
    assert counts(answer, "year") == {"1937": 1, "1954": 4, "1961": 3}


def test_a_facet_is_cut_to_its_most_frequent_values_and_says_how_many_are_left(
    session: Session,
) -> None:
    answer = session.ask(Request("қала", facets=("document",), top=1))
    assert (counts(answer, "document"), answer.facets[0].more) == ({"d1": 3}, 1)
    kept = session.ask(
        Request("қала", facets=("document",), top=1, filters=(chosen("document", "d2"),))
    )
    assert counts(kept, "document") == {"d1": 3, "d2": 3}
    assert kept.facets[0].more == 0


def test_filters_alone_browse_and_an_empty_request_says_so(session: Session) -> None:
    assert session.ask(Request("", filters=(chosen("form", "book"),))).total == 4
    empty = session.ask(Request("  "))
    assert (empty.total, [n.key for n in empty.notices]) == (0, ["query.empty"])


def test_a_session_follows_the_generation_in_force(tmp_path: Path) -> None:
    with session_of(tmp_path, *ISSUE) as session:
        assert session.ask(Request("қала")).total == 3
        IndexWriter(Home(tmp_path)).apply([*BOOK], ["d1/p0001"], 2)
        assert session.ask(Request("қала")).total == 4


def test_a_home_without_index_gives_a_notice(tmp_path: Path) -> None:
    with Session(Home(tmp_path)) as session:
        assert [n.key for n in session.ask(Request("қала")).notices] == ["query.no-index"]
