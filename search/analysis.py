"""From text to index keys: words, their language, their stem, one folded key.

All engines get ready-made keys, so they find the same. A word is routed by its own letters first,
then by the language of its line; a word of a query whose language nobody knows gets the keys of
every language it may be.
"""

import hashlib
import inspect
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from types import ModuleType

from language import fold as fold_module
from language import lexicon, lookalikes, prereform, spelling, tote, yanalif
from language import stem as stem_module
from language.fold import fold, readings
from language.kazakh import derivations, endings, sounds, stemmer, stems, tables
from language.kazakh.stemmer import stems_of_plain
from language.letters import APOSTROPHES, has_kazakh, script_of
from language.lookalikes import repair
from language.spelling import today
from language.stem import stem

ANALYZER = "1"
"""Raise when keys change by code that the fingerprint does not see."""

LONGEST_WORD = 64
"""Characters of a word that count; the rest is noise of recognition."""

_MARKS = "\u0300-\u036f\u00ad"
_WORD = re.compile(rf"[^\W_](?:[^\W_]|[{_MARKS}]|[{APOSTROPHES}](?=[^\W\d_]))*")
_SOFT_HYPHEN = "\u00ad"
_LISTS = ("kk_*", "prereform.tsv", "tote.tsv", "yanalif.tsv")


@dataclass(frozen=True, slots=True)
class Token:
    """A word of a text: characters ``start`` to ``end`` (exclusive) of it.

    ``exact`` is the folded word as it stands, ``key`` the folded stem; neither is empty nor holds a
    blank.
    """

    text: str
    start: int
    end: int
    exact: str
    key: str


def tokens(text: str, language: str) -> Iterator[Token]:
    """Yield the words of ``text``, whose lines are all in ``language`` (kaz, rus, eng, und)."""
    for match in _WORD.finditer(text):
        exact, key = _keys(match[0][:LONGEST_WORD], language)
        if exact:
            yield Token(match[0], match.start(), match.end(), exact, key)


def line_tokens(text: str, languages: Sequence[str]) -> Iterator[Token]:
    """Yield the words of a page: ``languages`` holds one code a line of ``text``.

    Lines end in a newline; lines beyond the last code are ``und``.
    """
    start = 0
    for number, line in enumerate(text.split("\n")):
        language = languages[number] if number < len(languages) else "und"
        for token in tokens(line, language):
            begin, end = token.start + start, token.end + start
            yield Token(token.text, begin, end, token.exact, token.key)
        start += len(line) + 1


@dataclass(frozen=True, slots=True)
class Reading:
    """A word of a query read in one language (kaz, rus, eng; und: as it stands)."""

    language: str
    stem: str
    key: str


def query_readings(word: str, language: str | None = None) -> tuple[Reading, ...]:
    """Return every way to read ``word`` of a query, likeliest first.

    ``language`` is that of the query where it is known. Without it a Cyrillic word gets its Kazakh
    and its Russian stem, also as typed without Kazakh letters; a Latin word those of its spellings
    in Cyrillic. Empty only for a word without letters and figures.
    """
    clean = _clean(word[:LONGEST_WORD])
    if has_kazakh(clean):
        stems = [("kaz", stem(clean, "kaz"))]
    elif script_of(clean) == "Latn":
        spelt = readings(clean)
        stems = [("und", clean), ("eng", stem(clean, "eng"))]
        stems += _plain_stems(spelt, spelt[:2], language)
    else:
        stems = _plain_stems(readings(clean), (clean,), language)
    found = (Reading(name, text, fold(text)) for name, text in dict.fromkeys(stems))
    return tuple(reading for reading in found if reading.key)


def query_keys(word: str, language: str | None = None) -> tuple[str, ...]:
    """Return every key under which ``word`` of a query may stand in the index, likeliest first.

    The keys of ``query_readings``.
    """
    return tuple(dict.fromkeys(reading.key for reading in query_readings(word, language)))


def words(text: str) -> list[str]:
    """Return the words of a query's text as they are typed."""
    return [match[0] for match in _WORD.finditer(text)]


@cache
def fingerprint() -> str:
    """Return 16 hexadecimal digits that change whenever the same text would give other keys.

    Taken over the code of analysis and the word lists; an index of another fingerprint is stale.
    """
    digest = hashlib.sha256(f"{ANALYZER} {unicodedata.unidata_version}".encode())
    modules: tuple[ModuleType, ...] = (fold_module, lookalikes, stem_module, prereform)
    modules += (spelling, tote, yanalif, derivations, endings, sounds, stemmer, stems, tables)
    for module in modules:
        digest.update(inspect.getsource(module).encode())
    for pattern in _LISTS:
        for path in sorted(lexicon.LEXICON.glob(pattern)):
            digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


@lru_cache(maxsize=200_000)
def _keys(word: str, language: str) -> tuple[str, str]:
    clean = _clean(word)
    exact = fold(clean)
    return exact, fold(stem(clean, _route(clean, language))) or exact


def _clean(word: str) -> str:
    return today(repair(unicodedata.normalize("NFC", word.replace(_SOFT_HYPHEN, ""))))


def _route(word: str, language: str) -> str:
    """Return the language whose stemmer reads ``word``: its letters decide before its line."""
    if has_kazakh(word):
        return "kaz"
    script = script_of(word)
    if script == "Latn":
        return "eng" if language == "eng" else "und"
    if script == "Cyrl" and language not in ("kaz", "rus"):
        return "rus"
    return language


def _plain_stems(
    spelt: Sequence[str], words: Sequence[str], language: str | None
) -> list[tuple[str, str]]:
    """Stems of a word without letters of Kazakh: a Kazakh word so typed, or a Russian one.

    ``spelt`` are its readings in plain letters, ``words`` those that are words as they stand.
    """
    kazakh = [("kaz", one) for one in (stem(words[0], "kaz"), *stems_of_plain(spelt))]
    russian = [("rus", stem(word, "rus")) for word in words]
    if language == "kaz":
        return kazakh
    return russian if language == "rus" else kazakh + russian
