"""What a citation says of a work, whatever the format of the record and of the citation."""

from dataclasses import dataclass
from functools import cache

from catalog.data import rows
from catalog.isbd.document import Document, read_document
from catalog.isbd.line import Part, plain_text, tidy
from catalog.isbd.responsibility import authors, spaced
from catalog.isbd.style import Style
from catalog.isbd.title import title_area
from catalog.isbd.words import html_language
from catalog.record import Record, record_hash
from catalog.view import Name

_EDITORS = ("edt", "ред", "редактор", "editor")
_TRANSLATORS = ("trl", "пер", "переводчик", "translator")
_TITLE = ("title", "part_number", "part_title", "other")
_KEY_LENGTH = 8


@dataclass(frozen=True, slots=True)
class Person:
    """``family`` and ``given``; a body or a name in direct order has no ``given``."""

    family: str
    given: str | None = None
    is_body: bool = False


@dataclass(frozen=True, slots=True)
class Work:
    """A work to be cited. ``key`` names it in its file; ``date`` is ISO 8601, possibly partial.

    ``kind`` is a row of ``corpora/isbd/citation.tsv``; ``pages`` as «18-19»; ``language`` BCP 47 or
    None. What the record does not say is None or empty.
    """

    key: str
    kind: str
    title: str
    authors: tuple[Person, ...]
    editors: tuple[Person, ...]
    translators: tuple[Person, ...]
    host: str | None
    date: str | None
    year: int | None
    volume: str | None
    number: str | None
    pages: str | None
    place: str | None
    publisher: str | None
    edition: str | None
    series: str | None
    isbn: str | None
    issn: str | None
    url: str | None
    language: str | None
    summary: str | None
    subjects: tuple[str, ...]

    def type_in(self, form: str) -> str:
        """The type of the work in ``bibtex``, ``ris`` or ``csl``."""
        return _types()[self.kind, form]


def cited_work(record: Record, record_id: str = "") -> Work:
    """Return what a citation says; the key is the record's id, else made of its content."""
    document = read_document(record, Style())
    view, host = document.view, document.host
    part = document.is_part
    return Work(
        key=record_id or record_hash(record)[:_KEY_LENGTH],
        kind=_kind(document),
        title=_title(document),
        authors=tuple(_person(name) for name in authors(document)) or _bodies(document),
        editors=_with_role(document, _EDITORS),
        translators=_with_role(document, _TRANSLATORS),
        host=tidy(host.title or "") or None if part else None,
        date=view.date if part or view.kind == "newspaper_issue" else _plain(view.year),
        year=view.year,
        volume=tidy(host.unit.issue.volume or "") or None if part else view.volume,
        number=view.host_number,
        pages=view.pages if part else None,
        place=_clean(host.place if part else view.place),
        publisher=_clean(host.publisher if part else view.publisher),
        edition=_clean(view.edition),
        series=_clean(view.series[0]) if view.series else None,
        isbn=view.isbn[0] if view.isbn else None,
        issn=view.issn or host.issn,
        url=view.links[0] if view.links else None,
        language=html_language(document.coded) if document.coded != "und" else None,
        summary=_clean(view.summary),
        subjects=tuple(filter(None, map(tidy, view.subjects))),
    )


def _title(document: Document) -> str:
    """Title proper with number and title of the part, other information behind a colon."""
    parts = [part for part in title_area(document) if part.element in _TITLE]
    marked = (Part(": " if p.element == "other" else p.mark, p.text, p.element) for p in parts)
    return plain_text(marked)


def _kind(document: Document) -> str:
    kind = document.view.kind
    on_network = document.carrier == "electronic" and bool(document.view.links)
    return "electronic" if on_network and not document.is_part else kind


def _person(name: Name) -> Person:
    family, _, given = spaced(tidy(name.text)).partition(", ")
    return Person(family, tidy(name.forenames or given) or None)


def _bodies(document: Document) -> tuple[Person, ...]:
    """The bodies that answer for a work without authors."""
    tags = ("110", "111") if document.form == "marc21" else ("710",)
    named = (n for n in document.view.names if n.place[:3] in tags)
    return tuple(Person(tidy(n.text), None, is_body=True) for n in named)


def _with_role(document: Document, roles: tuple[str, ...]) -> tuple[Person, ...]:
    named = (n for n in document.view.names if (n.role or "").strip(" .").lower() in roles)
    return tuple(_person(name) for name in named)


def _clean(text: str | None) -> str | None:
    return tidy(text or "") or None


def _plain(year: int | None) -> str | None:
    return str(year) if year else None


@cache
def _types() -> dict[tuple[str, str], str]:
    forms = ("bibtex", "ris", "csl")
    return {(row["kind"], form): row[form] for row in rows("isbd/citation.tsv") for form in forms}
