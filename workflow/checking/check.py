"""Check records of the catalogue: findings are opened and closed as the rules say now."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Any

from catalog.quality.finding import LEVELS, Finding, Proposal
from catalog.quality.rules import Ruleset
from catalog.quality.validate import Context, validate
from catalog.quality.whole.findings import findings_in
from catalog.quality.whole.statistics import Statistics, gather
from catalog.record import Record
from olketanu.progress import Progress
from store import changes
from store.catalogue import records
from store.catalogue.records import StoredRecord
from store.catalogue.rule_findings import RuleFinding, Synced, sync_findings
from store.database import Transaction
from workflow.checking.rules import library_rules, surroundings
from workflow.library import Library

RECORD, WHOLE = "rule", "whole"
"""Families of findings: of one record's own rules, and of the catalogue as a whole."""

ACTOR = "olketanu:validate"
CURSOR = "check"
"""How far the checks have followed the journal."""

_PORTION = 500
_KEPT = ("draft", "active")
_Families = dict[str, tuple[RuleFinding, ...]]
Judged = list[tuple[str, _Families]]
"""Records by id with what the rules say of them, by family."""


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check came to: findings by rule that wait now, how many are new or have gone.

    ``faulty`` counts the records that have any. What a person has rejected does not count.
    """

    records: int = 0
    faulty: int = 0
    rules: Mapping[str, int] = field(default_factory=dict)
    opened: int = 0
    closed: int = 0

    def __add__(self, other: "Checked") -> "Checked":
        """Both together, of different records."""
        rules = Counter(self.rules) + Counter(other.rules)
        return Checked(
            self.records + other.records,
            self.faulty + other.faulty,
            dict(rules.most_common()),
            self.opened + other.opened,
            self.closed + other.closed,
        )

    def by_level(self, rules: Ruleset) -> dict[str, int]:
        """How many findings wait of each level, the gravest first; none: 0."""
        counts = dict.fromkeys(LEVELS, 0)
        for rule in rules.rules:
            counts[rule.level] += self.rules.get(rule.id, 0)
        return counts

    def as_json(self) -> dict[str, object]:
        """The last JSON line."""
        return {
            "checked": self.records,
            "faulty": self.faulty,
            "findings": sum(self.rules.values()),
            "rules": dict(self.rules),
            "opened": self.opened,
            "closed": self.closed,
        }


def check_records(library: Library, ids: Iterable[str], *, dry_run: bool = False) -> Checked:
    """Check these records by the rules of one record, say after an import or an edit.

    Findings are kept in the store, but for ``dry_run``. UsageError where a record is not there.
    """
    rules = library_rules(library)
    examiner = Examiner(library, Context(rules, surroundings(library, rules)), dry_run=dry_run)
    return examiner.check(records.get_record(library.store, identifier) for identifier in ids)


def check_catalogue(
    library: Library, catalogue: str | None, progress: Progress, *, whole: bool, dry_run: bool
) -> Checked:
    """Check every record, or those of one catalogue; ``whole``: by its statistics too.

    Statistics are of all records, whatever catalogue is checked. Deleted and merged records lose
    their findings. With ``dry_run`` nothing is kept.
    """
    newest = changes.last_seq(library.store)
    rules = library_rules(library)
    statistics = gather(_living(library, progress)) if whole else None
    around = surroundings(library, rules)
    if statistics is not None:
        around = replace(around, words=statistics.all_words)
    chosen = (
        one
        for one in records.iterate_records(library.store)
        if catalogue is None or catalogue in one.catalogues
    )
    examiner = Examiner(library, Context(rules, around), statistics, dry_run)
    total = records.count_records(library.store, catalogue)
    done = examiner.check(_told(chosen, "records", total, progress))
    if catalogue is None and not dry_run:
        _note_checked(library, newest)
    return done


def _note_checked(library: Library, seq: int) -> None:
    """Nothing up to ``seq`` is left to the checks that follow the journal."""
    with library.store.transaction(ACTOR) as tx:
        if changes.get_cursor(tx, CURSOR) < seq:
            changes.set_cursor(tx, CURSOR, seq)


def found_now(stored: StoredRecord, context: Context) -> tuple[RuleFinding, ...]:
    """Return what the rules of one record say of it at this moment, in the form that is kept."""
    if stored.status not in _KEPT:
        return ()
    return _forms(RECORD, validate(stored.record, context.within(stored.catalogues)))


def _living(library: Library, progress: Progress) -> Iterator[Record]:
    total = records.count_records(library.store)
    every = _told(records.iterate_records(library.store), "statistics", total, progress)
    return (one.record for one in every if one.status in _KEPT)


def _told(
    chosen: Iterable[StoredRecord], stage: str, total: int, progress: Progress
) -> Iterator[StoredRecord]:
    """The records one by one, while ``progress`` hears of every portion."""
    for done, one in enumerate(chosen, 1):
        if done % _PORTION == 0 or done == total:
            progress.step(stage, done, total, one.id)
        yield one


@dataclass(frozen=True, slots=True)
class Examiner:
    """Checks records in portions, each kept by one transaction."""

    library: Library
    context: Context
    statistics: Statistics | None = None
    dry_run: bool = False

    def check(self, chosen: Iterable[StoredRecord]) -> Checked:
        """Check these records and keep what is found, but for a dry run."""
        done = Checked()
        for portion in _portions(chosen):
            judged = self.judge(portion)
            done += _only_told(judged) if self.dry_run else self._keep(judged)
        return done

    def judge(self, portion: Iterable[StoredRecord]) -> Judged:
        """Return what the rules say of each record; nothing is written."""
        return [(one.id, self._judge(one)) for one in portion]

    def _judge(self, one: StoredRecord) -> _Families:
        """What is found in a record by family; a family that was not looked at is not there."""
        families = (RECORD,) if self.statistics is None else (RECORD, WHOLE)
        if one.status not in _KEPT:
            return dict.fromkeys(families, ())
        found: _Families = {RECORD: found_now(one, self.context)}
        if self.statistics is not None:
            whole = findings_in(one.record, self.statistics, self.context.rules)
            found[WHOLE] = _forms(WHOLE, whole)
        return found

    def _keep(self, judged: Judged) -> Checked:
        with self.library.store.transaction(ACTOR) as tx:
            return keep(tx, judged)


def keep(tx: Transaction, judged: Judged) -> Checked:
    """Open and close findings so that they are what was judged."""
    return _counted(
        _sum([sync_findings(tx, record, family, f) for family, f in found.items()])
        for record, found in judged
    )


def _only_told(judged: Judged) -> Checked:
    return _counted(
        Synced(open=tuple(one.code for forms in found.values() for one in forms))
        for _, found in judged
    )


def _counted(synced: Iterable[Synced]) -> Checked:
    """What these records, one each, come to."""
    rules: Counter[str] = Counter()
    done = faulty = opened = closed = 0
    for one in synced:
        rules.update(code.partition("/")[2] for code in one.open)
        done += 1
        faulty += bool(one.open)
        opened += one.opened
        closed += one.closed
    return Checked(done, faulty, dict(rules.most_common()), opened, closed)


def _sum(parts: Collection[Synced]) -> Synced:
    codes = tuple(code for part in parts for code in part.open)
    return Synced(sum(p.opened for p in parts), sum(p.closed for p in parts), codes)


def _portions(chosen: Iterable[StoredRecord]) -> Iterator[tuple[StoredRecord, ...]]:
    left = iter(chosen)
    while portion := tuple(islice(left, _PORTION)):
        yield portion


def _apart(found: Iterable[Finding]) -> list[Finding]:
    """Each finding once: the same slip twice in one text is one thing to look at and to mend."""
    by_key: dict[tuple[str, str, str], Finding] = {}
    for one in found:
        identity = (one.rule, str(one.place), _key(one))
        first = by_key.get(identity)
        if first is not None and first.proposal and one.proposal:
            one = replace(one, proposal=Proposal(first.proposal.edits + one.proposal.edits))
        by_key[identity] = one
    return list(by_key.values())


def _forms(family: str, found: Iterable[Finding]) -> tuple[RuleFinding, ...]:
    return tuple(_form(family, one) for one in _apart(found))


def _form(family: str, found: Finding) -> RuleFinding:
    edits = [edit.as_json() for edit in found.proposal.edits] if found.proposal else []
    told: dict[str, Any] = {"facts": dict(found.facts), "edits": edits}
    place, code = str(found.place), f"{family}/{found.rule}"
    return RuleFinding(code, place, _key(found), found.certainty, told)


def _key(found: Finding) -> str:
    """What the finding is about: the word or value that it blames."""
    return found.facts.get("word") or found.facts.get("value", "")
