"""Checks of class numbers: the syntax of UDC, the shape of BBK."""

import re
from collections.abc import Iterator
from functools import lru_cache

from catalog.place import Place
from catalog.quality.finding import Hit
from catalog.quality.repair import Edit
from catalog.quality.rule import Rule
from catalog.quality.selector import selector_of
from catalog.quality.subject import Subject
from catalog.record import DataField, Field
from catalog.udc.notation import UdcError, parse
from language.lookalikes import to_cyrillic_twins

_BBK_FIELDS = {"rusmarc": "686", "marc21": "084", "irbis": "621"}
_BBK_SOURCE = "rubbk"
_BBK = re.compile(r"(?:[^\W\d_a-z]|\d)[\w.,()=:\-+/'«»\"*\[\] ]*", re.IGNORECASE)
_LONG_DASH = re.compile("[–—−‑]")
_LATIN = re.compile("[A-Za-z]+")
_KEPT_CLASSES = 20_000  # different numbers remembered: a catalogue repeats them


def udc(subject: Subject, rule: Rule) -> Iterator[Hit]:
    """UDC numbers: ``find: spelling`` what the parser repairs, ``find: syntax`` what it cannot."""
    for cell in subject.select(rule.select[subject.form]):
        normal, reason = _udc(cell.value)
        if normal is None and rule.params["find"] == "syntax":
            yield Hit(cell.place, {"value": cell.value, "reason": reason})
        elif normal not in (None, cell.value) and rule.params["find"] == "spelling":
            facts = {"value": cell.value, "meant": str(normal)}
            yield Hit(cell.place, facts, (Edit(cell.place, cell.value, str(normal)),))


def bbk(subject: Subject, rule: Rule) -> Iterator[Hit]:
    """BBK numbers: Latin letters, long dashes (``spelling``); brackets, signs (``syntax``)."""
    tag = _BBK_FIELDS[subject.form]
    fields = tuple(subject.record.all(tag))
    for cell in subject.select(selector_of((f"{tag}$a",), subject.form, embedded=False)):
        field = fields[cell.place.n - 1]
        # The field of ИРБИС holds nothing else.
        source = _BBK_SOURCE if subject.form == "irbis" else _source(field)
        if source.startswith(_BBK_SOURCE):
            yield from _bbk(cell.place, cell.value, rule.params["find"])


def _source(field: Field) -> str:
    return (field.first("2") or "") if isinstance(field, DataField) else ""


def _bbk(place: Place, value: str, find: str) -> Iterator[Hit]:
    mended = _LATIN.sub(
        lambda m: to_cyrillic_twins(m[0]) or m[0], _LONG_DASH.sub("-", value.strip())
    )
    broken = value.count("(") != value.count(")") or not _BBK.fullmatch(mended)
    if find == "syntax" and broken and value.strip():
        yield Hit(place, {"value": value})
    elif find == "spelling" and not broken and mended != value:
        yield Hit(place, {"value": value, "meant": mended}, (Edit(place, value, mended),))


@lru_cache(maxsize=_KEPT_CLASSES)
def _udc(text: str) -> tuple[str | None, str]:
    try:
        return parse(text).normal, ""
    except UdcError as error:
        return None, error.reason
