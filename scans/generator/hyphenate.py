"""Where a Kazakh or Russian word may be split at a line end."""

import re
from itertools import pairwise

_VOWELS = frozenset("аәеёиоөуұүыіэюя")
_SIGNS = frozenset("ьъ")
_NEVER_FIRST = _SIGNS | {"й"}
_LETTERS = re.compile(r"[^\W\d_]+")
_SHORTEST_PART = 2


def _break_in(word: str, left: int, right: int) -> int:
    """Place in the run of consonants between the vowels ``left`` and ``right``, or 0 for none."""
    if right - left == 1:
        return 0
    at = left + 1 if right - left == 2 else left + 2
    while word[at] in _NEVER_FIRST:
        at += 1
    return 0 if at == right and word[at - 1] not in _SIGNS else at


def break_points(token: str) -> list[int]:
    """Offsets in ``token`` before which it may be split, in order.

    One consonant between two vowels goes to the right part, of several the first stays left; ь, ъ
    and й never begin a part, and a part has two letters or more. Tokens with digits, hyphens,
    initials or capitals inside are never split. Punctuation around the word is no letter.
    """
    runs = list(_LETTERS.finditer(token))
    if len(runs) != 1 or any(sign.isdigit() for sign in token) or not runs[0][0][1:].islower():
        return []
    start, word = runs[0].start(), runs[0][0].lower()
    vowels = [n for n, letter in enumerate(word) if letter in _VOWELS]
    places = [_break_in(word, *pair) for pair in pairwise(vowels)]
    longest = len(word) - _SHORTEST_PART
    return [start + at for at in places if _SHORTEST_PART <= at <= longest]
