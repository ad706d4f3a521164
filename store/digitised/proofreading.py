"""Pages whose text a person should read: unsure ones that nobody has read as they are now."""

from dataclasses import dataclass

from store.changes import events_of
from store.database import Reader, Transaction, json_value
from store.digitised.pages import Page, page_subject

DAMAGED = "original-damaged"
"""Code of the finding on a page whose print is lost: no reading will make it better."""

READ, UNREAD = "page.proofread", "page.unread"

_UNSURE = """
SELECT page.document, page.key, page.position, page.confidence, page.languages,
    document.title, document.name, document.created, document.batch
FROM page JOIN document ON document.id = page.document
WHERE page.state = 'text' AND page.confidence < ?1
AND document.state IN ('done', 'done-with-gaps')
AND NOT EXISTS (SELECT 1 FROM finding WHERE subject = page.document || '/' || page.key
    AND code = 'original-damaged' AND finding.status = 'open')
AND page.recognised_key IS NOT (SELECT iif(kind = 'page.proofread', json_extract(data, '$.key'), '')
    FROM event WHERE subject = page.document || '/' || page.key
    AND kind IN ('page.proofread', 'page.unread') ORDER BY seq DESC LIMIT 1)
ORDER BY page.confidence, document.seq, page.position
"""


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


def unsure_pages(reader: Reader, below: float) -> list[UnsurePage]:
    """Return the pages with text of less confidence than ``below``, the least sure first.

    Not among them: pages that a person has read since they were recognised, pages whose original
    is damaged, and those of documents whose files are not ready.
    """
    return [
        UnsurePage(
            *(row["document"], row["key"], row["position"], row["confidence"]),
            *(row["title"] or row["name"], row["created"], row["batch"]),
            next(iter(json_value(row["languages"])), ""),
        )
        for row in reader.rows(_UNSURE, (below,))
    ]


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
