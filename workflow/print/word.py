"""What lists and cards as DOCX share: an empty document in our type, and equal bytes when packed.

Times New Roman has every letter of Kazakh and is on every office machine; Word breaks lines itself.
"""

import datetime
from io import BytesIO
from typing import TYPE_CHECKING

from catalog.isbd.block import Run
from pages.office import timeless
from workflow.print.binding import bound
from workflow.print.fonts import require

if TYPE_CHECKING:
    from docx.document import Document
    from docx.text.paragraph import Paragraph
    from lxml.etree import _Element

FONT = "Times New Roman"
_EPOCH = datetime.datetime(2000, 1, 1, tzinfo=datetime.UTC)
_CODES = {"kaz": "kk-KZ", "rus": "ru-RU", "eng": "en-GB"}
_WEB = ("http://", "https://", "ftp://")
_LINK_COLOUR = "1A4A80"


def new_document(title: str, language: str, dated: str = "") -> "Document":
    """Return an empty document; its times are ``dated`` (a day) or fixed, never now.

    Raises:
        MissingToolError: ``error.no-print``: python-docx is not installed.
    """
    require("docx")
    import docx
    from docx.shared import Pt

    document = docx.Document()
    facts = document.core_properties
    facts.title, facts.author, facts.comments = title, "", ""
    facts.last_modified_by, facts.language = "", _CODES.get(language, "")
    made = datetime.datetime.fromisoformat(f"{dated}T00:00:00+00:00") if dated else _EPOCH
    facts.created = facts.modified = made
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = FONT, Pt(12)
    normal.paragraph_format.space_after = Pt(0)
    normal.paragraph_format.widow_control = True
    return document


def pack(document: "Document") -> bytes:
    """Return the bytes of the document; the parts of the archive bear no time of their own."""
    held = BytesIO()
    document.save(held)
    return timeless(held)


def add_runs(paragraph: "Paragraph", runs: tuple[Run, ...], language: str = "und") -> None:
    """Add runs in their styles, addresses as links, each in the language of the text."""
    for run in runs:
        text = bound(run.text)
        if run.style == "link" and run.text.startswith(_WEB):
            _add_link(paragraph, run.text)
            continue
        made = paragraph.add_run(text)
        made.bold = True if run.style == "strong" else None
        made.italic = True if run.style == "emphasis" else None
        if language in _CODES:
            properties = made._r.get_or_add_rPr()
            properties.append(element("w:lang", val=_CODES[language]))


def add_page_number(paragraph: "Paragraph") -> None:
    """Add the field that Word fills with the number of the page."""
    field = element("w:fldSimple", instr="PAGE")
    inner = element("w:r")
    inner.append(element("w:t"))
    inner[0].text = "1"
    field.append(inner)
    paragraph._p.append(field)


def element(tag: str, **attributes: str) -> "_Element":
    """Return an element of WordprocessingML; attributes are of its namespace."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    made = OxmlElement(tag)
    for name, value in attributes.items():
        made.set(qn(f"w:{name}"), value)
    return made


def _add_link(paragraph: "Paragraph", address: str) -> None:
    from docx.opc.constants import RELATIONSHIP_TYPE
    from docx.oxml.ns import qn
    from docx.shared import RGBColor

    relation = paragraph.part.relate_to(address, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
    link = element("w:hyperlink")
    link.set(qn("r:id"), relation)
    run = paragraph.add_run(address)
    run.font.color.rgb = RGBColor.from_string(_LINK_COLOUR)
    link.append(run._r)
    paragraph._p.append(link)
