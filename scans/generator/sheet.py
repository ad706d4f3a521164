"""A sheet of paper that is printed on, and the truth of what was printed."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from PIL import Image, ImageDraw, ImageFont

from pages.text import Box
from scans.generator.setting import SetLine, Style, Token, face, set_line, tokens_of

PAPER = 246
INK = 22


@dataclass(frozen=True, slots=True)
class PrintedLine:
    """One line as printed, its ink box, ISO 639-2 language and region kind."""

    text: str
    box: Box
    language: str
    kind: str


class Join(NamedTuple):
    """A logical word split after line ``first`` and going on at line ``second`` of the same page.

    ``first`` is None for a word begun on the page before, ``second`` for one that ends on the next.
    """

    first: int | None
    second: int | None
    word: str


@dataclass(frozen=True, slots=True)
class Page:
    """A finished page: grey image, printed lines in reading order, split words."""

    image: Image.Image
    lines: tuple[PrintedLine, ...]
    joins: tuple[Join, ...]


@dataclass(slots=True)
class Sheet:
    """A sheet being printed; ``pending`` is the word whose rest the next line must bring."""

    width: int
    height: int
    language: str
    image: Image.Image = field(init=False)
    lines: list[PrintedLine] = field(default_factory=list)
    joins: list[Join] = field(default_factory=list)
    pending: tuple[int | None, str] | None = None

    def __post_init__(self) -> None:
        self.image = Image.new("L", (self.width, self.height), PAPER)

    def rule(self, start: tuple[int, int], end: tuple[int, int], thickness: int = 3) -> None:
        """Print a ruling line; rules are no text and leave no truth."""
        ImageDraw.Draw(self.image).line([start, end], fill=INK, width=thickness)

    def print_line(self, line: SetLine, x: int, y: int, width: int, style: Style) -> None:
        """Print one line with its baseline at ``y`` between ``x`` and ``x + width``."""
        places = list(zip(line.tokens, _positions(line, x, width, style), strict=True))
        self._note(line.split, self._draw(places, y, style))

    def cells(self, texts: Sequence[str], x: int, y: int, width: int, style: Style) -> None:
        """Print three texts on one baseline: at the left edge, in the middle, at the right edge."""
        places: list[tuple[str, int]] = []
        for text, align in zip(texts, ("left", "centre", "right"), strict=True):
            line = SetLine(tuple(text.split()), True, 0)
            left = _positions(line, x, width, replace(style, align=align))
            places += zip(line.tokens, left, strict=True)
        self._note(None, self._draw(places, y, style))

    def _draw(self, places: Sequence[tuple[str, int]], y: int, style: Style) -> PrintedLine:
        letters = face(style.font, style.size)
        draw = ImageDraw.Draw(self.image)
        boxes: list[Box] = []
        for token, left in places:
            draw.text((left, y), token, fill=INK, font=letters, anchor="ls")
            boxes.append(_ink(letters, token, left, y))
        box = Box(
            min(box.left for box in boxes),
            min(box.top for box in boxes),
            max(box.right for box in boxes),
            max(box.bottom for box in boxes),
        )
        return PrintedLine(" ".join(t for t, _ in places), box, self.language, style.kind)

    def _note(self, split: str | None, printed: PrintedLine) -> None:
        here = len(self.lines)
        self.lines.append(printed)
        if self.pending is not None:
            first, word = self.pending
            self.joins.append(Join(first, here, word))
        self.pending = (here, _bare(split)) if split else None

    def text(self, words: str, x: int, y: int, width: int, style: Style) -> int:
        """Print one paragraph with its first baseline at ``y``; returns the baseline after it."""
        rest: list[Token] = tokens_of(words)
        indent = first_indent(style)
        while rest:
            line, rest = set_line(rest, width, style, indent=indent, want_split=False)
            self.print_line(line, x, y, width, style)
            y, indent = y + style.line_height, 0
        return y

    def overleaf(self) -> str | None:
        """Note the word that goes on on the next page, and return it."""
        if self.pending is None:
            return None
        first, word = self.pending
        self.joins.append(Join(first, None, word))
        self.pending = None
        return word

    def finish(self) -> Page:
        """The page as printed."""
        return Page(self.image, tuple(self.lines), tuple(self.joins))


def first_indent(style: Style) -> int:
    """Pixels by which the first line of a paragraph is set in."""
    return (
        round(style.indent * face(style.font, style.size).size) if style.align == "justify" else 0
    )


def _ink(letters: ImageFont.FreeTypeFont, token: str, x: int, y: int) -> Box:
    """Pixels that ``token`` blackens with its origin at (x, y); Pillow's own box has bearings."""
    mask, (across, down) = letters.getmask2(token, "L", anchor="ls")
    left, top, right, bottom = mask.getbbox()
    return Box(x + across + left, y + down + top, x + across + right, y + down + bottom)


def _bare(word: str) -> str:
    return word.strip("«»„“”\"'().,;:!?…–—")


def _positions(line: SetLine, x: int, width: int, style: Style) -> list[int]:
    letters = face(style.font, style.size)
    widths = [letters.getlength(token) for token in line.tokens]
    blank, room = letters.getlength(" "), width - line.indent
    spare = room - sum(widths) - blank * (len(widths) - 1)
    left = float(x + line.indent)
    if style.align == "centre":
        left += spare / 2
    elif style.align == "right":
        left += spare
    elif style.align == "justify" and len(widths) > 1 and (not line.last or spare < 0):
        blank += spare / (len(widths) - 1)
    places = []
    for one in widths:
        places.append(round(left))
        left += one + blank
    return places
