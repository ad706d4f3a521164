"""What every search engine does, and the engines there are.

An engine keeps one set of entries under one folder. It gets keys, never text to analyse, and hands
back what a hit list shows.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from search.plan import Plan
from search.schema import Analysed, Kind


@dataclass(frozen=True, slots=True)
class Hit:
    """An entry that answers a query; the higher ``score``, the better, within one search."""

    key: str
    kind: Kind
    document: str
    page: str
    record: str
    title: str
    date: str
    score: float


@dataclass(frozen=True, slots=True)
class Found:
    """The best hits of one engine, how many there are in all; ``cut``: a prefix was cut short."""

    hits: tuple[Hit, ...]
    total: int
    cut: bool = False


class SearchEngine(Protocol):
    """One index under one folder; not safe for two threads at once.

    An engine may commit on its own when a key is changed twice between commits.
    """

    def replace(self, analysed: Analysed) -> None:
        """Put an entry in place of any of the same key; seen after ``commit``."""

    def delete(self, key: str) -> None:
        """Take the entry of this key out, if there is one; seen after ``commit``."""

    def commit(self) -> None:
        """Write what was replaced and deleted; without changes this writes nothing."""

    def search(self, plan: Plan, limit: int) -> Found:
        """Return the ``limit`` (> 0) best hits of the last commit, by falling score, then key."""

    def count(self) -> int:
        """Return how many entries the last commit holds."""

    def close(self) -> None:
        """Let go of files; changes without commit are lost."""


def open_engine(name: str, folder: Path) -> SearchEngine:
    """Open, or make where ``folder`` is empty, the index of the engine ``name`` under ``folder``.

    Raises:
        KeyError: no engine of that name. Errors of the engine where its files are damaged.
    """
    return ENGINES[name](folder)


def _whoosh(folder: Path) -> SearchEngine:
    from search.whoosh_engine import WhooshEngine

    return WhooshEngine(folder)


def _memory(folder: Path) -> SearchEngine:
    from search.memory_engine import MemoryEngine

    return MemoryEngine()


ENGINES: dict[str, Callable[[Path], SearchEngine]] = {"whoosh": _whoosh, "memory": _memory}
"""Factories by name; each imports its engine only when it is asked for."""

DEFAULT_ENGINE = "whoosh"
