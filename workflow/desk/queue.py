"""The queue: every card that waits, in the order in which they are to be done."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace

from store.acts import put_off_cards
from store.database import Reader
from workflow.desk.card import CardKind, Waiting
from workflow.desk.kinds import KINDS

Key = tuple[str, str]
"""Kind and key of a card."""


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

    def takes(self, card: Waiting) -> bool:
        """Whether a card is among them."""
        return (
            self.kind in ("", card.kind)
            and self.batch in ("", card.batch)
            and self.language in ("", card.language)
        )


EVERYTHING = Wanted()


@dataclass(frozen=True, slots=True)
class Queue:
    """The wanted cards in order, ``put_off`` ones last.

    ``kinds`` counts the cards of each kind, ``batches`` and ``languages`` those of the wanted kind;
    all whatever else is wanted, so that a filter shows what it would bring.
    """

    cards: tuple[Waiting, ...]
    put_off: int
    kinds: Mapping[str, int]
    batches: Mapping[str, int]
    languages: Mapping[str, int]

    @property
    def all(self) -> int:
        """How many cards wait, wanted or not."""
        return sum(self.kinds.values())

    def holds(self, card: Key) -> bool:
        """Whether the card of this kind and key is among them."""
        return any(key_of(one) == card for one in self.cards)

    def next_of(self, card: Key | None, taken: Collection[Key] = ()) -> Waiting | None:
        """Return the card behind ``card``, or the first; None where no other one waits.

        Cards that others have ``taken`` in hand are passed over while there are any else.
        """
        keys = [(one.kind, one.key) for one in self.cards]
        at = keys.index(card) + 1 if card in keys else 0
        round_ = [one for one in (*self.cards[at:], *self.cards[:at]) if key_of(one) != card]
        free = [one for one in round_ if key_of(one) not in taken]
        return next(iter(free or round_), None)


def key_of(card: Waiting) -> Key:
    """Return kind and key of a card."""
    return card.kind, card.key


def waiting_cards(
    reader: Reader, wanted: Wanted = EVERYTHING, kinds: Collection[CardKind] = KINDS
) -> Queue:
    """Return the queue as it is now; from rows alone."""
    cards = [card for kind in kinds for card in kind.waiting(reader)]
    later = {(one.kind, one.key): one.seq for one in put_off_cards(reader)}
    chosen = [card for card in cards if wanted.takes(card)]
    now = [card for card in chosen if key_of(card) not in later]
    then = sorted(
        (card for card in chosen if key_of(card) in later), key=lambda card: later[key_of(card)]
    )
    of_kind = [card for card in cards if wanted.kind in ("", card.kind)]
    return Queue(
        (*now, *then),
        len(then),
        {kind.name: 0 for kind in kinds} | Counter(card.kind for card in cards),
        _counted(card.batch for card in of_kind),
        _counted(card.language for card in of_kind),
    )


def _counted(values: Iterable[str]) -> dict[str, int]:
    """How often each value is there, by value; nothing is not counted."""
    return dict(sorted(Counter(value for value in values if value).items()))
