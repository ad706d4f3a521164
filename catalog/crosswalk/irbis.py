"""ИРБИС to RUSMARC, one way, by ``corpora/crosswalk/irbis.json``.

The two share most tags, but ИРБИС has neither indicators nor embedded fields, one 463 for newspaper
and issue, and classes by scheme (621 is BBK). A field of which anything is not taken over is kept
whole in 886.
"""

from collections.abc import Iterable, Mapping
from itertools import groupby
from typing import Any

from catalog.crosswalk.loss.carrier import Carrier
from catalog.crosswalk.loss.differences import NO_PLACE, Loss
from catalog.data import document
from catalog.issue import pages_text, year_of
from catalog.record import ControlField, DataField, Field, LinkField, Record, Subfield

_TABLE = "crosswalk/irbis.json"
_TEXT = "*"
_TEXT_CODES = ("*", " ")
_WORKSHEET = "920"
_USUAL = "nam0"


def irbis_to_rusmarc(record: Record) -> tuple[Record, list[Carrier], tuple[Loss, ...]]:
    """Return the record in RUSMARC by tag, what must be carried, and that as a report."""
    made: list[Field] = []
    carriers, lost = [], []
    language = next((v for f in record.all("101") for _, v in _parts(f)), None)
    for at, field in enumerate(record.fields):
        parts = _parts(field)
        rows = [row for row in document(_TABLE)["fields"] if _fits(row, field.tag, parts)]
        made += [one for row in rows if (one := _built(row, parts, language)) is not None]
        left = [code for code, value in parts if value and not _known(rows, code)]
        if left or not rows:
            carriers.append(Carrier(at, len(record.fields), field, None))
            lost += [Loss(f"{field.tag}${code}", NO_PLACE) for code in left if rows]
            lost += [] if rows else [Loss(field.tag, NO_PLACE)]
    made += _general(record)
    worksheet = _worksheet(record)
    leader = document(_TABLE)["leaders"].get(worksheet, _USUAL)
    fields = tuple(sorted(made, key=lambda field: field.tag))
    built = Record("rusmarc", f"00000{leader} 2200000   450 ", fields)
    return built, carriers, tuple(dict.fromkeys(lost))


def _parts(field: Field) -> list[tuple[str, str]]:
    if isinstance(field, ControlField):
        return [(_TEXT, field.data)]
    if isinstance(field, LinkField):
        return []
    codes = ((s.code.lower(), s.value) for s in field.subfields)
    return [(_TEXT if code in _TEXT_CODES else code, value) for code, value in codes]


def _fits(row: Mapping[str, Any], tag: str, parts: Iterable[tuple[str, str]]) -> bool:
    present = {code for code, _ in parts}
    wanted, unwanted = row.get("if_has"), row.get("if_not")
    known = row["irbis"] == tag and bool(present & row["subfields"].keys())
    return known and (not wanted or wanted in present) and unwanted not in present


def _known(rows: Iterable[Mapping[str, Any]], code: str) -> bool:
    return any(code in row["subfields"] for row in rows)


def _built(
    row: Mapping[str, Any], parts: Iterable[tuple[str, str]], language: str | None
) -> Field | None:
    taken = [
        (row["subfields"][c], pages_text(v, language) if bare and v[0].isdecimal() else v)
        for c, v in parts
        if v and c in row["subfields"]
        for bare in (c == row.get("pages"),)
    ]
    if not taken:
        return None
    if row.get("link"):
        return LinkField(row["rusmarc"], row["indicators"], _embedded(taken))
    subfields = [Subfield(code, value) for code, value in taken]
    subfields += [Subfield(code, value) for code, value in row.get("added", {}).items()]
    return DataField(row["rusmarc"], row["indicators"], tuple(subfields))


def _embedded(taken: Iterable[tuple[str, str]]) -> tuple[DataField, ...]:
    ordered = sorted(taken, key=lambda part: part[0])
    return tuple(
        DataField(tag, "1 " if tag == "200" else "  ", tuple(Subfield(c[3:], v) for c, v in group))
        for tag, group in groupby(ordered, key=lambda part: part[0][:3])
    )


def _general(record: Record) -> list[Field]:
    """RUSMARC 100 of the year of publication, or of the host's, and of the first entry's date."""
    found = [*record.all("210"), *record.all("463"), *record.all("461")]
    years = (year_of(v) for f in found for c, v in _parts(f) if c in "djh")
    year = next((str(year) for year in years if year), None)
    entered = (v for f in record.all("907") for c, v in _parts(f) if c == "a" and len(v) == 8)
    date = next((v for v in entered if v.isdecimal()), " " * 8)
    if year is None and not date.strip():
        return []
    kind = f"d{year}    " if year else "u" + " " * 8
    data = f"{date}{kind}u  y0rusy50      ca"
    return [DataField("100", "  ", (Subfield("a", data),))]


def _worksheet(record: Record) -> str:
    values = (value for field in record.all(_WORKSHEET) for _, value in _parts(field))
    return next(values, "").strip().upper()
