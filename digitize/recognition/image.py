"""The page image made ready for recognition: even background, straight lines, less noise.

Arrays in, arrays out; the input is never changed. Images are 8-bit grey, (height, width), 0 black.
The result carries the affine map back, so every box ends in pixels of the page's frame. A binarised
image is never made: it costs accuracy (measured, see ``bench/recognition.py``). A large sheet has
many pixels, so no step holds more than its input, its result and a few bands of rows.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

import cv2
import numpy as np
import numpy.typing as npt

from digitize.recognition.letters import believed_dpi, letter_height, reading_scale
from digitize.scan.borders import Surround, find_bed, find_rims
from pages.text import Box

Grey: TypeAlias = npt.NDArray[np.uint8]
Affine: TypeAlias = npt.NDArray[np.float64]

cv2.setNumThreads(1)  # one process per core; threads inside would only fight for it

BACKGROUND_SCALE = 8
CLOSING = 5  # pixels at 1/8 scale: wider than the thickest strokes of text
SMOOTHING = 21  # pixels at 1/8 scale: about half a newspaper column
DARKEST_PAPER = 24  # below this a patch is ink or picture, not paper
PAPER_LEVEL = 200  # of the normalised page: brighter is background
BAND = 1024  # rows that a step works on at once
SKEW_WIDTH = 800
STRIP = 8  # pixels of that width: a row of a strip leans by less than one at 5°
COARSE_STEP = 0.5
FINE_STEP = 0.1
HALF = 0.5


@dataclass(frozen=True, slots=True)
class Prepared:
    """A page image ready for recognition, and what was decided on the way.

    ``skew`` is the angle in degrees, counter-clockwise positive, by which the print leans in the
    upright frame; ``noise`` is in grey levels; ``median`` tells whether the median was applied;
    ``scale`` is pixels of ``image`` per pixel of the frame; ``back`` is the 2×3 affine map from
    pixels of ``image`` to pixels of the frame. ``dpi`` is the resolution of ``image``, ``letters``
    the height of small letters in pixels of the frame (0.0 unknown). ``crop`` is the part of the
    frame that is page, in frame pixels; ``bed`` the share of the scan that is black bed; ``rims``
    counts the columns of ``image`` at the left and right that are a neighbouring page, made white.
    """

    image: Grey
    skew: float
    noise: float
    median: bool
    scale: float
    back: Affine
    dpi: int
    letters: float
    crop: Box
    bed: float
    rims: tuple[int, int]

    def decisions(self) -> tuple[tuple[str, str], ...]:
        """Every decision as (name, value), for the page's processing steps (ALTO Processing)."""
        return (
            ("scale", f"{self.scale:.4g}"),
            ("letter-height", f"{self.letters:.1f}"),
            ("dpi", str(self.dpi)),
            ("crop", ",".join(map(str, self.crop))),
            ("bed", f"{self.bed:.4f}"),
            ("rims", ",".join(map(str, self.rims))),
            ("skew", f"{self.skew:.1f}"),
            ("noise", f"{self.noise:.2f}"),
            ("median", "yes" if self.median else "no"),
        )


def prepare(
    grey: Grey,
    *,
    noise_limit: float,
    max_skew: float,
    dpi: int = 0,
    scale: float = 1.0,
    turns: int = 0,
) -> Prepared:
    """Turn, crop, normalise, smooth (only when noisy), scale and straighten a page.

    ``turns`` quarter turns clockwise are made first (for a page that lies on its side). ``dpi`` is
    what the scan says of itself; print that is too small or too large for the recogniser is
    scaled, and a resolution that the letters disprove is replaced. With ``dpi`` 0 neither is done.
    ``scale`` is 1.0, or less for a second try with fewer pixels.
    """
    image, back = _turned(grey, turns)
    small = _small(image)
    surround, crop = _page_of(image, small)
    back, seen = _compose(back, _shift(crop)), back
    image = _normalised(image, small, crop, surround)
    letters = letter_height(image) if dpi else 0.0
    noise = measure_noise(image)
    if noisy := noise > noise_limit:  # before any scaling, which would spread each grain
        image = _grey(cv2.medianBlur(image, 3))
    scale *= reading_scale(letters, image.size) if dpi else 1.0
    if scale != 1.0:
        image, undo = _scaled(image, scale)
        back = _compose(back, undo)
    skew = estimate_skew(image, max_skew)
    image, undo, rims = _straightened(image, skew)
    back = _compose(back, undo)
    return Prepared(
        *(image, skew, noise, noisy, scale, back),
        dpi=max(1, round(believed_dpi(dpi, letters) * scale)),
        letters=letters,
        crop=map_box(crop, seen, *grey.shape[::-1]) or crop,
        bed=round(float(surround.bed.mean()), 4),
        rims=rims,
    )


def normalise(grey: Grey) -> Grey:
    """Return the page divided by its background, so that paper is white everywhere.

    The background is estimated at 1/8 scale: a closing takes the ink away, a large median evens
    the rest. About 0.03 s for an A4 page at 300 dpi.
    """
    whole = Box(0, 0, grey.shape[1], grey.shape[0])
    small = _small(grey)
    return _normalised(grey, small, whole, Surround(whole, np.zeros(small.shape, np.bool_)))


def measure_noise(grey: Grey) -> float:
    """Mean absolute difference to the page's own 3×3 median over background pixels, grey levels.

    Expects a normalised page.
    """
    total, count = 0.0, 0
    for top, bottom in _bands(grey.shape[0]):
        smooth = _grey(cv2.medianBlur(grey[top:bottom], 3))
        paper = (smooth > PAPER_LEVEL).view(np.uint8)
        pixels = cv2.countNonZero(paper)
        total += cv2.mean(cv2.absdiff(grey[top:bottom], smooth), paper)[0] * pixels
        count += pixels
    return total / count if count else 0.0


def estimate_skew(grey: Grey, max_skew: float) -> float:
    """Angle in degrees, counter-clockwise positive, by which lines of print lean; 0.0 if none.

    The angle at which the rows' ink changes most from row to row wins: first in steps of 0.5° over
    ±``max_skew``, then of 0.1° around the best. Expects a normalised page.
    """
    ink, width = _strips_of_ink(grey)
    if not ink.any():
        return 0.0
    reach = round(max_skew / COARSE_STEP)
    coarse = [step * COARSE_STEP for step in range(-reach, reach + 1)]
    best = _sharpest(ink, width, coarse)
    steps = round(COARSE_STEP / FINE_STEP)
    best = _sharpest(ink, width, [best + step * FINE_STEP for step in range(-steps, steps + 1)])
    return round(best, 1) + 0.0


def rotate(grey: Grey, angle: float) -> tuple[Grey, Affine]:
    """Return the image rotated by ``angle`` degrees (counter-clockwise positive) and the map back.

    The canvas grows so that nothing is cut off; new area is white. The map is 2×3, from pixels of
    the result to pixels of ``grey``.
    """
    height, width = grey.shape
    turn = math.radians(angle)
    cos, sin = math.cos(turn), math.sin(turn)
    new_width = math.ceil(width * abs(cos) + height * abs(sin))
    new_height = math.ceil(width * abs(sin) + height * abs(cos))
    x, y, new_x, new_y = width / 2, height / 2, new_width / 2, new_height / 2
    back = np.array(
        [[cos, -sin, x - cos * new_x + sin * new_y], [sin, cos, y - sin * new_x - cos * new_y]]
    )
    # Coordinates are edges of pixels; warpAffine counts centres, half a pixel further in.
    centres = back.copy()
    centres[:, 2] += back[:, :2] @ (HALF, HALF) - HALF
    turned = cv2.warpAffine(
        grey,
        centres,
        (new_width, new_height),
        flags=cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP,
        borderMode=cv2.BORDER_CONSTANT,
        borderValue=255,
    )
    return _grey(turned), back


def map_box(box: Box, back: Affine, width: int, height: int) -> Box | None:
    """The upright hull of ``box`` in the frame of ``width`` × ``height``; None if outside it."""
    corners = np.array([(x, y, 1.0) for x in (box.left, box.right) for y in (box.top, box.bottom)])
    mapped = np.round(corners @ back.T, 6)
    left, top = np.floor(mapped.min(axis=0))
    right, bottom = np.ceil(mapped.max(axis=0))
    hull = Box(
        max(0, int(left)), max(0, int(top)), min(width, int(right)), min(height, int(bottom))
    )
    return hull if hull.width > 0 and hull.height > 0 else None


def map_baseline(
    baseline: tuple[int, int, int, int], back: Affine, width: int, height: int
) -> tuple[int, int, int, int]:
    """The baseline (x0, y0, x1, y1) in frame pixels, its ends held inside the frame."""
    ends = np.array([(baseline[0], baseline[1], 1.0), (baseline[2], baseline[3], 1.0)])
    (x0, y0), (x1, y1) = np.clip(np.rint(ends @ back.T), 0, (width - 1, height - 1))
    return int(x0), int(y0), int(x1), int(y1)


def _small(grey: Grey) -> Grey:
    """The image at 1/8 scale, without what is left over at the right and the lower edge."""
    return _shrunk(grey, BACKGROUND_SCALE)


def _shrunk(grey: Grey, factor: int) -> Grey:
    """The image shrunk by a whole number, which is several times as fast as by any other."""
    size = (max(1, grey.shape[1] // factor), max(1, grey.shape[0] // factor))
    whole = grey[: size[1] * factor, : size[0] * factor]
    return _grey(cv2.resize(whole, size, interpolation=cv2.INTER_AREA))


def _page_of(grey: Grey, small: Grey) -> tuple[Surround, Box]:
    """The bed around the page at 1/8 scale, and the box of the page in pixels of the image."""
    height, width = grey.shape
    surround = find_bed(small)
    rows, columns = surround.bed.shape
    left, top, right, bottom = surround.page
    crop = Box(
        *(left * width // columns, top * height // rows),
        *(-(-right * width // columns), -(-bottom * height // rows)),
    )
    return surround, crop


def _normalised(grey: Grey, small: Grey, crop: Box, surround: Surround) -> Grey:
    """The cropped page divided by its background, its bed made white; anew."""
    paper = _paper(small, surround.bed)
    rows, columns = paper.shape
    across, down = columns / grey.shape[1], rows / grey.shape[0]
    bed = cv2.dilate(surround.bed.view(np.uint8), np.ones((3, 3), np.uint8))
    done = np.empty((crop.height, crop.width), np.uint8)
    for top, bottom in _bands(crop.height):
        to = np.array(
            [[across, 0, across * (crop.left + HALF) - HALF],
             [0, down, down * (crop.top + top + HALF) - HALF]]
        )  # fmt: skip
        size = (crop.width, bottom - top)
        # From small to full: the same as a bilinear enlargement, without the rest of the page.
        full = _stretched(paper, to, size, cv2.INTER_LINEAR)
        part = grey[crop.top + top : crop.top + bottom, crop.left : crop.right]
        cv2.divide(part, full, dst=done[top:bottom], scale=255)
        if not surround.is_bare:
            done[top:bottom][_stretched(_grey(bed), to, size, cv2.INTER_NEAREST) > 0] = 255
    return done


def _stretched(small: Grey, to: Affine, size: tuple[int, int], how: int) -> Grey:
    flags = how | cv2.WARP_INVERSE_MAP
    return _grey(cv2.warpAffine(small, to, size, flags=flags, borderMode=cv2.BORDER_REPLICATE))


def _paper(small: Grey, bed: npt.NDArray[np.bool_]) -> Grey:
    """The brightness of the paper at 1/8 scale; under the bed that of the page on the whole."""
    kernel = cv2.getStructuringElement(cv2.MORPH_RECT, (CLOSING, CLOSING))
    paper = _grey(cv2.morphologyEx(small, cv2.MORPH_CLOSE, kernel, borderType=cv2.BORDER_REPLICATE))
    if bed.any() and not bed.all():
        wide = cv2.dilate(bed.view(np.uint8), np.ones((3, 3), np.uint8)) > 0
        paper[wide] = round(float(np.median(paper[~wide]))) if not wide.all() else 255
    return _grey(np.maximum(cv2.medianBlur(paper, SMOOTHING), DARKEST_PAPER))


def _bands(height: int) -> Iterator[tuple[int, int]]:
    """First and last (exclusive) row of each band."""
    for top in range(0, height, BAND):
        yield top, min(height, top + BAND)


def _scaled(grey: Grey, scale: float) -> tuple[Grey, Affine]:
    """The image resized, and the exact map back (a size in whole pixels is rarely the factor)."""
    height, width = grey.shape
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    back = np.array([[width / size[0], 0.0, 0.0], [0.0, height / size[1], 0.0]])
    return _grey(cv2.resize(grey, size, interpolation=how)), back


def _straightened(image: Grey, skew: float) -> tuple[Grey, Affine, tuple[int, int]]:
    """The image without its lean, the map back, and the rims that were made white; may be itself.

    Only a normalised image of our own may be given: without lean it is changed in place.
    """
    edges, back = _edges(image), np.eye(2, 3)
    if skew:
        image, back = rotate(image, -skew)
        edges, _ = rotate(edges, -skew)
    return image, back, _whiten_rims(image, edges)


def _edges(grey: Grey) -> Grey:
    """An image of that shape at 1/8: black at the left and right edge of the scan, else white."""
    height, width = grey.shape
    size = (max(1, height // BACKGROUND_SCALE), max(1, width // BACKGROUND_SCALE))
    small = np.full(size, 255, np.uint8)
    small[:, :2] = small[:, -2:] = 0
    return small


def _whiten_rims(image: Grey, edges: Grey) -> tuple[int, int]:
    """Make a neighbouring page's rims white in place; return their widths in pixels."""
    size = edges.shape[1], edges.shape[0]
    small = _grey(cv2.resize(_small(image), size, interpolation=cv2.INTER_AREA))
    left, right = find_rims(small < PAPER_LEVEL, edges < PAPER_LEVEL)
    width = image.shape[1]
    left, right = -(-left * width // size[0]), -(-right * width // size[0])
    image[:, :left] = 255
    image[:, width - right :] = 255
    return left, right


def _turned(grey: Grey, turns: int) -> tuple[Grey, Affine]:
    """The image after ``turns`` quarter turns clockwise, and the map back."""
    height, width = grey.shape
    backs = (
        [[1, 0, 0], [0, 1, 0]],
        [[0, 1, 0], [-1, 0, height]],
        [[-1, 0, width], [0, -1, height]],
        [[0, -1, width], [1, 0, 0]],
    )
    image = np.ascontiguousarray(np.rot90(grey, -turns))
    return image, np.array(backs[turns % 4], dtype=np.float64)


def _shift(crop: Box) -> Affine:
    return np.array([[1.0, 0.0, crop.left], [0.0, 1.0, crop.top]])


def _compose(outer: Affine, inner: Affine) -> Affine:
    """The map that does ``inner`` first, then ``outer``."""
    whole = np.vstack([outer, (0, 0, 1)]) @ np.vstack([inner, (0, 0, 1)])
    return np.asarray(whole[:2], dtype=np.float64)


def _strips_of_ink(grey: Grey) -> tuple[npt.NDArray[np.float32], float]:
    """Ink (0 paper, 255 black) of every row of every upright strip, and a strip's width in rows.

    At about ``SKEW_WIDTH`` pixels width, without a border. The strips are what makes an angle cheap
    to try: they are moved against each other, and no pixel is turned.
    """
    small = _shrunk(grey, max(1, round(grey.shape[1] / SKEW_WIDTH)))
    ink = 255.0 - small.astype(np.float32)
    ink[ink < 255 - PAPER_LEVEL] = 0.0
    height, width = small.shape
    inner = ink[height // 50 : height - height // 50, width // 50 : width - width // 50]
    strips = max(1, inner.shape[1] // STRIP)
    narrow = cv2.resize(inner, (strips, inner.shape[0]), interpolation=cv2.INTER_AREA)
    return np.asarray(narrow, np.float32), inner.shape[1] / strips


def _sharpest(strips: npt.NDArray[np.float32], width: float, angles: list[float]) -> float:
    """The angle at which the projection of the ink has most energy; the smallest of equals."""
    return max(angles, key=lambda angle: (_energy(strips, width, angle), -abs(angle)))


def _energy(strips: npt.NDArray[np.float32], width: float, angle: float) -> float:
    """Squared change from row to row of the ink after taking ``angle`` degrees of lean out."""
    rows, columns = strips.shape
    slope = math.tan(math.radians(angle)) * width
    shear = np.array([[1.0, 0.0, 0.0], [slope, 1.0, -slope * (columns - 1) / 2]])
    level = cv2.warpAffine(strips, shear, (columns, rows)).sum(axis=1, dtype=np.float64)
    return float(np.square(np.diff(level)).sum())


def _grey(image: npt.NDArray[np.generic] | cv2.typing.MatLike) -> Grey:
    """What OpenCV returned, with the type that it has in fact."""
    return np.asarray(image, dtype=np.uint8)
