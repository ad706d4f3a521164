"""Rows of any table as records, and records as rows: what CSV and XLSX have in common."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from catalog.marc.profile import usual_columns
from catalog.marc.reading import BadRecord, ReadNote, ReadRecord
from catalog.marc.tables.columns import (
    NOTHING,
    ORDER,
    Column,
    Columns,
    complete,
    guarded,
    known,
    record_of,
    row_of,
    unguarded,
)
from catalog.record import FORMATS, Record
from olketanu.errors import InputError

DELIMITER = ";"
_USUAL = "rusmarc"


@dataclass(frozen=True, slots=True)
class Row:
    """``number`` counts lines from 1, the headings' included; no ``cells``: ``raw`` is no row."""

    number: int
    cells: tuple[str, ...]
    raw: bytes
    charset: str = "utf-8"
    notes: tuple[ReadNote, ...] = ()


def records_in(
    rows: Iterator[Row], form: str, columns: Columns | None
) -> Iterator[ReadRecord | BadRecord]:
    """Yield the record of every row that is not empty; the first filled row holds the headings.

    A row with more cells than headings, or with cells that are no field, is a BadRecord
    (``bad-row``), or with nothing but cells that are passed over (``no-fields``). Bytes of a row
    are its lines of CSV, or what these would be. InputError
    ``error.columns-unknown`` where a heading has no column, ``error.columns-none`` without a row.
    """
    used = columns or usual_columns(form)
    head = next((row for row in rows if any(cell.strip() for cell in row.cells)), None)
    if head is None:
        raise InputError("error.columns-none")
    chosen = _chosen(head.cells, used)
    for row in rows:
        if not row.cells or any(cell.strip() for cell in row.cells):
            yield _record_in(row, chosen, used, form)


def rows_out(
    records: Iterable[Record], columns: Columns | None, most: int
) -> Iterator[tuple[Record | None, list[str]]]:
    """Yield the headings, with None, then each record with its cells, none of them a formula.

    ``most``: signs that a cell holds; InputError ``error.table-cell`` where it takes more.
    """
    used: Columns | None = None
    for record in records:
        if used is None:
            used = complete(columns or usual_columns(record.format))
            yield None, _headings(used, record.format)
        cells = [guarded(cell) for cell in row_of(record, used)]
        if max(map(len, cells)) > most:
            number = record.control_number or "?"
            raise InputError("error.table-cell", record=number, limit=most)
        yield record, cells
    if used is None:
        used = complete(columns or usual_columns(_USUAL))
        yield None, _headings(used, _USUAL)


def told_format(rows: Iterator[Row]) -> str:
    """Return the record format that the headings name; RUSMARC where a person made the table."""
    head = next((row for row in rows if any(cell.strip() for cell in row.cells)), None)
    words = [cell.split() for cell in head.cells] if head else []
    named = [two[1] for two in words if len(two) > 1 and two[0] == ORDER and two[1] in FORMATS]
    return named[0] if named else _USUAL


def line(cells: Sequence[str]) -> str:
    """Return the cells as a line of CSV."""
    held = io.StringIO(newline="")
    csv.writer(held, delimiter=DELIMITER, lineterminator="\r\n").writerow(cells)
    return held.getvalue()


def _headings(columns: Columns, form: str) -> list[str]:
    return [
        f"{ORDER} {form}" if column.target.tag == ORDER else column.headings[0]
        for column in columns.columns
    ]


def _chosen(headings: Sequence[str], columns: Columns) -> list[Column | None]:
    chosen = [known(unguarded(text), columns) if text.strip() else None for text in headings]
    named = zip(headings, chosen, strict=True)
    if strange := [text for text, one in named if text.strip() and one is None]:
        raise InputError("error.columns-unknown", columns=", ".join(strange))
    return chosen


def _record_in(
    row: Row, chosen: list[Column | None], columns: Columns, form: str
) -> ReadRecord | BadRecord:
    texts = [unguarded(cell) for cell in row.cells]
    cells = [
        (one, text)
        for one, text in zip(chosen, texts, strict=False)
        if one is not None and one.target.tag != NOTHING
    ]
    beside = [t for at, t in enumerate(texts) if at >= len(chosen) or chosen[at] is None]
    if not row.cells or any(text.strip() for text in beside):
        return BadRecord(row.number, "bad-row", row.raw)
    if not any(text.strip() for _, text in cells):
        return BadRecord(row.number, "no-fields", row.raw)
    try:
        record = record_of(cells, columns, form)
    except ValueError:
        return BadRecord(row.number, "bad-row", row.raw)
    return ReadRecord(row.number, row.raw, record, row.charset, row.notes)
