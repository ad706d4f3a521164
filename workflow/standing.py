"""Where is everything: the counts of each batch by state, what waits, and for whom."""

from collections.abc import Mapping
from dataclasses import dataclass

from store.digitised import batches, documents
from store.digitised import pages as page_rows
from store.digitised.standing import Oldest, Standing, standing
from store.disk.owners import is_alive
from workflow.library import Library

WAITS = ("working", "run", "files", "refused", "retry", "links", "findings")
"""What things of a batch wait for, the machine first: a run that has them in hand, the next run,
input files that change or may not be read, refused files to be mended, pages to be tried again,
proposed links to be decided, findings to be looked at."""


@dataclass(frozen=True, slots=True)
class BatchState:
    """One batch: counts by state, bytes of its masters, what waits (see ``WAITS``; no zeros)."""

    batch: str
    taken: str
    documents: Mapping[str, int]
    pages: Mapping[str, int]
    inputs: Mapping[str, int]
    bytes: int
    waits: Mapping[str, int]
    oldest: Oldest | None

    @property
    def quarantined(self) -> int:
        """Input files that were refused."""
        return self.inputs.get("quarantined", 0)

    def as_json(self) -> dict[str, object]:
        """One JSON line."""
        oldest = self.oldest
        return {
            "batch": self.batch,
            "taken": self.taken,
            "documents": dict(self.documents),
            "pages": dict(self.pages),
            "inputs": dict(self.inputs),
            "bytes": self.bytes,
            "waits": dict(self.waits),
            "oldest": oldest
            and {"document": oldest.document, "name": oldest.name, "since": oldest.since},
        }


def batch_status(library: Library, name: str | None) -> tuple[BatchState, ...]:
    """Return the state of one batch, or of all; UsageError for an unknown one."""
    store = library.store
    wanted = [batches.get_batch(store, name)] if name else batches.list_batches(store)
    return tuple(_state(library, batch) for batch in wanted)


def _state(library: Library, batch: batches.Batch) -> BatchState:
    store = library.store
    inputs = batches.count_sources(store, batch.name)
    found = standing(store, batch.name)
    return BatchState(
        batch=batch.name,
        taken=batch.created,
        documents=_counted(documents.count_documents(store, batch=batch.name)),
        pages=_counted(page_rows.count_pages(store, batch=batch.name)),
        inputs=_counted(inputs),
        bytes=found.bytes,
        waits=_counted(_waits(library, found, inputs)),
        oldest=found.oldest,
    )


def _waits(library: Library, found: Standing, inputs: Mapping[str, int]) -> dict[str, int]:
    """Counts by what is waited for, in the order of ``WAITS``; jobs of dead runs wait for a run."""
    working = sum(
        count for owner, count in found.jobs.items() if owner and is_alive(library.home, owner)
    )
    counts = (
        *(working, sum(found.jobs.values()) - working),
        *(inputs["waiting"], inputs["quarantined"]),
        *(found.retry, found.links, found.findings),
    )
    return dict(zip(WAITS, counts, strict=True))


def _counted(counts: Mapping[str, int]) -> dict[str, int]:
    return {state: number for state, number in counts.items() if number}
