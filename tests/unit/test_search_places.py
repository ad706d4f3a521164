"""Places of marked words: on the image, on the PDF page, inside one document. Real pages."""

import math

import pytest

from digitize.output.pdf.writer import straightened
from pages.logical import join_page
from pages.text import Box, Hyphen, Line, PageFrame, PageText, Region, Word
from pages.words import load, project
from search.engine.wanted import Keys, Row
from search.query.parse import parse
from search.query.plan import Planner
from search.results.boxes import to_points
from search.results.highlight import AnalysedPage, analyse_page, mark_boxes, snippet
from search.results.inside import places_inside
from search.results.marks import Marker
from search.schema import Entry
from tests.unit.search_library import engine_of
from tests.unit.true_pages import true_pages

BOOK = [
    (key, analyse_page(load(project(page, "0" * 64))))
    for key, page in true_pages("09_komir-olkesi")
]
ISSUE = true_pages("01_stepnoi-gornyak_1996-09-14")[0][1]


def marker_of(query: str, page: AnalysedPage) -> Marker:
    words = page.words
    entry = Entry(
        *("k", "page", "d", "p0001", "", ""), text=words.text, line_languages=words.line_languages
    )
    tree = parse(query).tree
    assert tree is not None
    return Marker(Planner(engine_of(entry)).plan(tree))


def test_every_mark_of_a_real_page_lies_on_the_boxes_of_its_word() -> None:
    page = analyse_page(load(project(ISSUE, "0" * 64)))
    printed = {w.box for line in ISSUE.lines() for w in line.words}
    marks = page.marks(marker_of("шахта OR город OR газета OR ұлт*", page))
    assert len(marks) > 3
    for mark in marks:
        boxes = page.words.boxes(mark.start, mark.end)
        assert boxes
        assert set(boxes) <= printed


def test_both_boxes_of_a_split_word_are_lit_on_a_real_page() -> None:
    split = [w for line in ISSUE.lines() for w in line.words if w.hyphen and w.hyphen.part == 1]
    assert split
    page = analyse_page(load(project(ISSUE, "0" * 64)))
    for word in split:
        token = next(t for t in page.tokens if word.box in page.words.boxes(t.start, t.end))
        marks = page.marks(Marker(Keys("exact", (token.exact,))))
        lit = [boxes for boxes in mark_boxes(page.words, marks) if word.box in boxes]
        assert len(lit) == 1
        assert len(lit[0]) == 2


def _line(text: str, top: int) -> Line:
    parts = text.split()
    words = tuple(
        Word(part, part, Box(n * 100, top, n * 100 + 90, top + 20), 0.9)
        for n, part in enumerate(parts)
    )
    box = Box(0, top, 100 * len(parts), top + 20)
    return Line(box, (0, top + 20, box.right, top + 20), "kaz", "Cyrl", words)


def small_page(*lines: str) -> AnalysedPage:
    region = Region(
        "r1", "text", Box(0, 0, 900, 900), tuple(_line(t, 30 * n) for n, t in enumerate(lines))
    )
    frame = PageFrame("0" * 64, 0, None, 0, 900, 900, 300)
    return analyse_page(load(project(join_page(PageText(frame, (region,), "t", (), ())), "0" * 64)))


def test_of_a_word_split_over_two_lines_both_parts_are_lit() -> None:
    page = small_page("Жаңа меке-", "меде қызмет", "мекеме")
    (boxes, single) = mark_boxes(page.words, page.marks(marker_of("мекеме", page)))
    assert boxes == (Box(100, 0, 190, 20), Box(0, 30, 90, 50))
    assert single == (Box(0, 60, 90, 80),)
    assert Hyphen(1, "мекемеде").content in page.words.text


def test_a_snippet_shows_a_split_word_whole() -> None:
    page = small_page("Жаңа меке-", "меде қызмет")
    found = snippet(page.words.text, page.marks(marker_of("мекеме", page)))
    assert [found.text[a:b] for a, b in found.marks] == ["мекемеде"]


def test_a_phrase_is_one_place_and_its_repetition_another() -> None:
    page = small_page("көмір өлкесі көмір өлкесі", "көмір өлкесі өлкесі")
    row = Marker(Row("text", (("комир",), ("олке",))))
    inside = places_inside([("p0001", page)], row)
    assert [place.text for place in inside.pages[0].places] == ["көмір өлкесі"] * 3
    assert [len(place.boxes) for place in inside.pages[0].places] == [2, 2, 2]


def test_places_of_a_book_come_in_the_order_of_its_pages_with_what_stands_around() -> None:
    marker = marker_of("көмір", BOOK[0][1])
    inside = places_inside(BOOK, marker)
    assert inside.total == sum(len(page.marks(marker)) for _, page in BOOK)
    assert inside.total > 3
    assert [one.page for one in inside.pages] == sorted(one.page for one in inside.pages)
    texts = dict(BOOK)
    for one in inside.pages:
        words = texts[one.page].words
        starts = [place.start for place in one.places]
        assert starts == sorted(starts)
        for place in one.places:
            around = words.text.replace("\n", " ")
            assert place.before + place.text + place.after in around
            assert place.text == around[place.start : place.end]


def test_a_box_keeps_its_place_on_the_page_of_the_pdf() -> None:
    quad = to_points(Box(0, 0, 300, 600), (3000, 6000), (720.0, 1440.0))
    assert quad == ((0, 1440), (72, 1440), (72, 1296), (0, 1296))


@pytest.mark.parametrize("skew", [0.0, 1.7, -3.25])
def test_a_page_turned_straight_takes_its_boxes_along(skew: float) -> None:
    a, b, c, d, e, f = straightened(skew, 720.0, 1440.0)
    box = Box(450, 900, 1200, 1000)
    corners = to_points(box, (3000, 6000), (720.0, 1440.0))
    for (x, y), turned in zip(
        corners, to_points(box, (3000, 6000), (720.0, 1440.0), skew), strict=True
    ):
        assert math.dist((a * x + c * y + e, b * x + d * y + f), turned) < 1e-6
