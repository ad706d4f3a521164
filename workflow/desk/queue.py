"""The queue: every card that waits, in the order in which they are to be done."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from store.acts import put_off_cards
from store.database import Reader
from workflow.desk.card import EVERYTHING, CardKind, Waiting, Wanted
from workflow.desk.kinds import KINDS

Key = tuple[str, str]
"""Kind and key of a card."""


WINDOW = 200
"""Cards that a queue holds; thousands may wait behind them, and are counted."""


@dataclass(frozen=True, slots=True)
class Queue:
    """The first of the wanted cards in order; what was put off stands behind the others."""

    cards: tuple[Waiting, ...]
    put_off: Collection[Key]

    def holds(self, card: Key) -> bool:
        """Whether the card of this kind and key is among them."""
        return any(key_of(one) == card for one in self.cards)

    def next_of(self, card: Key | None, taken: Collection[Key] = ()) -> Waiting | None:
        """Return the card behind ``card``, or the first; None where no other one waits.

        Cards that others have ``taken`` in hand are passed over while there are any else.
        """
        keys = [key_of(one) for one in self.cards]
        at = keys.index(card) + 1 if card in keys else 0
        round_ = [one for one in (*self.cards[at:], *self.cards[:at]) if key_of(one) != card]
        free = [one for one in round_ if key_of(one) not in taken]
        return next(iter(free or round_), None)


@dataclass(frozen=True, slots=True)
class Counts:
    """How much waits: ``left`` of what is wanted, and what another filter would bring.

    ``kinds`` are counted whatever is wanted, ``batches`` and ``languages`` within the kind wanted.
    """

    left: int
    kinds: Mapping[str, int]
    batches: Mapping[str, int]
    languages: Mapping[str, int]

    @property
    def all(self) -> int:
        """How many cards wait, wanted or not."""
        return sum(self.kinds.values())


def key_of(card: Waiting) -> Key:
    """Return kind and key of a card."""
    return card.kind, card.key


def waiting_cards(
    reader: Reader, wanted: Wanted = EVERYTHING, kinds: Collection[CardKind] = KINDS
) -> Queue:
    """Return the queue as it is now, at least ``WINDOW`` cards where so many wait."""
    later = {(one.kind, one.key): one.seq for one in put_off_cards(reader)}
    cards: list[Waiting] = []
    for kind in _wanted(kinds, wanted):
        # As many more as were put off: those stand behind, wherever they were.
        most = WINDOW + len(later) - len(cards)
        cards += kind.waiting(reader, wanted, most) if most > 0 else ()
    # Sorting is stable: cards that nobody has put off keep their order.
    ordered = sorted(cards, key=lambda card: later.get(key_of(card), 0))
    return Queue(tuple(ordered), later.keys() & {key_of(card) for card in cards})


def count_left(reader: Reader, wanted: Wanted, kinds: Collection[CardKind] = KINDS) -> int:
    """Return how many of the wanted cards wait."""
    return sum(
        count
        for kind in _wanted(kinds, wanted)
        for place, count in kind.tally(reader).items()
        if wanted.takes(place)
    )


def count_cards(reader: Reader, wanted: Wanted, kinds: Collection[CardKind] = KINDS) -> Counts:
    """Return how much waits of everything."""
    tallies = {kind.name: kind.tally(reader) for kind in kinds}
    left, batches, languages = 0, Counter[str](), Counter[str]()
    for kind in _wanted(kinds, wanted):
        for place, count in tallies[kind.name].items():
            left += count if wanted.takes(place) else 0
            batches[place[0]] += count
            languages[place[1]] += count
    counted = {name: sum(tally.values()) for name, tally in tallies.items()}
    return Counts(left, counted, _named(batches), _named(languages))


def _wanted(kinds: Collection[CardKind], wanted: Wanted) -> list[CardKind]:
    return [kind for kind in kinds if wanted.kind in ("", kind.name)]


def _named(counts: Mapping[str, int]) -> dict[str, int]:
    """Counts by name; what has no name is left out."""
    return {name: count for name, count in sorted(counts.items()) if name}
