"""The annotated card of an imprint page: a description that the publisher has already made.

Layout of GOST 7.4 and 7.5: heading of the author, author mark, description by ISBD areas,
annotation, class numbers. The description is found by its imprint area «. – Place : Publisher,
year. – 64 с.» and read from there backwards to the heading and forwards to the annotation.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from catalog.drafting.draft import Element
from catalog.drafting.lines import (
    PrintedLine,
    element,
    label_pattern,
    language_of,
    words_pattern,
)
from catalog.drafting.names import looks_like_name, parse_name, split_names

RULE = "card"
_DASH = r"\s*[–—−-]\s*"
_MARK = re.compile(r"^[^\W\d_]\s?\d{2,3}(?:\s+|$)|\s[^\W\d_]\s?\d{2,3}$")
_AREA = re.compile(
    rf"\.{_DASH}(?P<place>[^\d.:–—]{{2,40}}(?:\.[^\d:–—]{{0,20}})?)\s*:\s*"
    r"(?P<publisher>[^–—]{2,90}?),\s*(?P<year>(?:1[6-9]|20)\d\d)\s*\.?"
    rf"(?:{_DASH}(?P<extent>\d+\s*(?:[^\W\d_]+\.?|6\.)))?"
)
_EXTENT = re.compile(r"(\d+)\s*([^\W\d_]+|6)(\.?)")
_EDITION = re.compile(rf"\.{_DASH}(?P<edition>[^–—/]{{3,40}})$")
_MISREAD_UNIT = ("6", "б")  # «64 б.» is often read as «64 6.»
_MOST_LINES = 8
_LEAST_ANNOTATION = 40


@dataclass(frozen=True, slots=True)
class _Card:
    """Lines of the description, its text, and the imprint area in it."""

    lines: tuple[PrintedLine, ...]
    after: tuple[PrintedLine, ...]
    heading: PrintedLine | None
    text: str
    area: re.Match[str]


def card_elements(lines: Sequence[PrintedLine]) -> tuple[Element, ...]:
    """Return what the annotated card on these lines of one page says; empty where there is none."""
    card = _find(lines)
    if card is None:
        return ()
    found = [*_description(card), *_imprint(card), *_annotation(card)]
    if card.heading is not None:
        name = parse_name(_MARK.sub("", card.heading.text).strip())
        found.append(element("author", name.heading, [card.heading], RULE))
    return tuple(found)


def _find(lines: Sequence[PrintedLine]) -> _Card | None:
    """The shortest reading that ends with an imprint area; one below a heading is the surest."""
    cards = [card for start in range(len(lines)) if (card := _card_at(lines, start))]
    return max(cards, key=_sureness, default=None)


def _sureness(card: _Card) -> tuple[bool, bool, int]:
    return card.heading is not None, " / " in card.text, -len(card.lines)


def _card_at(lines: Sequence[PrintedLine], start: int) -> _Card | None:
    if not _starts(lines, start):
        return None
    for length in range(1, _MOST_LINES + 1):
        taken = lines[start : start + length]
        if len(taken) < length or (length > 1 and _ends_card(taken[-1].text)):
            return None
        text = _MARK.sub("", " ".join(line.text for line in taken), count=1).strip()
        area = _AREA.search(text)
        if area and (area["extent"] or not _goes_on(lines[start + length :])):
            heading = _heading_before(lines, start)
            return _Card(tuple(taken), tuple(lines[start + length :]), heading, text, area)
    return None


def _goes_on(following: Sequence[PrintedLine]) -> bool:
    """Whether the extent stands alone on the next line: «64 б.»."""
    return bool(following) and _EXTENT.match(following[0].text) is not None


def _starts(lines: Sequence[PrintedLine], start: int) -> bool:
    """A description begins behind a heading, an author mark or a label, or with its region."""
    text = _MARK.sub("", lines[start].text)
    if looks_like_name(text) or not text or _is_label(text):
        return False
    if start == 0 or lines[start - 1].region != lines[start].region:
        return True
    before = _MARK.sub("", lines[start - 1].text)
    return not before or looks_like_name(before) or _is_label(before)


def _heading_before(lines: Sequence[PrintedLine], start: int) -> PrintedLine | None:
    for line in reversed(lines[max(0, start - 2) : start]):
        text = _MARK.sub("", line.text).strip()
        if text:
            return line if looks_like_name(text) and "," not in text.rstrip(",") else None
    return None


def _is_label(text: str) -> bool:
    return any(label_pattern(name).match(text) for name in ("udc", "bbk", "isbn"))


def _ends_card(text: str) -> bool:
    return _is_label(text) or text.startswith("©")


def _description(card: _Card) -> list[Element]:
    body = words_pattern("material").sub("", card.text[: card.area.start()])
    found: list[Element] = []
    if edition := _EDITION.search(body):
        found.append(element("edition", edition["edition"].strip(), card.lines, RULE))
        body = body[: edition.start()]
    named, _, responsibility = body.partition(" / ")
    title, _, subtitle = re.sub(r"\s+", " ", named).partition(":")
    language = language_of(named, card.lines)
    found.append(element("title", title.strip(" ."), card.lines, RULE, language))
    if subtitle.strip():
        found.append(element("subtitle", subtitle.strip(" ."), card.lines, RULE, language))
    found += _responsibility(card, " ".join(responsibility.split()))
    return found


def _responsibility(card: _Card, text: str) -> list[Element]:
    if not text:
        return []
    found = [element("responsibility", text, card.lines, RULE)]
    first = text.split(";")[0].strip()
    if card.heading is None and all(looks_like_name(part) for part in first.split(",")):
        names = [name.heading for name in split_names(first)]
        found += [element("author", name, card.lines, RULE) for name in names]
    return found


def _imprint(card: _Card) -> list[Element]:
    found = [
        element(name, " ".join(card.area[name].split()).strip(), card.lines, RULE)
        for name in ("place", "publisher", "year")
    ]
    extent = _EXTENT.match(card.area["extent"] or "")
    if extent:
        unit = extent[2].replace(*_MISREAD_UNIT)
        if words_pattern("extent").fullmatch(unit):
            found.append(element("extent", f"{extent[1]} {unit}{extent[3]}", card.lines, RULE))
    return found


def _annotation(card: _Card) -> list[Element]:
    """The paragraph behind the description and its ISBN, up to the next label."""
    lines = list(card.after)
    while lines and (label_pattern("isbn").match(lines[0].text) or not lines[0].text.strip()):
        lines.pop(0)
    taken: list[PrintedLine] = []
    for line in lines:
        if _ends_card(line.text):
            break
        taken.append(line)
    text = " ".join(line.text for line in taken)
    if len(text) < _LEAST_ANNOTATION or len(taken) == len(lines):
        return []
    return [element("annotation", text, taken, RULE, language_of(text, taken))]
