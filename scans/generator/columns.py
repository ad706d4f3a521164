"""Text flowing through columns, with a split word at a column end wherever the text allows."""

from dataclasses import dataclass

from scans.generator.setting import SetLine, Style, Token, set_line, tokens_of
from scans.generator.sheet import Sheet, first_indent


@dataclass(frozen=True, slots=True)
class Frame:
    """Columns of equal width: top and bottom in pixels, left edges, width of one."""

    top: int
    bottom: int
    lefts: tuple[int, ...]
    width: int

    def capacity(self, style: Style) -> int:
        """Lines of that style in one column."""
        return (self.bottom - self.top) // style.line_height


def frame(left: int, right: int, top: int, bottom: int, *, columns: int, gap: int) -> Frame:
    """``columns`` equal columns between the edges with ``gap`` pixels between."""
    width = (right - left - gap * (columns - 1)) // columns
    return Frame(top, bottom, tuple(left + n * (width + gap) for n in range(columns)), width)


def paragraphs(text: str) -> list[str]:
    """Paragraphs of a text whose paragraphs are parted by empty lines."""
    return [" ".join(part.split()) for part in text.strip().split("\n\n")]


def compose(text: str, width: int, style: Style, capacity: int) -> list[SetLine]:
    """Set ``text`` in lines; each ``capacity``-th line asks for a split word."""
    lines: list[SetLine] = []
    for paragraph in paragraphs(text):
        rest: list[Token] = tokens_of(paragraph)
        indent = first_indent(style)
        while rest:
            wish = (len(lines) + 1) % capacity == 0
            line, rest = set_line(rest, width, style, indent=indent, want_split=wish)
            lines.append(line)
            indent = 0
    return lines


def balanced(text: str, width: int, style: Style, columns: int) -> tuple[list[SetLine], int]:
    """Set ``text`` in so many columns of equal height; returns the lines and lines a column."""
    capacity = -(-len(compose(text, width, style, 10**6)) // columns)
    while True:
        lines = compose(text, width, style, capacity)
        if len(lines) <= capacity * columns:
            return lines, capacity
        capacity += 1


def print_balanced(sheet: Sheet, text: str, area: Frame, style: Style) -> int:
    """Print ``text`` in columns of equal height; returns the y below the last line."""
    lines, capacity = balanced(text, area.width, style, len(area.lefts))
    for n, line in enumerate(lines):
        column, row = divmod(n, capacity)
        y = area.top + (row + 1) * style.line_height
        sheet.print_line(line, area.lefts[column], y, area.width, style)
    return area.top + capacity * style.line_height


@dataclass(slots=True)
class Flow:
    """A place that walks down the columns of ``area``."""

    sheet: Sheet
    area: Frame
    column: int = 0
    y: int = 0

    def __post_init__(self) -> None:
        self.y = self.area.top

    def room(self, height: int) -> bool:
        """Whether ``height`` pixels are left in this column."""
        return self.y + height <= self.area.bottom

    def turn(self) -> None:
        """Go to the head of the next column; ValueError when there is none."""
        if self.column + 1 == len(self.area.lefts):
            raise ValueError("the text is longer than its columns")
        self.column, self.y = self.column + 1, self.area.top

    def space(self, height: int) -> None:
        """Leave a gap, but not at the head of a column."""
        if self.y > self.area.top:
            self.y += height

    def headline(self, words: str, style: Style) -> None:
        """Print a headline that stays with four text lines of its article."""
        count = len(compose(words, self.area.width, style, 10**6))
        if not self.room((count + 4) * style.line_height):
            self.turn()
        baseline = self.y + style.line_height
        after = self.sheet.text(
            words, self.area.lefts[self.column], baseline, self.area.width, style
        )
        self.y = after - style.line_height + style.line_height // 3

    def body(self, text: str, style: Style) -> None:
        """Print paragraphs, turning to the next column at a split word where possible."""
        for paragraph in paragraphs(text):
            rest: list[Token] = tokens_of(paragraph)
            indent = first_indent(style)
            while rest:
                if not self.room(style.line_height):
                    self.turn()
                ends = not self.room(2 * style.line_height)
                line, rest = set_line(rest, self.area.width, style, indent=indent, want_split=ends)
                self.y, indent = self.y + style.line_height, 0
                left = self.area.lefts[self.column]
                self.sheet.print_line(line, left, self.y, self.area.width, style)
