"""What differs between two states of a record, field by field, as values that can be applied.

Fields are compared with those of their own tag: how the tags follow one another says nothing
(ISO 2709 leaves it to the writer), the order of repeats does (the first 700 is the first author).
A field that was changed is one difference, not a deletion and an insertion; one that only stands
elsewhere among its like is one too.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from rapidfuzz.distance import Indel

from catalog.place import LEADER
from catalog.record import ControlField, Field, LinkField, Record

_LENGTHS = (slice(0, 5), slice(12, 17))
_ALIKE = 0.75  # two names of one field share half of their signs by chance
_NEVER = 3.0  # more than taking one out and putting the other in
_Pair = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Difference:
    """One field that was added (``was`` is None), removed (``now`` is None), changed or moved.

    ``occurrence`` counts the fields of the tag from 1: in the base, for an added field in the other
    record. ``after`` tells where a field goes that does not stay in its place: behind which field
    of the tag in the base (0: before the first); None where it stays or is removed.
    """

    tag: str
    occurrence: int
    was: Field | None
    now: Field | None
    after: int | None = None

    @property
    def kind(self) -> str:
        """``added``, ``removed``, ``moved`` (the same content elsewhere) or ``changed``."""
        if self.was is None:
            return "added"
        if self.now is None:
            return "removed"
        return "moved" if self.was == self.now else "changed"


def differences(base: Record, other: Record, ignored: Iterable[str] = ()) -> tuple[Difference, ...]:
    """Return what was done to ``base`` to give ``other``, by tag, then by place; () where nothing.

    Lengths in the leader (ISO 2709 §4.3) are the container's and no difference; ``ignored`` are
    tags that are left out. Formats are not compared: convert first.
    """
    left_out = set(ignored)
    before, after = _by_tag(base), _by_tag(other)
    found = list(_of_leaders(base.leader, other.leader)) if LEADER not in left_out else []
    for tag in sorted((before.keys() | after.keys()) - left_out):
        if before.get(tag) != after.get(tag):
            found += _of_tag(tag, before.get(tag, []), after.get(tag, []))
    return tuple(found)


def apply_differences(base: Record, chosen: Iterable[Difference]) -> Record:
    """Return ``base`` with these of its differences carried out; any part of them will do.

    All of them give the other record: its leader, and its fields tag by tag in their order.
    ValueError where a difference does not fit: the base holds another field than it says.
    """
    places = {tag: _places(base, tag) for tag in {f.tag for f in base.fields}}
    kept: list[Field | None] = list(base.fields)
    inserted: dict[int, list[Field]] = {}
    leader = base.leader
    for one in chosen:
        if one.tag == LEADER:
            leader = _with_lengths(leader, one.now)
            continue
        if one.was is not None:
            _take_out(kept, places.get(one.tag, []), one)
        if one.now is not None and one.after is not None:
            inserted.setdefault(_gap(base, places.get(one.tag, []), one), []).append(one.now)
    fields = [
        field
        for at in range(len(kept) + 1)
        for field in (*inserted.get(at, []), *(f for f in kept[at : at + 1] if f is not None))
    ]
    return Record(base.format, leader, tuple(fields))


def leader_codes(leader: str) -> str:
    """Return a leader without the lengths that belong to the container (ISO 2709 §4.3)."""
    signs = list(leader)
    for part in _LENGTHS:
        signs[part] = " " * len(signs[part])
    return "".join(signs)


def _by_tag(record: Record) -> dict[str, list[Field]]:
    found: dict[str, list[Field]] = {}
    for field in record.fields:
        found.setdefault(field.tag, []).append(field)
    return found


def _of_leaders(was: str, now: str) -> Iterator[Difference]:
    left, right = leader_codes(was), leader_codes(now)
    if left != right:
        yield Difference(LEADER, 1, ControlField(LEADER, left), ControlField(LEADER, right))


def _with_lengths(leader: str, now: Field | None) -> str:
    if not isinstance(now, ControlField):
        raise ValueError("a leader cannot be taken away")
    signs = list(now.data)
    for part in _LENGTHS:
        signs[part] = leader[part]
    return "".join(signs)


def _of_tag(tag: str, base: Sequence[Field], other: Sequence[Field]) -> list[Difference]:
    """Differences of the fields of one tag, in the order of ``other``, then what is gone."""
    pairs = dict(_aligned(base, other))
    stay = {at: number for number, at in pairs.items()}
    gone = [number for number in range(len(base)) if number not in pairs]
    moved = _moved(base, other, gone, [at for at in range(len(other)) if at not in stay])
    found, behind = [], 0
    for at, field in enumerate(other):
        if at in stay:
            number = stay[at]
            behind = number + 1
            if base[number] != field:
                found.append(Difference(tag, number + 1, base[number], field))
        elif at in moved:
            found.append(Difference(tag, moved[at] + 1, base[moved[at]], field, behind))
        else:
            found.append(Difference(tag, at + 1, None, field, behind))
    lost = [number for number in gone if number not in moved.values()]
    return [*found, *(Difference(tag, number + 1, base[number], None) for number in lost)]


def _aligned(base: Sequence[Field], other: Sequence[Field]) -> list[_Pair]:
    """Pairs of places that stand for each other, rising in both.

    It is the cheapest way from one to the other, where a field taken out or put in costs 1, a
    changed one up to 2. A field that stands unchanged elsewhere has moved, it was not changed.
    """
    stay = _staying(base, other)
    costs = [[float(n + m) for m in range(len(other) + 1)] for n in range(len(base) + 1)]
    for n, was in enumerate(base):
        for m, now in enumerate(other):
            by_pair = costs[n][m] + _cost(was, now, stay)
            costs[n + 1][m + 1] = min(by_pair, costs[n][m + 1] + 1, costs[n + 1][m] + 1)
    pairs, n, m = [], len(base), len(other)
    while n and m:
        if costs[n][m] == costs[n - 1][m - 1] + _cost(base[n - 1], other[m - 1], stay):
            n, m = n - 1, m - 1
            pairs.append((n, m))
        elif costs[n][m] == costs[n - 1][m] + 1:
            n -= 1
        else:
            m -= 1
    return pairs


def _staying(base: Sequence[Field], other: Sequence[Field]) -> tuple[set[Field], set[Field]]:
    """Fields of which each copy in the base, and each in the other, has its like over there."""
    before, after = Counter(base), Counter(other)
    return (
        {field for field, times in before.items() if times <= after[field]},
        {field for field, times in after.items() if times <= before[field]},
    )


def _cost(was: Field, now: Field, stay: tuple[set[Field], set[Field]]) -> float:
    if was == now:
        return 0.0
    if was in stay[0] or now in stay[1]:
        return _NEVER
    return 2 - 2 * _likeness(was, now)


def _likeness(one: Field, other: Field) -> float:
    """Return how alike two fields are, 0.0 to 1.0: the signs that they share in order."""
    return Indel.normalized_similarity(_signs(one), _signs(other))


def _signs(field: Field) -> str:
    if isinstance(field, ControlField):
        return field.data
    if isinstance(field, LinkField):
        return field.indicators + "".join(f.tag + _signs(f) for f in field.fields)
    return field.indicators + "".join(f"\x1f{s.code}{s.value}" for s in field.subfields)


def _moved(
    base: Sequence[Field], other: Sequence[Field], gone: Sequence[int], new: Sequence[int]
) -> dict[int, int]:
    """Place in ``other`` to place in ``base`` of what went elsewhere, the likest pairs first."""
    alike = [(_likeness(base[n], other[m]), -n, -m) for n in gone for m in new]
    found: dict[int, int] = {}
    for value, n, m in sorted(alike, reverse=True):
        if value >= _ALIKE and -m not in found and -n not in found.values():
            found[-m] = -n
    return found


def _places(record: Record, tag: str) -> list[int]:
    return [at for at, field in enumerate(record.fields) if field.tag == tag]


def _take_out(kept: list[Field | None], places: Sequence[int], one: Difference) -> None:
    """Remove the field from its place, or put the new one there if it stays."""
    at = places[one.occurrence - 1] if one.occurrence <= len(places) else -1
    if at < 0 or kept[at] != one.was:
        raise ValueError(f"{one.tag}: the record holds another field")
    kept[at] = one.now if one.after is None else None


def _gap(base: Record, places: Sequence[int], one: Difference) -> int:
    """Before which field of ``base`` the new one goes; a new tag goes before the next higher."""
    if places:
        return places[one.after - 1] + 1 if one.after else places[0]
    higher = (at for at, field in enumerate(base.fields) if field.tag > one.tag)
    return next(higher, len(base.fields))
