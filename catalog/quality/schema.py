"""Schemas of formats (Avram): fields, indicators, subfields, coded positions.

``corpora/schemas/<format>.avram.json``, compiled once. Beside Avram's own keys: ``local``, tags
that a library may fill as it likes (``9XX``), and ``length`` and ``pattern`` of a text.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from catalog.data import document


@dataclass(frozen=True, slots=True)
class Position:
    """Characters ``start`` to ``end`` of a text: allowed ``codes`` or a ``pattern``."""

    start: int
    end: int
    codes: frozenset[str]
    pattern: re.Pattern[str] | None

    def allows(self, text: str) -> bool:
        """Whether what stands in the position is allowed."""
        part = text[self.start : self.end]
        if self.pattern is not None:
            return self.pattern.fullmatch(part) is not None
        return part in self.codes


@dataclass(frozen=True, slots=True)
class TextSchema:
    """What a control field or a subfield may hold; ``length`` 0 and no pattern: anything."""

    repeatable: bool = False
    length: int = 0
    pattern: re.Pattern[str] | None = None
    positions: tuple[Position, ...] = ()

    @property
    def free(self) -> bool:
        """Whether there is nothing to check in the text."""
        return not (self.length or self.pattern or self.positions)


@dataclass(frozen=True, slots=True)
class FieldSchema:
    """A field; ``indicators`` are the allowed signs of each, ``text`` is for control fields."""

    tag: str
    repeatable: bool
    indicators: tuple[str, str]
    subfields: Mapping[str, TextSchema]
    text: TextSchema
    embedded: bool
    labels: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Schema:
    """A format. ``lists`` are its code lists by name."""

    fields: Mapping[str, FieldSchema]
    lists: Mapping[str, frozenset[str]]
    local: tuple[str, ...]

    def is_local(self, tag: str) -> bool:
        """Whether the format leaves a tag to the library."""
        return any(
            all(p in ("X", sign) for p, sign in zip(one, tag, strict=True))
            for one in self.local
            if len(one) == len(tag)
        )


@cache
def schema_of(form: str) -> Schema:
    """Return the schema of ``rusmarc`` or ``marc21``."""
    data = document(f"schemas/{form}.avram.json")
    fields = {tag: _field(tag, given) for tag, given in data["fields"].items()}
    lists = {name: frozenset(codes) for name, codes in data["codelists"].items()}
    return Schema(fields, lists, tuple(data["local"]))


def _field(tag: str, given: Mapping[str, Any]) -> FieldSchema:
    return FieldSchema(
        tag,
        given["repeatable"],
        (_indicator(given, "indicator1"), _indicator(given, "indicator2")),
        {code: _text(one) for code, one in given.get("subfields", {}).items()},
        _text(given),
        given.get("embedded", False),
        given.get("label", {}),
    )


def _indicator(given: Mapping[str, Any], name: str) -> str:
    return "".join(given[name]["codes"]) if name in given else " "


def _text(given: Mapping[str, Any]) -> TextSchema:
    positions = tuple(_position(where, one) for where, one in given.get("positions", {}).items())
    pattern = re.compile(given["pattern"]) if "pattern" in given else None
    return TextSchema(given.get("repeatable", False), given.get("length", 0), pattern, positions)


def _position(where: str, given: Mapping[str, Any]) -> Position:
    start, _, last = where.partition("-")
    pattern = re.compile(given["pattern"]) if "pattern" in given else None
    return Position(int(start), int(last or start) + 1, frozenset(given.get("codes", ())), pattern)
