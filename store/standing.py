"""Where everything stands: counts of the whole library by state. Counted, nothing is written."""

from dataclasses import dataclass

from store.database import Reader

_BATCHES = (
    "SELECT batch.name, batch.created, "
    "(SELECT count(*) FROM document WHERE batch = batch.name) AS documents, "
    "(SELECT count(*) FROM document WHERE batch = batch.name AND state = 'waiting') AS waiting, "
    "(SELECT count(*) FROM source_file WHERE batch = batch.name AND state = 'quarantined') "
    "AS refused FROM batch ORDER BY batch.rowid DESC LIMIT ?"
)
_RECORDS = "SELECT status, count(*) AS n FROM record GROUP BY status"
_LINKS = "SELECT status, count(*) AS n FROM link GROUP BY status"
_FINDINGS = (
    "SELECT code, count(*) AS n FROM finding WHERE status = 'open' GROUP BY code ORDER BY n DESC"
)
_FILES = "SELECT state, count(*) AS n FROM source_file GROUP BY state"
_OLDEST = {
    "documents": (
        "SELECT id, created AS since FROM document WHERE state = 'waiting' ORDER BY seq LIMIT 1"
    ),
    "pages": (
        "SELECT document || '/' || key AS id, created AS since FROM page JOIN document "
        "ON document.id = document WHERE page.state = 'waiting' "
        "ORDER BY document.seq, page.position LIMIT 1"
    ),
    "records": (
        "SELECT id, created AS since FROM record WHERE status = 'draft' "
        "ORDER BY created, id LIMIT 1"
    ),
    "links": (
        "SELECT id, created AS since FROM link WHERE status = 'proposed' "
        "ORDER BY created, id LIMIT 1"
    ),
    "findings": (
        "SELECT subject AS id, time AS since FROM finding WHERE status = 'open' "
        "ORDER BY time, id LIMIT 1"
    ),
}


@dataclass(frozen=True, slots=True)
class BatchCounts:
    """One batch: its documents, those that wait for a run, and files that were refused."""

    name: str
    taken: str
    documents: int
    waiting: int
    refused: int


@dataclass(frozen=True, slots=True)
class OldestWaiting:
    """What has waited longest, by its subject; ``since`` is ISO 8601."""

    subject: str
    since: str


def newest_batches(reader: Reader, limit: int) -> list[BatchCounts]:
    """Return batches, the newest first."""
    return [BatchCounts(*row) for row in reader.rows(_BATCHES, (limit,))]


def count_by_status(reader: Reader) -> dict[str, int]:
    """Return how many records there are of each status."""
    return _counts(reader, _RECORDS)


def count_links(reader: Reader) -> dict[str, int]:
    """Return how many links there are of each status."""
    return _counts(reader, _LINKS)


def count_findings(reader: Reader) -> dict[str, int]:
    """Return how many open findings there are of each code, the most first."""
    return _counts(reader, _FINDINGS)


def count_files(reader: Reader) -> dict[str, int]:
    """Return how many input files are in each state."""
    return _counts(reader, _FILES)


def oldest_waiting(reader: Reader, what: str) -> OldestWaiting | None:
    """Return what has waited longest of documents, pages, records, links or findings."""
    rows = reader.rows(_OLDEST[what])
    return OldestWaiting(rows[0]["id"], rows[0]["since"]) if rows else None


def _counts(reader: Reader, query: str) -> dict[str, int]:
    return {str(row[0]): int(row["n"]) for row in reader.rows(query)}
