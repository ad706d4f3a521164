"""The piece of a text that answers a query, with the words that matched.

The index keeps no text: analysis runs again over the page's text, as it stands in the home.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from search.analysis import Token, line_tokens
from search.engine.wanted import Either, Every, Keys, Row, Wanted
from search.query.parse import parse
from search.query.plan import Planner

ELLIPSIS = "…"


@dataclass(frozen=True, slots=True)
class Snippet:
    """A piece of one line of text; ``marks`` are (start, end) of the words found in it."""

    text: str
    marks: tuple[tuple[int, int], ...]


def snippet(
    text: str,
    query: str,
    language: str | None = None,
    *,
    line_languages: Sequence[str] = (),
    width: int = 160,
) -> Snippet:
    """Return about ``width`` characters of ``text`` where most words of ``query`` stand together.

    ``language`` is that of the query where it is known; ``line_languages`` those of the lines of
    ``text``, as they were indexed. Line ends become blanks; an ellipsis shows a cut. Without a
    match it is the beginning of the text, without marks.
    """
    page = list(line_tokens(text, line_languages))
    wanted = _wanted(query, language, page)
    found = [(token, mark) for token in page if (mark := wanted.match(token)) is not None]
    start = _best_start(found, width)
    begin, end = _bounds(text, start, width)
    before, after = ELLIPSIS if begin else "", ELLIPSIS if end < len(text) else ""
    shift = begin - len(before)
    marks = tuple(
        (token.start - shift, token.end - shift)
        for token, _ in found
        if begin <= token.start and token.end <= end
    )
    return Snippet(before + text[begin:end].replace("\n", " ") + after, marks)


class _PageWords:
    """The words of one page as a vocabulary: a prefix stands for those of them that begin so."""

    def __init__(self, tokens: Iterable[Token]) -> None:
        self._counts = Counter(token.exact for token in tokens)

    def words(self, field: str, prefix: str = "") -> list[tuple[str, int]]:
        """Return the forms that begin with ``prefix``; the page has the field ``exact`` alone."""
        if field != "exact":
            return []
        return sorted(one for one in self._counts.items() if one[0].startswith(prefix))


class _Marks:
    """The words of a query, numbered: by key and by form as written."""

    def __init__(self) -> None:
        self._by_field: dict[str, dict[str, int]] = {"text": {}, "exact": {}}
        self._words = 0

    def add(self, field: str, keys: tuple[str, ...]) -> None:
        """Add a word by the keys it may have."""
        for key in keys:
            self._by_field[field].setdefault(key, self._words)
        self._words += 1

    def match(self, token: Token) -> int | None:
        """Return the number of the query's word that ``token`` answers, or None."""
        number = self._by_field["text"].get(token.key)
        return self._by_field["exact"].get(token.exact) if number is None else number


def _wanted(query: str, language: str | None, page: Sequence[Token]) -> _Marks:
    marks = _Marks()
    tree = parse(query).tree
    if tree is not None:
        _collect(Planner(_PageWords(page), language).plan(tree), marks)
    return marks


def _collect(node: Wanted, marks: _Marks) -> None:
    match node:
        case Keys("text" | "exact" as field, keys):
            marks.add(field, keys)
        case Row("text", words):
            for keys in words:
                marks.add("text", keys)
        case Every(plans) | Either(plans):
            for one in plans:
                _collect(one, marks)
        case Keys() | Row():
            pass  # what a field of the record answers is not in the text


def _best_start(found: list[tuple[Token, int]], width: int) -> int:
    """Return where to begin so that most different words, then most words, fall into ``width``."""
    best, best_start = (0, 0), 0
    first = 0
    for last in range(len(found)):
        while found[last][0].end - found[first][0].start > width and first < last:
            first += 1
        window = found[first : last + 1]
        rank = (len({mark for _, mark in window}), len(window))
        if rank > best:
            best = rank
            slack = max(0, width - (found[last][0].end - found[first][0].start))
            best_start = max(0, found[first][0].start - slack // 2)
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
