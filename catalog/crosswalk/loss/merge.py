"""Three versions of a field: as it was first, as the table gives it back, as a person edited it.

What the person changed wins, place by place; all else is as it was first.
"""

from collections.abc import Sequence
from dataclasses import replace
from difflib import SequenceMatcher
from typing import TypeVar

from catalog.record import ControlField, DataField, Field, LinkField, Subfield

T = TypeVar("T", ControlField | DataField, Subfield)
_CODED_BLOCK = "1"


def merged(first: Field, base: Field, edited: Field) -> Field:
    """Return ``first`` with the changes between ``base`` and ``edited``, all fields of one record.

    Where the three cannot be compared (another kind of field, another tag), ``edited`` it is.
    """
    if not first.tag == base.tag == edited.tag:
        return edited if base != edited else first
    if isinstance(first, ControlField):
        return _control(first, base, edited)
    if isinstance(first, DataField):
        return _data(first, base, edited) if isinstance(base, DataField) else edited
    if isinstance(base, LinkField) and isinstance(edited, LinkField):
        inner = _sequence(first.fields, base.fields, edited.fields)
        return LinkField(first.tag, edited.indicators, tuple(inner))
    return edited


def _control(first: ControlField, base: Field, edited: Field) -> Field:
    if not (isinstance(base, ControlField) and isinstance(edited, ControlField)):
        return edited
    return replace(first, data=_text(first.data, base.data, edited.data))


def _data(first: DataField, base: DataField, edited: Field) -> Field:
    if not isinstance(edited, DataField):
        return edited
    indicators = _text(first.indicators, base.indicators, edited.indicators)
    if first.tag.startswith(_CODED_BLOCK) and len(first.subfields) == len(edited.subfields) == 1:
        data = _text(first.subfields[0].value, _only(base), edited.subfields[0].value)
        return DataField(first.tag, indicators, (replace(first.subfields[0], value=data),))
    subfields = _sequence(first.subfields, base.subfields, edited.subfields)
    return DataField(first.tag, indicators, tuple(subfields))


def _only(field: DataField) -> str:
    return field.subfields[0].value if field.subfields else ""


def _text(first: str, base: str, edited: str) -> str:
    """Position by position where all three have the same length (coded data), else as a whole."""
    if edited == base:
        return first
    if not len(first) == len(base) == len(edited):
        return edited
    chosen = (f if b == e else e for f, b, e in zip(first, base, edited, strict=True))
    return "".join(chosen)


def _sequence(first: Sequence[T], base: Sequence[T], edited: Sequence[T]) -> list[T]:
    restored, changed, kept = _images(base, first), _images(base, edited), _images(base, base)
    merged_slots: list[T] = []
    for was, now, same in zip(restored, changed, kept, strict=True):
        if not same:
            merged_slots += was + [one for one in now if one not in was]
        elif now == same:
            merged_slots += was
        else:
            merged_slots += _both(was, same, now)
    return merged_slots


def _both(was: list[T], same: list[T], now: list[T]) -> list[T]:
    """Both sides differ from the base: an embedded field is merged in turn, else the edit wins."""
    if len(was) == len(now) == 1 and isinstance(same[0], DataField | ControlField):
        return [merged(was[0], same[0], now[0])]  # type: ignore[list-item]  # a field stays a field of its kind
    return now


def _images(base: Sequence[T], other: Sequence[T]) -> list[list[T]]:
    """What stands in ``other`` before each item of ``base``, for it, and after the last: 2n + 1."""
    slots: list[list[T]] = [[] for _ in range(2 * len(base) + 1)]
    for kind, start, stop, low, high in SequenceMatcher(None, base, other, False).get_opcodes():
        if kind == "equal":
            for at in range(stop - start):
                slots[2 * (start + at) + 1] = [base[start + at]]
        elif kind == "insert":
            slots[2 * start] += other[low:high]
        elif kind == "replace":
            _replaced(slots, (start, stop), list(other[low:high]))
    return slots


def _replaced(slots: list[list[T]], span: tuple[int, int], new: list[T]) -> None:
    """One for one as far as they go; what is left over belongs to the last."""
    start, stop = span
    for at in range(start, stop):
        last = at == stop - 1
        taken = new[at - start :] if last else new[at - start : at - start + 1]
        slots[2 * at + 1] = taken
