"""The correction sheet as an Excel workbook, to be ticked in Excel and taken back."""

import io
from collections.abc import Sequence

from openpyxl import Workbook
from openpyxl.cell import Cell, MergedCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.formatting.rule import Rule
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.header_footer import HeaderFooterItem
from openpyxl.worksheet.header_footer import _HeaderFooterPart as HeaderFooterPart
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from olketanu.messages.translate import translate
from pages.office import timeless
from workflow.delta.sheet import TICK, Sheet, cells, columns

_HEAD = PatternFill("solid", start_color="FFDDEBF7")
_GREEN = PatternFill("solid", start_color="FFE2F0D9", end_color="FFE2F0D9")
_AMBER = PatternFill("solid", start_color="FFFFF2CC", end_color="FFFFF2CC")
_THIN = Side(style="thin", color="FFBFBFBF")
_BORDER = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
_TEXT_FORMAT = "@"
_MOST_SIGNS = 32767
_MOST_TITLE = 31
_LINE, _MARGIN = 14.5, 3.0
_TITLE_LINES = 2
_MOST_POINTS = 409.0  # Excel takes no higher row


def workbook_sheet(sheet: Sheet) -> bytes:
    """Return the workbook: a row a correction with the record's number and title in each.

    Every cell is text: no sign at its beginning makes it a formula or a number. The same sheet
    gives the same bytes.
    """
    book = Workbook()
    page = book.worksheets[0]
    page.title = sheet.heading[:_MOST_TITLE]
    _head(page)
    line = 1
    for entry in sheet.entries:
        for one in entry.lines:
            line += 1
            texts = cells(entry, one)
            for number, text in enumerate(texts, 1):
                _put(page, line, number, text)
            page.row_dimensions[line].height = _height(texts)
    _ticks(page, line)
    _paper(page, sheet, line)
    _help(book, sheet)
    held = io.BytesIO()
    book.save(held)
    return timeless(held, f"{sheet.day[:10]}T00:00:00Z")


def _head(page: Worksheet) -> None:
    for number, column in enumerate(columns(), 1):
        cell = _put(page, 1, number, column.heading)
        cell.font, cell.fill = Font(bold=True), _HEAD
        page.column_dimensions[get_column_letter(number)].width = column.width


def _height(texts: Sequence[str]) -> float:
    """Points that the fullest cell needs: not every program reckons them when it opens a file.

    Of a long title the beginning is enough to know the record by.
    """
    lines = {
        column.code: sum(1 + len(part) // column.width for part in text.split("\n"))
        for text, column in zip(texts, columns(), strict=True)
    }
    lines["title"] = min(lines["title"], _TITLE_LINES)
    return min(_LINE * max(lines.values()) + _MARGIN, _MOST_POINTS)


def _put(page: Worksheet, line: int, number: int, text: str) -> Cell | MergedCell:
    cell = page.cell(line, number)
    if text:
        cell.value = ILLEGAL_CHARACTERS_RE.sub("", text)[:_MOST_SIGNS]
        cell.data_type = "s"
    cell.number_format = _TEXT_FORMAT
    # So it stays text when somebody edits the cell.
    cell.quotePrefix = True
    boxed = columns()[number - 1].code in ("done", "cannot")
    cell.alignment = Alignment(
        vertical="top", wrap_text=True, horizontal="center" if boxed else "left"
    )
    cell.border = _BORDER
    return cell


def _ticks(page: Worksheet, last: int) -> None:
    """A list with one tick in each box, other marks allowed; ticked rows are coloured."""
    letters = {one.code: get_column_letter(n) for n, one in enumerate(columns(), 1)}
    rule = DataValidation("list", formula1=f'"{TICK}"', allow_blank=True, showErrorMessage=False)
    for code in ("done", "cannot"):
        rule.add(f"{letters[code]}2:{letters[code]}{max(last, 2)}")
    page.add_data_validation(rule)
    span = f"A2:{get_column_letter(len(columns()))}{max(last, 2)}"
    for code, fill in (("done", _GREEN), ("cannot", _AMBER)):
        colour = Rule("expression", dxf=DifferentialStyle(fill=fill), stopIfTrue=True)
        colour.formula = [f"LEN(${letters[code]}2)>0"]
        page.conditional_formatting.add(span, colour)


def _paper(page: Worksheet, sheet: Sheet, last: int) -> None:
    page.freeze_panes = "A2"
    page.auto_filter.ref = f"A1:{get_column_letter(len(columns()))}{last}"
    page.print_title_rows = "1:1"
    page.page_setup.orientation, page.page_setup.paperSize = "landscape", 9
    page.page_setup.fitToWidth, page.page_setup.fitToHeight = 1, 0
    page.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    above, below = HeaderFooterPart(sheet.heading.replace("&", "&&")), HeaderFooterPart("&P / &N")
    page.HeaderFooter.oddHeader = HeaderFooterItem(center=above)
    page.HeaderFooter.oddFooter = HeaderFooterItem(right=below)


def _help(book: Workbook, sheet: Sheet) -> None:
    page = book.create_sheet(translate("delta.help")[:_MOST_TITLE])
    page.column_dimensions["A"].width = 100
    lines = [sheet.heading, sheet.subject, *sheet.legend.split("\n"), translate("delta.ticking")]
    for number, text in enumerate(lines, 1):
        cell = page.cell(number, 1)
        cell.value, cell.data_type = ILLEGAL_CHARACTERS_RE.sub("", text), "s"
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        cell.font = Font(bold=number == 1)
