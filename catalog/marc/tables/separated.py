"""Records as CSV: a row a record, columns by a profile or those the program knows.

Written is UTF-8 with a byte order mark and ``;``, as Excel of the region opens it; read are ``;``,
``,`` and tabs in any character set.
"""

import csv
from collections.abc import Iterable, Iterator
from typing import BinaryIO

from catalog.charset.confirm import reader
from catalog.charset.decoding import decode
from catalog.charset.evidence import Decision
from catalog.marc.profile import usual_columns
from catalog.marc.reading import BadRecord, ReadRecord
from catalog.marc.stream import encode, text_in
from catalog.marc.tables import rows
from catalog.marc.tables.columns import Columns, known
from catalog.marc.tables.rows import Row, line, records_in, rows_out
from catalog.record import Record

BY_EVIDENCE = True
COLUMNS = True
_DELIMITERS = ";,\t"
_MOST_CELL = 131_071
"""What Python's own reader takes, as many as four cells of Excel."""


_MOST_LINE = 1 << 24
_PATIENCE = 1 << 16
"""Lines that rows with a quotation mark too many may look ahead, all together, at the least."""


def looks_like(head: bytes) -> bool:
    """Return whether a file that begins so has a first line of headings that the program knows.

    Of several, half will do: the reader names those that it does not know.
    """
    first = decode(head, "utf-8", "replace").removeprefix("\ufeff").partition("\n")[0].rstrip("\r")
    headings = [one for one in (cell.strip('" ') for cell in first.split(_delimiter(first))) if one]
    columns = [usual_columns(form) for form in ("rusmarc", "marc21")]
    told = sum(any(known(one, several) for several in columns) for one in headings)
    return told > 1 and told * 2 >= len(headings)


def write(records: Iterable[Record], columns: Columns | None = None) -> Iterator[bytes]:
    """Yield the table, a row a piece; errors as ``rows_out`` and ``row_of``."""
    before = "\ufeff"
    for record, cells in rows_out(records, columns, _MOST_CELL):
        owner = record or Record("", "", ())
        yield encode(before + line(cells), owner)
        before = ""


def read(
    stream: BinaryIO,
    form: str = "rusmarc",
    charset: str | Decision = "utf-8",
    columns: Columns | None = None,
) -> Iterator[ReadRecord | BadRecord]:
    """Yield the record of every row; ``offset`` is its line. Errors as ``records_in``."""
    return records_in(_rows(stream, charset), form, columns)


def told_format(stream: BinaryIO) -> str:
    """Return the record format that the headings name, else RUSMARC."""
    return rows.told_format(_rows(stream, "utf-8"))


def _rows(stream: BinaryIO, charset: str | Decision) -> Iterator[Row]:
    charset_of = reader(charset)
    delimiter, number, width = "", 1, 0
    lines = _Lines(stream)
    while first := lines.begin():
        used = charset_of(first)
        delimiter = delimiter or _delimiter(text_in(first, used)[0])
        texts = (text_in(raw, used)[0].removeprefix("\ufeff") for raw in lines)
        try:
            cells = tuple(next(csv.reader(texts, delimiter=delimiter, strict=True)))
        except csv.Error:
            cells = ()
        # A quotation mark without its twin takes rows with it: only the first of them is lost.
        if len(lines.taken) > 1 and width and len(cells) != width:
            lines.give_back()
            cells = ()
        raw = b"".join(lines.taken)
        width = width or len(cells)
        yield Row(number, cells, raw, used, text_in(raw, used)[1])
        number += len(lines.taken)


def _delimiter(first: str) -> str:
    return max(_DELIMITERS, key=first.count)


class _Lines:
    """Physical lines, some of which can be given back.

    A file of lone quotation marks would have every row look through all that follows: what may be
    given back grows with what stays taken, so that a file is read in time that grows as it does.
    """

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._back: list[bytes] = []
        self._patience = _PATIENCE
        self.taken: list[bytes] = []

    def begin(self) -> bytes:
        """Forget what was taken, and return the next line, which stays; empty at the end."""
        self.taken = []
        self._patience += 1
        if not self._back:
            self._back.append(self._stream.readline(_MOST_LINE))
        return self._back[-1]

    def give_back(self) -> None:
        """Give back all that was taken but the first line."""
        self._patience -= len(self.taken)
        while len(self.taken) > 1:
            self._back.append(self.taken.pop())

    def __iter__(self) -> Iterator[bytes]:
        while raw := self._back.pop() if self._back else self._stream.readline(_MOST_LINE):
            self.taken.append(raw)
            yield raw
            if len(self.taken) > max(self._patience, 1):
                return
