"""How far a reading is from the truth: errors in characters and words, by flow and by line.

Flow: the whole text in output order against the whole truth in reading order, so errors of layout
count. By line: every true line against the line that was read there, so they do not. Both are
counted after :func:`fold`: blanks are one blank, dashes and quotation marks one kind each.
"""

import random
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import NamedTuple

from rapidfuzz.distance import Levenshtein

_FOLDED = str.maketrans(dict.fromkeys("‐‑‒–—―−\u00ad", "-") | dict.fromkeys("«»„“”‟″‘’‚‹›'`", '"'))
_SAME_LINE = 0.5
"""Share of edits above which two lines are not taken for readings of each other."""


@dataclass(frozen=True, slots=True)
class Errors:
    """Edits (put in, left out, changed) and the true length, in characters or in words."""

    edits: int
    length: int

    @property
    def rate(self) -> float:
        """Edits per unit of the truth (CER, WER); above 1 where much was put in."""
        return self.edits / max(1, self.length)


class LinePair(NamedTuple):
    """A true line and the line read there: numbers from 0, ``read`` empty where none was found.

    ``read`` has several numbers where one printed line came out in pieces, ``true`` where several
    (side by side on the page) came out as one.
    """

    true: tuple[int, ...]
    read: tuple[int, ...]
    errors: Errors


def fold(text: str) -> str:
    """Return the text with single blanks, one kind of dash and of quotation mark, in NFC."""
    composed = unicodedata.normalize("NFC", text)
    return re.sub(r"\s+", " ", composed.translate(_FOLDED)).strip()


def characters(true: str, read: str) -> Errors:
    """Return the edits between two texts in characters after folding, over the true length."""
    wanted = fold(true)
    return Errors(Levenshtein.distance(wanted, fold(read)), len(wanted))


def words(true: str, read: str) -> Errors:
    """Return the edits between two texts in words (what stands between blanks) after folding."""
    wanted = fold(true).split()
    return Errors(Levenshtein.distance(wanted, fold(read).split()), len(wanted))


def pooled(errors: Iterable[Errors]) -> Errors:
    """Return all edits over all lengths, so that long pages weigh more."""
    known = list(errors)
    return Errors(sum(e.edits for e in known), sum(e.length for e in known))


def pair_lines(true: Sequence[str], read: Sequence[str]) -> list[LinePair]:
    """Return for every true line the line that was read there, wherever it stands in the output.

    The likest pairs are joined first, those that stand alike in the order before others; a line is
    used once. What is left over is tied to the line before or after it where that makes the pair
    more alike (a printed line that came out in two pieces); true lines that came out as one make
    one pair. Blank true lines are in none.
    """
    wanted, found = [fold(line) for line in true], [fold(line) for line in read]
    joined = _likest(wanted, found)
    free = set(range(len(found))) - set(joined.values())
    pairs = []
    for number, line in enumerate(wanted):
        if not line:
            continue
        likest: tuple[int, ...] = (joined[number],) if number in joined else ()
        pieces = _grown(line, likest, found, free)
        free -= set(pieces)
        text = " ".join(found[piece] for piece in pieces)
        errors = Errors(Levenshtein.distance(line, text), len(line))
        pairs.append(LinePair((number,), pieces, errors))
    return _merged(pairs, wanted, found)


def confusions(true: str, read: str) -> Counter[tuple[str, str]]:
    """Count what was read for what in one line: (true, read), ``""`` for nothing there.

    Changes side by side stay together (``ш`` read as ``щ``, ``ы`` as ``ьі``).
    """
    wanted, found = fold(true), fold(read)
    counts: Counter[tuple[str, str]] = Counter()
    blocks = Levenshtein.opcodes(wanted, found)
    for changed, run in groupby(blocks, key=lambda block: block.tag != "equal"):
        if changed:
            side_by_side = list(run)
            left = wanted[side_by_side[0].src_start : side_by_side[-1].src_end]
            right = found[side_by_side[0].dest_start : side_by_side[-1].dest_end]
            # As many read as there are: each stands for its own.
            alike = len(left) == len(right)
            counts.update(zip(left, right, strict=True) if alike else [(left, right)])
    return counts


def right_words(true: str, read: Sequence[str]) -> list[bool]:
    """Tell for each word read in a line whether it stands so in the true line, after folding."""
    wanted, found = fold(true).split(), [fold(word) for word in read]
    right = [False] * len(found)
    for block in Levenshtein.opcodes(wanted, found):
        if block.tag == "equal":
            right[block.dest_start : block.dest_end] = [True] * (block.dest_end - block.dest_start)
    return right


def interval(
    errors: Sequence[Errors], *, rounds: int = 1000, level: float = 0.95
) -> tuple[float, float] | None:
    """Return the bootstrap interval of the pooled rate over these units, or None below two.

    Units (pages, or lines) are drawn anew with replacement ``rounds`` times; the draws are the same
    on every call.
    """
    if len(errors) <= 1:
        return None
    chance = random.Random(len(errors))  # noqa: S311 - draws that can be repeated, no secret
    rates = sorted(pooled(chance.choices(errors, k=len(errors))).rate for _ in range(rounds))
    cut = round(rounds * (1 - level) / 2)
    return rates[cut], rates[-1 - cut]


def _likest(wanted: Sequence[str], found: Sequence[str]) -> dict[int, int]:
    """True line to read line, the likest first."""
    candidates = []
    for number, line in enumerate(wanted):
        for other, text in enumerate(found):
            longest = max(len(line), len(text))
            if not line or not text or abs(len(line) - len(text)) > _SAME_LINE * longest:
                continue
            limit = int(_SAME_LINE * longest)
            distance = Levenshtein.distance(line, text, score_cutoff=limit)
            if distance <= limit:
                candidates.append((distance / longest, abs(number - other), number, other))
    joined: dict[int, int] = {}
    used: set[int] = set()
    for _, _, number, other in sorted(candidates):
        if number not in joined and other not in used:
            joined[number] = other
            used.add(other)
    return joined


def _grown(
    line: str, pieces: tuple[int, ...], found: Sequence[str], free: set[int]
) -> tuple[int, ...]:
    """The pieces with free lines joined to them for as long as that helps."""
    best = _distance(line, pieces, found)
    for _ in found:
        offers = _offers(line, pieces, found, free - set(pieces)) if best else []
        likest = min(offers, key=lambda offer: _distance(line, offer, found), default=pieces)
        distance = _distance(line, likest, found)
        if distance >= best:
            break
        pieces, best = likest, distance
    return pieces


def _offers(
    line: str, pieces: tuple[int, ...], found: Sequence[str], free: set[int]
) -> list[tuple[int, ...]]:
    """The pieces with a free line before or after them, or with one that is a part of the line."""
    offers = []
    if pieces and pieces[0] - 1 in free:
        offers.append((pieces[0] - 1, *pieces))
    if pieces and pieces[-1] + 1 in free:
        offers.append((*pieces, pieces[-1] + 1))
    parts = [number for number in sorted(free) if found[number] and found[number] in line]
    return offers + [(*pieces, number) for number in parts]


def _distance(line: str, pieces: tuple[int, ...], found: Sequence[str]) -> int:
    return Levenshtein.distance(line, " ".join(found[piece] for piece in pieces))


def _merged(
    pairs: Sequence[LinePair], wanted: Sequence[str], found: Sequence[str]
) -> list[LinePair]:
    """The pairs with true lines that nothing stands for joined to a neighbour where that helps."""
    merged: list[LinePair] = []
    for pair in pairs:
        before = merged[-1] if merged else pair
        if merged and not (before.read and pair.read):
            true, read = (*before.true, *pair.true), before.read + pair.read
            line = " ".join(wanted[number] for number in true)
            errors = Errors(_distance(line, read, found), len(line))
            if errors.edits < before.errors.edits + pair.errors.edits:
                merged[-1] = LinePair(true, read, errors)
                continue
        merged.append(pair)
    return merged
