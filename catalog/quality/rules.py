"""The rules in force: the program's own, changed by the library's file."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from catalog.data import document
from catalog.quality.checks.registry import CHECKS
from catalog.quality.finding import LEVELS
from catalog.quality.rule import Rule, RuleError, rule_from_dict
from catalog.quality.selector import Selector

FILES = ("structure", "letters", "numbers", "dates", "content", "classes", "tidiness", "whole")
WHOLE = "whole"
"""The check of rules that only the catalogue as a whole can run (catalog/quality/whole)."""

FAILED = "failed"
"""The check of the rule that speaks where another one has broken down on a record."""

_CHANGES = {"off", "level", "local", "rule"}


@dataclass(frozen=True, slots=True)
class Ruleset:
    """``rules`` run in their order; ``local`` are its own fields and subfields."""

    rules: tuple[Rule, ...]
    local: tuple[str, ...] = ()

    def of(self, form: str) -> tuple[Rule, ...]:
        """The rules for one record of this format."""
        return tuple(r for r in self.rules if form in r.formats and r.check in CHECKS)

    @property
    def failed(self) -> Rule | None:
        """The rule that speaks where another one has broken down, if it is in force."""
        return next((rule for rule in self.rules if rule.check == FAILED), None)

    def get(self, identifier: str) -> Rule | None:
        """The rule of this id that is in force, or None."""
        return next((rule for rule in self.rules if rule.id == identifier), None)


@cache
def own_rules() -> Ruleset:
    """Return the program's own rules, ``corpora/checks/*.json``."""
    entries = [entry for name in FILES for entry in document(f"checks/{name}.json")["rules"]]
    return Ruleset(_unique([_checked(rule_from_dict(entry)) for entry in entries]))


def changed(rules: Ruleset, changes: Mapping[str, Any]) -> Ruleset:
    """Return the rules as the library's file has them.

    ``off``: ids not to run; ``level``: id to level; ``local``: fields and subfields; ``rule``:
    rules of its own, shaped like the program's. RuleError names the id, or the key, that is wrong.
    """
    for key, value in changes.items():
        if key not in _CHANGES or not _is_right(key, value):
            raise RuleError("-", key)
    levels, off = changes.get("level", {}), set(changes.get("off", ()))
    known = {rule.id for rule in rules.rules}
    for identifier in (*off, *levels):
        if identifier not in known:
            raise RuleError(identifier, "off" if identifier in off else "level")
    for identifier, level in levels.items():
        if level not in LEVELS:
            raise RuleError(identifier, str(level))
    kept = [
        replace(rule, level=levels.get(rule.id, rule.level))
        for rule in rules.rules
        if rule.id not in off
    ]
    added = [_checked(rule_from_dict(entry)) for entry in changes.get("rule", ())]
    return with_local(Ruleset(_unique([*kept, *added]), rules.local), changes.get("local", ()))


def with_local(rules: Ruleset, local: Iterable[str]) -> Ruleset:
    """Return the rules with further fields (``28X``) and subfields (``70X$y``) of the library.

    RuleError where one of them is none.
    """
    wanted = (*rules.local, *local)
    for one in wanted:
        try:
            Selector([one], "rusmarc")
        except ValueError as error:
            raise RuleError("local", one) from error
    return replace(rules, local=wanted)


def _is_right(key: str, value: object) -> bool:
    if key == "level":
        return isinstance(value, Mapping) and all(isinstance(one, str) for one in value.values())
    kind = Mapping if key == "rule" else str
    return isinstance(value, list) and all(isinstance(one, kind) for one in value)


def _checked(rule: Rule) -> Rule:
    if rule.check not in CHECKS and rule.check not in (WHOLE, FAILED):
        raise RuleError(rule.id, rule.check)
    return rule


def _unique(rules: Iterable[Rule]) -> tuple[Rule, ...]:
    by_id: dict[str, Rule] = {}
    for rule in rules:
        if rule.id in by_id:
            raise RuleError(rule.id, "id")
        by_id[rule.id] = rule
    return tuple(by_id.values())
