"""Pages of invented newspaper issues, every line of which knows its article; made by chance.

Articles over one to four columns or flowing down them, with photographs, frames, rules, tables,
advertisements, and articles that end on the next page. Equal seeds give equal pages.
"""

import random
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import pairwise

from pages.text import Box
from scans.generator.columns import compose
from scans.generator.layouts import load
from scans.generator.picture import photograph
from scans.generator.setting import SetLine, Style, points
from scans.generator.sheet import Page, Sheet

NO_ARTICLE = 0
CELL = -1
"""Owner of a line in a table: whether it is a line of its article is not asked."""

_SOURCES = {
    "kaz": ("newspaper_kk", "clipping_kk", "book_kk"),
    "rus": ("newspaper_ru", "clipping_ru", "book_ru"),
}
_HEADS = ("serif-bold", "sans-bold", "narrow-bold", "dejavu-bold")
_BY_SPAN = {1: (13, 16), 2: (18, 24), 3: (24, 32), 4: (28, 36)}
_NOTE = Style("serif-italic", 9.5, 11.5, align="right")
_CAPTION = Style("sans", 8.3, 10, align="left")
_GAP = 46


@dataclass(frozen=True, slots=True)
class IssuePage:
    """A page and the number of the article of each of its printed lines.

    Numbers count from 1 over the whole issue; ``NO_ARTICLE`` and ``CELL`` stand for none.
    ``pictures`` are the boxes of photographs, ``tables`` those of ruled tables.
    """

    page: Page
    owners: tuple[int, ...]
    pictures: tuple[Box, ...]
    tables: tuple[Box, ...]


@dataclass(slots=True)
class _Issue:
    """What the pages of one issue share: the dice, its words, the articles so far."""

    dice: random.Random
    language: str
    sentences: list[str]
    titles: list[str]
    articles: int = 0
    going_on: list[tuple[int, str]] = field(default_factory=list)


@dataclass(slots=True)
class _Press:
    """One page being printed: ``lefts`` are the left edges of its columns of ``width`` pixels."""

    issue: _Issue
    sheet: Sheet
    body: Style
    lefts: tuple[int, ...]
    width: int
    owners: list[int] = field(default_factory=list)
    pictures: list[Box] = field(default_factory=list)
    tables: list[Box] = field(default_factory=list)

    @contextmanager
    def owned(self, owner: int) -> Iterator[None]:
        """Lines printed in the block are lines of that article."""
        yield
        self.owners += [owner] * (len(self.sheet.lines) - len(self.owners))

    def span(self, first: int, last: int) -> tuple[int, int]:
        """Left and right edge of the columns ``first`` to ``last`` (inclusive)."""
        return self.lefts[first], self.lefts[last] + self.width


def issue_pages(seed: int, count: int = 2) -> list[IssuePage]:
    """The pages of one issue; languages, measures and layouts follow from ``seed``."""
    dice = random.Random(seed)
    language = ("kaz", "rus")[seed % 2]
    issue = _Issue(dice, language, *_words(language))
    columns = dice.randint(3, 6)
    body = Style(dice.choice(("serif", "serif", "sans")), dice.choice((8.6, 9.2, 9.8)), 0)
    body = replace(body, leading=body.size * dice.uniform(1.15, 1.25), indent=0.9)
    width = 2 * 120 + columns * dice.randint(500, 620) + (columns - 1) * _GAP
    height = round(width * dice.uniform(1.3, 1.45))
    made = []
    for number in range(1, count + 1):
        sheet = Sheet(width, height, language)
        column = (width - 240 - (columns - 1) * _GAP) // columns
        lefts = tuple(120 + n * (column + _GAP) for n in range(columns))
        press = _Press(issue, sheet, body, lefts, column)
        _page(press, number, last=number == count)
        boxes = (tuple(press.pictures), tuple(press.tables))
        made.append(IssuePage(sheet.finish(), tuple(press.owners), *boxes))
    return made


def _words(language: str) -> tuple[list[str], list[str]]:
    """Sentences and titles of everything the project has written in that language."""
    texts, titles = [], []
    for source in _SOURCES[language]:
        for value in _strings(load(source)):
            if len(value) > 200:
                texts += re.findall(r"[^.!?…]{25,}[.!?…]", " ".join(value.split()))
            elif 8 < len(value) < 40 and re.fullmatch(r"[Ѐ-ӿ][Ѐ-ӿ ,«»!?—-]+", value):
                titles.append(value)
    return texts, titles


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, part in value.items():
            if key != "author":
                yield from _strings(part)
    elif isinstance(value, list):
        for part in value:
            yield from _strings(part)


def _page(press: _Press, number: int, *, last: bool) -> None:
    dice = press.issue.dice
    with press.owned(NO_ARTICLE):
        top = _masthead(press) if number == 1 else _running_head(press, number)
    bottom = press.sheet.height - 110
    bands = dice.randint(2, 3)
    marks = sorted(dice.uniform(0.85, 1.15) * n / bands for n in range(1, bands))
    edges = [top, *(round(top + (bottom - top) * mark) for mark in marks), bottom]
    for band, (start, end) in enumerate(pairwise(edges)):
        if band and dice.random() < 0.5:
            left, right = press.span(0, len(press.lefts) - 1)
            press.sheet.rule((left, start), (right, start), 4)
        goes_on = band == bands - 1 and not last
        _band(press, start + 24, end - 26, goes_on=number if goes_on else 0)


def _masthead(press: _Press) -> int:
    texts = load(_SOURCES[press.issue.language][0])
    left, right = press.span(0, len(press.lefts) - 1)
    width, sheet = right - left, press.sheet
    small = Style("sans", 10.5, 13, align="centre", kind="masthead")
    title = Style("serif-bold", 54, 58, align="centre", kind="masthead")
    facts = Style("dejavu-bold", 9.5, 12, kind="masthead")
    y = sheet.text(texts["organ"], left, 110, width, small)
    y = sheet.text(texts["title"], left, y + points(40), width, title) - points(42)
    sheet.rule((left, y - points(13)), (right, y - points(13)))
    sheet.cells([texts["number"], texts["date"], texts["price"]], left, y, width, facts)
    sheet.rule((left, y + points(7)), (right, y + points(7)), 5)
    return y + points(9)


def _running_head(press: _Press, number: int) -> int:
    texts = load(_SOURCES[press.issue.language][0])
    left, right = press.span(0, len(press.lefts) - 1)
    style = Style("sans-bold", 10, 13, kind="page_number")
    press.sheet.cells([str(number), texts["title"], texts["date"]], left, 110, right - left, style)
    press.sheet.rule((left, 128), (right, 128), 3)
    return 130


def _band(press: _Press, top: int, bottom: int, *, goes_on: int) -> None:
    """Fill a band with blocks side by side; ``goes_on`` is the page whose last article goes on."""
    dice, first, columns = press.issue.dice, 0, len(press.lefts)
    while first < columns:
        last = min(columns - 1, first + dice.randint(1, 4) - 1)
        if columns - 1 - last == 1 and dice.random() < 0.5:
            last = columns - 1
        if first and dice.random() < 0.5:
            x = press.lefts[first] - _GAP // 2
            press.sheet.rule((x, top), (x, bottom), 3)
        _group(press, (first, last), top, bottom, goes_on if last == columns - 1 else 0)
        first = last + 1


def _group(press: _Press, span: tuple[int, int], top: int, bottom: int, goes_on: int) -> None:
    dice, issue = press.issue.dice, press.issue
    if issue.going_on:
        _article(press, span, top, bottom, ends=True)
        return
    if goes_on:
        _article(press, span, top, bottom, goes_on=goes_on)
        return
    if bottom - top > 1500 and dice.random() < 0.5:
        middle = top + round((bottom - top) * dice.uniform(0.45, 0.65))
        choice = dice.random()
        if choice < 0.3:
            _advertisement(press, span, middle + 40, bottom)
        elif choice < 0.5:
            _table(press, span, middle + 40, bottom)
        else:
            _article(press, span, middle + 40, bottom)
        bottom = middle
    if span[1] > span[0] and dice.random() < 0.35:
        _flow(press, span, top, bottom)
    else:
        _article(press, span, top, bottom)


def _title(press: _Press) -> str:
    dice = press.issue.dice
    if dice.random() < 0.5:
        return dice.choice(press.issue.titles)
    words = dice.choice(press.issue.sentences).split()[: dice.randint(2, 5)]
    return " ".join(words).strip(",:;—–- ")


def _text(press: _Press, style: Style, lines: int) -> list[SetLine]:
    """About so many lines of text in one column, paragraphs of some sentences each."""
    dice, made = press.issue.dice, list[SetLine]()
    while len(made) < lines:
        part = " ".join(dice.choices(press.issue.sentences, k=dice.randint(2, 5)))
        made += compose(part, press.width, style, 10**6)
    return made[:lines]


def _headline(press: _Press, title: str, left: int, y: int, width: int, columns: int) -> int:
    """Print a headline below ``y``; returns the y below it."""
    dice = press.issue.dice
    size = dice.uniform(*_BY_SPAN[min(columns, 4)])
    align = "centre" if dice.random() < 0.6 else "left"
    style = Style(dice.choice(_HEADS), size, size * 1.2, align=align, kind="headline")
    after = press.sheet.text(title, left, y + points(size * 0.85), width, style)
    return after - points(size * 0.85)


def _article(
    press: _Press,
    span: tuple[int, int],
    top: int,
    bottom: int,
    *,
    ends: bool = False,
    goes_on: int = 0,
) -> None:
    dice, issue, sheet = press.issue.dice, press.issue, press.sheet
    left, right = press.span(*span)
    if dice.random() < 0.2:
        frame = [(left - 14, top), (right + 14, top), (right + 14, bottom), (left - 14, bottom)]
        for start, end in zip(frame, [*frame[1:], frame[0]], strict=True):
            sheet.rule(start, end, 3)
        top, bottom = top + 16, bottom - 16
    if ends:
        owner, title = issue.going_on.pop()
    else:
        issue.articles += 1
        owner, title = issue.articles, _title(press)
    with press.owned(owner):
        y = _headline(press, title, left, top, right - left, span[1] - span[0] + 1)
        if ends:
            y = sheet.text(_began(issue), left, y + points(9), right - left, _NOTE) - points(9)
        if goes_on:
            issue.going_on.append((owner, title))
            sheet.text(_will_end(issue, goes_on + 1), left, bottom - 4, right - left, _NOTE)
            bottom -= _NOTE.line_height
        _columns(press, span, y, bottom)


def _began(issue: _Issue) -> str:
    words = {"kaz": "(Соңы. Басы 1-бетте).", "rus": "(Окончание. Начало на 1-й стр.)."}
    return words[issue.language]


def _will_end(issue: _Issue, page: int) -> str:
    words = {"kaz": f"(Жалғасы {page}-бетте).", "rus": f"(Окончание на {page}-й стр.)."}
    return words[issue.language]


def _columns(press: _Press, span: tuple[int, int], top: int, bottom: int) -> None:
    """Fill the columns of an article with text, one to two of them with a photograph."""
    dice, step = press.issue.dice, press.body.line_height
    count = span[1] - span[0] + 1
    tops = [top] * count
    if bottom - top > 700 and dice.random() < 0.45:
        first = dice.randrange(count)
        wide = min(count - first, dice.randint(1, 2))
        height = round((bottom - top) * dice.uniform(0.3, 0.5))
        left = press.lefts[span[0] + first]
        right = press.lefts[span[0] + first + wide - 1] + press.width
        box = Box(left, top + 16, right, top + height)
        press.sheet.image.paste(photograph(dice, box.width, box.height), (box.left, box.top))
        press.pictures.append(box)
        caption = dice.choice(press.issue.sentences)
        y = press.sheet.text(caption, left, top + height + points(10), right - left, _CAPTION)
        for column in range(first, first + wide):
            tops[column] = y
    lines = [max(2, (bottom - start) // step) for start in tops]
    text = _text(press, press.body, sum(lines) - dice.randint(0, 2))
    for column, (start, room) in enumerate(zip(tops, lines, strict=True)):
        _print(press, text[:room], press.lefts[span[0] + column], start)
        text = text[room:]


def _print(press: _Press, lines: Sequence[SetLine], left: int, y: int) -> None:
    for line in lines:
        y += press.body.line_height
        press.sheet.print_line(line, left, y, press.width, press.body)


def _flow(press: _Press, span: tuple[int, int], top: int, bottom: int) -> None:
    """Short articles one below the other, each going on at the head of the next column."""
    dice, step = press.issue.dice, press.body.line_height
    column, y = span[0], top
    while True:
        with_headline = y + 4 * points(19) + 4 * step
        if with_headline > bottom:
            column, y = column + 1, top
        if column > span[1]:
            return
        press.issue.articles += 1
        with press.owned(press.issue.articles):
            y = _headline(press, _title(press), press.lefts[column], y, press.width, 1)
            rest = _text(press, press.body, dice.randint(14, 60))
            while rest and column <= span[1]:
                room = max(0, (bottom - y) // step)
                _print(press, rest[:room], press.lefts[column], y)
                y, rest = y + step * min(room, len(rest)), rest[room:]
                if rest:
                    column, y = column + 1, top
        y += points(10)


def _advertisement(press: _Press, span: tuple[int, int], top: int, bottom: int) -> None:
    dice = press.issue.dice
    left, right = press.span(*span)
    frame = [(left, top), (right, top), (right, bottom), (left, bottom)]
    for start, end in zip(frame, [*frame[1:], frame[0]], strict=True):
        press.sheet.rule(start, end, 5)
    y = top + points(24)
    with press.owned(NO_ARTICLE):
        while y < bottom - points(40):
            size = dice.choice((11, 14, 18, 22))
            style = Style(dice.choice(_HEADS), size, size * 1.3, "centre", kind="advertisement")
            words = dice.choice(press.issue.sentences).split()[: dice.randint(2, 6)]
            if dice.random() < 0.4:
                words = ["тел.", f"{dice.randint(20, 99)}-{dice.randint(10, 99)}-55"]
            y = press.sheet.text(" ".join(words), left + 40, y, right - left - 80, style)
            y += points(dice.choice((4, 14)))


def _table(press: _Press, span: tuple[int, int], top: int, bottom: int) -> None:
    """A ruled table with its own headline."""
    dice = press.issue.dice
    left, right = press.span(*span)
    press.issue.articles += 1
    with press.owned(press.issue.articles):
        top = _headline(press, _title(press), left, top, right - left, 1) + 20
    rows, columns = max(2, min(12, (bottom - top) // 70)), 3
    width = (right - left) // columns
    style = Style("sans", 9, 11, align="left", kind="table")
    for row in range(rows + 1):
        press.sheet.rule((left, top + 70 * row), (left + width * columns, top + 70 * row), 3)
    for column in range(columns + 1):
        x = left + width * column
        press.sheet.rule((x, top), (x, top + 70 * rows), 3)
    words = [word for word in " ".join(press.issue.sentences).split() if word.isalpha()]
    with press.owned(CELL):
        for row in range(rows):
            texts = [dice.choice(words), f"{dice.randint(1, 999)},{dice.randint(0, 9)}"]
            for column, text in enumerate([*texts, str(dice.randint(1, 99))]):
                x, y = left + width * column + 16, top + 70 * row + 48
                press.sheet.text(text, x, y, width - 32, style)
    press.tables.append(Box(left, top, left + width * columns, top + 70 * rows))
