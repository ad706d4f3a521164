"""What a conversion loses: the record against what the table alone would give back for it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from catalog.crosswalk.loss.carrier import Carrier, Shadow, digest
from catalog.crosswalk.table import family, row_for
from catalog.crosswalk.transfer import Made
from catalog.place import LEADER
from catalog.record import ControlField, DataField, Field, LinkField, Record

NO_PLACE, REORDERING, ADDED, CODED = "no-place", "reordering", "added", "coded-lost"


@dataclass(frozen=True, slots=True)
class Loss:
    """A place of the record (``899``, ``200$z``, ``463/606``, ``LDR``) and the class of its loss.

    ``no-place``: the target has none; ``merged``: joined with others; ``coded-lost``: a code
    without a twin; ``reordering``: the order; ``added``: the way back would invent it. All are kept
    in fields 886.
    """

    place: str
    kind: str

    def __str__(self) -> str:
        """The place alone."""
        return self.place


def differences(own: Sequence[Field], trip: Sequence[Made]) -> list[Carrier]:
    """Return what must be carried so that ``trip`` becomes ``own`` again, order and all."""
    back = [made.field for made in trip]
    if list(own) == back:
        return []
    kept = _common(own, back)
    free = [at for at in range(len(back)) if at not in kept.values()]
    carriers = []
    for at, field in enumerate(own):
        if at in kept:
            continue
        of = _shadow_of(at, field, [(i, trip[i]) for i in free])
        if of is not None:
            free.remove(of)
        shadow = None if of is None else _shadow(back, of)
        content = None if of is not None and back[of] == field else field
        carriers.append(Carrier(at, len(own), content, shadow))
    return carriers + [Carrier(None, len(own), None, _shadow(back, at)) for at in free]


def leader_difference(own: str, back: str) -> list[Carrier]:
    """Return the carrier of the leader in a list; an empty list where the table gives it back."""
    if own == back:
        return []
    shadow = Shadow(LEADER, 1, 1, digest(ControlField(LEADER, back)))
    return [Carrier(None, 1, ControlField(LEADER, own), shadow)]


def losses(carriers: Sequence[Carrier], record: Record, trip: Sequence[Field]) -> tuple[Loss, ...]:
    """Return what the carriers hold, in words: each place once."""
    shadows = {digest(field): field for field in trip} if carriers else {}
    found: dict[Loss, None] = {}
    for carrier in carriers:
        was = shadows.get(carrier.shadow.digest) if carrier.shadow else None
        found.update(dict.fromkeys(_losses(carrier, record, was)))
    return tuple(found)


def _common(own: Sequence[Field], back: Sequence[Field]) -> dict[int, int]:
    """Places of fields that need no carrier, to their places in ``back``.

    A field whose equal has to be left out elsewhere is not among them: the digest alone could not
    say which of the two is meant.
    """
    blocks = SequenceMatcher(None, own, back, False).get_matching_blocks()
    pairs = {b.a + n: b.b + n for b in blocks for n in range(b.size)}
    matched = set(pairs.values())
    shadows = {field for at, field in enumerate(back) if at not in matched}
    return {ours: theirs for ours, theirs in pairs.items() if back[theirs] not in shadows}


def _shadow_of(at: int, field: Field, free: Sequence[tuple[int, Made]]) -> int | None:
    """Place of what the table gives back for ``field``, or None."""
    equal = [i for i, made in free if made.field == field]
    derived = [(made.field.tag != field.tag, i) for i, made in free if at in made.sources]
    return equal[0] if equal else min(derived)[1] if derived else None


def _shadow(back: Sequence[Field], at: int) -> Shadow:
    tag = back[at].tag
    alike = [i for i, field in enumerate(back) if field.tag == tag]
    return Shadow(tag, alike.index(at) + 1, len(alike), digest(back[at]))


def _losses(carrier: Carrier, record: Record, was: Field | None) -> list[Loss]:
    field = carrier.field
    if field is None:
        tag = carrier.shadow.tag if carrier.shadow else ""
        return [Loss(tag, ADDED if carrier.position is None else REORDERING)]
    if field.tag == LEADER:
        return [Loss(LEADER, CODED)]
    row = row_for(field, family(record.format), record.leader)
    kind = row.loss if row and row.loss != "none" else NO_PLACE
    places = _places(field, was)
    if places:
        return [Loss(place, kind) for place in places]
    same = getattr(field, "indicators", "") == getattr(was, "indicators", "")
    return [Loss(field.tag, REORDERING if same else CODED)]


def _places(field: Field, was: Field | None) -> list[str]:
    """Subfields (or embedded fields and their subfields) of ``field`` that ``was`` lacks."""
    if was is None or type(was) is not type(field) or was.tag != field.tag:
        return [field.tag]
    if isinstance(field, LinkField) and isinstance(was, LinkField):
        inner = {one.tag: one for one in was.fields}
        lost = [
            p
            for one in field.fields
            if one != inner.get(one.tag)
            for p in _places(one, inner.get(one.tag))
        ]
        return [f"{field.tag}/{place}" for place in lost]
    if isinstance(field, DataField) and isinstance(was, DataField):
        left = Counter(field.subfields) - Counter(was.subfields)
        return list(dict.fromkeys(f"{field.tag}${s.code}" for s in left))
    return [field.tag]
