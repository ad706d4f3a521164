"""How long the steps of a document job take; never part of what is written."""

import time
from collections.abc import Iterator
from contextlib import contextmanager


class Seconds(dict[str, float]):
    """Seconds of wall time by step."""

    @contextmanager
    def of(self, step: str) -> Iterator[None]:
        """Add the time of the block to ``step``."""
        start = time.monotonic()
        try:
            yield
        finally:
            self[step] = round(self.get(step, 0.0) + time.monotonic() - start, 3)
