"""Undo: a change or a whole import taken back by a new change, never at the cost of later work."""

from collections.abc import Iterable
from dataclasses import dataclass

from catalog.comparison.three_way import Verdict, compare
from catalog.view import view
from olketanu.errors import UsageError
from store.catalogue import links, records
from store.changes import get_change_set, is_machine, new_change_set
from store.database import Transaction
from store.imports import files
from store.imports.arrivals import get_arrival
from store.imports.conflicts import Conflict, reopen_conflict, settled_conflicts, taken_over
from store.imports.lock import import_lock
from store.imports.undo import Touched, contents, keys_of, take_back, touched_by, withdraw_arrivals
from workflow.exchange.reading import identifiers_of, number_behind, number_of
from workflow.library import Library

_PORTION = 1000


@dataclass(frozen=True, slots=True)
class Undone:
    """What was undone, or why not. ``change`` is the new change set, None where nothing was done.

    ``restored`` have their content of before, ``deleted`` had been entered by the change. Where
    any are ``edited`` since (record, its newest version), nothing is undone.
    """

    undone: int
    change: int | None
    restored: int
    deleted: int
    edited: tuple[tuple[str, int], ...]

    def as_json(self) -> dict[str, object]:
        """The last JSON line."""
        return {
            "undone": self.undone,
            "change": self.change,
            "restored": self.restored,
            "deleted": self.deleted,
            "edited": len(self.edited),
        }


def change_of_import(library: Library, identifier: str) -> int:
    """Return the change set of an import; UsageError where there is none of this id."""
    return files.get_file(library.store, identifier).change_set


def undo(
    library: Library, change_set: int, *, actor: str, reason: str = "", dry_run: bool = False
) -> Undone:
    """Give every record of a change set what it said before, in one new change set.

    Content, bytes and hash are those of before. Records that the change had entered become
    deleted, and come back when they are imported again. All in one transaction.

    Raises:
        UsageError: ``error.unknown-change-set``; ``error.change-by-program``: it followed from a
            decision, which is to be taken back instead; ``error.nothing-to-undo``: no record was
            changed.
        LockedError: ``error.import-locked``.
    """
    with import_lock(library.home), library.store.transaction(actor) as tx:
        return undo_within(tx, change_set, reason, dry_run=dry_run)


def undo_within(
    tx: Transaction, change_set: int, reason: str = "", *, dry_run: bool = False
) -> Undone:
    """Undo a change set within a transaction; errors as of :func:`undo`, whose lock is held."""
    told = get_change_set(tx, change_set)
    if is_machine(told.actor):
        raise UsageError("error.change-by-program", id=change_set)
    touched = list(touched_by(tx, change_set))
    file = files.file_of_change(tx, change_set)
    later = {one.record: one.newest for one in touched if one.edited_since}
    later |= dict(taken_over(tx, file.id) if file else ())
    later |= _with_copies(tx, touched)
    edited = tuple(sorted(later.items()))
    if file.state == "undone" if file else not touched:
        raise UsageError("error.nothing-to-undo", id=change_set)
    deleted = sum(one.made for one in touched)
    counts = (len(touched) - deleted, deleted, edited)
    if dry_run or edited:
        return Undone(change_set, None, *counts)
    new = new_change_set(tx, reason or f"undo: {told.reason}")
    settled = settled_conflicts(tx, change_set)
    for start in range(0, len(touched), _PORTION):
        _take_back(tx, touched[start : start + _PORTION], new, imported=file is not None)
    withdraw_arrivals(tx, None if file is None else file.id, change_set)
    for found in settled:
        reopen_where_contested(tx, found)
    if file is not None:
        files.set_undone(tx, file.id)
    return Undone(change_set, new, *counts)


def _with_copies(tx: Transaction, touched: Iterable[Touched]) -> dict[str, int]:
    """Records that would go and that a scan is linked to, before or after they got its address."""
    made = {one.record: one.newest for one in touched if one.made}
    return {record: made[record] for record in links.copies_of(tx, made)}


def _take_back(tx: Transaction, touched: list[Touched], change_set: int, *, imported: bool) -> None:
    """Only an import says anew of what kind a record is."""
    found = contents(tx, touched)
    keys = keys_of(tx, touched)
    again = {
        record: identifiers_of(
            content, number_behind(keys[record]) if record in keys else number_of(content)
        )
        for record, content in found.items()
    }
    kinds = {record: view(content).kind for record, content in found.items()} if imported else {}
    take_back(tx, touched, again, kinds, change_set)


def reopen_where_contested(tx: Transaction, found: Conflict) -> None:
    """Let a conflict whose decision was undone wait again, where both sides differ again."""
    theirs = get_arrival(tx, found.theirs)
    base = None if found.base is None else get_arrival(tx, found.base).content
    ours = records.get_record(tx, found.record)
    if theirs.state == "latest" and compare(base, theirs.content, ours.record) is Verdict.BOTH:
        reopen_conflict(tx, found)
