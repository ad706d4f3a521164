"""What an engine is asked: sets of keys, joined. Every engine understands these five and no more.

Prefixes, fuzzy words and ranges of dates are spelled out before (:mod:`search.query.plan`), so that
all engines find the same.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Keys:
    """Entries that have one of ``keys`` in ``field``.

    They score ``weight`` times the score of each key in the field, and what ``lifts`` score in them
    beside; an entry that only a lift matches is not found. No key: nothing is found.
    """

    field: str
    keys: tuple[str, ...]
    lifts: tuple["Keys", ...] = ()
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Row:
    """Entries that have, in ``field``, one key of each set side by side, in this order.

    The field keeps positions; ``words`` holds one set or more.
    """

    field: str
    words: tuple[tuple[str, ...], ...]
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Every:
    """Entries of all of ``plans`` and of none of ``without``; without ``plans``, of all there are.

    The score is the sum over ``plans``.
    """

    plans: tuple["Wanted", ...]
    without: tuple["Wanted", ...] = ()


@dataclass(frozen=True, slots=True)
class Either:
    """Entries of at least one of ``plans``; the score is the sum over those that match.

    Where there are no plans, nothing is found.
    """

    plans: tuple["Wanted", ...]


Wanted = Keys | Row | Every | Either

NOTHING = Either(())
"""Finds nothing."""

EVERYTHING = Every(())
"""Finds every entry, all with the score 0."""
