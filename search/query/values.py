"""Values of fields as the index has them: languages, kinds, catalogues, numbers, identifiers."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from catalog.data import rows
from language.fold import fold
from language.standard_numbers import number_key
from search.query.tree import KIND, UDC

LANGUAGE, CATALOGUE, NUMBER = "language", "catalogue", "number"

_UDC_SIGNS = str.maketrans("«»“”„–—−‑", '"""""----')
_NAMES = ("kk", "ru", "en")
_CODE = 3


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a written value asks of the index.

    ``known`` names the values there are, where the written one is none of them; it is then asked
    for as it stands.
    """

    field: str
    texts: tuple[str, ...]
    known: tuple[str, ...] = ()


def meaning_of(field: str, text: str) -> Meaning:
    """Return what ``text`` means as a value of ``field``, the reader's name of it.

    Languages, kinds and catalogues go by their codes and their names in Kazakh, Russian and
    English, in any case; a three-letter language code needs no name here (ISO 639-2).
    """
    plain = "_".join(text.split())
    if field in (LANGUAGE, KIND, CATALOGUE):
        found = _names(field).get(fold(" ".join(text.split())))
        if found is not None:
            return found
        if field == LANGUAGE and len(plain) == _CODE and plain.isascii() and plain.isalpha():
            return Meaning(LANGUAGE, (plain.lower(),))
        return Meaning(_INDEX.get(field, field), (plain.lower(),), known_values(field))
    if field == NUMBER:
        return Meaning(NUMBER, (number_key(text),))
    if field == UDC:
        return Meaning(UDC, (plain.translate(_UDC_SIGNS).strip('"'),))
    return Meaning(field, (plain.lower(),))


def known_values(field: str) -> tuple[str, ...]:
    """Return the codes that ``field`` (language, kind, catalogue) may hold, in their order."""
    codes = (code for one in _names(field).values() for code in one.texts)
    return tuple(dict.fromkeys(codes))


_INDEX = {KIND: "form"}


@cache
def _names(field: str) -> dict[str, Meaning]:
    return {fold(name): meaning for name, meaning in _written(field)}


def _written(field: str) -> Iterator[tuple[str, Meaning]]:
    if field == LANGUAGE:
        for row in rows("catalogues/languages.tsv"):
            for name in (row["code"], *row["aliases"].split("|")):
                yield name, Meaning(LANGUAGE, (row["code"],))
    elif field == CATALOGUE:
        for row in rows("catalogues/catalogues.tsv"):
            names = (row["code"], *(row[key] for key in _NAMES), *row["aliases"].split("|"))
            for name in names:
                yield name, Meaning(CATALOGUE, (row["code"],))
    else:
        yield from _kinds()


def _kinds() -> Iterator[tuple[str, Meaning]]:
    """Names of single kinds first, so that those of several, which come after, prevail."""
    for row in rows("manifest/values.tsv"):
        if row["column"] == "kind":
            names = (row["code"], *(row[key] for key in _NAMES), *row["aliases"].split("|"))
            for name in names:
                yield name, Meaning("form", (row["code"],))
    for row in rows("search/kinds.tsv"):
        for name in (name for key in _NAMES for name in row[key].split("|")):
            yield name, Meaning(row["field"], tuple(row["values"].split("|")))
