"""Words as the reader means them: parts split at line, column and page ends are joined.

The printed words stay as they are; :class:`pages.text.Hyphen` on each part carries the joined word
(ALTO SUBS_TYPE, SUBS_CONTENT). A hyphen that belongs to the word stays in it (кто-нибудь): the same
pages decide by what they print elsewhere, then ``corpora/lexicon/hyphen.txt``.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import NamedTuple

from pages.hyphens import JUNK, Vocabulary, content, is_split, vouched
from pages.text import Hyphen, Line, PageText, Word

# Only running text goes on where a column or page ends.
_FLOWING = "text"


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


class _Spot(NamedTuple):
    """Where a word stands on its page."""

    region: int
    line: int
    word: int


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
    early: list[tuple[Word, tuple[int, int]]] = []
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
                words[at] = _longer(words[at], word, place)
            else:
                early.append((word, place))
    for word, place in early:
        # Columns in the wrong order: the second part stands before the first.
        at = begun.get(word.hyphen.content if word.hyphen else "", -1)
        if at >= 0 and len(words[at].parts) == 1:
            words[at] = _longer(words[at], word, place)
    return words


def _longer(word: LogicalWord, part: Word, place: tuple[int, int]) -> LogicalWord:
    return replace(word, parts=(*word.parts, part), places=(*word.places, place))


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
        marks.setdefault(_head_of(page, *flow[0][0]), carried)
    carry = None
    after = _flow(following) if following is not None else []
    if flow and after and following is not None:
        left, right = _last(page, flow), _head_of(following, *after[0][0])
        whole = content(_word(page, left).text, _word(following, right).text, vocabulary, far=True)
        if whole is not None and left not in marks:
            marks[left] = Hyphen(1, whole)
            carry = Hyphen(2, whole)
    return _marked(page, marks), carry


def _marks_within(page: PageText, vocabulary: Vocabulary) -> dict[_Spot, Hyphen]:
    """Marks of the words that are split at line and column ends of one page."""
    marks: dict[_Spot, Hyphen] = {}
    chains: dict[_Spot, tuple[list[_Spot], str]] = {}
    for left, right in _seams(page, vocabulary):
        # A part in the middle of a narrow column both ends one seam and begins the next.
        spots, text = chains.get(left, ([left], _word(page, left).text))
        whole = content(text, _word(page, right).text, vocabulary, far=left.region != right.region)
        if whole is not None:
            spots = [*spots, right]
            chains[right] = (spots, whole)
            marks |= {s: Hyphen(1 if s == spots[0] else 2, whole) for s in spots}
    return marks


def _seams(page: PageText, vocabulary: Vocabulary) -> list[tuple[_Spot, _Spot]]:
    """Last word of a line and first word of the line that reads on, over the whole page."""
    places = [
        (r, n)
        for r, region in enumerate(page.regions)
        for n, line in enumerate(region.lines)
        if line.words
    ]
    inside = [(a, b) for a, b in pairwise(places) if a[0] == b[0]]
    seams = [(_end_of(page, *a), _head_of(page, *b)) for a, b in inside]
    return sorted([*seams, *_column_seams(page, vocabulary)])


def _column_seams(page: PageText, vocabulary: Vocabulary) -> list[tuple[_Spot, _Spot]]:
    """Where the columns of a page read on: in the next one, unless the pages vouch for another."""
    flow = _flow(page)
    heads = [_head_of(page, *first) for first, _ in flow]
    lefts = [_end_of(page, *last) for _, last in flow]
    found: dict[_Spot, _Spot] = {}
    for left in lefts:
        sure = [
            head
            for head in heads
            if head.region != left.region and _is_vouched(page, left, head, vocabulary)
        ]
        if len(sure) == 1:
            found[left] = sure[0]
    for number, left in enumerate(lefts[:-1]):
        if left not in found and heads[number + 1] not in found.values():
            found[left] = heads[number + 1]
    return list(found.items())


def _is_vouched(page: PageText, left: _Spot, head: _Spot, vocabulary: Vocabulary) -> bool:
    right = _word(page, head).text
    # A part that is split again cannot be taken out of its order.
    return not is_split(right) and vouched(_word(page, left).text, right, vocabulary)


def _flow(page: PageText) -> list[tuple[tuple[int, int], tuple[int, int]]]:
    """(First line, last line) of every region of running text; a lone page number is none."""
    flow = []
    for r, region in enumerate(page.regions):
        lines = [n for n, line in enumerate(region.lines) if line.words]
        letters = any(c.isalpha() for line in region.lines for w in line.words for c in w.text)
        if region.kind == _FLOWING and letters:
            flow.append(((r, lines[0]), (r, lines[-1])))
    return flow


def _last(page: PageText, flow: list[tuple[tuple[int, int], tuple[int, int]]]) -> _Spot:
    return _end_of(page, *flow[-1][1])


def _end_of(page: PageText, region: int, line: int) -> _Spot:
    return _Spot(region, line, len(page.regions[region].lines[line].words) - 1)


def _head_of(page: PageText, region: int, line: int) -> _Spot:
    """The first word of a line, a speck before it left out."""
    words = page.regions[region].lines[line].words
    speck = len(words) > 1 and len(words[0].text) == 1 and words[0].text in JUNK
    return _Spot(region, line, 1 if speck else 0)


def _word(page: PageText, spot: _Spot) -> Word:
    return page.regions[spot.region].lines[spot.line].words[spot.word]


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
