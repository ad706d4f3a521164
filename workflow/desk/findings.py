"""What waits to be looked at, in words: each kind of finding, how many, and what to do."""

from collections.abc import Mapping
from dataclasses import dataclass

from catalog.quality.rule import Rule
from catalog.quality.rules import own_rules
from digitize.scan.codes import WARNINGS
from olketanu.errors import OlketanuError
from olketanu.messages.translate import has_message, language, translate
from workflow.checking.check import RECORD, WHOLE
from workflow.checking.rules import library_rules
from workflow.library import Library

_CARDS = {"reader-correction": "correction", "udc-suggested": "draft"}
"""Findings that are decided on cards, by the kind of card."""


@dataclass(frozen=True, slots=True)
class CountedFinding:
    """Open findings of one code: ``name`` says what was found, ``todo`` what to do ("": look).

    ``card`` is the kind of the cards on which they are decided, or "".
    """

    code: str
    name: str
    count: int
    card: str
    todo: str


def counted_findings(library: Library, counts: Mapping[str, int]) -> tuple[CountedFinding, ...]:
    """Return the counts by code in the language of messages, in their order."""
    rules = _rules(library)
    return tuple(
        CountedFinding(code, _name(code, rules), count, _CARDS.get(code, ""), _todo(code))
        for code, count in counts.items()
    )


def _name(code: str, rules: Mapping[str, Rule]) -> str:
    """A code that nobody has named, such as that of a rule that is gone, names itself."""
    family, _, rule = code.partition("/")
    if rule:
        known = rules.get(rule) if family in (RECORD, WHOLE) else None
        return _begun(known.about(language())) if known else code
    key = f"check.{code}" if code in WARNINGS else f"desk.finding.{code}"
    return translate(key) if has_message(key) else code


def _begun(sentence: str) -> str:
    """The sentence of a rule, which follows a place elsewhere, with a capital."""
    return f"{sentence[:1].upper()}{sentence[1:]}"


def _todo(code: str) -> str:
    key = f"desk.finding.{code.partition('/')[0]}.hint"
    return translate(key) if has_message(key) else ""


def _rules(library: Library) -> dict[str, Rule]:
    """The library's rules; where its file cannot be read, which checks tell of, the program's."""
    try:
        rules = library_rules(library)
    except OlketanuError:
        rules = own_rules()
    return {rule.id: rule for rule in rules.rules}
