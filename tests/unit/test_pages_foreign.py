"""Text of other programs: every gap and unit in its own shape, and what is refused."""

import re

import pytest

from olketanu.errors import InputError
from pages.foreign.file import read_foreign
from pages.foreign.page import language_of, share
from pages.hocr import write_hocr
from pages.text import Box, Hyphen, Line, PageFrame, PageText, Region, Word
from tests.unit.foreign_files import (
    ALTO_LINES,
    ALTO_MM10,
    HOCR_LINES,
    HOCR_SIGNS,
    HOCR_TESSERACT,
)


def frame(width: int = 1000, height: int = 2000, dpi: int = 300) -> PageFrame:
    return PageFrame("a" * 64, 0, None, 0, width, height, dpi)


def kinds(page: PageText) -> list[tuple[str, Box]]:
    return [(region.kind, region.box) for region in page.regions]


def words(page: PageText) -> list[str]:
    return [line.text for line in page.lines()]


def first(page: PageText) -> Line:
    return page.lines()[0]


def test_tenths_of_millimetres_become_pixels_of_the_frame() -> None:
    page = read_foreign(ALTO_MM10, frame(1500, 3000))
    assert words(page) == ["12", "город шах-", "та", "1962"]
    assert kinds(page) == [
        ("page_number", Box(709, 24, 756, 71)),
        ("text", Box(118, 236, 709, 354)),
        ("illustration", Box(118, 591, 591, 945)),
        ("table", Box(118, 1063, 591, 1181)),
        ("separator", Box(118, 1417, 1299, 1422)),
    ]
    assert page.engine == "imported Reader 9.1"
    assert dict(page.provenance[0].settings)["form"] == "ALTO 2"


def test_a_page_of_another_shape_is_placed_by_unit_and_resolution() -> None:
    cropped = read_foreign(ALTO_MM10, frame(1500, 2900))
    assert kinds(cropped)[1] == ("text", Box(118, 236, 709, 354))
    finer = read_foreign(ALTO_MM10, frame(3000, 5800, 600))
    assert kinds(finer)[1] == ("text", Box(236, 472, 1417, 709))


def test_hyphens_confidence_language_and_baseline_are_taken_over() -> None:
    page = read_foreign(ALTO_MM10, frame(1500, 3000))
    broken, rest = page.regions[1].lines
    assert [w.hyphen for w in broken.words] == [None, Hyphen(1, "шахта")]
    assert rest.words[0].hyphen == Hyphen(2, "шахта")
    assert [w.confidence for w in broken.words] == [0.95, 0.5]
    assert rest.words[0].confidence is None
    assert (broken.language, broken.script) == ("rus", "Cyrl")
    assert broken.baseline == (118, 272, 709, 272)


def test_a_string_of_several_words_is_shared_out_over_its_box() -> None:
    page = read_foreign(ALTO_LINES, frame())
    assert [(w.text, w.box) for w in first(page).words] == [
        ("Қара", Box(100, 100, 500, 150)),
        ("тас", Box(600, 100, 900, 150)),
    ]
    assert first(page).baseline == (100, 140, 900, 144)
    assert [region.kind for region in page.regions] == ["text", "page_number"]
    assert page.lines()[1].words[0].box == Box(900, 1900, 950, 1950)


def test_a_smaller_picture_of_the_same_page_is_scaled_up() -> None:
    page = read_foreign(ALTO_LINES, frame(2000, 4000))
    assert first(page).box == Box(200, 200, 1800, 300)


def test_tesseract_hocr_keeps_words_languages_and_pictures() -> None:
    page = read_foreign(HOCR_TESSERACT, frame())
    assert words(page) == ["Қара тас", "город'"]
    assert [line.language for line in page.lines()] == ["kaz", "rus"]
    assert [w.confidence for w in first(page).words] == [0.96, 0.41]
    assert first(page).baseline == (100, 140, 500, 144)
    assert kinds(page)[1:] == [
        ("illustration", Box(100, 400, 900, 900)),
        ("separator", Box(100, 950, 900, 954)),
    ]
    assert page.engine == "imported tesseract 5.3.0"


def test_hocr_that_is_no_xml_and_has_lines_only_is_read_page_by_page() -> None:
    page = read_foreign(HOCR_LINES, frame())
    assert words(page) == ["Қара тас", "город и люди"]
    assert first(page).words[0].confidence == pytest.approx(0.8)
    assert first(page).language == "und"
    assert words(read_foreign(HOCR_LINES, frame(), 1)) == ["екінші бет"]
    with pytest.raises(InputError, match=r"error\.foreign-page"):
        read_foreign(HOCR_LINES, frame(), 2)


def test_the_corner_of_the_page_need_not_be_zero() -> None:
    moved = HOCR_LINES.replace(b"bbox 0 0 1000 2000", b"bbox 50 100 1050 2100")
    assert first(read_foreign(moved, frame())).box == Box(50, 0, 850, 50)


def test_notes_in_the_margin_come_after_the_text() -> None:
    note = (
        b'<LeftMargin><TextBlock ID="n"><TextLine><String CONTENT="note" HPOS="1" VPOS="1" '
        b'WIDTH="9" HEIGHT="9"/></TextLine></TextBlock></LeftMargin><PrintSpace>'
    )
    page = read_foreign(ALTO_LINES.replace(b"<PrintSpace>", note), frame())
    assert words(page) == ["Қара тас", "7", "note"]


def test_a_sloping_baseline_is_written_from_the_corner_of_its_line() -> None:
    word = Word("тас", "тас", Box(200, 100, 300, 150), 1.0)
    line = Line(Box(100, 100, 500, 150), (200, 140, 400, 150), "kaz", "Cyrl", (word,))
    page = PageText(frame(), (Region("r1", "text", line.box, (line,)),), "made", (), ())
    read = read_foreign(write_hocr(page, page_id="p0001", source="x"), frame())
    assert first(read).baseline == (100, 135, 500, 155)


def test_signs_make_a_word_and_the_lesser_alternative_is_left_out() -> None:
    page = read_foreign(HOCR_SIGNS, frame())
    assert words(page) == ["тас қала"]
    assert first(page).words[0].confidence == 0.75


def test_a_file_of_one_page_serves_any_page() -> None:
    assert read_foreign(ALTO_LINES, frame(), 41) == read_foreign(ALTO_LINES, frame())


@pytest.mark.parametrize(
    ("data", "key"),
    [
        (b"<html><body><p>text</p></body></html>", "error.foreign-form"),
        (b"<PcGts/>", "error.foreign-form"),
        (b"%PDF-1.4", "error.xml-unreadable"),
        (b"", "error.xml-unreadable"),
        (re.sub(rb"\bPage\b", b"Sheet", ALTO_LINES), "error.foreign-page"),
        (re.sub(rb' CONTENT="[^"]*"', b"", ALTO_LINES), "error.foreign-no-text"),
        (ALTO_LINES.replace(b'HPOS="100"', b'HPOS="5000"'), "error.foreign-outside"),
    ],
)
def test_what_is_no_text_of_this_page_is_refused(data: bytes, key: str) -> None:
    with pytest.raises(InputError) as refused:
        read_foreign(data, frame())
    assert refused.value.key == key


@pytest.mark.parametrize("number", ["nan", "inf", "-inf", "9" * 400, "1e999", "x", ""])
@pytest.mark.parametrize("place", ["bbox 100 100 900 210", "0.01 -10", "bbox 0 0 1000 2000"])
def test_numbers_without_end_are_no_places(number: str, place: str) -> None:
    name, *values = place.split()
    bad = " ".join([name, *[number] * len(values)])
    page = read_foreign(HOCR_TESSERACT.replace(place.encode(), bad.encode()), frame())
    assert words(page) == ["Қара тас", "город'"]
    lost = ALTO_LINES.replace(b'WIDTH="1000"', f'WIDTH="{number}"'.encode())
    assert words(read_foreign(lost, frame())) == ["Қара тас", "7"]


def test_a_baseline_does_not_leave_the_page() -> None:
    wild = HOCR_TESSERACT.replace(b"0.01 -10", b"-9e200 1e300")
    assert first(read_foreign(wild, frame())).baseline == (100, 2000, 500, 2000)


def test_a_page_that_lies_on_its_side_is_refused() -> None:
    with pytest.raises(InputError, match=r"error\.foreign-other-shape"):
        read_foreign(HOCR_TESSERACT, frame(2000, 1000))


@pytest.mark.parametrize(
    "head",
    [
        b'<!DOCTYPE html [<!ENTITY a "b">]>',
        b'<!DOCTYPE html SYSTEM "x" [<!ELEMENT a ANY>]>',
        b"<!DOCTYPE alto SYSTEM 'file:///etc/passwd'>",
        b"<!DOCTYPE html><!DOCTYPE html [ ]>",
        b"<!DOCTYPE html>" + b" " * 5000 + b'<!DOCTYPE html [<!ENTITY a "b">]>',
        b'<!-- --><!DOCTYPE html [<!ENTITY % a SYSTEM "http://localhost/x">%a;]>',
    ],
)
def test_a_document_type_that_declares_anything_is_refused(head: bytes) -> None:
    body = HOCR_TESSERACT[HOCR_TESSERACT.index(b"<html") :]
    with pytest.raises(InputError, match=r"error\.xml-(doctype|unreadable)"):
        read_foreign(head + body, frame())


@pytest.mark.parametrize("head", [b"", b"<!DOCTYPE html>", b"\xef\xbb\xbf<!doctype HTML >\n"])
def test_a_plain_html_document_type_is_no_obstacle(head: bytes) -> None:
    body = HOCR_TESSERACT[HOCR_TESSERACT.index(b"<html") :]
    assert read_foreign(head + body, frame()) == read_foreign(HOCR_TESSERACT, frame())


def test_deep_nesting_ends_in_an_error_of_ours() -> None:
    deep = b"<ComposedBlock>" * 2000 + b"</ComposedBlock>" * 2000
    with pytest.raises(InputError):
        read_foreign(ALTO_LINES.replace(b"<PrintSpace>", b"<PrintSpace>" + deep), frame())


@pytest.mark.parametrize(
    ("tag", "code"),
    [
        ("kk", ("kaz", "Cyrl")),
        ("ru-RU", ("rus", "Cyrl")),
        ("kk-Latn-KZ", ("kaz", "Latn")),
        ("rus", ("rus", "")),
        ("kaz+rus", ("und", "")),
        ("", ("und", "")),
    ],
)
def test_languages_by_tags_of_any_kind(tag: str, code: tuple[str, str]) -> None:
    assert language_of(tag) == code


@pytest.mark.parametrize(
    ("told", "meant"),
    [("0.5", 0.5), ("87", 0.87), ("-1", None), ("x", None), (None, None), ("nan", None)],
)
def test_confidence_is_a_share(told: str | None, meant: float | None) -> None:
    assert share(told) == meant
