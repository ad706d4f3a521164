"""Where a batch stands: what is in hand, what waits and for whom. Counted, nothing is written."""

from dataclasses import dataclass

from store.database import Reader

_BYTES = (
    "SELECT coalesce(sum(size), 0) AS n FROM master WHERE sha256 IN (SELECT master "
    "FROM page_frame JOIN document ON document.id = document WHERE batch = ?)"
)
_JOBS = (
    "SELECT owner, count(*) AS n FROM job JOIN document ON document.id = document "
    "WHERE batch = ? AND job.state IN ('new', 'running') GROUP BY owner"
)
_OLDEST = (
    "SELECT id, name, created FROM document WHERE batch = ? AND state = 'waiting' "
    "ORDER BY seq LIMIT 1"
)
_RETRY = (
    "SELECT count(*) AS n FROM page JOIN document ON document.id = document "
    "WHERE batch = ? AND page.code IS NOT NULL AND page.code <> 'NO_TEXT'"
)
_LINKS = (
    "SELECT count(*) AS n FROM link JOIN document ON document.id = document "
    "WHERE batch = ? AND link.status = 'proposed'"
)
_FINDINGS = (
    "SELECT count(*) AS n FROM finding WHERE status = 'open' AND iif(instr(subject, '/'), "
    "substr(subject, 1, instr(subject, '/') - 1), subject) IN "
    "(SELECT id FROM document WHERE batch = ?)"
)


@dataclass(frozen=True, slots=True)
class Oldest:
    """The document that has waited longest; ``since`` is the time of its intake (ISO 8601)."""

    document: str
    name: str
    since: str


@dataclass(frozen=True, slots=True)
class Standing:
    """One batch. ``bytes`` are those of its masters, each counted once.

    ``jobs`` counts the open jobs by the run that has them in hand, under None what nobody has;
    ``retry`` are pages that failed, ``links`` are proposals, ``findings`` are open ones.
    """

    bytes: int
    jobs: dict[str | None, int]
    oldest: Oldest | None
    retry: int
    links: int
    findings: int


def standing(reader: Reader, batch: str) -> Standing:
    """Return where a batch stands; all zero for one that is not known."""
    oldest = reader.rows(_OLDEST, (batch,))
    return Standing(
        bytes=_count(reader, _BYTES, batch),
        jobs={row["owner"]: int(row["n"]) for row in reader.rows(_JOBS, (batch,))},
        oldest=Oldest(*oldest[0]) if oldest else None,
        retry=_count(reader, _RETRY, batch),
        links=_count(reader, _LINKS, batch),
        findings=_count(reader, _FINDINGS, batch),
    )


def _count(reader: Reader, query: str, batch: str) -> int:
    return int(reader.rows(query, (batch,))[0]["n"])
