"""What the search index holds of a page and of a record.

A page has its own words, and is described by the record that it belongs to: filters and ranking
then work for both alike. Without a record the librarian's sheet describes it.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import chain

from catalog.catalogues import language_code
from catalog.drafting.sheet import sheet_elements
from catalog.rights import READER, is_open, may_read_record
from catalog.supplied_title import is_untitled
from catalog.udc.hierarchy import broader
from catalog.udc.table import load_table
from catalog.view import BibliographicView, view
from pages.text import Article
from pages.words import load_lines
from search.schema import Entry
from store.catalogue import links, records
from store.catalogue.records import StoredRecord
from store.digitised import articles, documents, rights
from store.digitised import pages as page_rows
from store.digitised.documents import Document
from store.digitised.pages import Page
from workflow.library import Library

_IN_FORCE = ("draft", "active")
_PAGES = re.compile(r"(\d+)(?:-(\d+))?")
_ISSUES = ("newspaper_issue", "journal_issue")


def page_entries(
    library: Library, document_id: str, today: date, only: Collection[str] | None = None
) -> Iterator[Entry]:
    """Yield an entry for every page that has text: of the document, or of its pages ``only``."""
    document = documents.get_document(library.store, document_id)
    described = _Described(library, document)
    public = is_open(rights.get_rights(library.store, document_id), today)
    for page in page_rows.list_pages(library.store, document_id):
        if only is not None and page.key not in only:
            continue
        path = library.home.words(document_id, page.key)
        if _name_of(library, document_id, page.key) not in document.files or not path.is_file():
            continue
        text, line_languages = load_lines(path.read_bytes())
        yield replace(
            described.page(page),
            text=text,
            line_languages=line_languages,
            languages=page.languages,
            public=public,
        )


def record_entry(stored: StoredRecord, document: Document | None, *, public: bool) -> Entry | None:
    """Return the entry of a record in force, ``document`` being its digital copy; else None.

    Whether it is ``public`` says ``catalog.rights.may_read_record``.
    """
    if stored.status not in _IN_FORCE:
        return None
    seen = view(stored.record)
    return replace(
        _of_record(stored, seen),
        key=record_key(stored.id),
        kind="record",
        document=document.id if document else "",
        notes=(*seen.notes, *((seen.summary,) if seen.summary else ())),
        text="\n".join(_said_beside(seen)),
        collections=_collections(document),
        languages=tuple(filter(None, map(language_code, seen.languages))),
        numbers=tuple(n for n in (*seen.isbn, seen.issn, seen.control_number) if n),
        public=public,
    )


def record_key(record: str) -> str:
    """Return the key of a record in the index."""
    return f"record/{record}"


def page_key(document: str, page: str) -> str:
    """Return the key of a page in the index."""
    return f"{document}/{page}"


def record_entries(
    library: Library, stored: Sequence[StoredRecord], today: date
) -> Iterator[Entry]:
    """Yield the entries of those of the records that are in force; ``public`` as of ``today``."""
    copies = links.copies_of(library.store, (one.id for one in stored))
    for one in stored:
        held = copies.get(one.id, ())
        document = documents.find_document(library.store, held[0]) if held else None
        known = (rights.get_rights(library.store, copy) for copy in held)
        public = may_read_record(READER, one.status, known, today)
        entry = record_entry(one, document, public=public)
        if entry is not None:
            yield entry


def _of_record(stored: StoredRecord, seen: BibliographicView) -> Entry:
    """What a record and the pages that belong to it have in common."""
    titles = (seen.other_title, seen.part_title, *seen.parallel_titles)
    return Entry(
        key="",
        kind="page",
        document="",
        page="",
        record=stored.id,
        title="" if is_untitled(seen.title) else seen.title,
        titles=tuple(title for title in titles if title),
        names=tuple(name.text for name in seen.names),
        subjects=(*seen.subjects, *seen.places, *_captions(seen.udc)),
        form=seen.kind,
        date=seen.host_date or seen.date or (str(seen.year) if seen.year else ""),
        catalogues=stored.catalogues,
        udc=tuple(chain.from_iterable(map(broader, seen.udc))),
    )


def _said_beside(seen: BibliographicView) -> Iterator[str]:
    """What is found, but ranks below titles, names, subjects and notes."""
    one = (seen.responsibility, seen.host_title, seen.host_number, seen.source_text)
    rest = (seen.publisher, seen.place, *seen.series, seen.edition)
    yield from (text for text in (*one, *rest) if text)


def _captions(udc: Sequence[str]) -> tuple[str, ...]:
    """What the numbers mean, in Kazakh and Russian, as far as the program's table knows."""
    rows = (load_table().nearest(number) for number in udc)
    captions = (caption for row in rows if row for caption in row.captions.values())
    return tuple(dict.fromkeys(captions))


def _collections(document: Document | None) -> tuple[str, ...]:
    sheet = document.manifest if document is not None and document.manifest else {}
    return (str(sheet["collection"]),) if sheet.get("collection") else ()


class _Described:
    """The entries of one document's pages but for their text."""

    def __init__(self, library: Library, document: Document) -> None:
        linked = links.list_links(library.store, document=document.id, status="accepted")
        stored = [records.get_record(library.store, link.record) for link in linked]
        self._records = [(one, view(one.record)) for one in stored if one.status in _IN_FORCE]
        self._document = document
        self._articles = articles.list_articles(library.store, document.id)
        self._sheet = _of_sheet(document)
        self._described: dict[str, Entry] = {}

    def page(self, page: Page) -> Entry:
        base = self._base(page)
        own = _titles_on(self._articles, page.key)
        return replace(
            base,
            key=page_key(self._document.id, page.key),
            document=self._document.id,
            page=page.key,
            title=base.title or self._document.title or "",
            titles=tuple(dict.fromkeys((*base.titles, *own))),
            collections=_collections(self._document),
        )

    def _base(self, page: Page) -> Entry:
        """What describes the page, made once for all pages that share it."""
        found = self._record_of(page)
        if found is None:
            return self._sheet
        stored, seen = found
        if stored.id not in self._described:
            self._described[stored.id] = _of_record(stored, seen)
        return self._described[stored.id]

    def _record_of(self, page: Page) -> tuple[StoredRecord, BibliographicView] | None:
        """The record that a page belongs to.

        Where articles of an issue have records of their own, it is the one article that is printed
        on this page; where there are several, the issue, or the first of them.
        """
        if len(self._records) < 2:
            return self._records[0] if self._records else None
        issues = [one for one in self._records if one[1].kind in _ISSUES]
        parts = [one for one in self._records if one not in issues and _covers(one[1], page.label)]
        if len(parts) == 1:
            return parts[0]
        return (issues or parts or self._records)[0]


def _covers(seen: BibliographicView, label: str | None) -> bool:
    """Whether a part is printed on the page of this number."""
    if not label or not label.isdigit():
        return False
    return any(
        int(first) <= int(label) <= int(last or first)
        for first, last in _PAGES.findall(seen.pages or "")
    )


def _titles_on(found: Sequence[Article], page: str) -> tuple[str, ...]:
    return tuple(one.title for one in found if one.title and page in one.pages)


def _of_sheet(document: Document) -> Entry:
    """What the librarian's sheet says of a document."""
    said = _elements(document.manifest or {})
    return Entry(
        key="",
        kind="page",
        document="",
        page="",
        record="",
        title=document.title or "",
        names=said.get("author", ()),
        subjects=_captions(said.get("udc", ())),
        form=document.kind,
        date=next(iter((*said.get("host_date", ()), *said.get("year", ()))), ""),
        udc=tuple(chain.from_iterable(map(broader, said.get("udc", ())))),
    )


def _elements(sheet: Mapping[str, object]) -> dict[str, tuple[str, ...]]:
    said: dict[str, tuple[str, ...]] = {}
    for element in sheet_elements(sheet):
        said[element.name] = (*said.get(element.name, ()), element.value)
    return said


def _name_of(library: Library, document: str, page: str) -> str:
    """How the row of a document names the words of a page."""
    path = library.home.words(document, page)
    return path.relative_to(library.home.document(document)).as_posix()
