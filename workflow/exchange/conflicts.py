"""Conflicts: what both sides changed, shown side by side and decided by a person."""

from collections.abc import Sequence
from dataclasses import dataclass

from catalog.comparison.differences import differences
from catalog.field_text import field_lines
from catalog.place import LEADER
from catalog.record import ControlField, Field, Record
from catalog.view import view
from store.catalogue import records
from store.imports.arrivals import Arrival, get_arrival
from store.imports.conflicts import Conflict, get_conflict, list_conflicts
from store.imports.files import get_file
from workflow.desk.acts import perform
from workflow.desk.card import Act
from workflow.exchange.resolving import CONFLICTS, TAKE, TAKEN, require_choice, tags_of
from workflow.library import Library


@dataclass(frozen=True, slots=True)
class ConflictLine:
    """A conflict in one line; ``tags`` are the fields in which the two sides differ now."""

    conflict: Conflict
    number: str
    catalogue: str
    title: str
    file: str
    tags: tuple[str, ...]

    def as_json(self) -> dict[str, object]:
        """One JSON line."""
        return {
            "conflict": self.conflict.id,
            "record": self.conflict.record,
            "number": self.number,
            "catalogue": self.catalogue,
            "title": self.title,
            "file": self.file,
            "tags": list(self.tags),
            "status": self.conflict.status,
        }


@dataclass(frozen=True, slots=True)
class Side:
    """All fields of one tag on the three sides, as text; None where a side has none."""

    tag: str
    base: str | None
    theirs: str | None
    ours: str | None

    def as_json(self) -> dict[str, object]:
        """One JSON line."""
        return {
            "tag": self.tag,
            "base": self.base,
            "theirs": self.theirs,
            "ours": self.ours,
        }


def conflict_lines(library: Library, *, every: bool) -> list[ConflictLine]:
    """Return the conflicts that wait, or with ``every`` all there were."""
    found = list_conflicts(library.store, None if every else "open")
    return [_line(library, one) for one in found]


def conflict_sides(library: Library, identifier: str) -> tuple[ConflictLine, list[Side]]:
    """Return a conflict and its three sides, a row a tag that differs anywhere.

    Raises:
        UsageError: ``error.unknown-conflict``.
    """
    found = get_conflict(library.store, identifier)
    theirs = get_arrival(library.store, found.theirs).content
    ours = records.get_record(library.store, found.record).record
    base = None if found.base is None else get_arrival(library.store, found.base).content
    pairs = [(theirs, ours), *([(base, theirs), (base, ours)] if base else [])]
    tags = sorted({one.tag for pair in pairs for one in differences(*pair)}, key=_rank)
    sides = [Side(tag, *(_text(side, tag) for side in (base, theirs, ours))) for tag in tags]
    return _line(library, found), sides


def decide(
    library: Library, identifier: str, what: Sequence[str], *, actor: str, dry_run: bool
) -> tuple[ConflictLine, int | None]:
    """Resolve a conflict: ``theirs``, ``ours``, or tags whose fields are taken from theirs.

    Taking theirs whole makes a version with its bytes; taking fields makes one of ours. Returned
    are the conflict as it was and the number of the act, None when only tried.

    Raises:
        UsageError: ``error.unknown-conflict``, or as :func:`workflow.exchange.resolving.
            require_choice`.
    """
    found = get_conflict(library.store, identifier)
    require_choice(library.store, found, what)
    line = _line(library, found)
    if dry_run:
        return line, None
    form = {TAKEN: " ".join(what)}
    return line, perform(library, Act(CONFLICTS.name, identifier, TAKE, None, actor, form))


def _line(library: Library, found: Conflict) -> ConflictLine:
    came: Arrival = get_arrival(library.store, found.theirs)
    ours = records.get_record(library.store, found.record).record
    name = get_file(library.store, came.file).name
    title = view(ours).title
    tags = tags_of(library.store, found)
    return ConflictLine(found, came.key, came.catalogue, title, name, tags)


def _text(record: Record | None, tag: str) -> str | None:
    if record is None:
        return None
    found: list[Field] = list(record.all(tag))
    if tag == LEADER:
        found = [ControlField(LEADER, record.leader)]
    lines = (line for field in found for line in field_lines(field, record.format))
    return "\n".join(lines) or None


def _rank(tag: str) -> tuple[bool, str]:
    return tag != LEADER, tag
