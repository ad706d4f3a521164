"""The bytes that records came in, as far as nobody has changed the records since."""

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass

from store.database import Reader, Transaction
from store.imports.arrivals import Arrival

_PORTION = 500
_KEPT = ("draft", "active")
_ORIGINALS = (
    "SELECT record.id, record.status, arrival.id AS last, "
    "coalesce(version.raw, (SELECT came.raw FROM arrival AS came WHERE came.record = record.id "
    "AND came.version = record.version AND came.state = 'latest' AND came.raw IS NOT NULL "
    "ORDER BY came.id DESC LIMIT 1)) AS bytes, "
    "(SELECT container || ' ' || format FROM import_file JOIN arrival AS came "
    "ON came.file = import_file.id WHERE came.record = record.id AND came.sha256 = version.sha256 "
    "ORDER BY came.id DESC LIMIT 1) AS form "
    "FROM arrival JOIN record ON record.id = arrival.record "
    "JOIN version ON version.record = record.id AND version.n = record.version "
    "WHERE arrival.state = 'latest' AND arrival.id > ?1 "
    "AND arrival.catalogue = coalesce(?2, record.catalogue) ORDER BY arrival.id LIMIT ?3"
)


@dataclass(frozen=True, slots=True)
class Original:
    """``raw``: the bytes of the record as it is now; None where it was changed here since.

    ``container`` and ``format`` are those of the file that brought them.
    """

    record: str
    raw: bytes | None
    container: str
    format: str


def iterate_originals(reader: Reader, catalogue: str | None = None) -> Iterator[Original]:
    """Yield every imported record that is not deleted, in the order in which they came last.

    With ``catalogue`` those that came for it, else each as it came for the catalogue that it was
    entered in. Some hundreds are in memory at once.
    """
    last = 0
    while rows := reader.rows(_ORIGINALS, (last, catalogue, _PORTION)):
        for row in rows:
            if row["status"] in _KEPT:
                yield _original(row)
        last = rows[-1]["last"]


def save_arrival(
    tx: Transaction,
    arrival: Arrival,
    version: int,
    identifiers: tuple[tuple[str, str], ...],
    change_set: int,
) -> None:
    """Make what came the record's next version, ``version``, with its bytes.

    Raises:
        sqlite3.IntegrityError: the record has that version already.
    """
    tx.keep_books(
        "INSERT INTO version (record, n, parent, sha256, content, raw, change_set, time) "
        "SELECT record, ?, ?, sha256, content, raw, ?, ? FROM arrival WHERE id = ?",
        (version, version - 1, change_set, tx.now, arrival.id),
    )
    tx.change(
        "record.changed",
        arrival.record,
        {"version": version, "sha256": arrival.sha256, "file": arrival.file},
        "UPDATE record SET version = ?, format = ? WHERE id = ?",
        (version, arrival.content.format, arrival.record),
    )
    tx.keep_books(
        "DELETE FROM identifier WHERE record = ? AND scheme <> 'alias'", (arrival.record,)
    )
    tx.keep_all(
        "INSERT INTO identifier VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
        [(scheme, value, arrival.record) for scheme, value in identifiers],
    )


def _original(row: sqlite3.Row) -> Original:
    container, _, form = (row["form"] or " ").partition(" ")
    return Original(row["id"], row["bytes"], container, form)
