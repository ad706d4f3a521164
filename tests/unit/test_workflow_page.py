"""One page as readers see it: its words in runs, its place among the others, an index or none."""

import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.rights import READER
from pages.text import Box, Hyphen, Line, PageFrame, PageText, Region, Word
from search.session import Session
from store.digitised import documents
from store.digitised import pages as page_rows
from tests.unit.found_library import make_home
from workflow.library import Library, open_library
from workflow.reading.access import Visit
from workflow.reading.page.suggestion import Suggestion
from workflow.reading.page.text import lines_of, shown_regions
from workflow.reading.page.view import page_view

VISIT = Visit(READER, date(2026, 11, 29))
FRAME = PageFrame("0" * 64, 0, None, 0, 4000, 4000, 300)
WORDS = st.lists(
    st.tuples(st.text("абв-\u0456", min_size=1, max_size=6), st.booleans()), min_size=1
)


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with open_library(make_home(tmp_path / "home")) as opened:
        yield opened


def named(library: Library, name: str) -> str:
    return next(one.id for one in documents.list_documents(library.store) if one.name == name)


@given(told=WORDS)
def test_a_line_is_whole_whatever_of_it_is_marked(told: list[tuple[str, bool]]) -> None:
    boxes = [Box(20 * n, 0, 20 * n + 15, 10) for n in range(len(told))]
    words = tuple(Word(text, text, box) for (text, _), box in zip(told, boxes, strict=True))
    line = Line(Box(0, 0, 4000, 10), (0, 8, 4000, 8), "kaz", "Cyrl", words)
    page = PageText(FRAME, (Region("r1", "text", line.box, (line,)),), "made", (), ())
    marked = {box for (_, is_hit), box in zip(told, boxes, strict=True) if is_hit}
    (shown,) = lines_of(shown_regions(page, marked))
    assert shown.text == line.text
    hits = " ".join(text for text, is_hit in shown.pieces if is_hit)
    assert hits == " ".join(text for text, is_hit in told if is_hit)
    assert all(text for text, _ in shown.pieces)


CUT = [
    ("кото-", "который", "-"),
    ("«кото-", "который", "-"),
    ("что-", "что-нибудь", ""),
    ("«қара-", "қара-тас", ""),
    ("хле\u00ad", "хлеба", "\u00ad"),
    ("хле", "хлеба", ""),
]


@pytest.mark.parametrize(("printed", "whole", "hyphen"), CUT)
def test_a_word_cut_at_the_end_of_a_line_says_what_is_not_of_it(
    printed: str, whole: str, hyphen: str
) -> None:
    box = Box(20, 0, 90, 10)
    words = (
        Word("да", "да", Box(0, 0, 15, 10)),
        Word(printed, printed, box, hyphen=Hyphen(1, whole)),
    )
    line = Line(Box(0, 0, 100, 10), (0, 8, 100, 8), "rus", "Cyrl", words)
    page = PageText(FRAME, (Region("r1", "text", line.box, (line,)),), "made", (), ())
    (shown,) = lines_of(shown_regions(page, {box}))
    assert (shown.runs_on, shown.hyphen, shown.text) == (True, hyphen, line.text)
    assert shown.pieces[-1] == (printed.removesuffix(hyphen), True)


def test_the_second_part_of_a_cut_word_is_a_word_like_others() -> None:
    words = (Word("рый-", "рый-", Box(0, 0, 90, 10), hyphen=Hyphen(2, "который")),)
    line = Line(Box(0, 0, 100, 10), (0, 8, 100, 8), "rus", "Cyrl", words)
    page = PageText(FRAME, (Region("r1", "text", line.box, (line,)),), "made", (), ())
    (shown,) = lines_of(shown_regions(page, ()))
    assert (shown.runs_on, shown.hyphen, shown.text) == (False, "", "рый-")


def test_pages_that_were_put_in_order_lead_to_each_other_in_it(library: Library) -> None:
    book = named(library, "tarih")
    with library.store.transaction("staff") as tx:
        page_rows.reorder_pages(tx, book, ["p0002", "p0001"])
    with Session(library.home) as session:
        first = page_view(library, session, (book, "p0002"), VISIT, "мектеп")
        last = page_view(library, session, (book, "p0001"), VISIT, "мектеп")
    assert (first.here.position, first.before, first.after) == (1, None, last.here)
    assert (last.here.position, last.before, last.after) == (2, first.here, None)
    assert first.found is not None
    assert last.found is not None
    assert [one.position for one in first.found.pages] == [2]
    assert (first.found.here, last.found.here, last.found.total) == (0, 1, 1)


def test_a_page_is_shown_without_an_index_and_says_so(library: Library) -> None:
    shutil.rmtree(library.home.index)
    with Session(library.home) as session:
        shown = page_view(library, session, (named(library, "tarih"), "p0001"), VISIT, "мектеп")
    assert shown.found is not None
    assert not shown.found.searched


@pytest.mark.parametrize("gone", ["alto", "words", "web"])
def test_a_page_whose_files_are_gone_is_shown_without_them(library: Library, gone: str) -> None:
    book = named(library, "tarih")
    shutil.rmtree(library.home.document(book) / gone, ignore_errors=True)
    with Session(library.home) as session:
        shown = page_view(library, session, (book, "p0001"), VISIT, "мектеп")
    assert shown.here.key == "p0001"
    assert shown.regions == ()


@given(
    new=st.text(st.characters(codec="utf-8"), max_size=40),
    note=st.text(st.characters(codec="utf-8"), max_size=40),
)
def test_what_a_reader_types_comes_as_one_line_without_hidden_signs(new: str, note: str) -> None:
    kept = Suggestion(Box(0, 0, 1, 1), new, note).plain()
    for text in (kept.new, kept.note):
        assert text == " ".join(text.split())
        assert not any(sign in text for sign in "\n\r\t\0\u200b\u202e\u2066\ufeff")
    assert kept.plain() == kept
