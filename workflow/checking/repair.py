"""Accept or reject proposed repairs: one, or all of a rule, as one change set."""

from collections.abc import Iterable
from dataclasses import dataclass

from catalog.quality.repair import apply
from catalog.quality.rules import Ruleset
from catalog.quality.validate import Context
from olketanu.errors import UsageError
from store.catalogue import records
from store.catalogue.findings import close_finding
from store.catalogue.records import StoredRecord
from store.changes import new_change_set
from store.database import Transaction
from workflow.checking.check import RECORD, found_now
from workflow.checking.refusals import refusal
from workflow.checking.rules import library_rules, surroundings
from workflow.checking.worklist import Item, Wanted, worklist
from workflow.desk.acts import perform
from workflow.library import Library
from workflow.record.save import save_record


@dataclass(frozen=True, slots=True)
class Accepted:
    """``change_set`` is None where nothing was changed; ``outdated``: findings that fit no more."""

    change_set: int | None
    records: tuple[str, ...]
    findings: int
    outdated: tuple[str, ...]

    def as_json(self) -> dict[str, object]:
        """One JSON line."""
        return {
            "change_set": self.change_set,
            "records": list(self.records),
            "findings": self.findings,
            "outdated": list(self.outdated),
        }


def accept(library: Library, wanted: Wanted, actor: str, *, dry_run: bool) -> Accepted:
    """Apply the repairs of the wanted findings; every record gets one version more.

    All or nothing: one transaction, one change set. A repair whose cause has gone or
    whose text has changed meanwhile changes nothing and is named. What else the repair heals or
    brings about, the checks that follow the journal say. With ``dry_run`` nothing is written.

    Raises:
        UsageError: ``error.repair-what``: nothing narrows the choice; ``error.unknown-rule``.
        LockedError: somebody has changed a record at this very moment.
    """
    rules = library_rules(library)
    items = _repairable(library, worklist(library, rules, _narrowed(wanted)))
    by_record: dict[str, list[Item]] = {}
    for item in items:
        by_record.setdefault(item.finding.subject, []).append(item)
    if dry_run or not by_record:
        return Accepted(None, tuple(by_record), len(items), ())
    asked = Ruleset(tuple({item.rule.id: item.rule for item in items}.values()), rules.local)
    context = Context(asked, surroundings(library, rules))
    with library.store.transaction(actor) as tx:
        change_set = new_change_set(tx, _reason(items))
        done = [_repair(tx, r, of_it, context, change_set) for r, of_it in by_record.items()]
        outdated = tuple(one for missed in done for one in missed)
    changed = tuple(
        r for r, missed in zip(by_record, done, strict=True) if len(missed) < len(by_record[r])
    )
    return Accepted(change_set, changed, len(items) - len(outdated), outdated)


@dataclass(frozen=True, slots=True)
class Rejected:
    """How many findings were refused; ``act`` is None where nothing was written."""

    findings: int
    act: int | None

    def as_json(self) -> dict[str, object]:
        """One JSON line."""
        return {"rejected": self.findings, "act": self.act}


def reject(library: Library, wanted: Wanted, actor: str, *, dry_run: bool) -> Rejected:
    """Refuse the wanted findings as one act, so that they do not come again.

    UsageError ``error.repair-what`` where nothing narrows the choice.
    """
    items = worklist(library, library_rules(library), _narrowed(wanted))
    if dry_run or not items:
        return Rejected(len(items), None)
    ids, rules = [item.finding.id for item in items], [item.rule.id for item in items]
    return Rejected(len(items), perform(library, refusal(ids, rules, actor)))


def _narrowed(wanted: Wanted) -> Wanted:
    if not wanted.narrowed:
        raise UsageError("error.repair-what")
    return wanted


def _repairable(library: Library, items: Iterable[Item]) -> list[Item]:
    """Those with a proposal, of records that are still there."""
    kept = []
    alive: dict[str, bool] = {}
    for item in items:
        subject = item.finding.subject
        if item.edits and subject not in alive:
            found = records.find_record(library.store, subject)
            alive[subject] = found is not None and found.status in ("draft", "active")
        if item.edits and alive[subject]:
            kept.append(item)
    return kept


def _reason(items: list[Item]) -> str:
    return "repair: " + ", ".join(sorted({item.rule.id for item in items}))


def _repair(
    tx: Transaction, record: str, items: list[Item], context: Context, change_set: int
) -> list[str]:
    """Save the repaired record, settle its findings, and return those that fitted no more."""
    stored = records.get_record(tx, record)
    still = _still_true(stored, items, context)
    true = [item for item in items if item.finding.id in still]
    done = apply(stored.record, [edit for item in true for edit in item.edits])
    missed = set(done.missed)
    settled = [item.finding.id for item in true if not missed.intersection(item.edits)]
    save_record(tx, stored, done.record, change_set)
    for identifier in settled:
        close_finding(tx, identifier)
    return [item.finding.id for item in items if item.finding.id not in settled]


def _still_true(stored: StoredRecord, items: list[Item], context: Context) -> set[str]:
    """Findings whose cause is still there: of two equal fields one may have been edited since.

    What the whole catalogue says is not asked again; there the text itself must still fit.
    """
    now = {(one.code, one.place, one.key) for one in found_now(stored, context)}
    return {
        one.id
        for one in (item.finding for item in items)
        if not one.code.startswith(f"{RECORD}/")
        or (one.code, one.facts["place"], one.facts["key"]) in now
    }
