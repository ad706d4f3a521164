"""Dates and weekdays as Kazakh and Russian papers print them.

«17 қаңтар 1985», «1985 жылғы 17 қаңтар», «17 января 1985 года», «12.03.1985», «1985-01-17», and
month or year alone. The order of day and month in figures is day first.
"""

import datetime
import re
from dataclasses import dataclass

from language.letters import KAZAKH_ALPHABET

MONTHS_KK = (
    "қаңтар",
    "ақпан",
    "наурыз",
    "сәуір",
    "мамыр",
    "маусым",
    "шілде",
    "тамыз",
    "қыркүйек",
    "қазан",
    "қараша",
    "желтоқсан",
)
"""Kazakh months, January first."""

MONTHS_RU = (
    "январь",
    "февраль",
    "март",
    "апрель",
    "май",
    "июнь",
    "июль",
    "август",
    "сентябрь",
    "октябрь",
    "ноябрь",
    "декабрь",
)
"""Russian months in the nominative, January first."""

MONTHS_RU_GENITIVE = (
    "января",
    "февраля",
    "марта",
    "апреля",
    "мая",
    "июня",
    "июля",
    "августа",
    "сентября",
    "октября",
    "ноября",
    "декабря",
)
"""Russian months in the genitive, January first."""

WEEKDAYS_KK = (
    "дүйсенбі",
    "сейсенбі",
    "сәрсенбі",
    "бейсенбі",
    "жұма",
    "сенбі",
    "жексенбі",
)
"""Kazakh days of the week, Monday first."""

WEEKDAYS_RU = (
    "понедельник",
    "вторник",
    "среда",
    "четверг",
    "пятница",
    "суббота",
    "воскресенье",
)
"""Russian days of the week, Monday first."""

_WEEKDAYS_RU_CASES = {"среду": 2, "пятницу": 4, "субботу": 5, "воскресение": 6}


@dataclass(frozen=True, slots=True, order=True)
class PartialDate:
    """A date of which the month or day may be unknown (0); ``year`` is four figures."""

    year: int
    month: int = 0
    day: int = 0

    def __str__(self) -> str:
        """ISO 8601: ``1985``, ``1985-01`` or ``1985-01-17``."""
        parts = [f"{self.year:04d}"]
        if self.month:
            parts.append(f"{self.month:02d}")
            if self.day:
                parts.append(f"{self.day:02d}")
        return "-".join(parts)

    def weekday(self) -> int | None:
        """Return 0 (Monday) to 6, or None where the day is unknown."""
        if not self.day:
            return None
        return datetime.date(self.year, self.month, self.day).weekday()


@dataclass(frozen=True, slots=True)
class DateFound:
    """A date in a text: characters ``start`` to ``end`` (exclusive)."""

    date: PartialDate
    start: int
    end: int


def _month_numbers() -> dict[str, int]:
    numbers: dict[str, int] = {}
    for names in (MONTHS_KK, MONTHS_RU, MONTHS_RU_GENITIVE):
        numbers.update((name, number) for number, name in enumerate(names, 1))
    return numbers


_MONTHS = _month_numbers()
_LETTERS = f"[{KAZAKH_ALPHABET}]"
_MONTH_NAMES = "|".join(sorted(_MONTHS, key=len, reverse=True))
_CASES = "ның|нің|дың|дің|тың|тің|дағы|дегі|тағы|тегі|да|де|та|те|ында|інде|ы|і"
_MONTH = rf"(?P<month>{_MONTH_NAMES})(?:(?:{_CASES})(?!{_LETTERS}))?"
YEAR_WORDS = ("жылғы", "жылдың", "жылы", "жыл", "ж.", "года", "год", "г.")
"""What stands behind the figures of a year, the longer before what it begins with."""
_OF_YEAR = f"(?:{'|'.join(map(re.escape, YEAR_WORDS))})"
_YEAR = r"(?P<year>1[6-9]\d\d|20\d\d)"
_DAY = r"(?P<day>[0-3]?\d)"
_GAP = r"[ \t\u00a0]*"
_PATTERNS = tuple(
    re.compile(rf"(?<!\d)(?<!{_LETTERS})(?:{pattern})(?!\d)(?!{_LETTERS})", re.IGNORECASE)
    for pattern in (
        rf"{_YEAR}-(?P<month>0[1-9]|1[0-2])-(?P<day>[0-3]\d)",
        rf"{_DAY}\.{_GAP}(?P<month>0?[1-9]|1[0-2])\.{_GAP}{_YEAR}",
        rf"{_YEAR}{_GAP}{_OF_YEAR}?{_GAP},?{_GAP}{_DAY}[-–]?(?:{_GAP}|шы|ші){_GAP}{_MONTH}",
        rf"{_YEAR}{_GAP}{_OF_YEAR}{_GAP}{_MONTH}{_GAP}{_DAY}[-–](?:сы|сі|шы|ші|ы|і)",
        rf"{_DAY}(?:[-–]?(?:шы|ші|го|е))?{_GAP}{_MONTH}{_GAP},?{_GAP}{_YEAR}",
        rf"{_YEAR}{_GAP}{_OF_YEAR}{_GAP},?{_GAP}{_MONTH}",
        rf"{_MONTH}{_GAP},?{_GAP}{_YEAR}",
        _YEAR,
    )
)


def find_dates(text: str) -> list[DateFound]:
    """Return the dates in ``text`` in their order, the fullest reading of each place."""
    found: list[DateFound] = []
    taken: list[tuple[int, int]] = []
    for pattern in _PATTERNS:
        for match in pattern.finditer(text):
            start, end = match.span()
            if any(start < right and left < end for left, right in taken):
                continue
            taken.append((start, end))
            date = _date_of(match)
            if date is not None:
                found.append(DateFound(date, start, end))
    return sorted(found, key=lambda one: one.start)


def parse_date(text: str) -> PartialDate | None:
    """Return the first of the fullest dates in ``text``, or None; an impossible day is no date."""
    found = [one.date for one in find_dates(text)]
    return max(found, key=lambda date: bool(date.month) + bool(date.day), default=None)


def weekday_of(text: str) -> int | None:
    """Return the first day of the week named in ``text`` (0 Monday to 6 Sunday), or None."""
    for word in re.findall(r"[^\W\d_]+", text.lower()):
        if word in WEEKDAYS_KK:
            return WEEKDAYS_KK.index(word)
        if word in WEEKDAYS_RU:
            return WEEKDAYS_RU.index(word)
        if word in _WEEKDAYS_RU_CASES:
            return _WEEKDAYS_RU_CASES[word]
    return None


def _date_of(match: re.Match[str]) -> PartialDate | None:
    groups = match.groupdict()
    name = (groups.get("month") or "0").lower()
    month = int(name) if name.isdigit() else _MONTHS[name]
    day = int(groups.get("day") or 0)
    date = PartialDate(int(groups["year"]), month, day)
    if "day" not in groups:
        return date
    try:
        datetime.date(date.year, month, day)
    except ValueError:
        return None
    return date
