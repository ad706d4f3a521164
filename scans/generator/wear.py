"""What time and a cheap scanner do to a page, with the exact place of every line afterwards."""

from dataclasses import dataclass
from typing import TypeAlias

import cv2
import numpy as np
import numpy.typing as npt

from pages.text import Box

Grey: TypeAlias = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Wear:
    """How a page is spoilt.

    ``skew`` is in degrees counter-clockwise; ``shade`` is the share of light lost where it is
    darkest; ``bleed`` the share of the other side's ink that shines through; ``worn`` the share of
    ink eaten from the type; ``blur`` and ``noise`` are standard deviations in pixels and grey
    levels; ``quality`` is that of JPEG.
    """

    skew: float
    shade: float
    bleed: float
    worn: float
    blur: float
    noise: float
    quality: int
    seed: int


def spoil(page: npt.NDArray[np.uint8], back: npt.NDArray[np.uint8], wear: Wear) -> Grey:
    """The page worn, printed through from ``back``, turned, shaded, blurred and noisy.

    Both are grey (height, width); ``back`` is what stands on the other side and is mirrored and cut
    or repeated to size. Returns a new float image of the same shape, 0 to 255.
    """
    dice = np.random.default_rng(wear.seed)
    shape = page.shape
    ink = 1.0 - page.astype(np.float32) / 255.0
    ink *= 1.0 - wear.worn * _patches(dice, shape, 3.0) - 0.12 * _patches(dice, shape, 400.0)
    ink = np.maximum(ink, wear.bleed * _shine_through(back, shape))
    grey = (1.0 - ink) * 218.0 + ink * 34.0
    grey = _turn(grey.astype(np.float32), wear.skew) * _light(dice, shape, wear.shade)
    if wear.blur:
        grey = np.asarray(cv2.GaussianBlur(grey, (0, 0), wear.blur), dtype=np.float32)
    grey = grey + dice.normal(0.0, wear.noise, shape).astype(np.float32)
    return _specks(dice, np.clip(grey, 0, 255).astype(np.float32))


def turned_box(box: Box, skew: float, size: tuple[int, int]) -> Box:
    """The upright box around ``box`` after the page of ``size`` (width, height) is turned."""
    matrix = cv2.getRotationMatrix2D((size[0] / 2, size[1] / 2), skew, 1.0)
    corners = [(x, y, 1.0) for x in (box.left, box.right) for y in (box.top, box.bottom)]
    places = np.array(corners) @ matrix.T
    low, high = np.floor(places.min(axis=0)), np.ceil(places.max(axis=0))
    return Box(int(low[0]), int(low[1]), int(high[0]), int(high[1]))


def _turn(grey: Grey, skew: float) -> Grey:
    height, width = grey.shape
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), skew, 1.0)
    turned = cv2.warpAffine(
        grey, matrix, (width, height), flags=cv2.INTER_CUBIC, borderValue=(212.0,)
    )
    return np.asarray(turned, dtype=np.float32)


def _patches(dice: np.random.Generator, shape: tuple[int, ...], size: float) -> Grey:
    """Smooth noise from 0 to 1 with spots of about ``size`` pixels, mostly near 0."""
    small = (max(2, round(shape[0] / size)), max(2, round(shape[1] / size)))
    noise = dice.random(small, dtype=np.float32) ** 2
    sized = cv2.resize(noise, (shape[1], shape[0]), interpolation=cv2.INTER_LINEAR)
    return np.asarray(sized, dtype=np.float32)


def _shine_through(back: npt.NDArray[np.uint8], shape: tuple[int, ...]) -> Grey:
    mirrored = 1.0 - back[:, ::-1].astype(np.float32) / 255.0
    repeats = (-(-shape[0] // back.shape[0]), -(-shape[1] // back.shape[1]))
    sized = np.tile(mirrored, repeats)[: shape[0], : shape[1]]
    return np.asarray(cv2.GaussianBlur(sized, (0, 0), 2.2), dtype=np.float32)


def _light(dice: np.random.Generator, shape: tuple[int, ...], shade: float) -> Grey:
    """Light falling off to one corner and to the spine, 1 at the brightest place."""
    rows = np.linspace(-1, 1, shape[0], dtype=np.float32)[:, None]
    columns = np.linspace(-1, 1, shape[1], dtype=np.float32)[None, :]
    angle = dice.uniform(0.0, 2 * np.pi)
    slope = (np.cos(angle) * columns + np.sin(angle) * rows) / 2.83 + 0.5
    spine = np.exp(-((columns + 1.0) ** 2) / 0.02)
    fall = np.clip(0.75 * slope + 0.4 * spine, 0.0, 1.0)
    return np.asarray(1.0 - shade * fall, dtype=np.float32)


def _specks(dice: np.random.Generator, grey: Grey) -> Grey:
    """Dust: dark and light dots of one to three pixels, one in about 40,000 pixels."""
    spotted = grey.copy()
    count = grey.size // 40_000
    rows, columns = dice.integers(0, grey.shape[0], count), dice.integers(0, grey.shape[1], count)
    for row, column, size, dark in zip(
        rows, columns, dice.integers(1, 4, count), dice.random(count) < 0.6, strict=True
    ):
        spotted[row : row + size, column : column + size] = 60.0 if dark else 235.0
    return spotted
