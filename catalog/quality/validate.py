"""The findings of one record: every rule in force, run on it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property

from catalog.place import LEADER, Place
from catalog.quality.checks.registry import CHECKS
from catalog.quality.finding import Finding, Hit, Proposal
from catalog.quality.rule import FORMATS, Rule
from catalog.quality.rules import Ruleset
from catalog.quality.subject import Subject, Surroundings
from catalog.record import Record

_DEFECTS = (ValueError, LookupError, TypeError, AttributeError, ArithmeticError, RecursionError)


@dataclass(frozen=True)
class Context:
    """The rules in force, and what checks may know beside the record; made once for many."""

    rules: Ruleset
    around: Surroundings

    @cached_property
    def by_format(self) -> dict[str, tuple[Rule, ...]]:
        """Rules of one record, by the format they are for."""
        return {form: self.rules.of(form) for form in FORMATS}

    def within(self, catalogues: Iterable[str]) -> "Context":
        """What holds for a record of these catalogues: with the local fields of each."""
        known = self.around.local_in
        more = [place for code in catalogues for place in known.get(code, ())]
        if not more:
            return self
        return replace(self, around=replace(self.around, local=(*self.around.local, *more)))


def validate(record: Record, context: Context) -> tuple[Finding, ...]:
    """Return what the rules find in ``record``, the gravest and surest first.

    ИРБИС has no schema here: rules of what a record says look at it, none of its structure.
    """
    subject = Subject(record, context.around)
    found = [f for rule in context.by_format[subject.form] for f in _found(subject, rule, context)]
    return tuple(sorted(found, key=lambda finding: finding.rank))


def finding(rule: Rule, hit: Hit) -> Finding:
    """Return what a check yielded as a finding of its rule."""
    proposal = Proposal(hit.edits) if hit.edits and rule.repair != "none" else None
    certainty = rule.certainty if hit.certainty is None else hit.certainty
    facts = {**hit.facts, "place": str(hit.place)}
    return Finding(rule.id, rule.level, hit.place, facts, proposal, certainty)


def _found(subject: Subject, rule: Rule, context: Context) -> list[Finding]:
    """What one rule finds; one that breaks down on a record says so and keeps back no other."""
    try:
        if not rule.when.holds(subject):
            return []
        return [finding(rule, hit) for hit in CHECKS[rule.check](subject, rule)]
    except _DEFECTS as error:
        if (failed := context.rules.failed) is None:
            raise
        facts = {"value": rule.id, "problem": f"{type(error).__name__}: {error}"}
        return [finding(failed, Hit(Place(LEADER), facts))]
