"""Spelling by the catalogue's own words: what occurs once and is one edit from what occurs often.

A dictionary would be wrong in every fourth Kazakh word and knows no names; the catalogue knows its
own. Endings are left alone (they are grammar), so are words that have a family of their own.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from catalog.place import Cell
from catalog.quality.whole.near import Neighbours
from language.fold import fold
from language.letters import count_kazakh

SHORTEST = 6
# Cyrillic alone; what stands beside figures or signs of addresses and codes is no word.
_WORD = re.compile(rf"(?<![\w@/=])[\u0400-\u052f]{{{SHORTEST},}}(?![\w@/=])")
_FREQUENT = 8  # occurrences of a word that is taken for right
_ENDING = 3  # letters at the end of a word in which a difference is grammar
_FAMILY = 2  # words with the same beginning make a family
_OUTWEIGHS = 10  # times that the spelling with Kazakh letters must be more frequent


@dataclass(frozen=True, slots=True)
class Spelled:
    """What a word is probably meant to be: the ``rule`` that says so, and how often that occurs."""

    rule: str
    meant: str
    count: int


def words_of(cell: Cell) -> Iterator[tuple[int, str]]:
    """Yield place and text of every Cyrillic word that is long enough to be judged."""
    for found in _WORD.finditer(cell.value):
        yield found.start(), found[0]


def misspelled(words: Mapping[str, int], *, kazakh: bool) -> Mapping[str, Spelled]:
    """Return, of one language's words (small letters, counts), those probably meant otherwise."""
    frequent = {word: n for word, n in words.items() if n >= _FREQUENT}
    found = _without_kazakh_letters(words, frequent) if kazakh else {}
    neighbours = Neighbours(frequent)
    families = Counter(_beginning(word) for word in words)
    for word, count in words.items():
        if count == 1 and word not in found and families[_beginning(word)] < _FAMILY:
            likely = [
                (frequent[known], known)
                for known, at in neighbours.of(word)
                if 0 < at <= len(word) - _ENDING and len(known) >= SHORTEST
            ]
            if likely:
                occurs, meant = max(likely)
                found[word] = Spelled("spelling", meant, occurs)
    return found


def in_case(meant: str, word: str) -> str:
    """Return ``meant`` in capitals as ``word`` has them."""
    if word.isupper():
        return meant.upper()
    return meant[:1].upper() + meant[1:] if word[:1].isupper() else meant


def _without_kazakh_letters(
    words: Mapping[str, int], frequent: Mapping[str, int]
) -> dict[str, Spelled]:
    """Words whose frequent twin has more of the letters that only Kazakh has."""
    by_key: dict[str, list[str]] = {}
    for word in frequent:
        if count_kazakh(word):
            by_key.setdefault(fold(word), []).append(word)
    found = {}
    for word, count in words.items():
        twins = [w for w in by_key.get(fold(word), ()) if count_kazakh(w) > count_kazakh(word)]
        best = max(twins, key=lambda w: (frequent[w], w), default=None)
        if best is not None and frequent[best] >= count * _OUTWEIGHS:
            found[word] = Spelled("spelling-kazakh", best, frequent[best])
    return found


def _beginning(word: str) -> str:
    return word[: max(len(word) - _ENDING, SHORTEST - 1)]
