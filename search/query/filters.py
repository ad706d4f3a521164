"""Filters beside a query: dates, languages, kinds, catalogues, classes, documents.

They are values, so that an answer can be kept under them; against one vocabulary they become parts
of what an engine is asked.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from olketanu.errors import UsageError
from search.engine.base import Vocabulary
from search.engine.wanted import Every, Keys, Wanted
from search.query.dates import read_dates
from search.query.expand import held_classes, held_dates
from search.query.tree import DATE, UDC
from search.query.values import meaning_of

_EXCLUDES = "-−!"


@dataclass(frozen=True, slots=True)
class Choice:
    """Values of one field of the index: any of ``wanted`` (where there are some), no ``unwanted``.

    Both rise and hold each value once.
    """

    field: str
    wanted: tuple[str, ...] = ()
    unwanted: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Filters:
    """What narrows a query: days and, field by field, a choice. Equal filters are equal values.

    From ``first`` to the end of ``last``: ISO 8601, whole or partial; "" is open.
    """

    first: str = ""
    last: str = ""
    choices: tuple[Choice, ...] = ()

    def without(self, field: str) -> "Filters":
        """Return the filters but for those of one field of the index (``date`` is one)."""
        kept = tuple(choice for choice in self.choices if choice.field != field)
        if field == DATE:
            return Filters(choices=kept)
        return Filters(self.first, self.last, kept)


NO_FILTERS = Filters()


@dataclass(frozen=True, slots=True)
class Part:
    """What the filters of one field ask for, and what they leave out; None where nothing."""

    field: str
    wanted: Wanted | None
    unwanted: Wanted | None


def read_filters(given: Mapping[str, Iterable[str]], first: str = "", last: str = "") -> Filters:
    """Read filters as people write them.

    ``given`` maps fields (``language``, ``kind``, ``catalogue``, ``udc``, ``document``,
    ``record``, ``number``) to values with their names or codes in any of the three languages; a
    minus or «!» before a value leaves it out. ``first`` and ``last`` are dates as after ``дата:``.

    Raises:
        UsageError: ``error.search-value``, ``error.search-date``.
    """
    wanted: dict[str, set[str]] = {}
    unwanted: dict[str, set[str]] = {}
    for field, texts in given.items():
        for text in texts:
            bare = text.strip().lstrip(_EXCLUDES)
            meant = meaning_of(field, bare)
            if meant.known or not any(meant.texts):
                raise UsageError("error.search-value", text=bare, known=", ".join(meant.known))
            to = unwanted if bare != text.strip() else wanted
            to.setdefault(meant.field, set()).update(meant.texts)
    choices = tuple(
        Choice(field, *(tuple(sorted(of.get(field, ()))) for of in (wanted, unwanted)))
        for field in sorted({*wanted, *unwanted})
    )
    return Filters(*_days(first, last), choices)


def parts_of(filters: Filters, vocabulary: Vocabulary) -> tuple[Part, ...]:
    """Return a part for every field that is filtered, in the order of their names."""
    parts = [
        Part(
            choice.field,
            _keys(choice.field, choice.wanted, vocabulary),
            _keys(choice.field, choice.unwanted, vocabulary),
        )
        for choice in filters.choices
    ]
    if filters.first or filters.last:
        dates = held_dates(filters.first, filters.last, vocabulary)
        parts.append(Part(DATE, Keys(DATE, dates), None))
    return tuple(sorted(parts, key=lambda part: part.field))


def narrow(wanted: Wanted, parts: Sequence[Part]) -> Wanted:
    """Return ``wanted`` within ``parts``; the parts find and leave out, they do not rank."""
    if not parts:
        return wanted
    within = tuple(part.wanted for part in parts if part.wanted is not None)
    without = tuple(part.unwanted for part in parts if part.unwanted is not None)
    return Every((wanted, *within), without)


def _keys(field: str, texts: tuple[str, ...], vocabulary: Vocabulary) -> Wanted | None:
    if not texts:
        return None
    return Keys(field, held_classes(texts, vocabulary) if field == UDC else texts)


def _days(first: str, last: str) -> tuple[str, str]:
    """Return both ends; one that is a range itself gives its own end («--to 1930-е»)."""
    ends = []
    for side, text in enumerate((first, last)):
        range_ = read_dates(text) if text.strip() else ("", "")
        if range_ is None:
            raise UsageError("error.search-date", text=text)
        ends.append(range_[side])
    if all(ends):
        ordered = read_dates("..".join(ends))
        return ordered or ("", "")
    return ends[0], ends[1]
