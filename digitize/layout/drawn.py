"""What is drawn on a page and is no text: pictures, ruling lines, ruled tables.

Found by OpenCV on the page at a small scale, turned upright; boxes are in upright coordinates of
the frame (:class:`digitize.layout.pose.Pose`).
"""

import math
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeAlias

import cv2
import numpy as np
import numpy.typing as npt

from digitize.layout.boxes import hull
from digitize.layout.pose import Pose
from pages.text import Box

Grey: TypeAlias = npt.NDArray[np.uint8]

cv2.setNumThreads(1)  # one process per core; threads inside would only fight for it

LINE = 16  # height of a line of body text at the scale of the search, pixels
INK = 0.82  # share of the paper's light below which a pixel is ink
DARKEST_PAPER = 0.75  # of the brightest paper: a patch below that is a picture, not shade
PICTURE = 5  # least side of a picture, in lines
RULE = 5  # least length of a rule, in lines
FILLED = 0.55  # share of its box that a picture's ink covers
TABLE_RULES = 3  # least number of rules each way
TABLE_ROW = 6  # widest row of a table, in lines
SPANS = 0.8  # share of a table's side that its rules cover


@dataclass(frozen=True, slots=True)
class Drawn:
    """Boxes of pictures, of horizontal and vertical rules outside tables, and of tables."""

    pictures: tuple[Box, ...]
    horizontal: tuple[Box, ...]
    vertical: tuple[Box, ...]
    tables: tuple[Box, ...]


def find_drawn(image: Grey, pose: Pose, line: float) -> Drawn:
    """Return what is drawn on the page; ``line`` is the height of body text in frame pixels.

    ``image`` is the frame in 8-bit grey at any scale. About 0.1 s for an A3 page.
    """
    scale = min(1.0, LINE / line)
    small, to_upright = _upright(image, pose, scale)
    ink = _ink(small)
    pictures = _pictures(ink)
    for box in pictures:
        ink[box.top : box.bottom, box.left : box.right] = 0
    horizontal, vertical = _rules(ink), [_swapped(box) for box in _rules(ink.T)]
    tables = _tables(horizontal, vertical)
    kept = [[box for box in rules if not _in_any(box, tables)] for rules in (horizontal, vertical)]
    found = (pictures, *kept, tables)
    return Drawn(*(tuple(_placed(box, to_upright) for box in boxes) for boxes in found))


def _upright(image: Grey, pose: Pose, scale: float) -> tuple[Grey, tuple[float, float, float]]:
    """The page upright and small, and (scale, left, top) that places its pixels."""
    size = (max(1, round(pose.width * scale)), max(1, round(pose.height * scale)))
    small = cv2.resize(image, size, interpolation=cv2.INTER_AREA)
    if not pose.angle:
        return np.asarray(small, np.uint8), (scale, 0.0, 0.0)
    turn = math.radians(pose.angle)
    cosine, sine = math.cos(turn), math.sin(turn)
    width = math.ceil(size[0] * abs(cosine) + size[1] * abs(sine))
    height = math.ceil(size[0] * abs(sine) + size[1] * abs(cosine))
    x, y = size[0] / 2, size[1] / 2
    matrix = np.array(
        [
            [cosine, -sine, width / 2 - cosine * x + sine * y],
            [sine, cosine, height / 2 - sine * x - cosine * y],
        ]
    )
    paper = float(np.median(small))
    turned = cv2.warpAffine(small, matrix, (width, height), borderValue=(paper,))
    left, top = pose.width / 2 - width / 2 / scale, pose.height / 2 - height / 2 / scale
    return np.asarray(turned, np.uint8), (scale, left, top)


def _placed(box: Box, to_upright: tuple[float, float, float]) -> Box:
    scale, left, top = to_upright
    return Box(
        *(round(left + box.left / scale), round(top + box.top / scale)),
        *(round(left + box.right / scale), round(top + box.bottom / scale)),
    )


def _ink(small: Grey) -> Grey:
    """1 where there is ink. Shade is evened out, but not so far that a picture becomes paper."""
    height, width = small.shape
    size = (max(1, width // 8), max(1, height // 8))
    paper = cv2.resize(small, size, interpolation=cv2.INTER_AREA)
    paper = cv2.morphologyEx(paper, cv2.MORPH_CLOSE, np.ones((5, 5), np.uint8))
    paper = cv2.medianBlur(paper, 21)
    brightest = float(np.percentile(paper, 90))
    paper = np.maximum(paper, np.uint8(brightest * DARKEST_PAPER))
    full = cv2.resize(paper, (width, height), interpolation=cv2.INTER_LINEAR)
    return (small < full * INK).astype(np.uint8)


def _pictures(ink: Grey) -> list[Box]:
    """Large patches of ink without the gaps of print."""
    solid = cv2.morphologyEx(ink, cv2.MORPH_CLOSE, np.ones((3, 3), np.uint8))
    core = cv2.morphologyEx(solid, cv2.MORPH_OPEN, np.ones((LINE + 1, LINE + 1), np.uint8))
    joined = cv2.morphologyEx(core, cv2.MORPH_CLOSE, np.ones((LINE + 1, LINE + 1), np.uint8))
    least = PICTURE * LINE
    found = []
    for box, area in _components(np.asarray(joined, np.uint8)):
        large = box.width >= least and box.height >= least
        if large and area >= FILLED * box.width * box.height:
            found.append(box)
    return _joined(found)


def _joined(pictures: list[Box]) -> list[Box]:
    """Pieces of one picture, parted by a light strip, as one box."""
    joined: list[Box] = []
    for box in pictures:
        reach = 2 * LINE
        alike = (
            other
            for other in joined
            if abs(other.top - box.top) <= LINE
            and abs(other.bottom - box.bottom) <= LINE
            and max(other.left, box.left) - min(other.right, box.right) <= reach
        )
        other = next(alike, None)
        if other is None:
            joined.append(box)
        else:
            joined[joined.index(other)] = hull((other, box))
    return joined


def _rules(ink: Grey) -> list[Box]:
    """Boxes of long horizontal strokes; one that is broken or steps by a pixel is one rule."""
    length = RULE * LINE
    thick = cv2.dilate(ink, np.ones((3, 1), np.uint8))
    long = cv2.morphologyEx(thick, cv2.MORPH_OPEN, np.ones((1, length // 2), np.uint8))
    whole = cv2.dilate(long, np.ones((3, LINE), np.uint8))
    found = []
    for box, _ in _components(np.asarray(whole, np.uint8)):
        trimmed = Box(box.left + LINE // 2, box.top + 2, box.right - LINE // 2, box.bottom - 2)
        if trimmed.width >= length and trimmed.height <= LINE // 2:
            found.append(trimmed)
    return found


def _tables(horizontal: list[Box], vertical: list[Box]) -> list[Box]:
    """Boxes of grids: rules of like length one below the other, crossed by some of the other kind.

    A frame is no table, and neither are the rules between the columns of a page.
    """
    found: list[Box] = []
    for first in sorted(horizontal, key=lambda box: box.top):
        alike = [h for h in horizontal if _like(first, h) and h.top >= first.top]
        alike = _close_rows(sorted(alike, key=lambda box: box.top))
        if len(alike) < TABLE_RULES or _in_any(first, found):
            continue
        box = Box(first.left, first.top, first.right, alike[-1].bottom)
        crossing = [v for v in vertical if _crosses(v, box)]
        if len(crossing) >= TABLE_RULES:
            found.append(box)
    return found


def _close_rows(rules: list[Box]) -> list[Box]:
    for number, (upper, lower) in enumerate(pairwise(rules), start=1):
        if lower.top - upper.bottom > TABLE_ROW * LINE:
            return rules[:number]
    return rules


def _like(one: Box, other: Box) -> bool:
    shared = min(one.right, other.right) - max(one.left, other.left)
    return shared >= SPANS * max(one.width, other.width)


def _crosses(rule: Box, box: Box) -> bool:
    inside = box.left - LINE <= rule.left and rule.right <= box.right + LINE
    shared = min(rule.bottom, box.bottom) - max(rule.top, box.top)
    return inside and shared >= SPANS * box.height


def _in_any(box: Box, boxes: list[Box]) -> bool:
    return any(
        b.left - LINE <= box.left
        and box.right <= b.right + LINE
        and b.top - LINE <= box.top
        and box.bottom <= b.bottom + LINE
        for b in boxes
    )


def _components(mask: Grey) -> list[tuple[Box, int]]:
    """Box and area of every connected patch, from top to bottom.

    Few pages have any, and outlines are a tenth of the work of labels.
    """
    outlines, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    found = []
    for x, y, width, height in map(cv2.boundingRect, outlines):
        area = cv2.countNonZero(mask[y : y + height, x : x + width])
        found.append((Box(int(x), int(y), int(x + width), int(y + height)), area))
    return sorted(found, key=lambda patch: (patch[0].top, patch[0].left))


def _swapped(box: Box) -> Box:
    return Box(box.top, box.left, box.bottom, box.right)
