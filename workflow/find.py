"""Find: a query to hits with snippets and marked words, as staff or as a reader."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from catalog.rights import CLOSED, READER, STAFF, Actor, may
from pages.text import Box
from pages.words import load
from search.engine.base import Hit
from search.results.highlight import (
    NOTHING_SHOWN,
    AnalysedPage,
    Element,
    Snippet,
    analyse_page,
    elements,
    mark_boxes,
    marked_title,
    snippet,
)
from search.results.marks import Marker
from search.results.request import Facet, Group, Request
from search.session import Session
from store.catalogue import records
from store.digitised import rights
from workflow.entries import record_entries
from workflow.library import Library

_PAGES_KEPT = 128  # analysed pages in memory: about 20 MB


@dataclass(frozen=True, slots=True)
class FoundHit:
    """A result: the best hit of its group, with the words around it.

    ``title`` is marked as far as the query answers it. ``boxes`` holds one tuple a marked word of
    the page, its printed parts in pixels of the frame; ``frame`` is (width, height) of that.
    ``elements`` are those of the record that answer. ``pages`` counts the pages found of the same
    issue, article or book, ``others`` names the next best of them.
    """

    hit: Hit
    score: float
    title: Snippet
    snippet: Snippet = NOTHING_SHOWN
    boxes: tuple[tuple[Box, ...], ...] = ()
    frame: tuple[int, int] = (0, 0)
    elements: tuple[Element, ...] = ()
    pages: int = 0
    others: tuple[Hit, ...] = ()

    def as_json(self) -> dict[str, object]:
        """The ``search`` line of contracts."""
        return {
            "document": self.hit.document or None,
            "page": self.hit.page or None,
            "record": self.hit.record or None,
            "title": self.hit.title,
            "date": self.hit.date,
            "snippet": self.snippet.text,
            "score": round(self.score, 4),
        }


@dataclass(frozen=True, slots=True)
class Notice:
    """Something the reader should know about how the query was understood."""

    key: str
    facts: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class FoundHits:
    """Best results first.

    ``total`` counts pages and records; ``groups`` the results among the best of them, all there are
    unless ``more_groups``.
    """

    hits: tuple[FoundHit, ...]
    total: int
    groups: int = 0
    more_groups: bool = False
    facets: tuple[Facet, ...] = ()
    notices: tuple[Notice, ...] = ()


def find(
    library: Library, request: Request, *, role: str = "staff", session: Session | None = None
) -> FoundHits:
    """Search as ``role``: staff see the text of every document, readers of open ones only.

    Whether the restricted index is opened is decided here, whatever ``request`` says. ``session``
    is one that the caller keeps for many requests.

    Raises:
        IndexStaleError: the index has to be rebuilt.
    """
    actor = STAFF if role == "staff" else READER
    today = datetime.datetime.now(datetime.UTC).date()
    everything = may(actor, "search_text", CLOSED, today)
    asked = replace(request, restricted=everything)
    if session is None:
        with Session(library.home) as opened:
            answer = opened.ask(asked)
    else:
        answer = session.ask(asked)
    # A term may have ended since the page was indexed, so each hit is asked for again.
    seen = [group for one in answer.groups if (group := _visible(library, actor, one, today))]
    marker = Marker(answer.asked) if answer.asked is not None else None
    return FoundHits(
        tuple(_shown(library, group, marker) for group in seen),
        answer.total,
        answer.group_total,
        answer.more_groups,
        answer.facets,
        tuple(Notice(n.key, n.facts) for n in answer.notices),
    )


def _visible(library: Library, actor: Actor, group: Group, today: datetime.date) -> Group | None:
    """Return what of a group ``actor`` may see; descriptions are public, texts may not be."""
    pages = tuple(
        hit
        for hit in group.pages
        if may(actor, "search_text", rights.get_rights(library.store, hit.document), today)
    )
    held = [*pages, group.record] if group.record else [*pages]
    if not held:
        return None
    count = group.page_count - (len(group.pages) - len(pages))
    return replace(group, pages=pages, best=held[0], page_count=count)


def _shown(library: Library, group: Group, marker: Marker | None) -> FoundHit:
    hit = group.best
    title = marked_title(hit.title, marker) if marker is not None else Snippet(hit.title)
    found = FoundHit(hit, group.score, title, pages=group.page_count, others=group.pages[1:])
    if group.record is not None and marker is not None:
        found = replace(found, elements=_elements(library, group.record, marker))
    if hit.kind != "page":
        return found
    page = _page(library.home.words(hit.document, hit.page))
    if page is None:
        return found
    marks = page.marks(marker) if marker is not None else []
    return replace(
        found,
        snippet=snippet(page.words.text, marks),
        boxes=mark_boxes(page.words, marks),
        frame=page.words.size,
    )


def _elements(library: Library, hit: Hit, marker: Marker) -> tuple[Element, ...]:
    stored = records.find_record(library.store, hit.record)
    if stored is None:
        return ()  # taken out since it was indexed
    entries = record_entries(library, [stored])
    return tuple(one for entry in entries for one in elements(entry, marker))


def _page(path: Path) -> AnalysedPage | None:
    """Return the words of a page, None where the file is gone."""
    try:
        stat = path.stat()
        return _analysed(path, (stat.st_mtime_ns, stat.st_size, stat.st_ino))
    except FileNotFoundError:
        return None


@lru_cache(maxsize=_PAGES_KEPT)
def _analysed(path: Path, _stamp: tuple[int, int, int]) -> AnalysedPage:
    return analyse_page(load(path.read_bytes()))
