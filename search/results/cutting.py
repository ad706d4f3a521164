"""Which piece of a page's image shows best why the page answers: the line of most hits."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence

from pages.text import Box, around
from pages.words import PageWords, Token
from search.results.marks import Mark

_LONGEST = 22  # heights of the line: what stays legible on a phone
_MARGIN = 0.4  # heights of the line left free about it


def hit_line(words: PageWords, marks: Iterable[Mark]) -> Box | None:
    """Return the box of the line that answers most of a query, a piece of it where it is long.

    In pixels of the frame, within it; None where no mark stands on a word.
    """
    by_line: dict[int, list[tuple[Mark, Token]]] = defaultdict(list)
    for mark in marks:
        place = bisect_right(words.tokens, mark.start, key=lambda token: token.end)
        if place < len(words.tokens) and words.tokens[place].start < mark.end:
            token = words.tokens[place]
            by_line[token.line].append((mark, token))
    if not by_line:
        return None
    best = min(by_line, key=lambda line: (-_worth(by_line[line]), line))
    hits = around(words.packed[token.first] for _, token in by_line[best])
    return _piece(hits, _line(words, best), words.size)


def _worth(found: Sequence[tuple[Mark, Token]]) -> float:
    """What of the query a line answers, and then how often."""
    return sum({mark.term: mark.weight for mark, _ in found}.values()) + 0.01 * len(found)


def _line(words: PageWords, line: int) -> Box:
    """The box of a printed line; of split words the part that stands on it."""
    return around(words.packed[token.first] for token in words.tokens if token.line == line)


def _piece(hits: Box, line: Box, frame: tuple[int, int]) -> Box:
    """The hits with what stands about them on their line, and a margin."""
    height = max(1, line.height)
    width = max(hits.width, _LONGEST * height)
    last = max(line.left, line.right - width)
    left = min(max(line.left, (hits.left + hits.right - width) // 2), last)
    right = min(line.right, left + width)
    margin = round(_MARGIN * height)
    return Box(
        max(0, left - margin),
        max(0, line.top - margin),
        min(frame[0], right + margin),
        min(frame[1], line.bottom + margin),
    )
