"""The small forms of a page: layered for reading on the web, or ink alone.

A layered page is a coarse JPEG of its paper, finer JPEGs of its pictures, and above them its ink as
a 1-bit mask at full resolution (the mixed raster content of ISO/IEC 16485, with CCITT G4 and JPEG
alone). Letters keep their shape; what is lost is the grain of paper and print.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from PIL import Image

from digitize.output.pdf.image import Layer, PdfImage, fax, jpeg, whole_page
from digitize.output.pdf.mask import (
    EIGHTH,
    Levels,
    Pixels,
    brightened,
    broad_of,
    gain_of,
    grey_of,
    ink_of,
    only_ink,
    paper_of,
    pictures_of,
    without_ink,
)
from pages.text import Box, PageText

_PAPER_DPI, _PAPER_QUALITY = 75, 40
_PICTURE_DPI, _PICTURE_QUALITY = 150, 55
_INK_DPI, _INK_QUALITY = 25, 60
_COLOURED = 40  # levels between the brightest and the darkest band of coloured ink
_COLOURED_SHARE = 0.01  # of the ink: less is a speck of dirt
_SURE = 0.5  # confidence of a word that speaks against a picture
_BROAD = 3  # third pixels of ink either way: wider than strokes of text
_TINT = 60  # levels between the ink and a tint printed with it
_TINT_SHARE = 0.002  # of the page
_MOST_PIXELS = 80_000_000  # an A2 sheet at 400 dpi has 62 million
_ALL_PICTURE = 0.6  # share of the page
_TINTED = 70  # levels between the bands of paper; yellowed newsprint has up to 60
_DARK = 0.2  # of full brightness: ink of one colour is at least as dark


@dataclass(frozen=True, slots=True)
class _Page:
    """A page taken apart: its ink (255 or 0), its pictures, its light (see ``gain_of``)."""

    ink: Pixels
    pictures: tuple[Box, ...]
    gain: Levels
    dpi: int


class Printed:
    """Where the text of a page stands, as far as its layers depend on it.

    ``pictures`` are the illustrations that it names. ``asked`` says whether :meth:`words` had to be
    known: a page on which nothing looks like a picture is layered alike wherever they stand.
    """

    def __init__(self, text: PageText | None) -> None:
        self.pictures = () if text is None else _named(text)
        self.asked = False
        self._text = text

    def words(self) -> list[Box]:
        """Places of the words that are read surely enough to speak against a picture."""
        self.asked = True
        return self.places()

    def places(self) -> list[Box]:
        """The same, without being asked."""
        lines = [] if self._text is None else self._text.lines()
        return [w.box for line in lines for w in line.words if (w.confidence or 1.0) >= _SURE]


def access_layers(image: Image.Image, printed: Printed, dpi: int) -> tuple[Layer, ...]:
    """Return the layers of an upright image of mode 1, L or RGB, from the bottom up.

    ``printed`` tells words from pictures, in pixels of ``image``. A sheet of more than 80 million
    pixels is halved first.
    """
    if image.mode == "1":
        return (whole_page(fax(image)),)
    small, page = _taken_apart(image, printed, dpi)
    if _share(page.pictures, small.size) > _ALL_PICTURE:
        unlit = replace(page, gain=np.ones_like(page.gain))
        return (_patch(small, Box(0, 0, *small.size), unlit),)
    layers = [_paper(small, page)]
    layers += [_patch(small, box, page) for box in page.pictures]
    if page.ink.any():
        layers.append(_print(small, page))
    return tuple(layers)


def mono_layers(image: Image.Image, printed: Printed, dpi: int) -> tuple[Layer, ...]:
    """Return the one layer of a page in black and white; pictures are dithered at half size."""
    if image.mode == "1":
        return (whole_page(fax(image)),)
    small, page = _taken_apart(image, printed, dpi)
    bits = Image.fromarray(np.bitwise_not(page.ink, out=page.ink))
    for box in page.pictures:
        half = small.crop(box).convert("L").resize((-(-box.width // 2), -(-box.height // 2)))
        dots = half.convert("1").convert("L").resize((box.width, box.height), Image.Resampling.BOX)
        bits.paste(dots, box)
    return (whole_page(fax(bits.convert("1", dither=Image.Dither.NONE))),)


def _taken_apart(image: Image.Image, printed: Printed, dpi: int) -> tuple[Image.Image, _Page]:
    """The image, halved where it is too large, and what was found in it."""
    by = 1
    while image.width * image.height // by**2 > _MOST_PIXELS:
        by *= 2
    small = image.reduce(by) if by > 1 else image
    dpi = max(1, dpi // by)
    grey = grey_of(small)
    paper = paper_of(grey)
    pictures = tuple(_divided(box, by) for box in printed.pictures)
    words = partial(_all_divided, printed.words, by)
    pictures += pictures_of(grey, paper, words, dpi)
    ink = ink_of(grey, paper, dpi)
    for left, top, right, bottom in pictures:
        ink[top:bottom, left:right] = 0
    gain = gain_of(paper, pictures, keep_tone=_is_tinted(small))
    return small, _Page(ink, pictures, gain, dpi)


def _divided(box: Box, by: int) -> Box:
    return Box(*(side // by for side in box)) if by > 1 else box


def _all_divided(boxes: Callable[[], Sequence[Box]], by: int) -> list[Box]:
    return [_divided(box, by) for box in boxes()]


def _is_tinted(image: Image.Image) -> bool:
    """Whether the paper has a colour of its own that is more than age."""
    if image.mode != "RGB":
        return False
    middle = np.median(np.asarray(image.resize((64, 64), 0), np.uint8).reshape(-1, 3), axis=0)
    return float(middle.max() - middle.min()) > _TINTED


def _named(text: PageText) -> tuple[Box, ...]:
    """Illustrations that the page's text names."""
    return tuple(r.box for r in text.regions if r.kind == "illustration" and not r.lines)


def _share(boxes: Sequence[Box], size: tuple[int, int]) -> float:
    """Share of the page that the boxes cover; overlaps count twice."""
    return sum(box.width * box.height for box in boxes) / (size[0] * size[1])


def _paper(image: Image.Image, page: _Page) -> Layer:
    scale = max(1, round(page.dpi / _PAPER_DPI))
    behind = brightened(without_ink(image, page.ink, scale), page.gain)
    return _coarse(behind, scale, image.size, _PAPER_QUALITY)


def _print(image: Image.Image, page: _Page) -> Layer:
    """The ink in its one colour, or where there are more of them through a coarse picture."""
    colour, coloured = _ink_colour(image, page.ink)
    if not coloured:
        return Layer(_stencil(page.ink), ink=colour)
    scale = max(1, round(page.dpi / _INK_DPI))
    through = _coarse(only_ink(image, page.ink, scale), scale, image.size, _INK_QUALITY)
    height, width = page.ink.shape
    margins = ((0, -height % scale), (0, -width % scale))  # as far as the coarse picture reaches
    return Layer(through.image, through.place, mask=_stencil(np.pad(page.ink, margins)))


def _stencil(ink: Pixels) -> PdfImage:
    height, width = ink.shape
    white = np.packbits(ink == 0, axis=1)
    return fax(Image.frombytes("1", (width, height), white.tobytes()))


def _ink_colour(image: Image.Image, ink: Pixels) -> tuple[tuple[float, float, float], bool]:
    """The darker half's middle colour of the ink, 0-1 a band, and whether some is coloured.

    Every third pixel both ways is looked at.
    """
    sample = np.asarray(image.resize((max(1, image.width // 3), max(1, image.height // 3)), 0))
    rows = np.arange(sample.shape[0]) * ink.shape[0] // sample.shape[0]
    columns = np.arange(sample.shape[1]) * ink.shape[1] // sample.shape[1]
    thin = ink[np.ix_(rows, columns)]
    inked = sample[thin > 0].reshape(-1, len(image.getbands()))
    if not inked.size:
        return (0.0, 0.0, 0.0), False
    sums = inked.sum(axis=1, dtype=np.int32)
    dark = np.median(inked[sums <= np.median(sums)], axis=0) / 255
    # One ink for the whole page may be darker than worn or badly lit print: it reads better so.
    dark = dark * min(1.0, _DARK / max(float(dark.max()), _DARK))
    red, green, blue = (float(dark[i % len(dark)]) for i in range(3))
    apart = inked.max(axis=1).astype(np.int16) - inked.min(axis=1)
    coloured = bool((apart > _COLOURED).mean() > _COLOURED_SHARE)
    return (red, green, blue), coloured or _has_tints(sample, thin, float(np.percentile(sums, 5)))


def _has_tints(sample: Pixels, ink: Pixels, darkest: float) -> bool:
    """Whether broad areas of ink are much lighter than the print (``darkest``: a sum of bands)."""
    broad = broad_of(ink, _BROAD)
    sums = sample.sum(axis=2, dtype=np.int32) if sample.ndim == 3 else sample.astype(np.int32)
    bands = sample.shape[2] if sample.ndim == 3 else 1
    return bool((sums[broad > 0] > darkest + _TINT * bands).sum() > _TINT_SHARE * sums.size)


def _patch(image: Image.Image, box: Box, page: _Page) -> Layer:
    scale = max(1.0, page.dpi / _PICTURE_DPI)
    size = max(1, round(box.width / scale)), max(1, round(box.height / scale))
    small = image.resize(size, Image.Resampling.LANCZOS, box=box, reducing_gap=3.0)
    across = slice(box.left // EIGHTH, max(box.left // EIGHTH + 1, box.right // EIGHTH))
    down = slice(box.top // EIGHTH, max(box.top // EIGHTH + 1, box.bottom // EIGHTH))
    light = page.gain[down, across]
    if light.size:
        small = Image.fromarray(brightened(np.asarray(small, np.uint8), light))
    width, height = image.size
    place = (box.left / width, box.top / height, box.right / width, box.bottom / height)
    return Layer(jpeg(small, _PICTURE_QUALITY), place)


def _coarse(pixels: Pixels, scale: int, size: tuple[int, int], quality: int) -> Layer:
    """A layer of 1/``scale``; its last cells may reach beyond the page of ``size`` pixels."""
    rows, columns = pixels.shape[:2]
    place = (0.0, 0.0, columns * scale / size[0], rows * scale / size[1])
    return Layer(jpeg(Image.fromarray(pixels), quality), place)
