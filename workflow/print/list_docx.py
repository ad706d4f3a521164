"""A compiled list as DOCX: Word's own headings, hanging numbers, an index in two columns."""

from typing import TYPE_CHECKING

from catalog.isbd.block import Block, Run
from catalog.lists.compile import CompiledList
from catalog.lists.names import NameIndex
from workflow.print.word import FONT, add_page_number, add_runs, element, new_document, pack

if TYPE_CHECKING:
    from docx.document import Document
    from docx.text.paragraph import Paragraph
    from lxml.etree import _Element

_DEEPEST = 3
_SIZES = (14, 12, 12)
_HANGING = 1.1  # cm


def list_docx(compiled: CompiledList) -> bytes:
    """Return the document; the same list gives the same bytes.

    Raises:
        MissingToolError: the extra ``print`` is not installed.
    """
    document = new_document(compiled.title, compiled.language, compiled.dated)
    _set_page(document)
    _set_headings(document)
    _furniture(document, compiled.title)
    title = document.add_heading(level=0)
    add_runs(title, (Run(compiled.title),), compiled.language)
    for block in compiled.body:
        _add(document, block)
    if compiled.index.lines:
        _add_index(document, compiled.index)
    return pack(document)


def _set_page(document: "Document") -> None:
    from docx.shared import Cm

    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.5)
    section.top_margin = section.bottom_margin = Cm(2.4)
    section.different_first_page_header_footer = True


def _set_headings(document: "Document") -> None:
    """Word's styles for headings, so that its outline knows them, in our type and in black."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Pt, RGBColor

    names = ("Title", *(f"Heading {level}" for level in range(1, _DEEPEST + 1)))
    for name, size in zip(names, (18, *_SIZES), strict=True):
        style = document.styles[name]
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for key in list(fonts.attrib):  # the fonts of Word's theme, which would win
            del fonts.attrib[key]
        style.font.name, style.font.size, style.font.bold = FONT, Pt(size), True
        style.font.color.rgb = RGBColor(0, 0, 0)
        style.paragraph_format.keep_with_next = True
        style.paragraph_format.space_before = Pt(14 if name != "Title" else 0)
        style.paragraph_format.space_after = Pt(6 if name != "Title" else 12)
    title = document.styles["Title"]
    title.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for border in title.element.pPr.findall(element("w:pBdr").tag):
        title.element.pPr.remove(border)


def _furniture(document: "Document", title: str) -> None:
    """Page number below, on the first page too; the title above from the second page on."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Pt

    section = document.sections[0]
    for place in (section.footer, section.first_page_footer):
        add_page_number(place.paragraphs[0])
        place.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.CENTER
    above = section.header.paragraphs[0]
    above.alignment = WD_ALIGN_PARAGRAPH.CENTER
    above.add_run(title)
    for name in ("Header", "Footer"):
        document.styles[name].font.size = Pt(9)


def _add(document: "Document", block: Block) -> "Paragraph":
    from docx.shared import Cm, Pt

    if block.kind == "heading":
        heading: Paragraph = document.add_heading(level=min(block.level, _DEEPEST))
        add_runs(heading, block.runs, block.language)
        return heading
    paragraph = document.add_paragraph()
    form = paragraph.paragraph_format
    runs = block.runs
    if block.kind == "entry" and runs and runs[0].element == "number":
        runs = (runs[0], Run("\t"), *runs[2:])
        form.tab_stops.add_tab_stop(Cm(_HANGING))
    form.left_indent, form.first_line_indent = Cm(_HANGING), Cm(-_HANGING)
    form.space_after = Pt(4 if block.kind == "entry" else 0)
    form.keep_together = True
    add_runs(paragraph, runs, block.language)
    return paragraph


def _add_index(document: "Document", index: NameIndex) -> None:
    """The index: names in two columns, in a section that begins where the list ends."""
    from docx.enum.section import WD_SECTION

    for block in index.head:
        _add(document, block)
    section = document.add_section(WD_SECTION.CONTINUOUS)
    section.different_first_page_header_footer = False
    _set_columns(section._sectPr, 2)
    for block in index.lines:
        _small(_add(document, block))


def _set_columns(section: "_Element", number: int) -> None:
    """Columns with 8 mm between, in the place of the template's own element."""
    wanted = element("w:cols", num=str(number), space="454")
    for found in section.findall(wanted.tag):
        section.replace(found, wanted)


def _small(paragraph: "Paragraph") -> None:
    from docx.shared import Pt

    for run in paragraph.runs:
        run.font.size = Pt(10.5)
