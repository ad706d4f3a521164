"""Open findings on pages, each with the scan that it is about; by rows alone, however many."""

from dataclasses import dataclass

from store.database import Reader

_LANGUAGE = "coalesce(json_extract(page.languages, '$[0]'), '')"
# CROSS JOIN keeps the order of the tables: from the findings, by key, to their pages.
_FOUND = (
    "FROM finding CROSS JOIN page ON page.document = substr(subject, 1, instr(subject, '/') - 1) "
    "AND page.key = substr(subject, instr(subject, '/') + 1) "
    "CROSS JOIN document ON document.id = page.document "
    "WHERE finding.status = 'open' AND finding.code = ?1"
)
_OPEN = (
    f"SELECT finding.id, finding.time, page.document, page.position, {_LANGUAGE} AS language, "
    f"document.title, document.name, document.batch {_FOUND} AND ?2 IN ('', document.batch) "
    f"AND ?3 IN ('', {_LANGUAGE}) ORDER BY finding.time, finding.id LIMIT ?4"
)
_TALLY = f"SELECT document.batch, {_LANGUAGE} AS language, count(*) AS n {_FOUND} GROUP BY 1, 2"


@dataclass(frozen=True, slots=True)
class PageFinding:
    """The finding ``id`` on the page at ``position`` of its document, counted from 1.

    ``title`` and ``batch`` are the document's, ``language`` is that of most words of the page (ISO
    639-2, or ""); ``since`` is when it was found.
    """

    id: str
    since: str
    document: str
    position: int
    language: str
    title: str
    batch: str


def open_on_pages(
    reader: Reader, code: str, batch: str = "", language: str = "", most: int | None = None
) -> list[PageFinding]:
    """Return the open findings with a code on pages that there are, the oldest first.

    Of one batch and one language where these are given; the first ``most``, None for all.
    """
    limit = -1 if most is None else most
    return [
        PageFinding(
            *(row["id"], row["time"], row["document"], row["position"], row["language"]),
            *(row["title"] or row["name"], row["batch"]),
        )
        for row in reader.rows(_OPEN, (code, batch, language, limit))
    ]


def count_on_pages(reader: Reader, code: str) -> dict[tuple[str, str], int]:
    """Return how many such findings there are of each batch and language."""
    rows = reader.rows(_TALLY, (code,))
    return {(row["batch"], row["language"]): row["n"] for row in rows}
