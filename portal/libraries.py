"""The library as the threads of a server hold it.

A connection of SQLite belongs to one thread, so each thread opens its own and keeps it. What
answers a GET is handed a store that cannot be written: SQLite itself refuses.
"""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from threading import BoundedSemaphore, local

from olketanu.errors import LockedError
from olketanu.home import Home
from portal.serving.follower import Follower
from search.session import Session
from workflow.library import Library, open_library
from workflow.reading.front import Fronts

WRITERS = 2
"""Requests that change something at once: the other threads go on answering those who read."""
TURN, PATIENCE = 1.5, 5.0
"""Seconds that a request waits to be one of them, and then for other programs that write."""


class Libraries:
    """One library for many threads; all share its search and the front pages that are kept.

    ``follower`` does what follows from what people do, once it is started.
    """

    def __init__(self, home: Home) -> None:
        self.home = home
        self.session = Session(home)
        self.follower = Follower(home)
        self.fronts = Fronts()
        self._held = local()
        self._writers = BoundedSemaphore(WRITERS)

    @property
    def reading(self) -> Library:
        """The library of this thread, for reading only; opened at the first use."""
        library: Library | None = getattr(self._held, "library", None)
        if library is None:
            stack = ExitStack()
            library = stack.enter_context(open_library(self.home, reading=True))
            self._held.library, self._held.stack = library, stack
        return library

    @contextmanager
    def writing(self) -> Iterator[Library]:
        """Open the library for what a person does.

        Its changes are seen by all at once, and what follows from them a little later. LockedError
        ``error.store-locked`` where another program writes for longer than ``PATIENCE``.
        """
        if not self._writers.acquire(timeout=TURN):
            raise LockedError("error.store-locked", path=str(self.home.database))
        try:
            with open_library(self.home) as library:
                library.store.wait_at_most(PATIENCE)
                yield library
        finally:
            self._writers.release()
        self.follower.wake()

    def close(self) -> None:
        """Let go of the search, and of what this thread holds; others end with their thread."""
        self.follower.stop()
        self.session.close()
        stack: ExitStack | None = getattr(self._held, "stack", None)
        if stack is not None:
            del self._held.library, self._held.stack
            stack.close()
