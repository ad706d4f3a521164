"""Pages whose text a person should read: unsure ones that nobody has read as they are now."""

from dataclasses import dataclass

from store.changes import events_of
from store.database import Reader, Transaction, json_value
from store.digitised.pages import Page, page_subject

DAMAGED = "original-damaged"
"""Code of the finding on a page whose print is lost: no reading will make it better."""

READ, UNREAD = "page.proofread", "page.unread"

# What people said of pages is gathered once: a lookup for each of thousands of pages costs more.
_TOLD = """
WITH told AS MATERIALIZED (
    SELECT subject, iif(kind = 'page.proofread', json_extract(data, '$.key'), '') AS read,
        max(seq) FROM event WHERE kind IN ('page.proofread', 'page.unread') GROUP BY subject
), damaged AS MATERIALIZED (
    SELECT subject FROM finding WHERE status = 'open' AND code = 'original-damaged'
)
"""
_IS_UNSURE = """
page.state = 'text' AND page.confidence < ?1
AND document NOT IN (SELECT id FROM document WHERE state NOT IN ('done', 'done-with-gaps')
    OR ?2 NOT IN ('', batch))
AND (?3 = '' OR ?3 = json_extract(languages, '$[0]'))
AND document || '/' || key NOT IN (SELECT subject FROM damaged)
AND NOT EXISTS (SELECT 1 FROM told WHERE subject = document || '/' || key
    AND read = recognised_key)
"""
_UNSURE = f"""{_TOLD}
SELECT page.document, page.key, page.position, page.confidence, page.languages,
    document.title, document.name, document.created, document.batch
FROM (SELECT * FROM page WHERE {_IS_UNSURE} ORDER BY confidence, document, position LIMIT ?4)
    AS page JOIN document ON document.id = page.document
ORDER BY page.confidence, page.document, page.position
"""  # noqa: S608 - constants
_TALLY = f"""{_TOLD}
SELECT batch, found.languages, sum(n) AS n FROM (
    SELECT document, languages, count(*) AS n FROM page WHERE {_IS_UNSURE}
    GROUP BY document, languages
) AS found JOIN document ON document.id = found.document GROUP BY batch, found.languages
"""  # noqa: S608 - constants


@dataclass(frozen=True, slots=True)
class UnsurePage:
    """A page of low ``confidence`` (0 to 1) at ``position`` of its document, counted from 1.

    ``title``, ``since`` (its intake) and ``batch`` are the document's, ``language`` is that of most
    words (ISO 639-2, or "").
    """

    document: str
    page: str
    position: int
    confidence: float
    title: str
    since: str
    batch: str
    language: str


def unsure_pages(
    reader: Reader, below: float, batch: str = "", language: str = "", most: int | None = None
) -> list[UnsurePage]:
    """Return the pages with text of less confidence than ``below``, the least sure first.

    Not among them: pages that a person has read since they were recognised, pages whose original
    is damaged, and those of documents whose files are not ready. Of one batch and one language
    where these are given; the first ``most`` of them, None for all.
    """
    limit = -1 if most is None else most
    return [
        UnsurePage(
            *(row["document"], row["key"], row["position"], row["confidence"]),
            *(row["title"] or row["name"], row["created"], row["batch"]),
            _first(row["languages"]),
        )
        for row in reader.rows(_UNSURE, (below, batch, language, limit))
    ]


def count_unsure(reader: Reader, below: float) -> dict[tuple[str, str], int]:
    """Return how many such pages there are of each batch and language."""
    counts: dict[tuple[str, str], int] = {}
    for row in reader.rows(_TALLY, (below, "", "")):
        place = (row["batch"], _first(row["languages"]))
        counts[place] = counts.get(place, 0) + row["n"]
    return counts


def _first(languages: str) -> str:
    return next(iter(json_value(languages)), "")


def is_read(reader: Reader, page: Page) -> bool:
    """Return whether a person has read the page's text since it was recognised."""
    events = events_of(reader, page_subject(page.document, page.key))
    told = [event for event in events if event.kind in (READ, UNREAD)]
    if not told or told[-1].kind == UNREAD:
        return False
    return bool(told[-1].data["key"] == page.recognised_key)


def set_read(tx: Transaction, page: Page, *, read: bool) -> None:
    """Note that a person has read the text of a page, or that it waits for one again."""
    kind = READ if read else UNREAD
    tx.note(kind, page_subject(page.document, page.key), {"key": page.recognised_key})
