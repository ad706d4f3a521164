"""Headings and values of the librarian's sheet in three languages: data of ``corpora/manifest``."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from rapidfuzz import fuzz, process

from catalog import data

LANGUAGES = ("kk", "ru", "en")
_NEAR = 60  # of 100: a value less alike than this is not proposed
_IGNORED = re.compile(r"[\s_*]+")


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the sheet: ``code`` is a field of ``ManifestRow``; texts by language code."""

    code: str
    required: bool
    width: int
    heading: dict[str, str]
    help: dict[str, str]


@cache
def columns() -> tuple[Column, ...]:
    """The columns in the order of the template."""
    return tuple(
        Column(
            code=row["code"],
            required=row["required"] == "yes",
            width=int(row["width"]),
            heading={language: row[language] for language in LANGUAGES},
            help={language: row[f"help_{language}"] for language in LANGUAGES},
        )
        for row in data.rows("manifest/columns.tsv")
    )


def label(code: str, language: str) -> str:
    """A word of the sheet (``labels.tsv``) in ``kk``, ``ru`` or ``en``; KeyError when unknown."""
    return {row["code"]: row[language] for row in data.rows("manifest/labels.tsv")}[code]


def fold(text: str) -> str:
    """One spelling for comparison: no case, ``*``, ``_``, last dot; single blanks; ё as е."""
    plain = unicodedata.normalize("NFC", text).casefold().replace("ё", "е")
    return _IGNORED.sub(" ", plain).strip().rstrip(".:").strip()


def heading_code(text: str) -> str | None:
    """The column that a heading names in any of the languages, or None."""
    return _headings().get(fold(text))


def heading_language(headings: list[str]) -> str:
    """The language of most headings; ``ru`` where none leads."""
    folded = {fold(heading) for heading in headings}
    counts = {
        language: sum(1 for column in columns() if fold(column.heading[language]) in folded)
        for language in ("ru", "kk", "en")
    }
    return max(counts, key=counts.__getitem__)


def nearest_heading(text: str, language: str) -> str | None:
    """The heading that looks most like ``text``, for a proposal; None when none is near."""
    return _nearest(text, [column.heading[language] for column in columns()])


def has_values(column: str) -> bool:
    """Whether the column takes only the values of ``values.tsv``."""
    return column in _values()


def value_code(column: str, text: str) -> str | None:
    """The code that ``text`` means in ``column``, or None when it is unknown."""
    return _values()[column].get(fold(text))


def value_names(column: str, language: str) -> list[str]:
    """The names of a column's values in one language, in the order of the table."""
    return [row[language] for row in data.rows("manifest/values.tsv") if row["column"] == column]


def value_name(column: str, code: str, language: str) -> str:
    """The name of a code in one language; the code itself when it has none."""
    for row in data.rows("manifest/values.tsv"):
        if (row["column"], row["code"]) == (column, code):
            return row[language]
    return code


def nearest_value(column: str, text: str, language: str) -> str | None:
    """The value that looks most like ``text``, in the sheet's language; None if none is near."""
    found = _nearest(text, list(_values()[column]))
    return value_name(column, _values()[column][found], language) if found is not None else None


def aliases(column: str, code: str) -> list[str]:
    """Every folded spelling of a code, the longest first."""
    spelled = [text for text, meant in _values()[column].items() if meant == code]
    return sorted(spelled, key=len, reverse=True)


def _nearest(text: str, choices: list[str]) -> str | None:
    found = process.extractOne(
        fold(text), choices, scorer=fuzz.ratio, processor=fold, score_cutoff=_NEAR
    )
    return str(found[0]) if found is not None else None


@cache
def _headings() -> dict[str, str]:
    known: dict[str, str] = {}
    for row in data.rows("manifest/columns.tsv"):
        for text in (row["code"], *_spellings(row)):
            known.setdefault(fold(text), row["code"])
    return known


@cache
def _values() -> dict[str, dict[str, str]]:
    known: dict[str, dict[str, str]] = {}
    for row in data.rows("manifest/values.tsv"):
        column = known.setdefault(row["column"], {})
        for text in (row["code"], *_spellings(row)):
            column.setdefault(fold(text), row["code"])
    return known


def _spellings(row: Mapping[str, str]) -> list[str]:
    texts = [row[language] for language in LANGUAGES] + row["aliases"].split("|")
    return [text for text in texts if text]
