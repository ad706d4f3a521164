"""Search inside one document: every place that answers, in the order of its pages.

For the page view, the PDF view and IIIF Content Search alike.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pages.text import Box
from search.analysis import Token
from search.results.highlight import AnalysedPage
from search.results.marks import Mark, Marker

AROUND = 60
"""Characters shown before and after a place."""


@dataclass(frozen=True, slots=True)
class Place:
    """One place of a page: a word, or the words of a phrase.

    ``start`` and ``end`` are characters of the page's text; ``boxes`` every printed part of the
    words; ``before`` and ``after`` what stands around, in one line.
    """

    start: int
    end: int
    text: str
    before: str
    after: str
    boxes: tuple[Box, ...]


@dataclass(frozen=True, slots=True)
class PagePlaces:
    """The places of one page; ``frame`` is (width, height) of its image in pixels."""

    page: str
    frame: tuple[int, int]
    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class Inside:
    """The pages of a document that answer, in order, and how many places there are in all."""

    pages: tuple[PagePlaces, ...]
    total: int


def places_inside(pages: Iterable[tuple[str, AnalysedPage]], marker: Marker) -> Inside:
    """Return the places of ``pages`` (key and words, in reading order); pages without are out."""
    found = [PagePlaces(key, page.words.size, _places(page, marker)) for key, page in pages]
    kept = tuple(one for one in found if one.places)
    return Inside(kept, sum(len(one.places) for one in kept))


def _places(page: AnalysedPage, marker: Marker) -> tuple[Place, ...]:
    return tuple(_place(page, run) for run in _runs(page.tokens, page.marks(marker), marker))


def _runs(tokens: Sequence[Token], marks: Sequence[Mark], marker: Marker) -> list[list[Mark]]:
    """Put the words of one phrase together; every other word is a place of its own."""
    places = {token.start: number for number, token in enumerate(tokens)}
    runs: list[list[Mark]] = []
    for mark in marks:
        run = runs[-1] if runs else []
        if (
            run
            and run[-1].term == mark.term
            and len(run) < marker.length(mark.term)
            and places[run[-1].start] + 1 == places[mark.start]
        ):
            run.append(mark)
        else:
            runs.append([mark])
    return runs


def _place(page: AnalysedPage, run: Sequence[Mark]) -> Place:
    words, start, end = page.words, run[0].start, run[-1].end
    parts = dict.fromkeys(box for mark in run for box in words.boxes(mark.start, mark.end))
    before, after = words.text[max(0, start - AROUND) : start], words.text[end : end + AROUND]
    if start > AROUND:
        before = before.partition(" ")[2]
    if end + AROUND < len(words.text):
        after = after.rpartition(" ")[0]
    return Place(
        start,
        end,
        *(_line(words.text[start:end]), _line(before), _line(after)),
        tuple(parts),
    )


def _line(text: str) -> str:
    return text.replace("\n", " ")
