"""The correction sheet (правочный лист) as a value, whatever it is written on."""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from catalog import data
from olketanu.messages.translate import language
from olketanu.settings import LANGUAGES

TICK = "\N{CHECK MARK}"
BOX = "\N{BALLOT BOX}"


@dataclass(frozen=True, slots=True)
class Line:
    """One correction. ``field`` is tag and, of repeats, which; ``action`` a word; texts as shown.

    ``code`` is made of the record and the correction, and brings the ticked line home.
    """

    code: str
    field: str
    action: str
    was: str
    now: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """A record with its corrections: their control number (or none), words to know it by."""

    number: str
    title: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """``heading`` and ``legend`` are sentences above and below; ``day`` is ISO 8601."""

    heading: str
    subject: str
    legend: str
    day: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """A column by its code, with its width in characters and its heading by language."""

    code: str
    width: int
    headings: Mapping[str, str]

    @property
    def heading(self) -> str:
        """The heading in the language of messages."""
        return self.headings[language()]


@cache
def columns() -> tuple[Column, ...]:
    """Return the columns in their order."""
    return tuple(
        Column(row["code"], int(row["width"]), MappingProxyType({n: row[n] for n in LANGUAGES}))
        for row in data.rows("correction/columns.tsv")
    )


def cells(entry: Entry, line: Line) -> tuple[str, ...]:
    """Return a line as a row of :func:`columns`, its boxes empty."""
    told = (entry.number, entry.title, line.field, line.action, line.was, line.now)
    return (*told, "", "", line.note, line.code)


def column_codes(headings: Sequence[str]) -> list[str | None]:
    """Return the column that each heading names in any of the languages; None for another one."""
    return [_headings().get(fold(heading)) for heading in headings]


def is_ticked(mark: str) -> bool | None:
    """Return what a mark in a box means; None where it is neither yes nor no."""
    return _marks().get(fold(mark)) if mark.strip() else False


def fold(text: str) -> str:
    """One spelling for comparison: NFC, no case, single blanks."""
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())


@cache
def _headings() -> Mapping[str, str]:
    return {fold(text): one.code for one in columns() for text in one.headings.values()}


@cache
def _marks() -> Mapping[str, bool]:
    return {row["mark"]: row["means"] == "yes" for row in data.rows("correction/marks.tsv")}
