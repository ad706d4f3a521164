r"""MarcEdit's text form (.mrk, after MARCMaker of the Library of Congress), in and out, in UTF-8.

    =LDR  00000nam\\2200000\\\450\
    =001  RU{bsol}NLR{bsol}5996
    =200  1\$aПервая строка$eвторая

A record is a block of lines, a blank line ends it. ``\`` is a blank in leader, control fields and
indicators. What the form uses itself stands as a mnemonic: ``{dollar}``, ``{lcub}``, ``{rcub}``,
``{bsol}``, and ``{0A}`` (two hexadecimal digits) for a control character. A field without ``$`` is
a control field; a data field without subfields ends in a lone ``$``.
"""

import re
from collections.abc import Iterable, Iterator
from typing import BinaryIO

from catalog.charset.confirm import reader
from catalog.charset.evidence import Decision
from catalog.marc.embedding import flat, unflatten
from catalog.marc.reading import BadRecord, ReadNote, ReadRecord
from catalog.marc.stream import cut, encode, text_in
from catalog.record import ControlField, DataField, Field, Record, Subfield
from olketanu.errors import InputError

BY_EVIDENCE = True
_LEADER = 24
_TWO = 2
_END = re.compile(rb"\n(?:[ \t\r]{0,64}\n)+|\n(?==(?:LDR|000) )")
_LINE = re.compile(r"=(?P<tag>[0-9A-Za-z]{3,})(?: {1,2}(?P<rest>.*))?", re.DOTALL)
_TAG = re.compile(r"[0-9A-Za-z]{3,}")
_LEADERS = ("LDR", "000")
_SIGNS = {"$": "{dollar}", "{": "{lcub}", "}": "{rcub}", "\\": "{bsol}"}
_ESCAPES = str.maketrans(_SIGNS | {chr(code): f"{{{code:02X}}}" for code in range(32)})
_MEANINGS = {name: sign for sign, name in _SIGNS.items()} | {"{esc}": "\x1b"}
_MNEMONIC = re.compile(r"\{(?:dollar|lcub|rcub|bsol|esc|[01][0-9A-F])\}")


def looks_like(head: bytes) -> bool:
    """Return whether a file that begins so is of this form."""
    return re.match(rb"\s*=(?:LDR|000) ", head.removeprefix(b"\xef\xbb\xbf")) is not None


def write(records: Iterable[Record]) -> Iterator[bytes]:
    """Yield the records, one a piece.

    InputError: ``error.tag`` (a tag is not of letters and digits), ``error.link-nested``,
    ``error.not-unicode``.
    """
    for record in records:
        yield encode("\n".join(lines(record)) + "\n\n", record)


def read(
    stream: BinaryIO, form: str = "rusmarc", charset: str | Decision = "utf-8"
) -> Iterator[ReadRecord | BadRecord]:
    """Yield every record in its order; a block with a line that is no field is a BadRecord."""
    offset, charset_of = 0, reader(charset)
    for raw in cut(stream, _END):
        used = charset_of(raw)
        text, notes = text_in(raw, used)
        if text.strip("\ufeff \t\r\n"):
            yield _record_in(ReadRecord(offset, raw, Record(form, "", ()), used, notes), text)
        offset += len(raw)


def lines(record: Record) -> list[str]:
    """Return the lines of a record, the leader's first."""
    return [f"=LDR  {blanks_out(record.leader)}", *(line(f, record) for f in record.fields)]


def line(field: Field, record: Record) -> str:
    """Return the line of one field; errors as :func:`write`."""
    if not _TAG.fullmatch(field.tag) or field.tag in _LEADERS:
        raise InputError("error.tag", record=record.control_number or "?", field=field.tag)
    return f"={field.tag}  {content(flat(field, record))}"


def content(field: ControlField | DataField) -> str:
    """Return what stands in a line behind the tag."""
    if isinstance(field, ControlField):
        return blanks_out(field.data)
    texts = "".join("$" + (s.code + s.value).translate(_ESCAPES) for s in field.subfields)
    return blanks_out(field.indicators) + (texts or "$")


def field_of(tag: str, text: str, form: str) -> Field:
    """Return the field of a tag and a line's rest; ValueError where it is none."""
    head, *pieces = text.split("$")
    if not pieces or (tag.startswith("00") and len(blanks_in(head)) != _TWO):
        return ControlField(tag, "$".join([blanks_in(head), *map(_meant, pieces)]))
    subfields = tuple(Subfield(p[0], p[1:]) for p in map(_meant, pieces) if p)
    return unflatten(DataField(tag, blanks_in(head).ljust(_TWO), subfields), form)


def field_in(text: str, form: str) -> Field:
    """Return the field of one line; ValueError where it is none."""
    found = _LINE.fullmatch(text)
    if found is None:
        raise ValueError(text)
    return field_of(found["tag"], found["rest"] or "", form)


def blanks_out(text: str) -> str:
    """Return a leader or control field as it stands in a line."""
    return text.translate(_ESCAPES).replace(" ", "\\")


def blanks_in(text: str) -> str:
    """Return the text of :func:`blanks_out`."""
    return _meant(text.replace("\\", " "))


def _record_in(place: ReadRecord, text: str) -> ReadRecord | BadRecord:
    form, leader = place.record.format, None
    fields: list[Field] = []
    try:
        for one in text.removeprefix("\ufeff").split("\n"):
            bare = one.removesuffix("\r")
            if bare[1:4] in _LEADERS and bare[:1] == "=" and leader is None:
                leader = blanks_in(bare[4:].removeprefix("  "))
            elif bare.strip():
                fields.append(field_in(bare, form))
    except ValueError:
        return BadRecord(place.offset, "bad-line", place.raw)
    notes = place.notes if leader is not None else (*place.notes, ReadNote("no-leader"))
    record = Record(form, (leader or "").ljust(_LEADER), tuple(fields))
    return ReadRecord(place.offset, place.raw, record, place.charset, notes)


def _meant(text: str) -> str:
    return _MNEMONIC.sub(_sign, text) if "{" in text else text


def _sign(found: re.Match[str]) -> str:
    return _MEANINGS.get(found[0]) or chr(int(found[0][1:3], 16))
