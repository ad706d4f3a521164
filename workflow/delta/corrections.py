"""The corrections that are open: what we changed in their records and they do not have yet."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from catalog.comparison.differences import Difference, differences
from catalog.comparison.three_way import is_family
from catalog.crosswalk.convert import convert
from catalog.place import LEADER
from catalog.record import ControlField, Field, Record, canonical_json
from store.catalogue import corrections
from store.catalogue.corrections import CONFIRMED, DONE, Mark, OpenChange
from store.database import Reader
from store.identifiers import short_id
from workflow.exchange.reading import number_behind

THEIR_OWN = ("001", "005")
"""Their number and the time of their last change: what their system keeps itself."""

_STATUS, _DELETED = 5, "d"


@dataclass(frozen=True, slots=True)
class Correction:
    """One difference with its code and what was last told of it (None: nothing yet)."""

    code: str
    difference: Difference
    mark: Mark | None

    @property
    def is_waiting(self) -> bool:
        """Whether somebody made it there and the next import is to confirm it."""
        return self.mark is not None and self.mark.state == DONE


@dataclass(frozen=True, slots=True)
class Corrected:
    """A record of theirs with its corrections, by field. ``number`` is None where it has none.

    ``ours`` is what it should be there: our content, in their format, under their number.
    """

    change: OpenChange
    number: str | None
    ours: Record
    corrections: tuple[Correction, ...]

    @property
    def name(self) -> str:
        """What a person calls it by: their number, else our id."""
        return self.number or self.change.record

    def without_waiting(self) -> "Corrected":
        """Return the record with the corrections alone that nobody has ticked as made."""
        left = tuple(one for one in self.corrections if not one.is_waiting)
        return replace(self, corrections=left)


def open_corrections(
    reader: Reader, catalogue: str | None = None, since: int | None = None
) -> Iterator[Corrected]:
    """Yield every record with corrections, in the order of their catalogue, contested ones too."""
    told = corrections.marks(reader)
    for change in corrections.open_changes(reader, catalogue, since):
        ours = _gone(change.was) if change.gone else _as_theirs(change.now, change.was.format)
        found = _of_record(change, ours, told)
        if found:
            kept = _under_their_number(ours, change.was)
            yield Corrected(change, number_behind(change.key), kept, found)


def is_deletion(one: Difference) -> bool:
    """Return whether a difference says that the whole record is to go (leader/05 ``d``)."""
    return one.tag == LEADER and content_of(one.now)[_STATUS : _STATUS + 1] == _DELETED


def _as_theirs(ours: Record, form: str) -> Record:
    if is_family(ours.format, form):
        return replace(ours, format=form)
    return convert(ours, form).record


def _gone(theirs: Record) -> Record:
    leader = theirs.leader.ljust(_STATUS + 1)
    return replace(theirs, leader=leader[:_STATUS] + _DELETED + leader[_STATUS + 1 :])


def _under_their_number(ours: Record, theirs: Record) -> Record:
    numbers = list(theirs.all("001"))
    rest = [field for field in ours.fields if field.tag != "001"]
    return Record(ours.format, ours.leader, (*numbers, *rest))


def _of_record(
    change: OpenChange, ours: Record, told: Mapping[str, Mark]
) -> tuple[Correction, ...]:
    made: list[Correction] = []
    times: dict[str, int] = {}
    for one in differences(change.was, ours, ignored=THEIR_OWN):
        content = json.dumps([content_of(one.was), content_of(one.now), one.after])
        times[content] = times.get(content, 0) + 1
        parts = (change.catalogue, change.record, one.tag, content, str(times[content]))
        code = short_id("correction", *parts)
        mark = told.get(code)
        # What an import confirmed and is open again was changed anew, or back.
        known = None if mark is None or mark.state == CONFIRMED else mark
        made.append(Correction(code, one, known))
    return tuple(made)


def content_of(field: Field | None) -> str:
    """Return what a field says as one text, the same for equal fields only; empty for none."""
    if field is None:
        return ""
    if isinstance(field, ControlField):
        return field.data
    return canonical_json(Record("", "", (field,))).decode("utf-8", "surrogatepass")
