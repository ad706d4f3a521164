"""The masthead of a newspaper or journal: its title, the number and the date of the issue.

A date is taken only where it fills its line or stands beside a weekday; a weekday that does not fit
the date refuses it, since then one of the two was misread. Kazakh and Russian.
"""

import datetime
from collections.abc import Sequence

from catalog.drafting.draft import Element
from catalog.drafting.lines import PrintedLine, element, language_of, printed_lines, sentence_case
from catalog.issue import parse_issue
from language.dates import DateFound, find_dates, weekday_of
from pages.text import PageText

_TOP_SHARE = 0.25
_SAME_SIZE = 0.8
_FILLS = 0.5
_LEAST_LETTERS = 3
_ISO_LENGTH = len("2000-01-01")


def masthead_elements(pages: Sequence[tuple[str, PageText]]) -> tuple[Element, ...]:
    """Return ``host_title``, ``host_number``, ``host_date`` of the first page with a masthead.

    Without a region of that kind the top quarter of the first page is read, and its title is taken
    only where both number and date stand there too.
    """
    for key, page in pages[:2]:
        lines = [x for x in printed_lines([(key, page)]) if x.kind == "masthead"]
        if lines:
            return (*_title(lines), *_number(lines), *_date(lines))
    if not pages:
        return ()
    key, page = pages[0]
    limit = page.frame.height * _TOP_SHARE
    top = [line for line in printed_lines([(key, page)]) if line.box.bottom <= limit]
    number, date = _number(top), _date(top)
    return (*_title(top), *number, *date) if number and date else ()


def _title(lines: Sequence[PrintedLine]) -> list[Element]:
    named = [x for x in lines if sum(map(str.isalpha, x.text)) >= _LEAST_LETTERS and not _facts(x)]
    if not named:
        return []
    largest = max(line.letter_height for line in named)
    taken = [line for line in named if line.letter_height >= _SAME_SIZE * largest]
    text = sentence_case(" ".join(line.text for line in taken)).strip(" .«»")
    return [element("host_title", text, taken, "masthead-title", language_of(text, taken))]


def _facts(line: PrintedLine) -> bool:
    """Whether the line gives number or date and so is no title."""
    return parse_issue(line.text).number is not None or bool(find_dates(line.text))


def _number(lines: Sequence[PrintedLine]) -> list[Element]:
    for line in lines:
        number = parse_issue(line.text).number
        if number:
            return [element("host_number", number, [line], "masthead-number")]
    return []


def _date(lines: Sequence[PrintedLine]) -> list[Element]:
    candidates = [(found, line) for line in lines for found in find_dates(line.text)]
    candidates.sort(key=lambda c: -(bool(c[0].date.day) + bool(c[0].date.month)))
    for found, line in candidates:
        rule = _rule(found, line)
        if rule:
            return [element("host_date", str(found.date), [line], rule)]
    return _date_by_weekday(lines)


def _date_by_weekday(lines: Sequence[PrintedLine]) -> list[Element]:
    """A date whose month is spelled with other letters (10 казан) holds when its weekday does."""
    for line in lines:
        date = parse_issue(line.text).date
        named = weekday_of(line.text)
        if (
            date
            and len(date) == _ISO_LENGTH
            and named == datetime.date.fromisoformat(date).weekday()
        ):
            return [element("host_date", date, [line], "masthead-date-weekday")]
    return []


def _rule(found: DateFound, line: PrintedLine) -> str | None:
    """Name of the rule by which the date holds, or None where it does not."""
    if not found.date.month:
        return None
    named = weekday_of(line.text)
    actual = found.date.weekday()
    if named is not None and actual is not None:
        return "masthead-date-weekday" if named == actual else None
    number = parse_issue(line.text).number is not None
    dated = "".join(line.text[one.start : one.end] for one in find_dates(line.text))
    fills = sum(map(str.isalnum, dated)) >= _FILLS * sum(map(str.isalnum, line.text))
    return "masthead-date" if number or fills else None
