"""The years of what was found, as bars: where a period is well told, and where not."""

from collections.abc import Sequence
from dataclasses import dataclass

from search.results.request import Bucket

WIDTH, HEIGHT = 480, 96
"""The plot, in units of its own."""

_MOST_BARS = 48
_WIDEST = 60  # units of the room of one bar: two years are no wall
_LEAST = 3  # units of a bar that stands for anything at all
_GAP = 0.25  # of the room that a bar has
_STEPS = (1, 10, 100)


@dataclass(frozen=True, slots=True)
class Bar:
    """The entries of the years ``first`` to ``last``; the rest places the bar in the plot."""

    first: str
    last: str
    count: int
    is_chosen: bool
    left: float
    top: float
    width: float
    height: float

    @property
    def years(self) -> str:
        """«1954», «1950–1959»."""
        return self.first if self.first == self.last else f"{self.first}–{self.last}"


@dataclass(frozen=True, slots=True)
class Years:
    """Bars in the order of time; what stands for nothing is left out, its room is kept.

    They end at ``right``. ``first`` and ``last`` are the years themselves: the last bar may reach
    beyond.
    """

    bars: tuple[Bar, ...]
    first: str
    last: str
    right: float


def years_of(buckets: Sequence[Bucket]) -> Years | None:
    """Return the bars of the years counted, by decade or century where they reach far; None: none.

    Of a year that a filter asks for and nothing has, there is no bar.
    """
    counts = {int(one.value): one for one in buckets if one.count and one.value.isdigit()}
    if not counts:
        return None
    low, high = min(counts), max(counts)
    step = next((s for s in _STEPS if (high - low) // s < _MOST_BARS), _STEPS[-1])
    begin = low - low % step
    slots = (high - begin) // step + 1
    room = min(_WIDEST, WIDTH / slots)
    summed: dict[int, list[Bucket]] = {}
    for year, bucket in sorted(counts.items()):
        summed.setdefault(year - year % step, []).append(bucket)
    most = max(sum(one.count for one in held) for held in summed.values())
    bars = tuple(
        _bar((start, start + step - 1), held, ((start - begin) / step * room, room), most)
        for start, held in summed.items()
    )
    return Years(bars, f"{low:04}", f"{high:04}", round(slots * room, 1))


def _bar(
    span: tuple[int, int], held: Sequence[Bucket], place: tuple[float, float], most: int
) -> Bar:
    left, room = place
    count = sum(one.count for one in held)
    height = max(_LEAST, HEIGHT * count / most)
    return Bar(
        first=f"{span[0]:04}",
        last=f"{span[1]:04}",
        count=count,
        is_chosen=any(one.state == "chosen" for one in held),
        left=round(left + room * _GAP / 2, 1),
        top=round(HEIGHT - height, 1),
        width=round(room * (1 - _GAP), 1),
        height=round(height, 1),
    )
