"""A field of ИРБИС as a value of its own: how text with ``^`` becomes a field, and back."""

from catalog.record import ControlField, DataField, Subfield

LEADING = "*"
"""Code of the text before the first delimiter, as ИРБИС formats name it (``v200^*``)."""

_DELIMITER = "^"
_BLANKS = "  "
_TAG = 3


def field_of(tag: str, text: str) -> ControlField | DataField:
    """Return the field of a tag (digits, padded to three) and its text, nothing of it lost."""
    padded = tag.zfill(_TAG)
    lead, *pieces = text.split(_DELIMITER)
    if not pieces:
        return ControlField(padded, lead)
    subfields = [Subfield(p[:1], p[1:]) for p in pieces]
    # An empty leading text is told only where "^*" would be taken for it.
    if lead or subfields[0].code in (LEADING, ""):
        subfields.insert(0, Subfield(LEADING, lead))
    return DataField(padded, _BLANKS, tuple(subfields))


def text_of(field: ControlField | DataField) -> str | None:
    """Return the text of the field, or None where ИРБИС cannot hold it so that it comes back."""
    if isinstance(field, ControlField):
        text = field.data
    else:
        first, *rest = field.subfields or (Subfield(LEADING, ""),)
        lead, others = (first.value, rest) if first.code == LEADING else ("", [first, *rest])
        text = lead + "".join(_DELIMITER + s.code + s.value for s in others)
    return text if field_of(field.tag, text) == field else None


def tag_of(tag: str) -> str | None:
    """Return the tag as ИРБИС writes it (``10`` for 010), or None where it has no such tag."""
    if not (tag.isascii() and tag.isdigit()):
        return None
    bare = tag.lstrip("0") or "0"
    return bare if bare.zfill(_TAG) == tag else None
