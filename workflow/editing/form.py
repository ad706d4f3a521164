"""The form of a record: a row for the leader and for each field, and what was typed into them.

Number and time of the record (001, 005) are shown and never typed. A row that was not touched is
the field that it was, whatever strange things a file once brought in it.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from catalog.place import LEADER
from catalog.record import Field, Record
from catalog.typed_field import TypedError, TypedField, blanks_in, blanks_out, field_of, typed

FIXED = ("001", "005")
EMPTY = TypedField("", "", "")
_LEADER_LENGTH = 24
_NAME = re.compile(r"(tag|indicators|text|new|drop)-(\d{1,4})", re.ASCII)
_FIELD_NAMES = ("tag", "indicators", "text")


@dataclass(frozen=True, slots=True)
class Row:
    """One row: ``number`` names its inputs (``tag-3``); ``problem`` tells why it is no field.

    ``problem`` is a code of TypedError, ``leader`` or ``fixed``, else empty; ``is_new`` rows take
    their place by their tag.
    """

    number: int
    typed: TypedField
    is_new: bool = False
    problem: str = ""

    @property
    def is_fixed(self) -> bool:
        """Whether it is only shown."""
        return self.typed.tag in FIXED

    @property
    def is_leader(self) -> bool:
        """Whether it is the leader, which has neither tag nor indicators."""
        return self.typed.tag == LEADER


@dataclass(frozen=True, slots=True)
class RecordForm:
    """``record`` is what the rows say, None where one of them has a problem."""

    rows: tuple[Row, ...]
    record: Record | None


def form_of(record: Record) -> RecordForm:
    """Return the form of a record that nobody has touched."""
    fields = (TypedField(LEADER, "", blanks_out(record.leader)), *map(typed, record.fields))
    return RecordForm(tuple(Row(n, one) for n, one in enumerate(fields)), record)


def is_form(given: Mapping[str, str]) -> bool:
    """Whether fields of a record are among what was sent."""
    return any(_NAME.fullmatch(name) for name in given)


def read_form(before: Record, given: Mapping[str, str]) -> RecordForm:
    """Return the rows that were sent for the record ``before``, and the record that they make.

    Rows that are empty or dropped are gone; new ones keep their place in the form, and take that of
    their tag in the record. Without any row it is the form of ``before``.
    """
    if not is_form(given):
        return form_of(before)
    rows = [_judged(before, row) for row in _rows(given)]
    if any(row.problem for row in rows):
        return RecordForm(tuple(rows), None)
    return RecordForm(tuple(rows), _made(before, rows))


def with_row(given: Mapping[str, str], tag: str, text: str) -> dict[str, str]:
    """Return what was sent with a new row more."""
    numbers = [int(found[2]) for name in given if (found := _NAME.fullmatch(name))]
    number = max(numbers, default=-1) + 1
    return {**given, f"tag-{number}": tag, f"text-{number}": text, f"new-{number}": ""}


def _rows(given: Mapping[str, str]) -> list[Row]:
    found: dict[int, dict[str, str]] = {}
    for name, text in given.items():
        if part := _NAME.fullmatch(name):
            found.setdefault(int(part[2]), {})[part[1]] = text
    return [
        Row(number, TypedField(*(told.get(name, "") for name in _FIELD_NAMES)), "new" in told)
        for number, told in sorted(found.items())
        if "drop" not in told and (told.get("tag", "").strip() or told.get("text", "").strip())
    ]


def _judged(before: Record, row: Row) -> Row:
    """The row with its problem, if any."""
    if row.is_leader:
        short = len(blanks_in(row.typed.text)) != _LEADER_LENGTH
        return replace(row, problem="leader" if short else "")
    if row.is_fixed or row.typed.tag.strip() in FIXED:
        known = next((field for field in before.fields if field.tag == row.typed.tag.strip()), None)
        return replace(row, problem="fixed") if known is None else replace(row, typed=typed(known))
    try:
        _field(before, row)
    except TypedError as error:
        return replace(row, problem=error.code)
    return row


def _made(before: Record, rows: Iterable[Row]) -> Record:
    """Number and time are those of ``before``, where they stood; so is a leader not sent."""
    leader = next((blanks_in(row.typed.text) for row in rows if row.is_leader), before.leader)
    typed_rows = [row for row in rows if not row.is_leader and row.typed.tag.strip() not in FIXED]
    kept = tuple(_field(before, row) for row in typed_rows if not row.is_new)
    record = Record(before.format, leader, kept)
    for at, field in enumerate(before.fields):
        if field.tag in FIXED:
            fields = record.fields
            record = replace(record, fields=(*fields[:at], field, *fields[at:]))
    for row in typed_rows:
        if row.is_new:
            record = record.with_field(_field(before, row))
    return record


def _field(before: Record, row: Row) -> Field:
    told = _plain(row.typed)
    untouched = (field for field in before.fields if typed(field) == told)
    return next(untouched, None) or field_of(told, before.format)


def _plain(given: TypedField) -> TypedField:
    """Browsers send line ends of their own."""
    return replace(given, text=given.text.replace("\r\n", "\n"))
