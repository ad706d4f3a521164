"""The title page of a book: title by the size of its letters, author above, place and year below.

The weakest source: used only where the imprint page says nothing. Only one page, the first with few
lines and one clearly largest line, is taken for a title page.
"""

import re
import statistics
from collections.abc import Sequence
from itertools import takewhile

from catalog.drafting.draft import Element
from catalog.drafting.lines import PrintedLine, element, language_of, sentence_case
from catalog.drafting.names import looks_like_name, parse_name

RULE = "title-page"
_MOST_LINES = 25
_LARGER = 1.3
_SAME_SIZE = 0.85
_YEAR = re.compile(
    r"(?:(?P<place>[^\W\d_][^\d,:–—]{2,30}?)\s*[,–—-]?\s+)?(?P<year>1[6-9]\d\d|20\d\d)\.?"
)


def title_page_elements(pages: Sequence[Sequence[PrintedLine]]) -> list[Element]:
    """Return title, author, place and year of the title page among ``pages`` (lines of each).

    Empty where no page looks like a title page.
    """
    for lines in pages:
        if 2 <= len(lines) <= _MOST_LINES:
            title = _title_lines(lines)
            if title:
                return [*_title(title), *_author(lines, title), *_place_and_year(lines)]
    return []


def _title_lines(lines: Sequence[PrintedLine]) -> list[PrintedLine]:
    """The largest lines that stand together, when they are clearly larger than the usual one."""
    heights = [line.letter_height for line in lines]
    largest = max(heights)
    if largest < _LARGER * statistics.median(heights):
        return []
    start = heights.index(largest)
    return list(takewhile(lambda x: x.letter_height >= _SAME_SIZE * largest, lines[start:]))


def _title(lines: Sequence[PrintedLine]) -> list[Element]:
    text = sentence_case(" ".join(line.text for line in lines)).strip(" .")
    if not any(sign.isalpha() for sign in text):
        return []
    return [element("title", text, lines, RULE, language_of(text, lines))]


def _author(lines: Sequence[PrintedLine], title: Sequence[PrintedLine]) -> list[Element]:
    above = lines[: list(lines).index(title[0])]
    named = [line for line in above if looks_like_name(line.text)]
    return [element("author", parse_name(line.text).heading, [line], RULE) for line in named]


def _place_and_year(lines: Sequence[PrintedLine]) -> list[Element]:
    """A year alone, or place and year, on one of the last lines; the place may stand above it."""
    for index in range(len(lines) - 1, max(-1, len(lines) - 4), -1):
        match = _YEAR.fullmatch(lines[index].text.strip())
        if match is None:
            continue
        found = [element("year", match["year"], [lines[index]], RULE)]
        if match["place"]:
            found.append(element("place", match["place"].strip(), [lines[index]], RULE))
        return found
    return []
