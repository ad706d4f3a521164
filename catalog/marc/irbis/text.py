"""ИРБИС text exchange files, in and out, in UTF-8: a field a line, ``*****`` ends a record.

    #200: ^AПередовые охотники^FИ. Ведерников
    #101: rus
    *****

On the way in the blank behind the colon may be missing, and so may the sign or the colon (noted as
``loose-line``). Codes keep their case. The form has no leader: a record that is read has a blank
one. Nor can it say that a record is deleted (``d`` in the leader of a master file's record).
"""

import re
from collections.abc import Iterable, Iterator
from typing import BinaryIO

from catalog.charset.confirm import reader
from catalog.charset.evidence import Decision
from catalog.marc.irbis.fields import field_of, tag_of, text_of
from catalog.marc.reading import BadRecord, ReadNote, ReadRecord
from catalog.marc.stream import cut, encode, text_in
from catalog.record import Field, LinkField, Record
from olketanu.errors import InputError

FORMAT = "irbis"
BY_EVIDENCE = True
LEADER = " " * 24
_END = re.compile(rb"^\*{5}[ \t\r]{0,64}(?:\n|\Z)", re.MULTILINE)
_LINE = re.compile(r"#[ \t]*(?P<tag>\d{1,9})[ \t]*:[ \t]?(?P<text>.*)", re.DOTALL)
_LOOSE = re.compile(r"\s*(?:#\s*)?(?P<tag>\d{1,9})[ \t]*(?::[ \t]?|(?=\^))(?P<text>.*)", re.DOTALL)
_LINE_ENDS = "\r\n"


def looks_like(head: bytes) -> bool:
    """Return whether a file that begins so is of this form."""
    return re.match(rb"\s*#[ \t]*\d{1,9}[ \t]*:", head.removeprefix(b"\xef\xbb\xbf")) is not None


def write(records: Iterable[Record]) -> Iterator[bytes]:
    """Yield the records, one a piece.

    InputError ``error.irbis-field`` where ИРБИС has no such field: indicators, embedded fields, a
    tag that is no number, ``^`` or a line end in the data, the leader of another format;
    ``error.not-unicode``.
    """
    for record in records:
        if record.format != FORMAT and record.leader.strip():
            number = record.control_number or "?"
            raise InputError("error.irbis-field", record=number, field="leader")
        body = "".join(_line(field, record) for field in record.fields)
        yield encode(f"{body}*****\n", record)


def read(
    stream: BinaryIO, form: str = "irbis", charset: str | Decision = "utf-8"
) -> Iterator[ReadRecord | BadRecord]:
    """Yield every record in its order; one with a line that is no field is a BadRecord.

    So is one whose end the file lacks (``torn``), unless the file simply ends with its last line.
    """
    offset, charset_of = 0, reader(charset)
    for raw in cut(stream, _END):
        if raw.strip(b"\xef\xbb\xbf \t\r\n\x1a"):
            yield _record_in(offset, raw, form, charset_of(raw))
        offset += len(raw)


def _line(field: Field, record: Record) -> str:
    tag = tag_of(field.tag)
    text = None if isinstance(field, LinkField) else text_of(field)
    if tag is None or text is None or any(sign in text for sign in _LINE_ENDS):
        raise InputError("error.irbis-field", record=record.control_number or "?", field=field.tag)
    return f"#{tag}: {text}\n"


def _record_in(offset: int, raw: bytes, form: str, charset: str) -> ReadRecord | BadRecord:
    text, found_notes = text_in(raw, charset)
    notes = list(found_notes)
    fields: list[Field] = []
    for one in text.removeprefix("\ufeff").split("\n"):
        line = one.removesuffix("\r")
        if not line.strip(" \t\x1a") or re.fullmatch(r"\*{5}[ \t]*", line):
            continue
        found = _LINE.fullmatch(line)
        if found is None:
            found = _LOOSE.fullmatch(line)
            notes.append(ReadNote("loose-line", detail=line[:40]))
        if found is None:
            return BadRecord(offset, "bad-line", raw)
        fields.append(field_of(found["tag"], found["text"]))
    # A record torn within a field cannot be told from a short one; without its end it is suspect.
    if not _END.search(raw) and not raw.endswith(b"\n"):
        return BadRecord(offset, "torn", raw)
    return ReadRecord(offset, raw, Record(form, LEADER, tuple(fields)), charset, tuple(notes))
