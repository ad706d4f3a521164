"""Documents whose files must be made anew, since people changed the text that they show."""

from digitize.work.planning import plan_assembly
from digitize.work.workshop import DOCUMENT
from store import changes, jobs
from store.database import MACHINE, Reader
from store.digitised import documents
from store.digitised.documents import Document
from workflow.library import Library

CURSOR = "remake"
KINDS = frozenset({"page.amended", "page.amendment-withdrawn"})
_FINISHED = ("done", "done-with-gaps")


def outdated(reader: Reader) -> list[Document]:
    """Return the finished documents whose text people have changed since the last plan.

    One that is still in work is not among them: its job will see the change.
    """
    seen = changes.get_cursor(reader, CURSOR)
    if not changes.count_events(reader, seen, KINDS):  # the usual case, and quick
        return []
    events = changes.events_since(reader, seen, KINDS)
    touched = dict.fromkeys(event.subject.partition("/")[0] for event in events)
    found = [documents.get_document(reader, identifier) for identifier in touched]
    return [document for document in found if document.state in _FINISHED]


def open_remakes(reader: Reader) -> int:
    """Return how many documents are to be made, planned or not."""
    planned = jobs.documents_at_work(reader, DOCUMENT)
    return len(planned | {document.id for document in outdated(reader)})


def plan_remakes(library: Library) -> int:
    """Enter the document jobs of what is outdated; return how many documents that is.

    Killed between jobs and cursor it looks at them once more, which plans nothing twice.
    """
    newest = changes.last_seq(library.store)
    found = outdated(library.store)
    for document in found:
        plan_assembly(library.store, library.settings, document)
    if changes.count_events(library.store, changes.get_cursor(library.store, CURSOR), KINDS):
        with library.store.transaction(f"{MACHINE}:{CURSOR}") as tx:
            changes.set_cursor(tx, CURSOR, max(newest, changes.get_cursor(tx, CURSOR)))
    return len(found)
