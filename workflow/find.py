"""Find: a query to hits with snippets and marked words, as far as who asks may see them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import cache, partial

from catalog.rights import READER, STAFF, Actor
from pages.text import Box
from search.analysis import Token
from search.engine.base import Hit
from search.engine.wanted import Wanted
from search.index.generations import IndexUnusableError
from search.query.expand import Expansion
from search.query.tree import Notice
from search.results.complete import Completion
from search.results.cutting import hit_line
from search.results.highlight import (
    NOTHING_SHOWN,
    Element,
    Snippet,
    described_tokens,
    elements,
    mark_boxes,
    marked_title,
    snippet,
)
from search.results.marks import Marker
from search.results.request import FEW, Answer, Facet, Group, Request
from search.results.suggest import Suggestion, spelled, written
from search.schema import Entry
from search.session import Session
from store.catalogue import records
from store.digitised import documents
from workflow.catalogue_search import answer_from_catalogue
from workflow.entries import record_entries
from workflow.library import Library
from workflow.naming import document_title
from workflow.page_words import page_words
from workflow.seeing import Seer, seer_of


@dataclass(frozen=True, slots=True)
class FoundHit:
    """A result: the best hit of its group, with the words around it.

    ``title`` is marked as far as the query answers it; ``is_supplied``: it is no title that anybody
    gave, but made of what is known of the document. ``boxes`` holds one tuple a marked word of
    the page, its printed parts in pixels of the frame; ``frame`` is (width, height) of that.
    ``line`` is the piece of the page to show for it, None where no word of it is marked.
    ``elements`` are those of the record that answer. ``pages`` counts the pages found of the same
    issue, article or book, ``others`` names the next best of them.
    """

    hit: Hit
    score: float
    title: Snippet
    snippet: Snippet = NOTHING_SHOWN
    boxes: tuple[tuple[Box, ...], ...] = ()
    frame: tuple[int, int] = (0, 0)
    line: Box | None = None
    elements: tuple[Element, ...] = ()
    pages: int = 0
    others: tuple[Hit, ...] = ()
    is_supplied: bool = False


@dataclass(frozen=True, slots=True)
class FoundHits:
    """Best results first.

    ``total`` counts pages and records; ``groups`` the results among the best of them, all there are
    unless ``more_groups``. ``expansions`` tell what was asked for beside what was typed;
    ``suggestions`` are queries that find more, where this one finds little. ``asked`` is what the
    engine was asked of texts (None: nothing).
    """

    hits: tuple[FoundHit, ...]
    total: int
    groups: int = 0
    more_groups: bool = False
    facets: tuple[Facet, ...] = ()
    notices: tuple[Notice, ...] = ()
    expansions: tuple[Expansion, ...] = ()
    suggestions: tuple[Suggestion, ...] = ()
    asked: Wanted | None = None


def find(
    library: Library, request: Request, *, actor: Actor = STAFF, session: Session | None = None
) -> FoundHits:
    """Search for ``actor``: staff see the text of every document, readers of open ones only.

    Whether the restricted index is opened is decided here, whatever ``request`` says. ``session``
    is one that the caller keeps for many requests. Without an index that can be used the records of
    the catalogue are searched, and a notice says so; LockedError ``error.search-busy`` where
    another thread does that.
    """
    if session is None:
        with Session(library.home) as opened:
            return find(library, request, actor=actor, session=opened)
    seer = seer_of(actor)
    try:
        asked = seer.asked(library, request, session)
        answer = session.ask(asked)
    except IndexUnusableError:
        found = _found(library, seer, answer_from_catalogue(library, request, seer))
        return replace(found, expansions=_spelled_by(found, _Texts(library, seer)))
    found = _found(library, seer, answer)
    if answer.asked is None or answer.typed_total >= FEW:
        return found
    texts = _Texts(library, seer).words
    return replace(
        found,
        expansions=session.spelled(asked, found.expansions, texts),
        suggestions=session.suggest(asked, texts),
    )


def _spelled_by(found: FoundHits, texts: "_Texts") -> tuple[Expansion, ...]:
    """Return what was searched beside, misread words as the hits themselves write them."""
    held = [tuple(texts.words(one.hit)) for one in found.hits]
    return spelled(found.expansions, lambda form: written(form, held))


def _found(library: Library, seer: Seer, answer: Answer) -> FoundHits:
    # Rights may have changed since the page was indexed, so each document is asked for again.
    may_search = cache(partial(seer.may_search, library))
    may_read = cache(partial(seer.may_read, library))
    seen = [group for one in answer.groups if (group := _visible(one, may_search, may_read))]
    marker = Marker(answer.asked) if answer.asked is not None else None
    return FoundHits(
        tuple(_shown(library, seer, group, marker) for group in seen),
        answer.total,
        answer.group_total,
        answer.more_groups,
        answer.facets,
        answer.notices,
        answer.expansions,
        asked=answer.asked,
    )


def complete(
    library: Library, text: str, *, session: Session | None = None
) -> tuple[Completion, ...]:
    """Return what ``text`` may be the beginning of, in descriptions that everybody may read.

    Without an index that can be used, nothing.
    """
    if session is None:
        with Session(library.home) as opened:
            return complete(library, text, session=opened)
    try:
        seer = seer_of(READER)
        return session.complete(text, lambda hit: _entry(library, seer, hit.record))
    except IndexUnusableError:
        return ()


def _visible(
    group: Group, may_search: Callable[[str], bool], may_read: Callable[[str], bool]
) -> Group | None:
    """Return what of a group may be seen."""
    pages = tuple(hit for hit in group.pages if may_search(hit.document))
    record = group.record if group.record and may_read(group.record.record) else None
    held = [*pages, record] if record else [*pages]
    if not held:
        return None
    count = group.page_count - (len(group.pages) - len(pages))
    return replace(group, pages=pages, record=record, best=held[0], page_count=count)


def _shown(library: Library, seer: Seer, group: Group, marker: Marker | None) -> FoundHit:
    hit = group.best
    found = FoundHit(
        hit, group.score, Snippet(hit.title), pages=group.page_count, others=group.pages[1:]
    )
    if not hit.title and hit.document:
        document = documents.get_document(library.store, hit.document)
        told = document_title(library, document, reads=seer.may_search(library, document.id))
        found = replace(found, title=Snippet(told.text), is_supplied=told.is_supplied)
    if marker is not None and not found.is_supplied:
        found = replace(found, title=marked_title(found.title.text, marker))
    if group.record is not None and marker is not None:
        found = replace(found, elements=_elements(library, seer, group.record, marker))
    if hit.kind != "page":
        return found
    page = page_words(library.home, hit.document, hit.page)
    if page is None:
        return found
    marks = page.marks(marker) if marker is not None else []
    return replace(
        found,
        snippet=snippet(page.words.text, marks),
        boxes=mark_boxes(page.words, marks),
        frame=page.words.size,
        line=hit_line(page.words, marks),
    )


def _elements(library: Library, seer: Seer, hit: Hit, marker: Marker) -> tuple[Element, ...]:
    entry = _entry(library, seer, hit.record)
    return elements(entry, marker) if entry is not None else ()


def _entry(library: Library, seer: Seer, record: str) -> Entry | None:
    """Return what the index holds of a record that may be read; None where it is there no more."""
    stored = records.find_record(library.store, record)
    if stored is None or not seer.may_read(library, record):
        return None
    return next(record_entries(library, [stored], seer.today), None)


@dataclass(frozen=True, slots=True)
class _Texts:
    """The words of entries as far as ``seer`` may see them."""

    library: Library
    seer: Seer

    def words(self, hit: Hit) -> Iterable[Token]:
        """Return the words of a page or of a description."""
        if hit.kind != "page":
            entry = _entry(self.library, self.seer, hit.record)
            return described_tokens(entry) if entry is not None else ()
        if not self.seer.may_search(self.library, hit.document):
            return ()
        page = page_words(self.library.home, hit.document, hit.page)
        return page.tokens if page is not None else ()
