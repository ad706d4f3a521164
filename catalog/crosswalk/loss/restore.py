"""The way back: what the carriers hold goes to its old place, unless a person changed it since."""

from collections.abc import Callable, Sequence

from catalog.crosswalk.loss.carrier import Carrier, digest
from catalog.crosswalk.loss.merge import merged
from catalog.crosswalk.table import LEADER_LENGTH
from catalog.crosswalk.transfer import Made
from catalog.place import LEADER
from catalog.record import ControlField, Field

Again = Callable[[Sequence[Field]], Sequence[Field]]


def restored_leader(found: str, carriers: Sequence[Carrier], again: Callable[[str], str]) -> str:
    """Return the leader as it was, with what was changed in the other format since.

    ``again`` sends a leader there and back by the table.
    """
    for carrier in carriers:
        if isinstance(carrier.field, ControlField) and carrier.field.tag == LEADER:
            now = ControlField(LEADER, found)
            if carrier.shadow and carrier.shadow.digest == digest(now):
                return _with_lengths(carrier.field.data, found)
            base = ControlField(LEADER, again(carrier.field.data))
            whole = merged(carrier.field, base, now)
            return whole.data if isinstance(whole, ControlField) else found
    return found


def _with_lengths(leader: str, found: str) -> str:
    """Lengths and base address are the file's: those of today stay (ISO 2709 §4.3)."""
    if len(leader) != LEADER_LENGTH:
        return leader
    return found[:5] + leader[5:12] + found[12:17] + leader[17:]


def restored(made: Sequence[Made], carriers: Sequence[Carrier], again: Again) -> list[Made]:
    """Return the fields with the carriers worked in.

    An untouched record gets every field, and its old order. Where the field that stands for a
    carrier was edited, the edit wins and the carrier gives only what the edit did not touch; where
    it was deleted, it stays deleted. ``again`` sends fields there and back by the table.
    """
    wanted = [c for c in carriers if c.field is None or c.field.tag != LEADER]
    if not wanted:
        return list(made)
    same = _untouched(made, wanted)
    edited = _edited(made, wanted, same)
    if not edited:
        return _assembled(made, wanted, same, {})
    first = {n: wanted[n].field or made[at].field for n, at in edited.items()}
    old = _assembled(made, wanted, {**same, **edited}, first)
    bases = {digest(field): field for field in again([one.field for one in old])}
    new = {n: _worked_in(wanted[n], made[at].field, bases) for n, at in edited.items()}
    return _assembled(made, wanted, {**same, **edited}, new)


def _untouched(made: Sequence[Made], carriers: Sequence[Carrier]) -> dict[int, int]:
    """Number of a carrier to the place of its shadow."""
    places: dict[str, list[int]] = {}
    for at, one in enumerate(made):
        places.setdefault(digest(one.field), []).append(at)
    found = {}
    for number, carrier in enumerate(carriers):
        if carrier.shadow and places.get(carrier.shadow.digest):
            found[number] = places[carrier.shadow.digest].pop(0)
    return found


def _edited(
    made: Sequence[Made], carriers: Sequence[Carrier], same: dict[int, int]
) -> dict[int, int]:
    """Number of a carrier to the place of the field that its shadow became.

    That is the one of the same number among the fields of the tag; where their count changed, none
    can be told from another, and the field counts as deleted.
    """
    claimed = set(same.values())
    found: dict[int, int] = {}
    places: dict[str, list[int]] = {}
    for at, one in enumerate(made):
        places.setdefault(one.field.tag, []).append(at)
    for number, carrier in enumerate(carriers):
        shadow = carrier.shadow
        if number in same or shadow is None or carrier.position is None:
            continue
        alike = places.get(shadow.tag, [])
        if len(alike) == shadow.of and alike[shadow.place - 1] not in claimed:
            found[number] = alike[shadow.place - 1]
            claimed.add(found[number])
    return found


def _worked_in(carrier: Carrier, now: Field, bases: dict[str, Field]) -> Field:
    base = bases.get(carrier.shadow.digest) if carrier.shadow else None
    if carrier.field is None or base is None:
        return now
    return merged(carrier.field, base, now)


def _assembled(
    made: Sequence[Made],
    carriers: Sequence[Carrier],
    places: dict[int, int],
    instead: dict[int, Field],
) -> list[Made]:
    gone = set(places.values())
    result = [one for at, one in enumerate(made) if at not in gone]
    pieces: list[tuple[int, Made]] = []
    for number, carrier in enumerate(carriers):
        of = made[places[number]] if number in places else None
        if carrier.position is None or (carrier.shadow and of is None):
            continue
        field = instead.get(number) or carrier.field or (of.field if of else None)
        if field is not None:
            pieces.append((carrier.position, Made(field, of.sources if of else frozenset())))
    exact = bool(carriers) and len(result) + len(pieces) == carriers[0].total
    for position, one in sorted(pieces, key=lambda piece: piece[0]):
        result.insert(position if exact else _place_by_tag(result, one.field.tag), one)
    return result


def _place_by_tag(fields: Sequence[Made], tag: str) -> int:
    return max((at + 1 for at, one in enumerate(fields) if one.field.tag <= tag), default=0)
