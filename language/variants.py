"""Words as they may be written, for looking them up in texts that nobody has folded."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cache
from itertools import chain

from language.fold import fold

_ALPHABETS = ((0x0041, 0x007B), (0x00C0, 0x0250), (0x0400, 0x0530))
"""Latin and Cyrillic: first code and the one behind the last."""

_SILENT = "[ъьЪЬ]?"
_AFTER = {"н": "[гғГҒ]*"}
"""``fold`` takes нг for ң, which becomes н."""


def beginnings(keys: Iterable[str], longest: int) -> re.Pattern[str]:
    """Return what finds any word that begins like one of ``keys`` (of ``fold``) in a raw text.

    At most ``longest`` letters of a key count: stems change at their end. The same letters inside a
    word are found too. Never compile this from text that has not been through ``fold``.
    """
    ways = (
        "".join(f"{_class(sign)}{_AFTER.get(sign, '')}{_SILENT}" for sign in key[:longest])
        for key in sorted(set(keys))
    )
    return re.compile("|".join(ways) or "(?!)")


def _class(sign: str) -> str:
    written = _variants().get(sign)
    return f"[{written}]" if written else re.escape(sign)


@cache
def _variants() -> Mapping[str, str]:
    """Every letter, great and small, by the one that ``fold`` makes of it."""
    found: dict[str, str] = defaultdict(str)
    for code in chain.from_iterable(range(*alphabet) for alphabet in _ALPHABETS):
        if chr(code).isalpha():
            found[fold(chr(code))] += chr(code)
    return found
