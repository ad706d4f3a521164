"""What a library answers: hits with marks, places in a document, and nothing of closed texts."""

import datetime
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bench.made_shelf import enter, field, link, record
from catalog.rights import READER, STAFF, Actor, Rights
from search.query.filters import Choice, Filters
from search.results.facets import FACET_NAMES
from search.results.request import Request
from search.session import Session
from store.catalogue import links, records
from store.digitised import documents, rights
from store.digitised.documents import NewDocument
from tests.unit.found_library import add_document, make_home
from workflow.explain import explain_found
from workflow.find import FoundHits, complete, find
from workflow.find_inside import find_inside
from workflow.hits.all import all_hits
from workflow.index import update_index
from workflow.library import Library, open_library
from workflow.seeing import Seer, seer_of


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with open_library(make_home(tmp_path / "home")) as opened:
        yield opened


def document_named(library: Library, name: str) -> str:
    found = documents.find_document_by_name(library.store, "b", name)
    assert found is not None
    return found.id


def documents_of(found: FoundHits) -> set[str]:
    return {one.hit.document for one in found.hits if one.hit.document}


def test_a_page_stands_under_its_book_with_snippet_boxes_and_the_record(library: Library) -> None:
    found = find(library, Request("мектеп шахтер"))
    book = next(one for one in found.hits if one.hit.record)
    text = book.snippet.text
    marked = [text[a:b] for a, b in book.snippet.marks]
    assert marked == ["шахтерлер", "мектеп"]
    assert len(book.boxes) == len(marked)
    assert book.frame == (2000, 3000)
    assert book.pages == 1


def test_a_record_is_shown_with_the_elements_that_answer(library: Library) -> None:
    found = find(library, Request("Сатыбалдин тарихы"))
    (one,) = [hit for hit in found.hits if hit.elements]
    shown = {e.name: [e.snippet.text[a:b] for a, b in e.snippet.marks] for e in one.elements}
    assert shown["title"] == ["тарихы"]
    assert shown["names"] == ["Сатыбалдин"]


def test_readers_get_nothing_of_a_closed_document(library: Library) -> None:
    closed = document_named(library, "secret")
    asked = Request("құпия тізім", facets=("document", "form"))
    staff, reader = find(library, asked), find(library, asked, actor=READER)
    assert documents_of(staff) == {closed}
    assert (reader.hits, reader.total, reader.suggestions) == ((), 0, ())
    assert all(not facet.buckets for facet in reader.facets)
    assert find_inside(library, closed, asked, seer_of(READER)).total == 0
    assert find_inside(library, closed, asked, seer_of(STAFF)).total == 2


def test_what_a_caller_says_of_the_restricted_index_does_not_count(library: Library) -> None:
    asked = Request("құпия тізім", restricted=True)
    assert find(library, asked, actor=READER).total == 0


def test_a_term_that_ends_after_indexing_hides_hits_counts_and_places(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    book = document_named(library, "tarih")
    today = datetime.datetime.now(datetime.UTC).date()
    with library.store.transaction("staff") as tx:
        rights.set_rights(tx, book, Rights("until", today))
    update_index(library)
    asked = Request("мектеп", facets=("kind",))
    assert book in documents_of(find(library, asked, actor=READER))

    before = find(library, asked, actor=READER)
    monkeypatch.setattr("workflow.seeing._today", lambda: today + datetime.timedelta(days=1))
    after = find(library, asked, actor=READER)
    assert book not in documents_of(after)
    assert after.total == before.total - 1
    assert {b.value: b.count for b in after.facets[0].buckets} == {"page": after.total}
    assert find_inside(library, book, asked, seer_of(READER)).total == 0
    assert book in documents_of(find(library, asked))


def test_a_reader_inside_the_library_searches_in_a_document_that_is_open_there(
    library: Library,
) -> None:
    closed, today = document_named(library, "secret"), datetime.datetime.now(datetime.UTC).date()
    with library.store.transaction("staff") as tx:
        rights.set_rights(tx, closed, Rights("on_site"))
    update_index(library)
    inside = Seer(Actor("reader", on_site=True), today)
    assert find_inside(library, closed, Request("құпия"), inside).total == 1
    assert find_inside(library, closed, Request("құпия"), seer_of(READER)).total == 0


def test_places_of_one_document_come_in_page_order(library: Library) -> None:
    issue = document_named(library, "issue")
    inside = find_inside(
        library, issue, Request("мектеп OR школа OR қала OR город"), seer_of(READER)
    )
    assert [one.page for one in inside.pages] == ["p0001", "p0002"]
    assert [place.text for one in inside.pages for place in one.places] == [
        *("школа", "қаласы", "мектеп"),
    ]
    assert all(place.boxes for one in inside.pages for place in one.places)
    other = Filters(choices=(Choice("document", (document_named(library, "tarih"),)),))
    assert find_inside(library, issue, Request("школа", filters=other), seer_of(STAFF)).total == 1


def test_a_mistyped_query_is_answered_with_another(library: Library) -> None:
    found = find(library, Request("шахтерлор", widen=False))
    assert (found.total, [one.query for one in found.suggestions]) == (0, ["шахтерлер"])
    wider = find(library, Request("шахтерлор"))
    assert wider.total > 0
    assert wider.suggestions == found.suggestions  # what was typed finds little all the same
    assert find(library, Request("мектеп")).suggestions == ()


def test_misread_words_are_told_as_texts_write_them(library: Library) -> None:
    with Session(library.home) as session:
        for _ in range(2):  # the second answer is a kept one
            found = find(library, Request("Қарағаиды"), session=session)
            told = [one.to for one in found.expansions if one.kind == "ocr"]
            assert found.total > 0
            assert told == [("Қарағанды",)]


def test_without_an_index_misread_words_are_told_as_the_records_found_write_them(
    library: Library,
) -> None:
    shutil.rmtree(library.home.index)
    found = find(library, Request("Қарағаиды"))
    assert found.total > 0
    assert [one.to for one in found.expansions if one.kind == "ocr"] == [("Қарағанды",)]


def test_a_beginning_is_completed_from_the_catalogue(library: Library) -> None:
    with Session(library.home) as session:
        found = complete(library, "сатыб", session=session)
        assert [(one.text, one.kind) for one in found] == [("Сатыбалдин, Ә.", "name")]
        assert {one.kind for one in complete(library, "қарағ", session=session)} >= {"title"}
        assert complete(library, "құпия", session=session) == ()


def test_without_an_index_nothing_is_completed(library: Library) -> None:
    shutil.rmtree(library.home.index)
    assert complete(library, "сатыб") == ()


@pytest.mark.parametrize("harm", [Path.unlink, lambda path: path.write_bytes(b'{"v": 1, "te')])
def test_a_page_whose_words_are_gone_or_damaged_is_still_a_hit(
    library: Library, harm: Callable[[Path], object]
) -> None:
    book = document_named(library, "tarih")
    for path in library.home.document(book).glob("words/*"):
        harm(path)
    found = find(library, Request("мектеп"))
    shown = next(one for one in found.hits if one.hit.document == book)
    assert (shown.snippet.text, shown.boxes) == ("", ())


CANARY = ("зымырантас", "зымырантаспен")


@pytest.fixture
def closed_behind(tmp_path: Path) -> Iterator[Library]:
    """A library with a book that was open when it was indexed and was closed since."""
    with open_library(make_home(tmp_path / "home")) as library:
        with library.store.transaction("staff") as tx:
            canary = NewDocument("b", "canary", "", "book", "kaz", title="Canary")
            book = add_document(tx, canary, ((("kaz", f"қала {' '.join(CANARY)} қала"),),))
            rights.set_rights(tx, book, Rights("open"))
        update_index(library)
        with library.store.transaction("staff") as tx:
            rights.set_rights(tx, book, Rights("closed"))
        yield library


QUERIES = (
    "зымырантас",
    "зымыр*",
    "зымыратас~2",
    "змырантас",  # to be widened, or to be suggested
    "зымырантос OR мектеп",
    '"қала зымырантаспен"',
    "қала",
    "",
)


@pytest.mark.parametrize("query", QUERIES)
def test_a_closed_document_is_told_by_nothing_before_the_index_follows(
    closed_behind: Library, query: str
) -> None:
    book = document_named(closed_behind, "canary")
    narrowed = Filters(choices=(Choice("language", ("kaz", "rus", "und")),)) if not query else None
    asked = Request(query, facets=FACET_NAMES, filters=narrowed or Filters())
    with Session(closed_behind.home) as session:
        behind = find(closed_behind, asked, actor=READER, session=session)
        told = repr(replace(behind, asked=None)) + repr(
            explain_found(closed_behind, behind, actor=READER)
        )
        assert find_inside(closed_behind, book, asked, seer_of(READER), session).total == 0
        assert complete(closed_behind, "зымыр", session=session) == ()
        update_index(closed_behind)
        follows = find(closed_behind, asked, actor=READER, session=session)
    assert book not in told
    assert not any(word in told.replace(query, "") for word in CANARY)
    assert _counts(behind) == _counts(follows)
    assert all(hit.document != book for hit in all_hits(closed_behind, asked, actor=READER))


@pytest.fixture
def draft_behind(tmp_path: Path) -> Iterator[tuple[Library, str, str]]:
    """A library with a draft that everybody could read when it was indexed, and its copy."""
    with open_library(make_home(tmp_path / "home")) as library:
        with library.store.transaction("staff") as tx:
            new = NewDocument("b", "canary", "", "book", "kaz", title="Canary")
            copy = add_document(tx, new, ((("kaz", "қала тарихы"),),))
            described = record("c", f"Қала {' '.join(CANARY)}", field("101", "akaz"))
            made = enter(tx, described, status="draft")
            link(tx, copy, made)
        update_index(library)
        yield library, copy, made


def close_the_copy(library: Library, copy: str, made: str) -> None:
    with library.store.transaction("staff") as tx:
        rights.set_rights(tx, copy, Rights("closed"))


def take_back_the_link(library: Library, copy: str, made: str) -> None:
    with library.store.transaction("staff") as tx:
        links.reject(tx, links.list_links(tx, document=copy)[0].id)


def put_the_link_in_doubt(library: Library, copy: str, made: str) -> None:
    with library.store.transaction("staff") as tx:
        links.reopen(tx, links.list_links(tx, document=copy)[0].id)


def take_back_the_acceptance(library: Library, copy: str, made: str) -> None:
    with library.store.transaction("staff") as tx:
        records.set_status(tx, made, "active")
    close_the_copy(library, copy, made)
    update_index(library)
    with library.store.transaction("staff") as tx:
        records.set_status(tx, made, "draft")


@pytest.mark.parametrize(
    "change", [close_the_copy, take_back_the_link, put_the_link_in_doubt, take_back_the_acceptance]
)
@pytest.mark.parametrize("query", QUERIES)
def test_a_draft_is_told_by_nothing_before_the_index_follows(
    draft_behind: tuple[Library, str, str],
    change: Callable[[Library, str, str], None],
    query: str,
) -> None:
    library, copy, made = draft_behind
    change(library, copy, made)
    narrowed = Filters(choices=(Choice("language", ("kaz", "rus", "und")),)) if not query else None
    asked = Request(query, facets=FACET_NAMES, filters=narrowed or Filters())
    with Session(library.home) as session:
        behind = find(library, asked, actor=READER, session=session)
        told = repr(replace(behind, asked=None)) + repr(
            explain_found(library, behind, actor=READER)
        )
        assert complete(library, "зымыр", session=session) == ()
        update_index(library)
        follows = find(library, asked, actor=READER, session=session)
    if change not in (
        take_back_the_link,
        put_the_link_in_doubt,
    ):  # the open page is called so until the index follows
        assert not any(word in told.replace(query, "") for word in (*CANARY, made))
        assert _counts(behind) == _counts(follows)
    assert all(hit.page or hit.record != made for hit in all_hits(library, asked, actor=READER))


def test_readers_find_no_draft_of_a_closed_text_without_an_index(
    draft_behind: tuple[Library, str, str],
) -> None:
    library, copy, made = draft_behind
    close_the_copy(library, copy, made)
    shutil.rmtree(library.home.index)
    assert find(library, Request("зымырантас"), actor=READER).total == 0
    assert find(library, Request("зымырантас")).total == 1


def test_readers_inside_the_library_search_within_an_on_site_document_alone(
    library: Library,
) -> None:
    closed = document_named(library, "secret")
    with library.store.transaction("staff") as tx:
        rights.set_rights(tx, closed, Rights("on_site"))
    inside, asked = Actor("reader", on_site=True), Request("құпия тізім")
    assert find_inside(library, closed, asked, seer_of(inside)).total == 2
    assert find_inside(library, closed, asked, seer_of(READER)).total == 0
    assert find(library, asked, actor=inside).total == 0


def _counts(found: FoundHits) -> object:
    return (found.total, found.groups, found.facets, found.expansions, found.suggestions)
