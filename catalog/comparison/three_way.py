"""Which of three sides has changed a record: the last import, theirs now, ours now.

Two things are of the file and not of the description: the lengths in the leader (ISO 2709 §4.3,
positions 0–4 and 12–16) and the time of the last change (005). Two records that differ in nothing
else say the same.
"""

from collections import Counter
from collections.abc import Collection
from dataclasses import replace
from enum import StrEnum

from catalog.comparison.differences import differences
from catalog.place import LEADER
from catalog.record import Field, Record

_CHANGED = "005"
_LEADER = 24
_FAMILY = {"rusmarc", "unimarc"}


class Verdict(StrEnum):
    """Which side has changed since the last import."""

    SAME = "same"
    THEIRS = "theirs"
    OURS = "ours"
    BOTH = "both"


def says_the_same(one: Record, other: Record) -> bool:
    """Return whether two records differ at most in lengths of the leader and in 005.

    RUSMARC is a UNIMARC: which of them a file was taken for is no difference of its records.
    """
    return (
        is_family(one.format, other.format)
        and _leader(one) == _leader(other)
        and _body(one) == _body(other)
    )


def is_family(*formats: str) -> bool:
    """Return whether formats write their fields alike: they are one, or RUSMARC and UNIMARC."""
    return len(set(formats)) == 1 or set(formats) == _FAMILY


def compare(base: Record | None, theirs: Record, ours: Record) -> Verdict:
    """Return which side has changed since ``base``, the last import.

    SAME where both say the same, however they came to it; BOTH where each says something new, or
    where nothing is known of before (``base`` None). A side that has done a part of what the other
    did has said nothing new: half of our corrections made there leave the other half ours.
    """
    if says_the_same(theirs, ours):
        return Verdict.SAME
    if base is None:
        return Verdict.BOTH
    if says_the_same(theirs, base):
        return Verdict.OURS
    if says_the_same(ours, base):
        return Verdict.THEIRS
    if not is_family(base.format, theirs.format, ours.format):
        return Verdict.BOTH
    done_there, done_here = _done(base, theirs), _done(base, ours)
    if done_there <= done_here:
        return Verdict.OURS
    return Verdict.THEIRS if done_here <= done_there else Verdict.BOTH


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


def _done(base: Record, side: Record) -> Counter[tuple[object, ...]]:
    """What a side did to the base, each thing as often as it did it."""
    return Counter(
        (one.tag, one.was, one.now, one.kind == "moved" and one.after)
        for one in differences(base, side, ignored=(_CHANGED,))
    )


def _leader(record: Record) -> str:
    leader = record.leader.ljust(_LEADER)
    return leader[5:12] + leader[17:]


def _body(record: Record) -> tuple[Field, ...]:
    return tuple(field for field in record.fields if field.tag != _CHANGED)
