"""Stems of words by language: one door to the Kazakh and the Snowball stemmers."""

from functools import cache, lru_cache

import Stemmer

from language.kazakh import stemmer
from language.prereform import modern_word

_SNOWBALL = {"rus": "russian", "eng": "english"}


@lru_cache(maxsize=200_000)
def stem(word: str, language: str) -> str:
    """Return the stem of ``word`` in small letters, never empty for a word that is not.

    ``language`` is ``kaz``, ``rus`` or ``eng`` (ISO 639-2); for any other the word comes back in
    small letters. Russian of before 1918 is read as today's. A stem is a key, not a word of the
    language.
    """
    lowered = word.lower()
    if language == "kaz":
        return stemmer.stem(lowered)
    if language == "rus":
        modern = modern_word(lowered).replace("ё", "е")
        return _snowball("rus").stemWord(modern) or lowered
    if language == "eng":
        return _snowball("eng").stemWord(lowered) or lowered
    return lowered


@cache
def _snowball(language: str) -> Stemmer.Stemmer:
    """The stemmer of one language, without a cache of its own: ``stem`` remembers."""
    return Stemmer.Stemmer(_SNOWBALL[language], 0)
