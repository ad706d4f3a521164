"""Proposed repairs: small edits of a record, each told as old and new."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from catalog.marc.embedding import flatten
from catalog.place import LEADER, Place, parse_place
from catalog.record import ControlField, DataField, Field, LinkField, Record, Subfield


@dataclass(frozen=True, slots=True)
class Edit:
    """At ``place``, the text ``old`` that begins at character ``at`` becomes ``new``.

    ``new`` None takes the subfield away, or the field where ``place`` names no subfield (``old`` is
    then its flat text). ``code`` moves the subfield's whole value to another code (ISBN: $a → $z).
    """

    place: Place
    old: str
    new: str | None
    at: int = 0
    code: str = ""

    def as_json(self) -> dict[str, Any]:
        """Plain values; what has its usual value is left out."""
        given = {"place": str(self.place), "old": self.old, "new": self.new}
        return given | {k: v for k, v in (("at", self.at), ("code", self.code)) if v}


def edit_from_json(data: Mapping[str, Any]) -> Edit:
    """Return the edit of :meth:`Edit.as_json`; ValueError or KeyError on other input."""
    place = parse_place(data["place"])
    return Edit(place, data["old"], data["new"], data.get("at", 0), data.get("code", ""))


@dataclass(frozen=True, slots=True)
class Repaired:
    """The record anew, and the edits that no longer fit it and changed nothing."""

    record: Record
    missed: tuple[Edit, ...]


def apply(record: Record, edits: Iterable[Edit]) -> Repaired:
    """Return the record with every edit that fits; all of them mean places of ``record`` itself.

    Of two edits that overlap, the later in ``edits`` is missed.
    """
    pending: dict[Place, list[Edit]] = {}
    for edit in edits:
        pending.setdefault(edit.place, []).append(edit)
    work = _Work(pending)
    leader = work.text(Place(LEADER), record.leader)
    fields = work.fields(record.fields)
    missed = [edit for left in pending.values() for edit in left]
    return Repaired(Record(record.format, leader or record.leader, fields), tuple(missed))


def flat(field: Field) -> str:
    """The subfields of a field as one text, ``$aКөмір$bшахта``: how an edit names a whole field."""
    if isinstance(field, ControlField):
        return field.data
    subfields = flatten(field) if isinstance(field, LinkField) else field.subfields
    return "".join(f"${s.code}{s.value}" for s in subfields)


class _Work:
    """Walks a record and uses up the pending edits."""

    def __init__(self, pending: dict[Place, list[Edit]]) -> None:
        self._pending = pending
        self._tags = {place.host or place.tag for place in pending}

    def fields(self, fields: tuple[Field, ...]) -> tuple[Field, ...]:
        seen: dict[str, int] = {}
        made: list[Field] = []
        for field in fields:
            n = seen[field.tag] = seen.get(field.tag, 0) + 1
            done = self._field(field, n) if field.tag in self._tags else field
            if done is not None:
                made.append(done)
        return tuple(made)

    def _field(self, field: Field, n: int) -> Field | None:
        if isinstance(field, LinkField):
            return self._link(field, n)
        return self._plain(field, lambda code, repeat: Place(field.tag, n, code, repeat))

    def _link(self, field: LinkField, n: int) -> LinkField | None:
        if self._gone(Place(field.tag, n), field):
            return None
        seen: dict[str, int] = {}
        inner: list[ControlField | DataField] = []
        for one in field.fields:
            m = seen[one.tag] = seen.get(one.tag, 0) + 1
            done = self._plain(one, _place_in(field.tag, n, one.tag, m))
            if done is not None:
                inner.append(done)
        return LinkField(field.tag, field.indicators, tuple(inner)) if inner else None

    def _plain(
        self, field: ControlField | DataField, place: Callable[[str, int], Place]
    ) -> ControlField | DataField | None:
        if isinstance(field, ControlField):
            text = self.text(place("", 1), field.data)
            return None if text is None else ControlField(field.tag, text)
        if self._gone(place("", 1), field):
            return None
        subfields = self._subfields(field, place)
        if not subfields and field.subfields:
            return None
        return DataField(field.tag, field.indicators, subfields)

    def _subfields(
        self, field: DataField, place: Callable[[str, int], Place]
    ) -> tuple[Subfield, ...]:
        seen: dict[str, int] = {}
        made = []
        for subfield in field.subfields:
            repeat = seen[subfield.code] = seen.get(subfield.code, 0) + 1
            where = place(subfield.code, repeat)
            moved = [e.code for e in self._pending.get(where, ()) if e.code]
            text = self.text(where, subfield.value)
            if text is not None:
                left = {e.code for e in self._pending.get(where, ()) if e.code}
                code = next((c for c in moved if c not in left), subfield.code)
                made.append(Subfield(code, text))
        return tuple(made)

    def text(self, place: Place, value: str) -> str | None:
        """The text after its edits, from the end to the beginning; None where it is taken away."""
        result: str | None = value
        missed = []
        end = len(value)
        for edit in sorted(self._pending.pop(place, ()), key=lambda e: -e.at):
            at = _found(value, edit)
            if at < 0 or at + len(edit.old) > end or result is None:
                missed.append(edit)
            elif edit.new is None:
                result = None
            else:
                result = result[:at] + edit.new + result[at + len(edit.old) :]
                end = at
        if missed:
            self._pending[place] = missed
        return result

    def _gone(self, place: Place, field: Field) -> bool:
        edits = self._pending.get(place, [])
        if any(edit.new is None and edit.old == flat(field) for edit in edits):
            del self._pending[place]
            return True
        return False


def _place_in(host: str, host_n: int, tag: str, n: int) -> Callable[[str, int], Place]:
    return lambda code, repeat: Place(tag, n, code, repeat, host, host_n)


def _found(value: str, edit: Edit) -> int:
    """Where the old text stands: as told, or where it stands now if that is only one place.

    What is taken away or moved must be the whole text, or something new would go with it.
    """
    if edit.new is None or edit.code:
        return 0 if value == edit.old else -1
    if value.startswith(edit.old, edit.at):
        return edit.at
    return value.find(edit.old) if edit.old and value.count(edit.old) == 1 else -1
