"""What a reader asks of the search room: a query and what narrows it, as an address holds it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Literal, TypeVar

from olketanu.errors import UsageError
from search.query.filters import Choice, Filters, read_filters
from search.results.request import WINDOW, Order, Request

LONGEST = 300
"""Characters of a query that are taken: more than the query language reads, which says so."""
SHOWN = 10
"""Results a page."""
LAST_PAGE = WINDOW // SHOWN
"""No page further on: results are made of so many best hits."""

Where = Literal["", "all", "text", "catalogue"]
"""What is searched: ``text`` of pages, descriptions of the ``catalogue``; ``all``, even with an
empty query; "" is all, too, and nothing without a query."""

ORDERS: tuple[Order, ...] = ("relevance", "newest", "oldest")

Parameters = Mapping[str, Sequence[str]]
"""What stands behind the question mark of an address: each name with its values."""

Known = TypeVar("Known", bound=str)

_ENTRIES = {"all": ("page", "record"), "text": ("page",), "catalogue": ("record",)}
_FIELDS = MappingProxyType({"lang": "language", "kind": "form", "catalogue": "catalogue"})
"""Names in an address, and the fields of the index that they narrow."""
_CODE = re.compile(r"[a-z][a-z_]{1,39}")
_MOST_VALUES = 10
_LONGEST_DATE = 30


@dataclass(frozen=True, slots=True)
class Question:
    """One search of a reader.

    ``chosen`` holds (name, code) in order, the names being those of ``_FIELDS``. ``since`` and
    ``until`` are dates as typed. ``exact``: neither other names nor similar words are searched
    beside. ``page`` counts from 1. ``misread`` is a date that is none.
    """

    q: str = ""
    where: Where = ""
    chosen: tuple[tuple[str, str], ...] = ()
    since: str = ""
    until: str = ""
    order: Order = "relevance"
    exact: bool = False
    page: int = 1
    misread: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether nothing is asked for."""
        return not (self.q.strip() or self.where == "all" or self.is_narrowed)

    @property
    def is_narrowed(self) -> bool:
        """Whether anything narrows the query."""
        return bool(self.chosen or self.since or self.until or self.where in ("text", "catalogue"))

    @property
    def orders(self) -> tuple[Order, ...]:
        """The orders there are, the usual first: what answers no words answers none better."""
        return ORDERS if self.q.strip() else ORDERS[1:]

    @property
    def ordered(self) -> Order:
        """The order in force."""
        return self.order if self.order in self.orders else self.orders[0]

    def has(self, name: str, code: str) -> bool:
        """Return whether a value is chosen."""
        return (name, code) in self.chosen

    def codes(self, name: str) -> tuple[str, ...]:
        """Return the values chosen under a name, in order."""
        return tuple(code for of, code in self.chosen if of == name)

    def turned(self, name: str, code: str) -> "Question":
        """Return the question with a value added, or taken away where it is chosen."""
        turned = {*self.chosen} ^ {(name, code)}
        return self.asking(chosen=tuple(sorted(turned)))

    def within(self, since: str, until: str) -> "Question":
        """Return the question about other years."""
        return self.asking(since=since, until=until)

    def asking(self, **changes: object) -> "Question":
        """Return another question, from its first page on."""
        fresh: dict[str, object] = {"page": 1, "misread": "", **changes}
        return replace(self, **fresh)  # type: ignore[arg-type]  # the fields' own types

    def widened(self) -> "Question":
        """Return the query alone, with nothing to narrow it."""
        return Question(self.q, "" if self.q.strip() else "all", order=self.order)

    def parameters(self) -> dict[str, list[str]]:
        """Return the question as an address has it; what is as usual is left out."""
        told: dict[str, list[str]] = {
            "q": [self.q],
            "in": [self.where],
            **{name: list(self.codes(name)) for name in _FIELDS},
            "from": [self.since],
            "to": [self.until],
            "sort": [self.order if self.order != ORDERS[0] else ""],
            "exact": ["1" if self.exact else ""],
            "page": [str(self.page) if self.page > 1 else ""],
        }
        kept = {name: [one for one in values if one] for name, values in told.items()}
        return {name: values for name, values in kept.items() if values}

    def request(self, facets: tuple[str, ...], top: int) -> Request:
        """Return what search is asked."""
        return Request(
            self.q,
            filters=self.filters(),
            facets=facets,
            top=top,
            offset=(self.page - 1) * SHOWN,
            limit=SHOWN,
            expand=not self.exact,
            widen=not self.exact,
            order=self.ordered,
        )

    def filters(self) -> Filters:
        """Return what narrows the query."""
        chosen = {field: self.codes(name) for name, field in _FIELDS.items()}
        fields = {**chosen, "kind": _ENTRIES.get(self.where, ())}
        choices = (Choice(field, codes) for field, codes in sorted(fields.items()) if codes)
        days = read_filters({}, self.since, self.until)
        return Filters(days.first, days.last, tuple(choices))


def read_question(given: Parameters) -> Question:
    """Return the question of an address; never raises. What cannot be understood is left out."""
    since, until, misread = _dates(_first(given, "from"), _first(given, "to"))
    return Question(
        q=_first(given, "q")[:LONGEST],
        where=_one_of(given, "in", ("", "all", "text", "catalogue")),
        chosen=_chosen(given),
        since=since,
        until=until,
        order=_one_of(given, "sort", ORDERS),
        exact=_first(given, "exact") == "1",
        page=_number(_first(given, "page")),
        misread=misread,
    )


def field_name(facet: str) -> str:
    """Return the name that a field of the index has in an address."""
    return next(name for name, field in _FIELDS.items() if field == facet)


def _first(given: Parameters, name: str) -> str:
    values = given.get(name) or ("",)
    return _plain(values[0])


def _plain(text: str) -> str:
    """The text in one line, without signs that no text can hold."""
    kept = "".join(sign if sign.isprintable() else " " for sign in text)
    return kept.strip()


def _one_of(given: Parameters, name: str, known: tuple[Known, ...]) -> Known:
    told = _first(given, name)
    return next((one for one in known if one == told), known[0])


def _chosen(given: Parameters) -> tuple[tuple[str, str], ...]:
    told = {
        (name, code)
        for name in _FIELDS
        for code in list(given.get(name, ()))[:_MOST_VALUES]
        if _CODE.fullmatch(code)
    }
    return tuple(sorted(told))


def _dates(since: str, until: str) -> tuple[str, str, str]:
    """Both ends, and what of them is no date."""
    held = []
    misread = ""
    for text in (since, until):
        is_date = len(text) <= _LONGEST_DATE and _is_date(text)
        held.append(text if is_date else "")
        misread = misread or ("" if is_date else text[:_LONGEST_DATE])
    return held[0], held[1], misread


def _is_date(text: str) -> bool:
    try:
        read_filters({}, text, "")
    except UsageError:
        return False
    return True


def _number(text: str) -> int:
    """The page asked for, held to those there may be."""
    digits = text if text.isascii() and text.isdigit() else "1"
    return min(max(1, int(digits[:6])), LAST_PAGE)
