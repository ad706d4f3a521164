"""Print is measured on its letters and scaled for the recogniser, whatever the scan's dpi says."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageDraw, ImageFont

from digitize.recognition.image import Grey, map_box, normalise, prepare
from digitize.recognition.letters import (
    MOST_PIXELS,
    believed_dpi,
    letter_height,
    reading_scale,
)
from digitize.recognition.profiles import profile_for
from digitize.recognition.recognise import for_this_machine, recogniser
from pages.measure import characters, fold
from pages.text import Box

FONT = Path("/usr/share/fonts/truetype/paratype/PTF55F.ttf")
SAMPLE = Path(__file__).parents[2] / "scans" / "2026-01_sample"
WORN = ("02_*/*.jpg", "04_*/*.jpg", "06_*/*.jpg", "08_*.jpg", "10_*/*.jpg", "12_*/*.jpg")
needs_font = pytest.mark.skipif(not FONT.is_file(), reason="the font PT Serif is not installed")
TEXT = (
    "Қарағанды облысының өлкетану мұражайы ғылыми кітапхана қызметкерлері үшін ашылды. "
    "Городская библиотека открыла зал для чтения старых газет и журналов. "
) * 12
POINTS = 9.5
SIZE_X = 0.5  # of the type size: the height of a small letter of this font


def printed(dpi: int, inches: tuple[float, float] = (4.5, 4.5)) -> tuple[Grey, str]:
    """A page of body type as a scanner of that resolution sees it, and its lines."""
    width, height = round(inches[0] * dpi), round(inches[1] * dpi)
    image = Image.new("L", (width, height), 225)
    draw, letters = ImageDraw.Draw(image), ImageFont.truetype(str(FONT), POINTS * dpi / 72)
    margin, pitch = round(0.5 * dpi), round(POINTS * 1.3 * dpi / 72)
    lines, line, y = [], "", margin
    for word in TEXT.split():
        longer = f"{line} {word}".strip()
        if draw.textlength(longer, font=letters) <= width - 2 * margin:
            line = longer
            continue
        draw.text((margin, y), line, fill=40, font=letters)
        lines.append(line)
        line, y = word, y + pitch
        if y > height - margin - pitch:
            break
    dice = np.random.default_rng(dpi)
    page = np.asarray(image, np.float32) + dice.normal(0, 3, (height, width))
    return np.clip(page, 0, 255).astype(np.uint8), "\n".join(lines)


@needs_font
@pytest.mark.parametrize("dpi", [100, 150, 200, 300, 400, 600])
def test_the_height_of_small_letters_is_measured(dpi: int) -> None:
    page, _ = printed(dpi)
    expected = POINTS * SIZE_X * dpi / 72
    assert letter_height(normalise(page)) == pytest.approx(expected, rel=0.12, abs=1)


@needs_font
@pytest.mark.parametrize("told", [72, 150, 300, 600, 1200])
@pytest.mark.parametrize("dpi", [150, 300, 600])
def test_a_lying_resolution_is_replaced_and_a_true_one_is_kept(dpi: int, told: int) -> None:
    page, _ = printed(dpi)
    prepared = prepare(page, noise_limit=99, max_skew=0.0, dpi=told)
    assert prepared.dpi == pytest.approx(dpi * prepared.scale, rel=0.25)
    if told == dpi:
        assert prepared.dpi == round(dpi * prepared.scale)


@needs_font
@pytest.mark.parametrize("dpi", [100, 150, 200, 300, 400, 600])
def test_small_print_grows_large_print_shrinks_and_boxes_map_back(dpi: int) -> None:
    page, _ = printed(dpi)
    prepared = prepare(page, noise_limit=99, max_skew=0.0, dpi=dpi)
    assert (prepared.scale > 1) == (dpi < 220)
    assert (prepared.scale < 1) == (dpi >= 300)
    assert 14 <= prepared.letters * prepared.scale <= 37
    rows, columns = np.nonzero(prepared.image < 110)
    box = Box(int(columns.min()), int(rows.min()), int(columns.max()) + 1, int(rows.max()) + 1)
    rows, columns = np.nonzero(normalise(page) < 110)
    truth = (columns.min(), rows.min(), columns.max() + 1, rows.max() + 1)
    found = map_box(box, prepared.back, page.shape[1], page.shape[0])
    assert found == pytest.approx(truth, abs=1 if prepared.scale == 1 else 2)


def test_too_few_letters_change_nothing() -> None:
    page = np.full((800, 600), 230, np.uint8)
    page[100:110, 50:60] = 30
    prepared = prepare(page, noise_limit=99, max_skew=0.0, dpi=72)
    assert (prepared.letters, prepared.scale, prepared.dpi) == (0.0, 1.0, 72)


@given(height=st.floats(0, 200), pixels=st.integers(1, 300_000_000))
def test_no_image_grows_beyond_what_is_read_at_once(height: float, pixels: int) -> None:
    scale = reading_scale(height, pixels)
    assert 0 < scale <= 3.0
    assert pixels * scale**2 <= max(MOST_PIXELS, pixels) * 1.0001
    assert scale <= 1 or pixels * scale**2 <= MOST_PIXELS * 1.0001
    assert pixels * scale**2 <= MOST_PIXELS * 1.0001


@given(told=st.integers(50, 4800), height=st.floats(4, 160))
def test_what_is_believed_is_near_what_was_measured(told: int, height: float) -> None:
    dpi = believed_dpi(told, height)
    measured = height * 15
    assert measured / 1.6 <= dpi <= measured * 1.6


@needs_font
@pytest.mark.tesseract
@pytest.mark.slow
@pytest.mark.parametrize(("dpi", "told"), [(100, 100), (150, 300), (600, 72)])
def test_scaled_pages_are_read_at_least_as_well(dpi: int, told: int) -> None:
    page, truth = printed(dpi)
    profile = for_this_machine(profile_for("modern", "newspaper_issue", 0, 1), "tesseract")
    engine = recogniser(profile.engine)
    wrong = []
    for known in (0, told):
        prepared = prepare(page, noise_limit=99, max_skew=5.0, dpi=known)
        regions = engine.recognise(prepared.image, profile, prepared.dpi if known else told)
        read = "\n".join(line.text for region in regions for line in region.lines)
        wrong.append(characters(fold(truth), fold(read)).edits)
    assert wrong[1] <= wrong[0]
    assert wrong[1] <= 0.01 * len(truth)


@pytest.mark.parametrize("pattern", WORN)
def test_worn_type_in_pieces_is_not_taken_for_small_print(pattern: str) -> None:
    path = sorted(SAMPLE.glob(pattern))[-1]
    with Image.open(path) as image:
        grey = np.asarray(image.convert("L"))
    assert 17 <= letter_height(normalise(grey)) <= 29
