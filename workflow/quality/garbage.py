"""Signs, without any dictionary, that a word was never printed so."""

import re
from functools import lru_cache
from itertools import groupby

from language.letters import KAZAKH_VOWELS, is_cyrillic
from language.lookalikes import mixed

_ALIEN = re.compile(r"[|\\{}<>~^_=¬¦•■□¤]")
_DIGITS_INSIDE = re.compile(r"[^\W\d_]\d+[^\W\d_]")
_VOWELS = frozenset(KAZAKH_VOWELS)
_REPEATED = 4  # like letters in a row: three stand in real words (длинношеее), four do not
_SILENT = 5  # letters without a vowel: shorter ones are abbreviations (млрд, стр)
_CONSONANTS = 7  # in a row: взгляд has four, контрстратегия six


@lru_cache(maxsize=100_000)  # the same words stand on page after page
def is_garbage(word: str) -> bool:
    """Tell whether a word holds what no word of Kazakh, Russian or English does.

    Signs that are not printed in running text, Latin and Cyrillic letters in one part, digits
    between letters, a capital between small letters, the same letter four times, five letters
    without a vowel, seven consonants in a row. Numbers, abbreviations and punctuation are none.
    """
    if _ALIEN.search(word) or _DIGITS_INSIDE.search(word):
        return True
    return any(_is_odd(part) for part in re.split(r"[\W\d_]+", word) if part)


def _is_odd(part: str) -> bool:
    """Whether a run of letters is none that is printed."""
    if mixed(part) or "lul" in _cases(part):
        return True
    small = part.lower()
    if any(len(list(run)) >= _REPEATED for _, run in groupby(small)) and len(set(small)) > 1:
        return True
    return all(map(is_cyrillic, part)) and not part.isupper() and _is_silent(small)


def _is_silent(small: str) -> bool:
    runs = [len(list(run)) for vowel, run in groupby(small, key=_VOWELS.__contains__) if not vowel]
    longest = max(runs, default=0)
    return longest >= _CONSONANTS or (longest == len(small) and longest >= _SILENT)


def _cases(part: str) -> str:
    return "".join("u" if sign.isupper() else "l" for sign in part)
