"""Imported files and the records in them that could not be read."""

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from olketanu.errors import UsageError
from store.changes import new_change_set
from store.database import Reader, Transaction, json_text, json_value
from store.identifiers import short_id

_SELECT = (
    "SELECT import_file.*, time, actor, reason FROM import_file "
    "JOIN change_set ON change_set.id = change_set "
)
_PORTION = 200


@dataclass(frozen=True, slots=True)
class NewFile:
    """A file to be imported. ``told`` is what the person said of it (format, charset …).

    The others are what the file turned out to be; ``margin`` 0 to 1 is how sure ``charset`` is.
    """

    sha256: str
    size: int
    name: str
    catalogue: str
    told: Mapping[str, Any]
    container: str
    format: str
    charset: str
    margin: float
    evidence: str


@dataclass(frozen=True, slots=True)
class ImportFile:
    """One import of one file. ``state``: begun, done, undone; ``counts`` as the import told them.

    ``change_set`` is that of all its changes, with its ``time``, ``actor`` and ``reason``.
    """

    id: str
    sha256: str
    size: int
    name: str
    catalogue: str
    told: Mapping[str, Any]
    container: str
    format: str
    charset: str
    margin: float
    evidence: str
    state: str
    counts: Mapping[str, Any]
    change_set: int
    time: str
    actor: str
    reason: str


@dataclass(frozen=True, slots=True)
class BadRow:
    """A record that could not be read: its place in the file, a reason code, its bytes."""

    file: str
    place: int
    reason: str
    raw: bytes
    status: str

    @property
    def name(self) -> str:
        """What a person calls it by: ``<file>/<place>``."""
        return f"{self.file}/{self.place}"


def begin_file(tx: Transaction, new: NewFile) -> ImportFile:
    """Return the import of this file that was begun and not ended, or a new one.

    The same file in the same catalogue, told the same, is the same import until it has ended.
    """
    begun = find_begun(tx, new.sha256, new.catalogue, new.told)
    if begun is not None:
        return begun
    told = json_text(dict(new.told))
    rows = tx.rows(
        "SELECT id FROM import_file WHERE sha256 = ? AND catalogue = ?", (new.sha256, new.catalogue)
    )
    identifier, attempt = "", 0
    while not identifier or tx.rows("SELECT 1 FROM import_file WHERE id = ?", (identifier,)):
        identifier = short_id("import", new.catalogue, new.sha256, str(len(rows)), attempt=attempt)
        attempt += 1
    change = new_change_set(tx, f"import {new.name}")
    tx.change(
        "import.begun",
        identifier,
        {"name": new.name, "sha256": new.sha256, "catalogue": new.catalogue},
        "INSERT INTO import_file VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'begun', '{}', ?)",
        (
            *(identifier, new.sha256, new.size, new.name, new.catalogue, told),
            *(new.container, new.format, new.charset, new.margin, new.evidence, change),
        ),
    )
    return get_file(tx, identifier)


def find_begun(
    reader: Reader, sha256: str, catalogue: str, told: Mapping[str, Any]
) -> ImportFile | None:
    """Return the import of this file, told the same, that was begun and not ended; None: none."""
    rows = reader.rows(
        _SELECT + "WHERE sha256 = ? AND catalogue = ? AND state = 'begun' AND told = ?",
        (sha256, catalogue, json_text(dict(told))),
    )
    return _file(rows[0]) if rows else None


def finish_file(tx: Transaction, identifier: str, counts: Mapping[str, Any]) -> ImportFile:
    """Note that a file was read to its end, and what became of its records."""
    tx.change(
        "import.done",
        identifier,
        counts,
        "UPDATE import_file SET state = 'done', counts = ? WHERE id = ?",
        (json_text(counts), identifier),
    )
    return get_file(tx, identifier)


def set_undone(tx: Transaction, identifier: str) -> None:
    """Note that what an import did was undone, so that the same file may come again.

    What could not be read of it waits no more; its bytes stay.
    """
    tx.change(
        "import.undone",
        identifier,
        {},
        "UPDATE import_file SET state = 'undone' WHERE id = ? AND state <> 'undone'",
        (identifier,),
    )
    tx.keep_books("UPDATE bad_record SET status = 'done' WHERE file = ?", (identifier,))


def get_file(reader: Reader, identifier: str) -> ImportFile:
    """Return an import; UsageError where there is none of this id."""
    rows = reader.rows(_SELECT + "WHERE import_file.id = ?", (identifier,))
    if not rows:
        raise UsageError("error.unknown-import", id=identifier)
    return _file(rows[0])


def list_files(reader: Reader, catalogue: str | None = None) -> list[ImportFile]:
    """Return every import, of one catalogue where it is given, the oldest first."""
    rows = reader.rows(
        _SELECT + "WHERE ?1 IS NULL OR catalogue = ?1 ORDER BY import_file.rowid", (catalogue,)
    )
    return [_file(row) for row in rows]


def file_of_change(reader: Reader, change_set: int) -> ImportFile | None:
    """Return the import whose change set this is, or None."""
    rows = reader.rows(_SELECT + "WHERE change_set = ?", (change_set,))
    return _file(rows[0]) if rows else None


def add_bad(tx: Transaction, file: str, found: Iterable[tuple[int, str, bytes]]) -> None:
    """Keep records that could not be read: place, reason, bytes; one that is kept stays as it is.

    So a file that is read once more, after a kill, adds nothing.
    """
    for place, reason, raw in found:
        tx.change(
            "import.bad",
            file,
            {"place": place, "reason": reason},
            "INSERT INTO bad_record VALUES (?, ?, ?, ?, 'open') ON CONFLICT DO NOTHING",
            (file, place, reason, raw),
        )


def close_bad(tx: Transaction, file: str, place: int) -> None:
    """Note that a record could be read after all; its bytes stay."""
    tx.change(
        "import.read",
        file,
        {"place": place},
        "UPDATE bad_record SET status = 'done' WHERE file = ? AND place = ? AND status = 'open'",
        (file, place),
    )


def iterate_bad(
    reader: Reader, file: str | None = None, status: str | None = "open"
) -> Iterator[BadRow]:
    """Yield bad records by file and place, some hundreds in memory at once."""
    last = ("", -1)
    while rows := reader.rows(
        "SELECT * FROM bad_record WHERE (file, place) > (?, ?) AND (?3 IS NULL OR file = ?3) "
        "AND (?4 IS NULL OR status = ?4) ORDER BY file, place LIMIT ?5",
        (*last, file, status, _PORTION),
    ):
        yield from (BadRow(*row) for row in rows)
        last = (rows[-1]["file"], rows[-1]["place"])


def _file(row: sqlite3.Row) -> ImportFile:
    return ImportFile(
        *(row["id"], row["sha256"], row["size"], row["name"], row["catalogue"]),
        *(json_value(row["told"]), row["container"], row["format"], row["charset"]),
        *(row["margin"], row["evidence"], row["state"], json_value(row["counts"])),
        *(row["change_set"], row["time"], row["actor"], row["reason"]),
    )
