"""Works as RIS records (tags of two letters, lines ended by CR LF)."""

from collections.abc import Iterable, Iterator

from catalog.citation.work import Person, Work

_WHOLE_DATE = 3


def to_ris(works: Iterable[Work]) -> str:
    """Return the records, each from TY to ER; every value stands on one line."""
    return "".join(_record(work) for work in works)


def _record(work: Work) -> str:
    lines = (f"{tag}  - {' '.join(value.split())}\r\n" for tag, value in _tags(work) if value)
    return f"TY  - {work.type_in('ris')}\r\n{''.join(lines)}ER  - \r\n"


def _tags(work: Work) -> Iterator[tuple[str, str | None]]:
    yield "ID", work.key
    for tag, people in (("AU", work.authors), ("A2", work.editors), ("A4", work.translators)):
        yield from ((tag, _person(person)) for person in people)
    first, _, last = (work.pages or "").partition("-")
    yield "TI", work.title
    yield "T2", work.host or work.series
    yield "PY", str(work.year) if work.year else None
    yield "DA", _date(work.date)
    yield "VL", work.volume
    yield "IS", work.number
    yield "SP", first
    yield "EP", last
    yield "CY", work.place
    yield "PB", work.publisher
    yield "ET", work.edition
    yield "SN", work.isbn or work.issn
    yield "UR", work.url
    yield "LA", work.language
    yield "AB", work.summary
    yield from (("KW", subject) for subject in work.subjects)


def _person(person: Person) -> str:
    return f"{person.family}, {person.given}" if person.given else person.family


def _date(date: str | None) -> str | None:
    """«1998/10/10/» where the day is known; PY says the year already."""
    parts = (date or "").split("-")
    return "/".join(parts) + "/" if len(parts) == _WHOLE_DATE else None
