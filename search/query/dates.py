"""Ranges of dates: how they are written, and which dates of an index lie in them.

An index holds every date as its year, its month and its day, so a range is a set of those, whole
years and months where they lie in it. An entry whose year alone is known lies in the ranges that
contain the whole year.
"""

import calendar
import re
from collections.abc import Iterable

_DAY = r"[0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{4}-[0-9]{2}|[0-9]{4}"
_WRITTEN = rf"{_DAY}|(?:[0-9]{{1,2}}\.){{1,2}}[0-9]{{4}}"
_RANGE = re.compile(rf"(?P<first>{_WRITTEN})?\s*(?P<to>-|–|—|…|\.{{2,3}})\s*(?P<last>{_WRITTEN})?")
_SHORT = re.compile(r"(?P<first>[0-9]{4})(?:-|–|—|/)(?P<last>[0-9]{2})")
_DECADE = re.compile(r"(?P<decade>[0-9]{3})0(?:-?(?:е|ые|х|s)|-жж\.?)", re.IGNORECASE)
_ISO = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")
_MONTHS = 12


def read_dates(text: str) -> tuple[str, str] | None:
    """Return the range that ``text`` writes as two ISO 8601 dates, whole or partial.

    ``1954``, ``1954-03``, ``12.03.1954``; ``1941-1945``, ``1941–45``, ``1954-03..1954-05``;
    ``1941-`` and ``-1945`` leave one side open (""); ``1930-е``. A range written backwards is
    turned round. None where it is no date.
    """
    text = text.strip()
    if (decade := _DECADE.fullmatch(text)) is not None:
        return f"{decade['decade']}0", f"{decade['decade']}9"
    single = _iso(text)
    if single:
        return single, single
    short = _SHORT.fullmatch(text)
    if short is not None:
        return _ordered(short["first"], short["first"][:2] + short["last"])
    match = _RANGE.fullmatch(text)
    if match is None or not (match["first"] or match["last"]):
        return None
    first, last = _iso(match["first"] or ""), _iso(match["last"] or "")
    if (match["first"] and not first) or (match["last"] and not last):
        return None
    return _ordered(first, last)


def dates_within(held: Iterable[str], first: str, last: str) -> list[str]:
    """Return the dates of ``held`` that lie in the range, the widest alone of those that nest.

    ``held`` are ISO 8601 dates, whole or partial, rising; what is no date is passed over. Bounds
    are as in ``read_dates``.
    """
    begin = _bounds(first)[0] if first else ""
    end = _bounds(last)[1] if last else "9999-12-31"
    kept: list[str] = []
    for date in held:
        if kept and date.startswith(f"{kept[-1]}-"):
            continue
        if _ISO.fullmatch(date) is None:
            continue
        low, high = _bounds(date)
        if begin <= low and high <= end:
            kept.append(date)
    return kept


def _iso(text: str) -> str:
    """Return a written date in ISO 8601, or "" where there is no such day."""
    if "." in text:
        text = "-".join(f"{part:0>2}" for part in reversed(text.split(".")))
    match = _ISO.fullmatch(text)
    if match is None:
        return ""
    year, month, day = (int(part or 0) for part in match.groups())
    if not year or (match[2] and not 1 <= month <= _MONTHS):
        return ""
    if match[3] and not 1 <= day <= calendar.monthrange(year, month)[1]:
        return ""
    return text


def _ordered(first: str, last: str) -> tuple[str, str]:
    if first and last and _bounds(first)[0] > _bounds(last)[0]:
        return last, first
    return first, last


def _bounds(date: str) -> tuple[str, str]:
    """Return the first and the last day of a partial date, as text that sorts like the days."""
    low = date + "-01-01"[len(date) - len("1954") :] if len(date) < len("1954-03-12") else date
    return low, date + "-12-31"[len(date) - len("1954") :] if len(date) < len(
        "1954-03-12"
    ) else date
