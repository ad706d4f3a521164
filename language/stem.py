"""Stems of words by language: one door to the Kazakh and the Snowball stemmers."""

from collections.abc import Callable
from functools import cache, lru_cache
from importlib import import_module

from language.kazakh import stemmer
from language.letters import composed
from language.prereform import modern_word

_SNOWBALL = {"rus": "russian", "eng": "english"}


@lru_cache(maxsize=200_000)
def stem(word: str, language: str) -> str:
    """Return the stem of ``word`` in small letters, never empty for a word that is not.

    ``language`` is ``kaz``, ``rus`` or ``eng`` (ISO 639-2); for any other the word comes back in
    small letters. Russian of before 1918 is read as today's. A stem is a key, not a word of the
    language.
    """
    lowered = composed(word.lower())
    if language == "kaz":
        return stemmer.stem(lowered)
    if language == "rus":
        modern = modern_word(lowered).replace("ё", "е")
        return _snowball("rus")(modern) or lowered
    if language == "eng":
        return _snowball("eng")(lowered) or lowered
    return lowered


@cache
def _snowball(language: str) -> Callable[[str], str]:
    """The stemmer of one language: compiled, or the slower pure one of the same authors.

    Both give the same stems, so an index does not depend on which is there. The compiled one gets
    no cache of its own: ``stem`` remembers.
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
