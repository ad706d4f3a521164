"""What a sidecar says of records: every version in full, with the change set it belongs to."""

import json
import sqlite3
from collections.abc import Iterable
from typing import Any

from store.database import Reader, json_text
from store.sidecars.form import encoded
from store.sidecars.imports import arrival_form, arrival_rows

_RECORDS = "SELECT * FROM record WHERE id IN (SELECT value FROM json_each(?)) ORDER BY id"
_VERSIONS = (
    "SELECT version.*, change_set.time AS made, actor, reason FROM version JOIN change_set "
    "ON change_set.id = change_set WHERE record IN (SELECT value FROM json_each(?)) "
    "ORDER BY record, n"
)
_MEMBERSHIPS = (
    "SELECT record, catalogue FROM membership WHERE record IN (SELECT value FROM json_each(?)) "
    "ORDER BY record, catalogue"
)
_IDENTIFIERS = (
    "SELECT record, scheme, value FROM identifier "
    "WHERE record IN (SELECT value FROM json_each(?)) ORDER BY record, scheme, value"
)
_PLAIN = ("id", "format", "kind", "status", "owner", "catalogue", "created", "merged_into")


def record_forms(reader: Reader, identifiers: Iterable[str]) -> list[dict[str, Any]]:
    """Return the records of these ids, in order of id: five queries however many they are."""
    wanted = (json_text(sorted(identifiers)),)
    versions = grouped(reader.rows(_VERSIONS, wanted), "record")
    memberships = grouped(reader.rows(_MEMBERSHIPS, wanted), "record")
    known = grouped(reader.rows(_IDENTIFIERS, wanted), "record")
    came = grouped(arrival_rows(reader, wanted[0]), "record")
    return [
        {name: row[name] for name in _PLAIN}
        | {
            "key": row["source_key"],
            "catalogues": [m["catalogue"] for m in memberships.get(row["id"], ())],
            "identifiers": [[i["scheme"], i["value"]] for i in known.get(row["id"], ())],
            "versions": [_version(v) for v in versions.get(row["id"], ())],
        }
        # Left out where there are none, so that sidecars of older programs stay as they are.
        | ({"arrivals": list(map(arrival_form, came[row["id"]]))} if row["id"] in came else {})
        for row in reader.rows(_RECORDS, wanted)
    ]


def grouped(rows: Iterable[sqlite3.Row], column: str) -> dict[str, list[sqlite3.Row]]:
    """Return the rows by the value of one column, each group in the order of the rows."""
    groups: dict[str, list[sqlite3.Row]] = {}
    for row in rows:
        groups.setdefault(row[column], []).append(row)
    return groups


def change_set_form(row: sqlite3.Row) -> dict[str, str]:
    """Return the change set of a joined row (``made``, ``actor``, ``reason``), without number."""
    return {"time": row["made"], "actor": row["actor"], "reason": row["reason"]}


def _version(row: sqlite3.Row) -> dict[str, Any]:
    return {
        **{name: row[name] for name in ("n", "parent", "sha256", "time")},
        "raw": encoded(row["raw"]),
        "record": json.loads(row["content"]),
        "change_set": change_set_form(row),
    }
