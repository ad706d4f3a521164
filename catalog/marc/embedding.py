r"""The embedded fields technique: a link field as the flat subfields that files hold.

RUSMARC and UNIMARC, block 4XX and field 604: each embedded field begins with $1, whose content is
the tag and, for a data field, the two indicators (``$12001 ``), followed by the embedded subfields;
a control field stands whole in its $1 (``$1001RU\NLR\bibl\5996``).
"""

from itertools import pairwise

from catalog.record import ControlField, DataField, Field, LinkField, Record, Subfield
from olketanu.errors import InputError

_TAG = 3
_HEAD = 5
_EMBEDDING_FORMATS = ("rusmarc", "unimarc")


def flatten(field: LinkField) -> tuple[Subfield, ...]:
    """Return the subfields of the link field as they stand in a file."""
    flat: list[Subfield] = []
    for inner in field.fields:
        if isinstance(inner, ControlField):
            flat.append(Subfield("1", inner.tag + inner.data))
        else:
            flat.append(Subfield("1", inner.tag + inner.indicators))
            flat.extend(inner.subfields)
    return tuple(flat)


def flat(field: Field, record: Record) -> ControlField | DataField:
    """Return the field as containers without nesting hold it.

    InputError ``error.link-nested`` where reading would not give the same link again: format or tag
    has no embedded fields, or an embedded field has a subfield ``1`` of its own.
    """
    if not isinstance(field, LinkField):
        return field
    made = DataField(field.tag, field.indicators, flatten(field))
    if unflatten(made, record.format) != field:
        number = record.control_number or "?"
        raise InputError("error.link-nested", record=number, field=field.tag)
    return made


def unflatten(field: DataField, form: str) -> DataField | LinkField:
    """Return the field as :class:`LinkField` where ``form`` and tag allow it and it begins with $1.

    A field that does not fit the technique exactly is returned as it is, so nothing is lost.
    """
    linking = field.tag == "604" or field.tag[0] == "4"
    if form not in _EMBEDDING_FORMATS or not linking or not field.subfields:
        return field
    heads = [at for at, subfield in enumerate(field.subfields) if subfield.code == "1"]
    if heads[:1] != [0]:
        return field
    inner: list[ControlField | DataField] = []
    for at, end in pairwise([*heads, len(field.subfields)]):
        started, held = _start(field.subfields[at].value), field.subfields[at + 1 : end]
        if isinstance(started, DataField):
            started = DataField(started.tag, started.indicators, held)
        elif started is None or held:
            return field
        inner.append(started)
    return LinkField(field.tag, field.indicators, tuple(inner))


def _start(value: str) -> ControlField | DataField | None:
    tag = value[:_TAG]
    if len(tag) < _TAG or not tag.isdecimal():
        return None
    if tag.startswith("00"):
        return ControlField(tag, value[_TAG:])
    if len(value) > _HEAD:
        return None
    return DataField(tag, value[_TAG:].ljust(_HEAD - _TAG), ())
