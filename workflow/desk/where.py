"""Where is everything: the whole library by state, and what has waited longest."""

from collections.abc import Mapping
from dataclasses import dataclass

from store import standing
from store.digitised import documents
from store.digitised import pages as page_rows
from store.standing import BatchCounts, OldestWaiting
from workflow.desk.findings import CountedFinding, counted_findings
from workflow.library import Library

MOST_BATCHES = 30
_RECORD_STATUSES = ("active", "draft", "deleted", "merged")
_LINK_STATUSES = ("accepted", "proposed", "rejected")


@dataclass(frozen=True, slots=True)
class Group:
    """Things of one kind by state, in the order of their way through the house."""

    name: str
    counts: Mapping[str, int]
    oldest: OldestWaiting | None

    @property
    def total(self) -> int:
        """How many there are."""
        return sum(self.counts.values())


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """``kinds`` are those of the open ``findings``; ``batches`` are the newest ones."""

    groups: tuple[Group, ...]
    findings: Group
    kinds: tuple[CountedFinding, ...]
    batches: tuple[BatchCounts, ...]


def whereabouts(library: Library) -> Whereabouts:
    """Return the counts as they are now; from rows alone."""
    reader = library.store
    counts: dict[str, Mapping[str, int]] = {
        "files": standing.count_files(reader),
        "documents": documents.count_documents(reader),
        "pages": page_rows.count_pages(reader),
        "records": _ordered(standing.count_by_status(reader), _RECORD_STATUSES),
        "links": _ordered(standing.count_links(reader), _LINK_STATUSES),
    }
    groups = (
        Group(name, found, None if name == "files" else standing.oldest_waiting(reader, name))
        for name, found in counts.items()
    )
    findings = Group(
        "findings", standing.count_findings(reader), standing.oldest_waiting(reader, "findings")
    )
    return Whereabouts(
        tuple(groups),
        findings,
        counted_findings(library, findings.counts),
        tuple(standing.newest_batches(reader, MOST_BATCHES)),
    )


def _ordered(counts: Mapping[str, int], states: tuple[str, ...]) -> dict[str, int]:
    return {state: counts.get(state, 0) for state in states}
