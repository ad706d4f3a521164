"""Number, date and pages of an issue, as descriptions spell them: «№ 14 (17 янв.)», «С. 18–19».

Catalogues give the same thing in several ways («№ 14 (17 янв.)», «2 сент.», «N 3.»); reading
accepts them all, writing has one form.
"""

import datetime
import re
from dataclasses import dataclass
from functools import cache

from catalog.data import rows
from language.dates import find_dates, parse_date
from language.fold import fold

_NUMBER = re.compile(r"(?:№|N[oо°]?\.?|Nr\.?)\s*(\d+(?:\s*[-–/]\s*\d+)?)(?:\s*\((\d+)\))?")
_VOLUME = re.compile(r"(?<![^\W\d_])(?:Т|T|Vol|Кн|Вып)\.\s*(\d+)")
_DAY = re.compile(r"(?<!\d)(\d{1,2})\s+([^\W\d_]{3,})")
_YEAR = re.compile(r"(?<!\d)(1[6-9]\d\d|20\d\d)(?!\d)")
_PAGES = re.compile(r"(\d+(?:\s*[-–—]\s*\d+)?(?:\s*,\s*\d+(?:\s*[-–—]\s*\d+)?)*)")
_YEAR_WORDS = re.compile(r"(?<![^\W\d_])(?:г|год|года|ж|жыл\w*)(?!\w)", re.IGNORECASE)
_MONTH_KEY = 3


@dataclass(frozen=True, slots=True)
class Issue:
    """``number`` as «41 (3027)»; ``date`` ISO 8601, possibly partial; ``volume``; None: unknown."""

    number: str | None
    date: str | None
    volume: str | None = None


def parse_issue(text: str, year: int | None = None) -> Issue:
    """Return number, date and volume found in ``text``; ``year`` completes a date without one."""
    match = _NUMBER.search(text)
    number = None
    if match:
        number = re.sub(r"\s*[-–/]\s*", "-", match[1]) + (f" ({match[2]})" if match[2] else "")
    volume = _VOLUME.search(text)
    rest = text if match is None else text[: match.start()] + " " + text[match.end() :]
    return Issue(number, _date(rest, year), volume[1] if volume else None)


def issue_text(number: str | None, date: str | None, language: str | None) -> str:
    """Return «№ 41 (3027) (10 қазан)»; day and month in the ``language`` of the document."""
    parts = []
    if number:
        parts.append(f"№ {number}")
    spoken = _day_text(date or "", language or "rus")
    if spoken:
        parts.append(f"({spoken})" if number else spoken)
    return " ".join(parts)


def issue_statement(text: str, year: int | None, language: str | None) -> str:
    """Return number and date of an issue as a description prints them.

    What is only a number and a date takes the one form of :func:`issue_text` («N 3. 2 сент.»
    becomes «№ 3 (2 сент.)»); a text that says more («Т. 320, № 1 : Науки о Земле») stays as it is.
    The year alone, printed elsewhere, gives an empty string.
    """
    issue = parse_issue(text, year)
    if _more_than(text):
        return re.sub(r"(?<![^\W\d_])(?:N[oо°]?\.?|Nr\.?)\s*(?=\d)", "№ ", text)
    return issue_text(issue.number, issue.date, language)


def _more_than(text: str) -> bool:
    """Whether something is left of the text without number, date and year."""
    rest = _NUMBER.sub(" ", text, count=1)
    for found in reversed(find_dates(rest)):
        rest = rest[: found.start] + rest[found.end :]
    rest = _YEAR_WORDS.sub(" ", _YEAR.sub(" ", rest))
    rest = _DAY.sub(lambda m: " " if fold(m[2])[:_MONTH_KEY] in _months() else m[0], rest, count=1)
    return bool(re.search(r"\w", rest))


def pages_text(pages: str, language: str | None, *, after: bool = False) -> str:
    """Return the pages with the word before them: «Б. 3», «С. 18–19».

    ``after`` is the other Kazakh custom, «3-б.»; languages without one keep the word before.
    """
    words = {row["language"]: row for row in rows("abbreviations/pages.tsv")}
    row = words.get(language or "rus", words["rus"])
    return f"{pages}{row['after']}" if after and row["after"] else f"{row['pages']} {pages}"


def page_range(text: str | None) -> str | None:
    """Return the page numbers in ``text`` without the word before them, dash as «-»; or None."""
    match = _PAGES.search(text or "")
    return re.sub(r"\s*[-–—]\s*", "-", match[1]) if match else None


def year_of(text: str | None) -> int | None:
    """Return the first year (1600 to 2099) in ``text``, or None."""
    match = _YEAR.search(text or "")
    return int(match[1]) if match else None


def _date(text: str, year: int | None) -> str | None:
    known = year_of(text) or year
    full = parse_date(text)
    if full is not None and full.month:
        return str(full)
    if known is None:
        return None
    for match in _DAY.finditer(text):
        month = _months().get(fold(match[2])[:_MONTH_KEY])
        if month and _exists(known, month, int(match[1])):
            return f"{known:04d}-{month:02d}-{int(match[1]):02d}"
    return str(known)


def _exists(year: int, month: int, day: int) -> bool:
    try:
        datetime.date(year, month, day)
    except ValueError:
        return False
    return True


@cache
def _months() -> dict[str, int]:
    """Number of the month by the first letters of its folded name; no two months share them."""
    table = rows("abbreviations/months.tsv")
    return {fold(row[c])[:_MONTH_KEY]: int(row["month"]) for row in table for c in ("kaz", "rus")}


def _day_text(date: str, language: str) -> str:
    parts = date.split("-")
    if len(parts) != 3:
        return ""
    row = rows("abbreviations/months.tsv")[int(parts[1]) - 1]
    return f"{int(parts[2])} {row.get(language) or row['rus']}"
