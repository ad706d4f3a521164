"""Rights of documents, as rows; what they mean is said in ``catalog.rights``."""

import datetime

from catalog.rights import Rights, from_dict, to_dict
from store.database import Reader, Transaction


def set_rights(tx: Transaction, document: str, rights: Rights) -> bool:
    """Set the rights of a document; return False, and write nothing, when they are so already."""
    set_already = tx.rows("SELECT 1 FROM rights WHERE document = ?", (document,))
    if set_already and get_rights(tx, document) == rights:
        return False
    data = to_dict(rights)
    tx.change(
        "rights.set",
        document,
        data,
        "INSERT INTO rights (document, code, until, contract) VALUES (?, ?, ?, ?) "
        "ON CONFLICT (document) DO UPDATE SET code = excluded.code, until = excluded.until, "
        "contract = excluded.contract",
        (document, data["code"], data.get("until"), data.get("contract")),
    )
    return True


def get_rights(reader: Reader, document: str) -> Rights:
    """Return the rights of a document; closed where nobody has set any."""
    rows = reader.rows("SELECT code, until, contract FROM rights WHERE document = ?", (document,))
    if not rows:
        return Rights()
    return from_dict({key: rows[0][key] for key in rows[0].keys() if rows[0][key] is not None})  # noqa: SIM118 - a Row iterates its values


def set_since(reader: Reader, seq: int) -> list[str]:
    """Return the documents whose rights somebody set after the event ``seq``."""
    rows = reader.rows(
        "SELECT DISTINCT subject FROM event WHERE kind = 'rights.set' AND seq > ? ORDER BY subject",
        (seq,),
    )
    return [row["subject"] for row in rows]


def ended_between(reader: Reader, first: datetime.date, today: datetime.date) -> list[str]:
    """Return the documents that everybody could read on ``first`` and no more on ``today``.

    Nothing happens in the journal when a term ends.
    """
    rows = reader.rows(
        "SELECT document FROM rights WHERE code = 'until' AND until >= ? AND until < ? "
        "ORDER BY document",
        (first.isoformat(), today.isoformat()),
    )
    return [row["document"] for row in rows]


def count_rights(reader: Reader, today: datetime.date) -> dict[str, int]:
    """Return how many finished documents may be read as of ``today``, and by whom.

    ``open``: everybody; ``on_site``: who is in the library; ``closed``: nobody but staff.
    """
    rows = reader.rows(
        "SELECT CASE WHEN rights.code = 'open' OR (rights.code = 'until' AND until >= ?) "
        "THEN 'open' WHEN rights.code = 'on_site' THEN 'on_site' ELSE 'closed' END AS reach, "
        "count(*) AS n "
        "FROM document LEFT JOIN rights ON document = id "
        "WHERE state IN ('done', 'done-with-gaps') GROUP BY reach",
        (today.isoformat(),),
    )
    return {"open": 0, "on_site": 0, "closed": 0} | {row["reach"]: row["n"] for row in rows}
