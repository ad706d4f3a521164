"""The compact projection of a page that indexing, snippets and phrase checks read (contracts).

One JSON object: ``v``, ``alto`` (SHA-256 of the ALTO it was made from), ``size`` (width and height
of the frame in pixels), ``text``, ``languages`` (one ISO 639-2 code a line of the text), and two
base64 runs of little-endian 32-bit integers: ``tokens``, five a word (start and length in
characters of the text, line, confidence in per cent or -1, number of parts), and ``boxes``, four a
part (left, top, right, bottom). It is rebuilt from the ALTO, never edited.
"""

import base64
import json
import sys
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import accumulate, groupby
from typing import Any, NamedTuple

from olketanu.errors import InputError
from pages.logical import LogicalWord, logical_words
from pages.text import Box, PageText

VERSION = 1
_FIELDS = 5  # numbers of a token
_SIDES = 4  # numbers of a box


class Token(NamedTuple):
    """One logical word: characters ``start`` to ``end`` (exclusive) of the text.

    ``line`` counts the lines of the text from 0; ``confidence`` is the least of the parts in per
    cent, or -1; the word's boxes are ``parts`` many, from number ``first`` on.
    """

    start: int
    end: int
    line: int
    confidence: int
    first: int
    parts: int


@dataclass(frozen=True, slots=True)
class PageWords:
    """A page's words with their places.

    ``text`` has one line a printed line, each closed by a line break, and split words whole in the
    line where they begin; ``line_languages`` has one code a line. ``size`` is (width, height) of
    the frame in pixels; ``alto`` the SHA-256 of the ALTO this was made from.
    """

    alto: str
    size: tuple[int, int]
    text: str
    line_languages: tuple[str, ...]
    tokens: tuple[Token, ...]
    packed: tuple[Box, ...]

    def boxes(self, start: int, end: int) -> tuple[Box, ...]:
        """Boxes of every printed part of the words that touch characters ``start`` to ``end``."""
        first = bisect_right(self.tokens, start, key=lambda token: token.end)
        last = bisect_left(self.tokens, end, key=lambda token: token.start)
        found = self.tokens[first:last]
        return tuple(b for t in found for b in self.packed[t.first : t.first + t.parts])


def project(page: PageText, alto_sha256: str) -> bytes:
    """Return the projection of a joined page as JSON bytes; equal input gives equal bytes."""
    text: list[str] = []
    languages: list[str] = []
    tokens, boxes = array("i"), array("i")
    length = 0
    lines = groupby(logical_words(page), key=lambda word: word.places[0][1])
    for number, (_, words) in enumerate(lines):
        for count, word in enumerate(words):
            text.append(" " if count else "\n" * bool(number))
            length += len(text[-1])
            tokens.extend((length, len(word.text), number, _per_cent(word), len(word.parts)))
            boxes.extend(side for part in word.parts for side in part.box)
            text.append(word.text)
            length += len(word.text)
            languages[number:] = [word.language]
    data = {
        "v": VERSION,
        "alto": alto_sha256,
        "size": [page.frame.width, page.frame.height],
        "text": "".join(text) + "\n" * bool(text),
        "languages": languages,
        "tokens": _packed(tokens),
        "boxes": _packed(boxes),
    }
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def load(data: bytes) -> PageWords:
    """Return the page's words of a projection; InputError ``error.words-unreadable`` on others."""
    with _refusing():
        value = _parsed(data)
        boxes = tuple(Box(*sides) for sides in _groups(value["boxes"], _SIDES))
        tokens = _groups(value["tokens"], _FIELDS)
        width, height = value["size"]
        return PageWords(
            alto=str(value["alto"]),
            size=(int(width), int(height)),
            text=str(value["text"]),
            line_languages=tuple(map(str, value["languages"])),
            tokens=tuple(_tokens(tokens, len(boxes))),
            packed=boxes,
        )


def load_lines(data: bytes) -> tuple[str, tuple[str, ...]]:
    """Return text and line languages of ``load`` without the places, in a tenth of the time.

    InputError ``error.words-unreadable`` on what is no projection.
    """
    with _refusing():
        value = _parsed(data)
        return str(value["text"]), tuple(map(str, value["languages"]))


@contextmanager
def _refusing() -> Iterator[None]:
    try:
        yield
    except (KeyError, TypeError, ValueError) as error:
        raise InputError("error.words-unreadable", reason=str(error)) from error


def _parsed(data: bytes) -> dict[str, Any]:
    value: dict[str, Any] = json.loads(data)
    if value["v"] != VERSION:
        raise ValueError(f"v {value['v']}")
    return value


def _per_cent(word: LogicalWord) -> int:
    known = [part.confidence for part in word.parts if part.confidence is not None]
    return round(100 * min(known)) if known else -1


def _packed(numbers: "array[int]") -> str:
    if sys.byteorder == "big":
        numbers.byteswap()
    return base64.b64encode(numbers.tobytes()).decode("ascii")


def _groups(text: str, size: int) -> list[tuple[int, ...]]:
    """The integers of a base64 run in groups; ValueError where they do not come out even."""
    numbers = array("i")
    numbers.frombytes(base64.b64decode(text, validate=True))
    if sys.byteorder == "big":
        numbers.byteswap()
    return list(zip(*[iter(numbers)] * size, strict=True))


def _tokens(groups: list[tuple[int, ...]], boxes: int) -> Iterator[Token]:
    firsts = list(accumulate((group[4] for group in groups), initial=0))
    if firsts[-1] != boxes:
        raise ValueError(f"{firsts[-1]} parts, {boxes} boxes")
    for (start, length, line, confidence, parts), first in zip(groups, firsts, strict=False):
        yield Token(start, start + length, line, confidence, first, parts)
