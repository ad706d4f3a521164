"""Lines of a workbook that a stranger made: nothing is unpacked or counted by what it claims.

An XLSX file is a zip archive of XML. A few kilobytes of it can claim gigabytes, a million rows of
16,384 cells, or a row of any number; what Excel would not make itself is refused.
"""

import lzma
import warnings
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from typing import BinaryIO

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

_MOST_BYTES = 1 << 29
# Sheets that Excel makes shrink to a tenth or a fiftieth; small ones may do better.
_MOST_SHRUNK, _SMALL = 200, 1 << 23
_MOST_LINES = 1_048_576  # Excel's own limit
_MOST_CELLS = 20_000_000
_DAMAGES = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, InvalidFileException, KeyError, ValueError,
    OSError, IndexError, TypeError, AttributeError, SyntaxError, EOFError, RuntimeError,
    ArithmeticError, AssertionError,
)  # fmt: skip


class UnreadableWorkbookError(Exception):
    """The file is no workbook, is damaged, or claims more than a workbook can hold."""


def lines_of(
    stream: BinaryIO, chosen: Callable[[Sequence[str]], str], most_cells: int = _MOST_CELLS
) -> Iterator[tuple[object, ...]]:
    """Yield the lines of the sheet whose name ``chosen`` picks, without the empty cells behind.

    Formulas give their last values. UnreadableWorkbookError, also after some lines.
    """
    try:
        _require_size(stream)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Excel's own extensions of a workbook are no concern
            book = load_workbook(stream, read_only=True, data_only=True)
            sheet = book[chosen(book.sheetnames)]
            # The size that a sheet says it has would fill every line up to it.
            sheet.reset_dimensions()
            count = 0
            for number, values in enumerate(sheet.iter_rows(values_only=True), 1):
                count += len(values)
                if number > _MOST_LINES or count > most_cells:
                    raise UnreadableWorkbookError
                yield values[: _used(values)]
            book.close()
    except _DAMAGES as error:
        raise UnreadableWorkbookError from error


def _require_size(stream: BinaryIO) -> None:
    with zipfile.ZipFile(stream) as packed:
        parts = packed.infolist()
    shrunk = any(p.file_size > _MOST_SHRUNK * p.compress_size + _SMALL for p in parts)
    if shrunk or sum(part.file_size for part in parts) > _MOST_BYTES:
        raise UnreadableWorkbookError
    stream.seek(0)


def _used(values: Sequence[object]) -> int:
    return max((at for at, value in enumerate(values, 1) if value is not None), default=0)
