"""Records as an XLSX workbook: the first sheet, a row a record, columns as in CSV."""

import datetime
import errno
import io
from collections.abc import Iterable, Iterator
from typing import BinaryIO

from lxml.etree import SerialisationError
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

from catalog.marc.reading import BadRecord, ReadRecord
from catalog.marc.tables import rows
from catalog.marc.tables.columns import Columns
from catalog.marc.tables.packed import UnreadableWorkbookError, lines_of
from catalog.marc.tables.rows import Row, line, records_in, rows_out
from catalog.record import Record
from olketanu.errors import InputError
from pages.office import timeless
from pages.xml import is_clean

COLUMNS = True
_MOST_CELL = 32_767  # Excel's own limit
_ZIP = b"PK\x03\x04"
_MADE = "1980-01-01T00:00:00Z"


def looks_like(head: bytes) -> bool:
    """Return whether a file that begins so is a zip archive, as workbooks are."""
    return head.startswith(_ZIP)


def write(records: Iterable[Record], columns: Columns | None = None) -> Iterator[bytes]:
    """Yield the workbook in one piece; no cell is a formula.

    InputError as ``rows_out`` and ``row_of``; ``error.marcxml-control`` for a character that XML,
    of which workbooks are made, does not allow.
    """
    try:
        yield _written(records, columns)
    except SerialisationError as error:
        # openpyxl writes its sheets to temporary files first: IO_ENOSPC and its like.
        code = getattr(errno, str(error).removeprefix("IO_"), errno.EIO)
        raise OSError(code, str(error)) from error


def _written(records: Iterable[Record], columns: Columns | None) -> bytes:
    book = Workbook(write_only=True)
    sheet = book.create_sheet("MARC")
    try:
        for record, cells in rows_out(records, columns, _MOST_CELL):
            if record and not all(map(is_clean, cells)):
                number = record.control_number or "?"
                raise InputError("error.marcxml-control", record=number, field="*")
            made = [WriteOnlyCell(sheet, text) for text in cells]
            for cell in made:
                cell.data_type = "s"
            sheet.append(made)
    finally:
        sheet.close()
    held = io.BytesIO()
    book.save(held)
    return timeless(held, _MADE)


def read(
    stream: BinaryIO,
    form: str = "rusmarc",
    charset: str = "utf-8",
    columns: Columns | None = None,
) -> Iterator[ReadRecord | BadRecord]:
    """Yield the record of every row; ``offset`` is its line. Formulas give their last values.

    InputError ``error.table-unreadable`` where the file is no workbook; others as ``records_in``.
    """
    return records_in(_rows(stream), form, columns)


def told_format(stream: BinaryIO) -> str:
    """Return the record format that the headings name, else RUSMARC; errors as :func:`read`."""
    return rows.told_format(_rows(stream))


def _rows(stream: BinaryIO) -> Iterator[Row]:
    try:
        for number, cells in enumerate(lines_of(stream, lambda names: names[0]), 1):
            if texts := tuple(map(_text, cells)):
                yield Row(number, texts, line(texts).encode("utf-8", "replace"))
    except UnreadableWorkbookError as error:
        raise InputError("error.table-unreadable") from error


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime.datetime) and value.time() == datetime.time():
        value = value.date()
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value)
