"""What pages look like: a projection of the web images, made again where it is missing."""

from collections.abc import Mapping
from dataclasses import dataclass

from store.database import Reader, Transaction


@dataclass(frozen=True, slots=True)
class Picture:
    """The likeness of one page (see ``digitize.scan.likeness``), None where it shows nothing.

    ``seq`` is the document's place in the order of intake; ``id`` grows with every writing.
    """

    id: int
    seq: int
    document: str
    page: str
    likeness: int | None


def set_pictures(tx: Transaction, document: str, likenesses: Mapping[str, int | None]) -> None:
    """Write what the pages of a document look like, by page key, in place of what was there."""
    tx.keep_books("DELETE FROM picture WHERE document = ?", (document,))
    for page, likeness in sorted(likenesses.items()):
        text = None if likeness is None else f"{likeness:064x}"
        tx.keep_books(
            "INSERT INTO picture (document, page, likeness) VALUES (?, ?, ?)",
            (document, page, text),
        )


def pictures_after(reader: Reader, last: int) -> list[Picture]:
    """Return the pictures written after the one with the id ``last``, in order of writing."""
    rows = reader.rows(
        "SELECT picture.id, seq, document, page, likeness FROM picture "
        "JOIN document ON document.id = document WHERE picture.id > ? ORDER BY picture.id",
        (last,),
    )
    return [
        Picture(
            *(row["id"], row["seq"], row["document"], row["page"]),
            None if row["likeness"] is None else int(row["likeness"], 16),
        )
        for row in rows
    ]


def documents_without(reader: Reader) -> list[str]:
    """Return the finished documents whose pictures are not known, in order of intake."""
    rows = reader.rows(
        "SELECT id FROM document WHERE state IN ('done', 'done-with-gaps') AND files <> '{}' "
        "AND id NOT IN (SELECT document FROM picture) ORDER BY seq"
    )
    return [row["id"] for row in rows]
