"""Refusing findings as an act: those of one call are refused, and taken back, together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from catalog.quality.validate import Context
from store.acts import last_form
from store.catalogue import findings, records
from store.catalogue.rule_findings import allow_finding, is_refused, reject_finding
from store.database import Reader, Transaction
from store.identifiers import short_id
from workflow.checking.check import Examiner, keep
from workflow.checking.rules import library_rules, surroundings
from workflow.desk.card import Act, Doing, Facts
from workflow.library import Library

REJECT = "reject"
_IDS, _RULES = "findings", "rules"


@dataclass(frozen=True, slots=True)
class Refusals:
    """The kind ``finding``; the key is made of the findings that were refused together."""

    name: str = "finding"

    @property
    def acts(self) -> Mapping[str, Doing]:
        """Say that they are no faults."""
        return {REJECT: _reject}

    def version(self, _reader: Reader, key: str) -> str:
        """Nothing changes what was once refused together."""
        return key

    def title(self, reader: Reader, key: str) -> str:
        """The rules, and how many findings."""
        form = last_form(reader, key)
        return f"{form[_RULES]}: {len(form[_IDS].split())}"

    def undo(self, library: Library, tx: Transaction, act: Act, _facts: Facts) -> None:
        """Let them wait again, but for those whose cause has gone meanwhile."""
        told = [findings.get_finding(tx, one) for one in act.form[_IDS].split()]
        refused = [one for one in told if is_refused(one)]
        for one in refused:
            allow_finding(tx, one.id)
        rules = library_rules(library)
        examiner = Examiner(library, Context(rules, surroundings(library, rules)))
        touched = dict.fromkeys(one.subject for one in refused)
        keep(tx, examiner.judge([records.get_record(tx, record) for record in touched]))


REFUSALS = Refusals()


def refusal(ids: Sequence[str], rules: Sequence[str], actor: str) -> Act:
    """Return the act that refuses these findings, which the rules of these names have left."""
    named = sorted(ids)
    form = {_IDS: " ".join(named), _RULES: ", ".join(sorted(set(rules)))}
    return Act(REFUSALS.name, short_id(REFUSALS.name, *named), REJECT, None, actor, form)


def _reject(_library: Library, tx: Transaction, act: Act) -> Facts:
    for one in act.form[_IDS].split():
        reject_finding(tx, one)
    return {}
