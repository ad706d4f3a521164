"""MARC-in-JSON (code4lib), in and out: one array of records, or a record a line.

Read are both, and an array inside one object. A record is ``{"leader": …, "fields": [{"001": …},
{"245": {"ind1": …, "ind2": …, "subfields": [{"a": …}]}}]}``. Links of RUSMARC and UNIMARC stand
flat, as in ISO 2709.
"""

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any, BinaryIO

from catalog.marc.embedding import flat, unflatten
from catalog.marc.reading import BadRecord, ReadRecord
from catalog.marc.stream import cut, encode
from catalog.record import ControlField, DataField, Field, Record, Subfield

_LEADER = 24
# In JSON a quote behind "{" always begins a key, so this stands nowhere but where a record begins.
START = re.compile(rb'(?=\{\s{0,64}"(?:leader|fields)"\s{0,64}:)')
_BEFORE = re.compile(r'[\s\ufeff\[\]]*(?:\{\s*"\w+"\s*:\s*\[\s*)?')
_BETWEEN = re.compile(r"[\s,\]}]*")
_MIXED = "a field of JSON has one tag"


def looks_like(head: bytes) -> bool:
    """Return whether a file that begins so is JSON with a record in it."""
    before, *rest = START.split(head, maxsplit=1)
    return bool(rest) and _BEFORE.fullmatch(before.decode("utf-8", "replace")) is not None


def write(records: Iterable[Record]) -> Iterator[bytes]:
    """Yield the records as one array, a record a line; InputError as :func:`record_out`."""
    before = b"[\n"
    for record in records:
        yield before + record_out(record)
        before = b",\n"
    yield b"\n]\n" if before == b",\n" else b"[]\n"


def read(
    stream: BinaryIO, form: str = "rusmarc", charset: str = "utf-8"
) -> Iterator[ReadRecord | BadRecord]:
    """Yield every record in its order, with the bytes of its object; JSON is UTF-8 always.

    What stands outside records and is no bracket or comma is a BadRecord of its own.
    """
    offset = 0
    for raw in cut(stream, START):
        if START.match(raw):
            yield from _records_in(offset, raw, form)
        elif not _BEFORE.fullmatch(raw.decode("utf-8", "replace")):
            yield BadRecord(offset, "bad-json", raw)
        offset += len(raw)


def record_out(record: Record) -> bytes:
    """Return the record as one line of JSON in UTF-8.

    InputError ``error.link-nested``, ``error.not-unicode``.
    """
    fields = [_field_out(flat(field, record)) for field in record.fields]
    data = {"leader": record.leader, "fields": fields}
    return encode(json.dumps(data, ensure_ascii=False, separators=(",", ":")), record)


def _field_out(field: ControlField | DataField) -> dict[str, Any]:
    if isinstance(field, ControlField):
        return {field.tag: field.data}
    subfields = [{s.code: s.value} for s in field.subfields]
    marks = field.indicators
    return {field.tag: {"ind1": marks[0], "ind2": marks[1], "subfields": subfields}}


def _records_in(offset: int, raw: bytes, form: str) -> Iterator[ReadRecord | BadRecord]:
    """The record that a piece begins with, and what stands behind it where that is none."""
    try:
        # Bytes that are no UTF-8 show up in the values, or behind the record.
        text = raw.decode("utf-8", "surrogateescape")
        data, end = json.JSONDecoder().raw_decode(text)
        record = _record(data, form)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        yield BadRecord(offset, "bad-json", raw)
        return
    size = len(text[:end].encode("utf-8", "surrogateescape"))
    yield ReadRecord(offset, raw[:size], record, "utf-8")
    if not _BETWEEN.fullmatch(text, end):
        yield BadRecord(offset + size, "bad-json", raw[size:])


def _record(data: dict[str, Any], form: str) -> Record:
    fields = tuple(_field(tag, value, form) for one in data["fields"] for tag, value in _only(one))
    record = Record(form, _text(data.get("leader", "")).ljust(_LEADER), fields)
    # Half a surrogate pair can be escaped in JSON, but not be written anywhere.
    record.leader.encode()
    return record


def _only(one: dict[str, Any]) -> Iterable[tuple[str, Any]]:
    if len(one) != 1:
        raise ValueError(_MIXED)
    return one.items()


def _field(tag: str, value: Any, form: str) -> Field:  # noqa: ANN401 - whatever stands in the file
    if isinstance(value, str):
        return ControlField(tag, _text(value))
    subfields = tuple(
        Subfield(_text(code), _text(text))
        for one in value["subfields"]
        for code, text in _only(one)
    )
    if any(len(s.code) != 1 for s in subfields):
        raise ValueError(tag)
    return unflatten(DataField(tag, _text(value["ind1"]) + _text(value["ind2"]), subfields), form)


def _text(value: Any) -> str:  # noqa: ANN401 - whatever stands in the file
    if not isinstance(value, str):
        raise TypeError(value)
    value.encode()
    return value
