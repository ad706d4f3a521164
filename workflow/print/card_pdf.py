"""Cards and dividers as PDF: four on a sheet of A4 with cut marks, or each on its own page."""

from collections.abc import Iterable
from io import BytesIO
from typing import TYPE_CHECKING

from catalog.isbd.block import Run
from catalog.lists.card_layout import Face, Line
from catalog.lists.cards import Card, Divider
from workflow.print.fonts import Type, load_type
from workflow.print.list_pdf import draw_text
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

if TYPE_CHECKING:
    from reportlab.pdfgen.canvas import Canvas

_SHEET = Sheet()
_CUT, _GAP = 6 * MM, 1.5 * MM
_MARK_SIZE, _CAPTION_SIZE = 20.0, 13.0


def cards_pdf(filed: Iterable[Card | Divider], sheet: str = "a4") -> bytes:
    """Return the PDF; ``sheet`` is ``a4`` or ``card``. The same cards give the same bytes.

    Raises:
        MissingToolError: the extra ``print`` is not installed.
    """
    fonts = load_type()
    from reportlab.pdfgen.canvas import Canvas

    single = sheet == "card"
    size = (CARD_WIDTH, CARD_HEIGHT) if single else (_SHEET.width, _SHEET.height)
    out = BytesIO()
    canvas = Canvas(out, pagesize=size, invariant=1)
    canvas.setCreator("Olketanu")
    room = 1 if single else _SHEET.columns * _SHEET.rows
    for number, face in enumerate(faces_of(filed, fonts)):
        at = number % room
        if number and not at:
            canvas.showPage()
        if not single and not at:
            _cut_marks(canvas)
        corner = (0.0, CARD_HEIGHT) if single else _corner(at)
        _Drawing(canvas, fonts, corner).draw(face)
    canvas.save()
    return out.getvalue()


def _corner(at: int) -> tuple[float, float]:
    """The upper left corner of a card: the second one lies below the first."""
    column, row = divmod(at, _SHEET.rows)
    top = _SHEET.height - _SHEET.top - row * CARD_HEIGHT
    return _SHEET.left + column * CARD_WIDTH, top


def _cut_marks(canvas: "Canvas") -> None:
    """Short lines outside the block of cards, where the knife goes."""
    canvas.setLineWidth(0.3)
    for column in range(_SHEET.columns + 1):
        x = _SHEET.left + column * CARD_WIDTH
        for y in (_SHEET.top - _GAP, _SHEET.height - _SHEET.top + _GAP + _CUT):
            canvas.line(x, y, x, y - _CUT)
    for row in range(_SHEET.rows + 1):
        y = _SHEET.top + row * CARD_HEIGHT
        for x in (_SHEET.left - _GAP, _SHEET.width - _SHEET.left + _GAP + _CUT):
            canvas.line(x, y, x - _CUT, y)


class _Drawing:
    """Draws one card whose upper left corner is given."""

    def __init__(self, canvas: "Canvas", fonts: Type, corner: tuple[float, float]) -> None:
        self._canvas, self._fonts = canvas, fonts
        self._left, self._top = corner

    def draw(self, face: Face | Divider) -> None:
        if isinstance(face, Divider):
            self._divider(face)
            return
        for number, mark in enumerate(face.marks):
            self._text((Run(mark),), 0.0, number)
        for number, line in enumerate(face.lines):
            self._text(line.runs, MARK_WIDTH + self._shift(line), number)

    def _shift(self, line: Line) -> float:
        if not line.to_right:
            return line.left
        width = sum(self._fonts.width(run.text, run.style, SIZE) for run in line.runs)
        return CARD_WIDTH - 2 * EDGE - MARK_WIDTH - width

    def _text(self, runs: tuple[Run, ...], left: float, number: int) -> None:
        height = self._top - TOP - SIZE - number * LEADING
        draw_text(self._canvas, (self._left + EDGE + left, height), runs, SIZE, self._fonts)

    def _divider(self, divider: Divider) -> None:
        """Mark and captions stand at the upper edge, which shows above the cards."""
        height = self._top - TOP - _MARK_SIZE
        height = self._centred(divider.mark, "strong", _MARK_SIZE, height)
        for caption in divider.captions:
            height = self._centred(caption, "plain", _CAPTION_SIZE, height)

    def _centred(self, text: str, style: str, size: float, height: float) -> float:
        """Draw a text in as many lines as it needs; return where the next one stands."""
        lines, room = [""], CARD_WIDTH - 2 * EDGE
        for word in text.split():
            longer = f"{lines[-1]} {word}".strip()
            fits = self._fonts.width(longer, style, size) <= room
            lines = [*lines[:-1], longer] if fits or not lines[-1] else [*lines, word]
        for line in filter(None, lines):
            left = (CARD_WIDTH - self._fonts.width(line, style, size)) / 2
            run = (Run(line, style),)
            draw_text(self._canvas, (self._left + left, height), run, size, self._fonts)
            height -= size * 1.3
        return height
