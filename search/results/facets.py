"""Facets: how many of the entries found have each value of a field.

The counts of a facet leave its own filters out, so that a reader sees what choosing one more value
would bring. Dates are counted by year, month and day, and by day of the year over all years.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from search.query.filters import Filters
from search.query.tree import DATE
from search.results.columns import Columns, Mask
from search.results.request import Bucket, Facet, State
from search.schema import FACETS

DATE_FACETS: Mapping[str, slice] = {
    "year": slice(0, 4),
    "month": slice(0, 7),
    "day": slice(0, 10),
    "anniversary": slice(5, 10),
}
"""Facets made of the field ``date``, and what of a date each counts: anniversary is 03-12."""

_DATE_LENGTH = {"year": 4, "month": 7, "day": 10, "anniversary": 10}

FACET_NAMES = (*(name for name in FACETS if name != "date"), *DATE_FACETS)
"""Everything that may be counted."""


_OWN_FILTER = {"year": DATE, "month": "", "day": ""}
"""The filter that a date facet leaves out: months and days are those of the years chosen."""


@dataclass(frozen=True, slots=True)
class Sets:
    """The entries of one engine that answer the query, and those that pass the filter of a field.

    Both filters of a field, what is wanted and what is not, are one.
    """

    columns: Columns
    query: Mask
    filters: tuple[tuple[str, Mask], ...] = ()

    def without(self, field: str) -> Mask:
        """Return the entries that answer the query and every filter but that of ``field``."""
        mask = self.query
        for name, passed in self.filters:
            if name != field:
                mask = mask & passed
        return mask


def count_facet(name: str, parts: Sequence[Sets], filters: Filters, top: int) -> Facet:
    """Return the ``top`` most frequent values of a facet over all parts of the index.

    By falling count, then value; values that a filter names come along whatever their count. The
    values of a date facet come all, in the order of time. KeyError where there is no such facet.
    """
    if name not in FACET_NAMES:
        raise KeyError(name)
    counts: Counter[str] = Counter()
    for part in parts:
        counts.update(_counts(name, part))
    states = _states(name, filters, counts)
    values = set(counts) | set(states)
    if name in DATE_FACETS:
        kept = sorted(values)
    else:
        ranked = sorted(values, key=lambda value: (-counts[value], value))
        kept = [v for n, v in enumerate(ranked) if n < top or v in states]
    buckets = tuple(Bucket(value, counts[value], states.get(value, "")) for value in kept)
    return Facet(name, buckets, len(values) - len(kept))


def _counts(name: str, part: Sets) -> dict[str, int]:
    """Return the values that at least one entry has, with their counts."""
    mask = part.without(_OWN_FILTER.get(name, name))
    piece, length = DATE_FACETS.get(name), _DATE_LENGTH.get(name)
    column = part.columns.column(DATE if piece else name)
    counts: dict[str, int] = {}
    for value, count in zip(column.values, column.counts(mask), strict=True):
        if not count or (length is not None and len(value) != length):
            continue
        shown = value[piece] if piece else value
        counts[shown] = counts.get(shown, 0) + count
    return counts


def _states(name: str, filters: Filters, counts: Iterable[str]) -> dict[str, State]:
    """What the filters say of values; of the years counted, those of the range are chosen."""
    states: dict[str, State] = {}
    if name == "year" and (filters.first or filters.last):
        first, last = filters.first[:4], filters.last[:4] or "9999"
        states = {year: "chosen" for year in counts if first <= year <= last}
    for choice in filters.choices:
        if choice.field == name:
            states.update(dict.fromkeys(choice.wanted, "chosen"))
            states.update(dict.fromkeys(choice.unwanted, "refused"))
    return states


def page_count(columns: Columns, mask: Mask, key: str) -> int:
    """Return how many pages of ``mask`` belong to the group ``key`` (``groups.group_key``)."""
    field, _, value = key.partition("/")
    numbers = columns.column(field).of(value)
    kept = mask[numbers] & columns.pages[numbers]
    if field == "document":  # a page with a record belongs to that
        kept &= ~columns.recorded[numbers]
    return int(kept.sum())
