"""The values of entries by number, packed so that counting them is a sum over a mask.

They stand for one commit of one engine: numbers of entries mean nothing beyond it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from search.engine.base import Numbers, SearchEngine

Mask = NDArray[np.bool_]
"""One truth value an entry, by its number."""

_NO_NUMBERS = np.array((), np.int32)


@dataclass(frozen=True, slots=True)
class Column:
    """The entries of each value, one value after the other; ``starts`` tells where each begins."""

    values: tuple[str, ...]
    numbers: Numbers
    starts: NDArray[np.intp]
    places: Mapping[str, int] = field(repr=False)

    def counts(self, mask: Mask) -> list[int]:
        """Return for every value how many of its entries ``mask`` holds."""
        if not self.values:
            return []
        sums = np.add.reduceat(mask[self.numbers], self.starts, dtype=np.int64)
        return [int(count) for count in sums]

    def of(self, value: str) -> Numbers:
        """Return the entries that have ``value``."""
        place = self.places.get(value)
        if place is None:
            return _NO_NUMBERS
        end = self.starts[place + 1] if place + 1 < len(self.starts) else len(self.numbers)
        return self.numbers[self.starts[place] : end]


class Columns:
    """The columns of one engine as it stands, each read when it is first asked for."""

    def __init__(self, engine: SearchEngine) -> None:
        self._engine = engine
        self._columns: dict[str, Column] = {}
        kinds = self.column("kind").numbers  # every entry has a kind
        self.size = int(kinds.max()) + 1 if len(kinds) else 0

    def column(self, name: str) -> Column:
        """Return the column of a field that holds values."""
        if name not in self._columns:
            self._columns[name] = _pack(self._engine.members(name))
        return self._columns[name]

    @cached_property
    def pages(self) -> Mask:
        """The entries that are pages."""
        return self.mask(self.column("kind").of("page"))

    @cached_property
    def recorded(self) -> Mask:
        """The entries that belong to a record."""
        return self.mask(self.column("record").numbers)

    @cached_property
    def own_dates(self) -> NDArray[np.int32]:
        """The place of each entry's own date among the values of ``date``; -1 without one.

        An entry has its year and its month as values too; the longest value is its own.
        """
        column = self.column("date")
        owns = np.full(self.size, -1, np.int32)
        ends = np.append(column.starts[1:], len(column.numbers))
        places = np.repeat(np.arange(len(column.values), dtype=np.int32), ends - column.starts)
        # Values rise, so that 1954-03-12 comes after its beginnings 1954 and 1954-03.
        np.maximum.at(owns, column.numbers, places)
        return owns

    def mask(self, numbers: Numbers) -> Mask:
        """Return the mask that holds ``numbers``."""
        mask = np.zeros(self.size, np.bool_)
        mask[numbers] = True
        return mask


def _pack(members: Mapping[str, Numbers]) -> Column:
    held = sorted((value, numbers) for value, numbers in members.items() if len(numbers))
    values = tuple(value for value, _ in held)
    lengths = [len(numbers) for _, numbers in held]
    starts = np.concatenate(([0], np.cumsum(lengths)))[:-1].astype(np.intp)
    joined = np.concatenate([numbers for _, numbers in held]) if held else _NO_NUMBERS
    return Column(values, joined, starts, {value: n for n, value in enumerate(values)})
