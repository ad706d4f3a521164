"""What surrounds a page in its scan: the black bed of a scanner, a neighbouring page's rim.

Arrays are 8-bit grey, (height, width), 0 black, small copies of a scan (about 1/8); nothing given
is changed.
"""

from dataclasses import dataclass
from itertools import pairwise
from typing import TypeAlias

import cv2
import numpy as np
import numpy.typing as npt

from pages.text import Box

Grey: TypeAlias = npt.NDArray[np.uint8]
Mask: TypeAlias = npt.NDArray[np.bool_]

BLACK = 0.4  # of the paper's brightness: darker is no paper in shadow
BLACKEST_PAPER = 90  # grey levels: a bed is darker than this however bright the paper
PAPER_PERCENTILE = 75
GRAIN = 3  # cells: what is thinner is print, not bed
DEPTH = 0.15  # of a side: a bed reaches no further in
OUTSIDE = 0.7  # share of a dark mass that must lie within that depth
LENGTH = 0.25  # of a side: a bed is at least as long
COVERED = 0.5  # of a row or column: then everything beyond it is cut off
RIM_DEPTH = 0.07  # of the width
RIM_GAP = 0.008  # of the width: clean paper between a rim and the page
RIM_LINES = 5  # pieces of print that the scan's edge cuts through
CLEAN = 0.006  # of a column's cells may be ink, and it still counts as clean
_NO_DEPTH = 3


@dataclass(frozen=True, slots=True)
class Surround:
    """``page`` is the box of cells that the page fills; ``bed`` tells which cells are bed."""

    page: Box
    bed: Mask

    @property
    def is_bare(self) -> bool:
        """Whether the scan shows nothing but the page."""
        return not self.bed.any()


def find_bed(small: Grey) -> Surround:
    """Return where the page lies and what is black bed around it, in cells of ``small``.

    Bed is a dark mass that touches the edge of the scan along a quarter of a side at least and
    reaches no further in than 15 %; a dark picture in the page, or a dark cover, is none.
    """
    height, width = small.shape
    paper = float(np.percentile(small, PAPER_PERCENTILE))
    dark = (small < min(BLACK * paper, BLACKEST_PAPER)).astype(np.uint8)
    kernel = np.ones((GRAIN, GRAIN), np.uint8)
    dark = np.asarray(
        cv2.morphologyEx(dark, cv2.MORPH_OPEN, kernel, borderType=cv2.BORDER_REPLICATE), np.uint8
    )
    count, labels, stats, _ = cv2.connectedComponentsWithStats(dark, connectivity=8)
    rim = _outer(height, width)
    bed = np.zeros(small.shape, np.bool_)
    for number in range(1, count):
        mass = labels == number
        area = int(stats[number, cv2.CC_STAT_AREA])
        if _is_long(mass) and (mass & rim).sum() >= OUTSIDE * area:
            bed |= mass
    return Surround(_page_box(bed), bed & rim)


def find_rims(ink: Mask, edge: Mask) -> tuple[int, int]:
    """Return how many columns at the left and at the right belong to a neighbouring page.

    ``ink`` are the dark cells of the straightened page; ``edge`` the cells at the left or right
    edge of the scan, straightened with it. A rim is a narrow band of print that the edge cuts
    through in several lines, with clean paper between it and the page.
    """
    left = _rim(ink, edge)
    right = _rim(ink[:, ::-1], edge[:, ::-1])
    return left, right


def clean_columns(ink: npt.NDArray[np.generic]) -> Mask:
    """Return which columns hold (almost) no ink; ``ink`` is true, or 1, where it is dark."""
    return np.asarray(ink.mean(axis=0) <= CLEAN, dtype=np.bool_)


def _rim(ink: Mask, edge: Mask) -> int:
    width = ink.shape[1]
    depth, gap = round(RIM_DEPTH * width), max(2, round(RIM_GAP * width))
    if depth < _NO_DEPTH:
        return 0
    clean = clean_columns(ink)
    filled = np.flatnonzero(~clean)
    if not len(filled) or filled[0] >= depth:
        return 0
    # Between the columns that bear ink lie the gaps; the widest that begins near is the margin.
    gaps = [(int(b - a) - 1, int(a) + 1) for a, b in pairwise(filled) if b - a > gap and a < depth]
    if not gaps:
        return 0
    end = max(gaps)[1]
    cut = (ink & edge)[:, :end].any(axis=1)
    pieces = int(np.count_nonzero(np.diff(np.concatenate(([0], cut.view(np.int8)))) == 1))
    # A cell more: a few last grains of the rim make no column count as inked.
    return end + 1 if pieces >= RIM_LINES else 0


def _outer(height: int, width: int) -> Mask:
    """The cells within ``DEPTH`` of an edge."""
    rim = np.ones((height, width), np.bool_)
    down, across = round(DEPTH * height), round(DEPTH * width)
    rim[down : height - down, across : width - across] = False
    return rim


def _is_long(mass: Mask) -> bool:
    sides = (mass[0], mass[-1], mass[:, 0], mass[:, -1])
    return any(side.mean() >= LENGTH for side in sides)


def _page_box(bed: Mask) -> Box:
    left, right = _inner(bed.mean(axis=0))
    top, bottom = _inner(bed.mean(axis=1))
    return Box(left, top, max(left + 1, right), max(top + 1, bottom))


def _inner(covered: npt.NDArray[np.float64]) -> tuple[int, int]:
    """First and last (exclusive) place that no covered one has between itself and the middle."""
    size = len(covered)
    depth = round(DEPTH * size)
    full = covered >= COVERED
    before, after = np.flatnonzero(full[:depth]), np.flatnonzero(full[size - depth :])
    first = int(before[-1]) + 1 if len(before) else 0
    last = size - depth + int(after[0]) if depth and len(after) else size
    return first, last
