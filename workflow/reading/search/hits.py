"""A result as a reader sees it: what it is, where it stands, and the words that answer."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from catalog.catalogues import language_code
from catalog.drafting.sheet import sheet_elements
from catalog.isbd.words import html_language
from catalog.rights import is_open
from catalog.view import view
from language.identify import identify
from pages.text import Box
from search.engine import base as index
from search.results.highlight import Snippet
from store.catalogue import records
from store.digitised import documents
from store.digitised.pages import Page, get_page
from store.digitised.rights import get_rights
from workflow.find import FoundHit
from workflow.hits.told import element_label, told_elements
from workflow.library import Library
from workflow.reading.access import Visit
from workflow.reading.description import host_of

_LINE_HEIGHT = 40
"""Pixels of the screen that a line and its margins are shown high."""
_WIDEST = 640
_OTHERS, _COPIES = 6, 3
_UNKNOWN = "und"


@dataclass(frozen=True, slots=True)
class FoundPage:
    """A page: ``number`` counts the scans of its document from 1, ``label`` is the printed one."""

    document: str
    key: str
    number: int
    label: str


@dataclass(frozen=True, slots=True)
class Cut:
    """A piece of the page's image: its box in pixels of the frame, its size on the screen."""

    box: Box
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Said:
    """An element of the record that answers; ``label`` is "" where it has no name."""

    label: str
    text: Snippet


@dataclass(frozen=True, slots=True)
class Hit:
    """One result.

    ``page`` is "" for a record; ``document`` then names its digital copy, if any. ``language`` is a
    code (ISO 639-2) or ""; ``title_language`` and ``text_language`` are BCP 47 tags or "".
    ``limit`` is the code of the rights of its document where that is not open to everybody, else
    "". ``others`` are the next best pages of the same scan, ``more`` counts those beyond them;
    ``copies`` are the best pages of other scans of the same issue, article or book. ``folder`` is
    what staff knows a scan without a title by, "" for readers.
    """

    document: str
    page: FoundPage | None
    record: str
    title: Snippet
    title_language: str
    kind: str
    date: str
    source: str
    language: str
    text_language: str
    is_draft: bool
    limit: str
    snippet: Snippet
    said: tuple[Said, ...]
    cut: Cut | None
    others: tuple[FoundPage, ...]
    more: int
    copies: tuple[FoundPage, ...] = ()
    folder: str = ""


@dataclass(frozen=True, slots=True)
class _Work:
    """What is known of the work behind a hit."""

    source: str = ""
    language: str = ""
    is_draft: bool = False


def shown_hit(library: Library, found: FoundHit, visit: Visit) -> Hit:
    """Return a result as it is shown; it is one that the visitor may see."""
    hit = found.hit
    work = _of_record(library, hit.record) if hit.record else _of_sheet(library, hit.document)
    page = get_page(library.store, hit.document, hit.page) if hit.page else None
    language = next(iter(page.languages), "") if page else work.language
    here = [one for one in found.others if one.document == hit.document]
    elsewhere = {one.document: one for one in reversed(found.others) if one not in here}
    shown = _pages(library, here[:_OTHERS])
    known = work.language or _UNKNOWN
    return Hit(
        document=hit.document,
        page=_page(page) if page else None,
        record=hit.record,
        title=found.title,
        title_language="" if found.is_supplied else _tag(identify(found.title.text, known)),
        kind=hit.form,
        date=hit.date,
        source=work.source,
        language="" if language == _UNKNOWN else language,
        text_language=_tag(identify(found.snippet.text, language or _UNKNOWN)),
        is_draft=work.is_draft,
        limit=_limit(library, hit.document, visit.today) if hit.document else "",
        snippet=found.snippet,
        said=tuple(Said(element_label(one), one.snippet) for one in told_elements(found)),
        cut=_cut(found),
        others=shown,
        more=max(0, found.pages - 1 - len(found.others) + len(here) - len(shown)),
        copies=_pages(library, tuple(reversed(elsewhere.values()))[:_COPIES]),
        folder=_folder(library, found) if visit.is_staff else "",
    )


def _folder(library: Library, found: FoundHit) -> str:
    if not found.is_supplied:
        return ""
    return documents.get_document(library.store, found.hit.document).name


def _pages(library: Library, hits: Iterable[index.Hit]) -> tuple[FoundPage, ...]:
    return tuple(_page(get_page(library.store, one.document, one.page)) for one in hits)


def _page(page: Page) -> FoundPage:
    return FoundPage(page.document, page.key, page.position, page.label or "")


def _limit(library: Library, document: str, today: datetime.date) -> str:
    held = get_rights(library.store, document)
    if is_open(held, today):
        return ""
    return "closed" if held.code == "until" else held.code  # its term has ended


def _of_record(library: Library, identifier: str) -> _Work:
    stored = records.find_record(library.store, identifier)
    if stored is None:
        return _Work()
    seen = view(stored.record)
    host = host_of(seen.host_title or seen.source_text, seen.host_number)
    return _Work(host, language_code(seen.language), stored.status == "draft")


def _of_sheet(library: Library, identifier: str) -> _Work:
    document = documents.find_document(library.store, identifier)
    if document is None:
        return _Work()
    said = {one.name: one.value for one in sheet_elements(document.manifest or {})}
    host = host_of(said.get("host_title"), said.get("host_number"))
    return _Work(host, document.language or "")


def _tag(code: str) -> str:
    return "" if code == _UNKNOWN else html_language(code)


def _cut(found: FoundHit) -> Cut | None:
    box = found.line
    if box is None or not box.width or not box.height:
        return None
    width = min(_WIDEST, max(1, round(box.width * _LINE_HEIGHT / box.height)))
    return Cut(box, width, max(1, round(box.height * width / box.width)))
