"""Acts at the console: what can be taken back, and what taking back would do."""

from collections.abc import Sequence
from dataclasses import dataclass

from store.database import Reader
from workflow.desk.acts import Done, recent, take_back_all, title_of
from workflow.library import Library


@dataclass(frozen=True, slots=True)
class ActLine:
    """An act with what a person knows its subject by; ``stands``: it was not taken back."""

    done: Done
    title: str
    stands: bool

    def as_json(self) -> dict[str, object]:
        """One JSON line."""
        done, act = self.done, self.done.act
        told = {"act": done.number, "time": done.time, "actor": act.actor}
        what = {"kind": act.kind, "what": act.name, "subject": act.key, "title": self.title}
        return {**told, **what, "stands": self.stands}


def list_acts(
    reader: Reader, *, by: str | None = None, every: bool = False, limit: int = 20
) -> list[ActLine]:
    """Return acts that stand, or ``every`` one, the newest first: of one person with ``by``."""
    found: list[ActLine] = []
    before: int | None = None
    while len(found) < limit:
        part = recent(reader, actor=by, before=before, limit=limit)
        found += [
            ActLine(done, title_of(reader, done), stands)
            for done, stands in part
            if stands or every
        ]
        if len(part) < limit:
            break
        before = part[-1][0].number
    return found[:limit]


def undo_acts(
    library: Library, numbers: Sequence[int], actor: str, *, dry_run: bool
) -> list[ActLine]:
    """Take acts back, all or none, and return them, the newest first.

    Errors as of :func:`workflow.desk.acts.take_back`.
    """
    undone = take_back_all(library, numbers, actor, dry_run=dry_run)
    return [ActLine(done, title_of(library.store, done), stands=dry_run) for done in undone]
