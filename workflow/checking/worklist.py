"""The worklist: open findings, the gravest and surest first, each as it is and as it would be."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from catalog.place import field_at, text_at
from catalog.quality.finding import LEVELS
from catalog.quality.repair import Edit, apply, edit_from_json, flat
from catalog.quality.rule import Rule
from catalog.quality.rules import Ruleset
from catalog.record import Record
from olketanu.errors import UsageError
from store.catalogue import records
from store.catalogue.findings import Finding
from store.catalogue.rule_findings import open_findings
from workflow.checking.check import RECORD, WHOLE
from workflow.delta.lines import recognition
from workflow.library import Library


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which findings: of one rule, one record, these ids, only those with a ``safe`` repair."""

    rule: str | None = None
    record: str | None = None
    findings: tuple[str, ...] = ()
    safe: bool = False

    @property
    def narrowed(self) -> bool:
        """Whether anything narrows the list."""
        return bool(self.rule or self.record or self.findings or self.safe)


@dataclass(frozen=True)
class Item:
    """An open finding with its rule; ``edits`` is empty where nothing is proposed."""

    finding: Finding
    rule: Rule

    @property
    def rank(self) -> tuple[int, float, str, str]:
        """Errors first, then the surest; those of one rule together."""
        level = LEVELS.index(self.rule.level)
        return level, -float(self.finding.facts["certainty"]), self.rule.id, self.finding.id

    @cached_property
    def edits(self) -> tuple[Edit, ...]:
        """What the repair would change."""
        return tuple(edit_from_json(data) for data in self.finding.facts["edits"])

    def message(self, language: str) -> str:
        """The sentence of the rule."""
        facts: dict[str, str] = self.finding.facts["facts"]
        return self.rule.message(language, facts)


@dataclass(frozen=True, slots=True)
class Change:
    """One text before and after a repair; ``after`` None: it is taken away."""

    place: str
    before: str
    after: str | None


def worklist(library: Library, rules: Ruleset, wanted: Wanted) -> list[Item]:
    """Return the open findings that are wanted, ranked; UsageError for an unknown rule or finding.

    Findings of rules that are no longer in force are left out: the next check closes them.
    """
    if wanted.rule is not None and rules.get(wanted.rule) is None:
        raise UsageError("error.unknown-rule", rule=wanted.rule)
    by_id = {rule.id: rule for rule in rules.rules}
    found = [
        Item(one, by_id[name])
        for one in _open(library, wanted)
        if (name := one.code.partition("/")[2]) in by_id
    ]
    for named in wanted.findings:
        if all(item.finding.id != named for item in found):
            raise UsageError("error.unknown-finding", id=named)
    return sorted((item for item in found if _meant(item, wanted)), key=lambda item: item.rank)


def about(library: Library, item: Item) -> str:
    """Return number and words by which a cataloguer knows the record of an item."""
    record = records.get_record(library.store, item.finding.subject).record
    return "  ".join(filter(None, (record.control_number, recognition(record))))


def changes(library: Library, item: Item) -> list[Change]:
    """Return what the repair of an item would change in the record as it is now."""
    record = records.get_record(library.store, item.finding.subject).record
    return [_change(record, edit) for edit in _first_of_each_place(item.edits)]


def _open(library: Library, wanted: Wanted) -> Iterator[Finding]:
    for family in (RECORD, WHOLE):
        code = f"{family}/{wanted.rule}" if wanted.rule else None
        yield from open_findings(library.store, family, code=code, record=wanted.record)


def _meant(item: Item, wanted: Wanted) -> bool:
    chosen = not wanted.findings or item.finding.id in wanted.findings
    return chosen and (not wanted.safe or (item.rule.repair == "safe" and bool(item.edits)))


def _first_of_each_place(edits: tuple[Edit, ...]) -> list[Edit]:
    return list({edit.place: edit for edit in reversed(edits)}.values())[::-1]


def _change(record: Record, edit: Edit) -> Change:
    """The whole text around the edit, before and after; a move to another subfield shows both."""
    before = _text(record, edit)
    done = apply(record, [edit])
    if done.missed:
        return Change(str(edit.place), before, before)
    if edit.new is None:
        return Change(str(edit.place), before, None)
    if edit.code:
        return Change(str(edit.place), f"${edit.place.code} {before}", f"${edit.code} {edit.new}")
    return Change(str(edit.place), before, _text(done.record, edit))


def _text(record: Record, edit: Edit) -> str:
    """The text that an edit is of; of a whole field its subfields as one."""
    text = text_at(record, edit.place)
    field = None if edit.place.code else field_at(record, edit.place)
    if text is None and field is not None:
        return flat(field)
    return text or ""


def as_json(item: Item, told: list[Change], language: str) -> dict[str, Any]:
    """Return an item as a JSON line."""
    return {
        "finding": item.finding.id,
        "record": item.finding.subject,
        "rule": item.rule.id,
        "level": item.rule.level,
        "certainty": item.finding.facts["certainty"],
        "place": item.finding.facts["place"],
        "message": item.message(language),
        "repair": item.rule.repair if item.edits else "none",
        "changes": [{"place": c.place, "before": c.before, "after": c.after} for c in told],
    }
