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
    ``batch``, ``language`` (ISO 639-2) and ``document`` (its id) are of the scan behind it, ""
    where there is none.
    """

    kind: str
    key: str
    since: str
    title: str
    batch: str = ""
    language: str = ""
    document: str = ""


@dataclass(frozen=True, slots=True)
class Act:
    """What a person does with a card: ``name`` is a key of ``CardKind.acts``, or ``later``.

    ``version`` is that of the card which the person saw, None for a console, which shows none;
    ``form`` holds what was typed.
    """

    kind: str
    key: str
    name: str
    version: str | None
    actor: str
    form: Mapping[str, str] = field(default_factory=dict)


Doing = Callable[[Library, Transaction, Act], Facts]
"""Does an act within the transaction, and returns what :meth:`CardKind.undo` needs to know.

Raises OlketanuError where what was typed cannot be done; then nothing is changed.
"""


class CardKind(Protocol):
    """One kind of cards (``workflow/desk/links.py`` and its like hold one each)."""

    @property
    def name(self) -> str:
        """What the address of a card, its template ``desk/cards/<name>.html`` and messages say."""
        ...

    @property
    def acts(self) -> Mapping[str, Doing]:
        """What can be done with a card, beside putting it off (``later``)."""
        ...

    def waiting(self, reader: Reader) -> Iterable[Waiting]:
        """Yield the open cards, what is to be done first first; from rows alone, no file is read.

        A card that is decided is not among them.
        """
        ...

    def version(self, reader: Reader, key: str) -> str:
        """Return what changes whenever the card does; UsageError ``error.unknown-card``."""
        ...

    def shown(self, library: Library, key: str) -> object:
        """Return the frozen value that the card's template knows as ``card``.

        Also of a card that is decided: its page stays, and says by whom. UsageError
        ``error.unknown-card``, ``error.unknown-link`` and their like.
        """
        ...

    def undo(self, library: Library, tx: Transaction, act: Act, facts: Facts) -> None:
        """Take an act back within the transaction, by the facts that it returned."""
        ...
