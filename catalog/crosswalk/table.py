"""The table of the crosswalk, made ready for one direction.

``corpora/crosswalk/rusmarc_marc21.json`` is written from RUSMARC to MARC 21; here each row is
turned round where needed, so that one and the same row serves both directions. UNIMARC goes by the
rows of RUSMARC, which is its national form.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from catalog.data import document
from catalog.record import DataField, Field

TABLE = "crosswalk/rusmarc_marc21.json"
LEADER_LENGTH = 24
RECORD_RULES = ("coded", "source")
_ONE_WAY = {">": "rusmarc", "<": "marc21"}
_BLANK = "  "
_LEADER_FACTS = {"type": 6, "level": 7}


@dataclass(frozen=True, slots=True)
class Row:
    """A pair of fields, seen from the source. The README of the table tells what each key means."""

    source: str
    target: str
    rule: str
    loss: str
    when: Mapping[str, re.Pattern[str]]
    indicators: Mapping[str, str]
    codes: Mapping[str, str]
    values: Mapping[str, Mapping[str, str]]
    join: Mapping[str, str]
    before: Mapping[str, str]
    end: str

    def fits(self, field: Field, leader: str) -> bool:
        """Whether the row is meant for this field of a record with this leader."""
        return all(p.fullmatch(_fact(k, field, leader)) for k, p in self.when.items())

    def indicators_of(self, given: str) -> str:
        """Indicators of the target: of the same pair, of the same first one, or the usual ones."""
        if given in self.indicators:
            return self.indicators[given]
        near = (made for known, made in self.indicators.items() if known[0] == given[0])
        return next(near, next(iter(self.indicators.values()), _BLANK))

    def value(self, code: str, value: str) -> str:
        """The value of a subfield, translated where it is a code of a list."""
        return self.values[code].get(value, value) if code in self.values else value


def family(form: str) -> str:
    """Return the side of the table that a format stands on: UNIMARC on that of RUSMARC."""
    return "rusmarc" if form == "unimarc" else form


@cache
def rows(source: str) -> Mapping[str, tuple[Row, ...]]:
    """Rows for the fields of ``source`` (rusmarc or marc21) by tag, in the order of the table."""
    found: dict[str, tuple[Row, ...]] = {}
    for raw in document(TABLE)["fields"]:
        if _ONE_WAY.get(raw.get("way", ""), source) == source:
            row = _row(raw, source)
            found[row.source] = (*found.get(row.source, ()), row)
    return found


def row_for(field: Field, source: str, leader: str) -> Row | None:
    """Return the first row that fits, or None where the other format has no such field."""
    candidates = rows(source).get(field.tag, ())
    return next((row for row in candidates if row.fits(field, leader)), None)


@cache
def codes(name: str, target: str) -> Mapping[str, str]:
    """Return a code list towards ``target``; of two codes with one meaning the first is written."""
    table = document(TABLE)
    listed: dict[str, str] = table["codes"].get(name) or table[name]
    return listed if target == "marc21" else _turned(listed)


def _row(raw: Mapping[str, Any], source: str) -> Row:
    forth = source == "rusmarc"
    target = "marc21" if forth else "rusmarc"
    indicators = raw.get("indicators", {})
    subfields = raw.get("subfields", {})
    turned = subfields if forth else _turned(subfields)
    listed = raw.get("values", {})
    return Row(
        source=raw[source],
        target=raw[target],
        rule=raw.get("rule", ""),
        loss=raw["loss"],
        when={k: re.compile(v) for k, v in raw.get(f"if_{source}", {}).items()},
        indicators=indicators if forth else _back(indicators, raw.get("indicators_back", {})),
        codes=turned,
        values={c if forth else subfields[c]: codes(n, target) for c, n in listed.items()},
        join=raw.get("join", {}) if forth else {},
        before=raw.get("isbd", {}),
        end=raw.get("end", ""),
    )


def _turned(pairs: Mapping[str, str]) -> dict[str, str]:
    turned: dict[str, str] = {}
    for ours, theirs in pairs.items():
        turned.setdefault(theirs, ours)
    return turned


def _back(indicators: Mapping[str, str], exceptions: Mapping[str, str]) -> dict[str, str]:
    return {**_turned(indicators), **exceptions}


def _fact(name: str, field: Field, leader: str) -> str:
    if name in _LEADER_FACTS:
        return leader[_LEADER_FACTS[name]] if len(leader) == LEADER_LENGTH else ""
    if name in ("i1", "i2"):
        indicators = getattr(field, "indicators", _BLANK)
        return str(indicators[int(name[1]) - 1])
    return (field.first(name) or "") if isinstance(field, DataField) else ""
