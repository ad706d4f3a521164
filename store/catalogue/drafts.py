"""Drafts that wait for a person."""

from dataclasses import dataclass

from store.database import Reader

_TITLE = (
    "SELECT json_extract(part.value, '$[1]') FROM json_each(version.content, '$.fields') AS field, "
    "json_each(field.value, '$.subfields') AS part WHERE json_extract(field.value, '$.tag') = "
    "CASE record.format WHEN 'marc21' THEN '245' ELSE '200' END "
    "AND json_extract(part.value, '$[0]') = 'a' LIMIT 1"
)
_WAITING = (
    f"SELECT record.id, record.created, ({_TITLE}) AS title, "  # noqa: S608 - constants
    "min(document.seq) AS place, document.batch, document.language "
    "FROM record JOIN version ON version.record = record.id AND version.n = record.version "
    "LEFT JOIN link ON link.record = record.id AND link.status = 'accepted' "
    "LEFT JOIN document ON document.id = link.document "
    "WHERE record.status = 'draft' GROUP BY record.id "
    "ORDER BY place IS NULL, place, record.created, record.id"
)


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


def waiting_drafts(reader: Reader) -> list[WaitingDraft]:
    """Return the drafts in the order in which their documents came in, those without one last."""
    return [
        WaitingDraft(
            *(row["id"], row["created"], row["title"] or ""),
            *(row["batch"] or "", row["language"] or ""),
        )
        for row in reader.rows(_WAITING)
    ]
