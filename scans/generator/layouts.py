"""The pages: newspapers, a page in two languages, cuttings, books."""

import tomllib
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from scans.generator.columns import Flow, Frame, frame, paragraphs, print_balanced
from scans.generator.setting import Style, Token, points, set_line, tokens_of
from scans.generator.sheet import Page, Sheet, first_indent

TEXTS = Path(__file__).parent / "texts"


@dataclass(frozen=True, slots=True)
class Paper:
    """Measures of a newspaper page in pixels, and its type."""

    width: int
    height: int
    margin: int
    columns: int
    gap: int
    body: Style
    head: Style
    headline: Style
    title: Style
    rules: bool


RUSSIAN_PAPER = Paper(
    2480, 3508, 130, 4, 52,
    Style("serif", 9.5, 11.2, indent=0.9),
    Style("serif-bold", 27, 32, align="centre", kind="headline"),
    Style("serif-bold", 14, 16.5, align="left", kind="headline"),
    Style("serif-bold", 50, 56, align="centre", kind="masthead"),
    True,
)  # fmt: skip
KAZAKH_PAPER = Paper(
    2150, 3036, 120, 3, 54,
    Style("serif", 9.6, 11.4, indent=0.9),
    Style("sans-bold", 25, 30, align="centre", kind="headline"),
    Style("sans-bold", 14, 17, align="left", kind="headline"),
    Style("sans-bold", 48, 54, align="centre", kind="masthead"),
    False,
)  # fmt: skip
_SMALL = Style("sans", 9.5, 12, align="centre", kind="masthead")
_AUTHOR = Style("serif-bold", 9.5, 13, align="right")
_BOOK = Style("serif", 10.6, 13.2, indent=1.3)


def load(source: str) -> dict[str, Any]:
    """The text file ``texts/<source>.toml``."""
    return tomllib.loads((TEXTS / f"{source}.toml").read_text("utf-8"))


def _masthead(sheet: Sheet, texts: dict[str, Any], paper: Paper) -> int:
    left, width = paper.margin, paper.width - 2 * paper.margin
    y = sheet.text(texts["organ"], left, 150, width, replace(_SMALL, size=11))
    y = sheet.text(texts["title"], left, y + points(40), width, paper.title) - points(30)
    line = replace(_SMALL, align="left")
    sheet.rule((left, y - points(13)), (left + width, y - points(13)))
    facts = f"{texts['number']}   {texts['date']}   {texts['price']}"
    sheet.text(texts["since"], left, y, width, replace(_SMALL, align="centre"))
    sheet.text(facts, left, y + points(14), width, replace(line, align="centre", font="sans-bold"))
    y += points(20)
    sheet.rule((left, y), (left + width, y), 5)
    return y


def _gutters(sheet: Sheet, area: Frame, gap: int, bottom: int) -> None:
    for left in area.lefts[1:]:
        sheet.rule((left - gap // 2, area.top + 14), (left - gap // 2, bottom), 2)


def newspaper(source: str, paper: Paper) -> list[Page]:
    """One newspaper page: masthead, a lead over all columns, then a band of short articles."""
    texts = load(source)
    sheet = Sheet(paper.width, paper.height, texts["language"])
    left, right = paper.margin, paper.width - paper.margin
    y = _masthead(sheet, texts, paper)
    lead = texts["lead"]
    y = sheet.text(lead["headline"], left, y + points(34), right - left, paper.head)
    y -= points(14)
    area = frame(left, right, y, paper.height, columns=paper.columns, gap=paper.gap)
    bottom = print_balanced(sheet, lead["text"], area, paper.body)
    if paper.rules:
        _gutters(sheet, area, paper.gap, bottom)
    width = right - left
    bottom = sheet.text(lead["author"], left, bottom + points(13), width, _AUTHOR)
    _band(sheet, texts, paper, bottom - points(2))
    return [sheet.finish()]


def _band(sheet: Sheet, texts: dict[str, Any], paper: Paper, top: int) -> None:
    left, right = paper.margin, paper.width - paper.margin
    sheet.rule((left, top), (right, top), 4)
    rubric = replace(paper.headline, align="centre", size=17, leading=22)
    y = sheet.text(texts["band"]["rubric"], left, top + points(22), right - left, rubric)
    y -= points(14)
    sheet.rule((left, y), (right, y), 2)
    area = frame(
        left, right, y + 10, paper.height - paper.margin, columns=paper.columns, gap=paper.gap
    )
    flow = Flow(sheet, area)
    for article in texts["article"]:
        flow.space(points(11))
        flow.headline(article["headline"], paper.headline)
        flow.body(article["text"], paper.body)
        if article["author"]:
            flow.body(article["author"], _AUTHOR)
    if paper.rules:
        _gutters(sheet, area, paper.gap, area.bottom)


def mixed(source: str) -> list[Page]:
    """One page of two columns: Kazakh articles on the left, the same in Russian on the right."""
    texts = load(source)
    sheet = Sheet(1748, 2480, "kaz")
    left, width = 120, 1748 - 240
    title = Style("sans-bold", 22, 28, align="centre", kind="masthead")
    y = sheet.text(texts["title"], left, 220, width, title)
    y = sheet.text(texts["organ"], left, y - points(8), width, _SMALL)
    y = sheet.text(f"{texts['number']}   {texts['date']}", left, y, width, _SMALL)
    sheet.rule((left, y - points(7)), (left + width, y - points(7)), 4)
    headline = Style("sans-bold", 13, 16, align="left", kind="headline")
    body = Style("serif", 10.2, 12.4)
    for language, column in (("kaz", 0), ("rus", 1)):
        area = frame(left, left + width, y, 2400, columns=2, gap=70)
        sheet.language = language
        flow = Flow(sheet, Frame(area.top, area.bottom, (area.lefts[column],), area.width))
        for part in texts["paragraph"]:
            if part["language"] != language:
                continue
            flow.space(points(16))
            flow.headline(part["headline"], headline)
            flow.body(part["text"], body)
    return [sheet.finish()]


def clipping(source: str) -> list[Page]:
    """A cutting of two columns without masthead."""
    texts = load(source)
    sheet = Sheet(1360, 1300, texts["language"])
    left, width = 90, 1360 - 180
    head = Style("serif-bold", 22, 27, align="centre", kind="headline")
    y = sheet.text(texts["headline"], left, 170, width, head) - points(6)
    area = frame(left, left + width, y - points(10), 1300, columns=2, gap=56)
    body = Style("serif", 9.8, 11.8)
    bottom = print_balanced(sheet, texts["text"], area, body)
    y = sheet.text(texts["author"], left, bottom + points(16), width, _AUTHOR)
    note = Style("serif-italic", 9.8, 12, align="centre")
    sheet.text(texts["note"], left, y, width, note)
    return [sheet.finish()]


_BOOK_SIZE = (1535, 2126)
_BOOK_MARGIN = 180


def _book_sheet(texts: dict[str, Any]) -> tuple[Sheet, int, int]:
    return Sheet(*_BOOK_SIZE, texts["language"]), _BOOK_MARGIN, _BOOK_SIZE[0] - 2 * _BOOK_MARGIN


def title_page(texts: dict[str, Any]) -> Page:
    """Author, title, subtitle; place, publisher, year at the foot."""
    sheet, left, width = _book_sheet(texts)
    centre = Style("serif", 13, 17, align="centre", kind="headline")
    sheet.text(texts["author"], left, 300, width, centre)
    big = replace(centre, font="serif-bold", size=27, leading=33)
    y = sheet.text(texts["title"], left, 660, width, big)
    sheet.text(texts["subtitle"], left, y, width, replace(centre, font="serif-italic"))
    foot = replace(centre, size=11.5, leading=15)
    y = sheet.text(texts["place"], left, 1800, width, foot)
    y = sheet.text(texts["publisher"], left, y, width, foot)
    sheet.text(texts["year"], left, y, width, foot)
    return sheet.finish()


_VERSO = {
    "left": Style("serif", 10.5, 13.5, align="left"),
    "right": Style("serif", 10.5, 13.5, align="right"),
    "centre": Style("serif", 10.5, 13.5, align="centre"),
    "card-name": Style("serif-bold", 10.5, 13.5, align="left"),
    "card-mark": Style("serif", 10.5, 13.5, align="left"),
    "card": Style("serif", 10.5, 13.5, indent=1.5),
    "card-small": Style("serif", 10.5, 15.5, align="left"),
    "card-note": Style("serif", 10, 12.8, indent=1.5),
    "small": Style("serif", 9.6, 12.2, indent=1.2),
}
_CARD_INDENT = 150


def verso(texts: dict[str, Any]) -> Page:
    """The back of the title page: classes, annotated card (GOST 7.0.4 layout), imprint."""
    sheet, left, width = _book_sheet(texts)
    y = 240
    for kind, words in texts["verso"]:
        if kind == "gap":
            y += points(16)
        elif kind == "rule":
            sheet.rule((left, y), (left + width, y))
            y += points(16)
        else:
            inset = _CARD_INDENT if kind.startswith("card") and kind != "card-mark" else 0
            after = sheet.text(words, left + inset, y, width - inset, _VERSO[kind])
            y = y if kind == "card-mark" else after
    return sheet.finish()


def _book_page(
    texts: dict[str, Any], rest: list[list[Token]], number: int, pending: str | None
) -> tuple[Page, list[list[Token]]]:
    sheet, left, width = _book_sheet(texts)
    sheet.pending = (None, pending) if pending else None
    y, bottom = 250, _BOOK_SIZE[1] - 250
    if number == texts["first_page"]:
        head = Style("serif-bold", 17, 24, align="centre", kind="headline")
        y = sheet.text(texts["chapter"], left, y + 60, width, head) + points(8)
    while rest and y <= bottom:
        fresh = rest[0][0].whole is None and rest[0][0].text == rest[0][0].text
        indent = first_indent(_BOOK) if fresh and len(rest[0]) == rest[0][0].count else 0
        ends = y + _BOOK.line_height > bottom
        line, after = set_line(rest[0], width, _BOOK, indent=indent, want_split=ends)
        sheet.print_line(line, left, y, width, _BOOK)
        y += _BOOK.line_height
        rest = [after, *rest[1:]] if after else rest[1:]
    folio = Style("serif", 10.6, 13.2, align="centre", kind="page_number")
    return sheet, rest
