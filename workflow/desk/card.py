"""A card of the desk: one thing that waits for a person, and what a kind of cards has to offer."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
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
class Wanted:
    """Which cards somebody wants to see; "" for all."""

    kind: str = ""
    batch: str = ""
    language: str = ""

    def told(self) -> dict[str, str]:
        """Return what is wanted as an address tells it."""
        told = {"only": self.kind, "batch": self.batch, "language": self.language}
        return {name: value for name, value in told.items() if value}

    def changed(self, name: str, value: str) -> "Wanted":
        """Return the same with another ``kind``, ``batch`` or ``language``."""
        return replace(self, **{name: value})

    def takes(self, place: "Place") -> bool:
        """Whether cards of this batch and language are among them."""
        batch, language = place
        return self.batch in ("", batch) and self.language in ("", language)


EVERYTHING = Wanted()
Place = tuple[str, str]
"""Batch and language of cards."""


@dataclass(frozen=True, slots=True)
class Act:
    """What a person does: ``name`` is a key of ``ActKind.acts``, or ``later``.

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
"""Does an act within the transaction, and returns what :meth:`ActKind.undo` needs to know.

Raises OlketanuError where what was typed cannot be done; then nothing is changed.
"""


class ActKind(Protocol):
    """A kind of things that people decide about, on a card of the desk or elsewhere."""

    @property
    def name(self) -> str:
        """What events, addresses and messages call it."""
        ...

    @property
    def acts(self) -> Mapping[str, Doing]:
        """What can be done, beside putting a card off (``later``)."""
        ...

    def version(self, reader: Reader, key: str) -> str:
        """Return what changes whenever the thing does; UsageError ``error.unknown-card``."""
        ...

    def title(self, reader: Reader, key: str) -> str:
        """Return what a person knows it by, decided or not; UsageError: there is none."""
        ...

    def undo(self, library: Library, tx: Transaction, act: Act, facts: Facts) -> None:
        """Take an act back within the transaction, by the facts that it returned."""
        ...


class CardKind(ActKind, Protocol):
    """A kind of cards (``workflow/linking/links.py`` and its like hold one each).

    Its name is that of the template ``desk/cards/<name>.html`` too.
    """

    def waiting(
        self, reader: Reader, wanted: Wanted = EVERYTHING, most: int | None = None
    ) -> Iterable[Waiting]:
        """Yield the first ``most`` (None: all) open cards of the batch and language wanted.

        What is to be done first comes first; from rows alone, no file is read. A card that is
        decided is not among them.
        """
        ...

    def tally(self, reader: Reader) -> Mapping[Place, int]:
        """Return how many cards are open of each batch and language."""
        ...

    def shown(self, library: Library, key: str) -> object:
        """Return the frozen value that the card's template knows as ``card``.

        Also of a card that is decided: its page stays, and says by whom. UsageError
        ``error.unknown-card``, ``error.unknown-link`` and their like.
        """
        ...
