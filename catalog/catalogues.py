"""Codes of catalogues and languages, whatever a library calls them."""

from functools import cache

from catalog.data import rows
from olketanu.errors import UsageError

_CATALOGUES = "catalogues/catalogues.tsv"
_LANGUAGES = "catalogues/languages.tsv"


def catalogue_codes() -> tuple[str, ...]:
    """Return the code of every catalogue, in the order of the table."""
    return tuple(row["code"] for row in rows(_CATALOGUES))


def catalogue_code(name: str) -> str:
    """Return the code of a catalogue from its code, name or another name («Краевед»).

    UsageError ``error.unknown-catalogue`` where no catalogue is called so.
    """
    found = _catalogue_names().get(_folded(name))
    if found is None:
        raise UsageError("error.unknown-catalogue", name=name, known=", ".join(catalogue_codes()))
    return found


def catalogue_name(code: str, language: str) -> str:
    """Return what a catalogue is called in Kazakh, Russian or English; an unknown one: its code."""
    return next((row[language] for row in rows(_CATALOGUES) if row["code"] == code), code)


def language_code(written: str | None) -> str:
    """Return the ISO 639-2 code of a language as a record has it («kk», «каз»), or empty."""
    folded = _folded(written or "").rstrip(".")
    return _language_names().get(folded, folded)


@cache
def _catalogue_names() -> dict[str, str]:
    return {
        _folded(name): row["code"]
        for row in rows(_CATALOGUES)
        for name in (*(row[key] for key in ("code", "kk", "ru", "en")), *row["aliases"].split("|"))
    }


@cache
def _language_names() -> dict[str, str]:
    return {name: row["code"] for row in rows(_LANGUAGES) for name in row["aliases"].split("|")}


def _folded(name: str) -> str:
    return name.strip().strip("«».").lower().replace("ё", "е")
