"""Who wants to be told how far long work is."""

from typing import Protocol


class Progress(Protocol):
    """Whoever wants to be told how far the work is."""

    def step(self, stage: str, done: int, total: int, current: str) -> None:
        """``done`` of ``total`` items of ``stage`` are finished; ``current`` is in hand."""


class Silent:
    """Nobody wants to be told."""

    def step(self, stage: str, done: int, total: int, current: str) -> None:
        """Say nothing."""


SILENT = Silent()
