"""An import settles what was ticked as made: it is there, or it is not."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from catalog.comparison.differences import leader_codes
from catalog.place import LEADER
from store.catalogue import corrections
from store.catalogue.corrections import CONFIRMED, DONE, MISSING, OVERTAKEN, Mark
from store.database import Reader, Transaction
from store.imports.arrivals import Arrival, arrivals_of
from workflow.delta.corrections import content_of, open_corrections
from workflow.exchange.reading import number_behind


@dataclass(frozen=True, slots=True)
class Settled:
    """How many corrections the import confirmed, and the records that still lack theirs."""

    confirmed: int = 0
    missing: tuple[str, ...] = ()


NOTHING_SETTLED = Settled()


def awaited(reader: Reader, catalogue: str) -> tuple[Mark, ...]:
    """Return the corrections of a catalogue that were ticked as made and not seen since."""
    told = corrections.marks(reader).values()
    return tuple(one for one in told if (one.state, one.catalogue) == (DONE, catalogue))


def settle(
    tx: Transaction, catalogue: str, came: Callable[[int, str], bool], *, complete: bool
) -> Settled:
    """Compare what was ticked with what an import of the catalogue brought, and note it.

    ``came`` tells of an arrival (its number, its file) whether the import held that record. A
    correction of a record that did not come goes on waiting; what a ``complete`` import does not
    hold any more has been deleted.
    """
    waiting = awaited(tx, catalogue)
    if not waiting:
        return NOTHING_SETTLED
    still_open = {
        one.code for found in open_corrections(tx, catalogue) for one in found.corrections
    }
    settled: list[Mark] = []
    missing: dict[str, None] = {}
    for told in waiting:
        last = _last(tx, told)
        if last is None:
            continue
        there = came(last.id, last.file)
        if not there and not (complete and told.tag == LEADER):
            continue
        state = _state(told, last, still_open) if there else CONFIRMED
        settled.append(replace(told, state=state))
        if state == MISSING:
            missing[number_behind(last.key) or told.record] = None
    corrections.mark(tx, settled)
    confirmed = sum(1 for one in settled if one.state == CONFIRMED)
    return Settled(confirmed, tuple(missing))


def _last(reader: Reader, told: Mark) -> Arrival | None:
    found = arrivals_of(reader, told.record)
    return next((a for a in found if (a.state, a.catalogue) == ("latest", told.catalogue)), None)


def _state(told: Mark, last: Arrival, still_open: set[str]) -> str:
    if told.code in still_open:
        return MISSING
    if told.tag == LEADER:
        there = told.now == leader_codes(last.content.leader)
    else:
        theirs = {content_of(field) for field in last.content.all(told.tag)}
        there = told.now in theirs if told.now else told.was not in theirs
    return CONFIRMED if there else OVERTAKEN
