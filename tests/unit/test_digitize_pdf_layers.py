"""The small forms of a page: what must stay to be read, and what they may weigh."""

import io
from pathlib import Path

import cv2
import numpy as np
import pypdfium2
import pytest
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from digitize.output.pdf.image import Layer, encode, jpeg
from digitize.output.pdf.layers import Printed, access_layers, mono_layers
from digitize.output.pdf.mask import ink_of, paper_of, pictures_of
from digitize.output.publish import PublishedPage, Said, publish
from pages.text import Box, Line, PageFrame, PageText, Region, Word
from tests.house import ROOT
from tests.unit.made_pdfs import INFO

DPI = 300
SIZE = (1600, 2000)
NOTHING = Printed(None)
FONT = Path("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf")
SCAN = ROOT / "scans/2026-01_sample"
LETTERS = "ә ғ қ ң ө ұ ү һ і ё й щ Ә Ғ Қ Ң Ө Ұ Ү Һ І"
needs_font = pytest.mark.skipif(not FONT.exists(), reason="needs fonts-dejavu-core")


def printed(size: int = 29, rows: int = 20, width: int = SIZE[0]) -> Image.Image:
    """Rows of Kazakh letters, black on white; 29 pixels are seven points."""
    image = Image.new("L", (width, SIZE[1]), 255)
    draw = ImageDraw.Draw(image)
    font = ImageFont.truetype(str(FONT), size)
    for row in range(rows):
        draw.text((100, 100 + 2 * size * row), LETTERS, font=font, fill=0)
    return image


def photograph(size: tuple[int, int] = (700, 560)) -> Image.Image:
    """Shapes in all greys, as a camera gives them."""
    generator = np.random.default_rng(7)
    down, across = np.mgrid[0 : size[1], 0 : size[0]]
    grey = 110 + 60 * np.sin(across / 90) + 50 * np.cos(down / 70)
    for _ in range(10):
        x, y, r, level = generator.integers((0, 0, 30, 10), (*size, 120, 220))
        grey[(across - x) ** 2 + (down - y) ** 2 < r * r] = level
    noisy = np.clip(grey + generator.normal(0, 4, grey.shape), 0, 255).astype(np.uint8)
    return Image.fromarray(noisy).filter(ImageFilter.GaussianBlur(1))


def worn(image: Image.Image, contrast: float, light: float, noise: float) -> Image.Image:
    """The page with weaker ink, light that falls off to the left, and noise."""
    grey = 255 - (255 - np.asarray(image, np.float64)) * contrast
    fall = np.linspace(light, 1, image.width)[np.newaxis, :]
    added = np.random.default_rng(3).normal(0, noise, grey.shape)
    return Image.fromarray(np.clip(grey * fall + added, 0, 255).astype(np.uint8))


def _mask(image: Image.Image) -> "np.ndarray[tuple[int, ...], np.dtype[np.uint8]]":
    grey = np.asarray(image, np.uint8)
    return ink_of(grey, paper_of(grey), DPI)


def _pieces(ink: "np.ndarray[tuple[int, ...], np.dtype[np.uint8]]") -> int:
    return int(cv2.connectedComponents(ink)[0]) - 1


@needs_font
@pytest.mark.parametrize(
    ("contrast", "light", "noise"), [(1, 1, 0), (0.9, 0.5, 2), (0.5, 0.8, 1), (0.3, 1, 2)]
)
def test_no_dot_stroke_or_tail_of_a_small_letter_is_lost(
    contrast: float, light: float, noise: float
) -> None:
    image = printed()
    true = (np.asarray(image) < 100).astype(np.uint8) * 255
    found = _mask(worn(image, contrast, light, noise))
    number, labels = cv2.connectedComponents(true)
    hit = {int(label) for label in np.unique(labels[found > 0])} - {0}
    assert len(hit) >= 0.995 * (number - 1)
    assert abs(_pieces(found) - _pieces(true)) <= 0.05 * _pieces(true)


@needs_font
def test_noise_and_print_from_the_other_side_are_no_ink() -> None:
    other = ImageDraw.Draw(image := Image.new("L", SIZE, 235))
    font = ImageFont.truetype(str(FONT), 60)
    for row in range(15):
        other.text((100, 100 + 110 * row), LETTERS, font=font, fill=205)
    ghosts = image.filter(ImageFilter.GaussianBlur(3))
    print_ = printed(rows=3)
    both = Image.fromarray(np.minimum(np.asarray(ghosts), np.asarray(print_)))
    found = _mask(worn(both, 1, 0.7, 5))
    true = np.asarray(print_) < 128
    assert found[~cv2.dilate(true.astype(np.uint8), np.ones((7, 7))).astype(bool)].mean() < 0.5


@needs_font
@pytest.mark.parametrize("half_tone", [False, True])
def test_a_photograph_is_found_and_the_letters_around_it_are_not(*, half_tone: bool) -> None:
    image = printed(rows=14)
    photo = photograph()
    if half_tone:
        photo = photo.resize((140, 112)).convert("1").resize((700, 560)).convert("L")
        photo = photo.filter(ImageFilter.GaussianBlur(1))
    image.paste(photo, (400, 1300))
    grey = np.asarray(image, np.uint8)
    boxes = pictures_of(grey, paper_of(grey), list, DPI)
    covered = np.zeros(grey.shape, bool)
    for left, top, right, bottom in boxes:
        covered[top:bottom, left:right] = True
    assert covered[1300:1860, 400:1100].mean() > 0.7
    assert not covered[:1200].any()


@needs_font
def test_a_shadow_is_no_picture() -> None:
    grey = np.asarray(worn(printed(), 1, 0.35, 2), np.uint8)
    assert pictures_of(grey, paper_of(grey), list, DPI) == ()


@needs_font
def test_words_that_are_read_are_no_picture() -> None:
    image = Image.new("L", SIZE, 255)
    draw = ImageDraw.Draw(image)
    draw.rectangle((200, 300, 1200, 700), fill=20)  # white letters on a black field
    draw.text((260, 400), "ҚАРАҒАНДЫ", font=ImageFont.truetype(str(FONT), 130), fill=255)
    grey = np.asarray(image, np.uint8)
    assert pictures_of(grey, paper_of(grey), list, DPI)
    assert pictures_of(grey, paper_of(grey), lambda: [Box(220, 320, 1180, 680)], DPI) == ()


def _rendered(layers: tuple[Layer, ...], size: tuple[int, int], folder: Path) -> Image.Image:
    """What a reader of PDF shows of the layers, RGB."""
    from digitize.output.pdf.writer import PdfWriter, Sheet

    with PdfWriter(folder / "d.pdf") as writer:
        writer.add(Sheet(PageFrame("a" * 64, 0, None, 0, *size, DPI), layers))
        writer.finish(INFO, [None])
    with pypdfium2.PdfDocument(folder / "d.pdf") as pdf:
        page = pdf[0]
        image: Image.Image = page.render(scale=DPI / 72).to_pil().convert("RGB")
        page.close()
    return image.resize(size) if image.size != size else image


@needs_font
@pytest.mark.parametrize("mode", ["L", "RGB"])
def test_letters_keep_their_shape_and_place(tmp_path: Path, mode: str) -> None:
    image = printed(width=1597).convert(mode)  # no multiple of any scale
    layers = access_layers(image, NOTHING, DPI)
    shown = np.asarray(_rendered(layers, image.size, tmp_path).convert("L")) < 128
    wanted = np.asarray(image.convert("L")) < 128
    wrong = {
        (down, across): np.mean(np.roll(shown, (down, across), (0, 1)) != wanted)
        for down in (-1, 0, 1)
        for across in (-1, 0, 1)
    }
    assert min(wrong, key=lambda way: wrong[way]) == (0, 0)
    assert wrong[0, 0] < 0.3 * wanted.mean()  # strokes come out a little bolder


@needs_font
def test_coloured_ink_and_paper_keep_their_colours(tmp_path: Path) -> None:
    pixels = np.full((SIZE[1], SIZE[0], 3), (240, 226, 190), np.uint8)
    ink = np.asarray(printed(size=60, rows=12)) < 128
    pixels[ink] = (25, 25, 30)
    pixels[:600][ink[:600]] = (190, 30, 40)
    image = Image.fromarray(pixels)
    layers = access_layers(image, NOTHING, DPI)
    shown = np.asarray(_rendered(layers, SIZE, tmp_path)).astype(int)
    core = cv2.erode(ink.astype(np.uint8), np.ones((5, 5))).astype(bool)
    assert np.abs(np.median(shown[:600][core[:600]], axis=0) - (190, 30, 40)).max() < 25
    assert np.median(shown[700:][core[700:]], axis=0).max() < 70
    assert np.abs(np.median(shown[~ink], axis=0) - (240, 226, 190)).max() < 8


@needs_font
def test_a_grey_tint_beside_black_print_stays_grey(tmp_path: Path) -> None:
    image = printed(rows=8)
    ImageDraw.Draw(image).rectangle((300, 1300, 420, 1400), fill=120)
    shown = _rendered(access_layers(image, NOTHING, DPI), SIZE, tmp_path).convert("L")
    assert abs(int(np.median(np.asarray(shown)[1310:1390, 310:410])) - 120) < 25


def test_a_very_large_sheet_is_halved(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("digitize.output.pdf.layers._MOST_PIXELS", 1_000_000)
    frame = PageFrame("a" * 64, 0, None, 0, *SIZE, DPI)
    region = Region("r1", "illustration", Box(280, 280, 520, 520), ())
    layers = access_layers(printed(60), Printed(PageText(frame, (region,), "made", (), ())), DPI)
    assert layers[-1].image.entries["/Width"] == SIZE[0] // 2
    assert layers[1].place == (0.175, 0.14, 0.325, 0.26)


@needs_font
def test_uneven_light_is_evened(tmp_path: Path) -> None:
    image = worn(printed(), 1, 0.5, 1)
    shown = _rendered(access_layers(image, NOTHING, DPI), SIZE, tmp_path).convert("L")
    columns = np.percentile(np.asarray(shown), 60, axis=0)
    assert columns.min() > 200
    assert np.percentile(np.asarray(image), 60, axis=0).min() < 140


def test_a_photograph_alone_stays_one_picture(tmp_path: Path) -> None:
    photo = photograph(SIZE)
    (layer,) = access_layers(photo, NOTHING, DPI)
    assert layer.mask is None
    assert layer.ink is None
    shown = _rendered((layer,), SIZE, tmp_path).convert("L")
    assert np.abs(np.asarray(shown).astype(int) - np.asarray(photo)).mean() < 4


def test_an_illustration_that_the_text_names_is_a_picture() -> None:
    image = Image.new("L", SIZE, 255)
    ImageDraw.Draw(image).ellipse((300, 300, 500, 500), outline=0, width=3)
    frame = PageFrame("a" * 64, 0, None, 0, *SIZE, DPI)
    region = Region("r1", "illustration", Box(280, 280, 520, 520), ())
    plain = access_layers(image, Printed(PageText(frame, (), "made", (), ())), DPI)
    named = access_layers(image, Printed(PageText(frame, (region,), "made", (), ())), DPI)
    assert [layer.ink is not None for layer in plain] == [False, True]
    assert [layer.place for layer in named][1] == (280 / 1600, 280 / 2000, 520 / 1600, 520 / 2000)


@needs_font
def test_black_and_white_is_one_image_of_bits_with_dithered_pictures() -> None:
    image = printed(rows=14)
    image.paste(photograph(), (400, 1300))
    (layer,) = mono_layers(image, NOTHING, DPI)
    assert layer.image.entries["/BitsPerComponent"] == 1
    assert len(layer.image.data) < len(encode(image).data) / 3


def test_a_bitonal_scan_is_left_as_it_is() -> None:
    bits = Image.new("1", (400, 500), 1)
    (layer,) = access_layers(bits, NOTHING, DPI)
    assert layer.image.entries["/Filter"] == "/CCITTFaxDecode"


@pytest.mark.slow
@pytest.mark.parametrize(
    "name",
    [
        "01_stepnoi-gornyak_1996-09-14/0001.jpg",
        "02_stepnoi-gornyak_kopiya/0001.jpg",
        "04_saryarka-tany_koshirme/0001.jpg",
        "06_nura-tolkyny_2/0001.jpg",
    ],
)
def test_a_newspaper_page_weighs_at_most_200_kb(tmp_path: Path, name: str) -> None:
    with Image.open(SCAN / name) as image:
        frame = PageFrame("a" * 64, 0, None, 0, *image.size, DPI)
    pages = [PublishedPage("p0001", SCAN / name, frame)]
    forms = {"a.pdf": "access", "b.pdf": "master"}
    assert publish(tmp_path, forms, pages, Said(INFO, [None])) == (None,)
    # 25 kB are left for the words of the page (measured: 15-22 kB for 950 words).
    assert (tmp_path / "a.pdf").stat().st_size <= 175_000
    assert (tmp_path / "b.pdf").stat().st_size <= 1.05 * (SCAN / name).stat().st_size


def test_no_form_is_larger_than_the_page_without_loss(tmp_path: Path) -> None:
    generator = np.random.default_rng(1)
    noise = Image.fromarray(generator.integers(0, 60, (300, 300), np.uint8))
    noise.save(tmp_path / "m.jpg", quality=5)
    page = PublishedPage(
        "p0001", tmp_path / "m.jpg", PageFrame("a" * 64, 0, None, 0, 300, 300, 300)
    )
    forms = {"a.pdf": "access", "b.pdf": "master", "c.pdf": "mono"}
    publish(tmp_path, forms, [page], Said(INFO, [None]))
    sizes = [(tmp_path / name).stat().st_size for name in forms]
    assert max(sizes) <= sizes[1]


def test_words_are_asked_for_only_where_something_looks_like_a_picture() -> None:
    frame = PageFrame("a" * 64, 0, None, 0, *SIZE, DPI)
    text = PageText(frame, (), "made", (), ())
    plain, pictured = Printed(text), Printed(text)
    access_layers(printed(), plain, DPI)
    page = printed(rows=4)
    page.paste(photograph().resize((800, 600)), (300, 1000))
    access_layers(page, pictured, DPI)
    assert (plain.asked, pictured.asked) == (False, True)


def test_a_page_text_without_lines_does_no_harm() -> None:
    frame = PageFrame("a" * 64, 0, None, 0, 64, 48, DPI)
    word = Word("а", "а", Box(2, 2, 9, 9), None)
    line = Line(Box(2, 2, 9, 9), (2, 9, 9, 9), "kaz", "Cyrl", (word,))
    regions = (Region("r1", "text", Box(2, 2, 9, 9), (line,)),)
    for size in ((64, 48), (1, 1), (3, 200)):
        for text in (None, PageText(frame, regions, "made", (), ())):
            assert access_layers(Image.new("RGB", size, "white"), Printed(text), DPI)
            assert mono_layers(Image.new("L", size, 0), Printed(text), DPI)


def test_a_lower_quality_gives_fewer_bytes() -> None:
    photo = photograph()
    sizes = [len(jpeg(photo, quality).data) for quality in (20, 55, 85)]
    assert sizes == sorted(sizes)
    with Image.open(io.BytesIO(jpeg(photo, 55).data)) as read:
        assert read.size == photo.size
