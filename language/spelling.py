"""A word of an older spelling or another script as it is written today: one door to the three."""

from language.letters import is_latin
from language.prereform import is_old, modern
from language.tote import is_arabic
from language.tote import to_cyrillic as from_arabic
from language.yanalif import signs
from language.yanalif import to_cyrillic as from_yanalif


def today(word: str) -> str:
    """Return ``word`` in today's Cyrillic where its letters show another age; else unchanged.

    Russian of before 1918 (ѣ, a final ъ), Kazakh in the Latin letters of 1929 (ƣ, ꞑ, ь) and in
    Arabic ones. A word whose letters show nothing stays as it is.
    """
    if is_old(word):
        return modern(word)
    if is_arabic(word):
        return from_arabic(word)
    if any(map(is_latin, word)) and signs(word):
        return from_yanalif(word)
    return word
