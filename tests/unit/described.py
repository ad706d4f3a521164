"""Records written as lines of text, and the descriptions that are expected of them.

A case begins with ``= rusmarc am: what it is`` (format, type and level of the record), then one
line a field (``200 $aЗаглавие$fИ. Иванов``; embedded fields by $1), then ``7.1`` and ``R`` with the
description by GOST 7.1-2003 and by GOST R 7.0.100-2018. Every expected line is written by hand.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from catalog.isbd.style import GOST_2003, GOST_R_2018
from catalog.marc.embedding import unflatten
from catalog.place import field_at, parse_place, text_at
from catalog.record import ControlField, DataField, Field, Record, Subfield

FOLDER = Path(__file__).parents[1] / "golden" / "isbd"
_EDITIONS = {"7.1": GOST_2003, "R": GOST_R_2018}
_HEAD = re.compile(r"= (\w+) (\w)(\w): (.+)")


@dataclass(frozen=True)
class Case:
    """What a record is, and its description in one edition."""

    name: str
    edition: str
    record: Record
    expected: str


def cases(language: str) -> Iterator[Case]:
    """Every case in the files whose names end in ``_rus`` or ``_kaz``."""
    for path in sorted(FOLDER.glob(f"*_{language}.txt")):
        for block in path.read_text(encoding="utf-8").split("\n\n"):
            yield from _block([line for line in block.splitlines() if line[:1] not in ("", "#")])


def record(form: str, kind: str, level: str, lines: list[str]) -> Record:
    """The record of these lines."""
    fields = tuple(_field(line, form) for line in lines)
    return Record(form, f"00000n{kind}{level}  22000003  450 ", fields)


def values_at(record: Record, place: str) -> tuple[str, ...]:
    """What stands at a place as the view writes it; of a whole field every subfield.

    The view reads the codes of ИРБИС in small letters, and text without a code as $a.
    """
    where = parse_place(place)
    field = field_at(record, where)
    if isinstance(field, DataField) and not where.code:
        return tuple(s.value for s in field.subfields)
    if isinstance(field, DataField) and record.format == "irbis":
        codes = ["a" if s.code in ("*", "", " ") else s.code.lower() for s in field.subfields]
        same = [
            s.value for s, code in zip(field.subfields, codes, strict=True) if code == where.code
        ]
        return tuple(same[where.repeat - 1 : where.repeat])
    text = field.data if isinstance(field, ControlField) else text_at(record, where)
    return () if text is None else (text,)


def _block(lines: list[str]) -> Iterator[Case]:
    if not lines:
        return
    head = _HEAD.fullmatch(lines[0])
    assert head, lines[0]
    form, kind, level, name = head.groups()
    made = record(form, kind, level, [line for line in lines[1:] if line[:3].isdigit()])
    for line in lines[1:]:
        edition, _, expected = line.partition(" ")
        if edition in _EDITIONS:
            yield Case(name, _EDITIONS[edition], made, expected)


def _field(line: str, form: str) -> Field:
    tag, _, text = line.partition(" ")
    if "$" not in text:
        return ControlField(tag, text)
    parts = tuple(Subfield(part[0], part[1:]) for part in text.split("$")[1:])
    return unflatten(DataField(tag, "  ", parts), form)
