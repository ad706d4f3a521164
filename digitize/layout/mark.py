"""Blocks of a recognised page get their kinds; their order stays that of the engine."""

import re
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from digitize.layout.blocks import Block, gather
from digitize.layout.boxes import below, beside, hull, share_inside
from digitize.layout.drawn import Drawn, find_drawn
from digitize.layout.kinds import (
    Measure,
    Print,
    columns_of,
    confidence_of,
    is_large,
    masthead_bottom,
    measure_of,
    page_number,
    prints_of,
    running_head,
    split_line,
)
from digitize.layout.pose import Pose, pose_of
from digitize.work.stages import LAYOUT
from pages.text import Box, Line, PageText, ProcessingStep, Region

READABLE_TABLE = 0.6  # mean confidence below which a line in a table is garbage
PRINT_ON_GREY = 0.8  # mean confidence of the words on a tinted ground that is no picture
TIGHT = 0.5  # of a line: less blank than over a headline
GUESSED = 0.45  # mean confidence below which a line beside a picture was read out of it
_FEW = 4  # words
_SOLD = re.compile(r"\b\d{2,3}-\d{2}-\d{2}\b|\bтел\b", re.IGNORECASE)


def mark_regions(image: npt.NDArray[np.uint8], page: PageText) -> PageText:
    """Return the page with its blocks cut and named; neither input is changed.

    ``image`` is the whole frame in 8-bit grey, as decoded or at any other scale (what
    :func:`digitize.scan.decode.load_grey` gives; not turned, not straightened: the turn is read
    from the baselines, the lean from ``page.skew``). Boxes stay pixels of the frame. Regions are
    numbered anew (``r1`` …) in the engine's reading order, separators last. Illustrations and
    separators have no lines, tables only those that can be read. A page without words comes back
    as it is. About 0.2 s a page.
    """
    pose = pose_of(page)
    prints = prints_of(page.regions, pose)
    measure = measure_of(prints, pose)
    if measure is None:
        return page
    drawn = _without_letters(find_drawn(image, pose, measure.line), prints, measure)
    pictures = tuple(box for box in drawn.pictures if not _is_tint(box, prints))
    prints = [p for p in prints if not _is_garbage(p, pictures, drawn)]
    columns = columns_of(prints, measure)
    prints = [part for p in prints for part in split_line(p, columns, measure, pose)]
    if not prints:
        return replace(page, regions=())
    rules = (*drawn.horizontal, *drawn.vertical)
    blocks = gather(_named(prints, measure, pose, drawn), measure, rules)
    blocks = _advertisements(blocks, drawn, measure)
    for kind, boxes in (("illustration", pictures), ("table", drawn.tables)):
        blocks = _with_drawings(blocks, kind, boxes)
    # The engine's order stays: measured on the samples, no order of ours was as good on all.
    blocks += [Block("separator", box) for box in rules]
    regions = _regions(blocks, pose)
    step = ProcessingStep(LAYOUT.name, LAYOUT.version)
    return replace(page, regions=regions, provenance=(*page.provenance, step))


def page_label(page: PageText) -> str | None:
    """The printed number of a marked page, None where it has none: a proposal for its label."""
    for region in page.regions:
        if region.kind == "page_number":
            for line in region.lines:
                if (found := page_number(line)) is not None:
                    return found
    return None


def _without_letters(drawn: Drawn, prints: Sequence[Print], measure: Measure) -> Drawn:
    """Rules that are strokes of large letters are none."""
    large = [p.box for p in prints if p.box.height > 1.5 * measure.line]
    flat = tuple(
        rule for rule in drawn.horizontal if not any(share_inside(rule, box) > 0.7 for box in large)
    )
    return replace(drawn, horizontal=flat)


def _is_tint(box: Box, prints: Sequence[Print]) -> bool:
    """Whether a dark patch is the ground of readable print, not a picture."""
    inside = [p.line for p in prints if share_inside(p.box, box) > 0.5]
    words = [w for line in inside for w in line.words if len(w.text) > 2]
    return len(words) > _FEW and confidence_of(inside) >= PRINT_ON_GREY


def _is_garbage(found: Print, pictures: Sequence[Box], drawn: Drawn) -> bool:
    """Whether a line was read out of a picture, a rule or the grid of a table."""
    if any(share_inside(found.box, box) > 0.5 for box in pictures):
        return True
    if confidence_of([found.line]) < GUESSED and any(_near(found.box, box) for box in pictures):
        return True
    if any(sign.isalnum() for sign in found.line.text):
        in_table = any(share_inside(found.box, box) > 0.5 for box in drawn.tables)
        return in_table and confidence_of([found.line]) < READABLE_TABLE
    rules = (*drawn.horizontal, *drawn.vertical, *drawn.tables)
    return any(beside(found.box, box) > 0 and below(found.box, box) > 0 for box in rules)


def _near(box: Box, picture: Box) -> bool:
    """Whether a box lies where a light part of a picture may be: within half its height."""
    reach = picture.height // 2
    grown = Box(picture.left, picture.top - reach, picture.right, picture.bottom + reach)
    return share_inside(box, grown) > 0.5


def _named(
    prints: Sequence[Print], measure: Measure, pose: Pose, drawn: Drawn
) -> list[tuple[Print, str]]:
    """Every line with its kind."""
    page = hull(p.box for p in prints)
    running = running_head(prints, measure, page)
    numbered = any(prints[n].box.top < page.top + page.height / 2 for n in running)
    head = None if numbered else masthead_bottom(prints, measure, page)
    named: list[tuple[Print, str]] = []
    for number, found in enumerate(prints):
        kind = "headline" if is_large(found, measure, pose) else "text"
        if kind == "headline" and named and _runs_on(named[-1], found, measure):
            kind = "text"
        if head is not None and found.box.top < head:
            kind = "masthead"
        elif number in running:
            kind = "masthead" if page_number(found.line) is None else "page_number"
        elif any(share_inside(found.box, box) > 0.5 for box in drawn.tables):
            kind = "table"
        named.append((found, kind))
    return named


def _runs_on(last: tuple[Print, str], found: Print, measure: Measure) -> bool:
    """Whether a line follows text without any blank: then it is text, however large it seems."""
    upper, kind = last
    gap = found.box.top - upper.box.bottom
    same = kind == "text" and upper.block == found.block and below(upper.box, found.box) > 0
    return same and gap <= TIGHT * measure.line and found.box.height < 2 * measure.line


def _advertisements(blocks: list[Block], drawn: Drawn, measure: Measure) -> list[Block]:
    """Blocks in a frame with large print all over, or with a telephone number, become one."""
    for frame in _frames(drawn, measure):
        inside = [b for b in blocks if share_inside(b.box, frame) > 0.7]
        prints = [p for b in inside for p in b.prints]
        if not inside or not _advertises(inside, prints):
            continue
        one = Block("advertisement", hull(p.box for p in prints), tuple(prints))
        at = blocks.index(inside[0])
        blocks = [one if n == at else b for n, b in enumerate(blocks) if n == at or b not in inside]
    return blocks


def _advertises(inside: Sequence[Block], prints: Sequence[Print]) -> bool:
    heads = [block for block in inside if block.kind == "headline"]
    large = sum(len(block.prints) for block in heads)
    sold = any(_SOLD.search(p.line.text) for p in prints)
    return large >= 0.4 * len(prints) and (len(heads) > 1 or sold)


def _frames(drawn: Drawn, measure: Measure) -> list[Box]:
    """Boxes that rules close on all four sides."""
    reach = 2 * measure.line
    found = []
    for top in drawn.horizontal:
        for bottom in drawn.horizontal:
            alike = abs(top.left - bottom.left) + abs(top.right - bottom.right) <= reach
            if bottom.top <= top.bottom + reach or not alike:
                continue
            box = Box(top.left, top.top, top.right, bottom.bottom)
            sides = [v for v in drawn.vertical if beside(v, box) >= 0.9 * box.height]
            ends = (box.left, box.right)
            if all(any(abs(v.left - x) <= reach / 2 for v in sides) for x in ends):
                found.append(box)
    return found


def _with_drawings(blocks: list[Block], kind: str, boxes: Sequence[Box]) -> list[Block]:
    """The blocks with each drawing before the first block that stands below it; its lines in it."""
    for box in boxes:
        inside = [b for b in blocks if b.kind == kind and share_inside(b.box, box) > 0.5]
        prints = tuple(p for b in inside for p in b.prints)
        rest = [b for b in blocks if b not in inside]
        under = [
            (b.box.top, n)
            for n, b in enumerate(rest)
            if b.box.top >= box.top + box.height // 2 and below(b.box, box) > 0
        ]
        at = min(under)[1] if under else len(rest)
        blocks = [*rest[:at], Block(kind, box, prints), *rest[at:]]
    return blocks


def _regions(blocks: Sequence[Block], pose: Pose) -> tuple[Region, ...]:
    regions: list[Region] = []
    for block in blocks:
        lines = tuple(p.line for p in block.prints)
        box = _frame_box(block, lines, pose)
        if box is not None:
            regions.append(Region(f"r{len(regions) + 1}", block.kind, box, lines))
    return tuple(regions)


def _frame_box(block: Block, lines: Sequence[Line], pose: Pose) -> Box | None:
    """The box of a block in the frame: of its lines, or of what is drawn."""
    if block.kind in ("illustration", "table", "separator"):
        return pose.in_frame(block.box)
    return hull(line.box for line in lines)
