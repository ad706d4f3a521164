"""Undo: what a change set did to records, taken back by a new one."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from catalog.record import Record, from_json
from store.database import Reader, Transaction, json_text
from store.imports.conflicts import close_conflict, open_conflicts

_PORTION = 1000
_TOUCHED = (
    "SELECT touched.*, CASE WHEN made OR first = 1 THEN touched.version <> last "
    "ELSE newest.sha256 <> version.sha256 END AS edited FROM ("
    "SELECT version.record, min(version.n) AS first, max(version.n) AS last, "
    "record.version, record.status, max(arrival.outcome = 'new') AS made "
    "FROM version JOIN record ON record.id = version.record LEFT JOIN arrival "
    "ON arrival.record = version.record AND arrival.version = version.n "
    "WHERE version.change_set = ? AND version.record > ? GROUP BY version.record "
    "ORDER BY version.record LIMIT ?) AS touched "
    "JOIN version ON version.record = touched.record AND version.n = touched.last "
    "JOIN version AS newest ON newest.record = touched.record AND newest.n = touched.version "
    "ORDER BY touched.record"
)


@dataclass(frozen=True, slots=True)
class Touched:
    """A record that a change set has changed: in the versions ``first`` to ``last``.

    ``newest`` is the record's newest version; ``made``: the change set entered the record.
    ``edited_since``: it says something else by now, so that undoing would lose that. Versions that
    were made since and taken back again do not count, but where the record itself would go.
    """

    record: str
    first: int
    last: int
    newest: int
    status: str
    made: bool
    edited_since: bool

    @property
    def kept(self) -> int:
        """The version whose content is to stand again."""
        return self.last if self.first == 1 else self.first - 1


def touched_by(reader: Reader, change_set: int) -> Iterator[Touched]:
    """Yield every record that a change set gave a version, by id."""
    last = ""
    while rows := reader.rows(_TOUCHED, (change_set, last, _PORTION)):
        for row in rows:
            made = bool(row["made"]) or row["first"] == 1
            numbers = (row["first"], row["last"], row["version"])
            yield Touched(row["record"], *numbers, row["status"], made, bool(row["edited"]))
        last = rows[-1]["record"]


def contents(reader: Reader, touched: Sequence[Touched]) -> dict[str, Record]:
    """Return by id what is to stand again of records that go on."""
    found = {}
    for one in touched:
        if not one.made:
            sql = "SELECT content FROM version WHERE record = ? AND n = ?"
            rows = reader.rows(sql, (one.record, one.kept))
            found[one.record] = from_json(rows[0]["content"])
    return found


def keys_of(reader: Reader, touched: Sequence[Touched]) -> dict[str, str]:
    """Return by id the key under which a record came last; none of those that no file brought."""
    rows = reader.rows(
        "SELECT record, arrival.key FROM json_each(?) JOIN arrival ON record = value "
        "ORDER BY arrival.id",
        (json_text([one.record for one in touched]),),
    )
    return {row["record"]: row["key"] for row in rows}


def take_back(
    tx: Transaction,
    touched: Sequence[Touched],
    identifiers: Mapping[str, Sequence[tuple[str, str]]],
    kinds: Mapping[str, str],
    change_set: int,
) -> None:
    """Give each record a version with the content and the bytes of before.

    What the change set had entered is deleted (a tombstone); what an undo had deleted is active
    again. ``identifiers`` are those of :func:`contents`, by record; ``kinds`` where they change.
    The caller has made sure that nothing was edited since.
    """
    named = "DELETE FROM identifier WHERE record = ? AND scheme <> 'alias'"
    tx.keep_all(named, [(record,) for record in identifiers])
    tx.keep_all(
        "INSERT INTO identifier VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
        [(*pair, record) for record, pairs in identifiers.items() for pair in pairs],
    )
    tx.keep_all(
        "INSERT INTO version (record, n, parent, sha256, content, raw, change_set, time) "
        "SELECT record, ?, ?, sha256, content, raw, ?, ? FROM version WHERE record = ? AND n = ?",
        [(one.newest + 1, one.newest, change_set, tx.now, one.record, one.kept) for one in touched],
    )
    tx.keep_all(
        "UPDATE record SET version = ?, status = ?, format = "
        "(SELECT json_extract(content, '$.format') FROM version WHERE record = ? AND n = ?) "
        "WHERE id = ?",
        [(one.newest + 1, _status(one), one.record, one.kept, one.record) for one in touched],
    )
    tx.keep_all(
        "UPDATE record SET kind = ? WHERE id = ?", [(k, record) for record, k in kinds.items()]
    )
    for one in touched:
        _tell(tx, one)


def _tell(tx: Transaction, one: Touched) -> None:
    rows = tx.rows("SELECT sha256 FROM version WHERE record = ? AND n = ?", (one.record, one.kept))
    told = {"version": one.newest + 1, "sha256": rows[0]["sha256"]}
    tx.note("record.changed", one.record, told)
    if _status(one) != one.status:
        tx.note("record.status", one.record, {"status": _status(one), "merged_into": None})


def withdraw_arrivals(tx: Transaction, file: str | None, change_set: int) -> None:
    """Let what came with an import (by file, or by the versions it made) not have come.

    The arrival before each is the latest again, so that the same bytes count as news the next time.
    """
    rows = tx.rows(
        "SELECT id, catalogue, key, record, outcome FROM arrival WHERE state <> 'withdrawn' AND "
        "(file = ?1 OR (record, version) IN (SELECT record, n FROM version WHERE change_set = ?2))",
        (file, change_set),
    )
    conflicts = open_conflicts(tx, (row["id"] for row in rows))
    for found in conflicts.values():
        close_conflict(tx, found, "withdrawn", None)
    tx.keep_all(
        "UPDATE arrival SET state = 'withdrawn' WHERE id = ?", [(row["id"],) for row in rows]
    )
    tx.keep_all(
        "UPDATE arrival SET state = 'latest' WHERE id = (SELECT max(id) FROM arrival "
        "WHERE record = ? AND catalogue = ? AND key = ? AND state <> 'withdrawn')",
        [(row["record"], row["catalogue"], row["key"]) for row in rows],
    )
    members = [(row["record"], row["catalogue"]) for row in rows if row["outcome"] == "member"]
    tx.keep_all("DELETE FROM membership WHERE record = ? AND catalogue = ?", members)
    tx.note_all(("record.withdrawn", row["record"], {"outcome": row["outcome"]}) for row in rows)


def _status(one: Touched) -> str:
    if one.made:
        return "deleted"
    return "active" if one.status == "deleted" else one.status
