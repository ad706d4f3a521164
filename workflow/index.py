"""Index: search entries of records and pages, following every change that a reader could see."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice

from olketanu.progress import SILENT, Progress
from search.index.generations import Fault, IndexState, damaged, inspect_index
from search.index.writer import IndexStatus, IndexWriter
from search.schema import Entry
from store import changes
from store.catalogue import records
from store.catalogue.records import StoredRecord
from store.digitised import documents
from store.digitised import pages as page_rows
from workflow.entries import page_entries, page_key, record_entries, record_key
from workflow.library import Library
from workflow.touched import KINDS, Touched, touched_since

_PORTION = 500
"""Records that are in memory at once."""

_COUNTED = 500
"""Events that are looked at one by one where it is only asked how many things they touch."""


@dataclass(frozen=True, slots=True)
class IndexReport:
    """How the index stands to the catalogue.

    ``state`` is current, behind, stale or missing, ``fault`` says why it is stale. ``open`` and
    ``restricted`` count entries, ``size`` is bytes, ``seq`` the last event that it follows,
    ``behind`` how many documents and records have changed since; ``changed`` entries were written
    or removed by the call.
    """

    state: str
    fault: str
    engine: str
    generation: int
    open: int
    restricted: int
    size: int
    seq: int
    behind: int
    changed: int = 0

    def as_json(self) -> dict[str, object]:
        """As one JSON line."""
        return {
            "state": self.state,
            "fault": self.fault,
            "engine": self.engine,
            "generation": self.generation,
            "open": self.open,
            "restricted": self.restricted,
            "size": self.size,
            "seq": self.seq,
            "behind": self.behind,
            "changed": self.changed,
        }


def update_index(library: Library, progress: Progress = SILENT) -> int:
    """Bring the index up to the newest event; return how many entries were written or removed.

    An index that is missing, stale, or of another engine than the settings say is built anew.
    """
    status = _standing(library)
    if status.state is not IndexState.CURRENT:
        return rebuild_index(library, progress)
    today = _today()
    newest = changes.last_seq(library.store)
    touched = touched_since(library, status.high_water, status.day, today)
    if not touched:
        return 0
    work = _Update(library, touched, today, progress)
    writer = IndexWriter(library.home, library.settings.search.engine)
    writer.apply(work.entries(), work.deletions(), newest, today.isoformat())
    return work.done


def rebuild_index(library: Library, progress: Progress = SILENT) -> int:
    """Build a new generation from the whole catalogue; return the number of entries."""
    newest, today = changes.last_seq(library.store), _today()
    writer = IndexWriter(library.home, library.settings.search.engine)
    writer.rebuild(_all_entries(library, today, progress), newest, today.isoformat())
    status = writer.status()
    return status.open + status.restricted


def index_status(library: Library) -> IndexReport:
    """Return how the index stands to the catalogue."""
    status = _standing(library)
    behind = len(touched_since(library, status.high_water, status.day, _today()))
    is_behind = status.state is IndexState.CURRENT and behind
    return IndexReport(
        "behind" if is_behind else str(status.state),
        *(str(status.fault), status.engine, status.generation, status.open, status.restricted),
        *(status.size, status.high_water, behind),
    )


def index_lag(library: Library) -> int:
    """Return how many documents and records a search does not find as they are.

    At least 1 where there is no index that can be used. After an import, when many events wait,
    these are counted instead: that is quick, and nobody reads the difference.
    """
    status = _standing(library)
    events = changes.count_events(library.store, status.high_water, KINDS)
    if events <= _COUNTED:
        events = len(touched_since(library, status.high_water, status.day, _today()))
    return events if status.state is IndexState.CURRENT else max(events, 1)


@dataclass(frozen=True, slots=True)
class IndexVerified:
    """What reading every byte of the index came to.

    ``state`` is current, stale or missing, ``fault`` says why it is stale; ``files`` were read,
    those of ``damaged`` (paths in the generation) have changed since they were written.
    """

    state: str
    fault: str
    generation: int
    files: int
    damaged: tuple[str, ...]

    @property
    def is_well(self) -> bool:
        """Whether it may be searched, with every byte as it was written."""
        return self.state == IndexState.CURRENT

    def as_json(self) -> dict[str, object]:
        """As one JSON line."""
        return {
            "state": self.state,
            "fault": self.fault,
            "generation": self.generation,
            "files": self.files,
            "damaged": list(self.damaged),
        }


def verify_index(library: Library) -> IndexVerified:
    """Read every byte of the index in force."""
    standing = inspect_index(library.home.index)
    if standing.generation is None:
        return IndexVerified(str(standing.state), str(standing.fault), standing.number, 0, ())
    names = tuple(damaged(standing.generation))
    state, fault = (IndexState.STALE, Fault.BYTES) if names else (standing.state, Fault.NONE)
    files = len(standing.generation.manifest.files)
    return IndexVerified(str(state), str(fault), standing.number, files, names)


class _Update:
    """What an update writes: entries first, and then the keys of what is not there any more."""

    def __init__(
        self, library: Library, touched: Touched, today: datetime.date, progress: Progress
    ) -> None:
        self.done = 0
        self._library = library
        self._touched = touched
        self._today = today
        self._progress = progress
        self._written: set[str] = set()

    def entries(self) -> Iterator[Entry]:
        total = len(self._touched)
        for number, (document, pages) in enumerate(sorted(self._touched.documents.items())):
            self._progress.step("index", number, total, document)
            yield from self._noted(page_entries(self._library, document, self._today, pages))
        number = len(self._touched.documents)
        stored = records.get_records(self._library.store, self._touched.records)
        while portion := _portion(stored):
            self._progress.step("index", number, total, portion[0].id)
            yield from self._noted(record_entries(self._library, portion, self._today))
            number += len(portion)

    def deletions(self) -> Iterator[str]:
        for key in self._possible():
            if key not in self._written:
                self.done += 1
                yield key

    def _noted(self, entries: Iterator[Entry]) -> Iterator[Entry]:
        for entry in entries:
            self._written.add(entry.key)
            self.done += 1
            yield entry

    def _possible(self) -> Iterator[str]:
        for document, pages in sorted(self._touched.documents.items()):
            if pages is None:
                rows = page_rows.list_pages(self._library.store, document)
                yield from (page_key(document, page.key) for page in rows)
            else:
                yield from (page_key(document, page) for page in sorted(pages))
        yield from map(record_key, sorted(self._touched.records))


def _all_entries(library: Library, today: datetime.date, progress: Progress) -> Iterator[Entry]:
    found = documents.list_documents(library.store)
    total = len(found) + records.count_records(library.store)
    for number, document in enumerate(found):
        progress.step("index", number, total, document.id)
        yield from page_entries(library, document.id, today)
    number = len(found)
    stored = records.iterate_records(library.store)
    while portion := _portion(stored):
        progress.step("index", number, total, portion[0].id)
        yield from record_entries(library, portion, today)
        number += len(portion)


def _portion(stored: Iterator[StoredRecord]) -> list[StoredRecord]:
    return list(islice(stored, _PORTION))


def _standing(library: Library) -> IndexStatus:
    """The state of the index; of another engine than the settings name it is stale."""
    status = IndexWriter(library.home).status()
    if status.state is IndexState.CURRENT and status.engine != library.settings.search.engine:
        return replace(status, state=IndexState.STALE, fault=Fault.ENGINE)
    return status


def _today() -> datetime.date:
    return datetime.datetime.now(datetime.UTC).date()
