"""Words as the reader means them: parts split at line, column and page ends are joined.

The printed words stay as they are; :class:`pages.text.Hyphen` on each part carries the joined word
(ALTO SUBS_TYPE, SUBS_CONTENT). A hyphen that belongs to the word stays in it (кто-нибудь): the same
pages decide by what they print elsewhere, then ``corpora/lexicon/hyphen.txt``.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from fnmatch import translate
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from olketanu import APP_ROOT
from pages.alto import HYPHENS
from pages.text import Hyphen, Line, PageText, Word

_RULES = APP_ROOT / "corpora" / "lexicon" / "hyphen.txt"
# Only running text goes on where a column or page ends.
_FLOWING = "text"
_TWICE = 4  # letters of a doubled word (чуть-чуть); shorter syllables double within words (мама)


@dataclass(frozen=True, slots=True)
class LogicalWord:
    """One word as meant.

    ``parts`` are its printed pieces: one, or more when it was split; ``places`` is (region, line)
    of each part, both counted from 0 over the page; ``language`` is that of the first part's line.
    """

    text: str
    parts: tuple[Word, ...]
    language: str
    places: tuple[tuple[int, int], ...]


class Rule(NamedTuple):
    """Left and right parts between which a hyphen belongs to the word."""

    left: re.Pattern[str]
    right: re.Pattern[str]


class Vocabulary:
    """Forms printed inside lines, with or without hyphen; grows page by page."""

    __slots__ = ("_forms",)

    def __init__(self, pages: Iterable[PageText] = ()) -> None:
        self._forms: set[str] = set()
        for page in pages:
            self.add(page)

    def add(self, page: PageText) -> None:
        """Take in every word that does not end in a hyphen."""
        for line in page.lines():
            self._forms.update(_core(w.text) for w in line.words if w.text[-1] not in HYPHENS)

    def __contains__(self, form: str) -> bool:
        return form in self._forms


class _Spot(NamedTuple):
    """Where a word stands on its page."""

    region: int
    line: int
    word: int


@cache
def load_rules(path: Path = _RULES) -> tuple[Rule, ...]:
    """Return the rules of true hyphens; ValueError on a line without `` : ``."""
    rules = []
    for line in path.read_text(encoding="utf-8").splitlines():
        text = line.partition("#")[0].strip()
        if not text:
            continue
        left, colon, right = text.partition(" : ")
        if not colon:
            raise ValueError(f"{path.name}: {line}")
        rules.append(Rule(_any_of(left), _any_of(right)))
    return tuple(rules)


def join_page(page: PageText, vocabulary: Vocabulary | None = None) -> PageText:
    """Return the page with words split at line and column ends joined; older marks are redone.

    ``vocabulary`` decides between hyphen and none; by default it is that of the page itself.
    """
    return _join(page, None, None, Vocabulary([page]) if vocabulary is None else vocabulary)[0]


def join_pages(pages: Iterable[PageText]) -> tuple[PageText, ...]:
    """Return the pages, given in reading order, with page ends joined too."""
    known = tuple(pages)
    return tuple(page for page in join_stream(known, Vocabulary(known)) if page is not None)


def join_stream(
    pages: Iterable[PageText | None], vocabulary: Vocabulary
) -> Iterator[PageText | None]:
    """Yield the pages joined, holding two at a time; None (a page without text) stays None.

    Nothing is joined over a None.
    """
    carried: Hyphen | None = None
    waiting: PageText | None = None
    begun = False
    for page in pages:
        if waiting is not None:
            joined, carried = _join(waiting, page, carried, vocabulary)
            yield joined
        elif begun:
            carried = None
            yield None
        waiting, begun = page, True
    if begun:
        yield None if waiting is None else _join(waiting, None, carried, vocabulary)[0]


def logical_words(page: PageText) -> list[LogicalWord]:
    """Return the words of a joined page in reading order, a split one once, at its first part.

    Parts that continue a word of the page before belong to that page and are left out.
    """
    words: list[LogicalWord] = []
    begun: dict[str, int] = {}
    lines = [(r, line) for r, region in enumerate(page.regions) for line in region.lines]
    for number, (region, line) in enumerate(lines):
        for word in line.words:
            place = (region, number)
            if word.hyphen is None:
                words.append(LogicalWord(word.text, (word,), line.language, (place,)))
            elif word.hyphen.part == 1:
                begun[word.hyphen.content] = len(words)
                content = word.hyphen.content
                words.append(LogicalWord(content, (word,), line.language, (place,)))
            elif word.hyphen.content in begun:
                at = begun[word.hyphen.content]
                first = words[at]
                words[at] = replace(
                    first, parts=(*first.parts, word), places=(*first.places, place)
                )
    return words


def separators(words: list[LogicalWord]) -> list[str]:
    """Return what stands after each word in running text: a blank, a line break at a region's end.

    A word that runs over two regions ties them together with a blank; nothing after the last word.
    """
    ends = [
        " " if before.places[-1][0] == after.places[0][0] else "\n"
        for before, after in pairwise(words)
    ]
    return [*ends, ""] if words else []


def logical_text(page: PageText) -> str:
    """Return the running text of a joined page: split words whole, line ends as blanks."""
    words = logical_words(page)
    return "".join(w.text + end for w, end in zip(words, separators(words), strict=True))


def _any_of(patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(translate(pattern) for pattern in patterns.split()))


def _core(text: str) -> str:
    """A word without the punctuation around it, in the spelling of vocabulary and rules."""
    return re.sub(r"^\W+|\W+$", "", text.casefold().replace("ё", "е"))


def _join(
    page: PageText,
    following: PageText | None,
    carried: Hyphen | None,
    vocabulary: Vocabulary,
) -> tuple[PageText, Hyphen | None]:
    """The page joined, and the mark for the first running word of ``following``."""
    marks = _marks_within(page, vocabulary)
    flow = _flow(page)
    if carried is not None and flow:
        marks.setdefault(_first(flow), carried)
    carry = None
    after = _flow(following) if following is not None else []
    if flow and after and following is not None:
        left, right = _last(page, flow), _first(after)
        content = _content(_word(page, left).text, _word(following, right).text, vocabulary)
        if content is not None and left not in marks:
            marks[left] = Hyphen(1, content)
            carry = Hyphen(2, content)
    return _marked(page, marks), carry


def _marks_within(page: PageText, vocabulary: Vocabulary) -> dict[_Spot, Hyphen]:
    """Marks of the words that are split at line and column ends of one page."""
    marks: dict[_Spot, Hyphen] = {}
    chains: dict[_Spot, tuple[list[_Spot], str]] = {}
    for left, right in _seams(page):
        # A part in the middle of a narrow column both ends one seam and begins the next.
        spots, text = chains.get(left, ([left], _word(page, left).text))
        content = _content(text, _word(page, right).text, vocabulary)
        if content is not None:
            spots = [*spots, right]
            chains[right] = (spots, content)
            marks |= {s: Hyphen(1 if s == spots[0] else 2, content) for s in spots}
    return marks


def _seams(page: PageText) -> list[tuple[_Spot, _Spot]]:
    """Last word of a line and first word of the line that reads on, over the whole page."""
    places = [
        (r, n)
        for r, region in enumerate(page.regions)
        for n, line in enumerate(region.lines)
        if line.words
    ]
    inside = [(a, b) for a, b in pairwise(places) if a[0] == b[0]]
    columns = [(a[1], b[0]) for a, b in pairwise(_flow(page))]
    seams = [(_end_of(page, *a), _Spot(*b, 0)) for a, b in [*inside, *columns]]
    return sorted(seams)


def _flow(page: PageText) -> list[tuple[tuple[int, int], tuple[int, int]]]:
    """(First line, last line) of every region of running text; a lone page number is none."""
    flow = []
    for r, region in enumerate(page.regions):
        lines = [n for n, line in enumerate(region.lines) if line.words]
        letters = any(c.isalpha() for line in region.lines for w in line.words for c in w.text)
        if region.kind == _FLOWING and letters:
            flow.append(((r, lines[0]), (r, lines[-1])))
    return flow


def _first(flow: list[tuple[tuple[int, int], tuple[int, int]]]) -> _Spot:
    return _Spot(*flow[0][0], 0)


def _last(page: PageText, flow: list[tuple[tuple[int, int], tuple[int, int]]]) -> _Spot:
    return _end_of(page, *flow[-1][1])


def _end_of(page: PageText, region: int, line: int) -> _Spot:
    return _Spot(region, line, len(page.regions[region].lines[line].words) - 1)


def _word(page: PageText, spot: _Spot) -> Word:
    return page.regions[spot.region].lines[spot.line].words[spot.word]


def _content(left: str, right: str, vocabulary: Vocabulary) -> str | None:
    """The one word that two parts make, or None where they are two words."""
    stem = left[:-1]
    if left[-1] not in HYPHENS or not stem or not stem[-1].isalnum():
        return None
    case = _case(stem, right)
    if case is None:
        return None
    tied = case == "tied" or _is_tied(stem, right, vocabulary)
    if case == "name" and not tied:
        return None
    return f"{stem}-{right}" if tied else stem + right


def _case(stem: str, right: str) -> str | None:
    """How two parts may meet, by their letters: "tied", "split", "name", or None for never."""
    numbers = stem[-1].isdigit() and (right[0].isdigit() or right[0].islower())
    # A suffix after an abbreviation or a number keeps its hyphen (США-да, 40-летие).
    short = len(_core(stem)) > 1 and _core(stem).upper() == _bare(stem)
    if numbers or (stem[-1].isalpha() and short and right[0].islower()):
        return "tied"
    if not stem[-1].isalpha() or not right[0].isalpha():
        return None
    if right[0].islower() or (short and _core(right).upper() == _bare(right)):
        return "split"
    return "name" if _bare(stem)[:1].isupper() else None


def _bare(text: str) -> str:
    """A word without the punctuation around it, letters as they are but ё."""
    return re.sub(r"^\W+|\W+$", "", text.replace("ё", "е").replace("Ё", "Е"))


def _is_tied(stem: str, right: str, vocabulary: Vocabulary) -> bool:
    """Whether the hyphen between two parts belongs to the word."""
    first, second = _core(stem), _core(right)
    if f"{first}-{second}" in vocabulary:
        return True
    if first + second in vocabulary:
        return False
    doubled = first == second and len(first) >= _TWICE
    return doubled or any(r.left.match(first) and r.right.match(second) for r in load_rules())


def _marked(page: PageText, marks: dict[_Spot, Hyphen]) -> PageText:
    """The page with these marks and no others."""
    regions = []
    for r, region in enumerate(page.regions):
        lines = []
        for n, line in enumerate(region.lines):
            found = [marks.get(_Spot(r, n, w)) for w in range(len(line.words))]
            lines.append(_marked_line(line, found))
        regions.append(replace(region, lines=tuple(lines)))
    return replace(page, regions=tuple(regions))


def _marked_line(line: Line, marks: list[Hyphen | None]) -> Line:
    if [word.hyphen for word in line.words] == marks:
        return line
    pairs = zip(line.words, marks, strict=True)
    return replace(line, words=tuple(replace(word, hyphen=mark) for word, mark in pairs))
