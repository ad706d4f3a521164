"""The copies of a work as its record names them: where, under which shelf mark, which inventory.

Which field and subfields those are is the table ``corpora/isbd/holdings.tsv``.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from catalog.data import rows
from catalog.locate import Fields, Placed, column_of
from catalog.record import Record


@dataclass(frozen=True, slots=True)
class Holding:
    """One copy; what the record does not say is empty. ``location`` is a branch or a store."""

    location: str
    shelf_mark: str
    inventory: str


def holdings(record: Record) -> tuple[Holding, ...]:
    """Return the copies in the order of the record, each once; those that say nothing are left."""
    fields, column = Fields(record), column_of(record.format)
    found = [
        Holding(
            *(_value(placed, row[name]) for name in ("location", "shelf_mark", "inventory")),
        )
        for row in rows("isbd/holdings.tsv")
        if row["format"] == column
        for placed in fields.data(row["tag"])
    ]
    return tuple(dict.fromkeys(one for one in found if one != Holding("", "", "")))


def _value(placed: Placed, codes: str) -> str:
    """The values of the first of the codes that the field has; several copies may share it."""
    found = (list(_texts(placed, code)) for code in codes)
    return ", ".join(next(filter(None, found), []))


def _texts(placed: Placed, code: str) -> Iterator[str]:
    return (one.value.strip() for one in placed.all(code))
