"""Resolving a conflict as an act: theirs, ours, or fields of theirs; and taking it back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from catalog.comparison.differences import differences
from catalog.comparison.three_way import take_fields
from catalog.view import title_of
from olketanu.errors import LockedError, UsageError
from store.catalogue import records
from store.catalogue.records import StoredRecord
from store.changes import new_change_set
from store.database import Reader, Transaction
from store.imports.arrivals import Arrival, get_arrival
from store.imports.conflicts import Conflict, close_conflict, get_conflict
from store.imports.landing import ALIAS
from store.imports.lock import import_lock
from store.imports.originals import save_arrival
from workflow.desk.card import Act, Doing, Facts
from workflow.exchange.reading import identifiers_of, number_behind
from workflow.exchange.undo import reopen_where_contested, undo_within
from workflow.library import Library

THEIRS, OURS = "theirs", "ours"
TAKE = "take"
TAKEN = "taken"
"""Field of the form of ``TAKE``: one of the two sides, or tags with blanks between."""


@dataclass(frozen=True, slots=True)
class Conflicts:
    """The kind ``conflict``; the key is the id of the conflict. It has no card at the desk."""

    name: str = "conflict"

    @property
    def acts(self) -> Mapping[str, Doing]:
        """Take a side, or fields of theirs."""
        return {TAKE: _take}

    def version(self, reader: Reader, key: str) -> str:
        """What changes with the record and with what was decided."""
        found = get_conflict(reader, key)
        return f"{records.get_record(reader, found.record).version}.{found.status}"

    def title(self, reader: Reader, key: str) -> str:
        """The title of the record."""
        return title_of(records.get_record(reader, get_conflict(reader, key).record).record)

    def undo(self, library: Library, tx: Transaction, act: Act, facts: Facts) -> None:
        """Give the record what it said before, and let the conflict wait again.

        Raises:
            LockedError: ``error.conflict-followed``: it waits again already, or something newer
                came; ``error.record-changed``; ``error.import-locked``.
        """
        found = get_conflict(tx, act.key)
        if found.status != "resolved" or get_arrival(tx, found.theirs).state != "latest":
            raise LockedError("error.conflict-followed", id=found.id)
        change = facts["change_set"]
        if not isinstance(change, int):
            reopen_where_contested(tx, found)
            return
        with import_lock(library.home):
            undone = undo_within(tx, change)
        if undone.edited:
            record, version = undone.edited[0]
            raise LockedError("error.record-changed", id=record, version=version)


CONFLICTS = Conflicts()


def tags_of(reader: Reader, found: Conflict) -> tuple[str, ...]:
    """Return the tags of the fields in which both sides differ now."""
    came = get_arrival(reader, found.theirs)
    ours = records.get_record(reader, found.record).record
    return tuple(dict.fromkeys(one.tag for one in differences(ours, came.content)))


def require_choice(reader: Reader, found: Conflict, what: Sequence[str]) -> None:
    """Refuse what cannot be taken.

    Raises:
        UsageError: ``error.conflict-closed``; ``error.conflict-field``: theirs and ours do not
            differ in such a field.
    """
    if found.status != "open":
        raise UsageError("error.conflict-closed", id=found.id)
    tags = tags_of(reader, found)
    unknown = [tag for tag in what if tag not in (THEIRS, OURS, *tags)]
    if unknown or not what or (len(what) > 1 and {THEIRS, OURS} & set(what)):
        known = ", ".join((THEIRS, OURS, *tags))
        raise UsageError("error.conflict-field", fields=" ".join(what), known=known)


def _take(_library: Library, tx: Transaction, act: Act) -> Facts:
    """Close the conflict, and make the version that was decided upon; keeping ours makes none."""
    found, what = get_conflict(tx, act.key), act.form.get(TAKEN, "").split()
    require_choice(tx, found, what)
    ours, came = records.get_record(tx, found.record), get_arrival(tx, found.theirs)
    close_conflict(tx, found, "resolved", " ".join(what))
    if what == [OURS]:
        return {"change_set": None}
    change = new_change_set(tx, f"conflict {found.id}: {' '.join(what)}")
    _save(tx, ours, came, what, change)
    return {"change_set": change}


def _save(
    tx: Transaction, ours: StoredRecord, came: Arrival, what: Sequence[str], change_set: int
) -> None:
    """Make the version: theirs whole with its bytes, or ours with fields of theirs."""
    number = number_behind(came.key)
    if what == [THEIRS]:
        named = identifiers_of(came.content, number)
        save_arrival(tx, came, ours.version + 1, named, change_set)
        return
    merged = take_fields(ours.record, came.content, what)
    aliases = [pair for pair in records.identifiers_of(tx, ours.id) if pair[0] == ALIAS]
    records.save_version(
        tx,
        ours.id,
        merged,
        parent=ours.version,
        change_set=change_set,
        identifiers=(*identifiers_of(merged, number), *aliases),
    )
