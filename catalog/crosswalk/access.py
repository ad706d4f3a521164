"""Access points that RUSMARC and MARC 21 build differently: personal names, and the host of a part.

RUSMARC splits a name (70X $a $b $g), MARC 21 has it in one (100/700 $a, full forms in $q). RUSMARC
has a host at two levels (461, 463) with embedded fields, MARC 21 one 773.
"""

import re

from catalog.data import document
from catalog.issue import parse_issue
from catalog.record import ControlField, DataField, Field, LinkField, Record, Subfield

_TABLE = "crosswalk/rusmarc_marc21.json"
_AUTHOR = "aut"
_PAGES = re.compile(r"[^\W\d_]{1,3}\.?\s*\d")
_NAME_CODES = {"c": "c", "f": "d"}


def name_to_marc21(field: DataField) -> tuple[DataField, list[str]]:
    """Return 100 or 700 for RUSMARC 700–702, and the codes of the subfields that have no place."""
    surname, initials = field.first("a") or "", field.first("b")
    heading = f"{surname}, {initials}" if initials else surname
    made = [Subfield("a", heading)]
    made += [Subfield("q", value) for value in field.all("g")]
    for code, target in _NAME_CODES.items():
        made += [Subfield(target, value) for value in field.all(code)]
    relators = document(_TABLE)["relators"]
    made += [Subfield("4", relators.get(value, value)) for value in field.all("4")]
    lost = [s.code for s in field.subfields if s.code not in "abgcf4"]
    first = "0" if field.indicators[1] == "0" else "1"
    return DataField("100" if field.tag == "700" else "700", f"{first} ", tuple(made)), lost


def name_to_rusmarc(field: DataField) -> tuple[DataField, list[str]]:
    """Return RUSMARC 700 for 100; for 700 a 701 (author or no role) or 702 (another role)."""
    direct = field.indicators[0] == "0"
    heading = (field.first("a") or "").rstrip(" ,")
    surname, _, rest = (heading, "", "") if direct else heading.partition(",")
    codes = {value: key for key, value in document(_TABLE)["relators"].items()}
    made = [Subfield("a", surname)]
    if rest.strip():
        made.append(Subfield("b", rest.strip()))
    made += [Subfield("g", value.strip("() ")) for value in field.all("q")]
    for code, target in _NAME_CODES.items():
        made += [Subfield(code, value.rstrip(" ,.")) for value in field.all(target)]
    made += [Subfield("4", codes.get(value, value)) for value in field.all("4")]
    lost = [s.code for s in field.subfields if s.code not in "aqcd4"]
    roles = set(field.all("4"))
    tag = "701" if not roles or _AUTHOR in roles else "702"
    kept = tuple(made)
    return DataField("700" if field.tag == "100" else tag, f" {0 if direct else 1}", kept), lost


def host_to_marc21(record: Record) -> tuple[list[Field], list[str]]:
    """Return the 773 for the first 461 and 463 of a record, and the embedded fields left out."""
    top = next((f for f in record.all("461") if isinstance(f, LinkField)), None)
    unit = next((f for f in record.all("463") if isinstance(f, LinkField)), None)
    if top is None and unit is None:
        return [], []
    named = top or unit
    issue = _inner(unit, "200", "a") if top else None
    made = [
        ("w", _control(named)),
        ("t", _inner(named, "200", "a")),
        ("d", _inner(unit, "210", "d") or _inner(top, "210", "d")),
        ("g", issue),
        ("g", _inner(unit, "200", "v")),
        ("x", _inner(named, "011", "a")),
    ]
    subfields = tuple(Subfield(code, value) for code, value in made if value)
    return [DataField("773", "0 ", subfields)], [*_unread(top), *_unread(unit)]


def host_to_rusmarc(field: DataField) -> tuple[list[Field], list[str]]:
    """Return 461 and 463 for a 773 of an issue; 463 alone where the host is a book."""
    pages = [g for g in field.all("g") if _PAGES.match(g) and parse_issue(g).number is None]
    issue = [g for g in field.all("g") if g not in pages]
    title = field.first("t")
    top_fields: list[ControlField | DataField] = [
        *(ControlField("001", value) for value in field.all("w")[:1]),
        *_kept("011", "  ", a=field.first("x")),
    ]
    lost = [s.code for s in field.subfields if s.code not in "tdgwx"]
    named = "; ".join(issue) or title
    below = (
        *_kept("200", "1 ", a=named, v="; ".join(pages) or None),
        *_kept("210", "  ", d=field.first("d")),
    )
    if not issue:
        return [LinkField("463", " 0", (*top_fields, *below))], lost
    top = LinkField("461", " 0", (*top_fields, *_kept("200", "1 ", a=title)))
    return [top, LinkField("463", " 0", below)], lost


def _kept(tag: str, indicators: str, **values: str | None) -> list[DataField]:
    """The field in a list, or an empty list where none of the values is known."""
    subfields = tuple(Subfield(code, value) for code, value in values.items() if value)
    return [DataField(tag, indicators, subfields)] if subfields else []


def _inner(link: LinkField | None, tag: str, code: str) -> str | None:
    inner = link.embedded(tag) if link else None
    return inner.first(code) if isinstance(inner, DataField) else None


def _control(link: LinkField | None) -> str | None:
    inner = link.embedded("001") if link else None
    return inner.data if isinstance(inner, ControlField) else None


_READ = {"001": "", "011": "a", "200": "av", "210": "d"}


def _unread(link: LinkField | None) -> list[str]:
    if link is None:
        return []
    lost = []
    for inner in link.fields:
        if inner.tag not in _READ:
            lost.append(f"{link.tag}/{inner.tag}")
        elif isinstance(inner, DataField):
            codes = [s.code for s in inner.subfields if s.code not in _READ[inner.tag]]
            lost += [f"{link.tag}/{inner.tag}${code}" for code in codes]
    return lost
