"""From text to index keys: words, their language, their stem, one folded key.

All engines get ready-made keys, so they find the same. A word is routed by its own letters first,
then by the language of its line; a word of a query whose language nobody knows gets the keys of
every language it may be.
"""

import hashlib
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import groupby, repeat

from language.fold import fold, fold_letters, readings
from language.kazakh.stemmer import stems_of_plain
from language.letters import (
    APOSTROPHES,
    KAZAKH_ALPHABET,
    RUSSIAN_ALPHABET,
    has_kazakh,
    script_of,
)
from language.lookalikes import repair
from language.prereform import is_old
from language.spelling import today
from language.stem import stem
from olketanu import APP_ROOT

ANALYZER = "2"
"""Raise when keys change by code that the fingerprint does not see."""

LONGEST_WORD = 64
"""Characters of a word that count; the rest is noise of recognition."""

MOST_KNOWN = 200_000
"""Words of one language of lines whose keys are remembered, and as many from before them."""

_MARKS = "\u0300-\u036f\u00ad"
_WORD = re.compile(rf"[^\W_]+(?:(?:[{_MARKS}]|[{APOSTROPHES}](?=[^\W\d_]))[^\W_]*)*")
_SIGNS = "".join(sorted({*KAZAKH_ALPHABET, *RUSSIAN_ALPHABET}))
_PLAIN = re.compile(f"[{_SIGNS}{_SIGNS.upper()}][{_SIGNS}]+")
_SOFT_HYPHEN = "\u00ad"
_LANGUAGES = ("kaz", "rus", "eng")
_NO_WORD = ("", "")

_LANGUAGE = (
    *("fold", "identify", "letters", "lexicon", "lookalikes", "prereform", "spelling"),
    *("standard_numbers", "stem", "tote", "yanalif", "kazakh/*"),
)
_LISTS = ("function_words.tsv", "kk_*", "prereform.tsv", "tote.tsv", "yanalif.tsv")
SOURCES = (
    *(f"language/{module}.py" for module in _LANGUAGE),
    *(f"corpora/lexicon/{name}" for name in _LISTS),
)
"""Patterns of the files, under the root of the program, that decide what keys a text has."""


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


@dataclass(frozen=True, slots=True)
class TextKeys:
    """The words of a text as ``tokens`` gives them: ``exact[n]`` and ``keys[n]`` are of one."""

    exact: tuple[str, ...]
    keys: tuple[str, ...]


def tokens(text: str, language: str) -> Iterator[Token]:
    """Yield the words of ``text``, whose lines are all in ``language`` (kaz, rus, eng, und)."""
    known = _known(language)
    for match in _WORD.finditer(text):
        exact, key = known[match[0]]
        if exact:
            yield Token(match[0], match.start(), match.end(), exact, key)


def line_tokens(text: str, languages: Sequence[str]) -> Iterator[Token]:
    """Yield the words of a page: ``languages`` holds one code a line of ``text``.

    Lines end in a newline; lines beyond the last code are ``und``.
    """
    start = 0
    for language, lines in _runs(text, languages):
        for token in tokens(lines, language):
            begin, end = token.start + start, token.end + start
            yield Token(token.text, begin, end, token.exact, token.key)
        start += len(lines) + 1


def text_keys(text: str, language: str) -> TextKeys:
    """Return the keys of ``tokens``, several times as fast: for the index."""
    return _parted(list(map(_known(language).__getitem__, _WORD.findall(text))))


def line_keys(text: str, languages: Sequence[str]) -> TextKeys:
    """Return the keys of ``line_tokens``, several times as fast: for the index."""
    found: list[tuple[str, str]] = []
    for language, lines in _runs(text, languages):
        found += map(_known(language).__getitem__, _WORD.findall(lines))
    return _parted(found)


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

    Taken over ``SOURCES``; an index of another fingerprint is stale.
    """
    digest = hashlib.sha256(f"{ANALYZER} {unicodedata.unidata_version}".encode())
    for pattern in SOURCES:
        for path in sorted(APP_ROOT.glob(pattern)):
            digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _runs(text: str, languages: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield the lines of ``text`` with their language; neighbours of one language together."""
    lines = text.split("\n")
    codes = [*languages[: len(lines)], *repeat("und", len(lines) - len(languages))]
    start = 0
    for language, run in groupby(codes):
        end = start + sum(1 for _ in run)
        yield language, "\n".join(lines[start:end])
        start = end


def _parted(found: list[tuple[str, str]]) -> TextKeys:
    if _NO_WORD in found:
        found = [pair for pair in found if pair != _NO_WORD]
    if not found:
        return TextKeys((), ())
    exact, keys = zip(*found, strict=True)
    return TextKeys(exact, keys)


class _Known(dict[str, tuple[str, str]]):
    """Exact form and key of the words met on lines of one language, ``_NO_WORD`` for signs alone.

    Bounded: when it is full it starts anew and takes what is met again from the words before; what
    recognition made up once is forgotten.
    """

    def __init__(self, language: str) -> None:
        super().__init__()
        self._language = language
        self._before: dict[str, tuple[str, str]] = {}

    def __missing__(self, word: str) -> tuple[str, str]:
        if len(word) > LONGEST_WORD:
            return _keys(word[:LONGEST_WORD], self._language)
        found = self._before.get(word) or self._in_small(word) or _keys(word, self._language)
        if len(self) >= MOST_KNOWN:
            self._before = self.copy()
            self.clear()
        self[word] = found
        return found

    def _in_small(self, word: str) -> tuple[str, str] | None:
        """What is known of a word that begins a sentence here and stood inside one before."""
        small = word.lower()
        return self.get(small) if small != word and _is_plain(word) else None


_known_of = cache(_Known)


def _known(language: str) -> _Known:
    return _known_of(language if language in _LANGUAGES else "und")


def _keys(word: str, language: str) -> tuple[str, str]:
    if _is_plain(word):
        clean, route = word.lower(), _route_of_cyrillic(word, language)
        exact = fold_letters(clean)
    else:
        clean = _clean(word)
        route = _route(clean, language)
        exact = fold(clean)
    if not exact:
        return _NO_WORD
    stemmed = stem(clean, route)
    key = exact if stemmed == clean else fold(stemmed) or exact
    # Equal strings are made one: half a million words may be remembered.
    exact = word if exact == word else exact
    return exact, exact if key == exact else key


def _is_plain(word: str) -> bool:
    """Tell whether ``word`` is of letters that ``_clean`` leaves as they are; half of them are."""
    return _PLAIN.fullmatch(word) is not None and not is_old(word)


def _clean(word: str) -> str:
    return today(repair(unicodedata.normalize("NFC", word.replace(_SOFT_HYPHEN, ""))))


def _route(word: str, language: str) -> str:
    """Return the language whose stemmer reads ``word``: its letters decide before its line."""
    script = "Cyrl" if has_kazakh(word) else script_of(word)
    if script == "Cyrl":
        return _route_of_cyrillic(word, language)
    if script == "Latn":
        return language if language in ("eng", "kaz") else "und"
    return language


def _route_of_cyrillic(word: str, language: str) -> str:
    return "kaz" if language == "kaz" or has_kazakh(word) else "rus"


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
