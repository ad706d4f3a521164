"""Findings in sidecars: with their document or record, and the others in a file of their own."""

import sqlite3
from typing import Any

from store.database import Reader, json_value
from store.sidecars.form import page

_OF_DOCUMENT = (
    "SELECT * FROM finding WHERE subject = ?1 "
    # From behind the slash to the sign after it: every page of the document.
    "OR (subject >= ?1 || '/' AND subject < ?1 || '0') "
    "OR subject IN (SELECT id FROM link WHERE document = ?1) "
    "OR subject IN (SELECT record FROM link WHERE document = ?1) ORDER BY subject, code, id"
)
_LOOSE = (
    "SELECT * FROM finding WHERE subject NOT IN (SELECT id FROM record) "
    "AND subject NOT IN (SELECT id FROM link) AND iif(instr(subject, '/'), "
    "substr(subject, 1, instr(subject, '/') - 1), subject) NOT IN (SELECT id FROM document) "
    "ORDER BY subject, code, id"
)


def finding_form(row: sqlite3.Row) -> dict[str, Any]:
    """Return a finding as plain values."""
    names = ("id", "subject", "code", "status", "time")
    return {name: row[name] for name in names} | {"facts": json_value(row["facts"])}


def document_findings(reader: Reader, document: str) -> list[dict[str, Any]]:
    """Return the findings of a document, its pages, its links and the records linked."""
    return [finding_form(row) for row in reader.rows(_OF_DOCUMENT, (document,))]


def loose_findings(reader: Reader) -> bytes | None:
    """Return the sidecar of the findings that belong to no document or record; None: no such."""
    rows = reader.rows(_LOOSE)
    return page({"findings": [finding_form(row) for row in rows]}) if rows else None
