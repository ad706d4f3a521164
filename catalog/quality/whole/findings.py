"""The findings that only the catalogue as a whole can give for a record."""

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType

from catalog.place import Place
from catalog.quality.finding import Finding, Hit
from catalog.quality.repair import Edit
from catalog.quality.rules import WHOLE, Ruleset
from catalog.quality.selector import selector_of
from catalog.quality.subject import Subject, Surroundings
from catalog.quality.validate import finding
from catalog.quality.whole.headings import headings
from catalog.quality.whole.hosts import host_key, host_title
from catalog.quality.whole.spelling import in_case, words_of
from catalog.quality.whole.statistics import Statistics, issue_facts, language_of
from catalog.record import Record

_Named = tuple[str, Hit]
_NOWHERE = Surroundings(0)


def findings_in(record: Record, whole: Statistics, rules: Ruleset) -> tuple[Finding, ...]:
    """Return what the statistics say against ``record``, by the rules in force, ranked."""
    in_force = {rule.id: rule for rule in rules.rules if rule.check == WHOLE}
    subject = Subject(record, _NOWHERE)
    found = [
        finding(in_force[name], hit)
        for look in _LOOKS.values()
        for name, hit in look(subject, whole)
        if name in in_force
    ]
    return tuple(sorted(found, key=lambda one: one.rank))


def _spelling(subject: Subject, whole: Statistics) -> Iterator[_Named]:
    doubted = whole.misspelled[language_of(subject)]
    if not doubted:
        return
    for cell in subject.select(selector_of(("@text",), subject.form)):
        for at, word in words_of(cell):
            if (better := doubted.get(word.lower())) is not None:
                meant = in_case(better.meant, word)
                facts = {"value": word, "meant": meant, "count": str(better.count)}
                yield better.rule, Hit(cell.place, facts, (Edit(cell.place, word, meant, at),))


def _host(subject: Subject, whole: Statistics) -> Iterator[_Named]:
    title = host_title(subject)
    usual = title and whole.hosts.get((host_key(title.value), title.value))
    if title is None or not usual:
        return
    facts = {"value": title.value, "meant": usual.text, "count": str(usual.count)}
    edits = (Edit(title.place, title.value, usual.text),)
    yield "host-near" if usual.near else "host-variant", Hit(title.place, facts, edits)


def _issue(subject: Subject, whole: Statistics) -> Iterator[_Named]:
    host = "773" if subject.form == "marc21" else "463"
    for issue, value in issue_facts(subject):
        usual = whole.usual(issue)
        if usual is not None and usual[0] != value:
            facts = {"value": value, "meant": usual[0], "count": str(usual[1])}
            name = "issue-date" if issue.by == "number" else "issue-number"
            yield name, Hit(Place(host), facts)


def _headings(subject: Subject, whole: Statistics) -> Iterator[_Named]:
    for heading in headings(subject):
        usual = whole.headings.get((heading.key, heading.text))
        if usual is None:
            continue
        parts = usual.text.split(", ", len(heading.cells) - 1)
        if len(parts) != len(heading.cells):
            continue
        edits = tuple(
            Edit(cell.place, cell.value, part)
            for cell, part in zip(heading.cells, parts, strict=True)
            if cell.value != part
        )
        facts = {"value": heading.text, "meant": usual.text, "count": str(usual.count)}
        name = "heading-near" if usual.near else "heading-variant"
        yield name, Hit(heading.cells[0].place, facts, edits)


_LOOKS: Mapping[str, Callable[[Subject, Statistics], Iterator[_Named]]] = MappingProxyType(
    {"spelling": _spelling, "host": _host, "issue": _issue, "heading": _headings}
)
