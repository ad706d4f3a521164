"""Dialects of exchange files, each one file that a library's own people can read and change.

A profile says what a file does not say of itself: container, record format, character set, signs
that end fields, tags that mean something else there, the field with the stable number, local
fields, columns of tables. Those of the program lie in ``corpora/profiles``; a library gives its own
by path. How they are written: docs/howto/profiles.md.
"""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from catalog.charset.decoding import named
from catalog.data import text
from catalog.host import source_places
from catalog.marc.reading import CONTAINERS, BadRecord, ReadRecord
from catalog.marc.tables.columns import Column, Columns, Target, target
from catalog.record import (
    FORMATS,
    ControlField,
    DataField,
    Field,
    LinkField,
    Record,
    Subfield,
)
from catalog.source_text import is_source
from olketanu.errors import InputError, UsageError

NAMES = ("rusmarc", "marc21", "irbis", "kabis", "kazmarc")
_KEYS = {
    "": {"title", "container", "format", "charset", "leader", "number", "plain_source",
         "terminators", "rename", "local", "column", "constant", "aliases"},
    "terminators": {"record", "field", "subfield"},
    "local": {"field", "meaning"},
    "column": {"heading", "to", "split", "aliases"},
    "constant": {"to", "value"},
}  # fmt: skip
_STANDARD = {"record": 0x1D, "field": 0x1E, "subfield": 0x1F}
_NUMBER = Target("001")
_TAG = re.compile(r"[0-9A-Z]{3,5}")


@dataclass(frozen=True, slots=True)
class Local:
    """A field, or a subfield, that the standard does not know, and what it means there."""

    place: Target
    meaning: str


@dataclass(frozen=True, slots=True)
class Profile:
    """A dialect. None and empty: found out from the file, or as the standard has it.

    ``number`` is where the stable record number stands, ``plain_source`` the field that holds the
    source of an article as plain text; ``rename`` turns their tags into ours, ``swapped`` is the
    table of 256 bytes that turns their signs into those of ISO 2709, and back; ``text`` is all that
    its file says. Tags are ours, as they are after ``rename``.
    """

    name: str
    title: str = ""
    container: str | None = None
    format: str | None = None
    charset: str | None = None
    number: Target = _NUMBER
    plain_source: Target | None = None
    rename: tuple[tuple[str, str], ...] = ()
    swapped: bytes = b""
    local: tuple[Local, ...] = ()
    columns: Columns | None = None
    text: str = ""

    @property
    def number_place(self) -> str:
        """Where the record number stands, as a field or with its subfield: ``001``, ``035$a``."""
        return _place(self.number)

    @property
    def local_places(self) -> tuple[str, ...]:
        """Its local fields and subfields, as rules name them: ``899``, ``910$b``."""
        return tuple(_place(one.place) for one in self.local)


@cache
def known_profile(name: str) -> Profile:
    """Return a profile of the program; UsageError ``error.profile-name`` for another name."""
    if name not in NAMES:
        raise UsageError("error.profile-name", name=name, known=", ".join(NAMES))
    return parse_profile(text(f"profiles/{name}.toml"), name)


@cache
def usual_columns(form: str) -> Columns:
    """Return the columns of tables of a record format where no profile names others."""
    name = form if form in ("marc21", "irbis") else "rusmarc"
    found = known_profile(name).columns
    return found or Columns(())


def parse_profile(content: str, name: str) -> Profile:
    """Return the profile that a file says; ``name`` is the file as a person knows it.

    InputError, each with file and line: ``error.profile-syntax`` (no TOML), ``error.profile-key``
    (a key that profiles do not have), ``error.profile-value`` (a value that the key cannot have).
    """
    try:
        data = tomllib.loads(content)
    except (ValueError, RecursionError) as error:
        line = re.search(r"line (\d+)", str(error))
        raise InputError(
            "error.profile-syntax", file=name, line=line[1] if line else "?", reason=str(error)
        ) from error
    return _Parsed(content, name).profile(data)


def renamed_in(
    records: Iterable[ReadRecord | BadRecord], profile: Profile
) -> Iterator[ReadRecord | BadRecord]:
    """Yield what was read with our tags, its raw bytes as they stand in the file.

    A source of ``plain_source`` becomes a note, where the view of a record looks for it.
    """
    ours = dict(profile.rename)
    for one in records:
        raw = one.raw.translate(profile.swapped) if profile.swapped else one.raw
        if isinstance(one, BadRecord):
            yield BadRecord(one.offset, one.reason, raw)
        else:
            record = _renamed(one.record, ours)
            here = _sources(profile, record.format)
            yield replace(one, raw=raw, record=_moved(record, *here) if here else record)


def renamed_out(records: Iterable[Record], profile: Profile) -> Iterator[Record]:
    """Yield the records with the tags of the dialect, notes that are sources in their field."""
    theirs = {our: their for their, our in profile.rename}
    for record in records:
        here = _sources(profile, record.format)
        yield _renamed(_moved(record, *reversed(here)) if here else record, theirs)


def _sources(profile: Profile, form: str) -> tuple[Target, Target] | None:
    """Where sources as text stand there, and where with us; None: the view finds them as it is."""
    there = profile.plain_source
    if there is None or _place(there) in source_places(form).split():
        return None
    return there, Target("500" if form == "marc21" else "300", code=there.code and "a")


def _moved(record: Record, origin: Target, goal: Target) -> Record:
    return replace(record, fields=tuple(_put(field, origin, goal) for field in record.fields))


def _put(field: Field, origin: Target, goal: Target) -> Field:
    """The field at its new place, if it holds a source and nothing else: so it finds back."""
    if field.tag != origin.tag or isinstance(field, LinkField):
        return field
    if isinstance(field, ControlField):
        fits = not origin.code and is_source(field.data)
        return replace(field, tag=goal.tag) if fits else field
    text = field.subfields[0].value if field.subfields else ""
    if [one.code for one in field.subfields] != [origin.code] or not is_source(text):
        return field
    return DataField(goal.tag, field.indicators, (Subfield(goal.code, text),))


def _renamed(record: Record, tags: Mapping[str, str]) -> Record:
    if not tags:
        return record
    fields = tuple(_retagged(field, tags.get(field.tag, field.tag)) for field in record.fields)
    return Record(record.format, record.leader, fields)


def _retagged(field: Field, tag: str) -> Field:
    return field if tag == field.tag else replace(field, tag=tag)


class _Parsed:
    """The values of a profile's file, each checked; errors know the line of their key."""

    def __init__(self, content: str, name: str) -> None:
        self._lines = content.splitlines()
        self._name = name

    def profile(self, data: Mapping[str, Any]) -> Profile:
        self._keys(data, "")
        said: dict[str, Any] = {"name": self._name, "title": self._text(data, "title", "")}
        for key, choices in (("container", tuple(CONTAINERS)), ("format", FORMATS)):
            said[key] = self._choice(data, key, choices)
        if charset := self._text(data, "charset", ""):
            said["charset"] = self._charset(charset)
        if "number" in data:
            said["number"] = self._target(data, "number", "")
        if "plain_source" in data:
            said["plain_source"] = self._target(data, "plain_source", "")
        said["rename"] = self._rename(data.get("rename", {}))
        said["swapped"] = self._swapped(data.get("terminators", {}))
        said["local"] = tuple(self._local(one, n) for n, one in self._tables(data, "local"))
        said["columns"] = self._columns(data)
        return Profile(**said, text="\n".join(self._lines))

    def _columns(self, data: Mapping[str, Any]) -> Columns | None:
        aliases = data.get("aliases", {})
        columns = tuple(self._column(one, n, aliases) for n, one in self._tables(data, "column"))
        constants = tuple(
            (self._target(one, "to", "constant", n), self._text(one, "value", "constant", n))
            for n, one in self._tables(data, "constant")
        )
        leader = self._text(data, "leader", "") or Columns(()).leader
        if len(leader) != len(Columns(()).leader):
            self._wrong("leader", leader, "")
        return Columns(columns, constants, leader) if columns else None

    def _column(self, data: Mapping[str, Any], number: int, aliases: Any) -> Column:  # noqa: ANN401 - whatever stands in the file
        headings = data.get("heading", ())
        texts = (headings,) if isinstance(headings, str) else headings
        if not texts or not isinstance(texts, list | tuple) or not all(_is_text(t) for t in texts):
            self._wrong("heading", headings, "column", number)
        name = self._text(data, "aliases", "column", number)
        table = aliases.get(name, {}) if isinstance(aliases, Mapping) else {}
        if name and not (isinstance(table, Mapping) and table):
            self._wrong("aliases", name, "column", number)
        words = tuple((str(word).casefold(), str(code)) for word, code in table.items())
        place = self._target(data, "to", "column", number)
        split = self._text(data, "split", "column", number)
        return Column(tuple(texts), place, split, words)

    def _local(self, data: Mapping[str, Any], number: int) -> Local:
        meaning = self._text(data, "meaning", "local", number)
        return Local(self._target(data, "field", "local", number), meaning)

    def _rename(self, data: Any) -> tuple[tuple[str, str], ...]:  # noqa: ANN401 - whatever stands in the file
        table = data if isinstance(data, Mapping) else self._wrong("rename", data, "")
        for theirs, ours in table.items():
            if not _is_tag(theirs) or not _is_tag(ours) or list(table.values()).count(ours) > 1:
                self._wrong(str(theirs), ours, "rename")
        return tuple(table.items())

    def _swapped(self, data: Any) -> bytes:  # noqa: ANN401 - whatever stands in the file
        table = data if isinstance(data, Mapping) else self._wrong("terminators", data, "")
        self._keys(table, "terminators")
        swapped = bytearray(range(256))
        for key, standard in _STANDARD.items():
            code = table.get(key, standard)
            if not isinstance(code, int) or not 0 <= code < len(swapped):
                self._wrong(key, code, "terminators")
            if swapped[code] != code and code != standard:
                self._wrong(key, code, "terminators")
            swapped[code], swapped[standard] = standard, code
        return b"" if swapped == bytes(range(256)) else bytes(swapped)

    def _tables(self, data: Mapping[str, Any], key: str) -> Iterator[tuple[int, Mapping[str, Any]]]:
        several = data.get(key, [])
        if not isinstance(several, list) or not all(isinstance(one, Mapping) for one in several):
            self._wrong(key, several, "")
        for number, one in enumerate(several):
            self._keys(one, key, number)
            yield number, one

    def _keys(self, data: Mapping[str, Any], table: str, number: int = 0) -> None:
        for key in data:
            if key not in _KEYS[table]:
                line = self._line(key, table, number)
                raise InputError("error.profile-key", file=self._name, line=line, name=key)

    def _text(self, data: Mapping[str, Any], key: str, table: str, number: int = 0) -> str:
        value = data.get(key, "")
        return value if isinstance(value, str) else str(self._wrong(key, value, table, number))

    def _choice(self, data: Mapping[str, Any], key: str, choices: tuple[str, ...]) -> str | None:
        value = self._text(data, key, "")
        if value and value not in choices:
            self._wrong(key, value, "")
        return value or None

    def _charset(self, value: str) -> str:
        try:
            return named(value)
        except UsageError:
            return str(self._wrong("charset", value, ""))

    def _target(self, data: Mapping[str, Any], key: str, table: str, number: int = 0) -> Target:
        value = self._text(data, key, table, number)
        try:
            return target(value)
        except ValueError:
            self._wrong(key, value, table, number)
            raise

    def _wrong(self, key: str, value: object, table: str, number: int = 0) -> Any:  # noqa: ANN401 - it never returns
        line = self._line(key, table, number)
        raise InputError("error.profile-value", file=self._name, line=line, name=key, value=value)

    def _line(self, key: str, table: str, number: int) -> int | str:
        """The line of a key in the table of that name, the ``number``-th of several; from 1."""
        here, count = table == "", -1
        for at, line in enumerate(self._lines, 1):
            if head := re.match(r"\s*\[+\s*([\w.]+)\s*\]+", line):
                count += head[1] == table
                here = head[1] == table and count in (number, -1)
                if table == "" and head[1].split(".")[0] == key:
                    return at
            elif here and re.match(rf"""\s*["']?{re.escape(key)}["']?\s*=""", line):
                return at
        return "?"


def _place(where: Target) -> str:
    return f"{where.tag}${where.code}" if where.code else where.tag


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _is_tag(value: object) -> bool:
    return isinstance(value, str) and _TAG.fullmatch(value) is not None
