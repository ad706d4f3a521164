"""The journal as files: ``journal/000001.jsonl`` holds the events 1 to 1000, and so on.

A segment that is full is never written again; the last one grows. ``journal/head.json`` says how
far the journal goes and how far each stage has followed it.
"""

from typing import Any

from store.chain import START
from store.database import Reader, json_value
from store.sidecars.form import line, page

SEGMENT = 1000
"""Events a segment."""

CURSOR = "sidecars"
"""Cursor of the sidecars themselves; after a rebuild it stands at the end of the journal."""


def segment_of(seq: int) -> int:
    """Return the number of the segment that holds the event ``seq``; both count from 1."""
    return (seq - 1) // SEGMENT + 1


def list_segments(reader: Reader) -> list[int]:
    """Return the numbers of all segments that hold an event, in order."""
    rows = reader.rows(
        "SELECT DISTINCT (seq - 1) / ? + 1 AS number FROM event ORDER BY number", (SEGMENT,)
    )
    return [int(row["number"]) for row in rows]


def segment(reader: Reader, number: int) -> bytes:
    """Return one segment: a line an event, in order."""
    rows = reader.rows(
        "SELECT * FROM event WHERE seq > ? AND seq <= ? ORDER BY seq",
        ((number - 1) * SEGMENT, number * SEGMENT),
    )
    return b"".join(line(dict(row) | {"data": json_value(row["data"])}) for row in rows)


def head(reader: Reader) -> bytes:
    """Return the sidecar of the journal's end: number and chain of the last event, cursors."""
    last = reader.rows("SELECT seq, chain FROM event ORDER BY seq DESC LIMIT 1")
    content: dict[str, Any] = {
        "seq": last[0]["seq"] if last else 0,
        "chain": last[0]["chain"] if last else START,
        "cursors": {
            row["name"]: row["seq"]
            for row in reader.rows("SELECT name, seq FROM cursor WHERE name <> ?", (CURSOR,))
        },
    }
    return page(content)
