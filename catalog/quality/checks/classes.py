"""Checks of class numbers: the syntax of UDC, the shape of BBK."""

import re
from collections.abc import Iterator
from functools import lru_cache

from catalog.quality.finding import Hit
from catalog.quality.place import Place
from catalog.quality.repair import Edit
from catalog.quality.rule import Rule
from catalog.quality.subject import Subject
from catalog.record import DataField
from catalog.udc.notation import UdcError, parse
from language.lookalikes import to_cyrillic_twins

_BBK_SOURCES = {"rusmarc": ("686", "rubbk"), "marc21": ("084", "rubbk")}
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
    tag, source = _BBK_SOURCES[subject.form]
    n = 0
    for field in subject.record.all(tag):
        n += 1
        if not isinstance(field, DataField) or not (field.first("2") or "").startswith(source):
            continue
        for repeat, value in enumerate(field.all("a"), 1):
            yield from _bbk(Place(tag, n, "a", repeat), value, rule.params["find"])


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
