"""Where a Kazakh or Russian word may be split at a line end."""

import re

_VOWELS = frozenset("аәеёиоөуұүыіэюя")
_NEVER_FIRST = frozenset("ьъй")
_LETTERS = re.compile(r"[^\W\d_]+")
_SHORTEST_PART = 2


def _may_split(word: str, at: int) -> bool:
    head, tail = word[:at], word[at:]
    return (
        tail[0] not in _VOWELS
        and tail[0] not in _NEVER_FIRST
        and tail[1] in _VOWELS
        and any(letter in _VOWELS for letter in head)
    )


def break_points(token: str) -> list[int]:
    """Offsets in ``token`` before which it may be split, in order.

    The right part starts with one consonant and a vowel, the rule that school grammars of both
    languages share; parts have two letters or more. Tokens with digits, hyphens, initials or
    capitals inside are never split. Punctuation around the word does not count as letters.
    """
    runs = list(_LETTERS.finditer(token))
    if len(runs) != 1 or any(sign.isdigit() for sign in token) or not runs[0][0][1:].islower():
        return []
    start, word = runs[0].start(), runs[0][0].lower()
    places = range(_SHORTEST_PART, len(word) - _SHORTEST_PART + 1)
    return [start + at for at in places if _may_split(word, at)]
