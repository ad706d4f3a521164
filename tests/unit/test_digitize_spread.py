"""Two pages in one scan: found where it is sure, left whole where it is not."""

import io
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from digitize.scan.decode import load_grey
from digitize.scan.inspect import inspect, task
from digitize.scan.inspection import Inspection
from digitize.scan.spread import before_turn, find_spread
from digitize.work.limits import Limits
from pages.text import Box
from tests.unit.made_files import scan_pdf
from tests.unit.made_spreads import HEIGHT, MARGIN, WIDTH, Open, open_book, single_pages, worn
from workflow.intake.page_frames import labelled, pages_of

LIMITS = Limits(megapixels=50)
BOOKS = {
    "wide clean gutter": Open(),
    "newspaper of three columns a page": Open(columns=3),
    "shadow": Open(shadow=0.3),
    "faint shadow": Open(shadow=0.12),
    "dark line": Open(line=True),
    "leaning shadow": Open(shadow=0.3, lean=1.5),
    "shadow that leans far": Open(shadow=0.3, lean=-2.5),
    "leaning clean gutter": Open(lean=-2.0),
    "leaning line": Open(line=True, lean=1.2),
    "print near the gutter": Open(shadow=0.4, gutter=90),
    "empty right page": Open(shadow=0.3, sides=(True, False)),
    "empty left page, leaning": Open(shadow=0.3, lean=1.5, sides=(False, True)),
    "off the middle": Open(shadow=0.2, at=0.45),
    "clean and off the middle": Open(at=0.56),
}


@pytest.mark.parametrize("name", BOOKS)
def test_an_open_book_is_split_at_its_gutter(name: str) -> None:
    book = BOOKS[name]
    found = find_spread(worn(open_book(book)), WIDTH, HEIGHT)
    assert found is not None
    middle = WIDTH * book.at
    assert (found.left.left, found.right.right) == (0, WIDTH)
    assert found.left.right == pytest.approx(middle, abs=0.012 * WIDTH)
    assert found.right.left == pytest.approx(middle, abs=0.012 * WIDTH)
    assert found.shadow == bool(book.shadow or book.line)
    assert found.angle == pytest.approx(book.lean, abs=0.5)


@pytest.mark.parametrize("name", single_pages())
def test_a_wide_sheet_that_is_one_page_stays_whole(name: str) -> None:
    assert find_spread(single_pages()[name], WIDTH, HEIGHT) is None


def test_an_upright_page_is_never_split() -> None:
    upright = np.ascontiguousarray(open_book(Open(shadow=0.3))[:, : HEIGHT - 200])
    assert find_spread(upright, *upright.shape[::-1]) is None


def test_no_print_is_lost_where_the_gutter_leans_more_than_it_is_wide() -> None:
    book = Open(shadow=0.4, gutter=50, lean=2.5)
    found = find_spread(worn(open_book(book)), WIDTH, HEIGHT)
    assert found is not None
    drift = np.tan(np.radians(2.5)) * (HEIGHT / 2 - MARGIN)
    assert found.left.right >= WIDTH / 2 - 25 + drift - 3
    assert found.right.left <= WIDTH / 2 + 25 - drift + 3


@pytest.mark.parametrize("turn", [0, 1, 2, 3])
def test_boxes_of_the_upright_frame_are_cut_from_the_same_place_before_the_turn(turn: int) -> None:
    upright = np.arange(6 * 9, dtype=np.uint8).reshape(6, 9)
    stored = np.rot90(upright, turn)
    box = Box(2, 1, 7, 4)
    left, top, right, bottom = before_turn(box, turn, 9, 6)
    cut = np.rot90(stored[top:bottom, left:right], -turn)
    assert np.array_equal(cut, upright[1:4, 2:7])


def pages(path: Path) -> list[np.ndarray]:
    seen = Inspection.from_dict(task({"path": str(path), "spreads": True}))
    assert Inspection.from_dict(seen.to_dict()) == seen
    return [load_grey(path, page.frame) for page in pages_of(seen)]


def saved(path: Path, image: Image.Image, **options: Any) -> Path:
    image.save(path, **options)
    return path


def book_image() -> Image.Image:
    return Image.fromarray(open_book(Open(shadow=0.3)))


EXIF = {1: None, 2: "FLIP_LEFT_RIGHT", 3: "ROTATE_180", 6: "ROTATE_90", 8: "ROTATE_270"}


@pytest.mark.parametrize("orientation", EXIF)
def test_both_halves_are_upright_whatever_turn_the_camera_noted(
    tmp_path: Path, orientation: int
) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    method = EXIF[orientation]
    stored = book_image()
    truth = np.asarray(stored)
    if method:
        stored = stored.transpose(Image.Transpose[method])
    left, right = pages(saved(tmp_path / "a.png", stored, exif=exif))
    assert np.array_equal(left, truth[:, : left.shape[1]])
    assert np.array_equal(right, truth[:, WIDTH - right.shape[1] :])
    assert left.shape[1] + right.shape[1] == WIDTH


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB", "CMYK", "I;16"])
def test_a_spread_is_found_in_every_mode(tmp_path: Path, mode: str) -> None:
    if mode == "I;16":
        image = Image.fromarray(np.asarray(book_image()).astype(np.uint16) * 257)
    else:
        image = book_image().convert(mode, dither=Image.Dither.NONE)
    found = pages(saved(tmp_path / "a.tif", image))
    assert [page.shape[0] for page in found] == [HEIGHT] * 2


def test_a_spread_inside_a_pdf_and_in_a_later_frame_are_found(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    book_image().convert("RGB").save(buffer, "JPEG", quality=80)
    pdf = scan_pdf(
        tmp_path / "a.pdf", buffer.getvalue(), filter_name="/DCTDecode", size=(WIDTH, HEIGHT)
    )
    assert len(pages(pdf)) == 2
    cover = Image.new("L", (1200, HEIGHT), 255)
    tiff = saved(tmp_path / "a.tif", cover, save_all=True, append_images=[book_image()])
    assert pages(tiff)[0].shape[1] == 1200
    assert len(pages(tiff)) == 3


def test_nobody_asks_nothing_is_split(tmp_path: Path) -> None:
    path = saved(tmp_path / "a.png", book_image())
    assert [frame.pages for frame in inspect(path, LIMITS).frames] == [()]


def test_arabic_print_has_its_right_page_first(tmp_path: Path) -> None:
    seen = inspect(saved(tmp_path / "a.png", book_image()), LIMITS, spreads=True)
    forward, backward = list(pages_of(seen)), list(pages_of(seen, backward=True))
    assert backward == forward[::-1]
    assert forward[0].frame.crop is not None
    assert forward[0].frame.crop.left == 0


@pytest.mark.parametrize(
    ("printed", "labels"),
    [
        ("4–5", ["4", "5"]),
        ("стр. 12-13", ["12", "13"]),
        ("4-5-б.", ["4", "5"]),
        ("4", [None, None]),
        ("4-6", [None, None]),
        ("5-4", [None, None]),
        ("4, 9", [None, None]),
        ("", [None, None]),
        (None, [None, None]),
    ],
)
def test_printed_numbers_go_to_the_halves_where_they_count_as_many(
    tmp_path: Path, printed: str | None, labels: list[str | None]
) -> None:
    seen = inspect(saved(tmp_path / "a.png", book_image()), LIMITS, spreads=True)
    found = labelled(list(pages_of(seen)), printed)
    assert [page.label for page in found] == labels
