"""What a cutting or an article page says of the article: headline, by-line, «to be continued»."""

import re
import statistics
from collections.abc import Sequence

from catalog.drafting.draft import Element
from catalog.drafting.lines import (
    PrintedLine,
    element,
    language_of,
    printed_lines,
    sentence_case,
    words_pattern,
)
from catalog.drafting.names import looks_like_name, parse_name
from pages.text import PageText

_LARGER = 1.35
_SAME_SIZE = 0.85
_TOP_SHARE = 0.4
_FIRST_WORDS = 6
_READ_KINDS = ("text", "headline")
_BYLINE_LENGTH = 40
_NEAR = 3


def article_elements(pages: Sequence[tuple[str, PageText]]) -> tuple[Element, ...]:
    """Return title, author and note of the article on these pages, each with its place.

    Without a headline the first words stand for a title, in square brackets (GOST 7.1: taken from
    outside the prescribed source) and under the rule ``first-words``: a person should look at it.
    """
    lines = [line for line in printed_lines(pages) if line.kind in _READ_KINDS]
    if not lines:
        return ()
    headline = _headline(lines, pages[0][1].frame.height)
    title = _title(headline) if headline else _first_words(lines)
    return (*title, *_byline(lines, headline), *_note(lines))


def _headline(lines: Sequence[PrintedLine], height: int) -> list[PrintedLine]:
    marked = [line for line in lines if line.kind == "headline" and _is_text(line)]
    if marked:
        largest = max(marked, key=lambda line: line.letter_height)
        return [x for x in marked if x.region == largest.region and x.page == largest.page]
    usual = statistics.median(line.letter_height for line in lines)
    first = lines[0].page
    top = [x for x in lines if x.page == first and x.box.top <= _TOP_SHARE * height and _is_text(x)]
    large = [line for line in top if line.letter_height >= _LARGER * usual]
    if not large or len(large) == len(lines):
        return []
    size = max(line.letter_height for line in large)
    return [line for line in large if line.letter_height >= _SAME_SIZE * size]


def _is_text(line: PrintedLine) -> bool:
    return sum(map(str.isalpha, line.text)) >= _NEAR and not _is_byline(line)


def _title(headline: Sequence[PrintedLine]) -> list[Element]:
    text = sentence_case(" ".join(line.text for line in headline)).rstrip(" .")
    return [element("title", text, headline, "headline", language_of(text, headline))]


def _first_words(lines: Sequence[PrintedLine]) -> list[Element]:
    body = [x for x in lines if not _is_byline(x) and not _is_note(x)]
    words: list[str] = []
    taken: list[PrintedLine] = []
    for line in body:
        if len(words) >= _FIRST_WORDS:
            break
        words += line.text.split()
        taken.append(line)
    if not words:
        return []
    start = " ".join(words[:_FIRST_WORDS]).rstrip(" .,;:–—-")
    more = len(words) > _FIRST_WORDS or len(taken) < len(body)
    text = f"[{start} …]" if more else f"[{start}]"
    return [element("title", text, taken, "first-words", language_of(start, taken))]


def _byline(lines: Sequence[PrintedLine], headline: Sequence[PrintedLine]) -> list[Element]:
    """The one line that is a name; of several only one right beside the headline."""
    named = [index for index, line in enumerate(lines) if _is_byline(line)]
    if len(named) > 1 and headline:
        start, end = lines.index(headline[0]), lines.index(headline[-1])
        named = [i for i in named if start - _NEAR <= i <= end + _NEAR]
    if len(named) != 1:
        return []
    line = lines[named[0]]
    name = parse_name(line.text.strip().rstrip(",;"))
    return [element("author", name.heading, [line], "by-line")]


def _is_byline(line: PrintedLine) -> bool:
    return len(line.text) <= _BYLINE_LENGTH and looks_like_name(line.text)


def _is_note(line: PrintedLine) -> bool:
    inner = re.fullmatch(r"\((.{5,80}?)\.?\)", line.text.strip())
    return bool(inner and words_pattern("continued").match(inner[1]))


def _note(lines: Sequence[PrintedLine]) -> list[Element]:
    found = [line for line in lines if _is_note(line)]
    return [element("note", line.text.strip("() "), [line], "continued") for line in found[:1]]
