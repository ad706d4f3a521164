"""Sidecars follow the journal: what rebuilds the catalogue is always written beside it."""

from store import changes
from store.database import MACHINE, Store
from store.sidecars import files
from store.sidecars.batch import batch_name, batch_sidecar
from store.sidecars.document import document_sidecar
from store.sidecars.findings import loose_findings
from store.sidecars.imports import import_sidecar
from store.sidecars.journal import CURSOR, head, segment
from store.sidecars.records import bucket
from store.sidecars.staff import PRIVATE, staff_sidecar
from store.sidecars.touched import Touched, touch
from workflow.library import Library

_PORTION = 2000


class SidecarStage:
    """Each sidecar that new events touch is written once a catch-up, however many they are."""

    def catch_up(self, library: Library) -> int:
        """Write what is new; see :func:`write_sidecars`."""
        return write_sidecars(library.store)


SIDECAR = SidecarStage()


def write_sidecars(store: Store) -> int:
    """Bring all sidecars up to date; return how many events are new to them.

    Where another process has been writing them for two minutes, nothing is done: the events stay
    new, and the next call handles them.

    Raises:
        CannotWriteError: disk full, or the home may not be written.
    """
    with files.sidecars_lock(store.home) as held:
        if not held:
            return 0
        cursor = changes.get_cursor(store, CURSOR)
        touched, seen, handled = Touched(), cursor, 0
        while events := changes.events_since(store, seen, limit=_PORTION):
            touch(store, touched, events)
            handled += len(events)
            seen = events[-1].seq
        _write(store, touched)
        # Its cursors move also where a stage found nothing to write.
        files.write_if_new(store.home.journal_head, head(store))
        if handled:
            with store.transaction(actor=f"{MACHINE}:{CURSOR}") as tx:
                changes.set_cursor(tx, CURSOR, seen)
        return handled


def _write(store: Store, touched: Touched) -> None:
    """The journal comes first: no sidecar may speak of what the journal has not heard of."""
    home = store.home
    for number in sorted(touched.segments):
        files.write_if_new(home.journal_segment(number), segment(store, number))
    for batch in sorted(touched.batches):
        files.write_if_new(home.batch_sidecar(batch_name(batch)), batch_sidecar(store, batch))
    for identifier in sorted(touched.imports):
        path = home.import_sidecar(identifier)
        files.write_if_new(path, import_sidecar(store, identifier))
    for name in sorted(touched.buckets):
        files.write_if_new(home.record_sidecar(name), bucket(store, name))
    for document in sorted(touched.documents):
        files.write_if_new(home.sidecar(document), document_sidecar(store, document))
    if touched.loose:
        files.write_if_new(home.loose_findings, loose_findings(store))
    if touched.staff:
        files.write_if_new(home.staff_sidecar, staff_sidecar(store), mode=PRIVATE)
