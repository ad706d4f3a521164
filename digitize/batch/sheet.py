"""The sheet written: an empty one for the librarian, and the copy with what came of it.

The librarian's own file is never written. Only this module and ``manifest_cells`` know Excel.
"""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from openpyxl import Workbook, load_workbook
from openpyxl.cell import Cell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from digitize.batch import table
from digitize.batch.manifest import Manifest, ManifestRow
from olketanu.errors import UsageError
from store.disk.files import write_durably

RESULT_COLUMNS = ("id", "pages", "confidence", "state", "link")
_LISTS = "_"
_SPARE_ROWS = 500
_GREY = PatternFill("solid", start_color="FFD9D9D9")
_HEAD = PatternFill("solid", start_color="FFDDEBF7")
_TEXT_FORMAT = "@"
_STRICT = frozenset({"kind", "each", "script"})  # others also take a date or another language


@dataclass(frozen=True, slots=True)
class FolderRow:
    """A row to begin with: the document's name, and values by column code where they are known.

    Values of columns with fixed values are codes; they are written in the sheet's language.
    """

    name: str
    values: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class ResultRow:
    """What came of one document: ``line`` is its row in the librarian's sheet, 0 without a row.

    ``name`` is the document's name, ``confidence`` 0.0 to 1.0 or None, ``state`` a text to show.
    """

    line: int
    name: str
    id: str
    pages: int
    confidence: float | None
    state: str
    link: str


def write_template(target: Path, folders: Sequence[FolderRow], language: str) -> None:
    """Write a new sheet with headings, drop-down lists and help in ``kk``, ``ru`` or ``en``.

    UsageError ``error.manifest-exists`` where the file is there already; CannotWriteError where it
    cannot be written.
    """
    if target.exists():
        raise UsageError("error.manifest-exists", file=str(target))
    book = Workbook()
    sheet = _first_sheet(book, table.label("sheet", language))
    columns = table.columns()
    for number, column in enumerate(columns, 1):
        heading = column.heading[language] + ("*" if column.required else "")
        _head(sheet, number, heading, column.width)
        sheet.column_dimensions[get_column_letter(number)].number_format = _TEXT_FORMAT
    for line, folder in enumerate(folders, 2):
        values = {"folder": folder.name, **(folder.values or {})}
        for number, column in enumerate(columns, 1):
            text = values.get(column.code, "")
            known = table.has_values(column.code)
            _put(
                sheet,
                line,
                number,
                table.value_name(column.code, text, language) if known else text,
            )
    last = len(folders) + 1 + _SPARE_ROWS
    _add_lists(book, sheet, language, last)
    _add_help(book, language)
    _save(book, target)


def write_results(target: Path, manifest: Manifest, results: Sequence[ResultRow]) -> bool:
    """Write the sheet's copy with grey columns; return whether anything had to be written.

    Rows of the sheet keep their order; a row with several documents (``each``) is repeated; a row
    without a result stays with empty grey cells; documents without a row come last. The file is
    left alone where it says the same already. CannotWriteError where it cannot be written;
    UsageError where the target is the librarian's own file.
    """
    if target == manifest.path:
        raise UsageError("error.manifest-exists", file=str(target))
    language = manifest.language
    headings = [*manifest.headings, *(table.label(code, language) for code in RESULT_COLUMNS)]
    lines = [headings, *_result_lines(manifest, results)]
    if _says(target, lines):
        return False
    book = Workbook()
    sheet = _first_sheet(book, table.label("sheet", language))
    first_grey = len(manifest.headings) + 1
    for number, heading in enumerate(headings, 1):
        _head(sheet, number, heading, 18)
    for line, cells in enumerate(lines[1:], 2):
        for number, text in enumerate(cells, 1):
            cell = _put(sheet, line, number, text)
            if number >= first_grey:
                cell.fill = _GREY
    _save(book, target)
    return True


def _result_lines(manifest: Manifest, results: Sequence[ResultRow]) -> list[list[str]]:
    by_line: dict[int, list[ResultRow]] = {}
    for result in results:
        by_line.setdefault(result.line, []).append(result)
    empty = [""] * len(RESULT_COLUMNS)
    lines: list[list[str]] = []
    for row in manifest.rows:
        came = by_line.pop(row.line, [])
        lines.extend([*_own_cells(row, one), *_grey_cells(one)] for one in came)
        if not came:
            lines.append([*row.cells, *empty])
    folder = [table.heading_code(heading) for heading in manifest.headings].index("folder")
    for result in (one for rest in by_line.values() for one in rest):
        cells = [""] * len(manifest.headings)
        cells[folder] = result.name
        lines.append([*cells, *_grey_cells(result)])
    return lines


def _own_cells(row: ManifestRow, result: ResultRow) -> list[str]:
    """The librarian's cells; of a row for many documents with the name of this one."""
    return [result.name if row.each and text == row.folder else text for text in row.cells]


def _grey_cells(result: ResultRow) -> list[str]:
    confidence = "" if result.confidence is None else f"{result.confidence * 100:.0f}"
    return [result.id, str(result.pages), confidence, result.state, result.link]


def _says(target: Path, lines: list[list[str]]) -> bool:
    """Whether the workbook at ``target`` holds exactly these cells."""
    if not target.is_file():
        return False
    try:
        book = load_workbook(target, read_only=True)
        written = [
            ["" if value is None else str(value) for value in line]
            for line in book.worksheets[0].iter_rows(values_only=True)
        ]
        book.close()
    except Exception:  # whatever is wrong with the old copy, it is written anew
        return False
    return written == [[_clean(text) for text in line] for line in lines]


def _first_sheet(book: Workbook, title: str) -> Worksheet:
    sheet = book.worksheets[0]
    sheet.title = title
    sheet.freeze_panes = "B2"
    return sheet


def _head(sheet: Worksheet, number: int, text: str, width: int) -> None:
    cell = _put(sheet, 1, number, text)
    cell.font, cell.fill = Font(bold=True), _HEAD
    sheet.column_dimensions[get_column_letter(number)].width = width


def _put(sheet: Worksheet, line: int, number: int, text: str) -> Cell:
    """Write a text as a text: a leading «=» is no formula, 001 no number."""
    cell = sheet.cell(line, number)
    if text:
        cell.value = _clean(text)
        cell.data_type = "s"
    cell.number_format = _TEXT_FORMAT
    return cell  # type: ignore[return-value] # no cell of a new sheet is merged


def _clean(text: str) -> str:
    return ILLEGAL_CHARACTERS_RE.sub("", text)


def _add_lists(book: Workbook, sheet: Worksheet, language: str, last: int) -> None:
    """Drop-down lists; their values lie on a hidden sheet: Excel allows only 255 signs in place."""
    lists = book.create_sheet(_LISTS)
    lists.sheet_state = "hidden"
    number = 0
    for position, column in enumerate(table.columns(), 1):
        if not table.has_values(column.code):
            continue
        number += 1
        names = table.value_names(column.code, language)
        for line, name in enumerate(names, 1):
            _put(lists, line, number, name)
        letter, own = get_column_letter(number), get_column_letter(position)
        rule = DataValidation("list", formula1=f"'{_LISTS}'!${letter}$1:${letter}${len(names)}")
        rule.allow_blank = True
        rule.showErrorMessage = True
        rule.errorStyle = "stop" if column.code in _STRICT else "warning"
        rule.showInputMessage = True
        rule.promptTitle, rule.prompt = column.heading[language], column.help[language][:255]
        rule.add(f"{own}2:{own}{last}")
        sheet.add_data_validation(rule)


def _add_help(book: Workbook, language: str) -> None:
    sheet = book.create_sheet(table.label("help", language))
    for number, (code, width) in enumerate((("column", 28), ("meaning", 90)), 1):
        _head(sheet, number, table.label(code, language), width)
    for line, column in enumerate(table.columns(), 2):
        needed = f" ({table.label('required', language)})" if column.required else ""
        _put(sheet, line, 1, column.heading[language] + needed)
        names = table.value_names(column.code, language)
        choice = f" [{'; '.join(names)}]" if names else ""
        _put(sheet, line, 2, column.help[language] + choice).alignment = Alignment(wrap_text=True)


def _save(book: Workbook, target: Path) -> None:
    data = io.BytesIO()
    book.save(data)
    write_durably(target, data.getvalue())
