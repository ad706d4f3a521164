"""Where every correction stands: open, made and awaited, refused, or not found there."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from store.catalogue.corrections import DONE, MISSING, OVERTAKEN, REFUSED
from workflow.delta import lines
from workflow.delta.corrections import Corrected, Correction, open_corrections
from workflow.library import Library

STATES = ("open", "waiting", "refused", "missing", "contested")
_BY_MARK = {DONE: "waiting", REFUSED: "refused", MISSING: "missing", OVERTAKEN: "open"}


@dataclass(frozen=True, slots=True)
class Standing:
    """One correction as the sheet has it, and its ``state``, one of ``STATES``."""

    record: str
    catalogue: str
    number: str | None
    title: str
    row: str
    field: str
    action: str
    was: str
    now: str
    note: str
    state: str

    def as_json(self) -> dict[str, object]:
        """One JSON line."""
        return {
            "record": self.record,
            "catalogue": self.catalogue,
            "number": self.number,
            "title": self.title,
            "row": self.row,
            "field": self.field,
            "action": self.action,
            "was": self.was,
            "now": self.now,
            "note": self.note,
            "state": self.state,
        }


def list_corrections(
    library: Library, catalogue: str | None = None, since: int | None = None
) -> tuple[tuple[Standing, ...], Mapping[str, int]]:
    """Return every correction that is not confirmed yet, and how many are in each state."""
    found = tuple(
        _standing(record, one)
        for record in open_corrections(library.store, catalogue, since)
        for one in record.corrections
    )
    counts = Counter(one.state for one in found)
    return found, {state: counts[state] for state in STATES}


def _standing(found: Corrected, one: Correction) -> Standing:
    change = found.change
    told = lines.line(one, change)
    state = _BY_MARK[one.mark.state] if one.mark else "open"
    return Standing(
        *(change.record, change.catalogue, found.number, lines.recognition(change.was)),
        *(told.code, told.field, told.action, told.was, told.now, told.note),
        "contested" if change.contested else state,
    )
