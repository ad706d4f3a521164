"""What doctor looks at: facts of a home's place and of its catalogue, gathered without a write."""

import contextlib
import os
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from olketanu.home import Home
from store import changes, jobs
from store.changes import Event
from store.clock import utc_now
from store.database import Store
from store.digitised import batches, documents
from store.digitised import pages as page_rows
from store.digitised.documents import Document
from store.disk import fixity, masters, owners
from store.disk.fixity import Look
from store.disk.space import MEGA, Disk, Mount, Space, disk_of, mount_of, space_of
from store.sidecars.journal import CURSOR
from workflow.doctor.backup import Backup, events_after, is_news, look_at_backup, unsaved_since
from workflow.index import index_status
from workflow.library import Library

SAMPLED = 20
"""Finished documents, the newest, whose files tell how much a page takes."""

MASTER_RATIO = 2.0
"""Derivatives to masters in bytes before the first document is done: the sample batch has 2.03."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a home stands and who is at work there.

    ``blocked`` is the first path of the home that this user may not write; ``memory`` is the
    machine's, in megabytes; both None where there is nothing to say.
    """

    home: str
    space: Space
    mount: Mount | None = None
    disk: Disk | None = None
    blocked: str | None = None
    memory: int | None = None
    dead_runs: int = 0
    live_runs: int = 0


@dataclass(frozen=True, slots=True)
class Told:
    """What a whole catalogue tells.

    Times are those of the journal; ``newest`` is of its last event, ``unsaved`` of the first one
    that is in no backup. ``needed`` is bytes that the open pages will take; ``index`` is the state
    of ``index status``; ``sidecars_behind`` counts events that no sidecar has yet.
    """

    now: str
    newest: str | None = None
    backup: Backup | None = None
    unsaved: str | None = None
    verified: str | None = None
    fixity: Mapping[str, int] = field(default_factory=dict)
    open_jobs: int = 0
    needed: int = 0
    refused: int = 0
    documents: int = 0
    index: str = "current"
    index_behind: int = 0
    sidecars_behind: int = 0


def look_at_place(home: Home) -> Place:
    """Look at disk, rights, memory and runs; OSError when the home is not there."""
    dead, live = _runs(home)
    return Place(
        home=str(home.root),
        space=space_of(home.root),
        mount=mount_of(home.root),
        disk=disk_of(home.root),
        blocked=next(_blocked(home), None),
        memory=_memory(),
        dead_runs=dead,
        live_runs=live,
    )


def look_at_catalogue(library: Library) -> Told:
    """Read what the catalogue tells; errors as of ``Store.rows``. It must be of this version."""
    store = library.store
    last = changes.last_seq(store)
    backup = look_at_backup(store)
    report = index_status(library)
    counts = jobs.count_jobs(store)
    looks = fixity.looks(store).values()
    return Told(
        now=utc_now(),
        newest=_time(changes.events_since(store, last - 1)),
        backup=backup,
        unsaved=unsaved_since(store, backup),
        verified=_verified(store, looks),
        fixity=Counter(look.state for look in looks),
        open_jobs=counts["new"] + counts["running"],
        needed=_needed(store),
        refused=_refused(store),
        documents=sum(documents.count_documents(store).values()),
        index=report.state,
        index_behind=report.behind,
        sidecars_behind=_sidecars_behind(store),
    )


def _time(events: list[Event]) -> str | None:
    return events[-1].time if events else None


def _verified(store: Store, looks: Collection[Look]) -> str | None:
    """Time of the newest verify: its event, or the day on which a file was last read."""
    days = [f"{look.checked}T00:00:00Z" for look in looks]
    event = _time(changes.events_since(store, 0, {"verify.done"}))
    return max([*days, *([event] if event else [])], default=None)


def _refused(store: Store) -> int:
    names = [batch.name for batch in batches.list_batches(store)]
    return sum(batches.count_sources(store, name)["quarantined"] for name in names)


def _sidecars_behind(store: Store) -> int:
    return sum(map(is_news, events_after(store, changes.get_cursor(store, CURSOR))))


def _needed(store: Store) -> int:
    """Bytes that the derivatives of the waiting documents will take, by those that are done."""
    waiting = documents.list_documents(store, state="waiting")
    if not waiting:
        return 0
    per_page = _bytes_per_page(store)
    if per_page is None:
        return int(_master_bytes(store, waiting) * MASTER_RATIO)
    return int(per_page * sum(_pages(store, document) for document in waiting))


def _bytes_per_page(store: Store) -> float | None:
    done = documents.list_documents(store, state="done")[-SAMPLED:]
    pages = sum(_pages(store, document) for document in done)
    written = sum(_size(path) for document in done for path in _files(store, document))
    return written / pages if pages else None


def _files(store: Store, document: Document) -> Iterator[Path]:
    folder = store.home.document(document.id)
    return (path for path in folder.rglob("*") if path.is_file())


def _master_bytes(store: Store, waiting: list[Document]) -> int:
    wanted = {
        page.frame.master
        for document in waiting
        for page in page_rows.list_pages(store, document.id)
    }
    return sum(m.size for m in masters.list_masters(store) if m.sha256 in wanted)


def _pages(store: Store, document: Document) -> int:
    return sum(page_rows.count_pages(store, document=document.id).values())


def _size(path: Path) -> int:
    with contextlib.suppress(FileNotFoundError):  # a run may replace it at this moment
        return path.stat().st_size
    return 0


def _blocked(home: Home) -> Iterator[str]:
    folders = (home.masters, home.objects, home.index, home.quarantine, home.exports, home.runs)
    for path in (home.root, home.database, *folders):
        if path.exists() and not os.access(path, os.W_OK):
            yield str(path)


def _memory() -> int | None:
    """Physical memory in megabytes; None where the system does not say."""
    with contextlib.suppress(OSError, ValueError):
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // MEGA
    return None


def _runs(home: Home) -> tuple[int, int]:
    """How many runs left something behind when they died, and how many are at work."""
    if not home.runs.is_dir():
        return 0, 0
    names = {path.name.removesuffix(".lock") for path in home.runs.iterdir()}
    live = sum(_is_alive(home, name) for name in names)
    return len(names) - live, live


def _is_alive(home: Home, name: str) -> bool:
    try:
        return owners.is_alive(home, name)
    except PermissionError:  # another person's: only its owner can tell, so do not accuse it
        return True
