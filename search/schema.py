"""What the index holds: one declarative table of fields, and the value that callers hand in."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from language.identify import identify
from search.analysis import Token, line_tokens, tokens

SCHEMA = "1"
"""Raise with every change of ``FIELDS`` or of what is stored; older indexes are then rebuilt."""

GAP = "|"
"""Stands between the parts of a record's words: no phrase runs over it, no word equals it."""

Kind = Literal["page", "record"]


@dataclass(frozen=True, slots=True)
class Field:
    """A searchable field: ``weight`` in ranking, ``length`` is b of BM25F (0 ignores length)."""

    name: str
    weight: float
    length: float
    positions: bool


FIELDS = (
    Field("text", 1.0, 0.75, positions=True),
    Field("exact", 0.4, 0.75, positions=False),
    Field("title", 5.0, 0.3, positions=True),
    Field("names", 4.0, 0.3, positions=True),
)
"""``text`` decides what is found; the other three lift what also matches there."""

WEIGHTS = {field.name: field.weight for field in FIELDS}
"""Weight in ranking by name of field."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A page or a record to be found.

    ``key`` is unique over both kinds (``<document>/p0001``, ``record/<id>``). ``text`` holds lines
    that end in a newline, split words joined; ``line_languages`` one ISO 639-2 code a line.
    ``names`` are persons as written. ``date`` is ISO 8601, whole or partial, or "". ``public``
    tells whether everybody may see the text.
    """

    key: str
    kind: Kind
    document: str
    page: str
    record: str
    title: str
    names: tuple[str, ...] = ()
    date: str = ""
    year: int | None = None
    text: str = ""
    line_languages: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    public: bool = False


@dataclass(frozen=True, slots=True)
class Analysed:
    """An entry as engines take it; ``fields`` holds the keys of each of ``FIELDS`` in order."""

    entry: Entry
    fields: dict[str, tuple[str, ...]]


def analyse(entry: Entry) -> Analysed:
    """Return ``entry`` with its keys.

    The words of a page are its text alone, so that a word of the title does not find every page of
    a book; the words of a record are its title, names and text.
    """
    language = entry.languages[0] if entry.languages else "und"
    body = list(line_tokens(entry.text, entry.line_languages))
    title = list(tokens(entry.title, identify(entry.title, language)))
    names = [list(tokens(name, language)) for name in entry.names]
    parts = [body] if entry.kind == "page" else [title, *names, body]
    fields = {
        "text": _joined(map(_keys_of, parts)),
        "exact": tuple(token.exact for part in parts for token in part),
        "title": _keys_of(title),
        "names": _joined(map(_keys_of, names)),
    }
    return Analysed(entry, fields)


def _keys_of(part: Iterable[Token]) -> tuple[str, ...]:
    return tuple(token.key for token in part)


def _joined(parts: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    """Put the parts into one sequence with a gap between."""
    joined: list[str] = []
    for part in parts:
        if joined and part:
            joined.append(GAP)
        joined += part
    return tuple(joined)
