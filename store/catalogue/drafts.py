"""Drafts that wait for a person."""

from dataclasses import dataclass

from store.database import Reader

_WAITING = (
    "SELECT record.id, record.created, min(document.seq) AS place, document.batch, "
    "document.language FROM record "
    "LEFT JOIN link ON link.record = record.id AND link.status = 'accepted' "
    "LEFT JOIN document ON document.id = link.document "
    "WHERE record.status = 'draft' GROUP BY record.id "
    "ORDER BY place IS NULL, place, record.created, record.id"
)


@dataclass(frozen=True, slots=True)
class WaitingDraft:
    """A record of status draft, and when it was entered (ISO 8601).

    ``batch`` and ``language`` are those of its first document, "" where there is none.
    """

    record: str
    since: str
    batch: str
    language: str


def waiting_drafts(reader: Reader) -> list[WaitingDraft]:
    """Return the drafts in the order in which their documents came in, those without one last."""
    return [
        WaitingDraft(row["id"], row["created"], row["batch"] or "", row["language"] or "")
        for row in reader.rows(_WAITING)
    ]
