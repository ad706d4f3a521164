"""Whether the rows themselves are still true: versions against their hashes, the journal, heads.

SQLite's own check sees the structure, not the values: of 40 flipped bits in records it saw none.
Texts are read as bytes here, since a flipped bit may leave something that is no text any more.
"""

import hashlib
import json
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass

from store import changes
from store.chain import START
from store.database import Reader

BAD_ROWS = (
    *(sqlite3.DataError, sqlite3.OperationalError),
    *(ValueError, LookupError, TypeError, AttributeError),
)
"""What reading a row whose bytes have gone bad may raise, beside InputError for the whole file."""

_PORTION = 2000
_VERSIONS = (
    "SELECT rowid AS number, CAST(record AS BLOB) AS record, n, CAST(sha256 AS BLOB) AS sha256, "
    "CAST(content AS BLOB) AS content, (SELECT CAST(data AS BLOB) FROM event "
    "WHERE subject = version.record AND kind = iif(n = 1, 'record.created', 'record.changed') "
    "AND (n = 1 OR instr(data, '\"version\":' || n || '}') OR "
    "instr(data, '\"version\":' || n || ','))) AS told "
    "FROM version WHERE rowid > ? ORDER BY rowid LIMIT ?"
)
_WITHOUT = (
    "SELECT CAST(id AS BLOB) AS id, record.version FROM record LEFT JOIN version "
    "ON version.record = record.id AND version.n = record.version WHERE version.record IS NULL"
)


@dataclass(frozen=True, slots=True)
class BadVersion:
    """A version whose content is not what was saved; ``expected`` and ``found`` are SHA-256.

    Both are None where the newest version of a record is not there at all.
    """

    record: str
    n: int
    expected: str | None
    found: str | None


def count_versions(reader: Reader) -> int:
    """Return how many versions of records there are."""
    return int(reader.rows("SELECT count(*) AS n FROM version")[0]["n"])


def bad_versions(reader: Reader) -> Iterator[BadVersion]:
    """Yield every version that does not fit its hash, or the hash that the journal told of it."""
    last = -1
    while rows := reader.rows(_VERSIONS, (last, _PORTION)):
        for row in rows:
            found = hashlib.sha256(row["content"]).hexdigest()
            saved = row["sha256"].decode("ascii", "backslashreplace")
            told = _told(row["told"])
            if found != saved or (told is not None and told != saved):
                record = row["record"].decode("utf-8", "backslashreplace")
                yield BadVersion(record, row["n"], told or saved, found)
        last = rows[-1]["number"]
    for row in reader.rows(_WITHOUT):
        yield BadVersion(row["id"].decode("utf-8", "backslashreplace"), row["version"], None, None)


def broken_event(reader: Reader) -> int | None:
    """Return the number of the first event that does not fit the one before it, or None."""
    try:
        return changes.broken_chain(reader)
    except sqlite3.OperationalError:  # a text of it is no text any more
        return _undecodable_event(reader)


def holds_head(reader: Reader, seq: int, chain: str) -> bool:
    """Return whether the journal still holds the event ``seq`` with this chain value.

    It was noted as the last one once; a journal that lacks it was cut or written anew.
    """
    if seq == 0:
        return chain == START
    rows = reader.rows("SELECT chain FROM event WHERE seq = ?", (seq,))
    return bool(rows) and rows[0]["chain"] == chain


def last_event(reader: Reader, kind: str) -> tuple[str, dict[str, object]] | None:
    """Return time and data of the newest event of a kind; data that cannot be read are empty."""
    rows = reader.rows(
        "SELECT CAST(time AS BLOB) AS time, CAST(data AS BLOB) AS data FROM event "
        "WHERE kind = ? ORDER BY seq DESC LIMIT 1",
        (kind,),
    )
    if not rows:
        return None
    try:
        data = json.loads(rows[0]["data"])
    except ValueError:
        data = {}
    time = rows[0]["time"].decode("ascii", "backslashreplace")
    return time, data if isinstance(data, dict) else {}


def origin(reader: Reader) -> str | None:
    """Return the chain value of the first event, by which a library is known; None without one."""
    rows = reader.rows("SELECT chain FROM event WHERE seq = 1")
    return str(rows[0]["chain"]) if rows else None


def _told(data: bytes | None) -> str | None:
    """The SHA-256 that an event names; None where it names none (the chain holds the event)."""
    try:
        value = json.loads(data or b"{}").get("sha256")
    except (ValueError, AttributeError):
        return None
    return value if isinstance(value, str) else None


def _undecodable_event(reader: Reader) -> int | None:
    columns = ("time", "actor", "kind", "subject", "data", "chain")
    cast = ", ".join(f"CAST({name} AS BLOB) AS {name}" for name in columns)
    last = -1
    sql = f"SELECT seq, {cast} FROM event WHERE seq > ? ORDER BY seq LIMIT ?"  # noqa: S608 - constants
    while rows := reader.rows(sql, (last, _PORTION)):
        for row in rows:
            try:
                b"".join(row[name] or b"" for name in columns).decode()
            except UnicodeDecodeError:
                return int(row["seq"])
        last = rows[-1]["seq"]
    return None
