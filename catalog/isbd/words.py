"""Words and marks that a description adds of itself, in the language of the document."""

from functools import cache

from catalog.data import rows
from language.letters import script_of

LANGUAGES = ("rus", "kaz", "eng")
"""The languages that have words of their own."""

_TAGS = {"kaz": "kk", "rus": "ru", "eng": "en", "ger": "de", "fre": "fr", "ukr": "uk", "tur": "tr"}


def words_language(language: str | None, text: str) -> str:
    """Return whose words are used: rus, kaz or eng; for other languages by the script of ``text``.

    GOST 7.1-2003 §4.6: descriptions are in the language of the document, or of the agency where
    the document's cannot be used.
    """
    if language in LANGUAGES:
        return language
    return "eng" if script_of(text) == "Latn" else "rus"


def word(key: str, language: str) -> str:
    """Return a word of ``corpora/isbd/words.tsv``; ``language`` is rus, kaz or eng."""
    return _words()[key, language]


def designation(content: str, carrier: str, language: str) -> str:
    """Return the general material designation without brackets: «Текст» (GOST 7.1-2003 §5.2.3)."""
    return _media()[content, carrier][f"designation_{language}"]


def content_area(content: str, carrier: str, language: str) -> str:
    """Return the area of content and means of access (GOST R 7.0.100-2018 §5.10)."""
    return _media()[content, carrier][f"area_{language}"]


def areas(level: str, edition: str) -> tuple[str, ...]:
    """Return the names of the areas in their order; ``level`` is whole or part."""
    table = rows("isbd/areas.tsv")
    found = (row for row in table if (row["level"], row["edition"]) == (level, edition))
    return tuple(next(found)["areas"].split())


def full_place(place: str) -> str:
    """Return the place of publication in full where the table knows its short form."""
    return _places().get(place, place)


def html_language(language: str) -> str:
    """Return the BCP 47 tag of an ISO 639-2 code (``kk`` for kaz); unknown codes as they are."""
    return _TAGS.get(language, language)


@cache
def _words() -> dict[tuple[str, str], str]:
    table = rows("isbd/words.tsv")
    return {(row["key"], language): row[language] for row in table for language in LANGUAGES}


@cache
def _media() -> dict[tuple[str, str], dict[str, str]]:
    """Only text, maps and images differ by carrier; the others have one row."""
    known = {(row["content"], row["carrier"]): dict(row) for row in rows("isbd/media.tsv")}
    electronic = known["text", "electronic"]
    for content in {content for content, _ in known}:
        known.setdefault((content, "electronic"), known.get((content, "print"), electronic))
    return known


@cache
def _places() -> dict[str, str]:
    return {row["short"]: row["full"] for row in rows("isbd/places.tsv")}
