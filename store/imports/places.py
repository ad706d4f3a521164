"""Where records of a file would go: what stands under their keys, and which ids are free."""

from collections.abc import Iterable
from dataclasses import dataclass

from store.database import Reader, json_text


@dataclass(frozen=True, slots=True)
class Place:
    """A record that stands under a key of a catalogue, as it is now."""

    record: str
    version: int
    status: str


def places_at(reader: Reader, catalogue: str, keys: Iterable[str]) -> dict[str, Place]:
    """Return by key the records that were entered in ``catalogue`` under these keys."""
    rows = reader.rows(
        "SELECT source_key, id, version, status FROM record WHERE catalogue = ? "
        "AND source_key IN (SELECT value FROM json_each(?))",
        (catalogue, json_text(sorted(set(keys)))),
    )
    return {row["source_key"]: Place(row["id"], row["version"], row["status"]) for row in rows}


def taken_ids(reader: Reader, identifiers: Iterable[str]) -> set[str]:
    """Return which of these ids records have already."""
    rows = reader.rows(
        "SELECT id FROM record WHERE id IN (SELECT value FROM json_each(?))",
        (json_text(sorted(set(identifiers))),),
    )
    return {row["id"] for row in rows}
