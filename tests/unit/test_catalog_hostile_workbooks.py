"""Workbooks that no table program would make: refused at once, or read as what little they hold."""

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest
from openpyxl import Workbook

from catalog.marc.exchange import ReadOrder, open_exchange
from catalog.marc.reading import BadRecord, ReadRecord
from digitize.batch.cells import read_xlsx
from olketanu.errors import InputError

_SHEET = "xl/worksheets/sheet1.xml"
_BEGIN = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
_HEAD = b'<row r="1"><c r="A1" t="inlineStr"><is><t>001</t></is></c></row>'
_LAUGHS = b"".join(b'<!ENTITY l%d "%s">' % (n, b"&l%d;" % (n - 1) * 20) for n in range(1, 9))


def _book(parts: Mapping[str, bytes]) -> bytes:
    usual = io.BytesIO()
    Workbook().save(usual)
    held = io.BytesIO()
    with zipfile.ZipFile(usual) as old, zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, parts.get(name, old.read(name)))
    return held.getvalue()


def _sheet(rows: bytes, before: bytes = b"", claim: bytes = b"") -> bytes:
    content = before + _BEGIN + claim + b"<sheetData>" + rows + b"</sheetData></worksheet>"
    return _book({_SHEET: content})


def _damaged() -> bytes:
    book = bytearray(_sheet(_HEAD))
    start = book.index(_SHEET.encode()) + len(_SHEET)
    book[start : start + 40] = bytes(byte ^ 0xFF for byte in book[start : start + 40])
    return bytes(book)


def _read(data: bytes) -> list[ReadRecord | BadRecord]:
    return list(open_exchange(io.BytesIO(data), ReadOrder("xlsx", "rusmarc")).records)


HOSTILE = {
    "a cell of 300 megabytes": _sheet(_HEAD + b"<row><c><v>" + b"1" * 300_000_000 + b"</v></c>"),
    "millions of empty rows": _sheet(_HEAD + b"<row/>" * 3_000_000),
    "a row of any number": _sheet(_HEAD + b'<row r="99999999999"><c><v>1</v></c></row>'),
    "entities of entities": _sheet(
        b"<row><c><v>&l8;</v></c></row>",
        b'<!DOCTYPE x [<!ENTITY l0 "1">' + _LAUGHS + b"]>",
    ),
    "a file of the machine": _sheet(
        b"<row><c><v>&f;</v></c></row>",
        b'<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]>',
    ),
    "rows in rows": _sheet(b"<row>" * 100_000),
    "bytes that do not unpack": _damaged(),
    "no workbook in it": _book({"xl/workbook.xml": b""}),
}


@pytest.mark.parametrize("data", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_workbook_is_refused_in_words(data: bytes, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="table-unreadable"):
        _read(data)
    path = tmp_path / "sheet.xlsx"
    path.write_bytes(data)
    with pytest.raises(InputError, match="manifest-unreadable"):
        read_xlsx(path)


def test_a_sheet_that_claims_to_be_the_largest_is_read_by_its_cells() -> None:
    far = b'<row r="1048576"><c r="A1048576" t="inlineStr"><is><t>9</t></is></c></row>'
    [found] = _read(_sheet(_HEAD + far, claim=b'<dimension ref="A1:XFD1048576"/>'))
    assert isinstance(found, ReadRecord)
    assert (found.offset, found.record.control_number) == (1_048_576, "9")


def test_a_sheet_of_cells_at_the_far_right_is_refused_before_it_fills_the_memory(
    tmp_path: Path,
) -> None:
    path = tmp_path / "sheet.xlsx"
    rows = b"".join(b'<row r="%d"><c r="XFD%d"><v>1</v></c></row>' % (n, n) for n in range(2, 3000))
    path.write_bytes(_sheet(_HEAD + rows))
    with pytest.raises(InputError, match="manifest-unreadable"):
        read_xlsx(path)
