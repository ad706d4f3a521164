"""Who changed what and when: change sets, events of the journal, cursors of projections.

Events are the only source of reports; their sequence is what projections (index, drafts) follow.
"""

import sqlite3
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from olketanu.errors import UsageError
from store.chain import START, chain_hash
from store.database import MACHINE, Reader, Transaction, json_text, json_value

_PORTION = 5000


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened. ``subject`` is an id, for a page ``<document>/<page>``.

    ``chain`` is the hash over this event and all before it (store/chain.py).
    """

    seq: int
    time: str
    actor: str
    kind: str
    subject: str
    data: dict[str, Any]
    chain: str


@dataclass(frozen=True, slots=True)
class ChangeSet:
    """Changes that belong together: undone together, explained by one reason."""

    id: int
    time: str
    actor: str
    reason: str


def is_machine(actor: str) -> bool:
    """Return whether the program itself acted, not a person."""
    return actor == MACHINE or actor.startswith(f"{MACHINE}:")


def new_change_set(tx: Transaction, reason: str) -> int:
    """Open a change set of the transaction's actor and return its number."""
    rows = tx.returning(
        "INSERT INTO change_set (time, actor, reason) VALUES (?, ?, ?) RETURNING id",
        (tx.now, tx.actor, reason),
    )
    return int(rows[0]["id"])


def get_change_set(reader: Reader, change_set: int) -> ChangeSet:
    """Return a change set; UsageError where there is none of that number."""
    rows = reader.rows("SELECT * FROM change_set WHERE id = ?", (change_set,))
    if not rows:
        raise UsageError("error.unknown-change-set", id=change_set)
    return ChangeSet(rows[0]["id"], rows[0]["time"], rows[0]["actor"], rows[0]["reason"])


def events_since(
    reader: Reader, seq: int, kinds: Collection[str] | None = None, limit: int | None = None
) -> list[Event]:
    """Return events after ``seq`` in their order, of these kinds only, at most ``limit``."""
    wanted = None if kinds is None else json_text(sorted(kinds))
    rows = reader.rows(
        "SELECT * FROM event WHERE seq > ?1 "
        "AND (?2 IS NULL OR kind IN (SELECT value FROM json_each(?2))) ORDER BY seq LIMIT ?3",
        (seq, wanted, -1 if limit is None else limit),
    )
    return [_event(row) for row in rows]


def count_events(reader: Reader, seq: int, kinds: Collection[str]) -> int:
    """Return how many events of these kinds are after ``seq``."""
    rows = reader.rows(
        "SELECT count(*) AS n FROM event WHERE seq > ?1 "
        "AND kind IN (SELECT value FROM json_each(?2))",
        (seq, json_text(sorted(kinds))),
    )
    return int(rows[0]["n"])


def events_of(reader: Reader, subject: str) -> list[Event]:
    """Return every event of one subject in order."""
    rows = reader.rows("SELECT * FROM event WHERE subject = ? ORDER BY seq", (subject,))
    return [_event(row) for row in rows]


def events_at(reader: Reader, numbers: Collection[int]) -> list[Event]:
    """Return the events of these numbers in their order; numbers that are none are left out."""
    rows = reader.rows(
        "SELECT * FROM event WHERE seq IN (SELECT value FROM json_each(?)) ORDER BY seq",
        (json_text(sorted(numbers)),),
    )
    return [_event(row) for row in rows]


def last_seq(reader: Reader) -> int:
    """Return the number of the newest event, 0 in an empty journal."""
    return int(reader.rows("SELECT coalesce(max(seq), 0) AS seq FROM event")[0]["seq"])


def head(reader: Reader) -> tuple[int, str]:
    """Return number and chain value of the newest event; of an empty journal 0 and the start."""
    rows = reader.rows("SELECT seq, chain FROM event ORDER BY seq DESC LIMIT 1")
    return (rows[0]["seq"], rows[0]["chain"]) if rows else (0, START)


def broken_chain(reader: Reader, after: int = 0) -> int | None:
    """Return the number of the first event behind ``after`` that does not fit the one before it.

    None where the chain is whole. Read in portions: memory does not grow with the journal.
    """
    rows = reader.rows("SELECT chain FROM event WHERE seq = ?", (after,))
    previous, last = (rows[0]["chain"] if rows else START), after
    while rows := reader.rows(
        "SELECT * FROM event WHERE seq > ? ORDER BY seq LIMIT ?", (last, _PORTION)
    ):
        for row in rows:
            told = (row["time"], row["actor"], row["kind"], row["subject"], row["data"])
            if row["seq"] != last + 1 or row["chain"] != chain_hash(previous, row["seq"], *told):
                return int(row["seq"])
            previous, last = row["chain"], row["seq"]
    return None


def get_cursor(reader: Reader, name: str) -> int:
    """Return up to which event the projection ``name`` has come, 0 before its first step."""
    rows = reader.rows("SELECT seq FROM cursor WHERE name = ?", (name,))
    return int(rows[0]["seq"]) if rows else 0


def set_cursor(tx: Transaction, name: str, seq: int) -> None:
    """Say that the projection ``name`` has come to ``seq``, together with what it wrote."""
    tx.keep_books(
        "INSERT INTO cursor (name, seq) VALUES (?, ?) "
        "ON CONFLICT (name) DO UPDATE SET seq = excluded.seq",
        (name, seq),
    )


def _event(row: sqlite3.Row) -> Event:
    data = json_value(row["data"])
    told = (row["time"], row["actor"], row["kind"], row["subject"])
    return Event(row["seq"], *told, data, row["chain"])
