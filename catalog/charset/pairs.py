"""How well bytes read as Kazakh, Russian or Ukrainian in a Cyrillic code page.

The model is pairs of neighbouring characters (corpora/charset/pairs.tsv). Only pairs with a byte
above 0x7F count: the others read alike in every page.
"""

from collections import Counter
from collections.abc import Mapping
from functools import cache
from itertools import pairwise
from math import log

from catalog.charset.decoding import letters
from catalog.data import rows

FOLDED: Mapping[int, str] = {
    **dict.fromkeys(range(128), " "),
    **{ord(sign): "0" for sign in "0123456789"},
    **dict.fromkeys(range(ord("a"), ord("z") + 1), "x"),
    0xA0: " ",
}
"""What ASCII is to the model: figures, Latin letters, and everything else as a blank."""

# Natural logarithms of shares. The rarest pair that was counted has about -14; what was never seen
# is rarer, a character that none of the languages has rarer still (docs/decisions/0016).
_UNSEEN = -15.0
_FOREIGN = -18.0
_NOTHING = -30.0
_CAPITAL_INSIDE = -4.0

Pairs = Mapping[tuple[int, int], int]


def high_pairs(data: bytes) -> Pairs:
    """Count the pairs of neighbouring bytes with at least one above 0x7F."""
    found = Counter(pairwise(data))
    return {pair: count for pair, count in found.items() if pair[0] > 127 or pair[1] > 127}


def likelihood(pairs: Pairs, charset: str) -> float:
    """Log of the likelihood that text in ``charset`` gives these pairs; more is likelier."""
    known = _weights(charset)
    missing = [pair for pair in pairs if pair not in known]
    table = letters(charset) if missing else ""
    for first, second in missing:
        known[first, second] = _weight(table[first], table[second])
    return sum([known[pair] * count for pair, count in pairs.items()])


@cache
def _weights(charset: str) -> dict[tuple[int, int], float]:
    return {}


def _weight(first: str, second: str) -> float:
    pair = (first + second).lower().translate(FOLDED)
    weight = _model().get(pair)
    if weight is None:
        weight = _UNSEEN + sum(
            _NOTHING if sign == "\ufffd" else _FOREIGN for sign in pair if sign not in _alphabet()
        )
    return weight + (_CAPITAL_INSIDE if first.islower() and second.isupper() else 0.0)


@cache
def _model() -> Mapping[str, float]:
    counts = {row["pair"]: int(row["count"]) for row in rows("charset/pairs.tsv")}
    total = sum(counts.values())
    return {pair: log(count / total) for pair, count in counts.items()}


@cache
def _alphabet() -> frozenset[str]:
    return frozenset("".join(_model()) + "0x ")
