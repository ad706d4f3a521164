"""Conflicts: what both sides changed, shown side by side and decided by a person."""

from collections.abc import Sequence
from dataclasses import dataclass

from catalog.comparison.differences import differences
from catalog.comparison.three_way import take_fields
from catalog.field_text import field_lines
from catalog.place import LEADER
from catalog.record import ControlField, Field, Record
from catalog.view import view
from olketanu.errors import UsageError
from store.catalogue import records
from store.catalogue.records import StoredRecord
from store.changes import new_change_set
from store.database import Transaction
from store.imports.arrivals import Arrival, get_arrival
from store.imports.conflicts import Conflict, close_conflict, get_conflict, list_conflicts
from store.imports.files import get_file
from store.imports.landing import ALIAS
from store.imports.originals import save_arrival
from workflow.exchange.reading import identifiers_of, number_behind
from workflow.library import Library

THEIRS, OURS = "theirs", "ours"


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
) -> ConflictLine:
    """Resolve a conflict: ``theirs``, ``ours``, or tags whose fields are taken from theirs.

    Taking theirs whole makes a version with its bytes; taking fields makes one of ours.

    Raises:
        UsageError: ``error.unknown-conflict``; ``error.conflict-closed``; ``error.conflict-field``:
            theirs and ours do not differ in such a field.
    """
    with library.store.transaction(actor) as tx:
        found = get_conflict(tx, identifier)
        line = _line(library, found)
        if found.status != "open":
            raise UsageError("error.conflict-closed", id=identifier)
        unknown = [tag for tag in what if tag not in (THEIRS, OURS, *line.tags)]
        if unknown or (len(what) > 1 and {THEIRS, OURS} & set(what)):
            known = ", ".join((THEIRS, OURS, *line.tags))
            raise UsageError("error.conflict-field", fields=" ".join(what), known=known)
        if dry_run:
            return line
        ours = records.get_record(tx, found.record)
        came = get_arrival(tx, found.theirs)
        close_conflict(tx, found, "resolved", " ".join(what))
        if list(what) == [OURS]:
            return line
        _save(tx, ours, came, what, new_change_set(tx, f"conflict {identifier}: {' '.join(what)}"))
        return line


def _save(
    tx: Transaction, ours: StoredRecord, came: Arrival, what: Sequence[str], change_set: int
) -> None:
    """Make the version that was decided upon."""
    number = number_behind(came.key)
    if list(what) == [THEIRS]:
        named = identifiers_of(came.content, number)
        save_arrival(tx, came, ours.version + 1, named, change_set)
        return
    merged = take_fields(ours.record, came.content, what)
    aliases = [pair for pair in records.identifiers_of(tx, ours.id) if pair[0] == ALIAS]
    records.save_version(
        tx,
        ours.id,
        merged,
        parent=ours.version,
        change_set=change_set,
        identifiers=(*identifiers_of(merged, number), *aliases),
    )


def _line(library: Library, found: Conflict) -> ConflictLine:
    came: Arrival = get_arrival(library.store, found.theirs)
    ours = records.get_record(library.store, found.record).record
    tags = dict.fromkeys(one.tag for one in differences(ours, came.content))
    name = get_file(library.store, came.file).name
    title = view(ours).title
    return ConflictLine(found, came.key, came.catalogue, title, name, tuple(tags))


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
