"""A compiled list as PDF: A4, running title, page numbers, headings that stay with what follows."""

from collections.abc import Iterator
from html import escape
from io import BytesIO
from typing import TYPE_CHECKING, Any

from catalog.isbd.block import Block, Run
from catalog.lists.compile import CompiledList
from workflow.print.binding import bound
from workflow.print.fonts import Type, load_type

if TYPE_CHECKING:
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.pdfgen.canvas import Canvas
    from reportlab.platypus import BaseDocTemplate, Flowable, Paragraph

_MM = 72 / 25.4
_WIDTH, _HEIGHT = 210 * _MM, 297 * _MM
_SIDE, _EDGE = 25 * _MM, 24 * _MM
_TEXT_WIDTH, _TEXT_HEIGHT = _WIDTH - 2 * _SIDE, _HEIGHT - 2 * _EDGE
_HANGING = 10 * _MM
_INDEX_ROOM = 60 * _MM
_SMALL = 9.0
_GREY = 0.35
_LINK = "#1a4a80"
_CODES = {"kaz": "kk", "rus": "ru", "eng": "en"}
_TAGS = {"strong": "b", "emphasis": "i"}
_WEB = ("http://", "https://", "ftp://")
_HEADING = "heading"

_LOOKS: dict[str, dict[str, Any]] = {
    "title": {"fontSize": 18, "leading": 22, "alignment": 1, "spaceAfter": 14},
    "heading1": {"fontSize": 13.5, "leading": 17, "spaceBefore": 16, "spaceAfter": 7},
    "heading2": {"fontSize": 11.5, "leading": 15, "spaceBefore": 11, "spaceAfter": 5},
    "heading3": {"fontSize": 10.5, "leading": 13.5, "spaceBefore": 8, "spaceAfter": 4},
    "entry": {"spaceAfter": 4.5, "leftIndent": _HANGING},
    "note": {"fontSize": 9.5, "leading": 12.5, "leftIndent": 12, "firstLineIndent": -12},
}
_DEEPEST = 3


def list_pdf(compiled: CompiledList) -> bytes:
    """Return the PDF; the same list gives the same bytes.

    Raises:
        MissingToolError: the extra ``print`` is not installed.
    """
    fonts = load_type()
    from reportlab.platypus import BaseDocTemplate, Frame, PageTemplate

    class Template(BaseDocTemplate):
        """Puts every heading into the outline."""

        def afterFlowable(self, flowable: "Flowable") -> None:
            _bookmark(self.canv, flowable, self.page)

    out = BytesIO()
    frame = Frame(_SIDE, _EDGE, _TEXT_WIDTH, _TEXT_HEIGHT, 0, 0, 0, 0, id="text")
    document = Template(
        out,
        pagesize=(_WIDTH, _HEIGHT),
        title=compiled.title,
        creator="Olketanu",
        lang=_CODES.get(compiled.language, "kk"),
        invariant=1,
    )
    furniture = _Furniture(compiled.title, fonts)
    document.addPageTemplates([PageTemplate("page", [frame], onPage=furniture.draw)])
    document.build(list(_Setter(fonts).story(compiled)))
    return out.getvalue()


def markup(runs: tuple[Run, ...], fonts: Type) -> str:
    """Return runs as reportlab's markup, letters that the type lacks in the reserve."""
    made = []
    for run in runs:
        text = "".join(
            escape(part) if font != fonts.reserve else f'<font name="{font}">{escape(part)}</font>'
            for font, part in fonts.pieces(bound(run.text), run.style)
        )
        tag = _TAGS.get(run.style)
        if run.style == "link" and run.text.startswith(_WEB):
            text = f'<a href="{escape(run.text)}" color="{_LINK}">{text}</a>'
        made.append(f"<{tag}>{text}</{tag}>" if tag else text)
    return "".join(made)


class _Setter:
    """Makes paragraphs of blocks."""

    def __init__(self, fonts: Type) -> None:
        self._fonts = fonts
        self._styles: dict[str, ParagraphStyle] = {}
        self._broken, self._whole = _paragraph_kinds()

    def story(self, compiled: CompiledList) -> "Iterator[Flowable]":
        from reportlab.platypus import BalancedColumns, CondPageBreak

        yield self._paragraph(Block("title", (Run(compiled.title),), compiled.language), "title")
        yield from map(self._block, compiled.body)
        if compiled.index.lines:
            yield CondPageBreak(_INDEX_ROOM)  # columns do not keep their heading by themselves
            yield from map(self._block, compiled.index.head)
            columns: list[Flowable] = [self._block(block) for block in compiled.index.lines]
            yield BalancedColumns(columns, nCols=2, needed=_INDEX_ROOM / 2, innerPadding=8 * _MM)

    def _block(self, block: Block) -> "Paragraph":
        if block.kind == "heading":
            return self._paragraph(block, f"{_HEADING}{min(block.level, _DEEPEST)}")
        return self._paragraph(block, block.kind)

    def _paragraph(self, block: Block, look: str) -> "Paragraph":
        runs, number = block.runs, None
        if look == "entry" and runs and runs[0].element == "number":
            number, runs = runs[0].text, runs[2:]
        kind = self._whole if look == "entry" else self._broken
        return kind(markup(runs, self._fonts), self._style(look), bulletText=number)

    def _style(self, look: str) -> "ParagraphStyle":
        from reportlab.lib.styles import ParagraphStyle

        if look not in self._styles:
            strong = look == "title" or look.startswith(_HEADING)
            own = {"fontSize": 10.5, "leading": 13.5, **_LOOKS[look]}
            self._styles[look] = ParagraphStyle(
                look,
                fontName=self._fonts.faces["strong" if strong else "plain"],
                bulletFontName=self._fonts.faces["plain"],
                bulletFontSize=own["fontSize"],
                keepWithNext=int(strong),
                allowWidows=0,
                allowOrphans=0,
                **own,
            )
        return self._styles[look]


def _paragraph_kinds() -> "tuple[type[Paragraph], type[Paragraph]]":
    """A paragraph that goes over pages, and one that does only where no page could hold it."""
    from reportlab.platypus import Paragraph

    class Whole(Paragraph):
        def split(self, width: float, height: float) -> "list[Flowable]":
            is_large = self.wrap(width, _TEXT_HEIGHT)[1] > _TEXT_HEIGHT
            return super().split(width, height) if is_large else []

    return Paragraph, Whole


class _Furniture:
    """What stands outside the text: the number below, the title above from the second page on."""

    def __init__(self, title: str, fonts: Type) -> None:
        self._fonts = fonts
        words = title.split()
        while len(words) > 1 and fonts.width(" ".join(words), "plain", _SMALL) > _TEXT_WIDTH:
            words = [*words[:-2], f"{words[-2].rstrip('…')}…"]
        self._title = " ".join(words)

    def draw(self, canvas: "Canvas", document: "BaseDocTemplate") -> None:
        """Draw it on the page; called by reportlab."""
        canvas.saveState()
        canvas.setFillGray(_GREY)
        self._centred(canvas, str(document.page), 14 * _MM)
        if document.page > 1:
            height = _HEIGHT - 15 * _MM
            self._centred(canvas, self._title, height)
            canvas.setStrokeGray(0.7)
            canvas.setLineWidth(0.4)
            canvas.line(_SIDE, height - 5, _WIDTH - _SIDE, height - 5)
        canvas.restoreState()

    def _centred(self, canvas: "Canvas", text: str, height: float) -> None:
        left = (_WIDTH - self._fonts.width(text, "plain", _SMALL)) / 2
        draw_text(canvas, (left, height), (Run(text),), _SMALL, self._fonts)


def draw_text(
    canvas: "Canvas", place: tuple[float, float], runs: tuple[Run, ...], size: float, fonts: Type
) -> None:
    """Draw one line of text; ``place`` is where its base line begins, in points."""
    line = canvas.beginText(*place)
    for run in runs:
        for font, part in fonts.pieces(run.text, run.style):
            line.setFont(font, size)
            line.textOut(part)
    canvas.drawText(line)


def _bookmark(canvas: "Canvas", flowable: "Flowable", page: int) -> None:
    from reportlab.platypus import Paragraph

    if not isinstance(flowable, Paragraph) or not flowable.style.name.startswith(_HEADING):
        return
    text = flowable.getPlainText()
    key = f"{page}-{text}"
    canvas.bookmarkPage(key)
    canvas.addOutlineEntry(text, key, int(flowable.style.name.removeprefix(_HEADING)) - 1)
