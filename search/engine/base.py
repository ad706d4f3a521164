"""What every search engine does, and the engines there are.

An engine keeps one set of entries under one folder. It gets keys, never text to analyse, and hands
back entries, sets of them, and the keys it holds. Facets, groups, expansion, highlighting and
suggestions are built on these, above the engine, and so are the same for all.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from search.engine.wanted import Wanted
from search.schema import Analysed, Kind

Numbers = NDArray[np.int32]
"""Numbers of entries, rising, each once: they name entries between two commits and no longer."""


@dataclass(frozen=True, slots=True)
class Hit:
    """An entry that answers a query; the higher ``score``, the better, within one search.

    ``form`` is the kind of publication (``catalog.view``), "" where it is not known.
    """

    key: str
    kind: Kind
    form: str
    document: str
    page: str
    record: str
    title: str
    date: str
    score: float


@dataclass(frozen=True, slots=True)
class Found:
    """The best hits of one engine, and how many there are in all."""

    hits: tuple[Hit, ...]
    total: int


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What an engine can do: the layers above do without what it cannot.

    ``sets``: ``matches`` and ``members`` are cheap; without it no facets are counted.
    ``vocabulary``: it tells the keys it holds; without it patterns find nothing and fuzzy words
    their own form only.
    """

    sets: bool = True
    vocabulary: bool = True


class Vocabulary(Protocol):
    """The keys that an index holds."""

    def words(self, field: str, prefix: str = "") -> Sequence[tuple[str, int]]:
        """Return the keys of ``field`` that begin with ``prefix``, in the order of code points.

        Each with the number of entries that have it (> 0).
        """


class SearchEngine(Vocabulary, Protocol):
    """One index under one folder; not safe for two threads at once.

    An engine may commit on its own when a key is changed twice between commits.
    """

    capabilities: Capabilities

    def replace(self, analysed: Analysed) -> None:
        """Put an entry in place of any of the same key; seen after ``commit``."""

    def delete(self, key: str) -> None:
        """Take the entry of this key out, if there is one; seen after ``commit``."""

    def commit(self) -> None:
        """Write what was replaced and deleted; without changes this writes nothing."""

    def search(self, wanted: Wanted, limit: int) -> Found:
        """Return the ``limit`` (> 0) best hits of the last commit, by falling score, then key."""

    def matches(self, wanted: Wanted) -> Numbers:
        """Return the numbers of all entries that answer ``wanted``."""

    def members(self, field: str) -> Mapping[str, Numbers]:
        """Return, for every value in a field that holds values, the entries that have it."""

    def count(self) -> int:
        """Return how many entries the last commit holds."""

    def close(self) -> None:
        """Let go of files; changes without commit are lost."""


def open_engine(name: str, folder: Path) -> SearchEngine:
    """Open, or make where ``folder`` is empty, the index of the engine ``name`` under ``folder``.

    Raises:
        KeyError: no engine of that name. ModuleNotFoundError: its library is not installed. Errors
        of the engine where its files are damaged.
    """
    return ENGINES[name](folder)


def _whoosh(folder: Path) -> SearchEngine:
    from search.engine.whoosh.engine import WhooshEngine

    return WhooshEngine(folder)


def _memory(folder: Path) -> SearchEngine:
    from search.engine.memory import MemoryEngine

    return MemoryEngine()


def _tantivy(folder: Path) -> SearchEngine:
    from search.engine.tantivy import TantivyEngine

    return TantivyEngine(folder)


ENGINES: dict[str, Callable[[Path], SearchEngine]] = {
    "whoosh": _whoosh,
    "tantivy": _tantivy,
    "memory": _memory,
}
"""Factories by name; each imports its engine only when it is asked for."""

DEFAULT_ENGINE = "whoosh"
