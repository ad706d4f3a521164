"""The best hits by date, on engines that rank by score alone.

Which dates come first is read off the columns of the index; the engine is then asked for the
entries of those dates, and of those without a date where the others are not enough.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from search.engine.base import Hit
from search.engine.wanted import Every, Keys, Wanted
from search.results.columns import Columns, Mask
from search.results.request import Order


@dataclass(frozen=True, slots=True)
class Dated:
    """The dates of the first entries; ``undated``: those without a date are among them."""

    dates: tuple[str, ...]
    undated: bool


def first_dates(parts: Iterable[tuple[Columns, Mask]], order: Order, limit: int) -> Dated:
    """Return the dates of the first ``limit`` of the entries that the masks hold.

    A year comes before its months, a month before its days; what has no date comes last in either
    order.
    """
    counts: Counter[str] = Counter()
    for columns, mask in parts:
        owns = columns.own_dates[mask]
        places, numbers = np.unique(owns[owns >= 0], return_counts=True)
        values = columns.column("date").values
        counts.update({values[p]: int(n) for p, n in zip(places, numbers, strict=True)})
    dates: list[str] = []
    left = limit
    for date in sorted(counts, reverse=order == "newest"):
        if left <= 0:
            return Dated(tuple(dates), undated=False)
        dates.append(date)
        left -= counts[date]
    return Dated(tuple(dates), undated=left > 0)


def of_dates(wanted: Wanted, dated: Dated) -> Wanted:
    """Return what to ask for the entries of these dates."""
    return Every((wanted, Keys("date", dated.dates)))


def without_date(wanted: Wanted, columns: Columns) -> Wanted:
    """Return what to ask an engine for the entries without a date."""
    return Every((wanted,), (Keys("date", columns.column("date").values),))


def by_date(hits: Iterable[Hit], order: Order) -> list[Hit]:
    """Return hits by date, then by falling score, then key; without a date last."""
    ranked = sorted(hits, key=lambda hit: (-hit.score, hit.key))
    ranked.sort(key=lambda hit: hit.date, reverse=order == "newest")
    return [*(hit for hit in ranked if hit.date), *(hit for hit in ranked if not hit.date)]
