"""Our search over one engine, asked by the way that a reader's query takes."""

from collections.abc import Iterable

from search.engine.base import Found, SearchEngine
from search.query.parse import parse
from search.query.plan import Planner
from search.schema import Entry, analyse


class Asking:
    """An engine that stays open: text, tree, plan, engine, best hits."""

    def __init__(self, engine: SearchEngine) -> None:
        self.engine = engine

    def fill(self, entries: Iterable[Entry]) -> None:
        """Index and commit."""
        for entry in entries:
            self.engine.replace(analyse(entry))
        self.engine.commit()

    def search(self, text: str, limit: int) -> Found:
        """Return the best hits; nothing for a text that asks for nothing."""
        tree = parse(text).tree
        if tree is None:
            return Found((), 0)
        return self.engine.search(Planner(self.engine).plan(tree), limit)
