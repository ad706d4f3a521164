"""The black bed of a scanner and a neighbouring page's rim go from the working copy only."""

import cv2
import numpy as np
import pytest

from digitize.recognition.image import Grey, map_box, prepare, rotate
from digitize.scan.borders import find_bed
from pages.text import Box
from tests.unit.made_spreads import PAPER, print_block

WIDTH, HEIGHT = 1500, 2000
TEXT = Box(200, 220, 1300, 1780)


def printed() -> Grey:
    page = np.full((HEIGHT, WIDTH), PAPER, np.uint8)
    print_block(page, TEXT)
    return page


def on_bed(page: Grey, sides: tuple[int, int, int, int], level: int = 12) -> Grey:
    """The page with black bed of so many pixels at the left, top, right and bottom."""
    left, top, right, bottom = sides
    whole = np.full((page.shape[0] + top + bottom, page.shape[1] + left + right), level, np.uint8)
    whole[top : top + page.shape[0], left : left + page.shape[1]] = page
    return whole


def with_rim(page: Grey, width: int) -> Grey:
    """The page with the cut ends of a neighbouring page's lines at its left edge."""
    rim = np.full((page.shape[0], 300), PAPER, np.uint8)
    print_block(rim, (40, 220, 260, page.shape[0] - 220), 9)
    gap = np.full((page.shape[0], 40), PAPER, np.uint8)
    return np.hstack([rim[:, 260 - width : 260], gap, page])


def darkness(image: Grey) -> float:
    return float((image < 128).mean())


def ink_box(image: Grey) -> Box:
    rows, columns = np.nonzero(image < 110)
    return Box(int(columns.min()), int(rows.min()), int(columns.max()) + 1, int(rows.max()) + 1)


@pytest.mark.parametrize("level", [0, 12, 40, 70])
@pytest.mark.parametrize(
    "sides", [(120, 0, 0, 0), (0, 90, 0, 0), (0, 0, 150, 60), (100, 80, 60, 140), (24, 0, 0, 0)]
)
def test_a_black_bed_is_cropped_and_boxes_stay_those_of_the_frame(
    sides: tuple[int, int, int, int], level: int
) -> None:
    scan = on_bed(printed(), sides, level)
    before = scan.copy()
    prepared = prepare(scan, noise_limit=99, max_skew=0.0)
    assert np.array_equal(scan, before)
    assert 0 < prepared.bed < 0.35
    found = map_box(ink_box(prepared.image), prepared.back, *scan.shape[::-1])
    assert found is not None
    expected = [n + sides[i % 2] for i, n in enumerate(ink_box(printed()))]
    assert list(found) == pytest.approx(expected, abs=2)
    assert prepared.crop == pytest.approx(
        (sides[0], sides[1], sides[0] + WIDTH, sides[1] + HEIGHT), abs=16
    )


def test_the_wedge_of_a_leaning_page_on_a_black_bed_becomes_white() -> None:
    page = printed()
    back = cv2.getRotationMatrix2D((WIDTH / 2, HEIGHT / 2), 2.5, 0.94)
    scan = np.asarray(cv2.warpAffine(page, back, (WIDTH, HEIGHT), borderValue=(10,)), np.uint8)
    prepared = prepare(scan, noise_limit=99, max_skew=5.0)
    assert prepared.skew == pytest.approx(2.5, abs=0.11)
    assert darkness(prepared.image) == pytest.approx(0.94**2 * darkness(page), rel=0.15)
    height, width = prepared.image.shape
    rim = 12
    frame = np.ones((height, width), np.bool_)
    frame[rim : height - rim, rim : width - rim] = False
    assert (prepared.image[frame] < 128).mean() < 0.002


@pytest.mark.parametrize("lean", [0.0, 1.0, -0.8])
@pytest.mark.parametrize("flip", [False, True])
def test_the_rim_of_a_neighbouring_page_becomes_white(lean: float, flip: bool) -> None:
    scan = with_rim(printed(), 45)
    scan = np.ascontiguousarray(scan[:, ::-1]) if flip else scan
    leaning = rotate(scan, lean)[0]
    left = (leaning.shape[1] - scan.shape[1]) // 2
    top = (leaning.shape[0] - scan.shape[0]) // 2
    # A scanner cuts straight: no white corners.
    cut = np.ascontiguousarray(
        leaning[top + 20 : top + scan.shape[0] - 20, left : left + scan.shape[1]]
    )
    prepared = prepare(cut, noise_limit=99, max_skew=5.0)
    assert sum(width > 0 for width in prepared.rims) == 1
    assert (prepared.rims[1] if flip else prepared.rims[0]) >= 30
    found = map_box(ink_box(prepared.image), prepared.back, *cut.shape[::-1])
    assert found is not None
    side = scan.shape[1] - found.right if flip else found.left
    assert side == pytest.approx(TEXT.left + 85, abs=40 if lean else 6)


def test_a_page_without_surroundings_is_left_as_it_is() -> None:
    page = printed()
    prepared = prepare(page, noise_limit=99, max_skew=0.0)
    assert (prepared.bed, prepared.rims, prepared.crop) == (0.0, (0, 0), Box(0, 0, WIDTH, HEIGHT))
    assert prepared.image.shape == page.shape


def test_numbers_beside_lines_are_no_rim() -> None:
    page = printed()
    for y in range(220, 1780, 210):
        page[y : y + 20, 40:60] = 40
    prepared = prepare(page, noise_limit=99, max_skew=0.0)
    assert prepared.rims == (0, 0)
    assert ink_box(prepared.image).left == 40


def test_dark_pictures_and_dark_covers_are_no_bed() -> None:
    picture = printed()
    picture[700:1400, 0:900] = 35
    cover = np.full((HEIGHT, WIDTH), 45, np.uint8)
    cover[300:420, 300:1200] = 200
    inverse = np.full((HEIGHT, WIDTH), 20, np.uint8)
    for scan in (picture, cover, inverse):
        small = cv2.resize(scan, (WIDTH // 8, HEIGHT // 8), interpolation=cv2.INTER_AREA)
        assert find_bed(np.asarray(small, np.uint8)).is_bare


def test_a_dark_rule_at_the_edge_of_a_cutting_does_not_take_text_with_it() -> None:
    page = printed()
    page[:, 0:6] = 20
    prepared = prepare(page, noise_limit=99, max_skew=0.0)
    assert ink_box(prepared.image).right == ink_box(page).right
