"""Whether two records describe one thing: plain rules with reasons, no learned weights.

Points say how much agrees, for the order of a queue; the verdict follows from rules alone, so that
it can be told in words. A veto (another volume, another issue …) always decides.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from rapidfuzz import fuzz

from catalog.dedup.description import PARTS, Description, block_keys, describe, is_recurring
from catalog.reason import Reason

__all__ = ["Comparison", "Description", "Verdict", "block_keys", "compare", "describe"]

Verdict = Literal["same", "likely", "different"]

_NEAR = 90.0
_CLOSE = 75.0
_NEAR_NAME = 80.0
_NEAR_HOST = 85.0
_OTHER_HOST = 60.0
_YEAR_GAP = 1
_FULL_DATE = len("2000-01-01")
_POINTS = {
    "isbn-equal": 50,
    "title-equal": 35,
    "title-near": 28,
    "title-close": 15,
    "author-equal": 20,
    "year-equal": 15,
    "year-near": 5,
    "host-equal": 15,
    "number-equal": 15,
    "date-equal": 15,
    "pages-equal": 10,
    "publisher-equal": 5,
    "authors-differ": -20,
    "isbn-differs": -10,
    "recurring-title": -20,
}
_TITLES = frozenset({"title-equal", "title-near"})
_ISSUE = frozenset({"number-equal", "date-equal"})


@dataclass(frozen=True, slots=True)
class Comparison:
    """``score`` 0 to 100 is the sum of the points of ``reasons``; a veto makes ``different``.

    ``reasons`` speak for the pair, and with the codes ``authors-differ``, ``isbn-differs`` and
    ``recurring-title`` against it.
    """

    score: int
    verdict: Verdict
    reasons: tuple[Reason, ...]
    vetoes: tuple[Reason, ...]


def compare(a: Description, b: Description) -> Comparison:
    """Return how much ``a`` and ``b`` agree; the order of the two changes only facts' sides."""
    reasons = (*_title_reasons(a, b), *_name_reasons(a, b), *_issue_reasons(a, b))
    codes = frozenset(reason.code for reason in reasons)
    vetoes = (*_work_vetoes(a, b, codes), *_issue_vetoes(a, b, codes))
    score = max(0, min(100, sum(_POINTS[code] for code in codes)))
    return Comparison(score, "different" if vetoes else _verdict(a, b, codes), reasons, vetoes)


def _verdict(a: Description, b: Description, codes: frozenset[str]) -> Verdict:
    if a.is_issue or b.is_issue:
        return _issue_verdict(codes)
    if "isbn-equal" in codes and not (a.is_part or b.is_part):
        sure = codes & _TITLES and "authors-differ" not in codes and a.volume == b.volume
        return "same" if sure else "likely"
    if a.is_part or b.is_part:
        return _part_verdict(codes)
    return _book_verdict(codes, a.volume == b.volume)


def _issue_verdict(codes: frozenset[str]) -> Verdict:
    if "host-equal" not in codes:
        return "different"
    if codes >= _ISSUE:
        return "same"
    return "likely" if codes & _ISSUE else "different"


def _part_verdict(codes: frozenset[str]) -> Verdict:
    in_host = "host-equal" in codes
    placed = in_host and bool(codes & _ISSUE)
    if "recurring-title" in codes:
        known = placed and codes & {"author-equal", "pages-equal"}
        return "likely" if known else "different"
    if not codes & _TITLES:
        helped = "title-close" in codes and placed and "authors-differ" not in codes
        return "likely" if helped and codes & {"author-equal", "pages-equal"} else "different"
    if placed and "authors-differ" not in codes:
        return "same"
    helped = in_host or "author-equal" in codes
    return "likely" if helped or _year_alone(codes) else "different"


def _book_verdict(codes: frozenset[str], one_volume: bool) -> Verdict:
    both = codes >= {"author-equal", "year-equal"}
    if "recurring-title" in codes:
        return "likely" if both else "different"
    if not codes & _TITLES:
        return "likely" if "title-close" in codes and both else "different"
    if both and one_volume and "isbn-differs" not in codes:
        return "same"
    return "likely" if "author-equal" in codes or _year_alone(codes) else "different"


def _year_alone(codes: frozenset[str]) -> bool:
    """The year stands for the author only where the authors do not contradict."""
    return bool(codes & {"year-equal", "year-near"}) and "authors-differ" not in codes


def _title_reasons(a: Description, b: Description) -> Iterator[Reason]:
    common = sorted(a.isbn & b.isbn)
    if common:
        yield Reason("isbn-equal", {"isbn": common[0]})
    elif a.isbn and b.isbn:
        yield Reason("isbn-differs", {"a": min(a.isbn), "b": min(b.isbn)})
    if not a.title or not b.title:
        return
    likeness = _title_likeness(a, b)
    facts = {"a": a.written, "b": b.written}
    if a.title == b.title:
        yield Reason("title-equal", {"title": a.written})
    elif likeness >= _NEAR:
        yield Reason("title-near", facts)
    elif likeness >= _CLOSE:
        yield Reason("title-close", facts)
    if likeness >= _CLOSE and (is_recurring(a) or is_recurring(b)):
        yield Reason("recurring-title", {"title": a.written if is_recurring(a) else b.written})


def _name_reasons(a: Description, b: Description) -> Iterator[Reason]:
    if a.authors and b.authors:
        shared = [x for x in a.authors if any(fuzz.ratio(x, y) >= _NEAR_NAME for y in b.authors)]
        if shared:
            yield Reason("author-equal", {"author": a.as_written(shared[0])})
        else:
            facts = {"a": _authors(a), "b": _authors(b)}
            yield Reason("authors-differ", facts)
    if a.year and b.year and abs(a.year - b.year) <= _YEAR_GAP:
        yield Reason("year-equal" if a.year == b.year else "year-near", {"a": a.year, "b": b.year})
    if a.publisher and b.publisher and fuzz.ratio(a.publisher, b.publisher) >= _NEAR_HOST:
        yield Reason("publisher-equal", {"publisher": a.as_written(a.publisher)})


def _authors(description: Description) -> str:
    return ", ".join(map(description.as_written, description.authors))


def _issue_reasons(a: Description, b: Description) -> Iterator[Reason]:
    if a.host and b.host and fuzz.ratio(a.host, b.host) >= _NEAR_HOST:
        yield Reason("host-equal", {"host": a.as_written(a.host)})
    if a.number and b.number and _one_number(a.number, b.number):
        yield Reason("number-equal", {"number": max(a.number, b.number)})
    if a.date and a.date == b.date and len(a.date) == _FULL_DATE:
        yield Reason("date-equal", {"date": a.date})
    if a.pages and a.pages == b.pages:
        yield Reason("pages-equal", {"pages": a.pages})


def _work_vetoes(a: Description, b: Description, codes: frozenset[str]) -> Iterator[Reason]:
    families = {_family(a.kind), _family(b.kind)} - {None}
    if len(families) > 1:
        yield Reason("veto-kind", {"a": a.kind, "b": b.kind})
    if a.volume and b.volume and a.volume != b.volume:
        yield Reason("veto-volume", {"a": a.volume, "b": b.volume})
    if a.edition and b.edition and a.edition != b.edition:
        yield Reason("veto-edition", {"a": a.edition, "b": b.edition})
    if a.languages and b.languages and not a.languages & b.languages:
        yield Reason("veto-language", {"a": _listed(a.languages), "b": _listed(b.languages)})
    books = not any(one.is_part or one.is_issue for one in (a, b))
    if books and a.year and b.year and abs(a.year - b.year) > _YEAR_GAP:
        yield Reason("veto-year", {"a": a.year, "b": b.year})
    if "isbn-equal" not in codes and _figures_differ(a.title, b.title):
        yield Reason("veto-figures", {"a": a.written, "b": b.written})


def _issue_vetoes(a: Description, b: Description, codes: frozenset[str]) -> Iterator[Reason]:
    if not a.host or not b.host:
        return
    if "host-equal" not in codes:
        if fuzz.ratio(a.host, b.host) < _OTHER_HOST:
            yield Reason("veto-host", {"a": a.as_written(a.host), "b": b.as_written(b.host)})
        return
    if a.number and b.number and not _one_number(a.number, b.number):
        yield Reason("veto-number", {"a": a.number, "b": b.number})
    if a.date and b.date and not _agree(a.date, b.date):
        yield Reason("veto-date", {"a": a.date, "b": b.date})


def _title_likeness(a: Description, b: Description) -> float:
    """0 to 100; a subtitle taken into the title of one record does not count."""
    whole = [" ".join(filter(None, (one.title, one.subtitle))) for one in (a, b)]
    pairs = ((a.title, b.title), (whole[0], whole[1]), (a.title, whole[1]), (whole[0], b.title))
    return max(_likeness(x, y) for x, y in pairs)


def _likeness(x: str, y: str) -> float:
    """Blanks are left out: recognition splits and joins words."""
    return fuzz.ratio(x.replace(" ", ""), y.replace(" ", ""))


def _figures_differ(x: str, y: str) -> bool:
    """Each title has a figure that the other lacks: school years, parts, anniversaries."""
    left, right = ({w for w in text.split() if w.isdigit()} for text in (x, y))
    return bool(left - right) and bool(right - left)


def _one_number(x: str, y: str) -> bool:
    """«41» and «41 (3027)» agree; the number in brackets counts where both have it."""
    (left, _, left_all), (right, _, right_all) = x.partition(" "), y.partition(" ")
    return left == right and (not left_all or not right_all or left_all == right_all)


def _agree(x: str, y: str) -> bool:
    """Partial dates agree as far as both are known."""
    return x.startswith(y) or y.startswith(x)


def _family(kind: str) -> str | None:
    """Kinds that may stand for one another; None may stand for anything (a card, other)."""
    families = {"book": "book", "map": "map", "photograph": "photograph"}
    if kind.endswith("_issue"):
        return "issue"
    return "part" if kind in PARTS else families.get(kind)


def _listed(values: frozenset[str]) -> str:
    return ", ".join(sorted(values))
