"""The areas of a description as a record holds them: elements in their order, with their marks."""

import re
from dataclasses import dataclass
from functools import cache

from catalog.data import rows
from catalog.isbd.line import Part
from catalog.locate import Fields, Placed

_COLUMNS = {"unimarc": "rusmarc"}
_ENDS_WITH = re.compile(r"([=:;/,])\s*$")
_NO_MARK = ""


@dataclass(frozen=True, slots=True)
class _Element:
    name: str
    mark: str
    again: str


def column(form: str) -> str:
    """Return the column of the tables in ``corpora/isbd`` that serves a record format."""
    return _COLUMNS.get(form, form)


def statements(fields: Fields, area: str, form: str) -> list[list[Part]]:
    """Return each field of the area as parts in the order of its subfields.

    The first part of each has no mark. MARC 21 sets the mark before an element at the end of the
    one before; it tells what the next one is (``$aАтауы =$bНазвание``).
    """
    tags, elements = _area(area, column(form))
    found = next(filter(None, (fields.data(tag) for tag in tags)), [])
    return [parts for parts in (_parts(field, elements) for field in found) if parts]


def first_statement(fields: Fields, area: str, form: str) -> list[Part]:
    """Return the first field of the area as parts, or an empty list."""
    return next(iter(statements(fields, area, form)), [])


def _parts(field: Placed, elements: dict[tuple[str, str], _Element]) -> list[Part]:
    parts: list[Part] = []
    seen: set[str] = set()
    before = ""
    for subfield in field.field.subfields:
        element = elements.get((field.tag, subfield.code))
        if element is None or not subfield.value.strip():
            continue
        name, mark = element.name, element.again if element.name in seen else element.mark
        told = _ENDS_WITH.search(before)
        if told and told[1] == "=" and name == "other":
            name, mark = "parallel", " = "
        seen.add(element.name)
        parts.append(Part(mark if parts else _NO_MARK, subfield.value, name))
        before = subfield.value
    return parts


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
