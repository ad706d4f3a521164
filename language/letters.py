"""The alphabets of Kazakh and Russian, and which script a text is written in.

The only room that knows the letters of Kazakh is this one: others ask ``has_kazakh`` and the like.
"""

import re
import unicodedata
from collections import Counter
from functools import cache
from typing import Literal

KAZAKH_LETTERS = "әғқңөұүһі"
"""The nine small Cyrillic letters that Kazakh has and Russian has not."""

KAZAKH_ALPHABET = "аәбвгғдеёжзийкқлмнңоөпрстуұүфхһцчшщъыіьэюя"
"""The 42 small letters of Kazakh Cyrillic in the order of the alphabet."""

RUSSIAN_ALPHABET = "абвгдеёжзийклмнопрстуфхцчшщъыьэюя"
"""The 33 small letters of Russian in the order of the alphabet."""

KAZAKH_VOWELS = "аәеиоөуұүыіэёюя"
"""Small Cyrillic letters that stand for vowels in Kazakh (у and и among them)."""

APOSTROPHES = "'’ʼ‘`´ʹ"
"""Signs set as an apostrophe: the hard sign of the 1920s and 1930s, Latin Kazakh of 2017."""

_SHORT = 64
_MOST_MARKS = 16
_SIGNS = re.compile(rf"[^\w\s]{{{_MOST_MARKS + 1},}}")

_KAZAKH = frozenset(KAZAKH_LETTERS + KAZAKH_LETTERS.upper())
_SCRIPTS = (("CYRILLIC", "Cyrl"), ("LATIN", "Latn"), ("ARABIC", "Arab"))


def has_kazakh(text: str) -> bool:
    """Tell whether ``text`` holds a Cyrillic letter that only Kazakh has (either case)."""
    return not _KAZAKH.isdisjoint(text)


def count_kazakh(text: str) -> int:
    """Return how many letters of ``text`` only Kazakh has (either case)."""
    return sum(1 for sign in text if sign in _KAZAKH)


def is_cyrillic(sign: str) -> bool:
    """Tell whether one character is a Cyrillic letter (Unicode blocks U+0400 to U+052F)."""
    return "Ѐ" <= sign <= "ԯ" and sign.isalpha()


@cache
def is_latin(sign: str) -> bool:
    """Tell whether one character is a Latin letter, with or without a mark, ASCII or not."""
    if sign.isascii():
        return sign.isalpha()
    return sign.isalpha() and unicodedata.name(sign, "").startswith("LATIN")


def script_of(text: str) -> str:
    """Return the script of most letters of ``text``: ``Cyrl``, ``Latn``, ``Arab`` or ``und``.

    Codes are those of ISO 15924; ``und`` where no letter, or a letter of none of the three, leads.
    """
    counts = Counter(map(_script_of_letter, text))
    del counts[""]
    return max(sorted(counts), key=counts.__getitem__, default="und")


@cache
def _script_of_letter(sign: str) -> str:
    """The script of one sign; empty for what is no letter."""
    if not sign.isalpha():
        return ""
    if is_cyrillic(sign):
        return "Cyrl"
    name = unicodedata.name(sign, "")
    for prefix, code in _SCRIPTS:
        if name.startswith(prefix):
            return code
    return "und"


def composed(text: str, form: Literal["NFC", "NFD", "NFKC"] = "NFC") -> str:
    """Return ``text`` in a normal form of Unicode, in time that grows as the text does.

    Normalisation sorts each run of combining marks, which takes the square of its length; no
    script sets more than 16 on a letter, so what lies beyond is noise and goes.
    """
    if len(text) > _SHORT:
        text = _SIGNS.sub(lambda match: _few_marks(match[0]), text)
    return unicodedata.normalize(form, text)


def _few_marks(signs: str) -> str:
    kept: list[str] = []
    marks = 0
    for sign in signs:
        marks = marks + 1 if unicodedata.combining(sign) else 0
        if marks <= _MOST_MARKS:
            kept.append(sign)
    return "".join(kept)
