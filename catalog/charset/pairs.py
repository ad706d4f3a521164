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
# is rarer, signs that no catalogue holds (boxes, arrows) rarer still (docs/decisions/0016).
_UNSEEN = -15.0
_BOX = -18.0
_NOTHING = -30.0
_CAPITAL_INSIDE = -4.0
_RARE = -8.0

_COMMONEST = "cp1251"
_KAZAKH_PAGES = ("kz1048", "ptcp154")

Pairs = Mapping[tuple[int, int], int]


def high_pairs(data: bytes) -> Pairs:
    """Count the pairs of neighbouring bytes with at least one above 0x7F."""
    found = Counter(pairwise(data))
    return {pair: count for pair, count in found.items() if pair[0] > 127 or pair[1] > 127}


def likelihood(pairs: Pairs, charset: str) -> float:
    """Log of the likelihood that text in ``charset`` gives these pairs; more is likelier.

    A letter that only a Kazakh page has must pay for itself: letters of Serbian in CP1251 would
    give a few Kazakh pairs by chance.
    """
    known = _weights(charset)
    missing = [pair for pair in pairs if pair not in known]
    table, common = letters(charset), letters(_COMMONEST)
    for first, second in missing:
        rare = charset in _KAZAKH_PAGES and table[first] != common[first]
        known[first, second] = _weight(table[first], table[second]) + (_RARE if rare else 0.0)
    return sum([known[pair] * count for pair, count in pairs.items()])


@cache
def _weights(charset: str) -> dict[tuple[int, int], float]:
    return {}


def _weight(first: str, second: str) -> float:
    pair = (first + second).lower().translate(FOLDED)
    weight = _model().get(pair)
    if weight is None:
        weight = _UNSEEN + _strangeness(pair[0]) + _strangeness(pair[1])
    return weight + (_CAPITAL_INSIDE if first.islower() and second.isupper() else 0.0)


def _strangeness(sign: str) -> float:
    if sign == "\ufffd":
        return _NOTHING
    return _BOX if "\u2190" <= sign <= "\u25ff" else 0.0


@cache
def _model() -> Mapping[str, float]:
    counts = {row["pair"]: int(row["count"]) for row in rows("charset/pairs.tsv")}
    total = sum(counts.values())
    return {pair: log(count / total) for pair, count in counts.items()}
