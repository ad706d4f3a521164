"""Catalogue stages: each follows the store's change sequence behind a cursor of its own.

A stage reads what it needs first (files, other rows) and writes then, in one transaction with its
cursor: killed between, it starts again at the same event.
"""

from collections.abc import Callable
from dataclasses import dataclass

from store import changes
from store.changes import Event
from store.database import MACHINE, Transaction
from workflow.library import Library

Write = Callable[[Transaction], None]


@dataclass(frozen=True, slots=True)
class CatalogueStage:
    """``read`` looks at one event of ``kinds`` and returns what to write, or None for nothing."""

    name: str
    kinds: frozenset[str]
    read: Callable[[Library, Event], Write | None]


def follow(library: Library, stage: CatalogueStage) -> int:
    """Let the stage catch up with the journal; return how many events it handled."""
    handled = 0
    cursor = changes.get_cursor(library.store, stage.name)
    for event in changes.events_since(library.store, cursor, stage.kinds):
        write = stage.read(library, event)
        with library.store.transaction(actor=f"{MACHINE}:{stage.name}") as tx:
            if write is not None:
                write(tx)
            changes.set_cursor(tx, stage.name, event.seq)
        handled += 1
    return handled
