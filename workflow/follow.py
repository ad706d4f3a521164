"""Stages that follow the store's change sequence, each behind a cursor of its own.

A catalogue stage reads what it needs first (files, other rows) and writes then, in one transaction
with its cursor: killed between, it starts again at the same event.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

from olketanu.errors import LockedError
from olketanu.home import Home
from store import changes
from store.changes import Event
from store.database import MACHINE, Transaction
from store.disk.owners import is_held, only_one
from workflow.library import Library

Write = Callable[[Transaction], None]
TRIES = 5
_LOCK = "follow.lock"
_PORTION = 5000


class Stage(Protocol):
    """Whatever follows the journal."""

    def catch_up(self, library: Library) -> int:
        """Handle what is new and return how much that was; 0, and nothing written, without news."""
        ...


@dataclass(frozen=True, slots=True)
class CatalogueStage:
    """``read`` looks at one event of ``kinds`` and returns what to write, or None for nothing.

    Events that the stage does not ``want`` cost no transaction each: an import brings thousands.
    ``singly``: each time it catches up it handles one event, so that what follows from that comes
    before the next.
    """

    name: str
    kinds: frozenset[str]
    read: Callable[[Library, Event], Write | None]
    wants: Callable[[Event], bool] = lambda _: True
    singly: bool = False

    def catch_up(self, library: Library) -> int:
        """Handle the new events of these kinds, or the next of them; return how many.

        Several runs may follow at once: each event is handled by one of them.
        """
        seen, handled = changes.get_cursor(library.store, self.name), 0
        portion = 1 if self.singly else _PORTION
        while events := changes.events_since(library.store, seen, self.kinds, portion):
            handled += sum(self._handle(library, event) for event in events if self.wants(event))
            seen = events[-1].seq
            if not self.wants(events[-1]):
                self._pass(library, seen)
            if self.singly and handled:
                break
        return handled

    def _pass(self, library: Library, seq: int) -> None:
        """Note that nothing up to ``seq`` is left to do."""
        with library.store.transaction(actor=f"{MACHINE}:{self.name}") as tx:
            if changes.get_cursor(tx, self.name) < seq:
                changes.set_cursor(tx, self.name, seq)

    def _handle(self, library: Library, event: Event) -> bool:
        """Read and write one event; False when another run was faster.

        A record that a person saves between reading and writing makes it read anew.
        """
        for _ in range(TRIES - 1):
            try:
                return self._try(library, event)
            except LockedError as error:
                if error.key != "error.record-changed":
                    raise
        return self._try(library, event)

    def _try(self, library: Library, event: Event) -> bool:
        if changes.get_cursor(library.store, self.name) >= event.seq:
            return False
        write = self.read(library, event)
        with library.store.transaction(actor=f"{MACHINE}:{self.name}") as tx:
            if changes.get_cursor(tx, self.name) >= event.seq:
                return False
            if write is not None:
                write(tx)
            changes.set_cursor(tx, self.name, event.seq)
        return True


def follow(library: Library, stage: Stage) -> int:
    """Let the stage catch up with the journal; return how many events it handled."""
    return stage.catch_up(library)


def only_follower(home: Home) -> AbstractContextManager[None]:
    """Hold the lock of the one follower of a home; LockedError ``error.follow-running``."""
    return only_one(home, _LOCK, "error.follow-running")


def is_followed(home: Home) -> bool:
    """Return whether somebody holds that lock."""
    return is_held(home, _LOCK)
