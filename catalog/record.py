"""A bibliographic record: frozen, neutral between RUSMARC, MARC 21, UNIMARC and ИРБИС.

Terms are those of ISO 2709 and MARC. A field whose content is itself fields (RUSMARC 4XX and 604,
"embedded fields technique", subfield $1) is one :class:`LinkField`, so that nothing has to guess
where an embedded field ends.

ИРБИС has no indicators, tags of one to five digits and codes that differ by case without meaning.
Its records stand here as they came: indicators are blanks, tags are padded to three digits and kept
where they are longer, codes keep their case. A field without delimiters (``#101: rus``) is a
:class:`ControlField` whatever its tag; text before the first delimiter is the first subfield, with
the code ``*`` by which ИРБИС formats name it (``v200^*``). Fields inside fields it has none: 461,
463 and 922 name their parts by codes of their own and stay a :class:`DataField`.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

FORMATS = ("rusmarc", "marc21", "unimarc", "irbis")
_TAG_LENGTH = 3
_INDICATORS = 2
_NO_RECORD = "no record in canonical JSON"


@dataclass(frozen=True, slots=True)
class Subfield:
    """``code`` is one character without the delimiter; ``value`` is text, never trimmed."""

    code: str
    value: str


@dataclass(frozen=True, slots=True)
class ControlField:
    """A field without indicators and subfields (001–009; in ИРБИС any)."""

    tag: str
    data: str


@dataclass(frozen=True, slots=True)
class DataField:
    """A field with two indicators and subfields in their order."""

    tag: str
    indicators: str
    subfields: tuple[Subfield, ...]

    def __post_init__(self) -> None:
        if len(self.tag) < _TAG_LENGTH or len(self.indicators) != _INDICATORS:
            raise ValueError(f"bad field {self.tag!r} {self.indicators!r}")

    def first(self, code: str) -> str | None:
        """Value of the first subfield with this code, or None where there is none."""
        return next((s.value for s in self.subfields if s.code == code), None)

    def all(self, code: str) -> list[str]:
        """Values of every subfield with this code, in order."""
        return [s.value for s in self.subfields if s.code == code]


@dataclass(frozen=True, slots=True)
class LinkField:
    """A field made of embedded fields (RUSMARC 4XX, 604)."""

    tag: str
    indicators: str
    fields: "tuple[ControlField | DataField, ...]"

    def embedded(self, tag: str) -> "ControlField | DataField | None":
        """The first embedded field with this tag, or None."""
        return next((f for f in self.fields if f.tag == tag), None)


Field = ControlField | DataField | LinkField


@dataclass(frozen=True, slots=True)
class Record:
    """``format`` is one of ``FORMATS``; ``leader`` has 24 characters; fields keep their order."""

    format: str
    leader: str
    fields: tuple[Field, ...]

    def all(self, *tags: str) -> Iterator[Field]:
        """Every field with one of the tags, in record order."""
        return (f for f in self.fields if f.tag in tags)

    def data(self, *tags: str) -> Iterator[DataField]:
        """Every :class:`DataField` with one of the tags."""
        return (f for f in self.all(*tags) if isinstance(f, DataField))

    def first(self, tag: str, code: str) -> str | None:
        """First ``code`` of the first data field ``tag`` that has it, or None."""
        values = (f.first(code) for f in self.data(tag))
        return next((v for v in values if v is not None), None)

    def with_field(self, field: Field) -> "Record":
        """The record with ``field`` behind the last one whose tag is not higher."""
        at = max((i + 1 for i, f in enumerate(self.fields) if f.tag <= field.tag), default=0)
        return replace(self, fields=(*self.fields[:at], field, *self.fields[at:]))

    @property
    def control_number(self) -> str | None:
        """Content of 001, or None."""
        return next(
            (f.data for f in self.fields if isinstance(f, ControlField) and f.tag == "001"), None
        )


def canonical_json(record: Record) -> bytes:
    """Return the record as canonical JSON (UTF-8, fixed key order, no blanks): what is hashed."""
    data = {
        "format": record.format,
        "leader": record.leader,
        "fields": [_field_out(f) for f in record.fields],
    }
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode()


def from_json(data: bytes | str) -> Record:
    """Return the record of :func:`canonical_json`; ValueError on any other input."""
    try:
        parsed = json.loads(data)
        fields = tuple(map(_field_in, parsed["fields"]))
        _require_text([parsed["format"], parsed["leader"]])
        return Record(parsed["format"], parsed["leader"], fields)
    except (KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ValueError(_NO_RECORD) from error


def record_hash(record: Record) -> str:
    """SHA-256 of the canonical JSON, hexadecimal."""
    return hashlib.sha256(canonical_json(record)).hexdigest()


def _field_out(field: Field) -> dict[str, Any]:
    if isinstance(field, ControlField):
        return {"tag": field.tag, "data": field.data}
    if isinstance(field, DataField):
        subfields = [[s.code, s.value] for s in field.subfields]
        return {"tag": field.tag, "ind": field.indicators, "subfields": subfields}
    embedded = [_field_out(f) for f in field.fields]
    return {"tag": field.tag, "ind": field.indicators, "embedded": embedded}


def _field_in(data: dict[str, Any]) -> Field:
    if "embedded" not in data:
        return _plain_field(data)
    _require_text([data["tag"], data["ind"]])
    return LinkField(data["tag"], data["ind"], tuple(map(_plain_field, data["embedded"])))


def _plain_field(data: dict[str, Any]) -> ControlField | DataField:
    if "data" in data:
        _require_text([data["tag"], data["data"]])
        return ControlField(data["tag"], data["data"])
    subfields = tuple(Subfield(code, value) for code, value in data["subfields"])
    _require_text([data["tag"], data["ind"], *(s.code for s in subfields)])
    _require_text([s.value for s in subfields])
    return DataField(data["tag"], data["ind"], subfields)


def _require_text(values: list[Any]) -> None:
    """Refuse what is no text, or no text that a file could hold: halves of characters."""
    "".join(values).encode()
