"""Boxes of the layout: shares are between 0 and 1, whatever a box looks like."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digitize.layout.boxes import share_inside
from pages.text import Box

SIDE = st.integers(0, 60)
BOXES = st.builds(lambda x, y, w, h: Box(x, y, x + w, y + h), SIDE, SIDE, SIDE, SIDE)


@given(BOXES, BOXES)
def test_a_share_is_a_share(box: Box, other: Box) -> None:
    assert 0.0 <= share_inside(box, other) <= 1.0


def test_a_line_without_thickness_has_no_share() -> None:
    assert share_inside(Box(5, 5, 50, 5), Box(0, 0, 100, 100)) == 0.0
    assert share_inside(Box(5, 5, 15, 15), Box(0, 0, 100, 10)) == pytest.approx(0.5)
