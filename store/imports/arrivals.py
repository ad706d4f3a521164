"""What came for which record: one row for every time its bytes were new."""

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from catalog.record import Record, from_json
from store.database import Reader, json_text, json_value

_SELECT = (
    "SELECT arrival.*, coalesce(arrival.content, version.content) AS whole, "
    "coalesce(arrival.raw, version.raw) AS bytes FROM arrival LEFT JOIN version "
    "ON version.record = arrival.record AND version.n = arrival.version "
)


@dataclass(frozen=True, slots=True)
class Arrival:
    """A record as it came at ``place`` of ``file``, for the record ``record``.

    ``outcome``: new, updated, same (as ours is), member (of a further catalogue), kept (ours was
    changed, this says nothing new), conflict. ``version`` holds the content; None where ours
    stayed. ``state``: latest (the base of the next comparison), past, withdrawn.
    """

    id: int
    file: str
    place: int
    catalogue: str
    key: str
    record: str
    outcome: str
    state: str
    version: int | None
    sha256: str
    raw_sha256: str
    content: Record
    raw: bytes
    charset: str
    notes: tuple[Mapping[str, str], ...]


def get_arrival(reader: Reader, arrival: int) -> Arrival:
    """Return an arrival; LookupError where there is none."""
    return _arrival(reader.rows(_SELECT + "WHERE arrival.id = ?", (arrival,))[0])


def latest_by_key(
    reader: Reader, keys: Iterable[str], catalogue: str | None = None
) -> dict[str, list[Arrival]]:
    """Return by key what last came, for one catalogue or, without it, for each of all."""
    rows = reader.rows(
        _SELECT  # noqa: S608 - two constants
        + "WHERE key IN (SELECT value FROM json_each(?1)) AND state = 'latest' "
        "AND (?2 IS NULL OR catalogue = ?2) ORDER BY arrival.id",
        (json_text(sorted(set(keys))), catalogue),
    )
    found: dict[str, list[Arrival]] = {}
    for row in rows:
        found.setdefault(row["key"], []).append(_arrival(row))
    return found


def arrivals_of(reader: Reader, record: str) -> list[Arrival]:
    """Return everything that came for a record, the oldest first."""
    rows = reader.rows(_SELECT + "WHERE arrival.record = ? ORDER BY arrival.id", (record,))
    return [_arrival(row) for row in rows]


def outcomes_in(reader: Reader, file: str) -> dict[int, str]:
    """Return what became of the records of a file that are in already, by arrival."""
    rows = reader.rows("SELECT id, outcome FROM arrival WHERE file = ?", (file,))
    return {row["id"]: row["outcome"] for row in rows}


def missing_from(
    reader: Reader, file: str, catalogue: str, unclaimed: Sequence[int]
) -> list[tuple[str, str]]:
    """Return (record, key) of what the catalogue had and ``file`` has not, by key.

    ``unclaimed`` are the arrivals whose bytes did not stand in the file.
    """
    rows = reader.rows(
        "SELECT record, arrival.key AS number FROM arrival "
        "JOIN json_each(?1) AS asked ON asked.value = arrival.id "
        "WHERE catalogue = ?2 AND state = 'latest' AND file <> ?3 ORDER BY number",
        (json_text(list(unclaimed)), catalogue, file),
    )
    return [(row["record"], row["number"]) for row in rows]


def _arrival(row: sqlite3.Row) -> Arrival:
    return Arrival(
        *(row["id"], row["file"], row["place"], row["catalogue"], row["key"], row["record"]),
        *(row["outcome"], row["state"], row["version"], row["sha256"], row["raw_sha256"]),
        *(from_json(row["whole"]), row["bytes"], row["charset"]),
        tuple(json_value(row["notes"])),
    )
