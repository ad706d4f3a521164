"""Examples of rules: small records in lines of text, which are the tests of their rule.

    200 1_ $aКөмір$eроман            blanks in indicators are written as _
    461 _0 $12001_$aОрталық          an embedded field begins with $1
    LDR 00000nab0 2200000   450      005 20200101120000.0

An example is a line, a list of lines, or an object: ``fields`` with ``format``, ``words`` (the
catalogue's words with counts) and ``ours`` (address to whether our document is there). ``{dollar}``
is a $ of the text.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from catalog.marc.embedding import unflatten
from catalog.place import LEADER
from catalog.quality.rule import Rule
from catalog.quality.rules import Ruleset
from catalog.quality.subject import Surroundings
from catalog.quality.validate import Context, validate
from catalog.record import ControlField, DataField, Field, Record, Subfield

_LEADERS = {"rusmarc": "00000nam0 2200000   450 ", "marc21": "00000nam a2200000   4500"}
_BLANK = " " * 24
_YEAR = 2026  # the examples' own, so that they do not change with the calendar
_SUBFIELD = re.compile(r"\$(.)([^$]*)")


def failures(rule: Rule) -> Iterator[tuple[str, int]]:
    """Yield (``pass`` or ``fail``, number from 1) of every example that does not do as it says."""
    for kind, examples in (("pass", rule.passes), ("fail", rule.fails)):
        for number, example in enumerate(examples, 1):
            if bool(found_in(rule, example)) != (kind == "fail"):
                yield kind, number


def found_in(rule: Rule, example: object) -> bool:
    """Whether the rule finds something in the example."""
    data = _as_object(example)
    ours: Mapping[str, bool] = data.get("ours", {})
    around = Surroundings(_YEAR, data.get("words", {}), own_link=ours.get)
    record = example_record(example, rule.formats[0])
    return bool(validate(record, Context(Ruleset((rule,)), around)))


def example_record(example: object, form: str) -> Record:
    """Return the record of an example; ValueError for a line that is none."""
    data = _as_object(example)
    form = data.get("format", form)
    leader, fields = _LEADERS.get(form, _BLANK), []
    for line in data["fields"]:
        tag, _, rest = line.partition(" ")
        if tag == LEADER:
            leader = rest
        else:
            fields.append(_field(tag, rest, form))
    return Record(form, leader, tuple(fields))


def _as_object(example: object) -> Mapping[str, Any]:
    if isinstance(example, str):
        return {"fields": [example]}
    return {"fields": example} if isinstance(example, list) else dict(example)  # type: ignore[call-overload]  # JSON has no other kind


def _field(tag: str, rest: str, form: str) -> Field:
    if "$" not in rest:
        return ControlField(tag, rest)
    indicators, subfields = rest[:2].replace("_", " "), []
    for code, value in _SUBFIELD.findall(rest):
        text = value.replace("{dollar}", "$")
        subfields.append(Subfield(code, text.replace("_", " ") if code == "1" else text))
    return unflatten(DataField(tag, indicators, tuple(subfields)), form)
