"""People's corrections, replayed over every new recognition (contracts: amendments).

An amendment is anchored by a box and the text that stood there. It still applies when another
engine or other settings moved the boxes a little or read the words a little differently; what no
longer fits is handed back and becomes a review item.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from typing import NamedTuple

from pages.text import REGION_KINDS, Box, Line, PageText, Region, Word, around

AMENDMENT_KINDS = ("text", "language", "region_kind")
_OVERLAP = 0.5  # share of the smaller of two boxes that makes them the same place
_SIMILARITY = 0.6  # edit similarity that makes two readings the same print


@dataclass(frozen=True, slots=True)
class Amendment:
    """One correction by a person.

    ``page`` is the page key (``p0001``); ``kind`` one of ``AMENDMENT_KINDS``; ``box`` the anchor in
    frame pixels: a word, several words of one line, a line (for ``language``: one or more lines,
    for ``region_kind``: a region). ``old`` is the text that stood in the box; for ``language`` and
    ``region_kind`` it may also be the old value, or empty. ``new`` is the new text (empty: these
    words are no print), the ISO 639-2 code, or the region kind.
    """

    page: str
    kind: str
    box: Box
    old: str
    new: str


class _Span(NamedTuple):
    """Words ``first`` to ``end`` (exclusive) of one line, and how well they match the old text."""

    region: int
    line: int
    first: int
    end: int
    score: float


def replay(
    page: PageText, amendments: Iterable[Amendment]
) -> tuple[PageText, tuple[Amendment, ...]]:
    """Return the page with the amendments applied in order, and those that no longer fit.

    Amended words have confidence 1.0 and keep what the engine read in ``raw``. A new text of more
    or fewer words shares out the anchor's box by the length of the words. An old text that is empty
    adds words to the line at the box. Hyphen marks of changed words are dropped:
    :func:`pages.logical.join_page` sets them anew.
    """
    unapplied = []
    for amendment in amendments:
        changed = _apply(page, amendment)
        if changed is None:
            unapplied.append(amendment)
        else:
            page = changed
    return page, tuple(unapplied)


def _apply(page: PageText, amendment: Amendment) -> PageText | None:
    """The page with one amendment applied, or None where it does not fit."""
    if amendment.kind == "text":
        return _apply_text(page, amendment)
    if amendment.kind == "language":
        return _apply_language(page, amendment)
    if amendment.kind == "region_kind" and amendment.new in REGION_KINDS:
        return _apply_region_kind(page, amendment)
    return None


def _apply_text(page: PageText, amendment: Amendment) -> PageText | None:
    span = _best_span(page, amendment)
    if span is None:
        return _insert(page, amendment)
    if span.score < _SIMILARITY:
        return None
    line = page.regions[span.region].lines[span.line]
    words = line.words[span.first : span.end]
    new = _exchanged(" ".join(w.text for w in words), amendment)
    changed = line.words[: span.first] + _reworded(words, new) + line.words[span.end :]
    return _with_line(page, span.region, span.line, replace(line, words=changed))


def _best_span(page: PageText, amendment: Amendment) -> _Span | None:
    """The words at the anchor whose reading is nearest to the old or the new text."""
    best = None
    for r, region in enumerate(page.regions):
        for n, line in enumerate(region.lines):
            at = _places(line.words, amendment.box)
            if not at:
                continue
            words = line.words[at[0] : at[-1] + 1]
            score = _score(words, amendment)
            if best is None or score > best.score:
                best = _Span(r, n, at[0], at[-1] + 1, score)
    return best


def _places(words: tuple[Word, ...], anchor: Box) -> list[int]:
    """Numbers of the words at the anchor; most of a page is passed over without a reckoning."""
    left, top, right, bottom = anchor
    return [
        i
        for i, word in enumerate(words)
        if word.box[1] < bottom
        and top < word.box[3]
        and word.box[0] < right
        and left < word.box[2]
        and _same_place(word.box, anchor)
    ]


def _score(words: tuple[Word, ...], amendment: Amendment) -> float:
    """1.0 when the words read as the old or already as the new text, else how like the old."""
    readings = (_fold(" ".join(w.text for w in words)), _fold(" ".join(w.raw for w in words)))
    old = _fold(amendment.old)
    if old in readings or (amendment.new and _fold(amendment.new) == readings[0]):
        return 1.0
    return max(SequenceMatcher(None, old, reading, autojunk=False).ratio() for reading in readings)


def _exchanged(current: str, amendment: Amendment) -> str:
    """The new text of the words; where they hold more than the anchor did, the rest stays."""
    old, new = amendment.old, amendment.new
    if not old or current == old or current.count(old) != 1 or _fold(current) == _fold(new):
        return new
    already = old in new and new in current
    return current if already else current.replace(old, new)


def _reworded(words: tuple[Word, ...], text: str) -> tuple[Word, ...]:
    """Words of the new text in the place of ``words``."""
    tokens = text.split()
    if len(tokens) == len(words):
        pairs = zip(words, tokens, strict=True)
        return tuple(Word(token, word.raw, word.box, 1.0) for word, token in pairs)
    raw = " ".join(w.raw for w in words if w.raw)
    boxes = _shared_out(around([w.box for w in words]), tokens)
    # The engine's reading cannot be split by the new words: the first one carries all of it.
    raws = [raw] + [""] * (len(tokens) - 1)
    return tuple(Word(t, r, b, 1.0) for t, r, b in zip(tokens, raws, boxes, strict=False))


def _shared_out(box: Box, tokens: list[str]) -> list[Box]:
    """Parts of ``box`` side by side, as wide as the tokens are long, one blank between."""
    total = sum(len(token) for token in tokens) + len(tokens) - 1
    boxes = []
    start = 0
    for token in tokens:
        left = box.left + box.width * start // total
        right = box.left + box.width * (start + len(token)) // total
        boxes.append(Box(left, box.top, max(right, left + 1), box.bottom))
        start += len(token) + 1
    return boxes


def _insert(page: PageText, amendment: Amendment) -> PageText | None:
    """The page with words the engine did not see; unchanged when there is nothing to delete."""
    if not amendment.new.strip():
        return page
    if amendment.old.strip():
        return None
    best, height = None, 0.0
    for r, region in enumerate(page.regions):
        for n, line in enumerate(region.lines):
            share = _shared(line.box.top, line.box.bottom, amendment.box.top, amendment.box.bottom)
            near = line.box.left <= amendment.box.right and amendment.box.left <= line.box.right
            near = near or _shared(*_sides(region.box), *_sides(amendment.box)) > _OVERLAP
            if near and share >= max(_OVERLAP, height):
                best, height = (r, n), share
    if best is None:
        return None
    line = page.regions[best[0]].lines[best[1]]
    tokens = amendment.new.split()
    boxes = _shared_out(amendment.box, tokens)
    added = [Word(t, "", b, 1.0) for t, b in zip(tokens, boxes, strict=True)]
    words = tuple(sorted([*line.words, *added], key=lambda w: w.box.left))
    box = around([line.box, amendment.box])
    return _with_line(page, best[0], best[1], replace(line, box=box, words=words))


def _apply_language(page: PageText, amendment: Amendment) -> PageText | None:
    at = [
        (r, n)
        for r, region in enumerate(page.regions)
        for n, line in enumerate(region.lines)
        if _centre_in(line.box, amendment.box) or _same_place(line.box, amendment.box)
    ]
    lines = [page.regions[r].lines[n] for r, n in at]
    values = {line.language for line in lines} | {amendment.new}
    if not lines or not _holds(lines, amendment, values):
        return None
    for r, n in at:
        line = replace(page.regions[r].lines[n], language=amendment.new)
        page = _with_line(page, r, n, line)
    return page


def _apply_region_kind(page: PageText, amendment: Amendment) -> PageText | None:
    shares = [(_iou(region.box, amendment.box), -r) for r, region in enumerate(page.regions)]
    share, position = max(shares, default=(0.0, 0))
    if share < _OVERLAP:
        return None
    region = page.regions[-position]
    if not _holds(list(region.lines), amendment, {region.kind, amendment.new}):
        return None
    return _with_region(page, -position, replace(region, kind=amendment.new))


def _holds(lines: list[Line], amendment: Amendment, values: set[str]) -> bool:
    """Whether the old text (or old value) of the anchor still stands in these lines."""
    if not amendment.old or amendment.old in values:
        return True
    text = _fold(" ".join(line.text for line in lines))
    return SequenceMatcher(None, _fold(amendment.old), text, autojunk=False).ratio() >= _SIMILARITY


def _with_line(page: PageText, region: int, number: int, line: Line) -> PageText:
    """The page with one line exchanged; a line without words goes."""
    lines = page.regions[region].lines
    kept = (line,) if line.words else ()
    changed = lines[:number] + kept + lines[number + 1 :]
    return _with_region(page, region, replace(page.regions[region], lines=changed))


def _with_region(page: PageText, number: int, region: Region) -> PageText:
    regions = (*page.regions[:number], region, *page.regions[number + 1 :])
    return replace(page, regions=regions)


def _fold(text: str) -> str:
    """Case and blanks do not make two readings different."""
    return "".join(text.casefold().split())


def _sides(box: Box) -> tuple[int, int]:
    return box.left, box.right


def _shared(low: int, high: int, other_low: int, other_high: int) -> float:
    """Length that two ranges share, as a share of the shorter."""
    common = min(high, other_high) - max(low, other_low)
    return max(0, common) / max(1, min(high - low, other_high - other_low))


def _common(a: Box, b: Box) -> int:
    """Pixels that two boxes share."""
    width = min(a.right, b.right) - max(a.left, b.left)
    height = min(a.bottom, b.bottom) - max(a.top, b.top)
    return max(0, width) * max(0, height)


def _same_place(a: Box, b: Box) -> bool:
    smaller = min(a.width * a.height, b.width * b.height)
    return _common(a, b) >= _OVERLAP * max(1, smaller)


def _iou(a: Box, b: Box) -> float:
    common = _common(a, b)
    return common / max(1, a.width * a.height + b.width * b.height - common)


def _centre_in(box: Box, anchor: Box) -> bool:
    x, y = (box.left + box.right) / 2, (box.top + box.bottom) / 2
    return anchor.left <= x < anchor.right and anchor.top <= y < anchor.bottom
