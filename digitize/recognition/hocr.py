"""hOCR 1.2 as Tesseract writes it: the one answer with words, confidence and baseline together."""

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from olketanu.errors import InputError
from pages.text import Box, Line, Region, Word
from pages.xml import parse

if TYPE_CHECKING:
    from lxml import etree

_XHTML = "{http://www.w3.org/1999/xhtml}"
_CONTROLS = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]")


def read_pages(data: bytes, program: str) -> list[tuple[Region, ...]]:
    """The regions of every page of a program's answer; RuntimeError when it is no hOCR."""
    try:
        return [_regions(page) for page in _root(data).iter(f"{_XHTML}div") if _is(page, "page")]
    except (InputError, ValueError, OverflowError) as error:  # says nothing against the page
        raise RuntimeError(f"{program} answered with no hOCR: {error}") from error


def parse_hocr(data: bytes) -> tuple[Region, ...]:
    """Return the regions of hOCR in its order, boxes in pixels of the recognised image.

    Words without text or area are dropped, and so are lines and regions (pictures, rules) that are
    left empty. InputError when the text is not well-formed.
    """
    return _regions(_root(data))


def placed(
    regions: tuple[Region, ...], corner: tuple[int, int], width: int, height: int
) -> tuple[Region, ...]:
    """The regions of a part of an image in pixels of the whole.

    ``corner`` is where the part's upper left corner lies in it (x, y); negative where white was put
    around. Boxes are cut at ``width`` and ``height`` pixels; what lay outside alone is dropped.
    """
    size = (corner, width, height)
    kept: list[Region] = []
    for region in regions:
        lines = tuple(line for one in region.lines if (line := _line_placed(one, *size)))
        box = _box_placed(region.box, *size)
        if lines and box is not None:
            kept.append(replace(region, id=f"r{len(kept) + 1}", box=box, lines=lines))
    return tuple(kept)


def _line_placed(line: Line, corner: tuple[int, int], width: int, height: int) -> Line | None:
    size = (corner, width, height)
    words = tuple(
        replace(word, box=box)
        for word in line.words
        if (box := _box_placed(word.box, *size)) is not None
    )
    box = _box_placed(line.box, *size)
    if not words or box is None:
        return None
    x0, y0, x1, y1 = (place + corner[n % 2] for n, place in enumerate(line.baseline))
    return replace(line, box=box, baseline=(max(0, x0), y0, min(width, x1), y1), words=words)


def _box_placed(box: Box, corner: tuple[int, int], width: int, height: int) -> Box | None:
    left, top = max(0, box.left + corner[0]), max(0, box.top + corner[1])
    right, bottom = min(width, box.right + corner[0]), min(height, box.bottom + corner[1])
    return Box(left, top, right, bottom) if left < right and top < bottom else None


def _root(data: bytes) -> "etree._Element":
    start = max(0, data.find(b"<html"))  # Tesseract's own DOCTYPE is not wanted
    return parse(_CONTROLS.sub(b"", data[start:]), "hOCR")


def _regions(page: "etree._Element") -> tuple[Region, ...]:
    regions: list[Region] = []
    for block in page.iter(f"{_XHTML}div"):
        if _is(block, "carea") and (lines := _lines(block)):
            box = _bbox(block.get("title", ""))
            regions.append(Region(f"r{len(regions) + 1}", "text", box, lines))
    return tuple(regions)


def _is(element: "etree._Element", kind: str) -> bool:
    return element.get("class") == f"ocr_{kind}"


def _lines(block: "etree._Element") -> tuple[Line, ...]:
    """Lines of an ``ocr_carea``: whatever stands right below its paragraphs."""
    lines = []
    for element in block.iterfind(f"{_XHTML}p/{_XHTML}span"):
        title = element.get("title", "")
        words = tuple(word for child in element if (word := _word(child)) is not None)
        if words:
            box = _bbox(title)
            lines.append(Line(box, _baseline(title, box), "und", "und", words))
    return tuple(lines)


def _word(element: "etree._Element") -> Word | None:
    text = "".join(str(part) for part in element.itertext()).strip()
    title = element.get("title", "")
    box = _bbox(title)
    if not text or box.width <= 0 or box.height <= 0:
        return None
    confidence = _numbers(title, "x_wconf")
    share = max(0.0, min(1.0, confidence[0] / 100)) if confidence else None
    return Word(text, text, box, share)


def _bbox(title: str) -> Box:
    numbers = _numbers(title, "bbox")
    if len(numbers) != 4:
        return Box(0, 0, 0, 0)
    left, top, right, bottom = map(round, numbers)
    return Box(left, top, right, bottom)


def _baseline(title: str, box: Box) -> tuple[int, int, int, int]:
    """``baseline`` of hOCR 1.2: slope and offset from the lower left corner of the line's box."""
    numbers = _numbers(title, "baseline")
    slope, offset = numbers if len(numbers) == 2 else (0.0, 0.0)
    start = box.bottom + offset
    return box.left, round(start), box.right, round(start + slope * box.width)


def _numbers(title: str, name: str) -> tuple[float, ...]:
    """The numbers of one property of an hOCR title; empty where it has none."""
    for part in title.split(";"):
        key, _, values = part.strip().partition(" ")
        if key == name:
            return tuple(float(value) for value in values.split())
    return ()
