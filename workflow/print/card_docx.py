"""Cards and dividers as DOCX: four on a sheet of A4 across, the borders of a table to cut along."""

from collections.abc import Iterable
from itertools import islice
from typing import TYPE_CHECKING

from catalog.isbd.block import Run
from catalog.lists.card_layout import Face, Line
from catalog.lists.cards import Card, Divider
from workflow.print.fonts import load_type
from workflow.print.sheet import (
    CARD_HEIGHT,
    CARD_WIDTH,
    EDGE,
    LEADING,
    MARK_WIDTH,
    MM,
    SIZE,
    TOP,
    Sheet,
    faces_of,
)
from workflow.print.word import add_runs, new_document, pack

if TYPE_CHECKING:
    from docx.document import Document
    from docx.table import _Cell
    from docx.text.paragraph import Paragraph

_SHEET = Sheet()
_ROOM_BELOW = 5 * MM  # Word wants a paragraph behind a table
_WORD_MARGIN = 5.4  # points that Word leaves free left and right in a cell
_RIGHT = CARD_WIDTH - 2 * _WORD_MARGIN - EDGE


def cards_docx(filed: Iterable[Card | Divider], dated: str = "") -> bytes:
    """Return the document; its lines are those of the PDF, so that what fits there fits here.

    Raises:
        MissingToolError: the extra ``print`` is not installed.
    """
    from docx.enum.table import WD_ROW_HEIGHT_RULE
    from docx.shared import Pt

    faces = iter(faces_of(filed, load_type()))
    document = new_document("", "und", dated)
    _set_page(document)
    table = document.add_table(rows=0, cols=_SHEET.columns, style="Table Grid")
    table.autofit = False
    while pair := list(islice(faces, _SHEET.columns)):
        row = table.add_row()
        row.height, row.height_rule = Pt(CARD_HEIGHT), WD_ROW_HEIGHT_RULE.EXACTLY
        for cell, face in zip(row.cells, pair, strict=False):
            cell.width = Pt(CARD_WIDTH)
            _fill(cell, face)
    return pack(document)


def _set_page(document: "Document") -> None:
    from docx.enum.section import WD_ORIENT
    from docx.shared import Pt

    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Pt(_SHEET.width), Pt(_SHEET.height)
    section.left_margin = section.right_margin = Pt(_SHEET.left)
    section.top_margin = Pt(_SHEET.top)
    section.bottom_margin = Pt(_SHEET.top - _ROOM_BELOW)


def _fill(cell: "_Cell", face: Face | Divider) -> None:
    if isinstance(face, Divider):
        texts = [(face.mark, "strong", 20.0), *((text, "plain", 13.0) for text in face.captions)]
        for number, (text, style, size) in enumerate(texts):
            _centred(_paragraph(cell, number), Run(text, style), size)
        return
    for number, line in enumerate(face.lines):
        mark = face.marks[number] if number < len(face.marks) else ""
        _line(_paragraph(cell, number), mark, line)


def _paragraph(cell: "_Cell", number: int) -> "Paragraph":
    """The paragraph of a line; a cell is born with its first one."""
    from docx.shared import Pt

    made: Paragraph = cell.paragraphs[0] if not number else cell.add_paragraph()
    made.paragraph_format.space_before = Pt(0 if number else TOP)
    return made


def _line(paragraph: "Paragraph", mark: str, line: Line) -> None:
    from docx.enum.text import WD_LINE_SPACING, WD_TAB_ALIGNMENT
    from docx.shared import Pt

    form = paragraph.paragraph_format
    form.line_spacing_rule, form.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(LEADING)
    if line.to_right:
        form.tab_stops.add_tab_stop(Pt(_RIGHT), WD_TAB_ALIGNMENT.RIGHT)
    else:
        # Hanging: a wider font that stands in for ours must not run into the shelf mark. The indent
        # is a tab stop of its own, so a paragraph takes two.
        form.tab_stops.add_tab_stop(Pt(MARK_WIDTH + line.left))
        form.left_indent, form.first_line_indent = Pt(MARK_WIDTH), Pt(-MARK_WIDTH)
    printed = (Run(run.text) if run.style == "link" else run for run in line.runs)
    add_runs(paragraph, (Run(mark), Run("\t\t" if line.left else "\t"), *printed))
    for run in paragraph.runs:
        run.font.size = Pt(SIZE)


def _centred(paragraph: "Paragraph", run: Run, size: float) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Pt

    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    add_runs(paragraph, (run,))
    for made in paragraph.runs:
        made.font.size = Pt(size)
