"""The areas of a description as a record holds them: elements in their order, with their marks."""

import re
from dataclasses import dataclass, replace
from functools import cache

from catalog.data import rows
from catalog.isbd.line import Part
from catalog.locate import Fields, Placed, column_of

_ENDS_WITH = re.compile(r"([=:;/,])\s*$")
_LAST_WORD = re.compile(r"(\w{2,})\.\s*$")
_LONG_WORD = 6  # abbreviations of GOST 7.12 are shorter
_NO_MARK = ""


@dataclass(frozen=True, slots=True)
class _Element:
    name: str
    mark: str
    again: str


def statements(fields: Fields, area: str, form: str) -> list[list[Part]]:
    """Return each field of the area as parts in the order of its subfields.

    The first part of each has no mark. MARC 21 sets the mark before an element at the end of the
    one before; it tells what the next one is (``$aАтауы =$bНазвание``).
    """
    tags, elements = _area(area, column_of(form))
    found = next(filter(None, (fields.data(tag) for tag in tags)), [])
    made = (_parts(_in_order(field, elements, form), elements) for field in found)
    return [parts for parts in made if parts]


def first_statement(fields: Fields, area: str, form: str) -> list[Part]:
    """Return the first field of the area as parts, or an empty list."""
    return next(iter(statements(fields, area, form)), [])


def _in_order(field: Placed, elements: dict[tuple[str, str], _Element], form: str) -> Placed:
    """ИРБИС keeps subfields as they were typed: they are put in the order of the table."""
    if form != "irbis":
        return field
    order = [code for tag, code in elements if tag == field.tag]
    known = [s for s in field.field.subfields if s.code in order]
    known.sort(key=lambda subfield: order.index(subfield.code))
    return Placed(field.place, replace(field.field, subfields=tuple(known)))


def _parts(field: Placed, elements: dict[tuple[str, str], _Element]) -> list[Part]:
    parts: list[Part] = []
    seen: set[str] = set()
    before = ""
    last = field.field.subfields[-1:]
    for subfield in field.field.subfields:
        element = elements.get((field.tag, subfield.code))
        if element is None or not subfield.value.strip():
            continue
        name, mark = element.name, element.again if element.name in seen else element.mark
        told = _ENDS_WITH.search(before)
        if told and told[1] == "=" and name == "other":
            name, mark = "parallel", " = "
        seen.add(element.name)
        ends = field.tag == "245" and subfield in last
        text = _without_end(subfield.value) if ends else subfield.value
        parts.append(Part(mark if parts else _NO_MARK, text, name))
        before = subfield.value
    return parts


def _without_end(text: str) -> str:
    """The text without the full stop that MARC 21 sets at the end of 245; abbreviations keep it."""
    last = _LAST_WORD.search(text)
    if last is None or not (last[1][0].isupper() or len(last[1]) >= _LONG_WORD):
        return text
    return text[: last.end(1)]


@cache
def _area(area: str, form: str) -> tuple[tuple[str, ...], dict[tuple[str, str], _Element]]:
    """Tags of the area, best first, and the element of each (tag, code)."""
    tags: dict[str, None] = {}
    elements = {}
    for row in rows("isbd/elements.tsv"):
        if row["area"] != area:
            continue
        made = _Element(row["element"], _mark(row["mark"]), _mark(row["again"]))
        for spec in filter(None, row[form].split("|")):
            tag, _, codes = spec.partition("$")
            tags[tag] = None
            elements.update({(tag, code): made for code in codes})
    return tuple(tags), elements


def _mark(text: str) -> str:
    return text.replace("_", " ")
