"""What a printed line is, told by its size, its place and its words."""

import re
import statistics
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise

from catalog.data import rows
from digitize.layout.boxes import hull
from digitize.layout.pose import Pose
from language.dates import find_dates
from pages.text import Box, Line, Region

HEADLINE = 1.24  # of the size of the page's text; smallest headlines 1.3, subheadings up to 1.15
READABLE = 0.4  # mean confidence below which large print is no headline
TITLE = 2.2  # a newspaper's own title, in line heights of its text
HEAD = 0.3  # share of a page's height that a masthead may take
COLUMN_LINES = 5  # lines that begin at the left edge of a column
INDENT = 4  # widest indent of a paragraph, in line heights
COLUMN_GAP = 1.0  # least gap between the words of two columns, in heights of their line
MARGIN = 0.08  # share at top and bottom where running numbers stand
FACTS = 12  # most words of a line with the number or date of an issue
_NUMBER = re.compile(
    r"(?:№|[NＮ][o°º]?\.?)\s*\d{1,4}\b|\b\d{4}\s*(?:ж\.|г\.|жыл|год)", re.IGNORECASE
)
_PAGE = re.compile(r"[-–—\s]*(\d{1,4})[-–—\s.]*")


@dataclass(frozen=True, slots=True)
class Print:
    """A line with its upright box and the block of the engine's that it came from."""

    line: Line
    box: Box
    block: int


@dataclass(frozen=True, slots=True)
class Measure:
    """Of body text, in frame pixels: median height of a line, and of a small letter."""

    line: float
    size: float


def prints_of(regions: Sequence[Region], pose: Pose) -> list[Print]:
    """The lines of regions, in order, with upright boxes."""
    return [
        Print(line, pose.straight(line.box), number)
        for number, region in enumerate(regions)
        for line in region.lines
    ]


def measure_of(prints: Sequence[Print], pose: Pose) -> Measure | None:
    """The size of body text: medians over words, so that much text weighs much; None without."""
    lines = [p.box.height for p in prints for _ in p.line.words]
    sizes = [size for p in prints for size in [_size(p, pose)] * len(p.line.words)]
    return Measure(statistics.median(lines), statistics.median(sizes)) if sizes else None


def is_large(found: Print, measure: Measure, pose: Pose) -> bool:
    """Whether a line is set larger than the text: a headline, if it is none of a masthead."""
    letters = sum(sign.isalpha() for sign in found.line.text)
    if letters < 2 or confidence_of([found.line]) < READABLE:
        return False
    return _size(found, pose) >= HEADLINE * measure.size


def _size(found: Print, pose: Pose) -> float:
    """The size of type of a line: the height of its small letters.

    That of the line as a whole, or of its median word where the line's box holds more than print.
    """
    words = [
        size
        for word in found.line.words
        for size in [pose.straight(word.box).height / _extent(word.text)] * len(word.text)
    ]
    return min(found.box.height / _extent(found.line.text), statistics.median(words))


def _extent(text: str) -> float:
    """Height of a text over that of its small letters."""
    shapes = [_shapes().get(sign, (0.0, 0.0)) for sign in text]
    return 1.0 + max(rise for rise, _ in shapes) + max(hang for _, hang in shapes)


@cache
def _shapes() -> dict[str, tuple[float, float]]:
    """How far a letter rises above a small one and hangs below the line."""
    return {
        letter: (float(row["rise"]), float(row["hang"]))
        for row in rows("layout/letter_shapes.tsv")
        for letter in row["letters"]
    }


def columns_of(prints: Sequence[Print], measure: Measure) -> list[int]:
    """Left edges of the columns of text: where many lines begin; indents are none."""
    edges: Counter[int] = Counter()
    step = max(1, round(measure.line / 2))
    for found in prints:
        edges[found.box.left // step] += 1
        edges[found.box.left // step + 1] += 1
    borders: list[int] = []
    for edge in sorted(edge * step for edge, lines in edges.items() if lines >= COLUMN_LINES):
        if not borders or edge - borders[-1] > INDENT * measure.line:
            borders.append(edge)
    return borders


def split_line(found: Print, columns: Sequence[int], measure: Measure, pose: Pose) -> list[Print]:
    """The line cut where it runs from one column into the next: at a wide gap over their border."""
    words = found.line.words
    boxes = [pose.straight(word.box) for word in words]
    cuts = [0]
    for number, (one, other) in enumerate(pairwise(boxes), start=1):
        wide = other.left - one.right >= COLUMN_GAP * found.box.height
        tolerance = measure.line / 2
        over = any(one.right <= x + tolerance and x <= other.left + tolerance for x in columns)
        if wide and over:
            cuts.append(number)
    if len(cuts) == 1:
        return [found]
    parts = []
    for first, end in pairwise([*cuts, len(words)]):
        box = hull(word.box for word in words[first:end])
        line = replace(found.line, words=words[first:end], box=box, baseline=_base(found.line, box))
        parts.append(Print(line, pose.straight(box), found.block))
    return parts


def _base(line: Line, box: Box) -> tuple[int, int, int, int]:
    """The stretch of a line's baseline that lies in ``box``, along its longer way."""
    x0, y0, x1, y1 = line.baseline
    if abs(x1 - x0) >= abs(y1 - y0):
        slope = (y1 - y0) / (x1 - x0) if x1 != x0 else 0.0
        left, right = (box.left, box.right) if x1 >= x0 else (box.right, box.left)
        return left, round(y0 + slope * (left - x0)), right, round(y0 + slope * (right - x0))
    slope = (x1 - x0) / (y1 - y0)
    top, bottom = (box.top, box.bottom) if y1 >= y0 else (box.bottom, box.top)
    return round(x0 + slope * (top - y0)), top, round(x0 + slope * (bottom - y0)), bottom


def is_facts(line: Line) -> bool:
    """Whether a line tells number or date of an issue, and little besides."""
    few = len(line.words) <= FACTS
    return few and bool(_NUMBER.search(line.text) or find_dates(line.text))


def masthead_bottom(prints: Sequence[Print], measure: Measure, page: Box) -> int | None:
    """Where the head of a first page ends: below title, number and date; None without such a head.

    ``page`` is the hull of all print. A head has a line in very large type in the upper part of the
    page with a line of facts near it.
    """
    limit = page.top + HEAD * page.height
    upper = [p for p in prints if p.box.bottom <= limit]
    titles = [p for p in upper if p.box.height >= TITLE * measure.line]
    facts = [p for p in upper if p.box.height < TITLE * measure.line and is_facts(p.line)]
    for title in sorted(titles, key=lambda p: -p.box.height):
        reach = 3 * title.box.height
        near = [f for f in facts if abs(f.box.top - title.box.bottom) <= reach]
        above = [p for p in prints if p.box.bottom <= title.box.top]
        if near and len(above) <= len(near) + 6:
            return max(title.box.bottom, *(f.box.bottom for f in near))
    return None


def running_head(prints: Sequence[Print], measure: Measure, page: Box) -> set[int]:
    """Positions of the lines of a running head or foot: a row with a page number or a date.

    It stands at the very top or bottom of the page, in small type and alone.
    """
    edge = MARGIN * page.height
    for number, found in enumerate(prints):
        box = found.box
        at_top = box.top <= page.top + measure.line and box.bottom <= page.top + edge
        at_bottom = box.bottom >= page.bottom - measure.line and box.top >= page.bottom - edge
        dated = at_top and is_facts(found.line)
        if not (at_top or at_bottom) or not (dated or page_number(found.line)):
            continue
        row = {n for n, p in enumerate(prints) if _same_row(p.box, box)} | {number}
        if _alone(prints, row, box, measure):
            return row
        if not dated and len(found.line.words) == 1:
            return {number}
    return set()


def page_number(line: Line) -> str | None:
    """The number that a line begins or ends with, where that is all but a running title."""
    words = [word.text for word in line.words]
    if len(words) > FACTS or len(words[0]) > 40:
        return None
    for word in (words[0], words[-1]):
        match = _PAGE.fullmatch(word)
        if match and (len(words) == 1 or len(match[1]) <= 3):
            return match[1]
    return None


def confidence_of(lines: Sequence[Line]) -> float:
    """Mean confidence of the words (none given counts as sure); 0.0 without words."""
    known = [1.0 if w.confidence is None else w.confidence for x in lines for w in x.words]
    return sum(known) / len(known) if known else 0.0


def _same_row(one: Box, other: Box) -> bool:
    shared = min(one.bottom, other.bottom) - max(one.top, other.top)
    return shared >= 0.5 * min(one.height, other.height)


def _alone(prints: Sequence[Print], row: set[int], place: Box, measure: Measure) -> bool:
    """Whether a row is a running head: few words, and a gap to the print next to it."""
    words = sum(len(prints[number].line.words) for number in row)
    others = [p.box for number, p in enumerate(prints) if number not in row]
    gaps = [max(box.top - place.bottom, place.top - box.bottom) for box in others]
    small = all(prints[number].box.height < TITLE * measure.line for number in row)
    return small and words <= FACTS and min(gaps, default=measure.line) >= 0.3 * measure.line
