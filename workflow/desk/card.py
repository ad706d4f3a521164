"""A card of the desk: one thing that waits for a person, and what a kind of cards has to offer."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from store.database import Reader, Transaction
from workflow.library import Library

Facts = Mapping[str, object]
"""Plain JSON values."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A card in the queue.

    ``key`` names its subject as the events of that do (a link, a record, ``<document>/<page>``, a
    finding). ``since`` is when it came up (ISO 8601); ``title`` is what a person knows it by.
    """

    kind: str
    key: str
    since: str
    title: str


@dataclass(frozen=True, slots=True)
class Act:
    """What a person does with a card: ``name`` is a key of ``CardKind.acts``, or ``later``.

    ``version`` is that of the card which the person saw; ``form`` holds what was typed.
    """

    kind: str
    key: str
    name: str
    version: str
    actor: str
    form: Mapping[str, str] = field(default_factory=dict)


Doing = Callable[[Library, Transaction, Act], Facts]
"""Does an act within the transaction, and returns what :meth:`CardKind.undo` needs to know.

Raises OlketanuError where what was typed cannot be done; then nothing is changed.
"""


class CardKind(Protocol):
    """One kind of cards (``workflow/desk/links.py`` and its like hold one each)."""

    name: str
    acts: Mapping[str, Doing]

    def waiting(self, reader: Reader) -> Iterable[Waiting]:
        """Yield the open cards, what is to be done first first; from rows alone, no file is read.

        A card that is decided is not among them.
        """
        ...

    def version(self, reader: Reader, key: str) -> str:
        """Return what changes whenever the card does; UsageError ``error.unknown-card``."""
        ...

    def undo(self, library: Library, tx: Transaction, act: Act, facts: Facts) -> None:
        """Take an act back within the transaction, by the facts that it returned."""
        ...
