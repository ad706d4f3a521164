"""A date among the words of a query: whoever types one may look for what came out that day."""

from language.dates import YEAR_WORDS, DateFound, find_dates
from workflow.reading.search.question import Question

_NOT_BEFORE = (":", ".", "-", "/")  # of a field; a day that is none
_QUOTE = '"'


def asked_by_date(asked: Question, *, year_alone: bool) -> Question | None:
    """Return the question about the one date in the words of ``asked``, in place of those words.

    None where there is no date or more than one, where dates narrow the question already, and for
    a year that stands alone unless ``year_alone``: most often it is a word of the text.
    """
    if asked.since or asked.until:
        return None
    dates = find_dates(asked.q)
    if len(dates) != 1 or not _is_free(asked.q, dates[0]):
        return None
    found = dates[0]
    if not (found.date.month or year_alone):
        return None
    rest = _without(asked.q, found)
    day = str(found.date)
    where = asked.where or ("" if rest else "all")
    return asked.asking(q=rest, where=where, since=day, until=day)


def _is_free(query: str, found: DateFound) -> bool:
    """Whether the date is not the value of a field, nor part of a phrase or a longer number."""
    before = query[: found.start]
    return not before.endswith(_NOT_BEFORE) and before.count(_QUOTE) % 2 == 0


def _without(query: str, found: DateFound) -> str:
    """The other words; what says that it is a year goes with it."""
    words = query[found.end :].split()
    if words and words[0].rstrip(",") in YEAR_WORDS:
        words = words[1:]
    return " ".join([*query[: found.start].split(), *words]).strip(" ,")
