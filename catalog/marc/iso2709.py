"""ISO 2709 exchange files, in and out, in UTF-8.

Own framing and own directory: the bytes are the proof, the lengths written in leader and directory
are claims. A record ends at 0x1D, a field at 0x1E (ISO 2709 §4); where a claim contradicts a
terminator the terminator wins, so that one wrong length never costs the following records.
"""

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import BinaryIO

from catalog.marc.embedding import flatten, unflatten
from catalog.marc.reading import BadRecord, Known, ReadRecord
from catalog.record import ControlField, DataField, Field, LinkField, Record, Subfield
from olketanu.errors import InputError

RECORD_END, FIELD_END, DELIMITER = b"\x1d", b"\x1e", b"\x1f"
MAX_FIELD = 9_999
MAX_RECORD = 99_999
_LEADER = 24
_ENTRY = 12
# Blanks belong to no record only before a length; a leader may have a blank length itself.
_BETWEEN = re.compile(rb"(?:[\r\n\x00\t\x1a]|\xef\xbb\xbf| +(?=\d{5}))+")
_SEPARATORS = ("\x1d", "\x1e", "\x1f")


def write(records: Iterable[Record]) -> Iterator[bytes]:
    """Yield the records as an ISO 2709 file in UTF-8, one a piece.

    Leader positions 0–4, 10–16 and 20–23 are computed; position 9 is ``a`` for MARC 21 and blank
    for every other format, as each standard has it. InputError ``error.iso2709-too-long`` where a
    field is over 9,999 bytes or a record over 99,999; ``error.iso2709-control`` where data hold a
    separator.
    """
    return (_record_out(record) for record in records)


def read(
    stream: BinaryIO, form: str = "rusmarc", charset: str = "utf-8"
) -> Iterator[ReadRecord | BadRecord]:
    """Yield every record of an ISO 2709 file in order, :class:`BadRecord` for what is unreadable.

    Line ends, blanks and a byte order mark between records are skipped. Links of RUSMARC and
    UNIMARC (4XX and 604 with $1) become :class:`LinkField`.
    """
    return read_unknown(stream, form, charset, lambda _: False)


def read_unknown(
    stream: BinaryIO, form: str, charset: str, known: Known
) -> Iterator[ReadRecord | BadRecord]:
    """Yield what :func:`read` yields, but for the records that are ``known``."""
    for offset, raw in _frames(stream.read()):
        if not known(raw):
            found = _record_in(offset, raw, form)
            yield found if isinstance(found, BadRecord) else ReadRecord(offset, raw, found, charset)


def _record_out(record: Record) -> bytes:
    directory, body = [], []
    position = 0
    for field in record.fields:
        content = _field_out(field, record)
        directory.append(f"{field.tag}{len(content):04d}{position:05d}")
        body.append(content)
        position += len(content)
        _check_length(record, field.tag, position, MAX_RECORD)
    base = _LEADER + _ENTRY * len(directory) + 1
    total = base + position + 1
    _check_length(record, "leader", total, MAX_RECORD)
    leader = record.leader.ljust(_LEADER)
    charset, entry_map = ("a", "4500") if record.format == "marc21" else (" ", "450 ")
    head = f"{total:05d}{leader[5:9]}{charset}22{base:05d}{leader[17:20]}{entry_map}"
    entries = "".join(directory)
    return b"".join([(head + entries).encode(), FIELD_END, *body, RECORD_END])


def _field_out(field: Field, record: Record) -> bytes:
    if isinstance(field, ControlField):
        text = field.data
        _check_separators(record, field.tag, [text])
        content = text.encode() + FIELD_END
    else:
        subfields = flatten(field) if isinstance(field, LinkField) else field.subfields
        _check_separators(record, field.tag, [s.code + s.value for s in subfields])
        text = field.indicators + "".join(f"\x1f{s.code}{s.value}" for s in subfields)
        content = text.encode() + FIELD_END
    _check_length(record, field.tag, len(content), MAX_FIELD)
    return content


def _check_separators(record: Record, tag: str, texts: list[str]) -> None:
    if any(sign in text for text in texts for sign in _SEPARATORS):
        raise InputError("error.iso2709-control", record=record.control_number or "?", field=tag)


def _check_length(record: Record, tag: str, length: int, limit: int) -> None:
    if length > limit:
        raise InputError(
            "error.iso2709-too-long",
            record=record.control_number or "?",
            field=tag,
            length=length,
            limit=limit,
        )


def _frames(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Cut the file at 0x1D; yield offset and bytes (with the terminator where there is one)."""
    start = 0
    while start < len(data):
        if between := _BETWEEN.match(data, start):
            start = between.end()
            continue
        end = data.find(RECORD_END, start)
        stop = len(data) if end < 0 else end + 1
        yield start, data[start:stop]
        start = stop


def _record_in(offset: int, raw: bytes, form: str) -> Record | BadRecord:
    if not raw.endswith(RECORD_END):
        return BadRecord(offset, "no-terminator", raw)
    head, *parts = raw[:-1].split(FIELD_END)
    if len(head) < _LEADER:
        return BadRecord(offset, "bad-leader", raw)
    if parts and not parts[-1]:
        parts.pop()
    entries = _entries(head[_LEADER:])
    contents = _contents(raw, head, entries, parts)
    if not entries or len(entries) != len(contents):
        return BadRecord(offset, "no-fields", raw)
    try:
        leader = head[:_LEADER].decode("ascii")
        fields = tuple(
            _field_in(tag, content, form)
            for (tag, _, _), content in zip(entries, contents, strict=True)
        )
    except UnicodeDecodeError:
        return BadRecord(offset, "not-utf8", raw)
    except ValueError:
        return BadRecord(offset, "bad-record", raw)
    return Record(form, leader, fields)


def _entries(directory: bytes) -> list[tuple[str, int, int]]:
    """Tag, length and start of every whole entry; −1 where a figure is not a figure."""
    found = []
    for at in range(0, len(directory) - _ENTRY + 1, _ENTRY):
        entry = directory[at : at + _ENTRY].decode("ascii", "replace")
        found.append((entry[:3], _figure(entry[3:7]), _figure(entry[7:12])))
    return found


def _figure(text: str) -> int:
    return int(text) if text.isdecimal() and text.isascii() else -1


def _contents(
    raw: bytes, head: bytes, entries: list[tuple[str, int, int]], parts: list[bytes]
) -> list[bytes]:
    """Content of the field of each entry, without terminators.

    The directory is believed when every entry ends at a terminator and all entries together cover
    the data without overlap; else the parts between terminators are taken in order.
    """
    base = len(head) + 1
    by_directory = [raw[base + start : base + start + length] for _, length, start in entries]
    spans = sorted((start, start + length) for _, length, start in entries)
    whole = all(c.endswith(FIELD_END) for c in by_directory)
    if whole and spans and spans[0][0] == 0 and all(a[1] == b[0] for a, b in pairwise(spans)):
        return [c[:-1] for c in by_directory]
    return parts


def _field_in(tag: str, content: bytes, form: str) -> Field:
    text = content.decode("utf-8")
    if tag.startswith("00"):
        return ControlField(tag, text)
    indicators, *pieces = text.split("\x1f")
    subfields = tuple(Subfield(p[0], p[1:]) for p in pieces if p)
    return unflatten(DataField(tag, indicators[:2].ljust(2), subfields), form)
