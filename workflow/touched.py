"""Which entries of the search index the journal has made old."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field

from store import changes
from store.catalogue import links
from store.changes import Event
from store.digitised import rights
from workflow.library import Library

_PORTION = 5000
_RECORD = frozenset(
    {"record.created", "record.changed", "record.status", "record.catalogue", "record.withdrawn"}
)
_WHOLE = frozenset({"document.updated", "document.articles"})
_LINK = frozenset({"link.accepted", "link.rejected", "link.reopened", "link.withdrawn"})
_PAGES = frozenset({"document.assembled", "page.recognised"})
_DESCRIBING = frozenset({"title", "kind", "manifest"})

KINDS = _RECORD | _WHOLE | _LINK | _PAGES | {"rights.set"}
"""Events that change what the index says; all others leave it as it is."""


@dataclass(frozen=True, slots=True)
class Touched:
    """Documents with their touched pages, None for all of them, and records, by id."""

    documents: Mapping[str, frozenset[str] | None] = field(default_factory=dict)
    records: frozenset[str] = frozenset()

    def __len__(self) -> int:
        """How many documents and records."""
        return len(self.documents) + len(self.records)


def touched_since(library: Library, seq: int, day: str, today: datetime.date) -> Touched:
    """Return what has changed after the event ``seq``, and whose term has ended since ``day``.

    ``day`` is ISO 8601, or empty where no rights were looked at. A changed record touches every
    page of its copies, a corrected page only itself and those whose words it changed. The rights of
    a document touch its records too: a draft is as public as its copies.
    """
    found = _Gathering()
    while events := changes.events_since(library.store, seq, KINDS, _PORTION):
        for event in events:
            found.add(event)
        seq = events[-1].seq
    for copies in links.copies_of(library.store, found.records).values():
        found.whole.update(copies)
    if day:
        first = datetime.date.fromisoformat(day)
        found.decided.update(rights.ended_between(library.store, first, today))
    found.whole |= found.decided
    found.records.update(links.records_of(library.store, found.decided))
    return found.touched()


class _Gathering:
    def __init__(self) -> None:
        self.whole: set[str] = set()
        self.decided: set[str] = set()  # documents whose rights are others now
        self.records: set[str] = set()
        self._pages: dict[str, set[str]] = {}

    def add(self, event: Event) -> None:
        document, _, page = event.subject.partition("/")
        if event.kind == "rights.set":
            self.decided.add(document)
        elif event.kind in _RECORD:
            self.records.add(event.subject)
        elif event.kind in _LINK:
            self.whole.add(str(event.data["document"]))
            self.records.add(str(event.data["record"]))
        elif event.kind == "page.recognised":
            self._pages.setdefault(document, set()).add(page)
        elif event.kind == "document.assembled" and "pages" in event.data:
            self._pages.setdefault(document, set()).update(event.data["pages"])
        elif event.kind != "document.updated" or _DESCRIBING & event.data.keys():
            self.whole.add(document)

    def touched(self) -> Touched:
        pages = {name: frozenset(keys) for name, keys in self._pages.items() if keys}
        return Touched(pages | dict.fromkeys(self.whole), frozenset(self.records))
