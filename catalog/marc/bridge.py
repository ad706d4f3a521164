"""Records as pymarc has them and back, without loss: for programs and people that know pymarc."""

import pymarc

from catalog.marc.embedding import flat, unflatten
from catalog.record import ControlField, DataField, Field, Record, Subfield

_LEADER = 24
_BLANKS = "  "


def to_pymarc(record: Record) -> pymarc.Record:
    """Return a new ``pymarc.Record``; links stand flat, as in a file.

    InputError ``error.link-nested`` as :func:`catalog.marc.embedding.flat`.
    """
    made = pymarc.Record(fields=[_field_out(flat(field, record)) for field in record.fields])
    # The constructor writes its own figures into the leader.
    made.leader = pymarc.Leader(record.leader.ljust(_LEADER)[:_LEADER])
    return made


def from_pymarc(record: pymarc.Record, form: str) -> Record:
    """Return the record as a frozen value of this format (``catalog.record.FORMATS``)."""
    fields = tuple(_field_in(field, form) for field in record.fields)
    return Record(form, str(record.leader).ljust(_LEADER), fields)


def _field_out(field: ControlField | DataField) -> pymarc.Field:
    made = pymarc.Field(tag=field.tag)
    # pymarc tells control fields by the tag and shortens tags; ИРБИС has other fields of the kind.
    made.tag = field.tag
    made.control_field = isinstance(field, ControlField)
    if isinstance(field, ControlField):
        made.data = field.data
    else:
        made.indicators = pymarc.Indicators(*field.indicators)
        made.subfields = [pymarc.Subfield(s.code, s.value) for s in field.subfields]
    return made


def _field_in(field: pymarc.Field, form: str) -> Field:
    if field.control_field:
        return ControlField(field.tag, field.data or "")
    subfields = tuple(Subfield(s.code, s.value) for s in field.subfields)
    return unflatten(DataField(field.tag, "".join(field.indicators or _BLANKS), subfields), form)
