"""What became of a record: each of its versions, by whom, why, and what changed with it."""

from collections.abc import Iterator
from dataclasses import dataclass

from catalog.comparison.differences import differences
from catalog.field_text import field_lines
from catalog.isbd.describe import describe
from catalog.isbd.text import to_text
from catalog.record import Field, Record
from catalog.view import title_of
from store.catalogue import records
from store.catalogue.records import StoredRecord, Version
from store.changes import is_machine
from workflow.exchange.history import HistoryLine, history, told_reason
from workflow.library import Library
from workflow.record.describe import library_style


@dataclass(frozen=True, slots=True)
class Changed:
    """A field that a version changed, as text; empty where it was not, or is not, there."""

    was: str
    now: str


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happened; ``version`` is 0 where it changed nothing in the record."""

    line: HistoryLine
    reason: str
    version: int
    changed: tuple[Changed, ...]

    @property
    def is_by_program(self) -> bool:
        """Whether no person did it."""
        return is_machine(self.line.actor)


@dataclass(frozen=True, slots=True)
class RecordPast:
    """A record as it is now, and its past, the newest first."""

    stored: StoredRecord
    title: str
    description: str
    steps: tuple[Step, ...]

    @property
    def is_in_force(self) -> bool:
        """Whether it can be edited, and given back an older version."""
        return self.stored.status in ("draft", "active")


def record_past(library: Library, key: str) -> RecordPast:
    """Return the past of a record; UsageError ``error.unknown-record``."""
    stored = records.get_record(library.store, key)
    versions = {one.n: one for one in records.list_versions(library.store, key)}
    style = library_style(library.settings)
    return RecordPast(
        stored,
        title_of(stored.record),
        to_text([describe(stored.record, style)]).strip(),
        tuple(_step(line, versions) for line in reversed(history(library, key))),
    )


def _step(line: HistoryLine, versions: dict[int, Version]) -> Step:
    number = line.version if line.what == "version" and line.version is not None else 0
    now, before = versions.get(number), versions.get(number - 1)
    changed = tuple(_changed(before.record, now.record)) if now and before else ()
    return Step(line, told_reason(line.reason), number, changed)


def _changed(before: Record, now: Record) -> Iterator[Changed]:
    for one in differences(before, now):
        yield Changed(_text(one.was, before.format), _text(one.now, now.format))


def _text(field: Field | None, form: str) -> str:
    return "" if field is None else "\n".join(field_lines(field, form))
