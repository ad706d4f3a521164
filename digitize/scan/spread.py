"""Two pages in one scan: whether a frame is an open book or paper, and where its gutter runs.

Only what is sure is split: the frame is wide, a clean strip runs down its middle from edge to edge,
and there is running print at its sides. A map, a table, a photo over two pages or a title that
crosses the middle keeps its frame whole.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeAlias

import cv2
import numpy as np
import numpy.typing as npt

from digitize.scan.borders import clean_columns, find_bed
from pages.text import Box

Grey: TypeAlias = npt.NDArray[np.uint8]
Ink: TypeAlias = npt.NDArray[np.uint8]
Flags: TypeAlias = npt.NDArray[np.bool_]

WIDTH = 800
"""Pixels across of the small copy that is looked at."""

NARROWEST, WIDEST = 1.15, 2.1  # width by height of two upright pages side by side
MIDDLE = 0.12  # of the width: the gutter lies no further from the middle
LEAN, LEAN_STEP = 3.0, 0.25  # degrees
INK = 0.72  # of the paper: darker is ink
CLOSING, SMOOTHING = 13, 41  # pixels of the small copy
SHADOWED = 0.015  # of the width: a clean strip as wide is enough where a shadow lies in it
UNSHADOWED = 0.045  # of the width: without a shadow it must be as wide
WIDER = 1.8  # and as many times as wide as the widest gap elsewhere in the print
DIP = 0.06  # of the brightness beside it is missing in a shadow
NEAR = 0.06  # of the width: where the shadow's neighbourhood is measured
BANDS, SHADOWED_BANDS = 12, 11  # a fold in the paper, or a rule, ends before the edges of the scan
LINE = 0.9  # of its length a dark line in the gutter is there
HARDLY = 0.5  # grey levels
LINES = 8  # of print at a side
STRIP = 24  # pixels of the small copy: so narrow that lines of print do not lean across it
PRINTED = 0.25  # of a page's width at least bears print


@dataclass(frozen=True, slots=True)
class Spread:
    """The two pages of a frame, in pixels of the upright frame; they overlap on a leaning gutter.

    ``angle`` is the lean of the gutter in degrees (positive: its foot lies further right);
    ``shadow`` tells whether the gutter is dark, ``width`` is that of the clean strip in pixels.
    """

    left: Box
    right: Box
    angle: float
    shadow: bool
    width: int


@dataclass(frozen=True, slots=True)
class _Crease:
    """A shadow or dark line in the middle of the small copy: column at half height, and lean."""

    column: int
    angle: float


@dataclass(frozen=True, slots=True)
class _Strip:
    """A clean strip of the small copy: its columns at half height, and its lean in degrees."""

    start: int
    end: int
    angle: float

    @property
    def width(self) -> int:
        return self.end - self.start


def find_spread(grey: Grey, width: int, height: int) -> Spread | None:
    """Return the two pages of an upright frame of ``width`` × ``height``, or None for one page.

    ``grey`` is the frame, or a smaller copy of it of at least ``WIDTH`` pixels across.
    """
    if not is_wide(width, height) or grey.shape[1] < WIDTH // 2:
        return None
    tall = max(1, round(WIDTH * height / width))
    small = np.asarray(cv2.resize(grey, (WIDTH, tall), interpolation=cv2.INTER_AREA), np.uint8)
    page = find_bed(small).page
    small = np.ascontiguousarray(small[page.top : page.bottom, page.left : page.right])
    if small.shape[1] / small.shape[0] < NARROWEST:
        return None
    paper = _paper(small)
    ink = (small < INK * paper).astype(np.uint8)
    crease = _crease(small, paper, ink)
    strip = _strip_around(ink, crease) if crease else _clean_strip(ink)
    if strip is None:
        return None
    sides = [_is_print(side) for side in _sides(ink, strip)]
    sure = any(sides) if crease else all(sides) and _stands_out(ink, strip)
    return _spread(strip, crease, page, (width, height)) if sure else None


def is_wide(width: int, height: int) -> bool:
    """Return whether an upright frame has the shape of two pages side by side."""
    return NARROWEST <= width / height <= WIDEST


def before_turn(box: Box, quarter_turn: int, width: int, height: int) -> Box:
    """Return a box of the upright frame (``width`` × ``height``) in pixels before its turn."""
    left, top, right, bottom = box
    return (
        box,
        Box(top, width - right, bottom, width - left),
        Box(width - right, height - bottom, width - left, height - top),
        Box(height - bottom, left, height - top, right),
    )[quarter_turn % 4]


def _paper(small: Grey) -> Grey:
    """Brightness of the paper with its shadows, without the print."""
    kernel = cv2.getStructuringElement(cv2.MORPH_RECT, (CLOSING, CLOSING))
    closed = cv2.morphologyEx(small, cv2.MORPH_CLOSE, kernel, borderType=cv2.BORDER_REPLICATE)
    # Along the gutter only: across it the shadow would be lost.
    return np.asarray(cv2.blur(closed, (3, SMOOTHING), borderType=cv2.BORDER_REPLICATE), np.uint8)


def _upright(image: Grey, angle: float, *, nearest: bool) -> Grey:
    """The image sheared so that what leans by ``angle`` stands upright; half height keeps still."""
    height, width = image.shape
    slope = math.tan(math.radians(angle))
    to = np.array([[1.0, slope, -slope * height / 2], [0.0, 1.0, 0.0]])
    flags = (cv2.INTER_NEAREST if nearest else cv2.INTER_LINEAR) | cv2.WARP_INVERSE_MAP
    return np.asarray(
        cv2.warpAffine(image, to, (width, height), flags=flags, borderMode=cv2.BORDER_REPLICATE),
        np.uint8,
    )


def _angles() -> list[float]:
    """The leans that are tried, the least first."""
    steps = round(LEAN / LEAN_STEP)
    return sorted((n * LEAN_STEP for n in range(-steps, steps + 1)), key=abs)


def _middle(width: int) -> slice:
    return slice(round((0.5 - MIDDLE) * width), round((0.5 + MIDDLE) * width))


def _clean_strip(ink: Ink) -> _Strip | None:
    """The widest strip without print that crosses the middle, of the least lean."""
    found: list[_Strip] = []
    middle = _middle(ink.shape[1])
    for angle in _angles():
        for start, end in _runs(clean_columns(_upright(ink, angle, nearest=True))):
            if start < middle.stop and end > middle.start:
                found.append(_Strip(start, end, angle))
    return max(found, key=lambda strip: strip.width, default=None)


def _strip_around(ink: Ink, crease: _Crease) -> _Strip | None:
    """The widest clean strip in which the crease lies, or None where print comes too near."""
    near = [angle for angle in _angles() if abs(angle - crease.angle) <= LEAN / 2]
    near.sort(key=lambda angle: abs(angle - crease.angle))
    found = [_strip_at(ink, crease.column, angle) for angle in near]
    widest = max(found, key=lambda strip: strip.width, default=None)
    return widest if widest and widest.width >= SHADOWED * ink.shape[1] else None


def _strip_at(ink: Ink, column: int, angle: float) -> _Strip:
    upright = _upright(ink, angle, nearest=True)
    free = clean_columns(upright) | (upright.mean(axis=0) >= LINE)
    free[max(0, column - 2) : column + 3] = True
    start, end = next((a, b) for a, b in _runs(free) if a <= column < b)
    return _Strip(start, end, angle)


def _runs(flags: Flags) -> list[tuple[int, int]]:
    """First and last (exclusive) place of each run of true."""
    steps = np.diff(np.concatenate(([0], flags.astype(np.int8), [0])))
    return list(
        zip(np.flatnonzero(steps == 1).tolist(), np.flatnonzero(steps == -1).tolist(), strict=True)
    )


def _crease(small: Grey, paper: Grey, ink: Ink) -> _Crease | None:
    """The shadow or the dark line of the gutter, from the top of the scan to its foot; or None."""
    return _shadow(paper) or _line(small, ink)


def _shadow(paper: Grey) -> _Crease | None:
    """Where the paper itself is darkest along a line through the middle, if darker than beside."""
    crease = _darkest(paper)
    upright = _upright(paper, crease.angle, nearest=False).astype(np.float32)
    near, width = round(NEAR * upright.shape[1]), upright.shape[1]
    beside = [max(0, crease.column - near), min(width - 1, crease.column + near)]
    dark = 0
    for band in np.array_split(upright, BANDS):
        profile = band.mean(axis=0)
        here = profile[max(0, crease.column - 2) : crease.column + 3].min()
        dark += bool(here <= (1 - DIP) * profile[beside].min())
    return crease if dark >= SHADOWED_BANDS else None


def _line(small: Grey, ink: Ink) -> _Crease | None:
    """A thin dark line that runs to both ends of the scan, which a printed rule does not."""
    crease = _darkest(small)
    upright = _upright(ink, crease.angle, nearest=True)
    line: Flags = upright[:, max(0, crease.column - 1) : crease.column + 2].max(axis=1) > 0
    end = max(2, len(line) // 40)
    through = line[:end].all() and line[-end:].all() and line.mean() >= LINE
    return crease if through else None


def _darkest(image: Grey) -> _Crease:
    """The darkest line of the middle, of the least lean among equals."""
    middle = _middle(image.shape[1])
    best, darkest = _Crease(middle.start, 0.0), math.inf
    for angle in _angles():
        profile = _upright(image, angle, nearest=False)[:, middle].mean(axis=0)
        least = float(profile.min())
        if least < darkest - 1e-6:
            column = int(np.median(np.flatnonzero(profile <= least + HARDLY)))
            best, darkest = _Crease(middle.start + column, angle), least
    return best


def _sides(ink: Ink, strip: _Strip) -> tuple[Ink, Ink]:
    upright = _upright(ink, strip.angle, nearest=True)
    return upright[:, : strip.start], upright[:, strip.end :]


def _is_print(side: Ink) -> bool:
    """Whether a side bears running print: lines in many narrow strips of its width."""
    strips = [_lines(side[:, x : x + STRIP]) for x in range(0, side.shape[1] - STRIP, STRIP)]
    printed = sum(count >= LINES for count in strips)
    return bool(strips) and printed >= PRINTED * len(strips)


def _lines(strip: Ink) -> int:
    """Lines of print in a narrow strip: runs of rows with ink of about the same height."""
    runs = _runs(strip.max(axis=1, initial=0) > 0)
    heights = sorted(b - a for a, b in runs)
    usual = heights[len(heights) // 2] if heights else 0
    return sum(0.5 * usual <= height <= 2 * usual for height in heights) if usual > 1 else 0


def _stands_out(ink: Ink, strip: _Strip) -> bool:
    """Whether the strip is wide, and wider by far than every gap elsewhere in the print."""
    width = ink.shape[1]
    if strip.width < UNSHADOWED * width:
        return False
    gaps: list[int] = []
    for side in _sides(ink, strip):
        runs = _runs(clean_columns(side))
        gaps.extend(b - a for a, b in _within(runs, side.shape[1]))
    return strip.width >= WIDER * max(gaps, default=0)


def _within(runs: Iterable[tuple[int, int]], width: int) -> list[tuple[int, int]]:
    """The runs without the margins at both ends."""
    return [(a, b) for a, b in runs if a > 0 and b < width]


def _spread(strip: _Strip, crease: _Crease | None, page: Box, size: tuple[int, int]) -> Spread:
    """The pages of the frame of ``size``; ``page`` and strip lie in its small copy."""
    width, height = size
    scale = width / WIDTH
    drift = abs(math.tan(math.radians(strip.angle))) * page.height / 2
    # The left page ends where the last of its print can be, the right one begins likewise.
    first, last = strip.start + drift, strip.end - drift
    if first <= last:
        middle = (strip.start + strip.end) / 2 if crease is None else crease.column
        first = last = min(max(middle, first), last)
    left = min(width, round((page.left + first) * scale))
    right = max(0, round((page.left + last) * scale))
    across = round(strip.width * scale)
    pages = Box(0, 0, left, height), Box(right, 0, width, height)
    return Spread(*pages, strip.angle, crease is not None, across)
