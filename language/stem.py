"""Stems of words by language: one door to the Kazakh and the Snowball stemmers."""

import re
from collections.abc import Callable
from functools import cache
from importlib import import_module

from language.fold import readings
from language.kazakh import stemmer
from language.letters import composed, is_latin
from language.prereform import modern_word

_SNOWBALL = {"rus": "russian", "eng": "english"}


_CYRILLIC = re.compile("[\u0400-\u04ff]+")


def stem(word: str, language: str) -> str:
    """Return the stem of ``word`` in small letters, never empty for a word that is not.

    ``language`` is ``kaz``, ``rus`` or ``eng`` (ISO 639-2); for any other the word comes back in
    small letters. Russian of before 1918 is read as today's, Latin Kazakh as Cyrillic. A stem is a
    key, not always a word of the language.
    """
    lowered = composed(word.lower())
    if language == "kaz":
        return stemmer.stem(lowered) if _has_no_latin(lowered) else _latin(lowered)
    if language == "rus":
        modern = modern_word(lowered).replace("ё", "е")
        return _snowball("rus")(modern) or lowered
    if language == "eng":
        return _snowball("eng")(lowered) or lowered
    return lowered


def _has_no_latin(word: str) -> bool:
    return _CYRILLIC.fullmatch(word) is not None or not any(map(is_latin, word))


def _latin(word: str) -> str:
    """The dictionary form of a Kazakh word in Latin letters; what is not known stays."""
    first = next(iter(stemmer.stems_of_plain(readings(word), 1)), word)
    return first if stemmer.is_known(first) else word


@cache
def _snowball(language: str) -> Callable[[str], str]:
    """The stemmer of one language: compiled, or the slower pure one of the same authors.

    Both give the same stems, so an index does not depend on which is there. The compiled one gets
    no cache of its own: who stems much remembers.
    """
    name = _SNOWBALL[language]
    try:
        compiled = import_module("Stemmer")
    except ImportError:
        pure = import_module("snowballstemmer")
        # A pure stemmer holds the word that it works on: a new one each time, for threads.
        return lambda word: str(pure.stemmer(name).stemWord(word))
    stem_word: Callable[[str], str] = compiled.Stemmer(name, 0).stemWord
    return stem_word
