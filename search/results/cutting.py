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


def _line(words: PageWords, line: int) -> list[Box]:
    """The words of a printed line, from left to right; of split ones the part that stands on it."""
    return sorted(words.packed[token.first] for token in words.tokens if token.line == line)


def _piece(hits: Box, line: Sequence[Box], frame: tuple[int, int]) -> Box:
    """The hits with as many whole words about them as are legible together, and a margin."""
    whole = around(line)
    room = _LONGEST * max(1, whole.height)
    first = next(n for n, word in enumerate(line) if word.right > hits.left)
    last = max(n for n, word in enumerate(line) if word.left < hits.right)
    while True:
        wider = [
            (begin, end)
            for begin, end in ((first, last + 1), (first - 1, last))
            if begin >= 0 and end < len(line) and line[end].right - line[begin].left <= room
        ]
        if not wider:
            break
        first, last = max(wider, key=lambda ends: _balance(hits, line[ends[0]], line[ends[1]]))
    margin = round(_MARGIN * whole.height)
    return Box(
        max(0, min(hits.left, line[first].left) - margin),
        max(0, whole.top - margin),
        min(frame[0], max(hits.right, line[last].right) + margin),
        min(frame[1], whole.bottom + margin),
    )


def _balance(hits: Box, begin: Box, end: Box) -> int:
    """The more, the nearer the hits stand to the middle."""
    return -abs((hits.left - begin.left) - (end.right - hits.right))
