"""Rights of documents, as rows; what they mean is said in ``catalog.rights``."""

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
