"""A read-only bibliographic view of a record of any format: what search, matching and lists read.

RUSMARC and UNIMARC (200, 210, 461/463, 675, 7XX) and MARC 21 (245, 26X, 773, 080, 1XX/7XX). ISBD
punctuation at the ends of subfields is taken off; nothing else is changed.
"""

import re
from dataclasses import dataclass

from stdnum import isbn as isbn_numbers

from catalog.data import document
from catalog.issue import Issue, page_range, parse_issue, year_of
from catalog.record import ControlField, DataField, LinkField, Record

_UNIMARC = ("rusmarc", "unimarc", "irbis")
_ISBD_END = re.compile(r"\s*[/:;,=]\s*$|\s+$")
_KIND_BY_TYPE = {"e": "map", "f": "map", "k": "photograph"}
_DATE_LENGTH = 10
_NO_ISSUE = Issue(None, None)


@dataclass(frozen=True, slots=True)
class Name:
    """A person or body: ``text`` is the heading («Әуезов, М. О.»), ``role`` a MARC relator code.

    ``surname`` is the entry element; ``forenames`` are initials or full names, or None.
    """

    surname: str
    forenames: str | None
    text: str
    role: str | None = None
    dates: str | None = None


@dataclass(frozen=True, slots=True)
class BibliographicView:
    """What a record says. ``date`` and ``host_date`` are ISO 8601, possibly partial (``1998``)."""

    kind: str
    control_number: str | None
    title: str
    other_title: str | None
    responsibility: str | None
    names: tuple[Name, ...]
    year: int | None
    date: str | None
    host_title: str | None
    host_number: str | None
    host_date: str | None
    host_year: int | None
    pages: str | None
    languages: tuple[str, ...]
    isbn: tuple[str, ...]
    issn: str | None
    udc: tuple[str, ...]
    bbk: tuple[str, ...]
    publisher: str | None
    place: str | None
    edition: str | None
    volume: str | None
    extent: str | None
    links: tuple[str, ...]

    @property
    def language(self) -> str | None:
        """The first language, or None."""
        return self.languages[0] if self.languages else None


@dataclass(frozen=True, slots=True)
class _Host:
    """The work that a part stands in; ``issue`` is empty where there is none."""

    title: str | None = None
    year: int | None = None
    issue: Issue = _NO_ISSUE
    pages: str | None = None


def view(record: Record) -> BibliographicView:
    """Return the view of ``record``; what the record does not say is None or empty."""
    return _unimarc(record) if record.format in _UNIMARC else _marc21(record)


def _unimarc(record: Record) -> BibliographicView:
    host = _linked_host(record)
    year = year_of(record.first("210", "d")) or host.year
    languages = tuple(v for f in record.data("101") for v in f.all("a"))
    return BibliographicView(
        kind=_kind(record, host),
        control_number=record.control_number,
        title=_clean(record.first("200", "a")) or "",
        other_title=_clean(record.first("200", "e")),
        responsibility=_clean(record.first("200", "f")),
        names=tuple(_split_name(f) for f in record.data("700", "701", "702", "710", "711")),
        year=year,
        date=host.issue.date or (str(year) if year else None),
        host_title=host.title,
        host_number=host.issue.number,
        host_date=host.issue.date,
        host_year=host.year,
        pages=host.pages,
        languages=languages,
        isbn=_isbn(record, "010"),
        issn=record.first("011", "a"),
        udc=_all(record, "675"),
        bbk=tuple(
            v
            for f in record.data("686")
            if (f.first("2") or "").startswith("rubbk")
            for v in f.all("a")
        ),
        publisher=_clean(record.first("210", "c")),
        place=_clean(record.first("210", "a")),
        edition=_clean(record.first("205", "a")),
        volume=_clean(record.first("200", "v") or record.first("200", "h")) or host.issue.volume,
        extent=_clean(record.first("215", "a")),
        links=tuple(v for f in record.data("856") for v in f.all("u")),
    )


def _marc21(record: Record) -> BibliographicView:
    host = _host_item(record)
    fixed = _control(record, "008")
    own = record.first("264", "c") or record.first("260", "c") or fixed[7:11]
    year = year_of(own) or host.year
    languages = tuple(v for f in record.data("041") for v in f.all("a"))
    return BibliographicView(
        kind=_kind(record, host),
        control_number=record.control_number,
        title=_clean(record.first("245", "a")) or "",
        other_title=_clean(record.first("245", "b")),
        responsibility=_clean(record.first("245", "c")),
        names=tuple(_heading(f) for f in record.data("100", "110", "700", "710")),
        year=year,
        date=host.issue.date or (str(year) if year else None),
        host_title=host.title,
        host_number=host.issue.number,
        host_date=host.issue.date,
        host_year=host.year,
        pages=host.pages,
        languages=languages or tuple(filter(None, [fixed[35:38].strip()])),
        isbn=_isbn(record, "020"),
        issn=record.first("022", "a"),
        udc=_all(record, "080"),
        bbk=tuple(
            v
            for f in record.data("084")
            if (f.first("2") or "").startswith("rubbk")
            for v in f.all("a")
        ),
        publisher=_clean(record.first("264", "b") or record.first("260", "b")),
        place=_clean(record.first("264", "a") or record.first("260", "a")),
        edition=_clean(record.first("250", "a")),
        volume=_clean(record.first("245", "n")) or host.issue.volume,
        extent=_clean(record.first("300", "a")),
        links=tuple(v for f in record.data("856") for v in f.all("u")),
    )


def _linked_host(record: Record) -> _Host:
    """RUSMARC 461 (title as a whole) and 463 (the issue or volume), embedded or plain."""
    top, unit = _Embedded(record, "461"), _Embedded(record, "463")
    if not top.found and not unit.found:
        own = record.first("200", "h") or ""
        return _Host(issue=parse_issue(own, year_of(record.first("210", "d")))) if own else _Host()
    year = year_of(unit.get("210", "d")) or year_of(top.get("210", "d"))
    named = unit.get("200", "a") or ""
    title = top.get("200", "a") if top.found else named
    text = " ".join(filter(None, [named, unit.get("200", "h"), top.get("200", "v")]))
    issue = parse_issue(text if top.found else text.replace(named, "", 1), year)
    pages = page_range(unit.get("200", "v") or unit.get("215", "a"))
    return _Host(_clean(title), year or year_of(issue.date), issue, pages)


class _Embedded:
    """Reads a link field in either technique: $1 with embedded fields, or plain $t $v $d."""

    _PLAIN = {("200", "a"): "t", ("200", "v"): "v", ("210", "d"): "d", ("200", "h"): "h"}  # noqa: RUF012 - read only

    def __init__(self, record: Record, tag: str) -> None:
        self._field = next(iter(record.all(tag)), None)

    @property
    def found(self) -> bool:
        return self._field is not None

    def get(self, tag: str, code: str) -> str | None:
        if isinstance(self._field, LinkField):
            inner = self._field.embedded(tag)
            return inner.first(code) if isinstance(inner, DataField) else None
        plain = self._PLAIN.get((tag, code))
        if isinstance(self._field, DataField) and plain:
            return self._field.first(plain)
        return None


def _host_item(record: Record) -> _Host:
    """MARC 21 773: $t title, $d year, $g number, date and pages (one or several)."""
    field = next(record.data("773"), None)
    if field is None:
        own = record.first("245", "n") or ""
        year = year_of(record.first("264", "c") or record.first("260", "c"))
        return _Host(issue=parse_issue(own, year)) if own else _Host()
    related = field.all("g")
    year = year_of(field.first("d")) or year_of(" ".join(related))
    whole = ". – ".join(related)
    cut = re.search(r"(?:^|[.–—-]\s*)((?:[СБPСсб]|[Pp]p)\.\s*\d)", whole)
    issue = parse_issue(whole[: cut.start()] if cut else whole, year)
    pages = page_range(whole[cut.start(1) :]) if cut else None
    return _Host(_clean(field.first("t")), year or year_of(issue.date), issue, pages)


def _kind(record: Record, host: _Host) -> str:
    leader = record.leader.ljust(24)
    if leader[6] in _KIND_BY_TYPE:
        return _KIND_BY_TYPE[leader[6]]
    if leader[7] in "ab" or (host.title and leader[7] != "m"):
        return _part_kind(host)
    if leader[7] == "s":
        return "journal_issue"
    if host.issue.number or len(host.issue.date or "") == _DATE_LENGTH:
        return "newspaper_issue" if len(host.issue.date or "") == _DATE_LENGTH else "journal_issue"
    return "book"


def _part_kind(host: _Host) -> str:
    if len(host.issue.date or "") == _DATE_LENGTH:
        return "newspaper_article"
    return "journal_article" if host.issue.number else "book_part"


def _clean(text: str | None) -> str | None:
    return (_ISBD_END.sub("", text).strip() or None) if text else None


def _control(record: Record, tag: str) -> str:
    found = (f.data for f in record.fields if isinstance(f, ControlField) and f.tag == tag)
    return next(found, "").ljust(40)


def _all(record: Record, tag: str) -> tuple[str, ...]:
    return tuple(v for f in record.data(tag) for v in f.all("a"))


def _isbn(record: Record, tag: str) -> tuple[str, ...]:
    """Valid numbers as 13 figures without hyphens; what is no number is left out."""
    values = (v.split(" ")[0] for v in _all(record, tag))
    good = (isbn_numbers.to_isbn13(v) for v in values if isbn_numbers.is_valid(v))
    return tuple(dict.fromkeys(isbn_numbers.compact(v) for v in good))


def _split_name(field: DataField) -> Name:
    surname = field.first("a") or ""
    given = field.first("g") or field.first("b")
    text = f"{surname}, {field.first('b') or given}" if given else surname
    role = field.first("4") or ""
    relators = document("crosswalk/rusmarc_marc21.json")["relators"]
    return Name(surname, given, text, relators.get(role, role) or None, field.first("f"))


def _heading(field: DataField) -> Name:
    text = _clean(field.first("a")) or ""
    surname, _, rest = text.partition(",")
    given = field.first("q") or rest.strip()
    role = field.first("4") or field.first("e")
    return Name(surname.strip(), given.strip("() ") or None, text, role, _clean(field.first("d")))
