"""Alphabetical order of Kazakh and Russian words, as in a card file.

The Kazakh alphabet holds the Russian one, so one order serves both: Ә after А, Ғ after Г, Қ after
К, Ң after Н, Ө after О, Ұ and Ү after У, Һ after Х, І after Ы; Ё stands with Е unless all else is
equal.
"""

import re
import unicodedata

from language.letters import KAZAKH_ALPHABET

SortKey = tuple[tuple[tuple[int, int], ...], str]

_ORDER = {sign: rank for rank, sign in enumerate(KAZAKH_ALPHABET)}
_ORDER["ё"] = _ORDER["е"]
_PART = re.compile(r"\d+|[^\W\d_]|\s+")
_SPACE, _NUMBER, _CYRILLIC, _OTHER = range(4)
_LONGEST_NUMBER = 18


def sort_key(text: str) -> SortKey:
    """Return a key by which ``sorted`` puts texts in the order of the Kazakh and Russian alphabets.

    Word by word (a blank comes before any letter), figures by value before letters, Cyrillic before
    other scripts; case, punctuation and leading blanks count only where all else is equal.
    """
    lowered = unicodedata.normalize("NFC", text).lower().strip()
    return tuple(_weight(part) for part in _PART.findall(lowered)), text


def _weight(part: str) -> tuple[int, int]:
    if part.isspace():
        return _SPACE, 0
    if part[0].isdecimal():
        return _NUMBER, _value(part)
    if part in _ORDER:
        return _CYRILLIC, _ORDER[part]
    return _OTHER, ord(part[0])


def _value(digits: str) -> int:
    """Value of a run of figures; a run too long to be a number is cut, its order is arbitrary."""
    return int(digits[:_LONGEST_NUMBER])
