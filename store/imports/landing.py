"""The bulk path: the records of a portion of a file enter the catalogue in a few statements.

Events, chain, versions and what sidecars are made of are as if each had been entered alone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from catalog.record import Record
from store.catalogue.findings import add_finding
from store.database import Transaction, Value, json_text
from store.identifiers import short_id
from store.imports.conflicts import CONFLICT, close_conflict, open_conflicts
from store.imports.files import ImportFile

ALIAS = "alias"
"""Scheme of the identifiers by which a record without a number is known: hashes of its contents."""

REPEATED = "same-number"
"""Code of the finding that a number which stands twice in a file leaves with the second record."""


@dataclass(frozen=True, slots=True)
class Incoming:
    """A record as it was read. ``content`` is its canonical JSON, ``sha256`` the hash of that.

    ``number`` is its number in the catalogue, or None; ``notes`` say what was mended in reading.
    """

    place: int
    raw: bytes
    raw_sha256: str
    record: Record
    content: str
    sha256: str
    number: str | None
    kind: str
    identifiers: tuple[tuple[str, str], ...]
    charset: str
    notes: tuple[Mapping[str, str], ...]


@dataclass(frozen=True, slots=True)
class Landing:
    """Where an incoming record goes.

    ``outcome`` as of an arrival; ``version`` is the version that holds it (None: ours stays), which
    is made now where ``made``; ``before`` is the arrival that it follows. Of a conflict ``base`` is
    the arrival that both sides go back to, and ``ours`` our version. ``back``: a record that was
    deleted comes again.
    """

    incoming: Incoming
    key: str
    record: str
    outcome: str
    version: int | None
    made: bool = False
    before: int | None = None
    base: int | None = None
    ours: int | None = None
    back: bool = False


def land(
    tx: Transaction, file: ImportFile, landings: Sequence[Landing], owner: str, change_set: int
) -> None:
    """Write what becomes of a portion of records. ``owner``: of records that are new.

    Raises:
        sqlite3.IntegrityError: a landing does not fit the rows, a defect of its maker.
    """
    fresh = [one for one in landings if one.made and one.version == 1]
    later = [one for one in landings if one.made and one.version != 1]
    _add_records(tx, file, fresh, owner)
    _add_versions(tx, [*fresh, *later], change_set)
    _change_records(tx, later)
    _set_identifiers(tx, fresh, later)
    tx.keep_all(
        "INSERT INTO membership VALUES (?, ?) ON CONFLICT DO NOTHING",
        [(one.record, file.catalogue) for one in landings if one.outcome in ("new", "member")],
    )
    tx.note_all(event for one in landings for event in _events(file, one))
    # Whatever came before a newer arrival is no question any more.
    befores = [one.before for one in landings if one.before is not None]
    for found in open_conflicts(tx, befores).values():
        close_conflict(tx, found, "withdrawn", None)
    _add_arrivals(tx, file, landings)
    for one in landings:
        if one.outcome == "conflict":
            _add_conflict(tx, file, one)
        number = one.incoming.number
        if one.outcome == "new" and number not in (None, one.key):
            add_finding(tx, one.record, REPEATED, {"number": number, "file": file.id})


def _add_records(tx: Transaction, file: ImportFile, fresh: Sequence[Landing], owner: str) -> None:
    tx.keep_all(
        "INSERT INTO record (id, format, kind, status, owner, catalogue, source_key, version, "
        "created) VALUES (?, ?, ?, 'active', ?, ?, ?, 1, ?)",
        [
            (
                *(one.record, one.incoming.record.format, one.incoming.kind, owner),
                *(file.catalogue, one.key, tx.now),
            )
            for one in fresh
        ],
    )


def _add_versions(tx: Transaction, made: Sequence[Landing], change_set: int) -> None:
    tx.keep_all(
        "INSERT INTO version (record, n, parent, sha256, content, raw, change_set, time) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (
                *(one.record, one.version, (one.version or 1) - 1 or None),
                *(one.incoming.sha256, one.incoming.content, one.incoming.raw),
                *(change_set, tx.now),
            )
            for one in made
        ],
    )


def _change_records(tx: Transaction, later: Sequence[Landing]) -> None:
    tx.keep_all(
        "UPDATE record SET version = ?, format = ?, kind = ?, status = iif(?, 'active', status) "
        "WHERE id = ?",
        [
            (
                *(one.version, one.incoming.record.format, one.incoming.kind),
                *(int(one.back), one.record),
            )
            for one in later
        ],
    )


def _set_identifiers(tx: Transaction, fresh: Sequence[Landing], later: Sequence[Landing]) -> None:
    # An alias is what the record was once known by: no new version takes that away.
    tx.keep_all(
        "DELETE FROM identifier WHERE record = ? AND scheme <> 'alias'",
        [(one.record,) for one in later],
    )
    tx.keep_all(
        "INSERT INTO identifier VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
        [
            (scheme, value, one.record)
            for one in (*fresh, *later)
            for scheme, value in one.incoming.identifiers
        ],
    )


def _events(file: ImportFile, one: Landing) -> list[tuple[str, str, Mapping[str, object]]]:
    sha256 = one.incoming.sha256
    if one.made and one.version == 1:
        told = {"status": "active", "catalogue": file.catalogue, "sha256": sha256}
        return [("record.created", one.record, told | {"file": file.id})]
    events: list[tuple[str, str, Mapping[str, object]]] = []
    if one.made:
        changed = {"version": one.version, "sha256": sha256, "file": file.id}
        events.append(("record.changed", one.record, changed))
    if one.back:
        events.append(("record.status", one.record, {"status": "active", "merged_into": None}))
    if one.outcome == "member":
        told = {"catalogue": file.catalogue, "file": file.id}
        events.append(("record.catalogue", one.record, told))
    if not events:
        came = {"outcome": one.outcome, "sha256": sha256, "file": file.id}
        events.append(("record.arrived", one.record, came))
    return events


def _add_arrivals(tx: Transaction, file: ImportFile, landings: Sequence[Landing]) -> None:
    tx.keep_all(
        "UPDATE arrival SET state = 'past' WHERE id = ?",
        [(one.before,) for one in landings if one.before is not None],
    )
    tx.keep_all(
        "INSERT INTO arrival (file, place, catalogue, key, record, outcome, state, version, "
        "sha256, raw_sha256, content, raw, charset, notes) "
        "VALUES (?, ?, ?, ?, ?, ?, 'latest', ?, ?, ?, ?, ?, ?, ?)",
        [_arrival(file, one) for one in landings],
    )


def _arrival(file: ImportFile, one: Landing) -> tuple[Value, ...]:
    came = one.incoming
    return (
        *(file.id, came.place, file.catalogue, one.key, one.record, one.outcome, one.version),
        *(came.sha256, came.raw_sha256, came.content if one.version is None else None),
        *(None if one.made else came.raw, came.charset, json_text(came.notes)),
    )


def _add_conflict(tx: Transaction, file: ImportFile, one: Landing) -> None:
    rows = tx.rows(
        "SELECT id FROM arrival WHERE file = ? AND place = ?", (file.id, one.incoming.place)
    )
    identifier, attempt = "", 0
    while not identifier or tx.rows("SELECT 1 FROM conflict WHERE id = ?", (identifier,)):
        parts = ("conflict", file.id, str(one.incoming.place))
        identifier = short_id(*parts, attempt=attempt)
        attempt += 1
    tx.change(
        "record.conflict",
        one.record,
        {"conflict": identifier, "file": file.id},
        "INSERT INTO conflict (id, record, theirs, base, ours, status) "
        "VALUES (?, ?, ?, ?, ?, 'open')",
        (identifier, one.record, rows[0]["id"], one.base, one.ours),
    )
    add_finding(tx, one.record, CONFLICT, {"conflict": identifier})
