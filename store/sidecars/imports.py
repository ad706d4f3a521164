"""Sidecars of imports: each file with what could not be read; with every record, what came for it.

Numbers of rows stay out: an arrival is known by its file and its place in it.
"""

import sqlite3
from typing import Any

from store.database import Reader, json_value
from store.imports.files import get_file, iterate_bad
from store.sidecars.form import encoded, line

_PLAIN = ("id", "sha256", "size", "name", "catalogue", "told", "container", "format", "charset")
_ARRIVALS = (
    "SELECT arrival.*, conflict.id AS conflict, ours, status, decision, decided_by, "
    "base.file AS base_file, base.place AS base_place FROM arrival "
    "LEFT JOIN conflict ON conflict.theirs = arrival.id "
    "LEFT JOIN arrival AS base ON base.id = conflict.base "
    "WHERE arrival.record IN (SELECT value FROM json_each(?)) ORDER BY arrival.record, arrival.id"
)
_CAME = ("file", "place", "catalogue", "key", "outcome", "state", "version", "sha256")


def list_imports(reader: Reader) -> list[str]:
    """Return the ids of all imports, the oldest first."""
    return [row["id"] for row in reader.rows("SELECT id FROM import_file ORDER BY rowid")]


def import_sidecar(reader: Reader, identifier: str) -> bytes:
    """Return the sidecar of an import: a line for the file, then one for each bad record."""
    file = get_file(reader, identifier)
    names = (*_PLAIN, "margin", "evidence", "state", "counts")
    content: dict[str, Any] = {name: getattr(file, name) for name in names}
    made = {name: getattr(file, name) for name in ("time", "actor", "reason")}
    content["change_set"] = made
    bad = (
        {"place": one.place, "reason": one.reason, "status": one.status, "raw": encoded(one.raw)}
        for one in iterate_bad(reader, identifier, None)
    )
    return b"".join(map(line, (content, *bad)))


def arrival_rows(reader: Reader, records: str) -> list[sqlite3.Row]:
    """Return what came for ``records`` (a JSON list of ids), by record, the oldest first."""
    return reader.rows(_ARRIVALS, (records,))


def arrival_form(row: sqlite3.Row) -> dict[str, Any]:
    """Return an arrival as plain values, with the conflict that it brought, if any."""
    form = {name: row[name] for name in (*_CAME, "raw_sha256", "charset")}
    form |= {"raw": encoded(row["raw"]), "notes": json_value(row["notes"])}
    form |= {"record": json_value(row["content"])}
    if row["conflict"] is None:
        return form
    base = None if row["base_file"] is None else [row["base_file"], row["base_place"]]
    sides = {name: row[name] for name in ("ours", "status", "decision", "decided_by")}
    return form | {"conflict": {"id": row["conflict"], "base": base, **sides}}
