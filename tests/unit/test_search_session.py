"""Requests to answers: groups, facets, both parts of the index, new generations."""

import math
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from threading import Event

import pytest

from olketanu.home import Home
from search.analysis import line_tokens
from search.engine.base import Hit, open_engine
from search.index.generations import IndexMissingError
from search.index.writer import IndexWriter
from search.query.filters import Choice, Filters
from search.results.answer import Part, answer
from search.results.cache import RequestCache
from search.results.facets import FACET_NAMES
from search.results.groups import group
from search.results.marks import Marker
from search.results.request import Answer, Order, Request
from search.session import Session
from tests.unit.search_library import described, engine_of, page, session_of

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


def counts(found: Answer, name: str) -> dict[str, int]:
    facet = next(one for one in found.facets if one.name == name)
    return {bucket.value: bucket.count for bucket in facet.buckets}


def chosen(**values: str) -> Filters:
    return Filters(choices=tuple(Choice(field, (value,)) for field, value in values.items()))


def test_pages_stand_under_their_issue_and_a_record_with_its_pages(session: Session) -> None:
    found = session.ask(Request("қала"))
    held = {
        one.key: ([hit.key for hit in one.pages], one.record and one.record.key)
        for one in found.groups
    }
    assert {key: (sorted(pages), record) for key, (pages, record) in held.items()} == {
        "document/d1": (["d1/p0001", "d1/p0002", "d1/p0003"], None),
        "record/r2": (["d2/p0001", "d2/p0002"], "record/r2"),
        "record/r3": ([], "record/r3"),
    }
    assert (found.total, found.group_total, found.more_groups) == (7, 3, False)
    assert [one.page_count for one in found.groups if one.key == "document/d1"] == [3]


def test_ungrouped_every_entry_stands_alone_and_pages_follow_on(session: Session) -> None:
    whole = session.ask(Request("қала", grouped=False, limit=20))
    assert [len(one.pages) + (one.record is not None) for one in whole.groups] == [1] * 7
    parts = [session.ask(Request("қала", grouped=False, offset=n, limit=3)) for n in (0, 3, 6)]
    assert [one.key for part in parts for one in part.groups] == [o.key for o in whole.groups]
    assert (whole.total, whole.group_total) == (7, 7)


def test_all_pages_of_a_group_are_counted_beyond_the_best_hits(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("search.results.answer.WINDOW", 2)
    pages = [page("d1", n, "қала", record="r1") for n in range(1, 6)]
    others = [page("d1", 9, "қала"), described("r1", "Қала", document="d1")]
    parts = [Part(engine_of(*pages[:3], *others)), Part(engine_of(*pages[3:]))]
    found = answer(Request("қала"), parts)
    assert (found.total, found.more_groups) == (7, True)
    (one,) = [one for one in found.groups if one.key == "record/r1"]
    assert one.page_count == 5


def test_a_group_scores_its_best_page_the_number_of_others_and_its_record() -> None:
    def hit(key: str, kind: str, score: float) -> Hit:
        return Hit(key, kind, "", "d", "", "r", "", "", score)  # type: ignore[arg-type]  # kinds

    hits = [hit("b", "page", 5.0), hit("r", "record", 4.0), hit("a", "page", 3.0)]
    (one,) = group(hits)
    assert one.score == pytest.approx(5.0 + 0.3 * math.log(2) + 4.0)
    assert one.best.key == "b"


def test_readers_get_no_hit_count_or_value_of_closed_documents(session: Session) -> None:
    asked = Request("қала құпия OR қала", facets=("year",))
    reader, staff = session.ask(asked), session.ask(replace(asked, restricted=True))
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

    monkeypatch.setattr("search.index.reader.open_engine", noting)
    with session_of(tmp_path, *ALL) as session:
        session.ask(Request("құпия", facets=FACET_NAMES))
        assert opened == ["open"]
        session.ask(Request("құпия", restricted=True))
        assert opened == ["open", "open", "restricted"]  # both anew


def test_facets_count_entries_of_both_parts(session: Session) -> None:
    found = session.ask(Request("қала", restricted=True, facets=("kind", "form", "catalogue")))
    assert counts(found, "kind") == {"page": 6, "record": 2}
    assert counts(found, "form") == {"newspaper_issue": 3, "book": 4}
    assert counts(found, "catalogue") == {"books": 1}


def test_a_facet_leaves_its_own_filter_out_and_keeps_the_others(session: Session) -> None:
    filters = chosen(language="rus", kind="record")
    found = session.ask(Request("қала", filters=filters, facets=("language", "kind")))
    assert [one.key for one in found.groups] == ["record/r3"]
    assert counts(found, "language") == {"kaz": 1, "rus": 1}
    assert counts(found, "kind") == {"record": 1}
    states = {b.value: b.state for b in found.facets[0].buckets}
    assert states == {"kaz": "", "rus": "chosen"}


def test_a_refused_value_is_out_of_the_hits_but_still_counted(session: Session) -> None:
    refused = Filters(choices=(Choice("language", unwanted=("kaz",)),))
    found = session.ask(Request("қала", filters=refused, facets=("language",)))
    assert found.total == 1
    assert counts(found, "language") == {"kaz": 6, "rus": 1}
    assert {b.value: b.state for b in found.facets[0].buckets}["kaz"] == "refused"


def test_dates_are_counted_by_year_month_day_and_day_of_the_year(session: Session) -> None:
    names = ("year", "month", "day", "anniversary")
    found = session.ask(Request("қала", restricted=True, facets=names))
    assert counts(found, "year") == {"1937": 1, "1954": 4, "1961": 3}
    assert counts(found, "month") == {"1937-03": 1, "1954-03": 4}
    assert counts(found, "day") == {"1937-03-05": 1, "1954-03-05": 3}
    assert counts(found, "anniversary") == {"03-05": 4}


def test_months_are_those_of_the_year_chosen(session: Session) -> None:
    year = Filters("1954", "1954")
    found = session.ask(Request("қала", restricted=True, filters=year, facets=("year", "month")))
    assert counts(found, "month") == {"1954-03": 4}
    assert counts(found, "year") == {"1937": 1, "1954": 4, "1961": 3}
    states = {bucket.value: bucket.state for bucket in found.facets[0].buckets}
    assert states == {"1937": "", "1954": "chosen", "1961": ""}


def test_a_day_of_the_year_is_found_in_all_years(session: Session) -> None:
    request = Request("", restricted=True, anniversary="03-05", facets=("anniversary", "kind"))
    found = session.ask(request)
    assert {one.best.date for one in found.groups} == {"1954-03-05", "1937-03-05"}
    assert counts(found, "kind") == {"page": 4}


def test_a_facet_is_cut_to_its_most_frequent_values_and_says_how_many_are_left(
    session: Session,
) -> None:
    found = session.ask(Request("қала", facets=("document",), top=1))
    assert (counts(found, "document"), found.facets[0].more) == ({"d1": 3}, 1)
    kept = session.ask(Request("қала", facets=("document",), top=1, filters=chosen(document="d2")))
    assert counts(kept, "document") == {"d1": 3, "d2": 3}
    assert kept.facets[0].more == 0


@pytest.mark.parametrize("order", ["newest", "oldest"])
@pytest.mark.parametrize("limit", [1, 2, 4, 6, 8])
def test_hits_stand_in_the_order_of_their_dates_those_without_at_the_end(
    limit: int, order: Order
) -> None:
    dates = ["1954-03-05", "", "1961", "1954", "1954-03", "1937-12-31", "1961-05", ""]
    entries = [page(f"d{n}", 1, "қала", date=date) for n, date in enumerate(dates)]
    parts = [Part(engine_of(*entries[:5])), Part(engine_of(*entries[5:]))]
    dated = sorted(filter(None, dates), reverse=order == "newest")
    for grouped in (False, True):
        found = answer(Request("қала", limit=limit, grouped=grouped, order=order), parts)
        assert [one.best.date for one in found.groups] == [*dated, "", ""][:limit]
        assert found.total == len(dates)


def test_filters_alone_browse_and_an_empty_request_says_so(session: Session) -> None:
    assert session.ask(Request("", filters=chosen(form="book"))).total == 4
    empty = session.ask(Request("  "))
    assert (empty.total, [n.key for n in empty.notices]) == (0, ["query.empty"])


def test_a_session_follows_the_generation_in_force(tmp_path: Path) -> None:
    with session_of(tmp_path, *ISSUE) as session:
        assert session.ask(Request("қала")).total == 3
        IndexWriter(Home(tmp_path)).apply([*BOOK], ["d1/p0001"], 2)
        assert session.ask(Request("қала")).total == 4


def test_a_query_that_finds_little_is_widened_and_says_so(tmp_path: Path) -> None:
    misread = page("d1", 1, "Карқаралы шaхтaсы мен шахтерлор")
    with session_of(tmp_path, misread) as session:
        typed = session.ask(Request("шахтерлер", widen=False))
        assert (typed.total, typed.expansions) == (0, ())
        wider = session.ask(Request("шахтерлер"))
        assert (wider.total, wider.typed_total) == (1, 0)
        assert [(one.kind, one.typed) for one in wider.expansions] == [("ocr", "шахтерлер")]
        assert wider.asked is not None
        tokens = tuple(line_tokens(misread.text, misread.line_languages))
        marks = Marker(wider.asked).marks(tokens)
        assert [misread.text[mark.start : mark.end] for mark in marks] == ["шахтерлор"]


def test_what_only_a_wider_search_finds_stands_last(tmp_path: Path) -> None:
    rare = page("d1", 1, f"қала туралы {'ұзақ әңгіме ' * 40} абдиров")
    other = page("d1", 2, f"тағы {'ұзақ әңгіме ' * 40} абдиров")
    misread = page("d2", 1, "абдпров абдпров абдпров")
    with session_of(tmp_path, rare, other, misread) as session:
        for grouped, order in ((True, ["d1", "d2"]), (False, ["d1", "d1", "d2"])):
            found = session.ask(Request("абдиров", grouped=grouped))
            assert [one.best.document for one in found.groups] == order
            assert (found.typed_total, found.total) == (2, 3)
            first = session.ask(Request("абдиров", grouped=grouped, limit=1))
            assert first.groups == found.groups[:1]


def test_other_names_are_found_unless_they_are_switched_off(tmp_path: Path) -> None:
    with session_of(tmp_path, page("d1", 1, "Қарағанды қаласы")) as session:
        assert session.ask(Request("Караганда")).total == 1
        assert session.ask(Request("Караганда", expand=False, widen=False)).total == 0


def test_an_answer_is_given_again_until_the_index_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with session_of(tmp_path, *ALL) as session:
        first = session.ask(Request("қала"))
        with monkeypatch.context() as patch:
            patch.setattr("search.session.answer", None)  # nothing is worked out again
            assert session.ask(Request("қала")) is first
        assert session.ask(Request("қала", restricted=True)).total == first.total + 1
        IndexWriter(Home(tmp_path)).apply([page("d5", 1, "қала")], [], 2)
        assert session.ask(Request("қала")).total == first.total + 1


def test_the_cache_keeps_the_answers_asked_for_last() -> None:
    cache: RequestCache[Answer] = RequestCache(most=2)
    first, second, third = (Request(text) for text in "абв")
    cache.put("state", first, Answer(total=1))
    cache.put("state", second, Answer(total=2))
    assert cache.get("state", first) == Answer(total=1)
    cache.put("state", third, Answer(total=3))
    held = [cache.get("state", one) is not None for one in (first, second, third)]
    assert held == [True, False, True]
    assert cache.get("other", first) is None


def test_threads_share_a_session(tmp_path: Path) -> None:
    with session_of(tmp_path, *ALL) as session, ThreadPoolExecutor(8) as pool:
        asked = [Request("қала", restricted=bool(n % 2), limit=n) for n in range(1, 17)]
        totals = [one.total for one in pool.map(session.ask, asked)]
    assert totals == [7 + request.restricted for request in asked]


def test_answers_known_and_the_day_of_rights_are_had_while_others_search(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    searching, others_are_done = Event(), Event()

    def slowly(request: Request, parts: Sequence[Part]) -> Answer:
        searching.set()
        assert others_are_done.wait(20)
        return answer(request, parts)

    with session_of(tmp_path, *ALL) as session, ThreadPoolExecutor(2) as pool:
        known = session.ask(Request("шахта"))
        monkeypatch.setattr("search.session.answer", slowly)
        slow = pool.submit(session.ask, Request("қала"))
        assert searching.wait(20)
        try:
            beside = pool.submit(lambda: (session.parted_at(), session.ask(Request("шахта"))))
            assert beside.result(20)[1] == known
        finally:
            others_are_done.set()
        slow.result(20)


def test_a_home_without_index_is_refused(tmp_path: Path) -> None:
    with Session(Home(tmp_path)) as session, pytest.raises(IndexMissingError):
        session.ask(Request("қала"))
