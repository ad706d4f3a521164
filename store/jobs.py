"""The job ledger: what is to be done, who does it, and that nobody does it twice.

A job is claimed by one UPDATE under the write lock. Its owner keeps a lease: it is over when the
owner's lock is gone (the run was killed), when it has not been renewed in time on the clock that
never jumps, or when the machine has been started anew. Who has lost a lease cannot finish the job
any more.
"""

import sqlite3
import time
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from olketanu.errors import UsageError
from store.database import Reader, Transaction, json_text, json_value

JOB_STATES = ("new", "running", "done", "failed")
LEASE_SECONDS = 120.0
_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")
_RELEASE = (
    "UPDATE job SET state = 'new', owner = NULL, lease_until = NULL, lease_boot = NULL "
    "WHERE owner = ?"
)
_RELEASE_ENDED = (
    "UPDATE job SET state = 'new', owner = NULL, lease_until = NULL, lease_boot = NULL "
    "WHERE owner IS NOT NULL AND (lease_boot <> ? OR lease_until < ?)"
)


@dataclass(frozen=True, slots=True)
class Job:
    """One piece of work. ``key`` says what it depends on, so the same work has the same key.

    ``attempt`` counts failures, ``claims`` how often it was begun: a killed run costs no attempt.
    ``payload`` and ``result`` are plain JSON values.
    """

    key: str
    kind: str
    document: str
    page: str | None
    state: str
    attempt: int
    claims: int
    owner: str | None
    code: str | None
    payload: dict[str, Any]
    result: dict[str, Any] | None


def new_job(
    key: str,
    kind: str,
    document: str,
    page: str | None = None,
    payload: Mapping[str, Any] | None = None,
) -> Job:
    """Return a job that nobody has begun."""
    return Job(key, kind, document, page, "new", 0, 0, None, None, dict(payload or {}), None)


def plan(tx: Transaction, jobs: Iterable[Job]) -> int:
    """Enter the jobs that the ledger lacks and return how many; known keys stay as they are.

    A job of the same kind, document and page under another key that nobody has begun is dropped:
    the settings have changed since.

    Raises:
        UsageError: ``error.unknown-document`` or ``error.unknown-page``.
    """
    planned = 0
    for job in jobs:
        tx.keep_books(
            "DELETE FROM job WHERE kind = ? AND document = ? AND page IS ? AND key <> ? "
            "AND state = 'new'",
            (job.kind, job.document, job.page, job.key),
        )
        document_seq, position = _rank(tx, job)
        planned += tx.keep_books(
            "INSERT INTO job (key, kind, document, page, document_seq, position, state, attempt, "
            "claims, payload) VALUES (?, ?, ?, ?, ?, ?, 'new', 0, 0, ?) "
            "ON CONFLICT (key) DO NOTHING",
            (
                *(job.key, job.kind, job.document, job.page),
                *(document_seq, position, json_text(job.payload)),
            ),
        )
    return planned


def claim(tx: Transaction, owner: str, kinds: Collection[str], limit: int) -> list[Job]:
    """Give up to ``limit`` new jobs of these kinds to ``owner``, in order of intake."""
    rows = tx.returning(
        "UPDATE job SET state = 'running', owner = ?, claims = claims + 1, lease_until = ?, "
        "lease_boot = ? WHERE key IN (SELECT key FROM job WHERE state = 'new' AND kind IN "
        "(SELECT value FROM json_each(?)) ORDER BY document_seq, position, key LIMIT ?) "
        "RETURNING *",
        (owner, time.monotonic() + LEASE_SECONDS, boot_id(), json_text(sorted(kinds)), limit),
    )
    rows.sort(key=lambda row: (row["document_seq"], row["position"], row["key"]))
    return [_job(row) for row in rows]


def finish(tx: Transaction, key: str, owner: str, result: Mapping[str, Any]) -> bool:
    """Note that ``owner`` did the job; False, and nothing written, when it is not its own."""
    changed = tx.change(
        "job.done",
        key,
        {},
        "UPDATE job SET state = 'done', owner = NULL, lease_until = NULL, lease_boot = NULL, "
        "code = NULL, result = ? WHERE key = ? AND owner = ? AND state = 'running'",
        (json_text(dict(result)), key, owner),
    )
    return bool(changed)


def fail(tx: Transaction, key: str, owner: str, code: str, *, retry: bool) -> bool:
    """Note that the job failed with ``code``; with ``retry`` it is new again, else failed for good.

    Returns False, and writes nothing, when the job is not the owner's.
    """
    changed = tx.change(
        "job.retried" if retry else "job.failed",
        key,
        {"code": code},
        "UPDATE job SET state = ?, owner = NULL, lease_until = NULL, lease_boot = NULL, "
        "code = ?, attempt = attempt + 1 WHERE key = ? AND owner = ? AND state = 'running'",
        ("new" if retry else "failed", code, key, owner),
    )
    return bool(changed)


def renew(tx: Transaction, owner: str) -> int:
    """Lengthen every lease of ``owner``; return how many jobs it still holds."""
    return tx.keep_books(
        "UPDATE job SET lease_until = ?, lease_boot = ? WHERE owner = ?",
        (time.monotonic() + LEASE_SECONDS, boot_id(), owner),
    )


def release(tx: Transaction, owner: str) -> int:
    """Give back what ``owner`` has not finished (an orderly end); return how many jobs."""
    return tx.keep_books(_RELEASE, (owner,))


def release_dead(tx: Transaction, is_alive: Callable[[str], bool]) -> int:
    """Make the jobs of dead owners and ended leases claimable; return how many.

    ``is_alive`` says whether a run of this name still holds its lock.
    """
    boot, now = boot_id(), time.monotonic()
    owners = tx.rows("SELECT DISTINCT owner FROM job WHERE owner IS NOT NULL")
    freed = sum(release(tx, row["owner"]) for row in owners if not is_alive(row["owner"]))
    return freed + tx.keep_books(_RELEASE_ENDED, (boot, now))


def reopen(tx: Transaction, document: str, *, kind: str | None = None) -> int:
    """Make the failed jobs of a document new, with all attempts before them; return how many."""
    return tx.change(
        "job.reopened",
        document,
        {"kind": kind},
        "UPDATE job SET state = 'new', code = NULL, attempt = 0 "
        "WHERE document = ?1 AND state = 'failed' AND (?2 IS NULL OR kind = ?2)",
        (document, kind),
    )


def repeat(tx: Transaction, jobs: Iterable[Job]) -> int:
    """Make those of the jobs that are done new again, since their results are not in force.

    Returns how many; what is new, running or failed stays as it is.
    """
    return sum(
        tx.change(
            "job.reopened",
            job.document,
            {"kind": job.kind},
            "UPDATE job SET state = 'new', code = NULL, attempt = 0, result = NULL "
            "WHERE key = ? AND state = 'done'",
            (job.key,),
        )
        for job in jobs
    )


def find_job(reader: Reader, key: str) -> Job | None:
    """Return the job with this key, or None."""
    rows = reader.rows("SELECT * FROM job WHERE key = ?", (key,))
    return _job(rows[0]) if rows else None


def list_jobs(
    reader: Reader,
    document: str | None = None,
    kind: str | None = None,
    state: str | None = None,
) -> list[Job]:
    """Return jobs in order of intake, narrowed by what is given."""
    rows = reader.rows(
        "SELECT * FROM job WHERE (?1 IS NULL OR document = ?1) AND (?2 IS NULL OR kind = ?2) "
        "AND (?3 IS NULL OR state = ?3) ORDER BY document_seq, position, key",
        (document, kind, state),
    )
    return [_job(row) for row in rows]


def documents_at_work(reader: Reader, kind: str) -> set[str]:
    """Return the documents with jobs of this kind that are to be done or in hand."""
    rows = reader.rows(
        "SELECT DISTINCT document FROM job WHERE state IN ('new', 'running') AND kind = ?", (kind,)
    )
    return {str(row["document"]) for row in rows}


def count_jobs(reader: Reader, kind: str | None = None) -> dict[str, int]:
    """Return how many jobs are in each state; all states are named."""
    rows = reader.rows(
        "SELECT state, count(*) AS n FROM job WHERE (?1 IS NULL OR kind = ?1) GROUP BY state",
        (kind,),
    )
    return dict.fromkeys(JOB_STATES, 0) | {row["state"]: row["n"] for row in rows}


def boot_id() -> str:
    """Return what names this start of the machine; ``unknown`` where the system does not say.

    Then the owner's lock alone decides, which is enough: no lock outlives a restart.
    """
    try:
        return _BOOT_ID.read_text("ascii").strip()
    except OSError:
        return "unknown"


def _rank(tx: Transaction, job: Job) -> tuple[int, int]:
    documents = tx.rows("SELECT seq FROM document WHERE id = ?", (job.document,))
    if not documents:
        raise UsageError("error.unknown-document", id=job.document)
    if job.page is None:
        return documents[0]["seq"], 0
    pages = tx.rows(
        "SELECT position FROM page WHERE document = ? AND key = ?", (job.document, job.page)
    )
    if not pages:
        raise UsageError("error.unknown-page", document=job.document, page=job.page)
    return documents[0]["seq"], pages[0]["position"]


def _job(row: sqlite3.Row) -> Job:
    return Job(
        *(row["key"], row["kind"], row["document"], row["page"], row["state"]),
        *(row["attempt"], row["claims"], row["owner"], row["code"]),
        *(json_value(row["payload"]), json_value(row["result"])),
    )
