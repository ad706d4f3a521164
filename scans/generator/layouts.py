"""The pages: newspapers, a page in two languages, cuttings."""

import tomllib
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from scans.generator.columns import Flow, Frame, frame, print_balanced
from scans.generator.setting import Style, points
from scans.generator.sheet import Page, Sheet

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
    2780, 3940, 140, 4, 54,
    Style("serif", 9.3, 11.0, indent=0.9),
    Style("serif-bold", 27, 32, align="centre", kind="headline"),
    Style("serif-bold", 14, 16.5, align="left", kind="headline"),
    Style("serif-bold", 50, 56, align="centre", kind="masthead"),
    True,
)  # fmt: skip
KAZAKH_PAPER = Paper(
    2280, 3380, 125, 3, 54,
    Style("serif", 9.6, 11.4, indent=0.9),
    Style("sans-bold", 25, 30, align="centre", kind="headline"),
    Style("sans-bold", 14, 17, align="left", kind="headline"),
    Style("sans-bold", 48, 54, align="centre", kind="masthead"),
    False,
)  # fmt: skip
_SMALL = Style("sans", 9.5, 12, align="centre", kind="masthead")
_FACTS = Style("dejavu-bold", 9.5, 12, align="left", kind="masthead")
_AUTHOR = Style("serif-bold", 9.5, 13, align="right")


def load(source: str) -> dict[str, Any]:
    """The text file ``texts/<source>.toml``."""
    return tomllib.loads((TEXTS / f"{source}.toml").read_text("utf-8"))


def _masthead(sheet: Sheet, texts: dict[str, Any], paper: Paper) -> int:
    left, width = paper.margin, paper.width - 2 * paper.margin
    y = sheet.text(texts["organ"], left, 110, width, replace(_SMALL, size=11))
    y = sheet.text(texts["since"], left, y, width, _SMALL)
    y = sheet.text(texts["title"], left, y + points(38), width, paper.title) - points(30)
    sheet.rule((left, y - points(13)), (left + width, y - points(13)))
    facts = [texts["number"], texts["date"], texts["price"]]
    sheet.cells(facts, left, y + points(2), width, _FACTS)
    y += points(9)
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
    area = frame(left, right, y + 10, y + 400, columns=paper.columns, gap=paper.gap)
    while not _articles_fit(texts, paper, area):
        area = replace(area, bottom=area.bottom + 24)
    if area.bottom > paper.height - 90:
        raise ValueError(
            f"the text is {area.bottom - paper.height + 90} pixels longer than the page"
        )
    _articles(Flow(sheet, area), texts, paper)
    if paper.rules:
        _gutters(sheet, area, paper.gap, area.bottom)


def _articles_fit(texts: dict[str, Any], paper: Paper, area: Frame) -> bool:
    """Whether the articles go into ``area``, tried on waste paper."""
    try:
        _articles(Flow(Sheet(paper.width, paper.height, "und"), area), texts, paper)
    except ValueError:
        return False
    return True


def _articles(flow: Flow, texts: dict[str, Any], paper: Paper) -> None:
    for article in texts["article"]:
        flow.space(points(8))
        flow.headline(article["headline"], paper.headline)
        flow.body(article["text"], paper.body)
        if article["author"]:
            flow.body(article["author"], _AUTHOR)


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
