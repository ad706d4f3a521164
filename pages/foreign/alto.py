"""ALTO 1 to 4 as other programs write it: any namespace, any unit, gaps where they leave them."""

import re
from collections.abc import Iterator

from lxml import etree

from pages.foreign.page import (
    ForeignBlock,
    ForeignLine,
    ForeignPage,
    ForeignWord,
    Rect,
    finite,
    share,
)
from pages.text import REGION_KINDS, Hyphen

# Reading order of the parts of a page; the schema puts all margins first.
_SPACES = ("TopMargin", "PrintSpace", "LeftMargin", "RightMargin", "BottomMargin")
_BLOCKS = {"TextBlock": "text", "Illustration": "illustration", "GraphicalElement": "separator"}
# Words of TYPE and LABEL for our region kinds: free text in practice, SegmOnto among it.
_KINDS = {kind: kind for kind in REGION_KINDS} | {
    **dict.fromkeys(("title", "heading", "headlines", "main-title", "headingline"), "headline"),
    **dict.fromkeys(("titlepagezone", "nameplate"), "masthead"),
    **dict.fromkeys(("page-number", "pagenumber", "numberingzone"), "page_number"),
    **dict.fromkeys(("image", "picture", "photo", "photograph", "drawing", "map"), "illustration"),
    **dict.fromkeys(("graphic", "graphiczone", "figure", "chart"), "illustration"),
    **dict.fromkeys(("tablezone", "tableregion"), "table"),
    **dict.fromkeys(("ad", "advert", "advertising"), "advertisement"),
    **dict.fromkeys(("line", "rule", "separatorregion"), "separator"),
}
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
_HYPHEN_MADE = {"HypPart1": 1, "HypPart2": 2}
_SOFT_HYPHEN = "\u00ad"
_PAIR = 2  # numbers of a point


def is_alto(root: etree._Element) -> bool:
    """Return whether this is the root of an ALTO file of any version."""
    return _name(root).lower() == "alto"


def alto_pages(root: etree._Element) -> tuple[ForeignPage, ...]:
    """Return the pages of an ALTO file of any version, in the order of the file."""
    form = f"ALTO {root.get('SCHEMAVERSION') or _version(root)}".strip()
    unit = next((e.text or "" for e in _all(root, "MeasurementUnit")), "pixel").strip()
    labels = {
        str(tag.get("ID")): f"{tag.get('LABEL', '')} {tag.get('TYPE', '')}".split()
        for tag in root.iter()
        if _name(tag).endswith("Tag")
    }
    software = _software(root)
    return tuple(
        ForeignPage(form, software, unit or "pixel", _extent(page), tuple(_blocks(page, labels)))
        for page in _all(root, "Page")
    )


def _name(element: etree._Element) -> str:
    return etree.QName(element).localname


def _all(root: etree._Element, name: str) -> Iterator[etree._Element]:
    return (element for element in root.iter() if _name(element) == name)


def _version(root: etree._Element) -> str:
    found = re.search(r"ns-v(\d)", etree.QName(root).namespace or "")
    return found[1] if found else ""


def _software(root: etree._Element) -> str:
    """Name and version of the first program that is named."""
    for element in _all(root, "processingSoftware"):
        parts = [e.text for e in element if _name(e) in ("softwareName", "softwareVersion")]
        text = " ".join(part.strip() for part in parts if part and part.strip())
        if text:
            return text
    return ""


def _extent(page: etree._Element) -> Rect | None:
    width, height = (_number(page, name) for name in ("WIDTH", "HEIGHT"))
    return Rect(0, 0, width, height) if width and height else None


def _number(element: etree._Element, name: str) -> float | None:
    return finite(element.get(name))


def _rect(element: etree._Element) -> Rect | None:
    left, top, width, height = (_number(element, n) for n in ("HPOS", "VPOS", "WIDTH", "HEIGHT"))
    if left is None or top is None or width is None or height is None:
        return None
    return Rect(left, top, left + width, top + height)


def _blocks(page: etree._Element, labels: dict[str, list[str]]) -> Iterator[ForeignBlock]:
    language = page.get("LANG", "")
    spaces = [space for space in page if _name(space) in _SPACES]
    for space in sorted(spaces, key=lambda space: _SPACES.index(_name(space))):
        for block in _space_blocks(space, labels, language):
            number = _name(space) != "PrintSpace" and _is_number(block)
            yield ForeignBlock("page_number", block.rect, block.lines) if number else block


def _is_number(block: ForeignBlock) -> bool:
    text = "".join(word.text for line in block.lines for word in line.words)
    return bool(re.fullmatch(r"\W*\d{1,4}\W*", text))


def _space_blocks(
    space: etree._Element, labels: dict[str, list[str]], language: str
) -> Iterator[ForeignBlock]:
    """Blocks in the order of the file; a composed block without a kind of its own is opened."""
    for element in space:
        kind = _kind(element, labels)
        if kind:
            spoken = _language(element, language)
            lines = tuple(_line(line, spoken) for line in _all(element, "TextLine"))
            yield ForeignBlock(kind, _rect(element), lines)
        elif _name(element) == "ComposedBlock":
            yield from _space_blocks(element, labels, _language(element, language))


def _kind(element: etree._Element, labels: dict[str, list[str]]) -> str:
    told = [*(element.get("TYPE") or "").split(), *(element.get("type") or "").split()]
    for tag in (element.get("TAGREFS") or "").split():
        told += labels.get(tag, [])
    plain = _BLOCKS.get(_name(element), "")
    if plain in ("illustration", "separator") or _name(element) not in (*_BLOCKS, "ComposedBlock"):
        return plain
    # SegmOnto names a zone and, behind a colon, its sort.
    words = (word.partition(":")[0].lower() for word in told)
    return next((_KINDS[word] for word in words if word in _KINDS), plain)


def _language(element: etree._Element, inherited: str) -> str:
    return str(element.get("LANG") or element.get("language") or inherited)


def _line(element: etree._Element, inherited: str) -> ForeignLine:
    words = [_word(string) for string in element if _name(string) == "String"]
    hyphens = [e.get("CONTENT") or "-" for e in element if _name(e) == "HYP"]
    if hyphens and words and not words[-1].text.endswith(hyphens[0]):
        last = words[-1]
        text = last.text + hyphens[0].replace(_SOFT_HYPHEN, "-")
        words[-1] = ForeignWord(text, last.rect, last.confidence, last.hyphen)
    spoken = {str(e.get("LANG")) for e in element if e.get("LANG")}
    language = _language(element, spoken.pop() if len(spoken) == 1 else inherited)
    return ForeignLine(_rect(element), _baseline(element), language, tuple(words))


def _word(element: etree._Element) -> ForeignWord:
    part = _HYPHEN_MADE.get(element.get("SUBS_TYPE") or "")
    whole = element.get("SUBS_CONTENT")
    hyphen = Hyphen(part, whole) if part and whole else None
    text = element.get("CONTENT") or ""
    return ForeignWord(text, _rect(element), share(element.get("WC")), hyphen)


def _baseline(element: etree._Element) -> tuple[float, float, float, float] | None:
    """First and last point of the polyline (ALTO 4.2), or one height for the line (before)."""
    told = [finite(number) for number in _NUMBER.findall(element.get("BASELINE") or "")]
    numbers = [number for number in told if number is not None]
    rect = _rect(element)
    if len(numbers) == 1 and rect is not None:
        return rect.left, numbers[0], rect.right, numbers[0]
    if len(numbers) < 2 * _PAIR or len(numbers) % _PAIR:
        return None
    return numbers[0], numbers[1], numbers[-2], numbers[-1]
