"""Drafts that wait for a person."""

from dataclasses import dataclass

from store.catalogue.titles import TITLE
from store.database import Reader

_PLACED = (
    "SELECT record.id, record.created, record.format, record.version, min(document.seq) AS place, "
    "coalesce(document.batch, '') AS batch, coalesce(document.language, '') AS language "
    "FROM record "
    "LEFT JOIN link ON link.record = record.id AND link.status = 'accepted' "
    "LEFT JOIN document ON document.id = link.document "
    "WHERE record.status = 'draft' GROUP BY record.id"
)
# Titles are looked for in those alone that are asked for.
_WAITING = (
    f"SELECT record.id, record.created, ({TITLE}) AS title, batch, language FROM "  # noqa: S608 - constants
    f"(SELECT * FROM ({_PLACED}) WHERE ?1 IN ('', batch) AND ?2 IN ('', language) "
    "ORDER BY place IS NULL, place, created, id LIMIT ?3) AS record "
    "JOIN version ON version.record = record.id AND version.n = record.version "
    "ORDER BY place IS NULL, place, record.created, record.id"
)
_TALLY = f"SELECT batch, language, count(*) AS n FROM ({_PLACED}) GROUP BY batch, language"  # noqa: S608 - a constant


@dataclass(frozen=True, slots=True)
class WaitingDraft:
    """A record of status draft, when it was entered (ISO 8601), and its title as it is written.

    ``batch`` and ``language`` are those of its first document, "" where there is none.
    """

    record: str
    since: str
    title: str
    batch: str
    language: str


def waiting_drafts(
    reader: Reader, batch: str = "", language: str = "", most: int | None = None
) -> list[WaitingDraft]:
    """Return the drafts in the order in which their documents came in, those without one last.

    Of one batch and one language where these are given; the first ``most`` of them, None for all.
    """
    rows = reader.rows(_WAITING, (batch, language, -1 if most is None else most))
    return [
        WaitingDraft(row["id"], row["created"], row["title"] or "", row["batch"], row["language"])
        for row in rows
    ]


def count_drafts(reader: Reader) -> dict[tuple[str, str], int]:
    """Return how many drafts there are of each batch and language."""
    return {(row["batch"], row["language"]): row["n"] for row in reader.rows(_TALLY)}
