"""Alphabetical order of Kazakh and Russian words, as in a card file.

Two alphabets, three levels. The first level files by letters alone: word by word, figures by
value, then Cyrillic, Latin and other scripts; marks, quotes and other signs do not count. The
second tells letters apart that the first puts together, the third is the text itself, so that no
two texts share a key and the order is total.

- ``kk``: the 42 letters of Kazakh, each a letter of its own; the Russian alphabet is part of it.
- ``ru``: the letters of a Russian card file: Ё stands with Е; letters of Kazakh and of before 1918
  stand with the letter they come from (Қ with К, Ѣ with Е) and follow it where all else is equal.
"""

import re
import unicodedata
from functools import cache
from typing import NamedTuple

from language.letters import KAZAKH_ALPHABET, RUSSIAN_ALPHABET, composed, is_latin

ALPHABETS = ("kk", "ru")

_RUSSIAN_BASE = dict(zip("ёәғқңөұүһі", "еагкноуухи", strict=True))
_BEFORE_1918 = dict(zip("ѣѳѵ", "ефи", strict=True))
_NAME_ENDS, _WORD_ENDS, _NUMBER = "\x01", "\x02", "\x05"
_LENGTHS, _CYRILLIC, _LATIN, _OTHERS = 0x100, 0x2000, 0x3000, 0x8000
_LONGEST = 0x1000  # figures; longer runs are told apart by the text alone
_LAST = 0x10FFFF
_NUMBERS = re.compile(r"\d+")
_BREAKS = frozenset("-‐‑‒–—/")


class SortKey(NamedTuple):
    """Levels of comparison; keys of two texts are equal only where the texts are."""

    letters: str
    variants: str
    text: str


def sort_key(text: str, alphabet: str = "kk") -> SortKey:
    """Return a key by which ``sorted`` puts texts in the order of ``alphabet`` (``ALPHABETS``).

    A word stands before a longer one (a blank and a hyphen come before any letter).
    """
    lowered = composed(text).lower()
    letters = _letters(lowered, alphabet)
    return SortKey(letters, lowered.translate(_signs("")), text)


def filing_key(heading: str, *, name: bool = False, alphabet: str = "kk") -> SortKey:
    """Return the key of a heading in a card file, where names stand before titles.

    Everything under the name «Абай, Қ.» stands before the title «Абай», that before «Абай жолы».
    Of a name (``name``) the part before the first comma is filed first.
    """
    key = sort_key(heading, alphabet)
    if not name:
        return key._replace(letters=key.letters + _WORD_ENDS)
    entry, _, rest = composed(heading).lower().partition(",")
    parts = (_letters(entry, alphabet), _letters(rest, alphabet))
    return key._replace(letters=_NAME_ENDS.join(parts) + _WORD_ENDS)


def initial(heading: str, alphabet: str = "kk") -> str:
    """Return the capital under which a heading stands; ``""`` for figures and signs."""
    for sign in composed(heading):
        if sign.isdecimal():
            return ""
        if sign.isalpha():
            lowered = sign.lower()[0]
            return _base(lowered, alphabet).upper()
    return ""


class _Signs(dict[int, str]):
    """A table for ``str.translate`` that fills itself: letter to rank; ``""``: letter to letter."""

    def __init__(self, alphabet: str) -> None:
        super().__init__()
        self._alphabet = alphabet

    def __missing__(self, code: int) -> str:
        sign = chr(code)
        self[code] = made = self._made(sign)
        return made

    def _made(self, sign: str) -> str:
        if sign in (_NUMBER, _WORD_ENDS, _NAME_ENDS):
            return ""
        if sign.isspace() or sign in _BREAKS:
            return _WORD_ENDS
        if sign.isdecimal() or not sign.isalpha():
            return sign if sign.isdecimal() else ""
        return _rank(sign, self._alphabet) if self._alphabet else sign


@cache
def _signs(alphabet: str) -> _Signs:
    return _Signs(alphabet)


def _letters(lowered: str, alphabet: str) -> str:
    """The first level of a text in small letters."""
    signs = _signs(alphabet)
    pieces: list[str] = []
    last = 0
    for number in _NUMBERS.finditer(lowered):
        pieces += (lowered[last : number.start()].translate(signs), _number(number[0]))
        last = number.end()
    ranked = "".join((*pieces, lowered[last:].translate(signs)))
    return _WORD_ENDS.join(filter(None, ranked.split(_WORD_ENDS)))


def _number(digits: str) -> str:
    """A run of figures so that strings compare as the numbers do: its length goes first."""
    plain = "".join(str(unicodedata.decimal(sign)) for sign in digits).lstrip("0") or "0"
    return f"{_NUMBER}{chr(_LENGTHS + min(len(plain), _LONGEST))}{plain[:_LONGEST]}"


def _rank(sign: str, alphabet: str) -> str:
    """One character that stands for a letter where it belongs."""
    base = _base(sign, alphabet)
    order = KAZAKH_ALPHABET if alphabet == "kk" else RUSSIAN_ALPHABET
    if (place := order.find(base)) >= 0:
        return chr(_CYRILLIC + place)
    start = _LATIN if is_latin(sign) else _OTHERS
    return chr(min(start + ord(base), _LAST))


def _base(sign: str, alphabet: str) -> str:
    """The letter that a small letter stands with."""
    if alphabet == "kk" and sign in KAZAKH_ALPHABET:
        return sign
    known = _BEFORE_1918.get(sign) or (_RUSSIAN_BASE.get(sign) if alphabet == "ru" else None)
    if known or sign in RUSSIAN_ALPHABET:
        return known or sign
    return unicodedata.normalize("NFD", sign)[0] if is_latin(sign) else sign
