"""Progress of long work: one moving line on a terminal, a plain line now and then elsewhere."""

import sys
import time
from collections import deque
from types import TracebackType
from typing import Self

from olketanu.messages.translate import translate

_PLAIN_EVERY = 30.0  # seconds between lines where the output is a file or a pipe
_MOVING_EVERY = 0.2
_MINUTE = 60.0
_HOUR = 60  # minutes
_RECENT = 50  # steps that the pace is taken from: pages of one box differ from those of the next
_UNKNOWN = "–"


class Pace:
    """Items a minute over the last steps of one stage; what was done before does not count."""

    def __init__(self) -> None:
        self._stage = ""
        self._steps: deque[tuple[float, int]] = deque(maxlen=_RECENT + 1)

    def step(self, now: float, stage: str, done: int) -> None:
        """Note that ``done`` items were finished at ``now`` (s)."""
        if stage != self._stage:
            self._stage = stage
            self._steps.clear()
        self._steps.append((now, done))

    @property
    def per_minute(self) -> float:
        """Items a minute; 0.0 where that cannot be said yet."""
        (first, before), (last, after) = self._steps[0], self._steps[-1]
        return (after - before) / (last - first) * _MINUTE if last > first else 0.0


class Progress:
    """Pages done, pages a minute, time left and the documents in hand, on stderr."""

    def __init__(self, *, quiet: bool = False) -> None:
        self._quiet = quiet
        self._moving = sys.stderr.isatty()
        self._last = time.monotonic()
        self._pace = Pace()
        self._shown = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._shown and self._moving:
            sys.stderr.write("\r\x1b[K")

    def step(self, stage: str, done: int, total: int, current: str) -> None:
        """Tell that ``done`` of ``total`` items of ``stage`` are finished."""
        now = time.monotonic()
        self._pace.step(now, stage, done)
        if self._quiet or now - self._last < (_MOVING_EVERY if self._moving else _PLAIN_EVERY):
            return
        self._last = now
        self._shown = True
        facts = progress_facts(self._pace.per_minute, done, total, current)
        text = translate(f"progress.{stage}", facts)
        sys.stderr.write(f"\r\x1b[K{text}" if self._moving else f"{text}\n")
        sys.stderr.flush()


def progress_facts(pace: float, done: int, total: int, current: str) -> dict[str, object]:
    """What the sentence of a stage is filled with; ``pace`` is items a minute, 0 is unknown."""
    return {
        "done": done,
        "total": total,
        "pace": f"{pace:.1f}" if pace > 0 else _UNKNOWN,
        "left": _duration(round((total - done) / pace)) if pace > 0 else _UNKNOWN,
        "current": current,
    }


def _duration(minutes: int) -> str:
    if minutes < 1:
        return translate("progress.soon")
    if minutes < 2 * _HOUR:
        return translate("progress.minutes", {"minutes": minutes})
    return translate("progress.hours", {"hours": minutes // _HOUR, "minutes": minutes % _HOUR})
