"""The pages of a small book: title page, its back with the imprint, text pages."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from scans.generator.columns import paragraphs
from scans.generator.layouts import load
from scans.generator.setting import Style, Token, points, set_line, tokens_of
from scans.generator.sheet import Page, Sheet, first_indent

_SIZE = (1535, 2126)
_MARGIN = 180
_BODY = Style("serif", 10.6, 13.2, indent=1.3)
_FOLIO = Style("serif", 10.6, 13.2, align="centre", kind="page_number")
_CENTRE = Style("serif", 13, 17, align="centre", kind="headline")
_PLAIN = Style("dejavu", 9.2, 13, align="left")
_VERSO = {
    "left": _PLAIN,
    "right": replace(_PLAIN, align="right"),
    "centre": replace(_PLAIN, align="centre"),
    "card-name": replace(_PLAIN, font="dejavu-bold"),
    "card-mark": _PLAIN,
    "card": replace(_PLAIN, align="justify", indent=1.5),
    "card-small": replace(_PLAIN, leading=16),
    "card-note": Style("dejavu", 8.8, 12.2, indent=1.5),
    "small": Style("dejavu", 8.4, 11.6, indent=1.2),
}
_CARD_INDENT = 150


class Rest(NamedTuple):
    """What is still to be set of one paragraph, and whether its first line is already printed."""

    tokens: list[Token]
    begun: bool


def book(source: str) -> list[Page]:
    """Title page, verso and text pages of ``texts/<source>.toml``."""
    texts = load(source)
    return [_title_page(texts), _verso(texts), *_text_pages(texts)]


def _sheet(texts: dict[str, Any]) -> tuple[Sheet, int]:
    return Sheet(*_SIZE, texts["language"]), _SIZE[0] - 2 * _MARGIN


def _title_page(texts: dict[str, Any]) -> Page:
    sheet, width = _sheet(texts)
    sheet.text(texts["author"], _MARGIN, 300, width, _CENTRE)
    big = replace(_CENTRE, font="serif-bold", size=27, leading=33)
    y = sheet.text(texts["title"], _MARGIN, 660, width, big)
    sheet.text(texts["subtitle"], _MARGIN, y, width, replace(_CENTRE, font="serif-italic"))
    foot = replace(_CENTRE, size=11.5, leading=15, kind="text")
    y = sheet.text(texts["place"], _MARGIN, 1800, width, foot)
    y = sheet.text(texts["publisher"], _MARGIN, y, width, foot)
    sheet.text(texts["year"], _MARGIN, y, width, foot)
    return sheet.finish()


def _verso(texts: dict[str, Any]) -> Page:
    """Classes, annotated card (layout of GOST R 7.0.4), ISBN, copyright, imprint."""
    sheet, width = _sheet(texts)
    y = 240
    for kind, words in texts["verso"]:
        if kind == "gap":
            y += points(16)
        elif kind == "rule":
            sheet.rule((_MARGIN, y), (_MARGIN + width, y))
            y += points(16)
        else:
            inset = _CARD_INDENT if kind.startswith("card") and kind != "card-mark" else 0
            after = sheet.text(words, _MARGIN + inset, y, width - inset, _VERSO[kind])
            y = y if kind == "card-mark" else after
    return sheet.finish()


def _text_pages(texts: dict[str, Any]) -> list[Page]:
    rest = [Rest(tokens_of(words), False) for words in paragraphs(texts["text"])]
    pages: list[Page] = []
    number, overleaf = texts["first_page"], None
    while rest:
        sheet, width = _sheet(texts)
        sheet.pending = (None, overleaf) if overleaf else None
        y = 250
        if not pages:
            head = replace(_CENTRE, font="serif-bold", size=17, leading=24)
            y = sheet.text(texts["chapter"], _MARGIN, y + 60, width, head) + points(4)
        rest = _fill(sheet, rest, y, width)
        overleaf = sheet.overleaf()
        sheet.text(str(number), _MARGIN, _SIZE[1] - 130, width, _FOLIO)
        pages.append(sheet.finish())
        number += 1
    return pages


def _fill(sheet: Sheet, rest: Sequence[Rest], y: int, width: int) -> list[Rest]:
    """Print down to the foot of the page, with a split word in the last line where possible."""
    left, bottom = list(rest), _SIZE[1] - 240
    while left and y <= bottom:
        tokens, begun = left[0]
        indent = 0 if begun else first_indent(_BODY)
        ends = y + _BODY.line_height > bottom
        line, after = set_line(tokens, width, _BODY, indent=indent, want_split=ends)
        sheet.print_line(line, _MARGIN, y, width, _BODY)
        y += _BODY.line_height
        left = [Rest(after, True), *left[1:]] if after else left[1:]
    return left
