"""Measures between boxes on a page."""

from collections.abc import Iterable

from pages.text import Box


def hull(boxes: Iterable[Box]) -> Box:
    """The smallest box around all; ValueError without any."""
    lefts, tops, rights, bottoms = zip(*boxes, strict=True)
    return Box(min(lefts), min(tops), max(rights), max(bottoms))


def beside(one: Box, other: Box) -> int:
    """Pixels of height that two boxes share; negative: the gap between them."""
    return min(one.bottom, other.bottom) - max(one.top, other.top)


def below(one: Box, other: Box) -> int:
    """Pixels of width that two boxes share, so that one stands below the other; negative: gap."""
    return min(one.right, other.right) - max(one.left, other.left)


def share_inside(box: Box, outer: Box) -> float:
    """The part of ``box`` that lies in ``outer``, 0.0 to 1.0."""
    width, height = below(box, outer), beside(box, outer)
    # A hair-line may have no thickness at all once it is turned into the frame of the print.
    return max(0, width) * max(0, height) / max(1, box.width * box.height)
