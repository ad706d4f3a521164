"""The correction sheet as a Word document, for libraries that pass it on by letter or on paper."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from catalog.comparison.contrast import Part, contrast
from olketanu.messages.translate import translate
from pages.xml import clean
from workflow.delta.sheet import BOX, Entry, Line, Sheet, columns
from workflow.print.word import add_page_number, element, new_document, pack

if TYPE_CHECKING:
    from docx.document import Document
    from docx.table import Table, _Cell, _Row
    from docx.text.paragraph import Paragraph

_MILLIMETRES = {"field": 15, "action": 23, "was": 64, "now": 64, "note": 32, "code": 25}
_BOX_WIDTH = 25


def word_sheet(sheet: Sheet) -> bytes:
    """Return the document: A4 across, headings on every page, no row broken between pages.

    The same sheet gives the same bytes.

    Raises:
        MissingToolError: ``error.no-print``: python-docx is not installed.
    """
    paper = new_document(clean(sheet.heading), "", sheet.day)
    from docx.enum.section import WD_ORIENT
    from docx.shared import Mm, Pt

    section = paper.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Mm(297), Mm(210)
    section.left_margin = section.right_margin = Mm(12)
    section.top_margin = section.bottom_margin = Mm(13)
    paper.styles["Normal"].font.name = "Arial"
    paper.styles["Normal"].font.size = Pt(9.5)
    paper.styles["Normal"].paragraph_format.space_after = Pt(2)
    title = paper.add_paragraph()
    title.add_run(clean(sheet.heading)).bold = True
    title.runs[0].font.size = Pt(15)
    paper.add_paragraph(clean(sheet.subject))
    _table(paper, sheet)
    paper.add_paragraph(clean(sheet.legend)).paragraph_format.space_before = Pt(6)
    paper.add_paragraph(
        f"\n{translate('delta.by')} ______________    {translate('delta.on')} ______________"
    )
    add_page_number(section.footer.paragraphs[0])
    return pack(paper)


def _table(paper: "Document", sheet: Sheet) -> None:
    shown = [column for column in columns() if column.code not in ("number", "title")]
    table = paper.add_table(rows=1, cols=len(shown))
    table.style = "Table Grid"
    table.autofit = False
    _set_widths(table, [_MILLIMETRES.get(column.code, _BOX_WIDTH) for column in shown])
    for cell, column in zip(table.rows[0].cells, shown, strict=True):
        cell.paragraphs[0].add_run(column.heading).bold = True
    _set_property(table.rows[0], "w:tblHeader")
    for entry in sheet.entries:
        _add_record(table, entry)


def _set_widths(table: "Table", millimetres: list[int]) -> None:
    """Columns and the row that is there; rows that come take theirs from the columns."""
    from docx.shared import Mm

    for column, width in zip(table.columns, millimetres, strict=True):
        column.width = Mm(width)
    for cell, width in zip(table.rows[0].cells, millimetres, strict=True):
        cell.width = Mm(width)


def _add_record(table: "Table", entry: Entry) -> None:
    cells = _add_row(table).cells
    head = cells[0].merge(cells[-1]).paragraphs[0]
    head.add_run(clean(entry.number or translate("delta.no-number"))).bold = True
    head.add_run(f"   {clean(entry.title)}")
    head.paragraph_format.keep_with_next = True
    for line in entry.lines:
        cells = _add_row(table).cells
        _fill(cells, line)
        # A record stays on one page with its number, as far as it can.
        cells[0].paragraphs[0].paragraph_format.keep_with_next = line is not entry.lines[-1]


def _add_row(table: "Table") -> "_Row":
    row: _Row = table.add_row()  # type: ignore[no-untyped-call] # python-docx leaves it untyped
    _set_property(row, "w:cantSplit")
    return row


def _fill(cells: "Sequence[_Cell]", line: Line) -> None:
    was, now = contrast(line.was, line.now)
    cells[0].text, cells[1].text = clean(line.field), clean(line.action)
    _add_parts(cells[2].paragraphs[0], was, bold=False)
    _add_parts(cells[3].paragraphs[0], now, bold=True)
    cells[4].text = cells[5].text = BOX
    cells[6].text, cells[7].text = clean(line.note), line.code


def _add_parts(paragraph: "Paragraph", parts: tuple[Part, ...], *, bold: bool) -> None:
    for part in parts:
        run = paragraph.add_run(clean(part.text))
        run.font.underline = part.changed or None
        run.font.bold = (part.changed and bold) or None


def _set_property(row: "_Row", name: str) -> None:
    row._tr.get_or_add_trPr().append(element(name))
