"""What we write, the reader of other programs' files reads; what it cannot read, it refuses."""

from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from olketanu.errors import InputError
from pages.alto import write_alto
from pages.foreign.file import read_foreign
from pages.hocr import write_hocr
from pages.text import REGION_KINDS, Box, Hyphen, Line, PageFrame, PageText, Region, Word
from pages.xml import parse
from tests.unit.foreign_files import ALTO_LINES, HOCR_TESSERACT

WIDTH, HEIGHT = 2000, 3000
FRAME = PageFrame("a" * 64, 0, None, 0, WIDTH, HEIGHT, 300)
_TOKENS = st.text(st.sampled_from("әғқңөұүһіАВёxyZ012-¬‐.,«»&<>\"'"), min_size=1, max_size=12)
_SHARES = st.none() | st.integers(0, 100).map(lambda number: number / 100)
_HYPHENS = st.none() | st.builds(Hyphen, st.sampled_from([1, 2]), _TOKENS)
_LANGUAGES = [("kaz", "Cyrl"), ("kaz", "Latn"), ("kaz", "Arab"), ("rus", "Cyrl"), ("und", "Cyrl")]


@st.composite
def boxes(draw: st.DrawFn) -> Box:
    left, top = draw(st.integers(0, WIDTH - 2)), draw(st.integers(0, HEIGHT - 2))
    right, bottom = st.integers(left + 1, WIDTH), st.integers(top + 1, HEIGHT)
    return Box(left, top, draw(right), draw(bottom))


@st.composite
def lines(draw: st.DrawFn) -> Line:
    told = draw(st.lists(st.tuples(_TOKENS, boxes(), _SHARES, _HYPHENS), min_size=1, max_size=4))
    words = tuple(Word(text, text, box, share, hyphen) for text, box, share, hyphen in told)
    box = draw(boxes())
    start, end = draw(st.integers(0, HEIGHT)), draw(st.integers(0, HEIGHT))
    return Line(box, (box.left, start, box.right, end), *draw(st.sampled_from(_LANGUAGES)), words)


@st.composite
def pages(draw: st.DrawFn) -> PageText:
    regions = [
        Region(f"r{number}", draw(st.sampled_from(REGION_KINDS)), draw(boxes()), tuple(found))
        for number, found in enumerate(
            draw(st.lists(st.lists(lines(), min_size=1, max_size=3), min_size=1, max_size=3)), 1
        )
    ]
    return PageText(FRAME, tuple(regions), "made 1", (), ())


def without_hyphens(page: PageText) -> tuple[Region, ...]:
    return tuple(
        replace(region, lines=tuple(_plain(line) for line in region.lines))
        for region in page.regions
    )


def _plain(line: Line) -> Line:
    return replace(line, words=tuple(replace(word, hyphen=None) for word in line.words))


TWO_HYPHENS = Line(
    Box(0, 0, 9, 9),
    (0, 9, 9, 9),
    *("kaz", "Cyrl"),
    (Word("а--", "а--", Box(0, 0, 9, 9), None, Hyphen(1, "ағаш")),),
)


@given(pages())
@example(PageText(FRAME, (Region("r1", "text", Box(0, 0, 9, 9), (TWO_HYPHENS,)),), "made", (), ()))
def test_our_alto_is_read_as_that_of_another_program(page: PageText) -> None:
    data = write_alto(page, page_id="p0001", source="scan.tif", time="2026-11-23T09:00:00Z")
    assert read_foreign(data, FRAME).regions == page.regions


@given(pages())
def test_our_hocr_gives_back_all_but_the_marks_of_split_words(page: PageText) -> None:
    data = write_hocr(page, page_id="p0001", source='scan "1";.tif')
    assert read_foreign(data, FRAME).regions == without_hyphens(page)
    assert write_hocr(page, page_id="p0001", source='scan "1";.tif') == data


@given(pages())
def test_a_frame_of_twice_the_size_gets_boxes_of_twice_the_size(page: PageText) -> None:
    data = write_hocr(page, page_id="p0001", source="scan.tif")
    double = replace(FRAME, width=2 * WIDTH, height=2 * HEIGHT)
    found = [w.box for line in read_foreign(data, double).lines() for w in line.words]
    known = [Box(*(2 * side for side in w.box)) for line in page.lines() for w in line.words]
    assert found == known


@given(st.sampled_from([ALTO_LINES, HOCR_TESSERACT]), st.data())
def test_damaged_files_give_text_in_the_frame_or_an_error_of_ours(
    data: bytes, drawn: st.DataObject
) -> None:
    start = drawn.draw(st.integers(0, len(data)))
    end = drawn.draw(st.integers(start, min(len(data), start + 60)))
    damaged = data[:start] + drawn.draw(st.binary(max_size=8)) + data[end:]
    try:
        page = read_foreign(damaged, FRAME)
    except InputError:
        return
    for word in (word for line in page.lines() for word in line.words):
        assert 0 <= word.box.left < word.box.right <= WIDTH
        assert 0 <= word.box.top < word.box.bottom <= HEIGHT


def test_our_hocr_is_wellformed_html_5_without_entities() -> None:
    region = Region("r1", "headline", Box(0, 0, 9, 9), ())
    page = PageText(FRAME, (region,), "made\x00 1", (), ())
    data = write_hocr(page, page_id="p0001", source="a\x01b")
    assert data.startswith(b"<?xml version='1.0' encoding='UTF-8'?>\n<!DOCTYPE html>\n")
    with pytest.raises(InputError, match=r"error\.xml-doctype"):
        parse(data)
    with pytest.raises(InputError, match=r"error\.foreign-no-text"):
        read_foreign(data, FRAME)
