"""Where the ink of a page is: the 1-bit mask of its text at full resolution, and its pictures.

Ink is what is clearly darker than the paper around it, so uneven light and faint print do no harm.
Arrays in, arrays out; the input is never changed. What is not needed at full size is worked out at
a quarter or an eighth of it, so that a large sheet stays small in memory.
"""

from collections.abc import Callable, Sequence
from functools import cache
from typing import TypeAlias

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image

from pages.text import Box

Pixels: TypeAlias = npt.NDArray[np.uint8]
Levels: TypeAlias = npt.NDArray[np.float32]
EIGHTH = 8
"""Paper, light and pictures are looked at at this part of the page's size."""

cv2.setNumThreads(1)  # one process per core; threads inside would only fight for it

_QUARTER = 4
_DPI = 300  # what the lengths below are given for
_CLOSING = 5  # pixels at 1/8: wider than the thickest strokes of text
_SMOOTHING = 21  # pixels at 1/8: about half a newspaper column
_DARKEST_PAPER = 24
_WINDOW = (15, 15)  # pixels at 1/4: two lines of newspaper print
_SPREAD = 64.0  # of grey levels, at 1/4, in plain print
_SHARE = 0.22  # how far the limit lies under the mean where nothing is printed (Sauvola's k)
_WOLF = 0.5  # the same between mean and ink (Wolf's k), for pages that are faint as a whole
_PRINTED = 99.5  # percentile of the spread that stands for print
_INKED = 0.05  # percentile of grey that stands for ink
_SOLID = 0.45  # of the way from ink to paper: what is darker is ink, also amid a broad stroke
_LEAST_STEP = 22  # grey levels under the paper: less is stain or bleed-through
_NOISY = 1.8  # grey levels; clean scans measured 0.4-1.5, noisy ones 2.1-4.7
_SPECK = 7  # pixels of area: the dots of ё in the smallest print have nine
_BAND = 256  # rows that are copied at once
_REACH = 2  # pixels: how far what is chosen in a band depends on its neighbours
_SPECK_BAND = 1024  # rows that are searched for specks at once
_PICTURE_SIDE = 0.35  # inches: what is smaller either way is print
_PICTURE_FILL = 0.45  # share of a picture's box that is darker than paper
_WORDS_SHARE = 0.25  # of a picture's box that words may cover
_EDGE = 2  # pixels at 1/8 around a picture
_STEP = 30.0  # grey levels between the outside and the inside of a picture's edge
_LIGHT_REACH = 81  # pixels at 1/8: light and shadow are wider than that, print and stains are not
_BRIGHT = 226.0  # grey level of paper that is pleasant to read on
_MOST_GAIN = 2.5


def grey_of(image: Image.Image) -> Pixels:
    """The image in grey, (height, width), anew; copied in bands, so that it is never held twice."""
    width, height = image.size
    grey = np.empty((height, width), np.uint8)
    for top in range(0, height, _BAND):
        part = image.crop((0, top, width, min(height, top + _BAND)))
        grey[top : top + _BAND] = np.asarray(part.convert("L"), np.uint8)
    return grey


def paper_of(grey: Pixels) -> Pixels:
    """Brightness of the paper at 1/8 of the size of ``grey`` (height, width), 0 black."""
    small = _shrunk(grey, EIGHTH)
    kernel = cv2.getStructuringElement(cv2.MORPH_RECT, (_CLOSING, _CLOSING))
    closed = cv2.morphologyEx(small, cv2.MORPH_CLOSE, kernel, borderType=cv2.BORDER_REPLICATE)
    return _pixels(np.maximum(cv2.medianBlur(closed, _SMOOTHING), _DARKEST_PAPER))


def ink_of(grey: Pixels, paper: Pixels, dpi: int) -> Pixels:
    """The ink's mask, (height, width), 255 where there is some, else 0; specks are left out.

    The limit is Sauvola's (Sauvola and Pietikäinen 2000) on the page divided by its paper, or that
    of Wolf and Jolion (2003), which follows the contrast of the whole page, where it is higher.
    """
    absolute = _limit(_shrunk(grey, _QUARTER), paper)
    ink = _pixels(cv2.resize(absolute, grey.shape[::-1], interpolation=cv2.INTER_LINEAR))
    seen = _pixels(cv2.medianBlur(grey, 3)) if _noise(grey) > _NOISY else grey
    cv2.compare(seen, ink, cv2.CMP_LT, dst=ink)
    _drop_specks(ink, max(2, round(_SPECK * (dpi / _DPI) ** 2)))
    return ink


def _limit(quarter: Pixels, paper: Pixels) -> Pixels:
    """The grey level below which there is ink, at 1/4 of the page; arrays are used again."""
    beneath = cv2.resize(paper, quarter.shape[::-1], interpolation=cv2.INTER_LINEAR)
    even = cv2.divide(quarter, beneath, scale=255).astype(np.float32)
    darkest = float(np.percentile(even[::2, ::2], _INKED))
    mean = cv2.blur(even, _WINDOW)
    np.square(even, out=even)
    spread = cv2.blur(even, _WINDOW)
    spread -= np.square(mean, out=even)
    np.sqrt(np.maximum(spread, 0, out=spread), out=spread)
    printed = max(1.0, float(np.percentile(spread[::2, ::2], _PRINTED)))
    limit = spread * (_SHARE / _SPREAD)
    limit += 1 - _SHARE
    limit *= mean  # Sauvola
    wolf = np.minimum(spread, printed, out=spread)
    wolf *= _WOLF / printed
    wolf -= _WOLF
    wolf *= np.subtract(mean, darkest, out=even)
    wolf += mean
    np.maximum(limit, wolf, out=limit)
    solid = darkest + _SOLID * (255 - darkest)
    np.clip(limit, min(solid, 255 - _LEAST_STEP), 255 - _LEAST_STEP, out=limit)
    limit *= beneath
    limit /= 255
    return _pixels(limit)


def pictures_of(
    grey: Pixels, paper: Pixels, words: Callable[[], Sequence[Box]], dpi: int
) -> tuple[Box, ...]:
    """Boxes, pixels of ``grey``, of photographs and other half-tones.

    A picture is a large area that is mostly darker than the paper and holds hardly any ``words``,
    which are asked for only where there is such an area.
    """
    small = _shrunk(grey, EIGHTH)
    # Inside large dark areas the paper's own estimate sinks with them.
    light = np.maximum(paper, np.uint8(np.percentile(paper, 75)))
    dark = (small < light * (1 - 2 * _LEAST_STEP / 255)).astype(np.uint8)
    opened = cv2.morphologyEx(dark, cv2.MORPH_OPEN, np.ones((5, 5), np.uint8))
    _, labels, stats, _ = cv2.connectedComponentsWithStats(opened)
    covered = cache(lambda: _covered(words(), (small.shape[0], small.shape[1])))
    closed = _pixels(cv2.morphologyEx(small, cv2.MORPH_CLOSE, np.ones((5, 5), np.uint8)))
    side = _PICTURE_SIDE * dpi / EIGHTH
    found = []
    for number, (left, top, width, height, area) in enumerate(stats.tolist()):
        dense = min(width, height) >= side and area >= _PICTURE_FILL * width * height
        if not number or not dense:
            continue
        worded = float(covered()[top : top + height, left : left + width].mean())
        if worded <= _WORDS_SHARE and _has_edge(labels == number, closed):
            found.append(_at_full_size(Box(left, top, left + width, top + height), grey))
    return tuple(found)


def _has_edge(area: npt.NDArray[np.bool_], closed: Pixels) -> bool:
    """Whether the area begins with a step, as pictures do; a shadow comes on little by little."""
    whole = area.astype(np.uint8)
    inner = area & (cv2.erode(whole, np.ones((5, 5), np.uint8)) == 0)
    near = cv2.dilate(whole, np.ones((5, 5), np.uint8))
    outer = (cv2.dilate(whole, np.ones((9, 9), np.uint8)) > 0) & (near == 0)
    if not outer.any():
        return True
    return float(closed[outer].mean() - closed[inner].mean()) > _STEP


def gain_of(paper: Pixels, pictures: Sequence[Box], *, keep_tone: bool) -> Levels:
    """By how much each part is to be brightened so that the light is even, at 1/8 of the page.

    Paper becomes as bright as the page's brightest parts and, unless ``keep_tone``, no darker than
    well-lit newsprint. Under pictures the light is that around them.
    """
    seen = np.ones(paper.shape, np.float32)
    for left, top, right, bottom in pictures:
        seen[top // EIGHTH : -(-bottom // EIGHTH), left // EIGHTH : -(-right // EIGHTH)] = 0
    bright = float(np.percentile(paper[seen > 0], 90)) if seen.any() else 255.0
    light = _filled((paper * seen)[:, :, np.newaxis], seen)
    smooth = cv2.blur(light.astype(np.float32), (_LIGHT_REACH, _LIGHT_REACH))
    aim = bright if keep_tone else max(bright, _BRIGHT)
    return np.clip(aim / np.maximum(smooth, 1), 1, _MOST_GAIN).astype(np.float32)


def brightened(pixels: Pixels, gain: Levels) -> Pixels:
    """The pixels times ``gain``, which is stretched over them, anew."""
    height, width = pixels.shape[:2]
    full = cv2.resize(gain, (width, height), interpolation=cv2.INTER_LINEAR)
    bands = pixels.shape[2] if pixels.ndim == 3 else 1
    return _pixels(cv2.multiply(pixels, cv2.merge([full] * bands), dtype=cv2.CV_8U))


def without_ink(image: Image.Image, ink: Pixels, scale: int) -> Pixels:
    """The page at 1/``scale`` with its ink replaced by what lies around it, anew.

    ``image`` has mode L or RGB. The result is (rows, columns) or (rows, columns, 3), each a
    ``scale``-th of the page rounded up: the last row and column may reach beyond the page.
    """
    return _filled(*_summed(image, ink, scale, _beside))


def only_ink(image: Image.Image, ink: Pixels, scale: int) -> Pixels:
    """The ink's colours at 1/``scale``, spread over the paper between; sizes as above."""
    return _filled(*_summed(image, ink, scale, _core))


def broad_of(ink: Pixels, width: int) -> Pixels:
    """The inside of ink that is at least ``width`` pixels wide each way, anew."""
    return _pixels(cv2.erode(ink, np.ones((width, width), np.uint8)))


def _beside(ink: Pixels) -> Pixels:
    """What is no ink and does not touch it: with two pixels around it no ghost of it stays."""
    free = cv2.dilate(ink, np.ones((5, 5), np.uint8))
    return _pixels(cv2.bitwise_not(free, dst=free))


def _core(ink: Pixels) -> Pixels:
    """The inside of strokes, where the ink has its full colour."""
    return _pixels(cv2.erode(ink, np.ones((3, 3), np.uint8)))


def _summed(
    image: Image.Image, ink: Pixels, scale: int, choose: Callable[[Pixels], Pixels]
) -> tuple[Levels, Levels]:
    """Sum of the chosen pixels of each cell, over its area, and the share of those chosen."""
    width, height = image.size
    columns, rows = -(-width // scale), -(-height // scale)
    bands = len(image.getbands())
    colour = np.empty((rows, columns, bands), np.float32)
    share = np.empty((rows, columns), np.float32)
    step = max(1, _BAND // scale)
    for first in range(0, rows, step):
        last = min(rows, first + step)
        top, bottom = first * scale, min(height, last * scale)
        part = np.asarray(image.crop((0, top, width, bottom)), np.uint8)
        above = max(0, top - _REACH)
        mask = choose(ink[above : bottom + _REACH])[top - above : bottom - above]
        kept = cv2.bitwise_and(part, part, mask=mask)
        size = (columns, last - first)
        edges = (0, size[1] * scale - mask.shape[0], 0, columns * scale - width)
        whole = cv2.copyMakeBorder(kept, *edges, cv2.BORDER_CONSTANT, value=0)
        shares = cv2.copyMakeBorder(mask, *edges, cv2.BORDER_CONSTANT, value=0)
        shrunk = cv2.resize(whole, size, interpolation=cv2.INTER_AREA)
        colour[first:last] = shrunk.reshape(size[1], size[0], bands)
        share[first:last] = cv2.resize(shares, size, interpolation=cv2.INTER_AREA) / np.float32(255)
    return colour, share


def _filled(colour: Levels, share: Levels) -> Pixels:
    """The mean colour of each cell; a cell with nothing chosen has that of its surroundings."""
    result = np.zeros_like(colour)
    empty = np.ones(share.shape, np.bool_)
    for reach in (1, 5, 17, 65, max(share.shape) * 2 + 1):
        size = (reach, reach)
        weights = cv2.blur(share, size, borderType=cv2.BORDER_CONSTANT) if reach > 1 else share
        sums = cv2.blur(colour, size, borderType=cv2.BORDER_CONSTANT) if reach > 1 else colour
        fit = empty & (weights > 0.2 / reach)
        result[fit] = (sums.reshape(colour.shape)[fit].T / weights[fit]).T
        empty &= ~fit
        if not empty.any():
            break
    result[empty] = 255
    np.clip(np.rint(result, out=result), 0, 255, out=result)
    return _pixels(result[:, :, 0] if result.shape[2] == 1 else result)


def _noise(grey: Pixels) -> float:
    """Mean difference to its own 3×3 median over the paper of the page's middle, grey levels."""
    height, width = grey.shape
    part = grey[height // 4 : height - height // 4, width // 4 : width - width // 4]
    if not part.size:
        return 0.0
    smooth = cv2.medianBlur(np.ascontiguousarray(part), 3)
    bright = (_pixels(smooth) > np.median(smooth[::4, ::4]) * 0.85).astype(np.uint8)
    return float(cv2.mean(cv2.absdiff(part, smooth), bright)[0])


def _drop_specks(ink: Pixels, least: int) -> None:
    """Clear, in place, what has fewer than ``least`` pixels and does not touch a band's edge."""
    for top in range(0, ink.shape[0], _SPECK_BAND):
        band = ink[top : top + _SPECK_BAND]
        _, labels, stats, _ = cv2.connectedComponentsWithStats(band, ltype=cv2.CV_32S)
        tops = stats[:, cv2.CC_STAT_TOP]
        ends = tops + stats[:, cv2.CC_STAT_HEIGHT]
        inside = (tops > 0) & (ends < band.shape[0])
        small = inside & (stats[:, cv2.CC_STAT_AREA] < least)
        small[0] = False
        band[small[labels]] = 0


def _covered(words: Sequence[Box], shape: tuple[int, int]) -> npt.NDArray[np.bool_]:
    """Where words stand, at 1/8 of the page."""
    covered = np.zeros(shape, np.bool_)
    for left, top, right, bottom in words:
        across = slice(left // EIGHTH, -(-right // EIGHTH))
        covered[top // EIGHTH : -(-bottom // EIGHTH), across] = True
    return covered


def _at_full_size(box: Box, grey: Pixels) -> Box:
    """A box at 1/8 in pixels of the page, a little wider, on even eighths, within the page."""
    height, width = grey.shape
    return Box(
        max(0, box.left - _EDGE) * EIGHTH,
        max(0, box.top - _EDGE) * EIGHTH,
        min(width, (box.right + _EDGE) * EIGHTH),
        min(height, (box.bottom + _EDGE) * EIGHTH),
    )


def _shrunk(grey: Pixels, scale: int) -> Pixels:
    height, width = grey.shape
    size = (max(1, width // scale), max(1, height // scale))
    return _pixels(cv2.resize(grey, size, interpolation=cv2.INTER_AREA))


def _pixels(image: npt.NDArray[np.generic] | cv2.typing.MatLike) -> Pixels:
    """What OpenCV returned, with the type that it has in fact."""
    return np.asarray(image, dtype=np.uint8)
