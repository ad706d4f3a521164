"""Coded data: RUSMARC 100–110 against MARC 21 008, and the source of the record, 801 against 040.

The positions that have a twin are rows of the table ("positions"). They are written for every
record; what has none is kept by the carrier.
"""

from collections.abc import Mapping
from typing import Any

from catalog.crosswalk.table import TABLE, codes
from catalog.data import document
from catalog.record import ControlField, DataField, Field, Record, Subfield
from language.letters import script_of

CODED = {"rusmarc": ("100", "101", "102", "105", "106", "110"), "marc21": ("008",)}
SOURCE = {"rusmarc": "801", "marc21": "040"}

_SCRIPTS = {"Latn": "ba", "Cyrl": "ca", "Arab": "fa"}
_LENGTHS = {"105": 13, "106": 1, "110": 11}
_NO_DATE = " " * 8
_CENTURY = 69
_FIXED_LENGTH, _COMMON_LENGTH = 40, 36
_NOT_CODED = "|"
_SERIAL, _TEXTS = "s", "at"


def coded_to_marc21(record: Record) -> list[Field]:
    """Return 008 of RUSMARC 100, 101, 102, 105, 106 and 110, where one of them is there."""
    if not any(record.all(*CODED["rusmarc"])):
        return []
    common = _coded(record, "100")
    country = codes("countries", "marc21").get(record.first("102", "a") or "", "xx")
    fixed = [*(common[2:8] + "n" + common[9:17] + country.ljust(3) + _NOT_CODED * 17)]
    fixed += [*((record.first("101", "a") or "und")[:3].ljust(3) + " d")]
    for position in _positions(record.leader):
        tag, start = position["rusmarc"]
        if tag != "100" and not any(record.data(tag)):
            continue
        given = _coded(record, tag)[start : start + position["length"]]
        made = _translated(given, position, "marc21")
        fixed[position["marc21"] : position["marc21"] + len(made)] = made
    return [ControlField("008", "".join(fixed))]


def coded_to_rusmarc(record: Record) -> list[Field]:
    """Return 100, 105, 106 and 110 of 008; 101 and 102 too where 041 and 044 are missing."""
    fixed = _fixed(record)
    if not fixed:
        return []
    script = _SCRIPTS.get(script_of(record.first("245", "a") or ""), "ca")
    cataloguing = (record.first("040", "b") or "").ljust(3)[:3]
    common = f"{_full_date(fixed[:6])}u{_NO_DATE}u  y0{cataloguing}y50      {script}"
    made = {"100": [*common]}
    for position in _positions(record.leader):
        tag, start = position["rusmarc"]
        given = fixed[position["marc21"] :][: position["length"]]
        if tag == "100" or given.strip(_NOT_CODED):
            values = made.setdefault(tag, [*(_NOT_CODED * _LENGTHS.get(tag, 0))])
            values[start : start + len(given)] = _translated(given, position, "rusmarc")
    if made["100"][8] == "u":
        made["100"][9:17] = _NO_DATE
    fields: list[Field] = [_field(tag, "  ", a="".join(values)) for tag, values in made.items()]
    return fields + _language_and_country(record, fixed)


def source_to_marc21(record: Record) -> list[Field]:
    """Return 040 of 801 (indicator 2: 0 made, 1 transcribed, 2 changed it) and 100/22–24."""
    made = [("a", f) for f in record.data("801") if f.indicators[1] == "0"][:1]
    made += [("c", f) for f in record.data("801") if f.indicators[1] == "1"][:1]
    made += [("d", f) for f in record.data("801") if f.indicators[1] == "2"]
    agencies = [(code, field.first("b") or "") for code, field in made]
    first = [value for code, value in agencies if code == "a"]
    rules = [field.first("g") or "" for code, field in made if code == "a"]
    values = [
        *(("a", value) for value in first),
        ("b", _coded(record, "100")[22:25].strip() if made else ""),
        *(("e", value) for value in rules),
        *(("c", value) for value in ([v for c, v in agencies if c == "c"] or first)),
        *(("d", value) for code, value in agencies if code == "d"),
    ]
    kept = tuple(Subfield(code, value) for code, value in values if value)
    return [DataField("040", "  ", kept)] if kept else []


def source_to_rusmarc(record: Record) -> list[Field]:
    """Return the fields 801 of 040, with the country and the date of 008."""
    fixed = _fixed(record)
    country = codes("countries", "rusmarc").get(fixed[15:18].strip())
    made, rules = record.first("040", "a"), record.first("040", "e")
    written = record.first("040", "c")
    found: list[Field] = []
    if made:
        entered = _full_date(fixed[:6]).strip()
        found.append(_field("801", " 0", a=country, b=made, c=entered, g=rules))
    if written and written != made:
        found.append(_field("801", " 1", a=country, b=written))
    changed = (value for field in record.data("040") for value in field.all("d"))
    return found + [_field("801", " 2", a=country, b=agency) for agency in changed]


def _language_and_country(record: Record, fixed: str) -> list[Field]:
    language, country = fixed[35:38].strip(" |"), fixed[15:18].strip()
    known = codes("countries", "rusmarc")
    found: list[Field] = []
    if language and language != "und" and not record.first("041", "a"):
        found.append(_field("101", "0 ", a=language))
    if country in known and not record.first("044", "c"):
        found.append(_field("102", "  ", a=known[country]))
    return found


def _positions(leader: str) -> list[Mapping[str, Any]]:
    kinds = {"all"}
    if leader[7:8] == _SERIAL:
        kinds.add("serial")
    elif leader[6:7] in _TEXTS or leader[6:7] == "b":
        kinds.add("book")
    return [p for p in document(TABLE)["positions"] if p["of"] in kinds]


def _translated(given: str, position: Mapping[str, Any], target: str) -> str:
    if not position["codes"]:
        return given
    listed = codes(position["codes"], target)
    unknown = "n" if target == "marc21" else "u"
    usual = unknown if position["codes"] == "date_types" else _NOT_CODED
    return "".join(listed.get(sign, usual) for sign in given)


def _coded(record: Record, tag: str) -> str:
    return (record.first(tag, "a") or "").ljust(_LENGTHS.get(tag, _COMMON_LENGTH))


def _fixed(record: Record) -> str:
    found = (f.data for f in record.fields if isinstance(f, ControlField) and f.tag == "008")
    text = next(found, "")
    return text.ljust(_FIXED_LENGTH) if text else ""


def _field(tag: str, indicators: str, **values: str | None) -> DataField:
    kept = tuple(Subfield(code, value) for code, value in values.items() if value)
    return DataField(tag, indicators, kept)


def _full_date(short: str) -> str:
    """Return yymmdd with its century: MARC 21 began in 1968 (008/00–05 has two figures)."""
    if not (short.isdecimal() and short.isascii()):
        return _NO_DATE
    return ("19" if int(short[:2]) >= _CENTURY else "20") + short
