"""What the journal tells of backups: the newest one, and since when something is in none."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from store import changes
from store.changes import Event
from store.database import Reader
from store.disk.space import is_same_disk
from workflow.backup.contents import SAYS_NOTHING
from workflow.backup.snapshots import MARK

_PORTION = 500


@dataclass(frozen=True, slots=True)
class Backup:
    """The newest backup: when, into which folder, up to which event.

    ``there`` says whether the folder can be seen now. ``same_disk``: what takes the library takes
    the backup too, since no folder of an earlier one can be seen on another disk either.
    """

    time: str
    folder: str
    seq: int
    there: bool
    same_disk: bool


def look_at_backup(reader: Reader) -> Backup | None:
    """Return the newest backup that the journal knows, or None."""
    events = changes.events_since(reader, 0, {"backup.done"})
    if not events:
        return None
    newest = events[-1]
    folder = _folder(newest)
    same = is_seen(folder) and not any(
        is_seen(known) and not is_same_disk(known, reader.home.root)
        for known in {_folder(event) for event in events}
    )
    seq = int(newest.data.get("seq", newest.seq))
    return Backup(newest.time, str(folder), seq, is_seen(folder), same)


def is_seen(folder: Path) -> bool:
    """Return whether a backup is in the folder: a mount point stands there without its disk too."""
    return (folder / MARK).is_file()


def _folder(event: Event) -> Path:
    return Path(str(event.data.get("folder", "")))


def unsaved_since(reader: Reader, backup: Backup | None) -> str | None:
    """Return the time of the first event with news that is in no backup, or None."""
    after = events_after(reader, backup.seq if backup else 0)
    return next((event.time for event in after if is_news(event)), None)


def is_news(event: Event) -> bool:
    """Return whether an event says something of the library, not only of its safety."""
    return not event.kind.startswith(SAYS_NOTHING)


def events_after(reader: Reader, seq: int) -> Iterator[Event]:
    """Yield the events after ``seq`` in their order; memory does not grow with the journal."""
    while portion := changes.events_since(reader, seq, limit=_PORTION):
        yield from portion
        seq = portion[-1].seq
