"""Records of the catalogue: versions are only added, nobody overwrites another's change."""

import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from catalog.record import Record, canonical_json, from_json, record_hash
from olketanu.errors import LockedError, UsageError
from store.changes import is_machine
from store.database import Reader, Transaction, Value, json_text
from store.identifiers import record_id

_PORTION = 500
_SELECT = (
    "SELECT record.*, version.sha256, version.content, (SELECT group_concat(catalogue, ' ') FROM "
    "(SELECT catalogue FROM membership WHERE record = record.id ORDER BY catalogue)) AS catalogues "
    "FROM record JOIN version ON version.record = record.id AND version.n = record.version "
)


@dataclass(frozen=True, slots=True)
class NewRecord:
    """A record to enter; ``key``: control number in ``catalogue``, else the content's hash.

    ``owner`` is ``here`` or ``external``; ``raw`` the bytes it came in; ``identifiers`` are pairs
    of scheme and value (isbn, control number …).
    """

    record: Record
    catalogue: str
    key: str
    kind: str = "other"
    status: str = "draft"
    owner: str = "here"
    raw: bytes | None = None
    identifiers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class StoredRecord:
    """A record as it is now. ``version`` counts from 1; ``sha256`` is of the canonical JSON."""

    id: str
    format: str
    kind: str
    status: str
    owner: str
    version: int
    catalogues: tuple[str, ...]
    created: str
    merged_into: str | None
    record: Record
    sha256: str


@dataclass(frozen=True, slots=True)
class Version:
    """One state of a record, and who made it why. ``raw`` is kept for an imported first version."""

    record_id: str
    n: int
    parent: int | None
    sha256: str
    change_set: int
    actor: str
    reason: str
    time: str
    record: Record
    raw: bytes | None


def next_record_id(reader: Reader, catalogue: str, key: str) -> str:
    """Return the id that a record of this catalogue and key has, or would get now."""
    found = find_record_at(reader, catalogue, key)
    if found is not None:
        return found.id
    attempt = 0
    while find_record(reader, identifier := record_id(catalogue, key, attempt)) is not None:
        attempt += 1
    return identifier


def create_record(tx: Transaction, new: NewRecord, change_set: int) -> StoredRecord:
    """Enter a record with its first version.

    Raises:
        UsageError: ``error.record-exists``: the catalogue has a record of that key.
    """
    if (found := find_record_at(tx, new.catalogue, new.key)) is not None:
        raise UsageError("error.record-exists", id=found.id, catalogue=new.catalogue, key=new.key)
    identifier = next_record_id(tx, new.catalogue, new.key)
    tx.change(
        "record.created",
        identifier,
        {"status": new.status, "catalogue": new.catalogue, "sha256": record_hash(new.record)},
        "INSERT INTO record (id, format, kind, status, owner, catalogue, source_key, version, "
        "created) VALUES (?, ?, ?, ?, ?, ?, ?, 1, ?)",
        (
            *(identifier, new.record.format, new.kind, new.status, new.owner),
            *(new.catalogue, new.key, tx.now),
        ),
    )
    _add_version(tx, (identifier, 1, None), new.record, new.raw, change_set)
    tx.keep_books("INSERT INTO membership VALUES (?, ?)", (identifier, new.catalogue))
    _set_identifiers(tx, identifier, new.identifiers)
    return get_record(tx, identifier)


def save_version(
    tx: Transaction,
    identifier: str,
    record: Record,
    *,
    parent: int,
    change_set: int,
    identifiers: Iterable[tuple[str, str]] | None = None,
) -> StoredRecord:
    """Add a version upon ``parent``; the same content again writes nothing.

    ``identifiers`` replace the ones known, None leaves them.

    Raises:
        LockedError: ``error.record-changed``: ``parent`` is not the newest version any more.
    """
    before = get_record(tx, identifier)
    if before.version != parent:
        raise LockedError("error.record-changed", id=identifier, version=before.version)
    if identifiers is not None:
        wanted = sorted(set(identifiers))
        if wanted != identifiers_of(tx, identifier):
            tx.note("record.identified", identifier, {"identifiers": wanted})
            _set_identifiers(tx, identifier, wanted)
    sha256 = record_hash(record)
    if sha256 == before.sha256:
        return before
    _add_version(tx, (identifier, parent + 1, parent), record, None, change_set)
    tx.change(
        "record.changed",
        identifier,
        {"version": parent + 1, "sha256": sha256},
        "UPDATE record SET version = ?, format = ? WHERE id = ?",
        (parent + 1, record.format, identifier),
    )
    return get_record(tx, identifier)


def find_record(reader: Reader, identifier: str) -> StoredRecord | None:
    """Return the record of this id as it is now, or None."""
    rows = reader.rows(_SELECT + "WHERE record.id = ?", (identifier,))
    return _stored(rows[0]) if rows else None


def get_records(reader: Reader, identifiers: Iterable[str]) -> Iterator[StoredRecord]:
    """Yield the records of these ids by id, some hundreds in memory at once; unknown ones not."""
    wanted = sorted(set(identifiers))
    for start in range(0, len(wanted), _PORTION):
        portion = json_text(wanted[start : start + _PORTION])
        rows = reader.rows(
            _SELECT  # noqa: S608 - two constants
            + "WHERE record.id IN (SELECT value FROM json_each(?)) ORDER BY record.id",
            (portion,),
        )
        for row in rows:
            yield _stored(row)


def find_record_at(reader: Reader, catalogue: str, key: str) -> StoredRecord | None:
    """Return the record that was entered under ``key`` in ``catalogue``, or None."""
    rows = reader.rows(_SELECT + "WHERE catalogue = ? AND source_key = ?", (catalogue, key))
    return _stored(rows[0]) if rows else None


def get_record(reader: Reader, identifier: str) -> StoredRecord:
    """Return the record of this id as it is now; UsageError where there is none."""
    found = find_record(reader, identifier)
    if found is None:
        raise UsageError("error.unknown-record", id=identifier)
    return found


def list_records(
    reader: Reader, status: str | None = None, catalogue: str | None = None
) -> list[StoredRecord]:
    """Return records by id, of one status or one catalogue when these are given."""
    rows = reader.rows(
        _SELECT  # noqa: S608 - two constants
        + "WHERE (?1 IS NULL OR status = ?1) AND (?2 IS NULL OR record.id IN "
        "(SELECT record FROM membership WHERE catalogue = ?2)) ORDER BY record.id",
        (status, catalogue),
    )
    return [_stored(row) for row in rows]


def iterate_records(reader: Reader, after: str = "") -> Iterator[StoredRecord]:
    """Yield every record by id from behind ``after``, some hundreds in memory at once."""
    while rows := reader.rows(
        _SELECT + "WHERE record.id > ? ORDER BY record.id LIMIT ?", (after, _PORTION)
    ):
        for row in rows:
            yield _stored(row)
        after = rows[-1]["id"]


def iterate_contents(reader: Reader) -> Iterator[tuple[str, str]]:
    """Yield id and canonical JSON of every record in force, by id, some hundreds at once."""
    after = ""
    while rows := reader.rows(
        "SELECT record.id, content FROM record JOIN version ON version.record = record.id "
        "AND version.n = record.version WHERE status IN ('draft', 'active') AND record.id > ? "
        "ORDER BY record.id LIMIT ?",
        (after, _PORTION),
    ):
        yield from ((row["id"], row["content"]) for row in rows)
        after = rows[-1]["id"]


def count_records(reader: Reader, catalogue: str | None = None) -> int:
    """Return how many records there are, of any status, in one catalogue when it is given."""
    rows = reader.rows(
        "SELECT count(*) AS n FROM record WHERE ?1 IS NULL OR id IN "
        "(SELECT record FROM membership WHERE catalogue = ?1)",
        (catalogue,),
    )
    return int(rows[0]["n"])


def count_active(reader: Reader) -> int:
    """Return how many records describe something to everybody."""
    rows = reader.rows("SELECT count(*) AS n FROM record WHERE status = 'active'")
    return int(rows[0]["n"])


def list_active(reader: Reader, limit: int, offset: int = 0) -> list[str]:
    """Return the ids of records that are active, in order."""
    rows = reader.rows(
        "SELECT id FROM record WHERE status = 'active' ORDER BY id LIMIT ? OFFSET ?",
        (limit, offset),
    )
    return [row["id"] for row in rows]


def list_versions(reader: Reader, identifier: str) -> list[Version]:
    """Return every version of a record, the first first."""
    rows = reader.rows(
        "SELECT version.*, actor, reason FROM version JOIN change_set "
        "ON change_set.id = change_set WHERE record = ? ORDER BY n",
        (identifier,),
    )
    return [_version(row) for row in rows]


def changed_at(reader: Reader, identifier: str) -> str:
    """Return when the present version of a record was made; UsageError where there is none."""
    rows = reader.rows(
        "SELECT time FROM version WHERE record = ? ORDER BY n DESC LIMIT 1", (identifier,)
    )
    if not rows:
        raise UsageError("error.unknown-record", id=identifier)
    return str(rows[0]["time"])


def find_by_identifier(reader: Reader, scheme: str, value: str) -> list[str]:
    """Return the ids of the records that bear this identifier, sorted."""
    rows = reader.rows(
        "SELECT record FROM identifier WHERE scheme = ? AND value = ? ORDER BY record",
        (scheme, value),
    )
    return [row["record"] for row in rows]


def identifiers_of(reader: Reader, identifier: str) -> list[tuple[str, str]]:
    """Return scheme and value of every identifier of a record, sorted."""
    rows = reader.rows(
        "SELECT scheme, value FROM identifier WHERE record = ? ORDER BY scheme, value",
        (identifier,),
    )
    return [(row["scheme"], row["value"]) for row in rows]


def set_status(
    tx: Transaction, identifier: str, status: str, *, merged_into: str | None = None
) -> StoredRecord:
    """Set the status; a merged record says which one it went into. Return it anew."""
    before = get_record(tx, identifier)
    if (before.status, before.merged_into) == (status, merged_into):
        return before
    tx.change(
        "record.status",
        identifier,
        {"status": status, "merged_into": merged_into},
        "UPDATE record SET status = ?, merged_into = ? WHERE id = ?",
        (status, merged_into, identifier),
    )
    return get_record(tx, identifier)


def status_set_since(reader: Reader, seq: int) -> list[str]:
    """Return the records whose status somebody set after the event ``seq``."""
    rows = reader.rows(
        "SELECT DISTINCT subject FROM event WHERE kind = 'record.status' AND seq > ? "
        "ORDER BY subject",
        (seq,),
    )
    return [row["subject"] for row in rows]


def statuses_of(reader: Reader, identifiers: Iterable[str]) -> dict[str, str]:
    """Return the status of each of the records that there are."""
    rows = reader.rows(
        "SELECT id, status FROM record WHERE id IN (SELECT value FROM json_each(?)) ORDER BY id",
        (json_text(sorted(set(identifiers))),),
    )
    return {row["id"]: row["status"] for row in rows}


def add_membership(tx: Transaction, identifier: str, catalogue: str) -> bool:
    """Enter the record in a further catalogue; return False when it is there already."""
    changed = tx.change(
        "record.catalogue",
        identifier,
        {"catalogue": catalogue},
        "INSERT INTO membership (record, catalogue) VALUES (?, ?) ON CONFLICT DO NOTHING",
        (identifier, catalogue),
    )
    return bool(changed)


def edited_by_people(reader: Reader, identifier: str) -> bool:
    """Return whether a person made any version: then the machine leaves the record alone."""
    return any(not is_machine(version.actor) for version in list_versions(reader, identifier))


def _add_version(
    tx: Transaction,
    place: tuple[str, int, int | None],
    record: Record,
    raw: bytes | None,
    change_set: int,
) -> None:
    values: tuple[Value, ...] = (
        *(*place, record_hash(record), canonical_json(record).decode()),
        *(raw, change_set, tx.now),
    )
    tx.keep_books(
        "INSERT INTO version (record, n, parent, sha256, content, raw, change_set, time) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        values,
    )


def _set_identifiers(
    tx: Transaction, identifier: str, identifiers: Iterable[tuple[str, str]]
) -> None:
    tx.keep_books("DELETE FROM identifier WHERE record = ?", (identifier,))
    for scheme, value in sorted(set(identifiers)):
        tx.keep_books("INSERT INTO identifier VALUES (?, ?, ?)", (scheme, value, identifier))


def _stored(row: sqlite3.Row) -> StoredRecord:
    return StoredRecord(
        *(row["id"], row["format"], row["kind"], row["status"], row["owner"], row["version"]),
        *(tuple((row["catalogues"] or "").split()), row["created"], row["merged_into"]),
        *(from_json(row["content"]), row["sha256"]),
    )


def _version(row: sqlite3.Row) -> Version:
    return Version(
        *(row["record"], row["n"], row["parent"], row["sha256"], row["change_set"]),
        *(row["actor"], row["reason"], row["time"], from_json(row["content"]), row["raw"]),
    )
