"""Buckets of records: ``records/<two signs>.jsonl``, a line a record, whatever it is linked to.

Ids begin with signs of a hash, so buckets fill evenly: 61,530 records lie in at most 841 files of
some 73 lines each, and a changed record costs one small file.
"""

from typing import Any

from store.database import Reader, json_text
from store.sidecars.findings import finding_form
from store.sidecars.form import line
from store.sidecars.record import grouped, record_forms

_SIGNS = 2
_END = "~"
"""Sorts behind every sign of an id."""


def bucket_of(record: str) -> str:
    """Return the name of the bucket in which a record lies."""
    return record[:_SIGNS]


def list_buckets(reader: Reader) -> list[str]:
    """Return the names of all buckets that hold a record, sorted."""
    rows = reader.rows("SELECT DISTINCT substr(id, 1, ?) AS bucket FROM record", (_SIGNS,))
    return sorted(row["bucket"] for row in rows)


def bucket(reader: Reader, name: str) -> bytes:
    """Return the lines of a bucket by record id: six queries however many records it holds."""
    rows = reader.rows(
        "SELECT id FROM record WHERE id >= ? AND id < ? ORDER BY id", (name, name + _END)
    )
    identifiers = [row["id"] for row in rows]
    found = grouped(
        reader.rows(
            "SELECT * FROM finding WHERE subject IN (SELECT value FROM json_each(?)) "
            "ORDER BY subject, code, id",
            (json_text(identifiers),),
        ),
        "subject",
    )
    return b"".join(
        line(form | _findings(form, found)) for form in record_forms(reader, identifiers)
    )


def _findings(form: dict[str, Any], found: dict[str, Any]) -> dict[str, Any]:
    return {"findings": [finding_form(row) for row in found.get(form["id"], ())]}
