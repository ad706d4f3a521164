"""Lines gathered into blocks of one kind: what stays together on the page."""

from collections.abc import Sequence
from dataclasses import dataclass

from digitize.layout.boxes import below, beside, hull
from digitize.layout.kinds import Measure, Print
from pages.text import Box

GAP = 1.1  # blank between two lines of one block, in line heights
HEADLINE_GAP = 1.1  # the same between lines of a headline, in heights of that headline
ALIKE = 0.6  # least ratio of the heights of two lines of one headline


@dataclass(frozen=True, slots=True)
class Block:
    """Lines of one kind with their upright box; drawings have no lines."""

    kind: str
    box: Box
    prints: tuple[Print, ...] = ()


def gather(
    named: Sequence[tuple[Print, str]], measure: Measure, rules: Sequence[Box]
) -> list[Block]:
    """Return blocks in the order of their first lines.

    A block ends where the kind or the engine's block changes, at a blank, at a rule and where the
    print moves to another column; lines of one headline come together whatever the engine made of
    them.
    """
    runs: list[list[tuple[Print, str]]] = []
    for found in named:
        if runs and _goes_on(runs[-1][-1], found, measure, rules):
            runs[-1].append(found)
        else:
            runs.append([found])
    blocks = [_block([p for p, _ in run], run[0][1]) for run in runs]
    return _join_headlines(blocks, rules)


def _goes_on(
    last: tuple[Print, str], found: tuple[Print, str], measure: Measure, rules: Sequence[Box]
) -> bool:
    (upper, upper_kind), (lower, kind) = last, found
    if kind != upper_kind or below(upper.box, lower.box) <= 0:
        return False
    if kind == "headline":
        return _one_headline(_block([upper], kind), _block([lower], kind), rules)
    gap = lower.box.top - upper.box.bottom
    same = upper.block == lower.block and -upper.box.height < gap <= GAP * measure.line
    return same and not _parted(upper.box, lower.box, rules)


def _block(prints: Sequence[Print], kind: str) -> Block:
    return Block(kind, hull(p.box for p in prints), tuple(prints))


def _join_headlines(blocks: list[Block], rules: Sequence[Box]) -> list[Block]:
    joined: list[Block] = []
    for block in blocks:
        at = next((n for n, b in enumerate(joined) if _one_headline(b, block, rules)), None)
        if block.kind != "headline" or at is None:
            joined.append(block)
        else:
            prints = sorted([*joined[at].prints, *block.prints], key=lambda p: p.box.top)
            joined[at] = _block(prints, "headline")
    return joined


def _one_headline(upper: Block, lower: Block, rules: Sequence[Box]) -> bool:
    if upper.kind != "headline" or lower.kind != "headline":
        return False
    heights = sorted((upper.prints[-1].box.height, lower.prints[0].box.height))
    if heights[0] < ALIKE * heights[1]:
        return False
    gap = max(lower.box.top - upper.box.bottom, upper.box.top - lower.box.bottom)
    shared = below(upper.box, lower.box) >= 0.5 * min(upper.box.width, lower.box.width)
    row = beside(upper.box, lower.box) >= 0.7 * heights[0]
    near = shared and gap <= HEADLINE_GAP * heights[1]
    near = near or (row and -below(upper.box, lower.box) <= 0.8 * heights[0])
    return near and not _parted(upper.box, lower.box, rules)


def _parted(one: Box, other: Box, rules: Sequence[Box]) -> bool:
    """Whether a rule runs between two boxes."""
    upper, lower = sorted((one, other), key=lambda box: box.top)
    gap = Box(
        max(upper.left, lower.left),
        upper.bottom - upper.height // 4,
        min(upper.right, lower.right),
        lower.top + lower.height // 4,
    )
    return any(
        rule.width > rule.height and below(rule, gap) > 0.5 * gap.width and beside(rule, gap) > 0
        for rule in rules
    )
