"""Batches and the input files in them: every file ends in exactly one state."""

import os
import sqlite3
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass

from olketanu.errors import UsageError
from store.database import Reader, Transaction, Value, json_text

SOURCE_STATES = ("waiting", "done", "duplicate-of", "quarantined")


@dataclass(frozen=True, slots=True)
class Batch:
    """A folder of input. ``name`` enters document ids; ``path`` is where it lay at intake."""

    name: str
    path: str
    created: str


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One input file.

    ``name`` is readable text (NFC), ``raw_name`` the bytes of the name on the disk; both relative
    to the batch. ``code`` says why it is quarantined; ``document`` is the one it went into, or, in
    the state ``duplicate-of``, the one that holds the same bytes already.
    """

    batch: str
    name: str
    raw_name: bytes
    sha256: str | None
    size: int
    state: str
    code: str | None = None
    document: str | None = None


def source(  # noqa: PLR0913 - the columns of one row
    batch: str,
    name: str,
    *,
    sha256: str | None = None,
    size: int = 0,
    state: str = "waiting",
    code: str | None = None,
    document: str | None = None,
) -> SourceFile:
    """Return a source file from the name as Python gives it (undecodable bytes as surrogates)."""
    raw = os.fsencode(name)
    text = unicodedata.normalize("NFC", raw.decode("utf-8", "replace"))
    return SourceFile(batch, text, raw, sha256, size, state, code, document)


def add_batch(tx: Transaction, name: str, path: str) -> Batch:
    """Return the batch ``name``, made now when it is new.

    Raises:
        UsageError: ``error.batch-name-taken``: a batch of that name came from another folder.
    """
    found = find_batch(tx, name)
    if found is not None:
        if found.path != path:
            raise UsageError("error.batch-name-taken", name=name, path=found.path)
        return found
    tx.change(
        "batch.added",
        name,
        {},
        "INSERT INTO batch (name, path, created) VALUES (?, ?, ?)",
        (name, path, tx.now),
    )
    return Batch(name, path, tx.now)


def find_batch(reader: Reader, name: str) -> Batch | None:
    """Return the batch of this name, or None."""
    rows = reader.rows("SELECT * FROM batch WHERE name = ?", (name,))
    return _batch(rows[0]) if rows else None


def get_batch(reader: Reader, name: str) -> Batch:
    """Return the batch of this name; UsageError where there is none."""
    found = find_batch(reader, name)
    if found is None:
        raise UsageError("error.unknown-batch", name=name)
    return found


def list_batches(reader: Reader) -> list[Batch]:
    """Return every batch, oldest first."""
    return [_batch(row) for row in reader.rows("SELECT * FROM batch ORDER BY rowid")]


def set_source(tx: Transaction, file: SourceFile) -> bool:
    """Write the state of an input file; return False, and write nothing, when it is so already."""
    if _find(tx, file.batch, file.raw_name) == file:
        return False
    data = {"name": file.name, "state": file.state, "code": file.code, "document": file.document}
    values: tuple[Value, ...] = (
        *(file.batch, file.raw_name, file.name, file.sha256),
        *(file.size, file.state, file.code, file.document),
    )
    tx.change(
        f"source.{file.state}",
        file.batch,
        data,
        "INSERT INTO source_file (batch, raw_name, name, sha256, size, state, code, document) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (batch, raw_name) DO UPDATE SET "
        "name = excluded.name, sha256 = excluded.sha256, size = excluded.size, "
        "state = excluded.state, code = excluded.code, document = excluded.document",
        values,
    )
    return True


def find_source(reader: Reader, batch: str, name: str) -> SourceFile | None:
    """Return the input file of this name (as Python gives it) in the batch, or None."""
    return _find(reader, batch, os.fsencode(name))


def list_sources(reader: Reader, batch: str, state: str | None = None) -> list[SourceFile]:
    """Return the input files of a batch by name, only those in ``state`` when it is given."""
    rows = reader.rows(
        "SELECT * FROM source_file WHERE batch = ?1 AND (?2 IS NULL OR state = ?2) "
        "ORDER BY raw_name",
        (batch, state),
    )
    return [_source(row) for row in rows]


def settled_sizes(reader: Reader, batch: str, tried_again: Collection[str]) -> dict[bytes, int]:
    """Return raw name and size of the input files that no run looks at again while they stay so.

    Those that wait are not among them, nor those refused with a code that is ``tried_again``.
    """
    rows = reader.rows(
        "SELECT raw_name, size FROM source_file WHERE batch = ? AND state != 'waiting' AND "
        "(code IS NULL OR code NOT IN (SELECT value FROM json_each(?)))",
        (batch, json_text(sorted(tried_again))),
    )
    return dict(map(tuple, rows))


def count_sources(reader: Reader, batch: str) -> dict[str, int]:
    """Return how many input files of a batch are in each state; all states are named."""
    rows = reader.rows(
        "SELECT state, count(*) AS n FROM source_file WHERE batch = ? GROUP BY state", (batch,)
    )
    return dict.fromkeys(SOURCE_STATES, 0) | {row["state"]: row["n"] for row in rows}


def _find(reader: Reader, batch: str, raw_name: bytes) -> SourceFile | None:
    rows = reader.rows(
        "SELECT * FROM source_file WHERE batch = ? AND raw_name = ?", (batch, raw_name)
    )
    return _source(rows[0]) if rows else None


def _batch(row: sqlite3.Row) -> Batch:
    return Batch(row["name"], row["path"], row["created"])


def _source(row: sqlite3.Row) -> SourceFile:
    return SourceFile(
        *(row["batch"], row["name"], row["raw_name"], row["sha256"]),
        *(row["size"], row["state"], row["code"], row["document"]),
    )
