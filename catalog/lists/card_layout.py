"""A card laid out line by line: what fits on it, and what runs on to a second one.

Left stands the shelf mark, at the first vertical line the heading and what continues, at the second
(``indent``) the beginning of a paragraph, at the foot the tracing.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from catalog.isbd.block import Run
from catalog.lists.cards import Card
from catalog.lists.headings import Words

Measure = Callable[[str, str], float]
"""Width of a text in a style (``isbd.block.RUN_STYLES``), in the unit of the form."""

_BREAKS = " \t\r\n"  # blanks at which a line may end; those of other kinds belong to a word
_WORD = re.compile(rf"[^{_BREAKS}]+|[{_BREAKS}]+")
_FEWEST = 5  # lines of a card: number, heading, one of text, the reference to the next


@dataclass(frozen=True, slots=True)
class Form:
    """Room on a card, in any one unit: ``width`` of the text, ``mark_width`` of the shelf mark.

    ``lines`` is the number of lines; at least 5. No sign may be wider than ``width - indent`` or
    ``mark_width``.
    """

    width: float
    lines: int
    indent: float
    mark_width: float

    def __post_init__(self) -> None:
        if self.lines < _FEWEST:
            raise ValueError(f"{self.lines} lines are no card")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text: ``left`` is its distance from the first vertical line."""

    runs: tuple[Run, ...]
    left: float = 0.0
    to_right: bool = False

    @property
    def text(self) -> str:
        """The text of all runs."""
        return "".join(run.text for run in self.runs)


@dataclass(frozen=True, slots=True)
class Face:
    """One card: ``marks`` are the lines of the shelf mark, ``lines`` as many as the form has."""

    marks: tuple[str, ...]
    lines: tuple[Line, ...]
    record: str = ""


_BLANK = Line(())
_GAP = 2  # signs between the shelf mark and the text
_MARK_PIECE = re.compile(r"[(:\"/+]?[^(:\"/+]+|.", re.DOTALL)


def lay_out(card: Card, form: Form, measure: Measure) -> tuple[Face, ...]:
    """Return the card and, where the description is long, those on which it runs on.

    Every card bears the shelf mark; one that is continued says so in its last line, the next bears
    its number and the first line of the heading. Tracing stands at the foot of the last card.
    """
    words = Words(card.language)
    heading = _wrapped((Run(card.heading, "strong"),), form, measure) if card.heading else []
    body = heading + _wrapped(card.body, form, measure, form.indent)
    tracing = [line for text in card.tracing for line in _wrapped((Run(text),), form, measure)]
    marks = tuple(_marks(card, form, measure))
    faces: list[Face] = []
    while True:
        head = _head(len(faces), heading[:1], words)
        room = form.lines - len(head)
        if len(body) + len(tracing) <= room:
            gap = room - len(body) - len(tracing)
            lines = (*head, *body, *[_BLANK] * gap, *tracing)
            return (*faces, Face(marks, lines, card.record))
        taken, body, tracing = _cut(body, tracing, room - 1)
        gap = room - 1 - len(taken)
        onward = Line((Run(words("next_card"), "emphasis"),), to_right=True)
        faces.append(Face(marks, (*head, *taken, *[_BLANK] * gap, onward), card.record))


def face_text(face: Face, form: Form) -> str:
    """Return the card as lines of text; the form counts signs."""
    left, width = int(form.mark_width) + _GAP, int(form.width)
    rows = []
    for number, line in enumerate(face.lines):
        mark = face.marks[number] if number < len(face.marks) else ""
        text = line.text.rjust(width) if line.to_right else " " * int(line.left) + line.text
        rows.append(f"{mark:<{left}}{text}".rstrip())
    return "\n".join(rows)


def _head(number: int, heading: list[Line], words: Words) -> list[Line]:
    if not number:
        return []
    return [Line((Run(words("card").format(n=number + 1)),), to_right=True), *heading]


def _cut(
    body: list[Line], tracing: list[Line], room: int
) -> tuple[list[Line], list[Line], list[Line]]:
    """What stands on this card, and what is left of description and tracing."""
    if body:
        return body[:room], body[room:], tracing
    return tracing[:room], [], tracing[room:]


def _marks(card: Card, form: Form, measure: Measure) -> Iterator[str]:
    """The class mark above the author mark; a long one is broken before a sign, else anywhere."""
    for mark in (card.shelf.class_mark, card.shelf.author_mark):
        line = ""
        for piece in _MARK_PIECE.findall(mark):
            if measure(line + piece, "plain") <= form.mark_width:
                line += piece
                continue
            *whole, rest = _pieces(piece, "plain", form.mark_width, measure)
            yield from filter(None, (line, *whole))
            line = rest
        if line:
            yield line


def _wrapped(
    runs: tuple[Run, ...], form: Form, measure: Measure, indent: float = 0.0
) -> list[Line]:
    """The runs as lines; the first is indented. No sign is lost but blanks at the ends of lines."""
    lines: list[Line] = []
    current: list[Run] = []
    used, left = 0.0, indent
    for word in _words(runs, form.width - indent, measure):
        width = sum(measure(run.text, run.style) for run in word)
        gap = measure(" ", "plain") if current else 0.0
        if current and left + used + gap + width > form.width:
            lines.append(Line(_merged(current), left))
            current, used, gap, left = [], 0.0, 0.0, 0.0
        current += [Run(" "), *word] if current else word
        used += gap + width
    return [*lines, Line(_merged(current), left)] if current else lines


def _words(runs: tuple[Run, ...], width: float, measure: Measure) -> Iterator[list[Run]]:
    """Words, each of runs in several styles; one that is wider than ``width`` is broken."""
    word: list[Run] = []
    for run in runs:
        for piece in _WORD.findall(run.text):
            if piece[0] not in _BREAKS:
                word.append(Run(piece, run.style, run.element))
            elif word:
                yield from _broken(word, width, measure)
                word = []
    if word:
        yield from _broken(word, width, measure)


def _broken(word: list[Run], width: float, measure: Measure) -> Iterator[list[Run]]:
    if sum(measure(run.text, run.style) for run in word) <= width:
        yield word
        return
    for run in word:
        for piece in _pieces(run.text, run.style, width, measure):
            yield [Run(piece, run.style, run.element)]


def _pieces(text: str, style: str, width: float, measure: Measure) -> Iterator[str]:
    """The text in pieces that are no wider than ``width``."""
    piece = ""
    for sign in text:
        if piece and measure(piece + sign, style) > width:
            yield piece
            piece = ""
        piece += sign
    if piece:
        yield piece


def _merged(runs: list[Run]) -> tuple[Run, ...]:
    """Neighbours in one style as one run."""
    made: list[Run] = []
    for run in runs:
        if made and (made[-1].style, made[-1].element) == (run.style, run.element):
            made[-1] = Run(made[-1].text + run.text, run.style, run.element)
        else:
            made.append(run)
    return tuple(made)
