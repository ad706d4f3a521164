"""What we changed in records that another system owns, and what became of it there.

The difference is in the versions and arrivals; that a person ticked a correction, that it cannot be
made, that an import confirmed or missed it, is in the journal alone.
"""

import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from catalog.record import Record, from_json
from store.changes import Event, events_since
from store.database import Reader, Transaction

DONE = "done"  # a person says that it was made there
REFUSED = "refused"  # a person says that it cannot be made there
CONFIRMED = "confirmed"  # an import has it
MISSING = "missing"  # it was said to be made, and an import did not have it
OVERTAKEN = "overtaken"  # the field was changed again, here or there, before it was seen
_WITHDRAWN = "correction.withdrawn"  # what was told last is taken back: what was before holds
_STATES = (DONE, REFUSED, CONFIRMED, MISSING, OVERTAKEN)
_KINDS = (*(f"correction.{state}" for state in _STATES), _WITHDRAWN)
_OPEN = (
    "SELECT arrival.*, coalesce(arrival.content, base.content) AS was, ours.content AS now, "
    "record.status IN ('deleted', 'merged') AS gone, (SELECT kept.key FROM arrival AS kept "
    "WHERE kept.record = record.merged_into AND kept.catalogue = arrival.catalogue "
    "AND kept.state = 'latest') AS kept_key, record.merged_into, EXISTS (SELECT 1 FROM conflict "
    "WHERE conflict.record = arrival.record AND conflict.status = 'open') AS contested "
    "FROM arrival JOIN record ON record.id = arrival.record "
    "JOIN version AS ours ON ours.record = record.id AND ours.n = record.version "
    "LEFT JOIN version AS base ON base.record = arrival.record AND base.n = arrival.version "
    "WHERE arrival.state = 'latest' AND record.owner = 'external' "
    "AND CASE WHEN record.status IN ('deleted', 'merged') THEN NOT EXISTS (SELECT 1 FROM finding "
    "WHERE finding.subject = record.id AND code = 'missing-there' AND finding.status = 'open') "
    "ELSE arrival.sha256 <> ours.sha256 END AND (?1 IS NULL OR arrival.catalogue = ?1) "
    "AND (?2 IS NULL OR ours.change_set > ?2) "
    "AND (arrival.catalogue, length(arrival.key), arrival.key) > (?3, ?4, ?5) "
    "ORDER BY arrival.catalogue, length(arrival.key), arrival.key LIMIT 2000"
)


@dataclass(frozen=True, slots=True)
class OpenChange:
    """A record of theirs that says something else here than the last time it came (``arrival``).

    ``key`` is its number in ``catalogue``, or the hash of its first content; ``contested``: both
    sides have changed and nobody has decided yet. ``gone``: it was deleted here, or merged into
    ``merged_into`` (its key there, else our id), and still stands there.
    """

    arrival: int
    file: str
    catalogue: str
    key: str
    record: str
    was: Record
    now: Record
    contested: bool
    gone: bool
    merged_into: str | None


@dataclass(frozen=True, slots=True)
class Mark:
    """What was last told of a correction. ``state`` is a constant of this module.

    ``was`` and ``now`` are the content of field ``tag`` as the journal keeps it; ``note`` is the
    person's reason, ``time`` when it was told, ``seq`` the event that told it.
    """

    code: str
    record: str
    catalogue: str
    state: str
    tag: str
    was: str
    now: str
    note: str = ""
    time: str = ""
    seq: int = 0


def open_changes(
    reader: Reader, catalogue: str | None = None, since: int | None = None
) -> Iterator[OpenChange]:
    """Yield what may differ, by catalogue and number; some thousands in memory at once.

    Among numbers of one length the order is that of their signs, so 9 comes before 10.

    ``since``: only what was changed after the change set of this number.
    """
    after = ("", 0, "")
    while rows := reader.rows(_OPEN, (catalogue, since, *after)):
        for row in rows:
            yield _change(row)
        after = (row["catalogue"], len(row["key"]), row["key"])


def marks(reader: Reader) -> dict[str, Mark]:
    """Return the last mark of every correction that has one, by its code."""
    told: dict[str, list[Mark]] = {}
    for event in events_since(reader, 0, _KINDS):
        known = told.setdefault(event.data["code"], [])
        if event.kind == _WITHDRAWN:
            known[-1:] = []  # nothing where the event that told it is lost
        else:
            known.append(_mark(event))
    return {code: known[-1] for code, known in told.items() if known}


def mark(tx: Transaction, given: Iterable[Mark], sheet: str = "") -> list[int]:
    """Note marks in the journal and return the numbers of the events.

    ``sheet`` is the file that a person's marks came in.
    """
    return [_note(tx, one, sheet) for one in given]


def withdraw_mark(tx: Transaction, told: Mark) -> None:
    """Take back the last mark of a correction."""
    tx.note(_WITHDRAWN, told.record, {"code": told.code, "catalogue": told.catalogue})


def _note(tx: Transaction, one: Mark, sheet: str) -> int:
    told = {"code": one.code, "catalogue": one.catalogue, "tag": one.tag}
    more = (("was", one.was), ("now", one.now), ("note", one.note), ("sheet", sheet))
    told |= {name: text for name, text in more if text or name in ("was", "now")}
    return tx.note(f"correction.{one.state}", one.record, told)


def _mark(event: Event) -> Mark:
    told = {name: text for name, text in event.data.items() if name != "sheet"}
    state = event.kind.removeprefix("correction.")
    return Mark(record=event.subject, state=state, time=event.time, seq=event.seq, **told)


def _change(row: sqlite3.Row) -> OpenChange:
    return OpenChange(
        *(row["id"], row["file"], row["catalogue"], row["key"], row["record"]),
        *(from_json(row["was"]), from_json(row["now"]), bool(row["contested"])),
        *(bool(row["gone"]), row["kept_key"] or row["merged_into"]),
    )
