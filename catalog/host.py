"""The work that a part stands in: newspaper, journal or book, and the issues or volume of it.

RUSMARC and UNIMARC 461 (the work), 462 (its section), 463 (the issue or volume), by embedded fields
or plain subfields; MARC 21 773; ИРБИС 463; and a source that is written as text.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from types import MappingProxyType

from catalog.data import rows
from catalog.issue import Issue, page_range, parse_issue, year_of
from catalog.locate import Fields, Link, Located, Placed, column_of
from catalog.record import Record
from catalog.source_text import SourceText, is_source, parse_parts, parse_source, split_source
from language.fold import fold

Sources = Mapping[str, tuple[str, ...]]
_LEADER, _LEVEL = 24, 7
_WHOLE = "ms"
_LEVEL_OF_IRBIS = {"ASP": "a", "J": "s", "NJ": "m", "NJK": "m", "NJP": "m"}
_NO_ISSUE = Issue(None, None)
_PLAIN = {"title": "t", "place": "c", "publisher": "n", "date": "d", "number": "h", "volume": "v"}


@dataclass(frozen=True, slots=True)
class Unit:
    """One issue or volume: ``numbering`` as written, ``pages`` as figures («18-19») or text."""

    year: int | None = None
    numbering: str = ""
    issue: Issue = _NO_ISSUE
    pages: str | None = None


@dataclass(frozen=True, slots=True)
class Host:
    """The work; without a title the record has none. ``units`` in order, at least one.

    ``section`` is a series or part of the work that the unit belongs to (RUSMARC 462). ``text`` is
    the source as the record writes it, where it is text. ``sources``: the places that title, other,
    responsibility, place, publisher, issn, year, numbering and pages were read at.
    """

    title: str | None = None
    section: str | None = None
    other: str | None = None
    responsibility: str | None = None
    place: str | None = None
    publisher: str | None = None
    issn: str | None = None
    units: tuple[Unit, ...] = (Unit(),)
    text: str | None = None
    sources: Sources = field(default_factory=dict, compare=False)

    @property
    def unit(self) -> Unit:
        """The first issue or volume."""
        return self.units[0]


def level_of(record: Record, fields: Fields) -> str:
    """Return the bibliographic level (leader/7); in ИРБИС by the worksheet, 920; blank: unknown."""
    if record.format != "irbis":
        return record.leader.ljust(_LEADER)[_LEVEL]
    worksheet = next(iter(fields.values("920$a")), None)
    return _LEVEL_OF_IRBIS.get(worksheet.value.strip(), "m") if worksheet else " "


def read_host(record: Record, fields: Fields) -> Host:
    """Return the host of a record; an empty one where it names none.

    A note is taken for the source only of what may be a part: reviews of a book look alike.
    """
    read = {"marc21": _host_items, "irbis": _irbis}.get(record.format, _linked)
    host = read(fields)
    if host.title:
        return host
    whole = level_of(record, fields) in _WHOLE
    return _from_text(fields, record.format, notes=not whole) or host


class _Gathered:
    """Values of a host by name, the first of each kept, every place noted."""

    def __init__(self) -> None:
        self.values: dict[str, str] = {}
        self.places: dict[str, tuple[str, ...]] = {}

    def take(self, name: str, located: Located | None) -> str | None:
        if located is None:
            return None
        self.values.setdefault(name, located.value.strip())
        self.note(name, located.place)
        return located.value.strip()

    def note(self, name: str, *places: str) -> None:
        self.places[name] = (*self.places.get(name, ()), *places)

    def host(self, units: Iterable[Unit]) -> Host:
        known = {name: self.values.get(name) for name in _HOST_VALUES}
        return Host(**known, units=tuple(units) or (Unit(),), sources=MappingProxyType(self.places))


_IRBIS_WORK = (
    ("title", "c"),
    ("other", "e"),
    ("responsibility", "f"),
    ("issn", "i"),
    ("place", "d"),
    ("publisher", "g"),
)
_HOST_VALUES = ("title", "section", "other", "responsibility", "place", "publisher", "issn")


def _linked(fields: Fields) -> Host:
    tops, units = fields.links("461"), fields.links("463")
    if len(tops) > 1:  # printed again elsewhere: a host of its own, this description has one
        units = units[:1] if len(units) == len(tops) else units
        tops = tops[:1]
    got = _Gathered()
    named = (tops or units)[:1]
    for link in named:
        _work(got, link)
    for section in fields.links("462")[:1]:
        got.take("section", _value(section, "200", "a", "title"))
    year = _year(got, tops)
    read = [_unit(got, unit, titled=bool(tops), year=year, top=tops) for unit in units]
    if not units and tops:
        volume = _value(tops[0], "200", "v", "volume")
        text = got.take("numbering", volume) or ""
        read = [Unit(year, text, parse_issue(text, year))]
    return got.host(read)


def _work(got: _Gathered, link: Link) -> None:
    got.take("title", _value(link, "200", "a", "title"))
    for name, tag, code in (
        ("other", "200", "e"),
        ("responsibility", "200", "f"),
        ("issn", "011", "a"),
    ):
        got.take(name, link.first(tag, code))
    got.take("place", _value(link, "210", "a", "place"))
    got.take("publisher", _value(link, "210", "c", "publisher"))


def _value(link: Link, tag: str, code: str, name: str) -> Located | None:
    """An embedded subfield, or the plain one that says the same."""
    if link.plain is not None:
        return link.plain.first(_PLAIN[name])
    return link.first(tag, code)


def _year(got: _Gathered, links: list[Link]) -> int | None:
    for link in links:
        date = _value(link, "210", "d", "date")
        if date and year_of(date.value):
            got.note("year", date.place)
            return year_of(date.value)
    return None


def _unit(got: _Gathered, link: Link, *, titled: bool, year: int | None, top: list[Link]) -> Unit:
    """An issue; ``titled``: the work has its own field, so the title of this one is its number."""
    own = _year(got, [link]) or year
    numbers = [_value(link, "200", "h", "number")]
    if titled:
        numbers = [_value(link, "200", "a", "title"), *numbers]
        numbers += [_value(one, "200", "v", "volume") for one in top]
        numbers = [n for n in numbers if n and n.value.strip() != got.values.get("title")]
    pages, extent = _value(link, "200", "v", "volume"), link.first("215", "a")
    told = parse_parts(split_source(pages.value)) if pages else SourceText()
    if pages and told.numbering:
        numbers.append(Located(told.numbering, pages.place))
    page = told.pages or _figures(pages, told) or _pages_only(extent)
    used = pages if told.pages or _figures(pages, told) else extent
    if page and used:
        got.note("pages", used.place)
    text = _joined(got, numbers)
    return _made(text, own, page)


def _figures(pages: Located | None, told: SourceText) -> str | None:
    """Pages without a word before them, where nothing else is said."""
    return None if pages is None or told.numbering or told.year else page_range(pages.value)


def _pages_only(extent: Located | None) -> str | None:
    """Pages in the extent of the issue: «С. 5–9», not «225 с.»."""
    found = parse_parts([extent.value]).pages if extent else None
    return found if found and not found[0].isdigit() else None


def _joined(got: _Gathered, numbers: Iterable[Located | None]) -> str:
    kept: dict[str, None] = {}
    for number in numbers:
        if number and number.value.strip(" .,") not in kept:
            kept[number.value.strip(" .,")] = None
            got.note("numbering", number.place)
    return ", ".join(kept)


def _made(numbering: str, year: int | None, pages: str | None) -> Unit:
    issue = parse_issue(numbering, year) if numbering else Issue(None, str(year) if year else None)
    return Unit(year or year_of(issue.date), numbering, issue, page_range(pages) or pages)


def _host_items(fields: Fields) -> Host:
    """MARC 21 773: $t title, $d imprint, $g number, date, pages, $x ISSN; one for each issue."""
    got = _Gathered()
    units = []
    for item in _of_one_work(fields.data("773"), "t"):
        if not got.take("title", item.first("t")):
            continue
        got.take("issn", item.first("x"))
        units.append(_related(got, item))
    return got.host(units)


def _of_one_work(items: list[Placed], code: str) -> list[Placed]:
    """The fields of the first work named: what is printed again elsewhere has another title."""
    titles = [fold(item.text(code) or "") for item in items]
    first = next(filter(None, titles), "")
    return [item for item, title in zip(items, titles, strict=True) if title in ("", first)]


def _related(got: _Gathered, item: Placed) -> Unit:
    imprint, related = item.first("d"), list(item.all("g"))
    told = parse_parts([imprint.value.rstrip(". ")]) if imprint else SourceText()
    if imprint and (told.place or told.publisher):
        got.take("place", Located(told.place or "", imprint.place))
        if told.publisher:
            got.take("publisher", Located(told.publisher, imprint.place))
    parts = parse_parts([p for value in related for p in split_source(value.value)])
    year = told.year or (year_of(imprint.value) if imprint else None) or parts.year
    for name, said in (("numbering", parts.numbering), ("pages", parts.pages)):
        got.note(name, *(v.place for v in related if said))
    unit = _made(parts.numbering, year, parts.pages)
    if unit.year:
        got.note("year", imprint.place if imprint and told.year else f"{item.place}$g")
    return unit


def _irbis(fields: Fields) -> Host:
    """ИРБИС 463: ^V volume, ^H number or date, ^J year, ^S pages; of a volume its work in 461."""
    got = _Gathered()
    units = []
    for item in _of_one_work(fields.data("463") or fields.data("461"), "c"):
        for name, code in _IRBIS_WORK:
            got.take(name, item.first(code))
        if item.tag == "461":
            continue
        year, pages = item.first("j"), got.take("pages", item.first("s"))
        if year:
            got.note("year", year.place)
        text = _joined(got, [item.first("v"), item.first("h")])
        units.append(_made(text, year_of(year.value) if year else None, pages))
    return got.host(units)


def _from_text(fields: Fields, form: str, *, notes: bool) -> Host | None:
    """The source where it is text: in a link field without titles, a note, or behind « // »."""
    for located in fields.values(source_places(form)):
        behind_title = located.place[:3] in ("200", "245")
        asked = " // " in located.value if behind_title else notes
        if asked and is_source(located.value):
            return _host_of(parse_source(located.value), located)
    return None


@cache
def source_places(form: str) -> str:
    """Return the places of a format where a source as text is looked for: ``300$a 200$f``."""
    column = column_of(form)
    return next(r[column] for r in rows("isbd/view.tsv") if r["element"] == "source_text")


def _host_of(told: SourceText, located: Located) -> Host:
    unit = _made(told.numbering, told.year, told.pages)
    known = ("title", "responsibility", "place", "publisher", "year", "numbering", "pages")
    places = {name: (located.place,) for name in known if getattr(told, name)}
    return Host(
        title=told.title,
        responsibility=told.responsibility,
        place=told.place,
        publisher=told.publisher,
        units=(unit,),
        text=located.value.strip(),
        sources=MappingProxyType(places),
    )
