"""Find: a query to hits with snippets, as staff or as a reader."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass

from catalog.rights import CLOSED, READER, STAFF, Actor, may
from pages.words import load
from search.engine.base import Hit
from search.index.reader import search
from search.results.highlight import snippet
from store.digitised import rights
from workflow.library import Library


@dataclass(frozen=True, slots=True)
class FoundHit:
    """A hit with the words around it."""

    hit: Hit
    snippet: str

    @property
    def document(self) -> str:
        """Document id, empty for a record without a copy."""
        return self.hit.document

    @property
    def page(self) -> str:
        """Page key, empty for a record."""
        return self.hit.page

    @property
    def record(self) -> str:
        """Record id, or empty."""
        return self.hit.record

    @property
    def title(self) -> str:
        """Title as the hit list shows it."""
        return self.hit.title

    def as_json(self) -> dict[str, object]:
        """The ``search`` line of contracts."""
        return {
            "document": self.hit.document,
            "page": self.hit.page,
            "record": self.hit.record,
            "title": self.hit.title,
            "date": self.hit.date,
            "snippet": self.snippet,
            "score": round(self.hit.score, 4),
        }


@dataclass(frozen=True, slots=True)
class Notice:
    """Something the reader should know about how the query was understood."""

    key: str
    facts: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class FoundHits:
    """Best hits first, how many there are in all, and notices."""

    hits: tuple[FoundHit, ...]
    total: int
    notices: tuple[Notice, ...]


def find(library: Library, query: str, *, role: str, limit: int) -> FoundHits:
    """Search as ``role``: staff see the text of every document, readers of open ones only."""
    actor = STAFF if role == "staff" else READER
    today = datetime.datetime.now(datetime.UTC).date()
    everything = may(actor, "search_text", CLOSED, today)
    result = search(library.home, query, actor_sees_restricted=everything, limit=limit)
    # A term may have ended since the page was indexed, so each hit is asked for again.
    seen = [hit for hit in result.hits if _may_see(library, actor, hit, today)]
    hits = tuple(FoundHit(hit, _snippet(library, hit, query)) for hit in seen)
    notices = tuple(Notice(n.key, n.facts) for n in result.notices)
    return FoundHits(hits, result.total, notices)


def _may_see(library: Library, actor: Actor, hit: Hit, today: datetime.date) -> bool:
    if hit.kind != "page":
        return True  # descriptions are public
    return may(actor, "search_text", rights.get_rights(library.store, hit.document), today)


def _snippet(library: Library, hit: Hit, query: str) -> str:
    if hit.kind != "page":
        return ""
    path = library.home.words(hit.document, hit.page)
    if not path.is_file():
        return ""
    words = load(path.read_bytes())
    return snippet(words.text, query, line_languages=words.line_languages).text
