"""What of the library is digitised, counted: finished documents, their rights, their pages."""

from dataclasses import dataclass

from catalog.rights import Rights, from_dict
from store.database import Reader


@dataclass(frozen=True, slots=True)
class Holding:
    """The pages of a finished document that are led by one language (ISO 639-2; "" unknown).

    ``language`` is that of the document, as its sheet says, or "".
    """

    document: str
    language: str
    rights: Rights
    page_language: str
    pages: int


def list_holdings(reader: Reader) -> list[Holding]:
    """Return the finished documents, each once for every language that leads on its pages.

    In no order that means anything.
    """
    rows = reader.rows(
        "SELECT document.id, document.language, rights.code, until, contract, "
        "coalesce(json_extract(page.languages, '$[0]'), '') AS leading, count(page.key) AS pages "
        "FROM document LEFT JOIN rights ON rights.document = document.id "
        "LEFT JOIN page ON page.document = document.id "
        "WHERE document.state IN ('done', 'done-with-gaps') "
        "GROUP BY document.id, leading"
    )
    return [
        Holding(
            row["id"],
            row["language"] or "",
            _rights(row["code"], row["until"], row["contract"]),
            row["leading"],
            row["pages"],
        )
        for row in rows
    ]


def newest_documents(reader: Reader, limit: int, offset: int = 0) -> list[str]:
    """Return finished documents, those taken in last first."""
    rows = reader.rows(
        "SELECT id FROM document WHERE state IN ('done', 'done-with-gaps') "
        "ORDER BY seq DESC LIMIT ? OFFSET ?",
        (limit, offset),
    )
    return [row["id"] for row in rows]


def _rights(code: str | None, until: str | None, contract: str | None) -> Rights:
    told = {"code": code, "until": until, "contract": contract}
    return from_dict({name: value for name, value in told.items() if value is not None})
