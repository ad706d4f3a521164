"""Our search over a made library, asked as the program asks it."""

from collections.abc import Iterable
from pathlib import Path

from olketanu.home import Home
from search.index.writer import IndexWriter
from search.results.request import Answer, Request
from search.schema import Entry
from search.session import Session


class Asking:
    """An index of its own in a folder, and a session that stays open."""

    def __init__(self, folder: Path, engine: str = "whoosh") -> None:
        home = Home(folder.resolve())
        home.index.mkdir(parents=True)
        self._writer = IndexWriter(home, engine)
        self._session = Session(home)

    def fill(self, entries: Iterable[Entry]) -> None:
        """Build the index of ``entries``."""
        self._writer.rebuild(entries, 1)

    def ask(self, request: Request) -> Answer:
        """Return the answer of the session; the first one opens the index."""
        return self._session.ask(request)

    def close(self) -> None:
        """Let go of all files."""
        self._session.close()
