"""The files of all sidecars: where each lies, what it must say now, written where it differs."""

import fcntl
import hashlib
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from olketanu.home import Home
from store.database import Reader, Store
from store.digitised.batches import list_batches
from store.disk.files import make_folder, write_durably, writing
from store.sidecars.batch import batch_name, batch_sidecar
from store.sidecars.document import document_sidecar
from store.sidecars.findings import loose_findings
from store.sidecars.imports import import_sidecar, list_imports
from store.sidecars.journal import head, list_segments, segment
from store.sidecars.records import bucket, list_buckets
from store.sidecars.staff import PRIVATE, staff_sidecar

_WAIT = 120.0
_PAUSE = 0.05
_MODE = 0o644

Maker = Callable[[], bytes | None]


def all_sidecars(store: Reader) -> Iterator[tuple[Path, Maker]]:
    """Yield path and maker of every sidecar that the rows imply; the end of the journal last."""
    home = store.home
    for number in list_segments(store):
        yield home.journal_segment(number), partial(segment, store, number)
    for found in list_batches(store):
        path = home.batch_sidecar(batch_name(found.name))
        yield path, partial(batch_sidecar, store, found.name)
    for identifier in list_imports(store):
        yield home.import_sidecar(identifier), partial(import_sidecar, store, identifier)
    for name in list_buckets(store):
        yield home.record_sidecar(name), partial(bucket, store, name)
    for row in store.rows("SELECT id FROM document ORDER BY seq"):
        yield home.sidecar(row["id"]), partial(document_sidecar, store, row["id"])
    yield home.loose_findings, partial(loose_findings, store)
    yield home.staff_sidecar, partial(staff_sidecar, store)
    yield home.journal_head, partial(head, store)


def expected(store: Reader) -> Iterator[tuple[str, str]]:
    """Yield path below the home (posix) and SHA-256 of every sidecar that the rows imply now.

    What the files themselves say is compared with it; while a run is at work the files are a little
    behind (``changes.get_cursor(store, "sidecars")`` is below ``changes.last_seq(store)``).
    """
    for path, make in all_sidecars(store):
        data = make()
        if data is not None:
            name = path.relative_to(store.home.root).as_posix()
            yield name, hashlib.sha256(data).hexdigest()


def write_anew(store: Store, name: str) -> bool:
    """Write one sidecar from the rows (``name`` as of :func:`expected`); False: no such sidecar.

    Raises:
        CannotWriteError: disk full, or the home may not be written.
    """
    for path, make in all_sidecars(store):
        if path == store.home.root / name:
            return write_if_new(path, make(), mode=mode_of(store.home, path)) or path.is_file()
    return False


def write_sidecar(store: Store, document: str) -> str:
    """Write the sidecar of a document where it says something new, and return its SHA-256.

    Raises:
        CannotWriteError: disk full, or the home may not be written. UsageError: no such document.
    """
    data = document_sidecar(store, document)
    write_if_new(store.home.sidecar(document), data)
    return hashlib.sha256(data).hexdigest()


def write_if_new(path: Path, data: bytes | None, *, mode: int = _MODE) -> bool:
    """Write ``data`` where the file differs or is missing; return whether anything was written."""
    if data is None or (path.is_file() and path.read_bytes() == data):
        return False
    write_durably(path, data, mode=mode)
    return True


def mode_of(home: Home, path: Path) -> int:
    """Return the mode of a sidecar: that of the staff is private."""
    return PRIVATE if path == home.staff_sidecar else _MODE


@contextmanager
def sidecars_lock(home: Home, wait: float = _WAIT) -> Iterator[bool]:
    """Hold the lock of who writes sidecars; False when another held it for ``wait`` seconds.

    Two who write at once could leave an older state over a newer one.
    """
    with writing(home.sidecars):
        make_folder(home.sidecars)
        # The folder itself is locked: no file has to be kept for it.
        descriptor = os.open(home.sidecars, os.O_RDONLY | os.O_CLOEXEC)
    try:
        yield _lock(descriptor, wait)
    finally:
        os.close(descriptor)


def _lock(descriptor: int, wait: float) -> bool:
    deadline = time.monotonic() + wait
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > deadline:
                return False
            time.sleep(_PAUSE)
        else:
            return True
