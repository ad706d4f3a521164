"""Where in a record something stands, and its text there.

A place is written ``701[2]$a``, in an embedded field ``461/200$a``; ``[1]`` is left out. The leader
is ``LDR``.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from catalog.record import ControlField, DataField, LinkField, Record

LEADER = "LDR"
_PLACE = re.compile(
    r"(?:(?P<host>.{3})(?:\[(?P<host_n>\d+)\])?/)?(?P<tag>\d{4}|[^/]{3})(?:\[(?P<n>\d+)\])?"
    r"(?:\$(?P<code>.)(?:\[(?P<repeat>\d+)\])?)?"
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
        host = f"{self.host}{_number(self.host_n)}/" if self.host else ""
        code = f"${self.code}{_number(self.repeat)}" if self.code else ""
        return f"{host}{self.tag}{_number(self.n)}{code}"

    @property
    def field(self) -> "Place":
        """The place of the field itself."""
        return Place(self.tag, self.n, host=self.host, host_n=self.host_n)


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


def _cells(field: ControlField | DataField, n: int, host: str, host_n: int) -> Iterator[Cell]:
    if isinstance(field, ControlField):
        yield Cell(Place(field.tag, n, "", 1, host, host_n), field.data)
        return
    counts: dict[str, int] = {}
    for subfield in field.subfields:
        repeat = counts[subfield.code] = counts.get(subfield.code, 0) + 1
        yield Cell(Place(field.tag, n, subfield.code, repeat, host, host_n), subfield.value)


def _number(n: int) -> str:
    return f"[{n}]" if n > 1 else ""
