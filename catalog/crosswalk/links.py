"""Links to other resources: embedded fields (RUSMARC 4XX), plain subfields (MARC 21 76X–78X).

The host of a part stands at two levels in RUSMARC, 461 (the whole) and 463 (the issue or volume),
and in one 773 in MARC 21.
"""

import re
from collections.abc import Iterable, Sequence
from itertools import groupby, zip_longest

from catalog.crosswalk.names import heading
from catalog.crosswalk.table import TABLE, Row
from catalog.data import document
from catalog.issue import parse_issue
from catalog.record import ControlField, DataField, Field, LinkField, Subfield

Host = tuple[DataField, tuple[int, ...]]

_CONTROL, _TITLE, _NAME = "001", "200", "700"
_PAGES = re.compile(r"[^\W\d_]{1,3}\.?\s*\d")
_PLAIN = {"t": "t", "v": "g", "x": "x", "y": "z", "d": "d", "a": "a", "0": "w", "3": "w", "b": "b"}


def link_to_marc21(field: Field, row: Row) -> DataField:
    """Return the linking field of MARC 21 for a link in either technique, in the order given."""
    made = [Subfield(row.codes.get(c, c), v) for c, v in _parts(field)]
    given = field.indicators if isinstance(field, DataField | LinkField) else "  "
    return DataField(row.target, row.indicators_of(given), tuple(made))


def link_to_rusmarc(field: DataField, row: Row) -> LinkField:
    """Return the link of RUSMARC; neighbours of one embedded field come together in it."""
    parts = [(row.codes.get(s.code, s.code), s.value) for s in field.subfields]
    inner = _embedded(parts)
    return LinkField(row.target, row.indicators_of(field.indicators), tuple(inner))


def hosts_to_marc21(fields: Sequence[Field]) -> list[Host]:
    """Return each 773 with the places in ``fields`` of the 461, 462 and 463 that it was made of."""
    numbered = [(at, field) for at, field in enumerate(fields) if field.tag in ("461", "463")]
    tops = [(at, field) for at, field in numbered if field.tag == "461"]
    units = [(at, field) for at, field in numbered if field.tag == "463"]
    if len(tops) == 1 and units:
        tops *= len(units)
    found = [_host(top, unit) for top, unit in zip_longest(tops, units)]
    middle = [(at, field) for at, field in enumerate(fields) if field.tag == "462"]
    found += [_host(one, None) for one in middle]
    return [host for host in found if host[0].subfields]


def host_to_rusmarc(field: DataField, row: Row) -> list[Field]:
    """Return 461 and 463 for a 773 of an issue; one link, 461 or 463, where the host is a book.

    The row says 461 for a volume of a set, whose number is 200 $v of the link.
    """
    volume = row.target == "461"
    pages = [g for g in field.all("g") if volume or _is_pages(g)]
    issue = [g for g in field.all("g") if g not in pages]
    title = field.first("t")
    control: list[ControlField | DataField] = [ControlField("001", w) for w in field.all("w")[:1]]
    named = [*control, *_kept("011", "  ", a=field.first("x"))]
    unit = (
        *_kept("200", "1 ", a="; ".join(issue) or title, v="; ".join(pages) or None),
        *_kept("210", "  ", d=field.first("d")),
    )
    if not issue:
        return [LinkField(row.target, " 0", (*named, *unit))]
    top = LinkField("461", " 0", (*named, *_kept("200", "1 ", a=title)))
    return [top, LinkField("463", " 0", unit)]


def _is_pages(text: str) -> bool:
    return bool(_PAGES.match(text)) and parse_issue(text).number is None


def _host(top: tuple[int, Field] | None, unit: tuple[int, Field] | None) -> Host:
    above, below = top[1] if top else None, unit[1] if unit else None
    whole = _first(above if above is not None else below)
    part = _first(below)
    upper = _first(above)
    issue = part.get(("200", "a"), part.get(("", "t"))) if above is not None else None
    made = [
        ("w", whole.get(("001", ""), whole.get(("", "w")))),
        ("t", whole.get(("200", "a"), whole.get(("", "t")))),
        ("d", part.get(("210", "d")) or upper.get(("210", "d")) or whole.get(("", "d"))),
        ("g", issue),
        ("g", part.get(("200", "v")) or part.get(("", "g"))),
        ("g", upper.get(("200", "v")) if below is None else None),
        ("x", whole.get(("011", "a"), whole.get(("", "x")))),
    ]
    subfields = tuple(Subfield(code, value) for code, value in made if value)
    return DataField("773", "0 ", subfields), tuple(one[0] for one in (top, unit) if one)


def _first(field: Field | None) -> dict[tuple[str, str], str]:
    """First value of each subfield: by (embedded tag, code), or by ("", MARC 21 code) if plain."""
    found: dict[tuple[str, str], str] = {}
    if isinstance(field, DataField):
        for code, value in _parts(field):
            found.setdefault(("", code), value)
    for inner in field.fields if isinstance(field, LinkField) else ():
        if isinstance(inner, ControlField):
            found.setdefault((inner.tag, ""), inner.data)
        else:
            for subfield in inner.subfields:
                found.setdefault((inner.tag, subfield.code), subfield.value)
    return found


def _parts(field: Field) -> Iterable[tuple[str, str]]:
    """MARC 21 code and value of what a link says, in order."""
    if isinstance(field, DataField):
        yield from ((_PLAIN[s.code], s.value) for s in field.subfields if s.code in _PLAIN)
    if not isinstance(field, LinkField):
        return
    codes = {(tag, code): made for tag, code, made in document(TABLE)["links"]}
    for inner in field.fields:
        if isinstance(inner, ControlField):
            yield from [("w", inner.data)] if inner.tag == _CONTROL else []
            continue
        for s in inner.subfields:
            if (inner.tag, s.code) in codes:
                named = (inner.tag, s.code) == (_NAME, "a")
                value = heading(s.value, inner.first("b")) if named else s.value
                yield codes[inner.tag, s.code], value


def _embedded(parts: list[tuple[str, str]]) -> list[ControlField | DataField]:
    places: dict[str, tuple[str, str]] = {}
    for tag, code, made in document(TABLE)["links"]:
        places.setdefault(made, (tag, code))
    known = [(*places[code], value) for code, value in parts if code in places]
    inner: list[ControlField | DataField] = []
    for tag, group in groupby(known, key=lambda part: part[0]):
        pairs = [(code, value) for _, code, value in group]
        if tag == _CONTROL:
            inner += [ControlField(tag, value) for _, value in pairs]
        else:
            indicators = "1 " if tag == _TITLE else " 1" if tag == _NAME else "  "
            inner.append(DataField(tag, indicators, tuple(Subfield(c, v) for c, v in pairs)))
    return inner


def _kept(tag: str, indicators: str, **values: str | None) -> list[DataField]:
    """The field in a list, or an empty list where none of the values is known."""
    subfields = tuple(Subfield(code, value) for code, value in values.items() if value)
    return [DataField(tag, indicators, subfields)] if subfields else []
