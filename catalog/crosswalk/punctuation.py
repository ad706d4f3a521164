"""ISBD punctuation between subfields: MARC 21 writes it (leader/18 a or i), RUSMARC does not.

What is taken off on the way to RUSMARC is set again on the way back by the same rows, so only a
field whose cataloguer went another way has to be kept whole.
"""

import re
from dataclasses import replace

from catalog.crosswalk.table import LEADER_LENGTH, Row
from catalog.record import DataField, Subfield

_FORM = 18
_WRITTEN, _OMITTED = "ai", "cn"
_SIGNS = tuple("/:;,=+")
# A full stop ends the field only where it cannot belong to an abbreviation or an initial.
_STOP = re.compile(r"(?:(?<=[^\W\d_]{4})|(?<=[\d)\]]))\.$")


def is_written(leader: str) -> bool:
    """Whether a MARC 21 record of this leader has punctuation in its subfields."""
    return leader.ljust(LEADER_LENGTH)[_FORM] in _WRITTEN


def may_be_written(leader: str) -> bool:
    """Whether it may have it: older records do not say so, and have it all the same."""
    return leader.ljust(LEADER_LENGTH)[_FORM] not in _OMITTED


def without_punctuation(field: DataField, row: Row) -> DataField:
    """Return the field as RUSMARC has it."""
    if not (row.before or row.end):
        return field
    bare = [_unsigned(s.value) if row.before else s.value for s in field.subfields]
    for at, following in enumerate(field.subfields[1:]):
        if row.before.get(following.code) == ".":
            bare[at] = _STOP.sub("", bare[at])
    if row.end and bare:
        bare[-1] = _STOP.sub("", bare[-1])
    return _with_values(field, bare)


def _unsigned(text: str) -> str:
    end = text.rstrip()
    return end[:-1].rstrip() if end.endswith(_SIGNS) else text


def with_punctuation(field: DataField, row: Row) -> DataField:
    """Return the field as MARC 21 has it: the sign of a subfield ends the one before it."""
    full = [s.value for s in field.subfields]
    for at, following in enumerate(field.subfields[1:]):
        sign = row.before.get(following.code, "")
        full[at] += "" if full[at].endswith(sign) else sign
    if row.end and full and full[-1][-1:] not in (".", "?", "!", "-"):
        full[-1] += row.end
    return _with_values(field, full)


def _with_values(field: DataField, values: list[str]) -> DataField:
    paired = zip(field.subfields, values, strict=True)
    return replace(field, subfields=tuple(Subfield(s.code, value) for s, value in paired))
