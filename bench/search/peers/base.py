"""What a peer does, and the peers there are."""

import importlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

from bench.search.corpus import Page

What = Literal[
    "rare",
    "medium",
    "common",
    "and",
    "or",
    "phrase",
    "prefix",
    "wildcard",
    "fuzzy",
    "facets",
    "page",
]
"""Classes of questions. ``facets`` counts three facets of a common word; ``page`` is that with all
that a reader's page of results shows, groups of pages too, which only ours has.
"""

SHOWN = 10
FACETS = ("kind", "language", "catalogue")


@dataclass(frozen=True, slots=True)
class Question:
    """A query of a class: its words in small letters, with ``*`` where the class wants it."""

    what: What
    words: tuple[str, ...]


class Peer(Protocol):
    """An index under one folder, filled once and then asked."""

    def fill(self, made: Iterable[Page]) -> None:
        """Index pages and records, write everything and open it for questions."""

    def ask(self, question: Question) -> int | None:
        """Find the best ten and return how many there are in all; None: it cannot be asked."""


PEERS = {
    "ours": ("bench.search.peers.ours", "Whoosh"),
    "ours-tantivy": ("bench.search.peers.ours", "Tantivy"),
    "adapter": ("bench.search.peers.adapter", "Whoosh"),
    "adapter-tantivy": ("bench.search.peers.adapter", "Tantivy"),
    "whoosh": ("bench.search.peers.stock_whoosh", "AllFields"),
    "whoosh-text": ("bench.search.peers.stock_whoosh", "OneField"),
    "fts5": ("bench.search.peers.fts5", "Fts5"),
    "tantivy": ("bench.search.peers.raw_tantivy", "Tantivy"),
}
"""Module and class of each peer; nothing of it is imported before it is asked for."""


def open_peer(name: str, folder: Path) -> Peer:
    """Return the peer of this name with an empty index under ``folder``.

    Raises:
        ImportError: what it needs is not installed.
    """
    module, kind = PEERS[name]
    made: Peer = getattr(importlib.import_module(module), kind)(folder)
    return made
