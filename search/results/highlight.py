"""What of a page or a record answers a query: the best piece of its text, and boxes on its image.

Pages are read from their words projection (``pages.words``), as it stands in the home; boxes are
pixels of the page's frame.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from language.identify import identify
from pages.text import Box
from pages.words import PageWords
from search.analysis import Token, line_tokens, tokens
from search.results.marks import BODY, Mark, Marker
from search.schema import Entry

ELLIPSIS = "…"
WIDTH = 160
"""Characters of a snippet."""


@dataclass(frozen=True, slots=True)
class Snippet:
    """A piece of a text in one line; ``marks`` are (start, end) of the words found in it."""

    text: str
    marks: tuple[tuple[int, int], ...] = ()


NOTHING_SHOWN = Snippet("")


@dataclass(frozen=True, slots=True)
class Element:
    """An element of a record in which words were found.

    ``name`` is title, titles (further ones), names, subjects, notes or text (what else is said).
    """

    name: str
    snippet: Snippet


@dataclass(frozen=True, slots=True)
class AnalysedPage:
    """The words of a page with their keys: worth keeping for the next query."""

    words: PageWords
    tokens: tuple[Token, ...]

    def marks(self, marker: Marker) -> list[Mark]:
        """Return what ``marker`` means in the text of the page."""
        return marker.marks(self.tokens)


def analyse_page(words: PageWords) -> AnalysedPage:
    """Return the page with the keys that it has in the index."""
    return AnalysedPage(words, tuple(line_tokens(words.text, words.line_languages)))


def mark_boxes(words: PageWords, marks: Iterable[Mark]) -> tuple[tuple[Box, ...], ...]:
    """Return the boxes of every marked word, both parts of a split one; a word comes once."""
    found = (words.boxes(mark.start, mark.end) for mark in marks)
    return tuple(dict.fromkeys(boxes for boxes in found if boxes))


def elements(entry: Entry, marker: Marker) -> tuple[Element, ...]:
    """Return the elements of a record that answer, in the order of importance, with marks."""
    found = []
    for name, text, told in _described(entry):
        marks = marker.marks(told, "title" if name == "titles" else name)
        if marks:
            found.append(Element(name, snippet(text, marks)))
    return tuple(found)


def described_tokens(entry: Entry) -> tuple[Token, ...]:
    """Return the words of all elements of a record."""
    return tuple(token for _, _, told in _described(entry) for token in told)


def _described(entry: Entry) -> Iterator[tuple[str, str, tuple[Token, ...]]]:
    """Yield name, text and words of every element, as ``search.schema`` has them."""
    language = entry.languages[0] if entry.languages else "und"
    several = {"names": entry.names, "subjects": entry.subjects, "notes": entry.notes}
    told = [("title", entry.title), *(("titles", title) for title in entry.titles)]
    told += [(name, text) for name, texts in several.items() for text in texts]
    for name, text in told:
        known = language if name == "names" else identify(text, language)
        yield name, text, tuple(tokens(text, known))
    for line in entry.text.split("\n"):
        yield BODY, line, tuple(tokens(line, "und"))


def marked_title(title: str, marker: Marker) -> Snippet:
    """Return a title whole, with its words marked that answer."""
    marks = marker.marks(tuple(tokens(title, identify(title, "und"))), "title")
    return Snippet(title, tuple((mark.start, mark.end) for mark in marks))


def snippet(text: str, marks: Sequence[Mark], width: int = WIDTH) -> Snippet:
    """Return about ``width`` characters of ``text`` where most of the query stands together.

    Two pieces of half the width, where a word of the query stands only far from the others.
    ``marks`` are in order. Line ends become blanks; an ellipsis shows a cut. Without marks it is
    the beginning of the text.
    """
    whole = _bounds(text, _best_start(marks, width), width)
    far = _missing(marks, whole)
    if far:
        halves = sorted(_bounds(text, _best_start(m, width // 2), width // 2) for m in (marks, far))
        if halves[0][1] < halves[1][0]:
            return _joined(text, marks, halves)
    return _joined(text, marks, [whole])


def _missing(marks: Sequence[Mark], bounds: tuple[int, int]) -> list[Mark]:
    """Return the marks of words that stand nowhere within ``bounds``; other names may be away."""
    begin, end = bounds
    there = {mark.term for mark in marks if begin <= mark.start and mark.end <= end}
    return [mark for mark in marks if mark.term not in there and mark.weight >= 1]


def _joined(text: str, marks: Sequence[Mark], pieces: Sequence[tuple[int, int]]) -> Snippet:
    shown, kept = "", []
    for begin, end in pieces:
        if shown:
            shown = f"{shown.removesuffix(ELLIPSIS)} {ELLIPSIS} "
        elif begin:
            shown = ELLIPSIS
        shift = begin - len(shown)
        kept += [
            (mark.start - shift, mark.end - shift)
            for mark in marks
            if begin <= mark.start and mark.end <= end
        ]
        shown += text[begin:end].replace("\n", " ") + ELLIPSIS * (end < len(text))
    return Snippet(shown, tuple(kept))


def _best_start(marks: Sequence[Mark], width: int) -> int:
    """Return where to begin so that the heaviest terms, then most words, fall into ``width``."""
    best, best_start = (0.0, 0), 0
    first = 0
    for last, mark in enumerate(marks):
        while mark.end - marks[first].start > width and first < last:
            first += 1
        window = marks[first : last + 1]
        rank = (sum({one.term: one.weight for one in window}.values()), len(window))
        if rank > best:
            best = rank
            slack = max(0, width - (mark.end - marks[first].start))
            best_start = max(0, marks[first].start - slack // 2)
    return best_start


def _bounds(text: str, start: int, width: int) -> tuple[int, int]:
    """Return a piece of about ``width`` from ``start`` on that begins and ends between words."""
    begin = max(0, min(start, len(text) - width))
    if begin:
        blank = _blank_after(text, begin, begin + width // 4)
        begin = blank + 1 if blank >= 0 else begin
    end = min(len(text), begin + width)
    if end < len(text):
        blank = max(text.rfind(" ", begin, end + 1), text.rfind("\n", begin, end + 1))
        end = blank if blank > begin + width // 2 else end
    return begin, end


def _blank_after(text: str, begin: int, end: int) -> int:
    places = [place for sign in " \n" if (place := text.find(sign, begin - 1, end)) >= 0]
    return min(places, default=-1)
