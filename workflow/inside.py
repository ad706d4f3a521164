"""Inside: every place of one document that answers a query, as staff or as a reader."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass, replace

from catalog.rights import READER, STAFF, may
from pages.words import load
from search.query.expand import Expansion
from search.query.filters import read_filters
from search.query.tree import Notice
from search.results.highlight import AnalysedPage, analyse_page
from search.results.inside import Inside, places_inside
from search.results.marks import Marker
from search.results.request import Request
from search.session import Session
from store.digitised import documents, rights
from store.digitised import pages as page_rows
from workflow.document.show import resolve
from workflow.library import Library

_MOST = 100_000
_NOWHERE = Inside((), 0)


@dataclass(frozen=True, slots=True)
class FoundInside:
    """The places of one document, page by page in the order of reading; ``title`` names it."""

    document: str
    title: str
    inside: Inside
    notices: tuple[Notice, ...] = ()
    expansions: tuple[Expansion, ...] = ()


def find_inside(
    library: Library, address: str, request: Request, *, role: str = "staff"
) -> FoundInside:
    """Return every place of the document (id or address) on the pages that answer the query.

    Of filters, window and order of the request nothing is asked. A reader finds nothing in a
    document that is not open.

    Raises:
        UsageError: ``error.unknown-document``. IndexStaleError: the index has to be rebuilt.
    """
    identifier = resolve(library, address)
    document = documents.get_document(library.store, identifier)
    actor = STAFF if role == "staff" else READER
    today = datetime.datetime.now(datetime.UTC).date()
    seen = may(actor, "search_text", rights.get_rights(library.store, identifier), today)
    asked = replace(
        request,
        filters=read_filters({"document": [identifier]}),
        restricted=seen,
        grouped=False,
        offset=0,
        limit=_MOST,
    )
    with Session(library.home) as session:
        answer = session.ask(asked)
    keys = {group.best.page for group in answer.groups if group.best.page and seen}
    inside = _NOWHERE
    if answer.asked is not None and keys:
        inside = places_inside(_pages(library, identifier, keys), Marker(answer.asked))
    title = document.title or document.name
    return FoundInside(identifier, title, inside, answer.notices, answer.expansions)


def _pages(library: Library, document: str, keys: set[str]) -> Iterator[tuple[str, AnalysedPage]]:
    """The pages of these keys with their words, in order; one that lost its file is passed over."""
    for page in page_rows.list_pages(library.store, document):
        path = library.home.words(document, page.key)
        if page.key in keys and path.is_file():
            yield page.key, analyse_page(load(path.read_bytes()))
