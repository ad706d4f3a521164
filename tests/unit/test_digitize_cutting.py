"""Pieces of a page's image: the right pixels, whatever box is asked for, never too many of them."""

import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from digitize.output.cutting import HIGHEST, WIDEST, best_width, cut, within
from digitize.output.webimage import web_image
from olketanu.errors import InputError
from pages.text import Box

FRAME = (2400, 3600)
SIDE = st.integers(-10_000, 10_000)


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A white page with a black block from (600, 1200) to (1800, 1500) of the frame."""
    page = Image.new("L", FRAME, 255)
    page.paste(0, (600, 1200, 1800, 1500))
    path = tmp_path_factory.mktemp("web") / "p0001-1600.jpg"
    path.write_bytes(web_image(page, 1600))
    return path


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


def test_a_piece_shows_what_stands_in_its_box(image: Path) -> None:
    black = opened(cut(image, Box(620, 1220, 1780, 1480), FRAME[0]))
    white = opened(cut(image, Box(620, 1520, 1780, 1800), FRAME[0]))
    assert black.size == (774, 174)
    assert black.resize((1, 1)).getpixel((0, 0)) == 0
    assert white.resize((1, 1)).getpixel((0, 0)) == 255


@given(box=st.builds(Box, SIDE, SIDE, SIDE, SIDE))
def test_any_box_gives_nothing_or_an_image_of_bounded_size(image: Path, box: Box) -> None:
    kept = within(box, FRAME)
    if kept is None:
        across = range(max(box.left, 0), min(box.right, FRAME[0]))
        assert not across or not range(max(box.top, 0), min(box.bottom, FRAME[1]))
        return
    piece = opened(cut(image, kept, FRAME[0]))
    assert 0 < piece.width <= WIDEST
    assert 0 < piece.height <= HIGHEST


def test_a_narrow_line_is_cut_from_the_wide_image_and_a_wide_one_from_the_narrow() -> None:
    widths = {200: "", 800: "", 1600: ""}
    assert best_width(Box(0, 0, 2400, 60), 2400, widths) == 800
    assert best_width(Box(0, 0, 1000, 60), 2400, widths) == 1600
    assert best_width(Box(0, 0, 100, 60), 2400, widths) == 1600
    assert best_width(Box(0, 0, 100, 60), 2400, {}) is None


@pytest.mark.parametrize("kept", [0, 1, 3000])
def test_a_damaged_image_is_told_as_one(tmp_path: Path, image: Path, kept: int) -> None:
    damaged = tmp_path / "p0001-1600.jpg"
    damaged.write_bytes(image.read_bytes()[:kept])
    with pytest.raises(InputError):
        cut(damaged, Box(0, 0, 2400, 3600), FRAME[0])
