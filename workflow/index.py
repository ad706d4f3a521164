"""Index: search entries of records and pages, following every change that a reader could see."""

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from catalog.rights import is_open
from catalog.view import BibliographicView, view
from pages.words import load
from search.index.writer import IndexWriter
from search.schema import Entry
from store import changes
from store.catalogue import links, records
from store.changes import Event
from store.digitised import documents, rights
from store.digitised import pages as page_rows
from workflow.library import Library

_DOCUMENT_EVENTS = ("document.", "page.", "rights.")
_RECORD_EVENTS = ("record.",)
_LINK_EVENTS = ("link.",)


@dataclass(frozen=True, slots=True)
class IndexReport:
    """How the index stands to the catalogue: ``state`` is current, behind, stale or missing."""

    state: str
    generation: int
    open: int
    restricted: int
    seq: int
    behind: int

    def as_json(self) -> dict[str, object]:
        """As one JSON line."""
        return {
            "state": self.state,
            "generation": self.generation,
            "open": self.open,
            "restricted": self.restricted,
            "seq": self.seq,
            "behind": self.behind,
        }


def update_index(library: Library) -> int:
    """Bring the index up to the newest event; return how many entries were written or removed."""
    writer = IndexWriter(library.home)
    status = writer.status()
    if status.state in ("stale", "missing"):
        return rebuild_index(library)
    newest = changes.last_seq(library.store)
    events = changes.events_since(library.store, status.high_water)
    touched_documents, touched_records = _touched(library, events)
    entries = [e for d in sorted(touched_documents) for e in document_entries(library, d)]
    entries += [e for r in sorted(touched_records) for e in record_entries(library, r)]
    written = {entry.key for entry in entries}
    keys = _possible_keys(library, touched_documents, touched_records)
    if keys:
        writer.apply(entries, sorted(keys - written), newest)
    return len(keys)


def rebuild_index(library: Library) -> int:
    """Build a new generation from the whole catalogue; return the number of entries."""
    newest = changes.last_seq(library.store)
    IndexWriter(library.home).rebuild(_all_entries(library), newest)
    status = IndexWriter(library.home).status()
    return status.open + status.restricted


def index_status(library: Library) -> IndexReport:
    """Return how the index stands to the catalogue."""
    status = IndexWriter(library.home).status()
    waiting = changes.events_since(library.store, status.high_water)
    documents_, records_ = _touched(library, waiting)
    behind = len(documents_) + len(records_)
    state = status.state if status.state != "current" or not behind else "behind"
    return IndexReport(
        state, status.generation, status.open, status.restricted, status.high_water, behind
    )


def document_entries(library: Library, document_id: str) -> Iterator[Entry]:
    """Return an entry for every page of the document that has text."""
    document = documents.get_document(library.store, document_id)
    folder = library.home.document(document_id)
    linked = links.list_links(library.store, document=document_id, status="accepted")
    record = records.get_record(library.store, linked[0].record) if linked else None
    seen = view(record.record) if record else None
    today = datetime.datetime.now(datetime.UTC).date()
    public = is_open(rights.get_rights(library.store, document_id), today)
    for page in page_rows.list_pages(library.store, document_id):
        path = library.home.words(document_id, page.key)
        if path.relative_to(folder).as_posix() not in document.files or not path.is_file():
            continue
        words = load(path.read_bytes())
        yield Entry(
            key=f"{document_id}/{page.key}",
            kind="page",
            document=document_id,
            page=page.key,
            record=record.id if record else "",
            title=(seen.title if seen else document.title) or document.name,
            names=tuple(name.text for name in seen.names) if seen else (),
            form=seen.kind if seen else "",
            date=_date(seen),
            text=words.text,
            line_languages=words.line_languages,
            languages=page.languages,
            public=public,
        )


def record_entries(library: Library, record_id: str) -> Iterator[Entry]:
    """Return the entry of a record in force; descriptions are public, texts may not be."""
    stored = records.get_record(library.store, record_id)
    if stored.status not in ("draft", "active"):
        return
    seen = view(stored.record)
    linked = links.list_links(library.store, record=record_id, status="accepted")
    yield Entry(
        key=f"record/{record_id}",
        kind="record",
        document=linked[0].document if linked else "",
        page="",
        record=record_id,
        title=seen.title or "",
        names=tuple(name.text for name in seen.names),
        subjects=(*seen.subjects, *seen.places),
        notes=(*seen.notes, *((seen.summary,) if seen.summary else ())),
        form=seen.kind,
        date=_date(seen),
        text="\n".join(t for t in (seen.other_title, seen.host_title, seen.publisher) if t),
        languages=seen.languages,
        udc=seen.udc,
        numbers=tuple(n for n in (*seen.isbn, seen.issn, seen.control_number) if n),
        public=True,
    )


def _date(seen: BibliographicView | None) -> str:
    if seen is None:
        return ""
    return seen.host_date or seen.date or (str(seen.year) if seen.year else "")


def _all_entries(library: Library) -> Iterator[Entry]:
    for document in documents.list_documents(library.store):
        yield from document_entries(library, document.id)
    for stored in records.iterate_records(library.store):
        yield from record_entries(library, stored.id)


def _possible_keys(library: Library, of_documents: set[str], of_records: set[str]) -> set[str]:
    """Keys that these documents and records may have in the index, written or to be taken out."""
    keys = {f"record/{record}" for record in of_records}
    for document in of_documents:
        rows = page_rows.list_pages(library.store, document)
        keys |= {f"{document}/{page.key}" for page in rows}
    return keys


def _touched(library: Library, events: Iterable[Event]) -> tuple[set[str], set[str]]:
    """Return (documents, records) whose entries the events may have changed."""
    touched_documents: set[str] = set()
    touched_records: set[str] = set()
    for event in events:
        if event.kind.startswith(_DOCUMENT_EVENTS):
            touched_documents.add(event.subject.split("/")[0])
        elif event.kind.startswith(_RECORD_EVENTS):
            touched_records.add(event.subject)
        elif event.kind.startswith(_LINK_EVENTS):
            link = links.get_link(library.store, event.subject)
            touched_documents.add(link.document)
            touched_records.add(link.record)
    for record in tuple(touched_records):
        linked = links.list_links(library.store, record=record, status="accepted")
        touched_documents.update(link.document for link in linked)
    return touched_documents, touched_records
