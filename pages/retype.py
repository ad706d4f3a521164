"""A line typed anew becomes amendments: one for each run of words that differs.

People correct a line as a whole; what is kept are the words they changed, each anchored by its own
box, so that a correction outlives a recognition that reads the rest of the line otherwise.
"""

from difflib import SequenceMatcher
from typing import NamedTuple

from pages.amend import Amendment, replay
from pages.text import Box, Line, PageText, around

_ROOMY = 0.6  # share of a word's usual width that a gap must have to hold a word of its own


class Place(NamedTuple):
    """A line of a page: number of the region and of the line within it, both from 0."""

    region: int
    line: int


class _Change(NamedTuple):
    """Words ``first`` to ``end`` (exclusive) of the line become ``new``."""

    first: int
    end: int
    new: tuple[str, ...]


def retype(page: PageText, key: str, place: Place, text: str) -> tuple[Amendment, ...] | None:
    """Return the amendments that make the line at ``place`` of the page ``key`` read ``text``.

    Replayed over ``page`` they give exactly the words of ``text`` there, and leave every other line
    as it is; an empty tuple where nothing differs, and an empty text takes the line away. None
    where boxes lie so much over each other that no such amendments are found.
    """
    line, tokens = line_at(page, place), tuple(text.split())
    if tokens == tuple(word.text for word in line.words):
        return ()
    wanted = _with_tokens(page, place, tokens)
    for attempt in (_into_gaps, _beside_words, _whole):
        made = attempt(page, key, line, tokens)
        if _reads(replay(page, made), wanted):
            return made
    return None


def line_at(page: PageText, place: Place) -> Line:
    """Return the line at a place; IndexError where there is none."""
    return page.regions[place.region].lines[place.line]


def _with_tokens(page: PageText, place: Place, tokens: tuple[str, ...]) -> list[str]:
    """The texts of all lines, as they are to be; a line without words is none."""
    texts = [
        " ".join(tokens) if (r, n) == place else line.text
        for r, region in enumerate(page.regions)
        for n, line in enumerate(region.lines)
    ]
    return [text for text in texts if text]


def _reads(replayed: tuple[PageText, tuple[Amendment, ...]], wanted: list[str]) -> bool:
    page, unapplied = replayed
    return not unapplied and [line.text for line in page.lines()] == wanted


Tokens = tuple[str, ...]


def _into_gaps(page: PageText, key: str, line: Line, tokens: Tokens) -> tuple[Amendment, ...]:
    """By runs; words that are added stand where they are printed, if there is room."""
    return tuple(
        _exchange(key, line, change)
        if change.first < change.end
        else _added(page, key, line, change)
        for change in _changes(line, tokens)
    )


def _beside_words(_page: PageText, key: str, line: Line, tokens: Tokens) -> tuple[Amendment, ...]:
    """By runs; words that are added share the boxes of those beside them."""
    return tuple(
        _exchange(key, line, change if change.first < change.end else _widened(line, change))
        for change in _changes(line, tokens)
    )


def _whole(_page: PageText, key: str, line: Line, tokens: Tokens) -> tuple[Amendment, ...]:
    return (_exchange(key, line, _Change(0, len(line.words), tokens)),)


def _changes(line: Line, tokens: tuple[str, ...]) -> list[_Change]:
    """What differs, from left to right; a word for a word is a change of its own."""
    words = tuple(word.text for word in line.words)
    runs = _runs(words, tokens)
    if len(words) == len(tokens):
        swapped = [n for n, pair in enumerate(zip(words, tokens, strict=True)) if len({*pair}) > 1]
        if len(swapped) <= sum(max(run.end - run.first, len(run.new)) for run in runs):
            return [_Change(n, n + 1, (tokens[n],)) for n in swapped]
    return runs


def _runs(words: tuple[str, ...], tokens: tuple[str, ...]) -> list[_Change]:
    found = []
    for _, first, end, start, stop in SequenceMatcher(
        None, words, tokens, autojunk=False
    ).get_opcodes():
        if words[first:end] == tokens[start:stop]:
            continue
        if end - first == stop - start:
            pairs = zip(range(first, end), tokens[start:stop], strict=True)
            found += [_Change(at, at + 1, (token,)) for at, token in pairs]
        else:
            found.append(_Change(first, end, tokens[start:stop]))
    return found


def _added(page: PageText, key: str, line: Line, change: _Change) -> Amendment:
    """New words in the gap where they are printed, else together with the words beside them."""
    gap = _gap(page, line, change)
    new = " ".join(change.new)
    if gap is None or gap.width < max(_ROOMY * len(new) * _letter_width(line), 1):
        return _exchange(key, line, _widened(line, change))
    return Amendment(key, "text", gap, "", new)


def _widened(line: Line, change: _Change) -> _Change:
    """The same change with the words on both sides in it."""
    first, end = max(change.first - 1, 0), min(change.end + 1, len(line.words))
    before = tuple(word.text for word in line.words[first : change.first])
    after = tuple(word.text for word in line.words[change.end : end])
    return _Change(first, end, (*before, *change.new, *after))


def _gap(page: PageText, line: Line, change: _Change) -> Box | None:
    """Where words between two others, or at an end of the line, can be printed."""
    width = round(_letter_width(line) * len(" ".join(change.new)))
    left, right = line.box.left, line.box.right
    words = line.words
    if change.first > 0:
        left = words[change.first - 1].box.right
        right = left + width if change.first == len(words) else words[change.first].box.left
    elif words:
        right = words[0].box.left
        left = right - width
    box = Box(max(left, 0), line.box.top, min(right, page.frame.width), line.box.bottom)
    return box if box.width > 0 and box.height > 0 else None


def _letter_width(line: Line) -> float:
    """Pixels of a letter with its space, the mean of the line."""
    letters = sum(len(word.text) for word in line.words)
    return sum(word.box.width for word in line.words) / max(letters, 1)


def _exchange(key: str, line: Line, change: _Change) -> Amendment:
    words = line.words[change.first : change.end]
    old = " ".join(word.text for word in words)
    return Amendment(key, "text", around([word.box for word in words]), old, " ".join(change.new))


def differences(old: str, new: str) -> tuple[tuple[str, str], ...]:
    """Return the pieces of two texts in order as (was, is): equal ones are in both, words whole."""
    was, now = old.split(), new.split()
    codes = SequenceMatcher(None, was, now, autojunk=False).get_opcodes()
    return tuple((" ".join(was[a:b]), " ".join(now[c:d])) for _, a, b, c, d in codes)
