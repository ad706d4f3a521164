"""Progress of long work: one moving line on a terminal, a plain line now and then elsewhere."""

import sys
import time
from types import TracebackType
from typing import Self

from olketanu.messages.translate import translate

_PLAIN_EVERY = 30.0  # seconds between lines where the output is a file or a pipe
_MOVING_EVERY = 0.2
_MINUTE = 60.0


class Progress:
    """Pages done, pages a minute, time left and the document in hand, on stderr."""

    def __init__(self, *, quiet: bool = False) -> None:
        self._quiet = quiet
        self._moving = sys.stderr.isatty()
        self._start = self._last = time.monotonic()
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
        if self._quiet or now - self._last < (_MOVING_EVERY if self._moving else _PLAIN_EVERY):
            return
        self._last = now
        self._shown = True
        text = translate(f"progress.{stage}", self._facts(now, done, total, current))
        sys.stderr.write(f"\r\x1b[K{text}" if self._moving else f"{text}\n")
        sys.stderr.flush()

    def _facts(self, now: float, done: int, total: int, current: str) -> dict[str, object]:
        minutes = (now - self._start) / _MINUTE
        pace = done / minutes if minutes > 0 else 0.0
        left = (total - done) / pace if pace > 0 else 0.0
        return {
            "done": done,
            "total": total,
            "pace": f"{pace:.1f}",
            "left": f"{left:.0f}",
            "current": current,
        }
