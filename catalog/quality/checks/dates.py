"""Checks of dates and pages: four figures, not in the future, the same in both places."""

import re
from collections.abc import Iterator

from catalog.issue import year_of
from catalog.place import Place
from catalog.quality.finding import Hit
from catalog.quality.repair import Edit
from catalog.quality.rule import Rule
from catalog.quality.subject import Subject
from catalog.record import ControlField

_FIGURES = re.compile(r"\d+")
_EARLIEST = 1450  # before that nothing is printed
_RANGE = re.compile(r"(?<![\d/-])(\d{1,4})\s*[-–—]\s*(\d{1,4})(?![\d/-])")
_INEXACT = re.compile(r"\d{2,3}[-–—?]|\[")  # 19--, [198-?]
_FOUR = 4


def year(subject: Subject, rule: Rule) -> Iterator[Hit]:
    """Years after this one (``find``: future), or figures that make no year (``find``: shape)."""
    latest = subject.around.year + 1  # books are dated ahead
    for cell in subject.select(rule.select[subject.form]):
        numbers = _FIGURES.findall(cell.value)
        years = [int(n) for n in numbers if len(n) == _FOUR]
        if rule.params["find"] == "future":
            if any(found > latest for found in years):
                yield Hit(cell.place, {"value": cell.value})
        elif numbers and max(years, default=0) < _EARLIEST and not _INEXACT.search(cell.value):
            yield Hit(cell.place, {"value": cell.value})


def date_pair(subject: Subject, rule: Rule) -> Iterator[Hit]:
    """The coded year of a single date against that of the imprint (RUSMARC 100/9-12, 008/7-10).

    ``types`` are the types of date that have one year only.
    """
    if subject.form == "marc21":
        coded, base = _control(subject, "008"), 6
        place = Place("008")
    else:
        coded, base = subject.record.first("100", "a") or "", 8
        place = Place("100", 1, "a")
    kind, first = coded[base : base + 1], coded[base + 1 : base + 5]
    told = _imprint_year(subject)
    if kind not in rule.params["types"] or not kind or not first.isdecimal() or told is None:
        return
    if int(first) != told:
        facts = {"value": first, "meant": str(told)}
        yield Hit(place, facts, (Edit(place, first, str(told), base + 1),))


def issue_year(subject: Subject, _rule: Rule) -> Iterator[Hit]:
    """The year of the host against the full date that its number bears."""
    seen = subject.view
    if seen.host_date and seen.host_year and not seen.host_date.startswith(str(seen.host_year)):
        host = "773" if subject.form == "marc21" else "463"
        yield Hit(Place(host), {"value": str(seen.host_year), "meant": seen.host_date})


def page_range(subject: Subject, rule: Rule) -> Iterator[Hit]:
    """Pages that go backwards: С. 18–15. An abbreviated last page (298–9) is none."""
    for cell in subject.select(rule.select[subject.form]):
        for found in _RANGE.finditer(cell.value):
            first, last = found[1], found[2]
            if len(first) <= len(last) and int(first) > int(last):
                yield Hit(cell.place, {"value": found[0]})


def _imprint_year(subject: Subject) -> int | None:
    """The only year of the imprint; None where there is none or several."""
    tags = (("264", "c"), ("260", "c")) if subject.form == "marc21" else (("210", "d"),)
    texts = [v for tag, code in tags for f in subject.record.data(tag) for v in f.all(code)]
    years = {year_of(text) for text in texts}
    single = len(years) == 1 and not any(re.search(r"\d\s*[-–—/]|\?", text) for text in texts)
    return years.pop() if single else None


def _control(subject: Subject, tag: str) -> str:
    fields = subject.record.all(tag)
    return next((f.data for f in fields if isinstance(f, ControlField)), "")
