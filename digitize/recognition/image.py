"""The page image made ready for recognition: even background, straight lines, less noise.

Arrays in, arrays out; the input is never changed. Images are 8-bit grey, (height, width), 0 black.
The result carries the affine map back, so every box ends in pixels of the page's frame. A binarised
image is never made: it costs accuracy (measured, see ``bench/recognition.py``).
"""

import math
from dataclasses import dataclass
from typing import TypeAlias

import cv2
import numpy as np
import numpy.typing as npt

from pages.text import Box

Grey: TypeAlias = npt.NDArray[np.uint8]
Affine: TypeAlias = npt.NDArray[np.float64]

cv2.setNumThreads(1)  # one process per core; threads inside would only fight for it

BACKGROUND_SCALE = 8
CLOSING = 5  # pixels at 1/8 scale: wider than the thickest strokes of text
SMOOTHING = 21  # pixels at 1/8 scale: about half a newspaper column
DARKEST_PAPER = 24  # below this a patch is ink or picture, not paper
PAPER_LEVEL = 200  # of the normalised page: brighter is background
SKEW_WIDTH = 800
COARSE_STEP = 0.5
FINE_STEP = 0.1
HALF = 0.5


@dataclass(frozen=True, slots=True)
class Prepared:
    """A page image ready for recognition, and what was decided on the way.

    ``skew`` is the angle in degrees, counter-clockwise positive, by which the print leans in the
    upright frame; ``noise`` is in grey levels; ``median`` tells whether the median was applied;
    ``scale`` is pixels of ``image`` per pixel of the frame; ``back`` is the 2×3 affine map from
    pixels of ``image`` to pixels of the frame.
    """

    image: Grey
    skew: float
    noise: float
    median: bool
    scale: float
    back: Affine


def prepare(
    grey: Grey, *, noise_limit: float, max_skew: float, scale: float = 1.0, turns: int = 0
) -> Prepared:
    """Turn, scale, normalise, straighten and, only when noisy, smooth a page.

    ``turns`` quarter turns clockwise are made first (for a page that lies on its side); ``scale``
    is 1.0, or less for a second try with fewer pixels.
    """
    image, back = _turned(grey, turns)
    if scale != 1.0:
        image = _grey(cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA))
        back = _compose(back, _scaling(1 / scale))
    image = normalise(image)
    skew = estimate_skew(image, max_skew)
    if skew:
        image, undo = rotate(image, -skew)
        back = _compose(back, undo)
    noise = measure_noise(image)
    noisy = noise > noise_limit
    if noisy:
        image = _grey(cv2.medianBlur(image, 3))
    return Prepared(image, skew, noise, noisy, scale, back)


def normalise(grey: Grey) -> Grey:
    """Return the page divided by its background, so that paper is white everywhere.

    The background is estimated at 1/8 scale: a closing takes the ink away, a large median evens
    the rest. About 0.03 s for an A4 page at 300 dpi.
    """
    height, width = grey.shape
    size = (max(1, width // BACKGROUND_SCALE), max(1, height // BACKGROUND_SCALE))
    small = cv2.resize(grey, size, interpolation=cv2.INTER_AREA)
    kernel = cv2.getStructuringElement(cv2.MORPH_RECT, (CLOSING, CLOSING))
    paper = cv2.morphologyEx(small, cv2.MORPH_CLOSE, kernel, borderType=cv2.BORDER_REPLICATE)
    paper = np.maximum(cv2.medianBlur(paper, SMOOTHING), DARKEST_PAPER)
    full = cv2.resize(paper, (width, height), interpolation=cv2.INTER_LINEAR)
    return _grey(cv2.divide(grey, full, scale=255))


def measure_noise(grey: Grey) -> float:
    """Mean absolute difference to the page's own 3×3 median over background pixels, grey levels.

    Clean scans measured 0.4–1.5, noisy ones 2.1–4.7. Expects a normalised page.
    """
    smooth = cv2.medianBlur(grey, 3)
    paper = (_grey(smooth) > PAPER_LEVEL).astype(np.uint8)
    return float(cv2.mean(cv2.absdiff(grey, smooth), paper)[0])


def estimate_skew(grey: Grey, max_skew: float) -> float:
    """Angle in degrees, counter-clockwise positive, by which lines of print lean; 0.0 if none.

    The angle at which the rows' ink changes most from row to row wins: first in steps of 0.5° over
    ±``max_skew``, then of 0.1° around the best. Expects a normalised page.
    """
    ink = _small_ink(grey)
    if not ink.any():
        return 0.0
    reach = round(max_skew / COARSE_STEP)
    coarse = [step * COARSE_STEP for step in range(-reach, reach + 1)]
    best = _sharpest(ink, coarse)
    steps = round(COARSE_STEP / FINE_STEP)
    best = _sharpest(ink, [best + step * FINE_STEP for step in range(-steps, steps + 1)])
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


def _scaling(factor: float) -> Affine:
    return np.array([[factor, 0.0, 0.0], [0.0, factor, 0.0]])


def _compose(outer: Affine, inner: Affine) -> Affine:
    """The map that does ``inner`` first, then ``outer``."""
    whole = np.vstack([outer, (0, 0, 1)]) @ np.vstack([inner, (0, 0, 1)])
    return np.asarray(whole[:2], dtype=np.float64)


def _small_ink(grey: Grey) -> npt.NDArray[np.float32]:
    """Ink (0 paper, 255 black) at about ``SKEW_WIDTH`` pixels width, without a border."""
    height, width = grey.shape
    scale = min(1.0, SKEW_WIDTH / width)
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    small = cv2.resize(grey, size, interpolation=cv2.INTER_AREA)
    ink = 255.0 - small.astype(np.float32)
    ink[ink < 255 - PAPER_LEVEL] = 0.0
    margin_y, margin_x = size[1] // 50, size[0] // 50
    return ink[margin_y : size[1] - margin_y, margin_x : size[0] - margin_x]


def _sharpest(ink: npt.NDArray[np.float32], angles: list[float]) -> float:
    """The angle at which the projection of the ink has most energy; the smallest of equals."""
    return max(angles, key=lambda angle: (_energy(ink, angle), -abs(angle)))


def _energy(ink: npt.NDArray[np.float32], angle: float) -> float:
    """Squared change from row to row of the ink after taking ``angle`` degrees of lean out."""
    height, width = ink.shape
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), -angle, 1.0)
    rows = cv2.warpAffine(ink, matrix, (width, height)).sum(axis=1, dtype=np.float64)
    return float(np.square(np.diff(rows)).sum())


def _grey(image: npt.NDArray[np.generic] | cv2.typing.MatLike) -> Grey:
    """What OpenCV returned, with the type that it has in fact."""
    return np.asarray(image, dtype=np.uint8)
