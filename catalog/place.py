"""Where in a record something stands, and what stands at a place.

A place is written ``701[2]$a``: subfield a of the second 701; in an embedded field
``463[2]/200$v``; ``[1]`` is left out. The leader is ``LDR``.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from catalog.record import ControlField, DataField, Field, LinkField, Record

LEADER = "LDR"
"""Stands for the tag of the leader, which has none."""

_PLACE = re.compile(
    r"(?:(?P<host>\d{3,}|.{3})(?:\[(?P<host_n>\d+)\])?/)?"
    r"(?P<tag>\d{3,}|[^/]{3})(?:\[(?P<n>\d+)\])?"
    r"(?:\$(?P<code>.)(?:\[(?P<repeat>\d+)\])?)?",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Place:
    """``n`` counts the fields of the tag, ``repeat`` the subfields of the code, both from 1.

    ``host`` is the link field around an embedded one. Without ``code`` it is the whole field.
    """

    tag: str
    n: int = 1
    code: str = ""
    repeat: int = 1
    host: str = ""
    host_n: int = 1

    def __str__(self) -> str:
        """The written form."""
        host = f"{numbered(self.host, self.host_n)}/" if self.host else ""
        code = f"${numbered(self.code, self.repeat)}" if self.code else ""
        return f"{host}{numbered(self.tag, self.n)}{code}"

    @property
    def field(self) -> "Place":
        """The place of the field itself."""
        return Place(self.tag, self.n, host=self.host, host_n=self.host_n)


def numbered(name: str, n: int) -> str:
    """Return a tag or code with its number among its like, as places write it: ``701[2]``."""
    return f"{name}[{n}]" if n > 1 else name


def parse_place(text: str) -> Place:
    """Return the place of the written form; ValueError where it is none."""
    found = _PLACE.fullmatch(text)
    if found is None:
        raise ValueError(f"bad place {text!r}")
    numbers = (int(found[name] or 1) for name in ("n", "repeat", "host_n"))
    n, repeat, host_n = numbers
    return Place(found["tag"], n, found["code"] or "", repeat, found["host"] or "", host_n)


@dataclass(frozen=True, slots=True)
class Cell:
    """One text of a record: the data of a control field or the value of a subfield."""

    place: Place
    value: str


def cells(record: Record) -> Iterator[Cell]:
    """Yield every text of the record in order, those of embedded fields too; not the leader."""
    seen: Counter[str] = Counter()
    for field in record.fields:
        seen[field.tag] += 1
        if isinstance(field, LinkField):
            inner: Counter[str] = Counter()
            for one in field.fields:
                inner[one.tag] += 1
                yield from _cells(one, inner[one.tag], field.tag, seen[field.tag])
        else:
            yield from _cells(field, seen[field.tag], "", 1)


def field_at(record: Record, place: Place) -> Field | None:
    """Return the field that a place names or is in, or None where the record has none there."""
    if not place.host:
        return _nth(record.fields, place.tag, place.n)
    link = _nth(record.fields, place.host, place.host_n)
    return _nth(link.fields, place.tag, place.n) if isinstance(link, LinkField) else None


def text_at(record: Record, place: Place) -> str | None:
    """Return the text at a place: of the leader, a control field or a subfield; None for none."""
    if place.tag == LEADER:
        return record.leader
    field = field_at(record, place)
    if isinstance(field, ControlField):
        return None if place.code else field.data
    if not isinstance(field, DataField):
        return None
    same = [s.value for s in field.subfields if s.code == place.code]
    return same[place.repeat - 1] if place.repeat <= len(same) else None


def _cells(field: ControlField | DataField, n: int, host: str, host_n: int) -> Iterator[Cell]:
    if isinstance(field, ControlField):
        yield Cell(Place(field.tag, n, "", 1, host, host_n), field.data)
        return
    counts: dict[str, int] = {}
    for subfield in field.subfields:
        repeat = counts[subfield.code] = counts.get(subfield.code, 0) + 1
        yield Cell(Place(field.tag, n, subfield.code, repeat, host, host_n), subfield.value)


def _nth(fields: tuple[Field, ...], tag: str, n: int) -> Field | None:
    same = [field for field in fields if field.tag == tag]
    return same[n - 1] if n <= len(same) else None
