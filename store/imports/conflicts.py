"""Conflicts: records that both sides have changed, which only a person may decide."""

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass

from olketanu.errors import UsageError
from store.catalogue.findings import add_finding, close_finding, list_findings
from store.database import Reader, Transaction, json_text

CONFLICT = "import-conflict"
"""Code of the finding that a conflict leaves with its record."""


@dataclass(frozen=True, slots=True)
class Conflict:
    """``theirs`` is the arrival, ``base`` the one both go back to (None: there was none).

    ``ours`` is the version that we had then. ``status``: open, resolved, withdrawn (undone, or
    something newer came); ``decision``: theirs, ours, or the tags that were taken.
    """

    id: str
    record: str
    theirs: int
    base: int | None
    ours: int
    status: str
    decision: str | None
    decided_by: str | None


def get_conflict(reader: Reader, identifier: str) -> Conflict:
    """Return a conflict; UsageError where there is none of this id."""
    rows = reader.rows("SELECT * FROM conflict WHERE id = ?", (identifier,))
    if not rows:
        raise UsageError("error.unknown-conflict", id=identifier)
    return _conflict(rows[0])


def list_conflicts(reader: Reader, status: str | None = "open") -> list[Conflict]:
    """Return the conflicts of this status by record and id; None gives all."""
    rows = reader.rows(
        "SELECT * FROM conflict WHERE ?1 IS NULL OR status = ?1 ORDER BY record, id", (status,)
    )
    return [_conflict(row) for row in rows]


def open_conflicts(reader: Reader, arrivals: Iterable[int]) -> dict[int, Conflict]:
    """Return the open conflicts that came with these arrivals, by arrival."""
    rows = reader.rows(
        "SELECT conflict.* FROM conflict JOIN json_each(?) AS asked "
        "ON asked.value = conflict.theirs WHERE status = 'open'",
        (json_text(sorted(arrivals)),),
    )
    return {row["theirs"]: _conflict(row) for row in rows}


def settled_conflicts(reader: Reader, change_set: int) -> list[Conflict]:
    """Return the resolved conflicts of the records that a change set gave a version.

    Only those whose arrival is still the latest: what has come since is another question.
    """
    rows = reader.rows(
        "SELECT conflict.* FROM conflict JOIN arrival ON arrival.id = theirs "
        "WHERE status = 'resolved' AND state = 'latest' AND conflict.record IN "
        "(SELECT record FROM version WHERE change_set = ?) ORDER BY conflict.id",
        (change_set,),
    )
    return [_conflict(row) for row in rows]


def taken_over(reader: Reader, file: str) -> list[tuple[str, int]]:
    """Return (record, newest version) where a person decided for something that a file brought."""
    rows = reader.rows(
        "SELECT record.id, record.version FROM conflict JOIN arrival ON arrival.id = theirs "
        "JOIN record ON record.id = conflict.record WHERE arrival.file = ? AND state = 'latest' "
        "AND conflict.status = 'resolved' AND decision <> 'ours' ORDER BY record.id",
        (file,),
    )
    return [(row["id"], row["version"]) for row in rows]


def reopen_conflict(tx: Transaction, found: Conflict) -> None:
    """Let a conflict wait again: what had resolved it was undone."""
    tx.change(
        "record.conflict",
        found.record,
        {"conflict": found.id},
        "UPDATE conflict SET status = 'open', decision = NULL, decided_by = NULL WHERE id = ?",
        (found.id,),
    )
    add_finding(tx, found.record, CONFLICT, {"conflict": found.id}, reopen=True)


def close_conflict(tx: Transaction, found: Conflict, status: str, decision: str | None) -> None:
    """Note how a conflict ended, and that its finding is done."""
    decided_by = tx.actor if status == "resolved" else None
    tx.change(
        "record.resolved",
        found.record,
        {"conflict": found.id, "status": status, "decision": decision},
        "UPDATE conflict SET status = ?, decision = ?, decided_by = ? WHERE id = ?",
        (status, decision, decided_by, found.id),
    )
    for finding in list_findings(tx, found.record, CONFLICT):
        if finding.facts == {"conflict": found.id}:
            close_finding(tx, finding.id)


def _conflict(row: sqlite3.Row) -> Conflict:
    return Conflict(
        *(row["id"], row["record"], row["theirs"], row["base"], row["ours"]),
        *(row["status"], row["decision"], row["decided_by"]),
    )
