"""Batches as the desk shows them: counts, documents, and what of their files was refused."""

from dataclasses import dataclass

from store.digitised import batches, documents
from store.digitised import pages as page_rows
from store.digitised.batches import SourceFile
from store.digitised.documents import Document
from store.digitised.pages import Page
from workflow.library import Library
from workflow.standing import BatchState, batch_status


@dataclass(frozen=True, slots=True)
class BatchShown:
    """One batch whole; ``failed`` are the pages that may be tried again."""

    state: BatchState
    documents: tuple[Document, ...]
    refused: tuple[SourceFile, ...]
    failed: tuple[Page, ...]

    @property
    def may_retry(self) -> bool:
        """Whether anything could be tried again."""
        return bool(self.refused or self.failed)


def batches_shown(library: Library) -> tuple[BatchState, ...]:
    """Return every batch, the newest first."""
    return tuple(reversed(batch_status(library, None)))


def batch_shown(library: Library, name: str) -> BatchShown:
    """Return one batch; UsageError ``error.unknown-batch``."""
    (state,) = batch_status(library, name)
    held = documents.list_documents(library.store, batch=name)
    failed = page_rows.list_failed(library.store, name)
    refused = batches.list_sources(library.store, name, state="quarantined")
    return BatchShown(state, tuple(held), tuple(refused), tuple(failed))
