"""What the index holds: one declarative table of fields, and the value that callers hand in.

The table is ``corpora/search/fields.tsv``; records and pages share it.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from typing import Literal

from catalog.data import rows
from language.identify import identify
from language.standard_numbers import number_key
from search.analysis import TextKeys, line_keys, text_keys

SCHEMA = "5"
"""Raise with every change of the fields or of what is stored; older indexes are then rebuilt."""

GAP = "|"
"""Stands between the parts of a record's words: no phrase runs over it, no word equals it."""

Kind = Literal["page", "record"]


@dataclass(frozen=True, slots=True)
class Field:
    """A searchable field: ``weight`` in ranking, ``length`` is b of BM25F (0 ignores length).

    ``positions``: a ``Row`` may be asked of it. ``values``: it holds values as they are, for
    filters and facets, not words.
    """

    name: str
    weight: float
    length: float
    positions: bool
    values: bool


def _field(row: dict[str, str]) -> Field:
    return Field(
        row["name"],
        float(row["weight"]),
        float(row["length"]),
        positions=row["positions"] == "yes",
        values=row["holds"] == "values",
    )


FIELDS = tuple(_field(dict(row)) for row in rows("search/fields.tsv"))
"""``text`` decides what a word finds; exact, title, names, subjects, notes lift what matches there
too.
"""

BY_NAME = {field.name: field for field in FIELDS}
"""The fields by name."""

FACETS = tuple(field.name for field in FIELDS if field.values)
"""Fields that hold values."""


def schema_fingerprint() -> str:
    """Return what changes whenever an index made before has other fields than those of now."""
    shape = ";".join(f"{f.name} {f.positions} {f.values}" for f in FIELDS)
    return f"{SCHEMA}-{hashlib.sha256(shape.encode()).hexdigest()[:8]}"


@dataclass(frozen=True, slots=True)
class Entry:
    """A page or a record to be found.

    ``key`` is unique over both kinds (``<document>/p0001``, ``record/<id>``). ``text`` holds lines
    that end in a newline, split words joined; ``line_languages`` one ISO 639-2 code a line.
    ``title`` is what hit lists show; ``titles`` are others under which it may be looked for.
    ``names`` are persons and bodies as written, ``subjects`` headings and places, ``notes``
    annotations. ``form`` is the kind of publication (``catalog.view``), ``date`` ISO 8601, whole or
    partial, or "". ``udc`` holds a number and the broader ones (``catalog.udc.hierarchy``),
    ``collections`` thematic folders, ``numbers`` ISBN, ISSN, control number. ``public`` tells
    whether everybody may see the text.
    """

    key: str
    kind: Kind
    document: str
    page: str
    record: str
    title: str
    titles: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    subjects: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    form: str = ""
    date: str = ""
    text: str = ""
    line_languages: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    catalogues: tuple[str, ...] = ()
    collections: tuple[str, ...] = ()
    udc: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    public: bool = False


@dataclass(frozen=True, slots=True)
class Analysed:
    """An entry as engines take it.

    ``fields`` holds the keys of each of ``FIELDS`` in order; no key holds white space. Where a
    field keeps positions, a key stands at its place in the row.
    """

    entry: Entry
    fields: dict[str, tuple[str, ...]]


def analyse(entry: Entry) -> Analysed:
    """Return ``entry`` with its keys.

    The words of a page are its text alone, so that a word of the title does not find every page of
    a book; the words of a record are its title, names, subjects, notes and text.
    """
    language = entry.languages[0] if entry.languages else "und"
    body = line_keys(entry.text, entry.line_languages)
    described = {
        "title": [_described(text, language) for text in (entry.title, *entry.titles)],
        "names": [text_keys(name, language) for name in entry.names],
        "subjects": [_described(text, language) for text in entry.subjects],
        "notes": [text_keys(text, identify(text, language)) for text in entry.notes],
    }
    parts = [body]
    if entry.kind == "record":
        parts = [part for every in described.values() for part in every] + parts
    fields = {
        "text": _joined(parts),
        "exact": tuple(chain.from_iterable(part.exact for part in parts)),
        **{name: _joined(every) for name, every in described.items()},
        **_values(entry),
    }
    return Analysed(entry, fields)


@lru_cache(maxsize=4096)  # pages of a book share its title, and headings come again and again
def _described(text: str, language: str) -> TextKeys:
    """Return the keys of a title or a heading, which may be in another language than its entry."""
    return text_keys(text, identify(text, language))


def _values(entry: Entry) -> dict[str, tuple[str, ...]]:
    values: dict[str, Sequence[str]] = {
        "kind": (entry.kind,),
        "form": (entry.form,),
        "language": entry.languages,
        "date": [entry.date[:length] for length in (4, 7, 10) if len(entry.date) >= length],
        "catalogue": entry.catalogues,
        "collection": entry.collections,
        "udc": entry.udc,
        "document": (entry.document,),
        "record": (entry.record,),
        "number": tuple(map(number_key, entry.numbers)),
    }
    return {
        name: tuple(dict.fromkeys(value for text in of if (value := _value(text))))
        for name, of in values.items()
    }


def _value(text: str) -> str:
    """A value without white space, which no engine may split."""
    return "_".join(text.split())


def _joined(parts: Iterable[TextKeys]) -> tuple[str, ...]:
    """Put the keys of the parts into one sequence with a gap between."""
    joined: list[str] = []
    for part in parts:
        if joined and part.keys:
            joined.append(GAP)
        joined += part.keys
    return tuple(joined)
