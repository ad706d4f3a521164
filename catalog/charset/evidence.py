"""Which character set a file or a record is in: the bytes are asked, never the leader.

Asked in this order: byte order mark; sequences of UTF-8; escape sequences of MARC-8; single bytes
beside Latin letters; pairs of Cyrillic letters. What leader/9 and 100 $a/26-29 say is a claim,
which real files make wrongly as often as not (docs/decisions/0016-charsets-by-evidence.md).
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import exp

from catalog.charset import latin, pairs
from catalog.charset.decoding import SINGLE_BYTE, decode
from catalog.charset.marc8 import ESCAPE

EVIDENCE = ("bom", "multibyte", "escapes", "marks", "pairs", "ascii", "given", "own")
"""What a decision rests on; ``own`` is a container that says it itself (XML)."""

_MULTIBYTE = re.compile(
    rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}"
)
_BOM = b"\xef\xbb\xbf"
# Records in a page of one byte reach a share of 0.41 by chance (CP866), 0.09 in the other pages.
_WRONG_BYTES = 0.2


@dataclass(frozen=True, slots=True)
class Decision:
    """``margin`` is how sure it is, 0 to 1; ``evidence`` one of ``EVIDENCE``."""

    charset: str
    margin: float
    evidence: str


def decide(data: bytes) -> Decision:
    """Return the character set of bytes of a record, or of a sample of a file."""
    if data.startswith(_BOM):
        return Decision("utf-8", 1.0, "bom")
    if data.isascii() and b"\x1b" not in data:
        return Decision("utf-8", 1.0, "ascii")
    share = multibyte_share(data)
    if share > 1 - _WRONG_BYTES:
        return Decision("utf-8", share, "multibyte")
    latin_text = latin.is_latin(data)
    if ESCAPE.search(data) and (latin_text or data.isascii()):
        return Decision("marc-8", 1.0, "escapes")
    if latin_text:
        return _best(latin.CANDIDATES, lambda one: latin.likelihood(data, one), data, "marks")
    found = pairs.high_pairs(data)
    return _best(SINGLE_BYTE, lambda one: pairs.likelihood(found, one), data, "pairs")


def multibyte_share(data: bytes) -> float:
    """Share of bytes above 0x7F, 0 to 1, that stand in sequences of UTF-8."""
    inside = sum(map(len, _MULTIBYTE.findall(data)))
    high = high_bytes(data)
    return inside / high if high else 0.0


def high_bytes(data: bytes) -> int:
    """Count the bytes above 0x7F."""
    return len(data.translate(None, bytes(range(128))))


def _best(
    candidates: Sequence[str], score: Callable[[str], float], data: bytes, evidence: str
) -> Decision:
    """The likeliest; of equals the first. The margin is over the next that reads differently."""
    scores = {one: score(one) for one in candidates}
    best = max(candidates, key=lambda one: scores[one])
    text = decode(data, best, "replace")
    others = [
        scores[one] for one in candidates if one != best and decode(data, one, "replace") != text
    ]
    margin = 1 - exp(max(others) - scores[best]) if others else 1.0
    return Decision(best, max(0.0, margin), evidence)
