"""What people did at the desk, as the journal has it: acts, what was put off, what was undone."""

from collections.abc import Mapping
from dataclasses import dataclass

from olketanu.errors import UsageError
from store.changes import Event, events_at, events_of
from store.database import Reader, json_text

ACT, PUT_OFF, UNDONE = "desk.act", "desk.later", "desk.undone"

_STANDS = (
    "NOT EXISTS (SELECT 1 FROM event AS undone WHERE undone.subject = act.subject "
    "AND undone.kind = 'desk.undone' AND json_extract(undone.data, '$.act') = act.seq)"
)


@dataclass(frozen=True, slots=True)
class PutOff:
    """A card (its kind and key) that was last put off by the event ``seq``."""

    kind: str
    key: str
    seq: int


def put_off_cards(reader: Reader) -> list[PutOff]:
    """Return the cards that somebody put off, decided since or not."""
    rows = reader.rows(
        "SELECT json_extract(data, '$.card') AS card, subject, max(seq) AS seq FROM event AS act "  # noqa: S608 - two constants
        f"WHERE kind = 'desk.later' AND {_STANDS} GROUP BY subject, card ORDER BY seq"
    )
    return [PutOff(row["card"], row["subject"], row["seq"]) for row in rows]


def last_times(reader: Reader) -> dict[str, str]:
    """Return when each actor last did something at the desk (UTC)."""
    rows = reader.rows(
        "SELECT actor, max(time) AS last FROM event "
        "WHERE kind IN (SELECT value FROM json_each(?)) GROUP BY actor",
        (json_text([ACT, PUT_OFF, UNDONE]),),
    )
    return {row["actor"]: row["last"] for row in rows}


def last_acts(
    reader: Reader, *, actor: str | None = None, before: int | None = None, limit: int = 50
) -> list[tuple[Event, bool]]:
    """Return acts, the newest first, each with whether it stands (was not undone).

    Of one ``actor`` only, and only those ``before`` an event number, where these are given.
    """
    rows = reader.rows(
        f"SELECT seq, {_STANDS} AS stands FROM event AS act "  # noqa: S608 - a constant
        "WHERE kind IN (SELECT value FROM json_each(?1)) AND (?2 IS NULL OR actor = ?2) "
        "AND (?3 IS NULL OR seq < ?3) ORDER BY seq DESC LIMIT ?4",
        (json_text([ACT, PUT_OFF]), actor, before, limit),
    )
    stands = {int(row["seq"]): bool(row["stands"]) for row in rows}
    found = events_at(reader, stands)
    return [(event, stands[event.seq]) for event in reversed(found)]


def last_form(reader: Reader, subject: str) -> Mapping[str, str]:
    """Return what was told by the last act on a subject that no row knows.

    UsageError ``error.unknown-card``: nobody has done anything with it.
    """
    told = [one for one in events_of(reader, subject) if one.kind == ACT]
    if not told:
        raise UsageError("error.unknown-card", card=subject)
    form: Mapping[str, str] = told[-1].data["form"]
    return form
