"""Cells of a sheet as text, from XLSX or CSV."""

import csv
import datetime
import io
import unicodedata
from collections.abc import Iterable, Sequence
from itertools import islice
from pathlib import Path

from catalog.marc.tables.packed import UnreadableWorkbookError, lines_of
from digitize.batch.table import LANGUAGES, fold, label
from olketanu.errors import InputError

Sheet = list[tuple[int, tuple[str, ...]]]
"""Lines with their numbers (from 1), every line of the same length, trailing blanks cut."""

MOST_BYTES = 30_000_000
MOST_LINES = 50_000
MOST_CELLS = 5_000_000
_DELIMITERS = ";,\t"


def read_csv(path: Path) -> Sheet:
    """Read a CSV file; see :func:`csv_cells`."""
    return csv_cells(_bytes(path), path.name)


def csv_cells(data: bytes, name: str) -> Sheet:
    """Read a CSV: UTF-8 with or without a byte order mark, else CP1251; «;», «,» or tabs.

    InputError ``error.manifest-unreadable`` (with ``name``) where it is too large or its quotes do
    not close.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1251", errors="replace")
    first = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = max(_DELIMITERS, key=first.count)
    try:
        lines = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error as error:
        raise InputError("error.manifest-unreadable", file=name) from error
    return _sheet(lines, name)


def read_xlsx(path: Path) -> Sheet:
    """Read a file that is a workbook; see :func:`xlsx_cells`."""
    return xlsx_cells(_bytes(path), path.name)


def xlsx_cells(data: bytes, name: str) -> Sheet:
    """Read the sheet of documents (by its name, else the first) of an XLSX, formulas as values.

    InputError ``error.manifest-unreadable`` (with ``name``) where the file is no workbook.
    """
    names = {fold(label("sheet", language)) for language in LANGUAGES}
    try:
        found = lines_of(
            io.BytesIO(data),
            lambda sheets: next((name for name in sheets if fold(name) in names), sheets[0]),
            MOST_CELLS,
        )
        lines = list(islice(found, MOST_LINES + 1))
    except UnreadableWorkbookError as error:
        raise InputError("error.manifest-unreadable", file=name) from error
    return _sheet(lines, name)


def cell_text(value: object) -> str:
    """A cell as text: NFC, single blanks; whole numbers without ``.0``; dates as ISO 8601."""
    if value is None:
        return ""
    if isinstance(value, datetime.datetime):
        value = value.date() if value.time() == datetime.time() else value
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return " ".join(unicodedata.normalize("NFC", str(value)).split())


def _bytes(path: Path) -> bytes:
    if path.stat().st_size > MOST_BYTES:
        raise InputError("error.manifest-unreadable", file=path.name)
    return path.read_bytes()


def _sheet(lines: Iterable[Sequence[object]], name: str) -> Sheet:
    texts = [[cell_text(value) for value in line] for line in lines]
    if len(texts) > MOST_LINES:
        raise InputError("error.manifest-unreadable", file=name)
    width = max((_used(line) for line in texts), default=0)
    if width * len(texts) > MOST_CELLS:
        raise InputError("error.manifest-unreadable", file=name)
    return [(number, tuple((line + [""] * width)[:width])) for number, line in enumerate(texts, 1)]


def _used(line: list[str]) -> int:
    return max((index for index, cell in enumerate(line, 1) if cell), default=0)
