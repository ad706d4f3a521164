"""Coded data of RUSMARC and MARC 21: leader, 100 against 008, source of the record 801/040."""

from catalog.data import document
from catalog.record import ControlField, DataField, Field, Record, Subfield
from language.letters import script_of

_TABLE = "crosswalk/rusmarc_marc21.json"
_PARTS = "ab"
_SCRIPTS = {"Latn": "ba", "Cyrl": "ca", "Arab": "fa"}
_NO_DATE = "        "
_CENTURY = 69
_FIXED_LENGTH, _COMMON_LENGTH = 40, 36


def leader_to_marc21(leader: str) -> str:
    """Return a MARC 21 leader: type, level, completeness by table; 18 = c, no ISBD punctuation."""
    table = document(_TABLE)
    kind = table["record_types"].get(leader[6], leader[6])
    level = table["levels"].get(leader[17], " ")
    return f"00000{leader[5]}{kind}{leader[7]} a2200000{level}c 4500"


def leader_to_rusmarc(leader: str) -> str:
    """Return a RUSMARC leader; hierarchy (8) is 2 for a part, else 0."""
    table = document(_TABLE)
    kind = _reversed(table["record_types"]).get(leader[6], leader[6])
    level = _reversed(table["levels"]).get(leader[17], " ")
    hierarchy = "2" if leader[7] in _PARTS else "0"
    return f"00000{leader[5]}{kind}{leader[7]}{hierarchy} 2200000{level}  450 "


def coded_to_marc21(record: Record) -> list[Field]:
    """Return 008 and 040 from RUSMARC 100, 101, 102 and 801."""
    table = document(_TABLE)
    common = (record.first("100", "a") or "").ljust(_COMMON_LENGTH)
    kind = table["date_types"].get(common[8], "n")
    country = table["countries"].get(record.first("102", "a") or "", "xx").ljust(3)
    language = record.first("101", "a") or "und"
    fixed = f"{common[2:8]}{kind}{common[9:17]}{country}{'|' * 17}{language} d"
    source = Subfield("a", record.first("801", "b") or "")
    made = [source, Subfield("b", common[22:25].strip()), Subfield("c", source.value)]
    kept = tuple(s for s in made if s.value)
    fields: list[Field] = [ControlField("008", fixed)]
    return [*fields, DataField("040", "  ", kept)] if kept else fields


def coded_to_rusmarc(record: Record) -> list[Field]:
    """Return 100 and 801 from MARC 21 008, 040; 101 and 102 too where 041 and 044 are missing."""
    table = document(_TABLE)
    found = (f.data for f in record.fields if isinstance(f, ControlField) and f.tag == "008")
    fixed = next(found, "").ljust(_FIXED_LENGTH)
    entered = _full_date(fixed[:6])
    kind = _reversed(table["date_types"]).get(fixed[6], "u")
    dates = fixed[7:15] if kind != "u" else _NO_DATE
    script = _SCRIPTS.get(script_of(record.first("245", "a") or ""), "ca")
    cataloguing = (record.first("040", "b") or "rus").ljust(3)[:3]
    common = f"{entered}{kind}{dates}u  y0{cataloguing}y50      {script}"
    fields: list[Field] = [DataField("100", "  ", (Subfield("a", common),))]
    language, country = fixed[35:38].strip(" |"), fixed[15:18].strip()
    codes = _reversed(table["countries"])
    if language and not record.first("041", "a"):
        fields.append(DataField("101", "0 ", (Subfield("a", language),)))
    if country in codes and not record.first("044", "c"):
        fields.append(DataField("102", "  ", (Subfield("a", codes[country]),)))
    return fields + _source(record, codes.get(country), entered)


def _source(record: Record, country: str | None, entered: str) -> list[Field]:
    agency = record.first("040", "a")
    if agency is None:
        return []
    made = (Subfield("a", country or ""), Subfield("b", agency), Subfield("c", entered.strip()))
    return [DataField("801", " 0", tuple(s for s in made if s.value))]


def _full_date(short: str) -> str:
    """Return yymmdd with its century: MARC 21 began in 1968 (008/00–05 has two figures)."""
    if not short.isdigit():
        return _NO_DATE
    return ("19" if int(short[:2]) >= _CENTURY else "20") + short


def _reversed(table: dict[str, str]) -> dict[str, str]:
    return {value: key for key, value in table.items()}
