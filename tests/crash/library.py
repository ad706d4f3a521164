"""The library of a workload: in ``home`` below the workload's folder, with a clock at rest."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest import mock

from olketanu.home import Home
from olketanu.settings import Settings
from store.database import Store
from workflow.library import Library

TIME = "2026-11-23T09:00:00Z"
EPOCH = "1795424400"
"""The same moment, for what asks the system's clock."""
Ack = Callable[[str], None]


@contextmanager
def opened(folder: Path) -> Iterator[Library]:
    """Open the library in ``folder``."""
    home = Home(folder / "home")
    still = mock.patch.dict("os.environ", SOURCE_DATE_EPOCH=EPOCH)
    with still, Store.open(home, clock=lambda: TIME) as store:
        yield Library(home, Settings(), store)


class Steps:
    """Calls ``after`` when a step begins, so that what the steps before did is done."""

    def __init__(self, after: Callable[[str], None]) -> None:
        self._after = after

    def step(self, stage: str, done: int, total: int, current: str) -> None:
        self._after(current)


def nobody(_: str) -> None:
    """For work whose acknowledgements and steps nobody hears."""
