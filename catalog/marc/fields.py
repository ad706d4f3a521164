"""Fields out of their text: indicators, subfields, and what of them is not as ISO 2709 has it.

Terms: ISO 2709 §4.5. MARC has two indicators and identifiers of two characters, 0x1F and a code.
"""

import re
from collections.abc import Sequence

from catalog.marc.embedding import unflatten
from catalog.marc.reading import ReadNote
from catalog.record import ControlField, DataField, Field, Subfield

DELIMITER = "\x1f"
_INDICATORS = 2
_THIRD_INDICATOR = re.compile("[0-9 |#]")
_ODD_CODE = re.compile("\x1f[^!-~\x1e\x1f]")
LEADING_CODE = " "
"""The code under which text that stands before the first subfield is kept."""


def fields_in(
    tags: Sequence[str], texts: Sequence[str], form: str, notes: list[ReadNote]
) -> tuple[Field, ...]:
    """Return the fields of a record; what had to be mended is added to ``notes``."""
    found: list[Field] = []
    odd = _ODD_CODE.search("".join(texts)) is not None
    for tag, text in zip(tags, texts, strict=True):
        if tag.startswith("00"):
            found.append(ControlField(tag, text))
            continue
        indicators, *pieces = text.split(DELIMITER)
        odd_here = len(indicators) != _INDICATORS or not pieces or "" in pieces
        if odd or odd_here or not indicators.isascii():
            indicators, pieces = _mended(tag, text, notes)
        subfields = tuple([Subfield(piece[0], piece[1:]) for piece in pieces])
        field = DataField(tag, indicators, subfields)
        found.append(unflatten(field, form) if tag[0] == "4" or tag == "604" else field)
    return tuple(found)


def _mended(tag: str, text: str, notes: list[ReadNote]) -> tuple[str, list[str]]:
    """Two indicators, and the subfields that are not empty, each with its code."""
    before, *pieces = text.split(DELIMITER)
    indicators, leading = before[:_INDICATORS], before[_INDICATORS:]
    third = _THIRD_INDICATOR.fullmatch(leading) is not None
    if third or not indicators.isascii() or len(indicators) < _INDICATORS:
        notes.append(ReadNote("indicators", tag, before))
        indicators = re.sub("[^ -~]", " ", indicators).ljust(_INDICATORS)
        leading = "" if third else leading
    if leading:
        notes.append(ReadNote("leading-data", tag, leading))
    elif not any(pieces):
        notes.append(ReadNote("empty-field", tag))
    elif "" in pieces:
        notes.append(ReadNote("empty-subfield", tag))
    if _ODD_CODE.search(text):
        notes.append(ReadNote("bad-code", tag))
    kept = [piece for piece in pieces if piece]
    return indicators, [LEADING_CODE + leading, *kept] if leading else kept
