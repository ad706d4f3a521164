"""Kazakh of 1929 to 1940 in Latin letters (Yanalif), written in today's Cyrillic.

The table is ``corpora/lexicon/yanalif.tsv``. The alphabet of 1938 gave u and v other sounds; it is
told by its ū. What Cyrillic writes with one letter (и, у, я, ю) stood as two.
"""

import re
from functools import cache

from language.letters import is_latin
from language.lexicon import read_list

_MARKS = frozenset("ƣꞑɵʙ")
_CAPITALS = str.maketrans("ƢꞐƟƏÇЬŪӘҢӨ", "ƣꞑɵəçьūəꞑɵ")
_WORD = re.compile(r"[^\W\d_]+")
_NEW = "1938:"


def is_yanalif(text: str) -> bool:
    """Tell whether ``text`` is Kazakh in the Latin letters of 1929 to 1940.

    Two of its own letters (ƣ, ꞑ, ɵ, ʙ, or ь inside a Latin word) are proof.
    """
    return sum(map(signs, _WORD.findall(text))) > 1


def signs(word: str) -> int:
    """Return how many letters of ``word`` only this alphabet has beside the basic Latin ones."""
    lowered = word.lower().translate(_CAPITALS)
    marks = sum(1 for sign in lowered if sign in _MARKS)
    soft = lowered.count("ь")
    latin = sum(1 for sign in lowered if is_latin(sign))
    return marks + (soft if latin > soft and latin + soft == len(lowered) else 0)


def to_cyrillic(text: str) -> str:
    """Return Yanalif ``text`` in Cyrillic; words of other letters stay as they are.

    A reading for search: names of the time are written as they sound, not as they are spelt today.
    """
    new = "ū" in text.lower()
    return _WORD.sub(lambda match: _word(match[0], new), text)


def _word(word: str, new: bool) -> str:
    if not any(map(is_latin, word)):
        return word
    lowered = word.lower().translate(_CAPITALS)
    found = _spell(lowered, new)
    if word.isupper() and len(word) > 1:
        return found.upper()
    return found[:1].upper() + found[1:] if word[0].isupper() else found


def _spell(word: str, new: bool) -> str:
    if not new:
        # оқу, туған, ауыл: a vowel and its glide are one letter of Cyrillic.
        word = re.sub("j[uyьi]v", "ю", word)
        word = re.sub("[uyьi]v", "у", word)
    word = re.sub("[ьi]ja", "ия", word)
    table = _letters(new)
    pairs = [key for key in table if len(key) > 1]
    for pair in pairs:
        word = word.replace(pair, table[pair])
    return "".join(table.get(sign, sign) for sign in word)


@cache
def _letters(new: bool) -> dict[str, str]:
    rows = [line.split("\t") for line in read_list("yanalif.tsv")]
    table = {old: to for old, to in rows if not old.startswith(_NEW)}
    later = {old.removeprefix(_NEW): to for old, to in rows if old.startswith(_NEW)}
    return table | later if new else table
