"""What differs between two states of a record, field by field; and which of three sides changed.

Two things are of the file and not of the description: the lengths in the leader (ISO 2709 §4.3,
positions 0–4 and 12–16) and the time of the last change (005). They are shown, but two records
that differ in nothing else say the same.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import zip_longest

from catalog.record import ControlField, Field, Record

LEADER = "LDR"
_CHANGED = "005"
_LEADER = 24
_FAMILY = {"rusmarc", "unimarc"}


@dataclass(frozen=True, slots=True)
class FieldDifference:
    """One field: ``was`` is None where it was added, ``now`` is None where it was taken out.

    The leader is the control field ``LDR``.
    """

    tag: str
    was: Field | None
    now: Field | None


class Verdict(StrEnum):
    """Which side has changed since the last import."""

    SAME = "same"
    THEIRS = "theirs"
    OURS = "ours"
    BOTH = "both"


def differences(was: Record, now: Record) -> tuple[FieldDifference, ...]:
    """Return every field that differs, leader first, then in the order of tags.

    Equal fields of one tag cancel each other out whatever their order; what is left of a tag is
    paired in order.
    """
    found = []
    if _leader(was) != _leader(now):
        leaders = ControlField(LEADER, was.leader), ControlField(LEADER, now.leader)
        found.append(FieldDifference(LEADER, *leaders))
    tags = sorted({field.tag for field in (*was.fields, *now.fields)})
    return (*found, *(one for tag in tags for one in _of_tag(tag, was, now)))


def says_the_same(one: Record, other: Record) -> bool:
    """Return whether two records differ at most in lengths of the leader and in 005.

    RUSMARC is a UNIMARC: which of them a file was taken for is no difference of its records.
    """
    return (
        (one.format == other.format or {one.format, other.format} == _FAMILY)
        and _leader(one) == _leader(other)
        and _body(one) == _body(other)
    )


def compare(base: Record | None, theirs: Record, ours: Record) -> Verdict:
    """Return which side has changed since ``base``, the last import.

    SAME where both say the same, however they came to it; BOTH where each says something new, or
    where nothing is known of before (``base`` None).
    """
    if says_the_same(theirs, ours):
        return Verdict.SAME
    if base is None:
        return Verdict.BOTH
    if says_the_same(theirs, base):
        return Verdict.OURS
    return Verdict.THEIRS if says_the_same(ours, base) else Verdict.BOTH


def take_fields(ours: Record, theirs: Record, tags: Collection[str]) -> Record:
    """Return our record with all fields of these tags (``LDR``: the leader) as theirs has them.

    They stand where ours had them first, else before the first higher tag.
    """
    fields = list(ours.fields)
    for tag in sorted(set(tags) - {LEADER}):
        place = next((n for n, field in enumerate(fields) if field.tag >= tag), len(fields))
        rest = [field for field in fields[place:] if field.tag != tag]
        fields = [*fields[:place], *theirs.all(tag), *rest]
    leader = theirs.leader if LEADER in tags else ours.leader
    return replace(ours, leader=leader, fields=tuple(fields))


def _of_tag(tag: str, was: Record, now: Record) -> Iterator[FieldDifference]:
    old, new = list(was.all(tag)), list(now.all(tag))
    for field in tuple(old):
        if field in new:
            old.remove(field)
            new.remove(field)
    return (FieldDifference(tag, *pair) for pair in zip_longest(old, new))


def _leader(record: Record) -> str:
    leader = record.leader.ljust(_LEADER)
    return leader[5:12] + leader[17:]


def _body(record: Record) -> tuple[Field, ...]:
    return tuple(field for field in record.fields if field.tag != _CHANGED)
