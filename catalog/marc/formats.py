"""Which format a file's records are in: MARC 21, UNIMARC or RUSMARC, by their fields.

The signs and their weights are data (corpora/marc/formats.tsv).
"""

import re
from collections import Counter
from collections.abc import Iterable
from functools import cache

from catalog.data import rows
from catalog.record import ControlField, Record

_DEFAULT = "rusmarc"


def format_of(records: Iterable[Record]) -> str:
    """Return the likeliest format; ``rusmarc`` where nothing speaks for any.

    Links have to be flat in these records (read as ``marc21``). RUSMARC is a UNIMARC with signs of
    its own: where any of these stand, it is that.
    """
    weights: Counter[str] = Counter()
    for record in records:
        for form, weight in _signs(record):
            weights[form] += weight
    if weights["marc21"] > weights["unimarc"]:
        return "marc21"
    return "unimarc" if weights["unimarc"] and not weights["rusmarc"] else _DEFAULT


def _signs(record: Record) -> Iterable[tuple[str, int]]:
    for form, tag, code, pattern, weight in _table():
        if any(pattern.fullmatch(value) for value in _values(record, tag, code)):
            yield form, weight


def _values(record: Record, tag: str, code: str) -> Iterable[str]:
    if tag == "leader":
        return [record.leader]
    if code:
        return [value for field in record.data(tag) for value in field.all(code)]
    return [f.data if isinstance(f, ControlField) else "" for f in record.all(tag)]


@cache
def _table() -> tuple[tuple[str, str, str, re.Pattern[str], int], ...]:
    return tuple(
        (
            row["format"],
            row["tag"],
            row["code"],
            re.compile(row["pattern"] or ".*", re.DOTALL),
            int(row["weight"]),
        )
        for row in rows("marc/formats.tsv")
    )
