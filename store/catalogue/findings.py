"""Findings: what a person should look at."""

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from olketanu.errors import UsageError
from store.database import Reader, Transaction, json_text, json_value
from store.identifiers import short_id


@dataclass(frozen=True, slots=True)
class Finding:
    """``subject`` is an id or ``<document>/<page>``, ``code`` says what, ``facts`` more."""

    id: str
    subject: str
    code: str
    facts: dict[str, Any]
    status: str
    time: str


def add_finding(
    tx: Transaction,
    subject: str,
    code: str,
    facts: Mapping[str, Any] | None = None,
    *,
    reopen: bool = False,
) -> Finding:
    """Leave a finding; the same one again is the same row.

    One that is done stays done, unless ``reopen`` says that the cause has come back.
    """
    text = json_text(dict(facts or {}))
    found = tx.rows(
        "SELECT * FROM finding WHERE subject = ? AND code = ? AND facts = ?", (subject, code, text)
    )
    if found:
        if reopen and found[0]["status"] == "done":
            _set_status(tx, _finding(found[0]), "open")
        return get_finding(tx, found[0]["id"])
    identifier = _free_id(tx, subject, code, text)
    tx.change(
        "finding.opened",
        subject,
        {"code": code},
        "INSERT INTO finding (id, subject, code, facts, status, time) "
        "VALUES (?, ?, ?, ?, 'open', ?)",
        (identifier, subject, code, text, tx.now),
    )
    return get_finding(tx, identifier)


def close_finding(tx: Transaction, identifier: str) -> Finding:
    """Note that a finding is done; UsageError where there is none of that id."""
    finding = get_finding(tx, identifier)
    if finding.status == "open":
        _set_status(tx, finding, "done")
    return get_finding(tx, identifier)


def reopen_finding(tx: Transaction, identifier: str) -> Finding:
    """Note that a finding waits again after all; UsageError where there is none of that id."""
    finding = get_finding(tx, identifier)
    if finding.status == "done":
        _set_status(tx, finding, "open")
    return get_finding(tx, identifier)


def close_findings(tx: Transaction, subject: str, code: str | None = None) -> int:
    """Note that the open findings of a subject (with this code) are done; return how many."""
    found = list_findings(tx, subject, code)
    for finding in found:
        _set_status(tx, finding, "done")
    return len(found)


def list_findings(
    reader: Reader,
    subject: str | None = None,
    code: str | None = None,
    status: str | None = "open",
) -> list[Finding]:
    """Return findings by subject, code and id, narrowed by what is given; status None gives all."""
    rows = reader.rows(
        "SELECT * FROM finding WHERE (?1 IS NULL OR subject = ?1) AND (?2 IS NULL OR code = ?2) "
        "AND (?3 IS NULL OR status = ?3) ORDER BY subject, code, id",
        (subject, code, status),
    )
    return [_finding(row) for row in rows]


def findings_of_pages(reader: Reader, document: str, code: str) -> list[Finding]:
    """Return the open findings with this code on the pages of a document, by page."""
    rows = reader.rows(
        "SELECT * FROM finding WHERE subject > ?1 || '/' AND subject < ?1 || '0' "
        "AND code = ?2 AND status = 'open' ORDER BY subject, id",
        (document, code),
    )
    return [_finding(row) for row in rows]


def _set_status(tx: Transaction, finding: Finding, status: str) -> None:
    tx.change(
        "finding.closed" if status == "done" else "finding.opened",
        finding.subject,
        {"code": finding.code},
        "UPDATE finding SET status = ? WHERE id = ?",
        (status, finding.id),
    )


def get_finding(reader: Reader, identifier: str) -> Finding:
    """Return the finding of this id; UsageError where there is none."""
    rows = reader.rows("SELECT * FROM finding WHERE id = ?", (identifier,))
    if not rows:
        raise UsageError("error.unknown-finding", id=identifier)
    return _finding(rows[0])


def _free_id(tx: Transaction, subject: str, code: str, facts: str) -> str:
    attempt = 0
    while True:
        identifier = short_id("finding", subject, code, facts, attempt=attempt)
        if not tx.rows("SELECT 1 FROM finding WHERE id = ?", (identifier,)):
            return identifier
        attempt += 1


def _finding(row: sqlite3.Row) -> Finding:
    facts = json_value(row["facts"])
    return Finding(row["id"], row["subject"], row["code"], facts, row["status"], row["time"])
