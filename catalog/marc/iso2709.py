"""ISO 2709 exchange files, in and out.

Own framing and own directory: the bytes are the proof, the lengths written in leader and directory
are claims, and so is what the record says of its character set. A field or a record that is damaged
is read as far as it can be, with a note; the bytes themselves go along whole.
"""

import re
from collections.abc import Iterable, Iterator
from typing import BinaryIO

from catalog.charset.confirm import reader
from catalog.charset.decoding import decode, encode, named
from catalog.charset.evidence import Decision
from catalog.marc.directory import (
    ENTRY,
    FIELD_END,
    LEADER,
    Dissected,
    dissect,
    proved,
    shown,
    split,
)
from catalog.marc.embedding import flat
from catalog.marc.fields import fields_in
from catalog.marc.framing import RECORD_END, frames
from catalog.marc.reading import BadRecord, Known, ReadNote, ReadRecord
from catalog.record import ControlField, DataField, Field, Record
from olketanu.errors import InputError

BY_EVIDENCE = True
WRITES = ("cp1251", "kz1048")
MAX_FIELD = 9_999
MAX_RECORD = 99_999
_TAG = 3
_MOST_SHOWN = 64  # bad bytes of a field in its note; each costs a look at the rest
_LEADER = re.compile(rb"[0-9]{5}[ -~]{15}[^\x1d]*\x1e")
_FIGURES = re.compile(rb"[0-9]{7}")  # what a directory has somewhere, however damaged
_SEPARATOR = re.compile("[\x1d-\x1f]")


def looks_like(head: bytes) -> bool:
    """Tell whether a file that begins so is ISO 2709: a leader, however damaged, then fields."""
    return _LEADER.match(head.lstrip(b"\xef\xbb\xbf \t\r\n\x00\x1a")) is not None


def read(
    stream: BinaryIO, form: str = "rusmarc", charset: str | Decision = "utf-8"
) -> Iterator[ReadRecord | BadRecord]:
    """Yield every record of an ISO 2709 file in order, :class:`BadRecord` for what is unreadable.

    What stands between records (line ends, blanks, a byte order mark) is skipped. A name as
    ``charset`` holds for every record; a decision is proved by each and given up where the bytes
    speak against it. Links of RUSMARC and UNIMARC (4XX and 604 with $1) become
    :class:`LinkField`.
    """
    return read_unknown(stream, form, charset, lambda _: False)


def read_unknown(
    stream: BinaryIO, form: str, charset: str | Decision, known: Known
) -> Iterator[ReadRecord | BadRecord]:
    """Yield what :func:`read` yields, but for the records that are ``known``."""
    charset_of = reader(charset)
    usual = named(charset) if isinstance(charset, str) else charset.charset
    for offset, raw in frames(stream):
        if known(raw):
            continue
        head, parts, notes = _parts(raw)
        if reason := _unreadable(raw, head, parts):
            yield BadRecord(offset, reason, raw)
            continue
        found = charset_of(raw)
        if found != usual:
            notes.append(ReadNote("other-charset", "", found))
        record = _record_in(head, parts, form, found, notes)
        yield ReadRecord(offset, raw, record, found, tuple(notes))


def _parts(raw: bytes) -> tuple[bytes, list[bytes], list[ReadNote]]:
    """Leader with directory, contents of the fields, and what is wrong with the ends."""
    notes = []
    body = raw.removesuffix(RECORD_END)
    head, parts = split(body)
    last = parts.pop() if parts else b""
    if body is raw:
        notes.append(ReadNote("no-terminator", "", last.hex()))
    elif last:
        parts.append(last)
        notes.append(ReadNote("no-field-end"))
    if head[:5] + head[12:17] != b"%05d%05d" % (len(raw), len(head) + 1):
        notes.append(ReadNote("length", "", shown(head[:LEADER])))
    return head, parts, notes


def _unreadable(raw: bytes, head: bytes, parts: list[bytes]) -> str:
    """The reason why the bytes are no record, or an empty string."""
    if len(head) < LEADER and not parts:
        return "bad-leader"
    if not raw.endswith(RECORD_END) and not proved(head, parts):
        return "no-terminator"
    if len(head) < LEADER + ENTRY - 1 or not parts:
        return "no-fields"
    return "" if _FIGURES.search(head, LEADER - 1) else "bad-record"


def _record_in(
    head: bytes, parts: list[bytes], form: str, charset: str, notes: list[ReadNote]
) -> Record:
    """The record as far as it can be read; what had to be mended is added to ``notes``."""
    found = dissect(head, parts)
    notes.extend(found.notes)
    leader = found.leader.decode("ascii", "replace")[:LEADER].ljust(LEADER)
    if len(found.leader) < LEADER or not leader.isascii():
        notes.append(ReadNote("bad-leader", "", shown(found.leader)))
    tags = [tag.decode("ascii", "replace") for tag in found.tags]
    notes.extend(ReadNote("bad-tag", shown(tag)) for tag in found.tags if not tag.isalnum())
    texts = _texts(found, charset, notes)
    return Record(form, leader, fields_in(tags, texts, form, notes))


def _texts(found: Dissected, charset: str, notes: list[ReadNote]) -> list[str]:
    """The contents as text; a byte that means nothing is U+FFFD and costs its field a note."""
    data = FIELD_END.join(found.contents)
    try:
        texts = decode(data, charset).split("\x1e")
    except UnicodeDecodeError:
        texts = []
    if len(texts) == len(found.contents):
        return texts
    pairs = zip(found.tags, found.contents, strict=True)
    return [_text(shown(tag), content, charset, notes) for tag, content in pairs]


def _text(tag: str, content: bytes, charset: str, notes: list[ReadNote]) -> str:
    wrong: list[str] = []
    at = 0
    while len(wrong) < _MOST_SHOWN:
        try:
            decode(content[at:], charset)
        except UnicodeDecodeError as error:
            wrong.append(content[at + error.start : at + error.end].hex())
            at += error.end
        else:
            break
    else:
        wrong.append("…")
    if wrong:
        notes.append(ReadNote("bad-byte", tag, " ".join(wrong)))
    # A stray terminator is the one sign that no exchange format can hold inside a field.
    return decode(content, charset, "replace").replace("\x1e", "\ufffd")


def write(records: Iterable[Record], charset: str = "utf-8") -> Iterator[bytes]:
    """Yield the records as an ISO 2709 file, one a piece.

    Leader positions 0–4, 10–16 and 20–23 are computed; position 9 is ``a`` for MARC 21 in UTF-8 and
    blank for all else, as each standard has it. InputError ``error.iso2709-too-long`` where a field
    is over 9,999 bytes or a record over 99,999, ``error.iso2709-control`` where data hold a
    separator, ``error.iso2709-letter`` where ``charset`` lacks a character of them, ``error.tag``
    and ``error.link-nested`` where the file could not say what the field is.
    """
    return (_record_out(record, charset) for record in records)


def _record_out(record: Record, charset: str) -> bytes:
    directory, body = [], []
    position = 0
    for field in record.fields:
        content = _field_out(field, record, charset)
        directory.append(f"{field.tag}{len(content):04d}{position:05d}")
        body.append(content)
        position += len(content)
        _check_length(record, field.tag, position, MAX_RECORD)
    base = LEADER + ENTRY * len(directory) + 1
    total = base + position + 1
    _check_length(record, "leader", total, MAX_RECORD)
    leader = record.leader.ljust(LEADER)
    marc21 = record.format == "marc21"
    coding = "a" if marc21 and charset == "utf-8" else " "
    entry_map = "4500" if marc21 else "450 "
    head = f"{total:05d}{leader[5:9]}{coding}22{base:05d}{leader[17:20]}{entry_map}"
    entries = "".join(directory)
    return b"".join(
        [_encoded(head + entries, record, "leader", "ascii"), FIELD_END, *body, RECORD_END]
    )


def _field_out(field: Field, record: Record, charset: str) -> bytes:
    plain = flat(field, record)
    _check_tag(plain, record)
    if isinstance(plain, ControlField):
        text = plain.data
        _check_separators(record, field.tag, text)
    else:
        _check_separators(record, field.tag, "".join([s.code + s.value for s in plain.subfields]))
        text = plain.indicators + "".join(f"\x1f{s.code}{s.value}" for s in plain.subfields)
    content = _encoded(text, record, field.tag, charset) + FIELD_END
    _check_length(record, field.tag, len(content), MAX_FIELD)
    return content


def _encoded(text: str, record: Record, tag: str, charset: str) -> bytes:
    try:
        return encode(text, charset)
    except UnicodeEncodeError as error:
        raise InputError(
            "error.iso2709-letter",
            record=record.control_number or "?",
            field=tag,
            letter=text[error.start],
            charset=charset,
        ) from error


def _check_tag(field: ControlField | DataField, record: Record) -> None:
    """Refuse what ИРБИС alone has: other tags, and control fields that no tag tells as such."""
    tag = field.tag
    told = tag.startswith("00") == isinstance(field, ControlField)
    if len(tag) != _TAG or not told:
        raise InputError("error.tag", record=record.control_number or "?", field=tag)


def _check_separators(record: Record, tag: str, text: str) -> None:
    if _SEPARATOR.search(text):
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
