"""Field 886 as lossless carrier: a field of the other format, whole, with its old place.

``886 2_ $2 format $9 mark $a tag $b indicators $… subfields`` (RUSMARC 886, MARC 21 886; indicator
1 is 0 for the leader, 1 for a control field, 2 for a data field). The mark in $9 makes it ours:
``olketanu 12/31 701:2/3:1f0c9a44`` is place 12 of 31 fields, for what the table gives back as the
second of three fields 701 with this digest. The whole form is in docs/reference/crosswalk.md.
"""

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from catalog.crosswalk.table import LEADER_LENGTH, family
from catalog.marc.embedding import flatten, unflatten
from catalog.place import LEADER
from catalog.record import (
    ControlField,
    DataField,
    Field,
    LinkField,
    Record,
    Subfield,
    canonical_json,
    from_json,
)

TAG = "886"
_MARK = re.compile(
    r"olketanu (?P<position>-|[0-9]{1,7})/(?P<total>[0-9]{1,7})"
    r" (?:-|(?P<tag>.{3}):(?P<place>[0-9]{1,7})/(?P<of>[0-9]{1,7}):(?P<digest>[0-9a-f]{8}))"
    r"(?: (?P<part>[0-9]{1,7})/(?P<parts>[0-9]{1,7}))?"
)
_SEPARATOR = re.compile("[\x1d-\x1f]")
_HEAD, _TAG = 4, 3
# ISO 2709 allows 9,999 bytes a field; the rest is for mark, tag and delimiters.
_MAX_BYTES = 9_000
_BLANKED = (range(5), (9,), range(10, 17), range(20, 24))


@dataclass(frozen=True, slots=True)
class Shadow:
    """What the table alone gives back for a field: nth of so many of its tag, and its digest."""

    tag: str
    place: int
    of: int
    digest: str


@dataclass(frozen=True, slots=True)
class Carrier:
    """A field as it was (None: as its shadow) and its place among ``total`` fields.

    Without a position the shadow is only to be left out. Without a shadow the table gives nothing
    back. The leader has no position.
    """

    position: int | None
    total: int
    field: Field | None
    shadow: Shadow | None


def digest(field: Field) -> str:
    """Return eight hexadecimal figures; of a leader without what every container writes anew."""
    if field.tag == LEADER and isinstance(field, ControlField):
        signs = [*field.data.ljust(LEADER_LENGTH)]
        for span in _BLANKED:
            for at in span:
                signs[at] = " "
        field = ControlField(LEADER, "".join(signs))
    return hashlib.sha256(canonical_json(Record("", "", (field,)))).hexdigest()[:8]


def encode(carrier: Carrier, form: str) -> list[DataField]:
    """Return the fields 886 for a carrier; several only where one would be over 9,999 bytes."""
    place = "-" if carrier.position is None else str(carrier.position)
    mark = f"olketanu {place}/{carrier.total} {_shadow_text(carrier.shadow)}"
    if carrier.field is None:
        tag = carrier.shadow.tag if carrier.shadow else ""
        return [_field("2", form, mark, Subfield("a", tag))]
    plain = _plain(carrier.field, form, mark)
    size = sum(len(s.value.encode()) + 2 for s in plain.subfields)
    if size <= _MAX_BYTES and _decoded([plain], form) == carrier.field:
        return [plain]
    text = canonical_json(Record(form, "", (carrier.field,))).decode()
    pieces = _cut(text)
    return [
        _field(
            "2",
            form,
            f"{mark} {number}/{len(pieces)}",
            Subfield("a", carrier.field.tag),
            Subfield("b", piece),
        )
        for number, piece in enumerate(pieces, 1)
    ]


def taken(record: Record, target: str) -> tuple[Record, list[Carrier]]:
    """Return the record without the carriers that hold fields of ``target``, and these.

    A field 886 that is no whole carrier stays where it is.
    """
    groups: dict[str, list[int]] = defaultdict(list)
    for at, field in enumerate(record.fields):
        mark = _mark(field, target)
        if mark:
            groups[re.sub(r" \d+/\d+$", "", mark[0]) if mark["part"] else mark[0]].append(at)
    carriers: list[Carrier] = []
    gone: set[int] = set()
    for places in groups.values():
        fields = [f for at in places if isinstance(f := record.fields[at], DataField)]
        found = _carrier(fields)
        carriers += found
        gone.update(places if found else ())
    kept = tuple(f for at, f in enumerate(record.fields) if at not in gone)
    return Record(record.format, record.leader, kept), carriers


def _mark(field: Field, target: str) -> re.Match[str] | None:
    if not isinstance(field, DataField) or field.tag != TAG:
        return None
    codes = "".join(s.code for s in field.subfields[:_HEAD])
    if not codes.startswith("29") or family(field.subfields[0].value) != family(target):
        return None
    return _MARK.fullmatch(field.subfields[1].value)


def _carrier(fields: Sequence[DataField]) -> list[Carrier]:
    """The carrier of these fields in a list; an empty list where a part is missing or broken."""
    marks = [_MARK.fullmatch(field.subfields[1].value) for field in fields]
    first = marks[0]
    if first is None or [m["part"] for m in marks if m] != _parts(first["parts"], len(marks)):
        return []
    shadow = None
    if first["digest"]:
        shadow = Shadow(first["tag"], int(first["place"]), int(first["of"]), first["digest"])
        if not 0 < shadow.place <= shadow.of:
            return []
    position = None if first["position"] == "-" else int(first["position"])
    content = None
    if len(fields[0].subfields) >= _HEAD or fields[0].indicators[0] == "0":
        try:
            content = _decoded(fields, fields[0].subfields[0].value)
        except (ValueError, IndexError):
            return []
        if not _is_whole(content, fields[0].subfields[0].value):
            return []
    return [Carrier(position, int(first["total"]), content, shadow)]


def _parts(parts: str | None, count: int) -> list[str | None]:
    """What the marks of so many fields must say; nothing where these are not all."""
    if parts is None:
        return [None]
    return [str(number) for number in range(1, count + 1)] if int(parts) == count else []


def _is_whole(field: Field, form: str) -> bool:
    """Tell whether a file can hold the field: a stranger's 886 may say anything."""
    if field.tag == LEADER and isinstance(field, ControlField):
        return True
    inner = field.fields if isinstance(field, LinkField) else (field,)
    codes = [s.code for one in inner if isinstance(one, DataField) for s in one.subfields]
    if _SEPARATOR.search(canonical_json(Record("", "", (field,))).decode()):
        return False
    told = form == "irbis" or isinstance(field, ControlField) == field.tag.startswith("00")
    return told and len(field.tag) >= _TAG and all(len(code) == 1 for code in codes)


def _decoded(fields: Sequence[DataField], form: str) -> Field:
    first = fields[0]
    if (mark := _MARK.fullmatch(first.subfields[1].value)) and mark["part"]:
        return from_json("".join(f.subfields[3].value for f in fields)).fields[0]
    if first.indicators[0] == "0":
        return ControlField(LEADER, first.subfields[2].value)
    _, _, tag, content = first.subfields[:_HEAD]
    if first.indicators[0] == "1":
        return ControlField(tag.value, content.value)
    return unflatten(DataField(tag.value, content.value.ljust(2), first.subfields[_HEAD:]), form)


def _plain(field: Field, form: str, mark: str) -> DataField:
    if isinstance(field, ControlField) and field.tag == LEADER:
        return _field("0", form, mark, Subfield("b", field.data))
    if isinstance(field, ControlField):
        return _field("1", form, mark, Subfield("a", field.tag), Subfield("b", field.data))
    content = flatten(field) if isinstance(field, LinkField) else field.subfields
    head = (Subfield("a", field.tag), Subfield("b", field.indicators))
    return _field("2", form, mark, *head, *content)


def _field(kind: str, form: str, mark: str, *content: Subfield) -> DataField:
    return DataField(TAG, f"{kind} ", (Subfield("2", form), Subfield("9", mark), *content))


def _shadow_text(shadow: Shadow | None) -> str:
    return f"{shadow.tag}:{shadow.place}/{shadow.of}:{shadow.digest}" if shadow else "-"


def _cut(text: str) -> list[str]:
    """Pieces of at most 9,000 bytes that end between characters."""
    data = text.encode()
    pieces = []
    while data:
        stop = min(_MAX_BYTES, len(data))
        while stop < len(data) and data[stop] & 0xC0 == 0x80:
            stop -= 1
        pieces.append(data[:stop].decode())
        data = data[stop:]
    return pieces


def with_carriers(record: Record, carriers: Iterable[Carrier], form: str) -> Record:
    """Return the record with the carriers of fields of ``form``, where its tags 886 belong."""
    new = [field for carrier in carriers for field in encode(carrier, form)]
    fields = record.fields
    at = max((i + 1 for i, field in enumerate(fields) if field.tag <= TAG), default=0)
    return Record(record.format, record.leader, (*fields[:at], *new, *fields[at:]))
