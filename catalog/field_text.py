"""A field as cataloguers write it, for people to read."""

import re

from catalog.record import ControlField, DataField, Field

_UNSEEN_BLANK = re.compile(r"^\s+|\s+$|(?<=\s)\s")
_BLANK_SIGN = "\N{OPEN BOX}"
_INDENT = "    "


def field_text(field: Field | None, form: str = "rusmarc", *, blanks: bool = False) -> str:
    """Return the content of a field: ``1# $aТитул $fАвтор``, embedded fields by line.

    A blank indicator is ``#``; ИРБИС has none and writes ``^aТитул^fАвтор``. None is an empty text.
    With ``blanks`` those at the ends of a subfield, and doubled ones, are shown as ``␣``.
    """
    if field is None:
        return ""
    if isinstance(field, ControlField):
        return _shown(field.data, blanks=blanks)
    head = field.indicators.replace(" ", "#")
    if isinstance(field, DataField):
        subfields = [f"{s.code}{_shown(s.value, blanks=blanks)}" for s in field.subfields]
        if form == "irbis":
            return "".join(f"^{one}" for one in subfields)
        return " ".join([head, *(f"${one}" for one in subfields)])
    inner = (f"{one.tag} {field_text(one, form, blanks=blanks)}" for one in field.fields)
    return "\n".join([head, *inner])


def field_lines(field: Field, form: str = "rusmarc") -> list[str]:
    """Return tag and content: ``200 1# $aТитул``, ``001    77``; embedded fields are indented."""
    gap = "    " if isinstance(field, ControlField) and form != "irbis" else " "
    first, *inner = field_text(field, form).split("\n")
    return [f"{field.tag}{gap}{first}", *(_INDENT + line for line in inner)]


def _shown(text: str, *, blanks: bool) -> str:
    return _UNSEEN_BLANK.sub(lambda m: _BLANK_SIGN * len(m[0]), text) if blanks else text
