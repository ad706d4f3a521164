"""Kazakh in Arabic letters (төте жазу), written in Cyrillic as far as rules go.

The script has one sign for a back vowel and its front neighbour; a mark (dayekshi) or a letter of
front words tells which is meant. The table is ``corpora/lexicon/tote.tsv``.
"""

import re
from functools import cache

from language.letters import KAZAKH_VOWELS, composed
from language.lexicon import read_list

_WORD = re.compile("[\u0600-\u06ff\ufb50-\ufdff\ufe70-\ufeff]+")
_MARKS = re.compile("[\u0674\u0621\u0640\u064b-\u0652]")
_KAZAKH_ONLY = frozenset("ۇۋۆەڭٴ")
_OTHER = frozenset("ېۈ")


def is_arabic(text: str) -> bool:
    """Tell whether ``text`` has a letter of the Arabic script."""
    return _WORD.search(text) is not None


def is_kazakh_arabic(text: str) -> bool:
    """Tell whether Arabic-script ``text`` has letters that only Kazakh has there."""
    signs = set(text)
    return not signs.isdisjoint(_KAZAKH_ONLY) and signs.isdisjoint(_OTHER)


def to_cyrillic(text: str) -> str:
    """Return ``text`` with its Arabic-script words in Cyrillic; the rest stays.

    Vowels that the script does not tell apart take the harmony of their word, so a loan of mixed
    vowels may come out wrong: a reading for search, not a text to print.
    """
    return _WORD.sub(lambda match: _word(composed(match[0], "NFKC")), text)


def _word(word: str) -> str:
    table = _table()
    bare = _MARKS.sub("", word)
    if bare in table.words:
        return table.words[bare]
    front = not table.front.isdisjoint(word)
    letters = [table.front_of.get(s, s) if front else table.back_of.get(s, s) for s in bare]
    return _one_letter("".join(letters))


def _one_letter(word: str) -> str:
    """What Cyrillic writes with one letter: я, ю, and и for й that follows no vowel."""
    found = word.replace("йа", "я").replace("йә", "я").replace("йу", "ю")
    return re.sub(f"(?<![{KAZAKH_VOWELS}])й", "и", found)


class _Table:
    """The table read once: letters of back and of front words, signs of front words, words."""

    def __init__(self, rows: list[list[str]]) -> None:
        self.back_of = {row[0]: row[1] for row in rows if len(row[0]) == 1}
        self.front_of = {row[0]: row[2] for row in rows if len(row[0]) == 1}
        self.front = frozenset("".join(row[1] for row in rows if row[0] == "front"))
        self.words = {row[1]: row[2] for row in rows if row[0] == "word"}


@cache
def _table() -> _Table:
    return _Table([line.split("\t") for line in read_list("tote.tsv")])
