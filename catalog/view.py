"""A read-only bibliographic view of a record of any format: what search, matching and lists read.

RUSMARC and UNIMARC, MARC 21 and ИРБИС; where each element stands is the table
``corpora/isbd/view.tsv``, the host is read by :mod:`catalog.host`. ISBD punctuation at the ends of
subfields is taken off; nothing else is changed. Every value knows the place that it came from.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from types import MappingProxyType
from typing import Any

from stdnum import isbn as isbn_numbers

from catalog.data import document, rows
from catalog.host import Host, level_of, read_host
from catalog.issue import Issue, parse_issue, year_of
from catalog.locate import Fields, Placed, column_of
from catalog.part_kind import part_kind
from catalog.record import Record

_ISBD_MARKS = tuple("/:;,=")
_KIND_BY_TYPE = {"e": "map", "f": "map", "k": "photograph"}
_NAME_TAGS = {
    "marc21": ("100", "110", "111", "700", "710", "711"),
    "irbis": ("961", "700", "701", "702", "710", "711", "712"),
}
_RUSMARC_NAME_TAGS = ("700", "701", "702", "710", "711", "712")
_ONE = (
    "title",
    "other_title",
    "part_title",
    "responsibility",
    "issn",
    "publisher",
    "place",
    "edition",
    "volume",
    "extent",
    "summary",
    "medium",
)
_ALL = ("udc", "bbk", "parallel_titles", "series", "notes", "subjects", "places")
_DATE_LENGTH = 10
_YEAR_IN_008, _LANGUAGE_IN_008 = slice(7, 11), slice(35, 38)


@dataclass(frozen=True, slots=True)
class Name:
    """A person or body: ``text`` is the heading («Әуезов, М. О.»), ``role`` a MARC relator code.

    ``surname`` is the entry element; ``forenames`` are initials or full names, or None. ``place``
    is the field it came from (``700``, ``700[2]``).
    """

    surname: str
    forenames: str | None
    text: str
    role: str | None = None
    dates: str | None = None
    place: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class BibliographicView:
    """What a record says. ``date`` and ``host_date`` are ISO 8601, possibly partial (``1998``).

    ``sources`` gives for the name of each element (``title``, ``host_number`` …) the places that it
    was read at (:mod:`catalog.locate`). ``source_text`` is the source of an article where the
    record writes it as text.
    """

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
    parallel_titles: tuple[str, ...] = ()
    part_title: str | None = None
    series: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    summary: str | None = None
    medium: str | None = None
    subjects: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    source_text: str | None = None
    sources: Mapping[str, tuple[str, ...]] = field(default_factory=dict, compare=False)

    @property
    def language(self) -> str | None:
        """The first language, or None."""
        return self.languages[0] if self.languages else None


class _Seen:
    """The elements of the table found in a record, and the places of those that were used."""

    def __init__(self, fields: Fields, form: str) -> None:
        self.fields = fields
        self._found = {name: fields.values(spec) for name, spec in _specs(form)}
        self.sources: dict[str, tuple[str, ...]] = {}

    def one(self, name: str) -> str | None:
        """The first value, without ISBD marks at its end."""
        values = self.all(name)
        return values[0] if values else None

    def all(self, name: str) -> tuple[str, ...]:
        """Every value, without ISBD marks at its end."""
        if not self._found[name]:
            return ()
        cleaned = [(clean(found.value), found.place) for found in self._found[name]]
        self.note(name, [place for text, place in cleaned if text])
        return tuple(text for text, _ in cleaned if text)

    def written(self, name: str) -> tuple[str, ...]:
        """Every value as it is written: an address may end in any sign."""
        self.note(name, [found.place for found in self._found[name]])
        return tuple(found.value.strip() for found in self._found[name])

    def note(self, name: str, places: Iterable[str]) -> None:
        kept = tuple(places)
        if kept:
            self.sources[name] = kept


def view(record: Record) -> BibliographicView:
    """Return the view of ``record``; what the record does not say is None or empty."""
    fields = Fields(record)
    seen = _Seen(fields, record.format)
    host = read_host(record, fields)
    issue = host.unit.issue if host.title else _own_issue(seen)
    year = _year(seen, record) or host.unit.year
    names = tuple(_names(fields, record.format))
    _note_host(seen, host)
    seen.note("names", [name.place for name in names])
    plain: dict[str, Any] = {name: seen.one(name) for name in _ONE}
    plain |= {name: seen.all(name) for name in _ALL}
    plain["links"] = seen.written("links")
    plain["title"] = plain["title"] or ""
    plain["volume"] = plain["volume"] or issue.volume
    return BibliographicView(
        **plain,
        kind=_kind(record, fields, host, issue),
        control_number=_control_number(record, seen),
        names=names,
        year=year,
        date=issue.date or (str(year) if year else None),
        host_title=clean(host.title),
        host_number=issue.number,
        host_date=issue.date,
        host_year=host.unit.year,
        pages=host.unit.pages,
        languages=_languages(seen, record),
        isbn=_isbn(seen),
        source_text=host.text,
        sources=MappingProxyType(seen.sources),
    )


def title_of(record: Record) -> str:
    """Return the title of :func:`view`, and nothing else of it: for lists of many records."""
    found = Fields(record).values(dict(_specs(record.format))["title"])
    return next((title for one in found if (title := clean(one.value))), "")


def clean(text: str | None) -> str | None:
    """Return the text without an ISBD mark or blanks at its ends; None where nothing is left."""
    bare = (text or "").strip()
    return (bare[:-1].rstrip() if bare.endswith(_ISBD_MARKS) else bare) or None


@cache
def _specs(form: str) -> tuple[tuple[str, str], ...]:
    column = column_of(form)
    table = (row for row in rows("isbd/view.tsv") if row["element"] != "source_text")
    return tuple((row["element"], row[column]) for row in table)


def _own_issue(seen: _Seen) -> Issue:
    """Number and date of a record that is an issue itself (RUSMARC 200 $h, MARC 21 245 $n)."""
    number = seen.one("volume")
    if not number:
        return Issue(None, None)
    issue = parse_issue(number, year_of(seen.one("year")))
    for name, value in (("host_number", issue.number), ("host_date", issue.date)):
        seen.note(name, seen.sources["volume"] if value else ())
    return issue


def _note_host(seen: _Seen, host: Host) -> None:
    places = host.sources
    year = places.get("year") or places.get("numbering", ())
    for name, found in (
        ("host_title", places.get("title")),
        ("host_year", year if host.unit.year else ()),
        ("pages", places.get("pages") if host.unit.pages else ()),
        ("host_number", places.get("numbering") if host.unit.issue.number else ()),
        ("host_date", places.get("numbering") or year if host.unit.issue.date else ()),
    ):
        seen.note(name, found or ())


def _year(seen: _Seen, record: Record) -> int | None:
    own = year_of(seen.one("year"))
    fixed = seen.fields.control("008")
    if own is None and record.format == "marc21" and fixed:
        own = year_of(fixed.value[_YEAR_IN_008])
        seen.note("year", [fixed.place] if own else [])
    return own


def _languages(seen: _Seen, record: Record) -> tuple[str, ...]:
    languages = seen.all("languages")
    fixed = seen.fields.control("008")
    if languages or record.format != "marc21" or not fixed:
        return languages
    coded = fixed.value[_LANGUAGE_IN_008].strip(" |")
    seen.note("languages", [fixed.place] if coded else [])
    return (coded,) if coded else ()


def _control_number(record: Record, seen: _Seen) -> str | None:
    """001; in ИРБИС the record's code 903."""
    code = seen.fields.values("903$a") if record.format == "irbis" else ()
    return record.control_number or (code[0].value if code else None)


def _kind(record: Record, fields: Fields, host: Host, issue: Issue) -> str:
    leader, level = record.leader.ljust(24), level_of(record, fields)
    if leader[6] in _KIND_BY_TYPE:
        return _KIND_BY_TYPE[leader[6]]
    if level in "ab" or host.text or (host.title and level != "m"):
        return part_kind(record, fields, host, issue)
    if level == "s":
        return "journal_issue"
    if len(issue.date or "") == _DATE_LENGTH:
        return "newspaper_issue"
    return "journal_issue" if issue.number else "book"


def _isbn(seen: _Seen) -> tuple[str, ...]:
    """Valid numbers as 13 figures without hyphens; what is no number is left out."""
    values = (v.split(" ")[0] for v in seen.all("isbn"))
    good = (isbn_numbers.to_isbn13(v) for v in values if isbn_numbers.is_valid(v))
    return tuple(dict.fromkeys(isbn_numbers.compact(v) for v in good))


def _names(fields: Fields, form: str) -> Iterable[Name]:
    read = _heading if form == "marc21" else _split_name
    names = (read(placed) for placed in fields.data(*_NAME_TAGS.get(form, _RUSMARC_NAME_TAGS)))
    return (name for name in names if name.text)


def _split_name(placed: Placed) -> Name:
    surname = (placed.text("a") or "").strip()
    given = placed.text("g") or placed.text("b")
    code = (placed.text("4") or "").strip()
    role = _relators().get(code[:3], code) or None
    if placed.tag[1] == "1":
        body = ". ".join(filter(None, [surname, placed.text("b")]))
        return Name(body, None, body, role, placed.text("f"), placed.place)
    initials = placed.text("b") or given
    text = f"{surname}, {initials.strip()}" if initials else _numbered(surname, placed.text("d"))
    return Name(surname, given, text, role, placed.text("f"), placed.place)


def _numbered(name: str, numeral: str | None) -> str:
    """A name in direct order with its Roman numeral: «Николай II»."""
    return f"{name} {numeral.strip()}" if numeral else name


def _heading(placed: Placed) -> Name:
    text = clean(placed.text("a")) or ""
    role = placed.text("4") or placed.text("e")
    if placed.tag in ("110", "111", "710", "711"):
        whole = ". ".join(filter(None, [text.rstrip("."), clean(placed.text("b"))]))
        return Name(whole, None, whole, role, clean(placed.text("d")), placed.place)
    surname, _, rest = text.partition(",")
    given = (placed.text("q") or rest).strip("() ") or None
    text = text if rest else _numbered(text, clean(placed.text("b")))
    return Name(surname.strip(), given, text, role, clean(placed.text("d")), placed.place)


def _relators() -> Mapping[str, str]:
    found: Mapping[str, str] = document("crosswalk/rusmarc_marc21.json")["relators"]
    return found
