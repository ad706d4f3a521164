import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digitize.recognition.image import (
    Grey,
    estimate_skew,
    map_baseline,
    map_box,
    measure_noise,
    normalise,
    prepare,
    rotate,
)
from pages.text import Box

WIDTH, HEIGHT = 600, 800


def ruled_page(width: int = WIDTH, height: int = HEIGHT) -> Grey:
    """White paper with dashes in lines, a stand-in for print."""
    page = np.full((height, width), 255, dtype=np.uint8)
    for top in range(80, height - 80, 22):
        for left in range(60, width - 80, 30):
            page[top : top + 8, left : left + 20] = 20
    return page


def noisy(page: Grey, spread: float) -> Grey:
    grains = np.random.default_rng(5).normal(0, spread, page.shape)
    return np.clip(page + grains - 12, 0, 255).astype(np.uint8)


def unevenly_lit(page: Grey) -> Grey:
    light = np.linspace(0.45, 1.0, page.shape[1])
    return np.asarray(page * light, dtype=np.uint8)


@given(angle=st.floats(-4.5, 4.5))
@settings(max_examples=25, deadline=None)
def test_the_lean_of_print_is_found_to_the_nearest_tenths_of_a_degree(angle: float) -> None:
    leaning, _ = rotate(ruled_page(), angle)
    assert estimate_skew(leaning, 5.0) == pytest.approx(angle, abs=0.15)


def test_positive_skew_means_that_lines_rise_to_the_right() -> None:
    leaning, back = rotate(ruled_page(), 3.0)
    assert estimate_skew(leaning, 5.0) > 0
    ahead = np.linalg.inv(np.vstack([back, (0, 0, 1)]))
    start, end = ahead @ (60, 80, 1), ahead @ (520, 80, 1)
    assert end[1] < start[1]


def test_a_blank_page_has_no_lean_and_no_noise() -> None:
    blank = np.full((HEIGHT, WIDTH), 255, dtype=np.uint8)
    assert estimate_skew(blank, 5.0) == 0.0
    assert measure_noise(blank) == 0.0


def test_a_black_page_and_a_tiny_page_are_prepared_without_error() -> None:
    for page in (np.zeros((HEIGHT, WIDTH), np.uint8), np.full((3, 2), 255, np.uint8)):
        assert prepare(page, noise_limit=1.8, max_skew=5.0).image.dtype == np.uint8


def test_paper_becomes_white_and_ink_stays_dark_under_uneven_light() -> None:
    page = ruled_page()
    even = normalise(unevenly_lit(page))
    assert even[page == 255].min() >= 235
    assert even[page == 20].max() <= 90


def test_a_flat_page_is_hardly_changed_by_normalisation() -> None:
    page = ruled_page()
    assert np.abs(normalise(page).astype(int) - page).max() <= 2


def test_no_function_changes_its_input() -> None:
    page = unevenly_lit(ruled_page())
    before = page.copy()
    prepare(page, noise_limit=0.0, max_skew=5.0, turns=1)
    assert np.array_equal(page, before)


def test_the_median_is_applied_only_where_noise_was_measured() -> None:
    clean = prepare(ruled_page(), noise_limit=1.8, max_skew=5.0)
    grainy = prepare(noisy(ruled_page(), 14), noise_limit=1.8, max_skew=5.0)
    assert clean.noise < 1.8 < grainy.noise
    assert (clean.median, grainy.median) == (False, True)
    assert measure_noise(grainy.image) < grainy.noise / 2


@given(
    angle=st.floats(-5, 5),
    left=st.integers(20, 400),
    top=st.integers(20, 600),
    width=st.integers(20, 150),
    height=st.integers(10, 60),
)
@settings(max_examples=40, deadline=None)
def test_a_box_found_after_rotation_maps_back_onto_its_place_in_the_frame(
    angle: float, left: int, top: int, width: int, height: int
) -> None:
    page = np.full((HEIGHT, WIDTH), 255, dtype=np.uint8)
    page[top : top + height, left : left + width] = 0
    turned, back = rotate(page, angle)
    rows, columns = np.nonzero(turned < 128)
    found = Box(int(columns.min()), int(rows.min()), int(columns.max()) + 1, int(rows.max()) + 1)
    mapped = map_box(found, back, WIDTH, HEIGHT)
    assert mapped is not None
    lean = np.sin(np.radians(abs(angle)))
    slack_x, slack_y = 2.5 + 2 * lean * height, 2.5 + 2 * lean * width
    for edge, truth, slack in zip(
        mapped, (left, top, left + width, top + height), (slack_x, slack_y) * 2, strict=True
    ):
        assert abs(edge - truth) <= slack
    assert mapped.left <= left + 1
    assert mapped.right >= left + width - 1


@pytest.mark.parametrize("turns", [0, 1, 2, 3])
@pytest.mark.parametrize("scale", [1.0, 0.5])
def test_turned_and_scaled_pages_map_back_exactly(turns: int, scale: float) -> None:
    page = np.full((HEIGHT, WIDTH), 255, dtype=np.uint8)
    page[100:120, 40:200] = 0
    upright = np.ascontiguousarray(np.rot90(page, turns))
    prepared = prepare(upright, noise_limit=99, max_skew=0.0, scale=scale, turns=turns)
    assert prepared.image.shape == (HEIGHT * scale, WIDTH * scale)
    rows, columns = np.nonzero(prepared.image < 128)
    found = Box(int(columns.min()), int(rows.min()), int(columns.max()) + 1, int(rows.max()) + 1)
    height, width = upright.shape
    rows, columns = np.nonzero(upright < 128)
    truth = Box(int(columns.min()), int(rows.min()), int(columns.max()) + 1, int(rows.max()) + 1)
    assert map_box(found, prepared.back, width, height) == truth


def test_boxes_are_clipped_to_the_frame_and_lost_outside_it() -> None:
    same = np.array([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]])
    assert map_box(Box(-5, -5, 10, 900), same, WIDTH, HEIGHT) == Box(0, 0, 10, HEIGHT)
    assert map_box(Box(-20, 0, -5, 10), same, WIDTH, HEIGHT) is None


def test_a_baseline_maps_back_and_stays_in_the_frame() -> None:
    shift = np.array([[1.0, 0.0, -10.0], [0.0, 1.0, 5.4]])
    assert map_baseline((0, 10, 2000, 10), shift, WIDTH, HEIGHT) == (0, 15, WIDTH - 1, 15)
