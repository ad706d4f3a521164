"""hOCR 1.2: written on demand, and read as Tesseract, OCRopus and others write it.

Written are ``ocr_page`` > ``ocr_carea`` > ``ocr_par`` > ``ocr_line`` > ``ocrx_word``; the kind of a
region stands in its title as ``x_kind``. Read is any nesting of these, lines without words too.
"""

import re
from collections.abc import Iterator

from lxml import etree

from pages.codec import language_tag
from pages.foreign.page import (
    ForeignBlock,
    ForeignLine,
    ForeignPage,
    ForeignWord,
    Rect,
    finite,
    share,
)
from pages.text import REGION_KINDS, Box, Line, PageText, Region, Word
from pages.xml import clean

_XHTML = "http://www.w3.org/1999/xhtml"
_NSMAP: dict[str, str] = {None: _XHTML}  # type: ignore[dict-item]  # lxml-stubs: the default one
_CAPABILITIES = "ocr_page ocr_carea ocr_par ocr_line ocrx_word ocrp_wconf ocrp_lang"
_PAGE = "ocr_page"
_WORDS = {"ocrx_word", "ocr_word"}
_LINES = {"ocr_line", "ocrx_line", "ocr_header", "ocr_footer", "ocr_caption", "ocr_textfloat"}
_BLOCKS = {
    **dict.fromkeys(("ocr_carea", "ocrx_block", "ocr_column", "ocr_float"), "text"),
    **dict.fromkeys(("ocr_photo", "ocr_image", "ocr_linedrawing"), "illustration"),
    "ocr_separator": "separator",
    "ocr_table": "table",
    "ocr_pageno": "page_number",
}
_PICTURES = {"illustration", "separator", "table"}
_PROPERTY = re.compile(r'(?:[^;"]|"[^"]*")+')
_SIDES = 4
_LINE_PAIR = 2
_PER_CENT = 100
_CHARACTERS = "ocrx_cinfo"


def write_hocr(page: PageText, *, page_id: str, source: str) -> bytes:
    """Return the page as an hOCR file; equal input gives equal bytes.

    ``page_id`` is the page key, ``source`` the name or hash of the image. Confidences are whole
    per cents; what the engine read before repair is not told.
    """
    root = etree.Element(f"{{{_XHTML}}}html", nsmap=_NSMAP)
    head = _add(root, "head")
    _add(head, "title").text = page_id
    languages = sorted({language_tag(line.language, line.script) for line in page.lines()})
    metas = {
        "ocr-system": f"Olketanu; {page.engine}",
        "ocr-capabilities": _CAPABILITIES,
        "ocr-number-of-pages": "1",
        "ocr-langs": " ".join(languages) or "unknown",
    }
    _add(head, "meta").set("charset", "utf-8")
    for name, content in metas.items():
        _add(head, "meta", name=name, content=content)
    frame = page.frame
    quoted = source.replace('"', "'")
    title = f'image "{quoted}"; bbox 0 0 {frame.width} {frame.height}; ppageno 0'
    title += f"; scan_res {frame.dpi} {frame.dpi}"
    body = _add(_add(root, "body"), "div", **{"class": _PAGE}, id=page_id, title=title)
    for region in page.regions:
        _add_region(body, region, f"{page_id}-{region.id}")
    etree.indent(root, " ")
    return (
        etree.tostring(root, encoding="UTF-8", xml_declaration=True, doctype="<!DOCTYPE html>")
        + b"\n"
    )


def _add(parent: etree._Element, tag: str, **attributes: str) -> etree._Element:
    values = {key: clean(value) for key, value in attributes.items()}
    return etree.SubElement(parent, f"{{{_XHTML}}}{tag}", values)


def _add_region(body: etree._Element, region: Region, name: str) -> None:
    title = f"{_bbox(region.box)}; x_kind {region.kind}"
    area = _add(body, "div", **{"class": "ocr_carea"}, id=name, title=title)
    lines = [line for line in region.lines if line.words]
    if lines:
        paragraph = _add(area, "p", **{"class": "ocr_par"}, title=_bbox(region.box))
        for line in lines:
            _add_line(paragraph, line)


def _add_line(paragraph: etree._Element, line: Line) -> None:
    x0, y0, x1, y1 = line.baseline
    slope = (y1 - y0) / (x1 - x0) if x1 != x0 else 0.0
    offset = y0 + slope * (line.box.left - x0) - line.box.bottom
    title = f"{_bbox(line.box)}; baseline {slope:.6f} {offset:.3f}; x_size {line.box.height}"
    tag = language_tag(line.language, line.script)
    element = _add(paragraph, "span", **{"class": "ocr_line"}, title=title, lang=tag)
    for number, word in enumerate(line.words):
        _add_word(element, word)
        if number + 1 < len(line.words):
            element[-1].tail = " "


def _add_word(line: etree._Element, word: Word) -> None:
    title = _bbox(word.box)
    if word.confidence is not None:
        title += f"; x_wconf {round(_PER_CENT * word.confidence)}"
    _add(line, "span", **{"class": "ocrx_word"}, title=title).text = clean(word.text)


def _bbox(box: Box) -> str:
    return f"bbox {box.left} {box.top} {box.right} {box.bottom}"


def is_hocr(root: etree._Element) -> bool:
    """Return whether this is the root of an HTML file with an hOCR page."""
    is_html = etree.QName(root).localname.lower() == "html"
    return is_html and any(_PAGE in _classes(element) for element in root.iter())


def hocr_pages(root: etree._Element) -> tuple[ForeignPage, ...]:
    """Return the pages of an hOCR file in its order."""
    systems = [e.get("content", "") for e in root.iter() if e.get("name") == "ocr-system"]
    software = " ".join(" ".join(systems).split())
    return tuple(
        ForeignPage("hOCR", software, "pixel", _rect(page), tuple(_blocks(page)))
        for page in root.iter()
        if _PAGE in _classes(page)
    )


def _classes(element: etree._Element) -> set[str]:
    return set(str(element.get("class") or "").split())


def _blocks(page: etree._Element) -> Iterator[ForeignBlock]:
    """Lines by the block they stand in (a paragraph or the page where there is none), in order."""
    lines: dict[etree._Element, list[etree._Element]] = {}
    for element in page.iter():
        if _classes(element) & _LINES and not _holds_lines(element):
            lines.setdefault(_block_of(element, page), []).append(element)
        elif _block_kind(element) in _PICTURES:
            lines.setdefault(element, [])
    for block, members in lines.items():
        rect = None if block is page else _rect(block)
        found = tuple(_line(line, page) for line in members)
        yield ForeignBlock(_block_kind(block) or "text", rect, found)


def _holds_lines(element: etree._Element) -> bool:
    return any(_classes(inner) & _LINES for inner in element.iterdescendants())


def _block_of(line: etree._Element, page: etree._Element) -> etree._Element:
    paragraph = None
    for above in line.iterancestors():
        if above is page or _block_kind(above):
            return above if above is not page or paragraph is None else paragraph
        if paragraph is None and "ocr_par" in _classes(above):
            paragraph = above
    return page


def _block_kind(element: etree._Element) -> str:
    kinds = [_BLOCKS[name] for name in sorted(_classes(element)) if name in _BLOCKS]
    if not kinds:
        return ""
    told = "".join(_property(element, "x_kind"))
    return told if told in REGION_KINDS else kinds[0]


def _line(element: etree._Element, page: etree._Element) -> ForeignLine:
    rect = _rect(element)
    inner = [e for e in element.iterdescendants() if _classes(e) & _WORDS]
    words = tuple(_word(word) for word in inner)
    if not words:
        words = (ForeignWord(_text(element), rect, _confidence(element)),)
    return ForeignLine(rect, _baseline(element, rect), _language(element, page), words)


def _word(element: etree._Element) -> ForeignWord:
    text = _text(element)
    if any(_CHARACTERS in _classes(inner) for inner in element.iterdescendants()):
        text = "".join(text.split())  # a sign an element, laid out with line breaks between
    return ForeignWord(text, _rect(element), _confidence(element))


def _text(element: etree._Element) -> str:
    """The text without what hOCR calls a lesser alternative (``del``)."""
    parts = [element.text or ""]
    for child in element:
        if etree.QName(child).localname != "del":
            parts.append(_text(child))
        parts.append(child.tail or "")
    return "".join(parts).replace("\u00ad", "-")


def _confidence(element: etree._Element) -> float | None:
    """``x_wconf``, or the mean of ``x_confs``; both per cents."""
    values = _numbers(element, "x_wconf") or _numbers(element, "x_confs")
    mean = sum(values) / len(values) if values else None
    return share(None if mean is None else str(mean), _PER_CENT)


def _language(element: etree._Element, page: etree._Element) -> str:
    """``lang`` of the line, its words, or what it stands in; that of the whole file says nothing.

    Tesseract writes ``en`` there whatever the page.
    """
    words = {tag for e in element.iterdescendants() if (tag := _tag(e))}
    if not _tag(element) and len(words) == 1:
        return words.pop()
    for above in (element, *element.iterancestors()):
        if _tag(above):
            return _tag(above)
        if above is page:
            break
    return ""


def _tag(element: etree._Element) -> str:
    value = element.get("lang") or element.get("{http://www.w3.org/XML/1998/namespace}lang")
    return str(value or "")


def _property(element: etree._Element, name: str) -> list[str]:
    """The words of one property of the title; empty where it has none."""
    for part in _PROPERTY.findall(str(element.get("title") or "")):
        words = str(part).split()
        if words[:1] == [name]:
            return words[1:]
    return []


def _numbers(element: etree._Element, name: str) -> list[float]:
    values = [finite(value) for value in _property(element, name)]
    numbers = [value for value in values if value is not None]
    return numbers if len(numbers) == len(values) else []


def _rect(element: etree._Element) -> Rect | None:
    sides = _numbers(element, "bbox")
    return Rect(*sides) if len(sides) == _SIDES else None


def _baseline(
    element: etree._Element, rect: Rect | None
) -> tuple[float, float, float, float] | None:
    """The ``baseline`` of hOCR 1.2: slope, and offset from the lower left corner of the line."""
    numbers = _numbers(element, "baseline")
    if rect is None or len(numbers) != _LINE_PAIR:
        return None
    slope, offset = numbers
    start = rect.bottom + offset
    return rect.left, start, rect.right, start + slope * (rect.right - rect.left)
