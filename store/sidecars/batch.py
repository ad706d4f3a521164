"""The sidecar of a batch: where it came from, and what became of every input file in it."""

import sqlite3
from collections.abc import Iterable
from typing import Any

from store.database import Reader, json_text
from store.digitised.batches import get_batch
from store.identifiers import short_id
from store.sidecars.form import encoded, page

_SOURCE = ("batch", "name", "sha256", "size", "state", "code", "document")


def batch_name(batch: str) -> str:
    """Return the name of a batch's sidecar: eight signs, since batch names are people's."""
    return short_id("batch", batch)


def batch_sidecar(reader: Reader, batch: str) -> bytes:
    """Return the sidecar of a batch, its input files in order of intake; UsageError: unknown."""
    found = get_batch(reader, batch)
    rows = reader.rows("SELECT * FROM source_file WHERE batch = ? ORDER BY rowid", (batch,))
    hashes = {row["sha256"] for row in rows if row["sha256"] is not None}
    return page(
        {
            "batch": {"name": found.name, "path": found.path, "created": found.created},
            "sources": [source_form(row) for row in rows],
            "masters": master_forms(reader, hashes),
        }
    )


def source_form(row: sqlite3.Row) -> dict[str, Any]:
    """Return an input file as plain values; the bytes of its name as base64."""
    return {name: row[name] for name in _SOURCE} | {"raw_name": encoded(row["raw_name"])}


def master_forms(reader: Reader, hashes: Iterable[str]) -> list[dict[str, Any]]:
    """Return the masters of these hashes, by hash; hashes without a master are left out."""
    rows = reader.rows(
        "SELECT * FROM master WHERE sha256 IN (SELECT value FROM json_each(?)) ORDER BY sha256",
        (json_text(sorted(hashes)),),
    )
    return [{name: row[name] for name in ("sha256", "size", "type", "added")} for row in rows]
