"""A description grows element by element; punctuation is made here and never doubled.

GOST 7.1-2003 §5.1.2–5.1.4: prescribed marks stand between elements; a full stop or an ellipsis at
the end of an element takes the place of the full stop of the next mark, other signs (?, !) stay.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from catalog.isbd.block import Run

_OPEN_END = "–"
_ELLIPSIS = "…"
_STOPS = (".", _ELLIPSIS)
_CLOSED = (*_STOPS, "?", "!")
_INVISIBLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]")
_DOTS = re.compile(r"\.{3,}")
_TWO_DOTS = re.compile(r"\.(?:\s*\.)+")
_DOUBLED = re.compile(r"\s([:;=/])(?:\s+[:;=/])+(?=\s)")
_BEGINNING = re.compile(r"^(?:[\s,:;=/+]|\.(?=\s|$))+")
_END = " ,:;=/"
_OPEN_YEAR = re.compile(r"(?<!\d)(\d{4})\s*[-–—]$")
_OPENING, _CLOSING = "[", "]"


@dataclass(frozen=True, slots=True)
class Part:
    """An element and the mark before it; without text it is not printed."""

    mark: str
    text: str
    element: str = ""
    style: str = "plain"


def tidy(text: str) -> str:
    """Return the text of one element without ISBD marks at its ends.

    Runs of blanks and full stops become one, three stops an ellipsis, brackets within brackets
    those outside, «1998-» an open date.
    """
    one_line = " ".join(_INVISIBLE.sub(" ", text).split())
    stops = _TWO_DOTS.sub(".", _DOTS.sub("…", one_line))
    plain = _BEGINNING.sub("", _DOUBLED.sub(r" \1", stops)).rstrip(_END)
    return _OPEN_YEAR.sub(r"\1–", _flat(plain))


def compose(parts: Iterable[Part]) -> tuple[Run, ...]:
    """Return the runs of the parts with the marks between them; the first mark is left out."""
    runs: list[Run] = []
    tail = ""
    for part in parts:
        text = _address(part.text) if part.style == "link" else tidy(part.text)
        if not text:
            continue
        mark = _joined(tail, part.mark) if tail else ""
        if tail.endswith(_ELLIPSIS):
            text = text.lstrip(f"{_ELLIPSIS} ") or text
        if mark:
            runs.append(Run(mark))
        runs.append(Run(text, part.style, part.element))
        tail = text
    return tuple(runs)


def closed(runs: tuple[Run, ...]) -> tuple[Run, ...]:
    """Return the runs with a full stop at the end, where the last sign is none."""
    if not runs or runs[-1].text.endswith(_CLOSED):
        return runs
    return (*runs, Run(" ." if runs[-1].text.endswith(_OPEN_END) else "."))


def plain_text(parts: Iterable[Part]) -> str:
    """Return the parts with their marks as text."""
    return "".join(run.text for run in compose(parts))


def bracketed(parts: list[Part]) -> list[Part]:
    """Return the parts of one area with one pair of brackets for neighbours that all stand in them.

    «[Б. м.] : [б. и.], [1985]» is printed «[Б. м. : б. и., 1985]» (GOST 7.1-2003 §4.7).
    """
    texts = [tidy(part.text) for part in parts]
    whole = [text[:1] == _OPENING and text.find(_CLOSING) == len(text) - 1 for text in texts]
    made = []
    for at, part in enumerate(parts):
        text = texts[at]
        if whole[at] and at and whole[at - 1]:
            text = text[1:]
        if whole[at] and at + 1 < len(parts) and whole[at + 1]:
            text = text[:-1]
        made.append(Part(part.mark, text, part.element, part.style))
    return made


def _address(text: str) -> str:
    """An address on one line; a blank inside it is written as RFC 3986 wants."""
    return "%20".join(_INVISIBLE.sub("", text.strip()).split())


def _joined(tail: str, mark: str) -> str:
    if mark.startswith(".") and tail.endswith(_STOPS):
        return mark[1:]
    return f" {mark}" if tail.endswith(_OPEN_END) and not mark.startswith(" ") else mark


def _flat(text: str) -> str:
    """The text without square brackets inside square brackets; one without its twin stays."""
    if text.count(_OPENING) < 2:
        return text
    kept, depth = [], 0
    for sign in text:
        if sign == _OPENING:
            depth += 1
        outer = depth <= 1
        if sign == _CLOSING and depth:
            depth -= 1
        if sign not in "[]" or outer:
            kept.append(sign)
    return "".join(kept)
