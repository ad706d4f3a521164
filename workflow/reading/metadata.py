"""What machines are told of a page: Dublin Core, the tags of Highwire Press, schema.org."""

from collections.abc import Iterator
from dataclasses import dataclass
from textwrap import shorten

from workflow.reading.description import Description

_TYPES = {
    "book": "Book",
    "book_part": "Chapter",
    "newspaper_article": "NewsArticle",
    "journal_article": "ScholarlyArticle",
    "analytic": "Article",
    "newspaper_issue": "PublicationIssue",
    "journal_issue": "PublicationIssue",
    "map": "Map",
    "photograph": "Photograph",
}
_HOSTS = {
    "newspaper_article": "Newspaper",
    "journal_article": "Periodical",
    "book_part": "Book",
    "newspaper_issue": "Newspaper",
    "journal_issue": "Periodical",
}
LONGEST_TOLD = 200
"""Characters; search engines and messengers show no more."""
_ARTICLES = ("newspaper_article", "journal_article", "analytic")


@dataclass(frozen=True, slots=True)
class Place:
    """Where the work is: its permanent address, and the addresses of files that anybody may have.

    ``pdf`` and ``cover`` are "" unless they are open to everybody.
    """

    address: str
    pdf: str = ""
    cover: str = ""


@dataclass(frozen=True, slots=True)
class Metadata:
    """``tags`` are name and content of meta elements, ``linked`` is an object of JSON-LD.

    ``told`` says in a sentence or two what it is, ``cover`` is the address of its picture or "".
    """

    tags: tuple[tuple[str, str], ...]
    linked: dict[str, object]
    told: str
    cover: str


def metadata_of(told: Description, place: Place) -> Metadata:
    """Return what the head of a page says of the work at ``place``."""
    tags = (*_dublin_core(told, place), *_highwire(told, place))
    said = told.work.summary or "".join(run.text for run in told.block.runs)
    return Metadata(
        tuple(tag for tag in tags if tag[1]),
        _linked(told, place),
        shorten(said, LONGEST_TOLD, placeholder="…"),
        place.cover,
    )


def _people(told: Description) -> tuple[str, ...]:
    return tuple(
        f"{one.family}, {one.given}" if one.given else one.family for one in told.work.authors
    )


def _dublin_core(told: Description, place: Place) -> Iterator[tuple[str, str]]:
    work = told.work
    yield "DC.title", told.title
    yield from (("DC.creator", name) for name in _people(told))
    yield "DC.date", told.date
    yield "DC.publisher", work.publisher or ""
    yield "DC.type", told.kind
    yield "DC.language", told.language
    yield "DC.source", work.host or ""
    yield from (("DC.subject", subject) for subject in work.subjects)
    yield "DC.identifier", place.address


def _highwire(told: Description, place: Place) -> Iterator[tuple[str, str]]:
    """As Google Scholar reads them; dates with slashes."""
    work = told.work
    first, _, last = (work.pages or "").partition("-")
    yield "citation_title", told.title
    yield from (("citation_author", name) for name in _people(told))
    yield "citation_publication_date", told.date.replace("-", "/")
    periodical = told.kind in _ARTICLES
    yield ("citation_journal_title" if periodical else "citation_inbook_title"), work.host or ""
    yield "citation_volume", work.volume or ""
    yield "citation_issue", work.number or ""
    yield "citation_firstpage", first
    yield "citation_lastpage", last
    yield "citation_publisher", work.publisher or ""
    yield "citation_isbn", work.isbn or ""
    yield "citation_issn", work.issn or ""
    yield "citation_language", told.language
    yield "citation_public_url", place.address
    yield "citation_pdf_url", place.pdf


def _linked(told: Description, place: Place) -> dict[str, object]:
    work = told.work
    members: dict[str, object] = {
        "@context": "https://schema.org",
        "@type": _TYPES.get(told.kind, "CreativeWork"),
        "@id": place.address,
        "url": place.address,
        "name": told.title,
        "author": [
            {"@type": "Organization" if one.is_body else "Person", "name": name}
            for one, name in zip(work.authors, _people(told), strict=True)
        ],
        "datePublished": told.date,
        "inLanguage": told.language,
        "publisher": {"@type": "Organization", "name": work.publisher} if work.publisher else "",
        "isbn": work.isbn,
        "issn": work.issn,
        "issueNumber": work.number if told.kind in ("newspaper_issue", "journal_issue") else None,
        "pagination": work.pages,
        "isPartOf": _host(told),
        "keywords": list(work.subjects),
        "abstract": work.summary,
        "thumbnailUrl": place.cover,
        "encoding": _encoding(place),
    }
    return {name: value for name, value in members.items() if value}


def _host(told: Description) -> dict[str, str] | None:
    if not told.work.host:
        return None
    return {"@type": _HOSTS.get(told.kind, "CreativeWork"), "name": told.work.host}


def _encoding(place: Place) -> dict[str, str] | None:
    if not place.pdf:
        return None
    kind = "application/pdf"
    return {"@type": "MediaObject", "contentUrl": place.pdf, "encodingFormat": kind}
