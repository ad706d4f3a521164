"""How the print of a page lies in its frame, and boxes as if it stood upright and straight."""

import math
from collections import Counter
from dataclasses import dataclass

from pages.text import Box, PageText

_TURN = 90


@dataclass(frozen=True, slots=True)
class Pose:
    """Print that leans ``angle`` degrees, counter-clockwise positive, in a frame of that size.

    Upright coordinates are the frame's, turned about its centre until the print is level; they may
    be negative.
    """

    angle: float
    width: int
    height: int

    @property
    def centre(self) -> tuple[float, float]:
        """The point of the frame about which it is turned."""
        return self.width / 2, self.height / 2

    def upright(self, x: float, y: float) -> tuple[float, float]:
        """A point of the frame in upright coordinates."""
        return self._turned(x, y, math.radians(self.angle))

    def in_frame(self, box: Box) -> Box | None:
        """The hull in the frame of an upright box; None where nothing of it is in the frame."""
        turn = math.radians(-self.angle)
        points = [
            self._turned(x, y, turn) for x in (box.left, box.right) for y in (box.top, box.bottom)
        ]
        xs, ys = zip(*points, strict=True)
        left, top = max(0, math.floor(min(xs) + 1e-6)), max(0, math.floor(min(ys) + 1e-6))
        right = min(self.width, math.ceil(max(xs) - 1e-6))
        bottom = min(self.height, math.ceil(max(ys) - 1e-6))
        return Box(left, top, right, bottom) if left < right and top < bottom else None

    def straight(self, box: Box) -> Box:
        """The upright box whose hull in the frame is ``box``: a line's own height and width."""
        turns = round(self.angle / _TURN)
        lean = math.radians(abs(self.angle - turns * _TURN))
        sine, cosine = math.sin(lean), math.cos(lean)
        width, height = (box.width, box.height) if turns % 2 == 0 else (box.height, box.width)
        spread = cosine * cosine - sine * sine
        wide = max(1.0, (width * cosine - height * sine) / spread)
        high = max(1.0, (height * cosine - width * sine) / spread)
        x, y = self.upright((box.left + box.right) / 2, (box.top + box.bottom) / 2)
        return Box(
            round(x - wide / 2), round(y - high / 2), round(x + wide / 2), round(y + high / 2)
        )

    def _turned(self, x: float, y: float, turn: float) -> tuple[float, float]:
        middle_x, middle_y = self.centre
        right, down = x - middle_x, y - middle_y
        return (
            middle_x + right * math.cos(turn) - down * math.sin(turn),
            middle_y + right * math.sin(turn) + down * math.cos(turn),
        )


def pose_of(page: PageText) -> Pose:
    """The pose of a page: its skew, and quarter turns as the baselines of its lines run."""
    turns: Counter[int] = Counter()
    for line in page.lines():
        x0, y0, x1, y1 = line.baseline
        length = abs(x1 - x0) + abs(y1 - y0)
        if length:
            lean = math.degrees(math.atan2(y0 - y1, x1 - x0)) - page.skew
            turns[round(lean / _TURN) % 4] += length
    turned = turns.most_common(1)[0][0] if turns else 0
    return Pose(page.skew + turned * _TURN, page.frame.width, page.frame.height)
