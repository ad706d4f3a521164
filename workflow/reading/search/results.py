"""The page of results: what was found for a question, and the questions that lead on from it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from search.query.tree import Notice
from search.results.highlight import Snippet
from search.results.request import Bucket, Facet
from search.session import Session
from workflow.find import FoundHits, find
from workflow.hits.told import notice_words, searched_beside, value_name
from workflow.library import Library
from workflow.reading.access import Visit
from workflow.reading.search.dated import asked_by_date
from workflow.reading.search.hits import Hit, shown_hit
from workflow.reading.search.question import LAST_PAGE, SHOWN, Question, Where, field_name
from workflow.reading.search.years import Bar, Years, years_of

_FACETS = ("language", "form", "catalogue")
_YEAR, _ENTRY = "year", "kind"
_CALLED = {"lang": "language", "kind": "kind", "catalogue": "catalogue"}
_TOP = 8
_MOST_WORDS = 8
_NOTICES = {"query.catalogue-only": "results.catalogue-only"}
"""Notices that tell staff what to do, and readers something else."""


@dataclass(frozen=True, slots=True)
class Value:
    """A value of a facet: ``turned`` asks with it, or without where ``is_chosen``."""

    code: str
    label: str
    count: int
    is_chosen: bool
    turned: Question


@dataclass(frozen=True, slots=True)
class Choices:
    """The values of one facet; ``called`` as consoles call it, ``more`` of them were left out."""

    called: str
    values: tuple[Value, ...]
    more: int


@dataclass(frozen=True, slots=True)
class Place:
    """Where to look: pages and descriptions, one of them alone; ``asked`` is the question there."""

    where: Where
    count: int
    is_chosen: bool
    asked: Question


@dataclass(frozen=True, slots=True)
class Period:
    """The years found: each bar with the question that it leads to."""

    years: Years
    bars: tuple[tuple[Bar, Question], ...]


@dataclass(frozen=True, slots=True)
class Told:
    """A sentence about the query; ``pointed`` is the query with the place in it, or None."""

    text: str
    pointed: Snippet | None = None


@dataclass(frozen=True, slots=True)
class Beside:
    """Words of one ``kind`` (name, former, ocr) that were searched beside what was typed."""

    kind: str
    words: tuple[str, ...]
    more: int


@dataclass(frozen=True, slots=True)
class Instead:
    """A query that finds more: as typed but for ``shown``'s marks."""

    asked: Question
    shown: Snippet
    total: int


@dataclass(frozen=True, slots=True)
class Dated:
    """A question by a date (ISO 8601, possibly partial), and how much it finds."""

    asked: Question
    date: str
    total: int


@dataclass(frozen=True, slots=True)
class Leafing:
    """Pages of results: the questions for the one before and the one behind, and for those about.

    ``is_cut``: there are more results than may be leafed through.
    """

    earlier: Question | None
    later: Question | None
    pages: tuple[Question, ...]
    first: int
    is_cut: bool


@dataclass(frozen=True, slots=True)
class Results:
    """``total`` counts pages and records, ``groups`` the results they make.

    ``dated`` is the same question by the date that its words hold, None where that finds nothing.
    ``dated`` asks by the date that the words of the question hold, None where that finds nothing.
    """

    asked: Question
    hits: tuple[Hit, ...] = ()
    total: int = 0
    groups: int = 0
    more_groups: bool = False
    facets: tuple[Choices, ...] = ()
    places: tuple[Place, ...] = ()
    period: Period | None = None
    notices: tuple[Told, ...] = ()
    beside: tuple[Beside, ...] = ()
    instead: tuple[Instead, ...] = ()
    dated: Dated | None = None
    leafing: Leafing | None = None


def results_of(library: Library, asked: Question, visit: Visit, session: Session) -> Results:
    """Return what a visitor finds and where it leads; an empty question finds nothing."""
    if asked.is_empty:
        return Results(asked, notices=tuple(_own_notices(asked)))
    request = asked.request((*_FACETS, _ENTRY, _YEAR), _TOP)
    found = find(library, request, actor=visit.actor, session=session)
    counted = {facet.name: facet for facet in found.facets}
    return Results(
        asked,
        hits=tuple(shown_hit(library, one, visit) for one in found.hits),
        total=found.total,
        groups=found.groups,
        more_groups=found.more_groups,
        facets=tuple(_choices(counted[name], asked) for name in _FACETS if name in counted),
        places=_places(counted.get(_ENTRY), asked),
        period=_period(counted.get(_YEAR), asked),
        notices=(*_own_notices(asked), *(_told(one, asked.q) for one in found.notices)),
        beside=tuple(_beside(found)),
        instead=tuple(_instead(found, asked)),
        dated=_dated(library, asked, visit, session, found.total),
        leafing=_leafing(found, asked),
    )


def _own_notices(asked: Question) -> Iterator[Told]:
    if asked.misread:
        yield _told(Notice("results.no-date", {"text": asked.misread}), "")


def _told(notice: Notice, query: str) -> Told:
    key = _NOTICES.get(notice.key, notice.key)
    start, end = notice.span
    pointed = Snippet(query, ((start, end),)) if start < end <= len(query) else None
    return Told(notice_words(Notice(key, notice.facts)), pointed)


def _choices(facet: Facet, asked: Question) -> Choices:
    name = field_name(facet.name)
    values = (_value(one, name, asked) for one in facet.buckets)
    return Choices(_CALLED[name], tuple(values), facet.more)


def _value(one: Bucket, name: str, asked: Question) -> Value:
    chosen, label = asked.has(name, one.value), called(name, one.value)
    return Value(one.value, label, one.count, chosen, asked.turned(name, one.value))


def called(name: str, code: str) -> str:
    """Return what a value is called; ``name`` is that of an address (lang, kind, catalogue)."""
    return value_name(_CALLED[name], code)


def _places(facet: Facet | None, asked: Question) -> tuple[Place, ...]:
    counts = {one.value: one.count for one in facet.buckets} if facet else {}
    everywhere: Where = "" if asked.q.strip() else "all"
    held: Sequence[tuple[Where, int]] = (
        (everywhere, sum(counts.values())),
        ("text", counts.get("page", 0)),
        ("catalogue", counts.get("record", 0)),
    )
    current: Where = asked.where if asked.where in ("text", "catalogue") else everywhere
    return tuple(
        Place(where, count, where == current, asked.asking(where=where)) for where, count in held
    )


def _period(facet: Facet | None, asked: Question) -> Period | None:
    years = years_of(facet.buckets) if facet else None
    if years is None:
        return None
    return Period(years, tuple((bar, asked.within(bar.first, bar.last)) for bar in years.bars))


def _beside(found: FoundHits) -> Iterator[Beside]:
    for kind, words in searched_beside(found.expansions).items():
        yield Beside(kind, words[:_MOST_WORDS], max(0, len(words) - _MOST_WORDS))


def _instead(found: FoundHits, asked: Question) -> Iterator[Instead]:
    for one in found.suggestions:
        marks, shift = [], 0
        for (start, end), word in sorted(one.changes):
            marks.append((start + shift, start + shift + len(word)))
            shift += len(word) - (end - start)
        yield Instead(asked.asking(q=one.query), Snippet(one.query, tuple(marks)), one.total)


def _dated(
    library: Library, asked: Question, visit: Visit, session: Session, total: int
) -> Dated | None:
    by_date = asked_by_date(asked, year_alone=not total)
    if by_date is None:
        return None
    request = replace(by_date.request((), 0), limit=1)
    found = find(library, request, actor=visit.actor, session=session).total
    return Dated(by_date, by_date.since, found) if found else None


def _leafing(found: FoundHits, asked: Question) -> Leafing | None:
    last = min(LAST_PAGE, -(-found.groups // SHOWN))
    if last <= 1 and asked.page == 1:
        return None
    at = asked.page

    def page(number: int) -> Question | None:
        return asked.asking(page=number) if 1 <= number <= last and number != at else None

    about = range(max(1, at - 3), min(last, at + 3) + 1)
    pages = tuple(asked.asking(page=number) for number in about)
    return Leafing(page(min(at - 1, last)), page(at + 1), pages, about.start, found.more_groups)
