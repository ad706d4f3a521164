"""From boxes on a page's image to places on the page of its PDF."""

import math

from pages.text import Box

Point = tuple[float, float]
Quad = tuple[Point, Point, Point, Point]
"""Upper left, upper right, lower right, lower left: the order in which a reader sees them."""


def to_points(
    box: Box, frame: tuple[int, int], page: tuple[float, float], skew: float = 0.0
) -> Quad:
    """Return the corners of ``box`` on the page of a PDF that shows the whole frame.

    ``frame`` is (width, height) in pixels, ``page`` that of the MediaBox in points, origin at the
    lower left (ISO 32000 8.3.2). ``skew`` is the angle in degrees by which the page was turned
    straight when the PDF was written (``PageText.skew``).
    """
    across, up = page[0] / frame[0], page[1] / frame[1]
    left, right = box.left * across, box.right * across
    top, bottom = page[1] - box.top * up, page[1] - box.bottom * up
    corners = ((left, top), (right, top), (right, bottom), (left, bottom))
    if not skew:
        return corners
    one, two, three, four = (_turned(corner, page, skew) for corner in corners)
    return one, two, three, four


def _turned(point: Point, page: tuple[float, float], degrees: float) -> Point:
    """Turn ``point`` clockwise about the middle of the page."""
    sine, cosine = math.sin(math.radians(degrees)), math.cos(math.radians(degrees))
    x, y = point[0] - page[0] / 2, point[1] - page[1] / 2
    return cosine * x + sine * y + page[0] / 2, cosine * y - sine * x + page[1] / 2
