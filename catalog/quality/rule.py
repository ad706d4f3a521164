"""Rules as data: when a rule applies, which named check it runs, and what it tells people."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from catalog.quality.finding import LEVELS, REPAIRS
from catalog.quality.selector import Selector, selector_of
from catalog.quality.subject import Subject
from olketanu.errors import InputError

LANGUAGES = ("kk", "ru", "en")
FORMATS = ("rusmarc", "marc21", "irbis")
"""Formats that rules speak of; UNIMARC goes by those of RUSMARC."""
_USUAL = ("rusmarc", "marc21")

_KEYS = {
    *("id", "formats", "when", "check", "with", "level", "certainty", "repair", "message"),
    *("pass", "fail"),
}
_PLACE = "{place}: "
_CONDITIONS = {"kinds", "has", "lacks", "leader", "languages"}


class RuleError(InputError):
    """A rule that cannot be used: ``id`` names it, ``what`` the key or value."""

    def __init__(self, identifier: str, what: str) -> None:
        super().__init__("error.bad-rule", id=identifier, what=what)


@dataclass(frozen=True, slots=True)
class Condition:
    """When a rule applies; what is empty does not narrow.

    ``kinds`` of the view; ``has`` and ``lacks`` by format; ``leader``: position to allowed signs.
    """

    kinds: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()
    has: Mapping[str, tuple[Selector, ...]] = field(default_factory=dict)
    lacks: Mapping[str, tuple[Selector, ...]] = field(default_factory=dict)
    leader: Mapping[int, str] = field(default_factory=dict)

    def holds(self, subject: Subject) -> bool:
        """Whether the rule is to be run on the record."""
        if self.kinds and subject.view.kind not in self.kinds:
            return False
        if self.languages and self.languages.isdisjoint(subject.view.languages):
            return False
        if any(subject.record.leader[at : at + 1] not in s for at, s in self.leader.items()):
            return False
        form = subject.form
        return all(has(subject, s) for s in self.has.get(form, ())) and not any(
            has(subject, s) for s in self.lacks.get(form, ())
        )


@dataclass(frozen=True, slots=True)
class Rule:
    """``select`` tells by format which texts it looks at; ``params`` are the check's own.

    ``passes`` and ``fails`` are examples, which are its tests. ``repair``: ``none``, ``proposed``
    (a person decides) or ``safe`` (nothing can be lost).
    """

    id: str
    check: str
    level: str
    certainty: float
    repair: str
    messages: Mapping[str, str]
    formats: tuple[str, ...] = _USUAL
    when: Condition = field(default_factory=Condition)
    select: Mapping[str, Selector] = field(default_factory=dict)
    params: Mapping[str, Any] = field(default_factory=dict)
    passes: tuple[Any, ...] = ()
    fails: tuple[Any, ...] = ()

    def message(self, language: str, facts: Mapping[str, str]) -> str:
        """Return the sentence with its facts; a fact that is missing stays as a question mark."""
        return self.messages[language].format_map(_Facts(facts))

    def about(self, language: str) -> str:
        """Return what the rule is about: its sentence without a place, an ellipsis for facts."""
        return self.messages[language].removeprefix(_PLACE).format_map(_Anything())


class _Anything(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return "…"


class _Facts(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return "?"


def has(subject: Subject, selector: Selector) -> bool:
    """Whether the record has a text there that is more than blanks."""
    return any(cell.value.strip() for cell in subject.select(selector))


_MESSAGE = "message"


def rule_from_dict(data: Mapping[str, Any]) -> Rule:
    """Return the rule of a file's entry; RuleError names the rule and what is wrong in it."""
    identifier = str(data.get("id", "?"))
    unknown = sorted(set(data) - _KEYS) + sorted({"id", "check", "message"} - set(data))
    if unknown:
        raise RuleError(identifier, unknown[0])
    try:
        return _rule(identifier, data)
    except (ValueError, TypeError, AttributeError, KeyError) as error:
        raise RuleError(identifier, str(error)) from error


def _rule(identifier: str, data: Mapping[str, Any]) -> Rule:
    formats = tuple(data.get("formats", _USUAL))
    params = dict(data.get("with", {}))
    # What must be there must be in the record itself, not in a record it is linked to.
    embedded = data["check"] != "required"
    specs = tuple(params.pop("in", ()))
    rule = Rule(
        id=identifier,
        check=data["check"],
        level=_one_of(data.get("level", "warning"), LEVELS),
        certainty=float(data.get("certainty", 0.9)),
        repair=_one_of(data.get("repair", "none"), REPAIRS),
        messages=_messages(data["message"]),
        formats=tuple(_one_of(form, FORMATS) for form in formats),
        when=_condition(data.get("when", {}), formats),
        select={form: selector_of(specs, form, embedded=embedded) for form in formats},
        params=params,
        passes=tuple(data.get("pass", ())),
        fails=tuple(data.get("fail", ())),
    )
    if not 0 <= rule.certainty <= 1:
        raise ValueError("certainty")
    return rule


def _one_of(value: str, known: tuple[str, ...]) -> str:
    if value not in known:
        raise ValueError(value)
    return value


def _messages(given: Mapping[str, str]) -> Mapping[str, str]:
    """Every language has a sentence: what is not given is told in the first one that is."""
    first = next((given[language] for language in LANGUAGES if language in given), None)
    if first is None:
        raise ValueError(_MESSAGE)
    return {language: given.get(language, first) for language in LANGUAGES}


def _condition(given: Mapping[str, Any], formats: tuple[str, ...]) -> Condition:
    if unknown := set(given) - _CONDITIONS:
        raise ValueError(min(unknown))
    return Condition(
        frozenset(given.get("kinds", ())),
        frozenset(given.get("languages", ())),
        _selectors(given.get("has", ()), formats),
        _selectors(given.get("lacks", ()), formats),
        {int(at): signs for at, signs in given.get("leader", {}).items()},
    )


def _selectors(
    specs: tuple[str, ...], formats: tuple[str, ...]
) -> Mapping[str, tuple[Selector, ...]]:
    return {f: tuple(selector_of((spec,), f, embedded=False) for spec in specs) for f in formats}
