"""Headings of a list: under which an entry stands at each level, in words and in order."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from catalog.data import rows
from catalog.lists.entry import Entry
from catalog.lists.filing import class_key
from catalog.udc.table import load_table
from language.collation import initial, sort_key

_FIRST, _LAST = "", "\U0010ffff"
_ISO = {"kk": "kaz", "ru": "rus", "en": "eng"}
_RANKS = {"kaz": "1", "rus": "2"}
_YEAR_LIMIT = 9999


@dataclass(frozen=True, slots=True)
class Heading:
    """``key`` orders headings of one level; ``text`` is printed, ``mark`` its number or letter."""

    key: tuple[str, ...]
    text: str
    mark: str = ""

    @property
    def caption(self) -> str:
        """The text without the mark."""
        return self.text.removeprefix(self.mark).strip()


@dataclass(frozen=True, slots=True)
class Words:
    """The language of headings (kk, ru, en) and the alphabet of their order."""

    language: str = "kk"
    alphabet: str = "kk"

    @property
    def code(self) -> str:
        """The language as ISO 639-2."""
        return _ISO[self.language]

    def __call__(self, word: str) -> str:
        """A word of ``corpora/lists/words.tsv`` in the language."""
        return _table()[word][self.language]

    def caption(self, captions: Mapping[str, str]) -> str:
        """The caption in the language, or in Russian where the table has no other."""
        return captions.get(self.language) or captions.get("ru", "")


def heading_of(level: str, entry: Entry, words: Words) -> Heading:
    """Return the heading of one level (``definition.HEADINGS``) under which ``entry`` stands.

    Of several classes, subjects or rubrics the first counts: an entry has one number in a list.
    """
    return _LEVELS[level](entry, words)


def language_rank(entry: Entry) -> str:
    """Kazakh before Russian before all others."""
    return _RANKS.get(entry.view.language or "", "3")


def _udc(entry: Entry, words: Words) -> Heading:
    row = next(filter(None, map(load_table().nearest, entry.view.udc)), None)
    if row is None:
        return Heading((_LAST,), words("unclassed"))
    return _classed(row.notation, words.caption(row.captions))


def _udc_main(entry: Entry, words: Words) -> Heading:
    main = next((mark[0] for mark in entry.view.udc if mark[:1].isdecimal()), "")
    captions = load_table().captions(main)
    if not captions:
        return Heading((_LAST,), words("unclassed"))
    return _classed(main, words.caption(captions))


def _bbk_division(entry: Entry, words: Words) -> Heading:
    division = next(filter(None, map(_division, entry.view.bbk)), "")
    if not division:
        return Heading((_LAST,), words("unclassed"))
    return _classed(division, words.caption(_bbk()[division]))


def _classed(mark: str, caption: str) -> Heading:
    return Heading((class_key(mark),), f"{mark} {caption}", mark)


def _subject(entry: Entry, words: Words) -> Heading:
    return _worded(entry.subjects, words)


def _rubric(entry: Entry, words: Words) -> Heading:
    return _worded(entry.rubrics, words)


def _worded(texts: tuple[str, ...], words: Words) -> Heading:
    if not texts:
        return Heading((_LAST,), words("unheaded"))
    return Heading(tuple(sort_key(texts[0], words.alphabet)), texts[0])


def _letter(entry: Entry, words: Words) -> Heading:
    letter = initial(entry.filed, words.alphabet)
    if not letter:
        return Heading((_FIRST,), words("signs"), words("signs"))
    return Heading(tuple(sort_key(letter, words.alphabet)), letter, letter)


def _language(entry: Entry, words: Words) -> Heading:
    known = f"lang_{entry.view.language}"
    rank = language_rank(entry)
    if known not in _table():
        return Heading(("9",), words("lang_other"))
    return Heading((rank, known), words(known))


def _entered(entry: Entry, words: Words) -> Heading:
    year, _, month = entry.entered[:7].partition("-")
    if not month:
        return Heading((_LAST,), words("undated"))
    name = words(f"month_{int(month)}")
    text = words("month").format(year=year, month=name)
    return Heading((_newest(year, month),), text[0].upper() + text[1:])


def _year(entry: Entry, words: Words) -> Heading:
    year = entry.view.year
    if year is None:
        return Heading((_LAST,), words("undated"))
    return Heading((_newest(str(year), "0"),), str(year))


def _newest(year: str, month: str) -> str:
    """A key that puts later months first."""
    return f"{_YEAR_LIMIT - int(year):04}{12 - int(month):02}"


_LEVELS: Mapping[str, Callable[[Entry, Words], Heading]] = MappingProxyType(
    {
        "udc_main": _udc_main,
        "udc": _udc,
        "bbk": _bbk_division,
        "subject": _subject,
        "rubric": _rubric,
        "letter": _letter,
        "language": _language,
        "entered": _entered,
        "year": _year,
    }
)


def _division(notation: str) -> str:
    """The longest number of the table that a ББК mark begins with, or empty."""
    return next((notation[:n] for n in (2, 1) if notation[:n] in _bbk()), "")


@cache
def _bbk() -> Mapping[str, Mapping[str, str]]:
    return {row["notation"]: row for row in rows("lists/bbk.tsv")}


@cache
def _table() -> Mapping[str, Mapping[str, str]]:
    return {row["word"]: row for row in rows("lists/words.tsv")}
