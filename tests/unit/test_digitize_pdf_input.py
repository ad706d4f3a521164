import io
from pathlib import Path

import pikepdf
import pytest

from digitize.scan.inspect import inspect
from digitize.scan.pdf_input import read_layer
from digitize.scan.text_layer import judge
from digitize.work.limits import Limits
from pages.text import Box, PageFrame, PageText
from tests.unit.made_files import (
    SIZE,
    add_page,
    frame_of,
    page_image,
    scan_pdf,
    text_font,
    text_operators,
    text_pdf,
)

KAZAKH = "Қарағанды облысының өңірі туралы кітап"
RUSSIAN = "Книга о прошлом нашего города и области"
SCALE = 300 / 72
OCR_START = {0: (10, 100), 90: (60, 10), 180: (110, 80), 270: (60, 150)}


def read(path: Path) -> PageText | None:
    return read_layer(path, frame_of(inspect(path, Limits()))).page


def texts(page: PageText | None) -> list[str]:
    assert page is not None
    return [line.text for line in page.lines()]


def test_lines_come_in_the_order_of_the_text_with_their_languages(tmp_path: Path) -> None:
    path = text_pdf(tmp_path / "a.pdf", [(20, 350, KAZAKH), (20, 330, RUSSIAN)])
    page = read(path)
    assert page is not None
    assert texts(page) == [KAZAKH, RUSSIAN]
    assert [line.language for line in page.lines()] == ["kaz", "rus"]
    assert {line.script for line in page.lines()} == {"Cyrl"}
    assert (page.engine, page.confidence, page.skew) == ("embedded", None, 0.0)
    assert [word.raw for word in page.lines()[0].words] == KAZAKH.split()


def test_boxes_are_pixels_of_the_frame(tmp_path: Path) -> None:
    page = read(text_pdf(tmp_path / "a.pdf", [(30, 300, RUSSIAN)]))
    assert page is not None
    first = page.lines()[0].words[0]
    assert abs(first.box.left - 30 * SCALE) < 12
    assert 99 * SCALE - 60 < first.box.top < first.box.bottom < 104 * SCALE
    assert first.box.right - first.box.left == pytest.approx(len("Книга") * 6 * SCALE, abs=20)


@pytest.mark.parametrize("rotate", [90, 180, 270])
def test_text_turned_with_the_page_is_upright_in_the_frame(tmp_path: Path, rotate: int) -> None:
    starts = {90: (120, 30), 180: (280, 80), 270: (180, 380)}
    at = [(*starts[rotate], RUSSIAN)]
    page = read(text_pdf(tmp_path / "a.pdf", at, rotate=rotate, turn=rotate))
    assert texts(page) == [RUSSIAN]
    assert page is not None
    box = page.lines()[0].words[0].box
    x, y = starts[rotate]
    corner = {90: (y, x), 180: (300 - x, y), 270: (400 - y, 300 - x)}[rotate]
    assert box.left == pytest.approx(corner[0] * SCALE, abs=12)
    assert box.bottom == pytest.approx(corner[1] * SCALE, abs=15)


@pytest.mark.parametrize("rotate", [90, 180, 270])
def test_text_that_does_not_stand_upright_is_recognised_anew(tmp_path: Path, rotate: int) -> None:
    assert read(text_pdf(tmp_path / "a.pdf", [(30, 300, RUSSIAN)], rotate=rotate)) is None


def ocr_pdf(path: Path, rotate: int = 0) -> Path:
    """A scan of 150 dpi over the whole page with invisible text above it, as OCR programs write."""
    stream = io.BytesIO()
    page_image().save(stream, "JPEG")
    pdf = pikepdf.new()
    letters = "".join(sorted(set(RUSSIAN) - {" "}))
    image = pikepdf.Stream(pdf, stream.getvalue())
    for key, value in {
        "/Subtype": pikepdf.Name.Image,
        "/Width": SIZE[0],
        "/Height": SIZE[1],
        "/BitsPerComponent": 8,
        "/ColorSpace": pikepdf.Name.DeviceRGB,
        "/Filter": pikepdf.Name.DCTDecode,
    }.items():
        image[key] = value
    width, height = SIZE[0] * 72 / 150, SIZE[1] * 72 / 150
    x, y = OCR_START[rotate]
    content = b"q %f 0 0 %f 0 0 cm /Im0 Do Q\n" % (width, height)
    content += text_operators(x, y, RUSSIAN[:16], letters, mode=3, turn=rotate)
    font = text_font(pdf, letters)
    add_page(pdf, content, [0, 0, width, height], rotate=rotate, xobject=image, font=font)
    pdf.save(path)
    return path


@pytest.mark.parametrize("rotate", [0, 90, 180, 270])
def test_invisible_text_over_a_scan_is_read_in_pixels_of_the_scan(
    tmp_path: Path, rotate: int
) -> None:
    path = ocr_pdf(tmp_path / "a.pdf", rotate)
    seen = inspect(path, Limits())
    assert (seen.frames[0].source, seen.frames[0].text_layer) == ("pdf-image", True)
    page = read(path)
    assert texts(page) == [RUSSIAN[:16].strip()]
    assert page is not None
    box = page.lines()[0].words[0].box
    width, height = SIZE
    x, y = (n * 150 / 72 for n in OCR_START[rotate])
    y = height - y
    corner = {0: (x, y), 90: (height - y, x), 180: (width - x, height - y), 270: (y, width - x)}
    assert (box.left, box.bottom) == pytest.approx(corner[rotate], abs=8)


def test_columns_are_regions_of_their_own(tmp_path: Path) -> None:
    left = [(20.0, 350.0 - 14 * n, "Левая колонка") for n in range(4)]
    right = [(170.0, 350.0 - 14 * n, "Правый столбец") for n in range(4)]
    page = read(text_pdf(tmp_path / "a.pdf", left + right))
    assert page is not None
    assert [region.lines[0].text for region in page.regions] == ["Левая колонка", "Правый столбец"]
    assert [len(region.lines) for region in page.regions] == [4, 4]
    assert [region.id for region in page.regions] == ["r1", "r2"]


def test_latin_twins_in_cyrillic_words_are_repaired_and_kept_as_raw(tmp_path: Path) -> None:
    page = read(text_pdf(tmp_path / "a.pdf", [(20, 350, "Кнuгa".replace("u", "и") + " о городе")]))
    assert page is not None
    word = page.lines()[0].words[0]
    assert (word.raw, word.text) == ("Книгa", "Книга")


def test_only_words_inside_a_crop_are_given(tmp_path: Path) -> None:
    path = text_pdf(tmp_path / "a.pdf", [(20, 350, KAZAKH), (20, 100, RUSSIAN)])
    whole = frame_of(inspect(path, Limits()))
    half = Box(0, whole.height // 2, whole.width, whole.height)
    frame = PageFrame(whole.master, 0, half, 0, half.width, half.height, 300)
    page = read_layer(path, frame).page
    assert texts(page) == [RUSSIAN]
    assert page is not None
    assert page.lines()[0].box.bottom <= half.height


def test_a_scan_with_a_stamp_on_it_is_recognised_anew(tmp_path: Path) -> None:
    stream = io.BytesIO()
    page_image().save(stream, "JPEG")
    path = scan_pdf(
        tmp_path / "a.pdf", stream.getvalue(), filter_name="/DCTDecode", after=b"0 0 9 9 re f"
    )
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        letters = "".join(sorted(set(RUSSIAN) - {" "}))
        page = pdf.pages[0]
        page.obj["/Resources"]["/Font"] = pikepdf.Dictionary({"/F0": text_font(pdf, letters)})
        page.contents_add(text_operators(5, 5, RUSSIAN[:14], letters))
        pdf.save(path)
    assert inspect(path, Limits()).frames[0].text_layer
    assert read(path) is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "№ 5",
        "1985 1986 1987 1988 1989",
        "Êíèãà î ïðîøëîì íàøåãî ãîðîäà è îáëàñòè",
        "\ufffd\ufffd\ufffd книга о прошлом нашего города",
        "\ue001\ue002\ue003\ue004 книга о прошлом",
        "ќазаќ халќыныѓ тарихы мен мєдениеті",
        "これは日本語の文章です。まったく読めません",
    ],
)
def test_a_broken_layer_is_no_text(tmp_path: Path, text: str) -> None:
    assert judge(text).reason is not None
    if text:
        assert read(text_pdf(tmp_path / "a.pdf", [(20, 350, text)])) is None


@pytest.mark.parametrize(
    "text",
    [KAZAKH, RUSSIAN, "The history of the city", "Qarağandy öñiriniñ tarihy", "шрифтъ і ѣ" * 3],
)
def test_a_good_layer_is_text(text: str) -> None:
    assert judge(text).reason is None


def test_a_page_without_text_gives_none(tmp_path: Path) -> None:
    path = scan_pdf(tmp_path / "a.pdf", page_image().tobytes())
    assert read(path) is None
