"""RUSMARC to MARC 21 and back, by one table executed in both directions, with a report of losses.

The table is ``corpora/crosswalk/rusmarc_marc21.json``. What neither the table nor one of the rules
of ``catalog.crosswalk`` carries over is not written and is listed.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from catalog.crosswalk.access import (
    host_to_marc21,
    host_to_rusmarc,
    name_to_marc21,
    name_to_rusmarc,
)
from catalog.crosswalk.coded import (
    coded_to_marc21,
    coded_to_rusmarc,
    leader_to_marc21,
    leader_to_rusmarc,
)
from catalog.data import document
from catalog.record import ControlField, DataField, Field, Record, Subfield
from olketanu.errors import UsageError

_TABLE = "crosswalk/rusmarc_marc21.json"
_OWN_RULE = {"rusmarc": {"100", "461", "463"}, "marc21": {"008"}}
_SOURCE = {"rusmarc": "801", "marc21": "040"}
_SOURCE_CODES = "abc"
_NAMES = {"rusmarc": ("700", "701", "702"), "marc21": ("100", "700")}
_ISBD_END = re.compile(r"\s*[/:;,=]\s*$")
_PUNCTUATION_OMITTED = "c"
_LEADER = 24


@dataclass(frozen=True, slots=True)
class Conversion:
    """The record in the other format; ``lost`` names what was left behind: ``899``, ``200$g``."""

    record: Record
    lost: tuple[str, ...]


def convert(record: Record, target_format: str) -> Conversion:
    """Return ``record`` in ``target_format`` (rusmarc or marc21); its own format: unchanged.

    Fields come in the order of their tags. ISBD punctuation of a MARC 21 record is taken off, since
    RUSMARC has none. UsageError ``error.crosswalk-format`` for another pair of formats.
    """
    if record.format == target_format:
        return Conversion(record, ())
    if {record.format, target_format} != {"rusmarc", "marc21"}:
        raise UsageError("error.crosswalk-format", source=record.format, target=target_format)
    source = record if target_format == "marc21" else _without_punctuation(record)
    fields, lost = _coded_and_hosts(source)
    for field in source.fields:
        made, missing = _field(field, record.format)
        fields += made
        lost += missing
    leader = record.leader.ljust(_LEADER)
    new = leader_to_marc21(leader) if target_format == "marc21" else leader_to_rusmarc(leader)
    ordered = sorted(_entry_title(fields), key=lambda f: f.tag)
    return Conversion(Record(target_format, new, tuple(ordered)), tuple(dict.fromkeys(lost)))


def _coded_and_hosts(record: Record) -> tuple[list[Field], list[str]]:
    if record.format == "marc21":
        return coded_to_rusmarc(record), []
    hosts, lost = host_to_marc21(record)
    return coded_to_marc21(record) + hosts, lost + _more_than_one(record)


def _more_than_one(record: Record) -> list[str]:
    return [tag for tag in ("461", "463") if len(list(record.all(tag))) > 1]


def _field(field: Field, source: str) -> tuple[list[Field], list[str]]:
    tag = field.tag
    if isinstance(field, ControlField):
        if tag in document(_TABLE)["control"]:
            return [field], []
        return [], [] if tag in _OWN_RULE[source] else [tag]
    if tag in _OWN_RULE[source]:
        return [], [] if tag == "100" or not isinstance(field, DataField) else [tag]
    if not isinstance(field, DataField):
        return [], [tag]
    return _data_field(field, source)


def _data_field(field: DataField, source: str) -> tuple[list[Field], list[str]]:
    tag = field.tag
    if tag == _SOURCE[source]:
        return [], [
            f"{tag}${c}" for c in (s.code for s in field.subfields) if c not in _SOURCE_CODES
        ]
    if source == "marc21" and tag == "773":
        hosts, codes = host_to_rusmarc(field)
        return hosts, [f"{tag}${code}" for code in codes]
    if tag in _NAMES[source]:
        made, codes = name_to_marc21(field) if source == "rusmarc" else name_to_rusmarc(field)
        return [made], [f"{tag}${code}" for code in codes]
    row = _rows(source).get(tag)
    return _by_row(field, source, row) if row else ([], [tag])


def _by_row(field: DataField, source: str, row: Mapping[str, Any]) -> tuple[list[Field], list[str]]:
    target = "marc21" if source == "rusmarc" else "rusmarc"
    codes: dict[str, str] = row["subfields"]
    if target == "rusmarc":
        codes = {value: key for key, value in codes.items()}
    kept = tuple(Subfield(codes[s.code], s.value) for s in field.subfields if s.code in codes)
    lost = [f"{field.tag}${s.code}" for s in field.subfields if s.code not in codes]
    indicators: str = row[f"{target}_indicators"]
    if "first_indicator" in row:
        indicators = row["first_indicator"].get(field.indicators[0], indicators[0]) + indicators[1]
    return ([DataField(row[target], indicators, kept)] if kept else []), lost


@cache
def _rows(source: str) -> dict[str, Mapping[str, Any]]:
    table: dict[str, Mapping[str, Any]] = {}
    for row in document(_TABLE)["fields"]:
        for tag in (row[source], *row.get(f"also_{source}", ())):
            table.setdefault(tag, row)
    return table


def _entry_title(fields: list[Field]) -> list[Field]:
    """MARC 21 245 indicator 1 says that the title is an added entry, not the main."""
    if any(field.tag in ("100", "110") for field in fields):
        return fields
    return [
        DataField(f.tag, "0" + f.indicators[1], f.subfields)
        if isinstance(f, DataField) and f.tag == "245"
        else f
        for f in fields
    ]


def _without_punctuation(record: Record) -> Record:
    if record.leader.ljust(_LEADER)[18] == _PUNCTUATION_OMITTED:
        return record
    return Record(record.format, record.leader, tuple(map(_stripped, record.fields)))


def _stripped(field: Field) -> Field:
    if not isinstance(field, DataField) or field.tag == "856":
        return field
    subfields = tuple(Subfield(s.code, _ISBD_END.sub("", s.value)) for s in field.subfields)
    return DataField(field.tag, field.indicators, subfields)
