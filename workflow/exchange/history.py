"""History of a record and what two of its versions differ in, for a person to read."""

from collections.abc import Iterator
from dataclasses import dataclass

from catalog.comparison.differences import differences
from catalog.field_text import field_lines
from catalog.record import Field
from olketanu.errors import UsageError
from olketanu.messages.translate import has_message, translate
from store.catalogue import records
from store.catalogue.records import Version
from store.imports.arrivals import Arrival, arrivals_of
from store.imports.files import ImportFile, get_file
from workflow.library import Library
from workflow.record.show import record_id


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One thing that happened to a record.

    ``what`` is ``version``, or what an import brought without changing the record (``same``,
    ``kept``, ``member``, ``conflict``); ``tags`` are those that the version changed.
    """

    record: str
    what: str
    version: int | None
    time: str
    actor: str
    reason: str
    change: int
    file: str | None
    batch: str | None
    place: int | None
    tags: tuple[str, ...] = ()

    def as_json(self) -> dict[str, object]:
        """One JSON line."""
        return {
            "record": self.record,
            "what": self.what,
            "version": self.version,
            "time": self.time,
            "actor": self.actor,
            "reason": self.reason,
            "change": self.change,
            "file": self.file,
            "import": self.batch,
            "place": self.place,
            "tags": list(self.tags),
        }


@dataclass(frozen=True, slots=True)
class DifferenceLine:
    """One field that differs between two versions; the texts are None where it is not there."""

    record: str
    first: int
    second: int
    tag: str
    was: str | None
    now: str | None

    def as_json(self) -> dict[str, object]:
        """One JSON line."""
        return {
            "record": self.record,
            "from": self.first,
            "to": self.second,
            "tag": self.tag,
            "was": self.was,
            "now": self.now,
        }


def history(library: Library, name: str) -> list[HistoryLine]:
    """Return what happened to a record, the oldest first; errors as ``record_id``."""
    record = record_id(library, name)
    came = arrivals_of(library.store, record)
    files = {one.file: get_file(library.store, one.file) for one in came}
    versions = records.list_versions(library.store, record)
    brought = {(files[one.file].change_set, one.version): one for one in came}
    lines = []
    for number, version in enumerate(versions):
        before = versions[number - 1] if number else None
        one = brought.get((version.change_set, version.n))
        lines.append(_version(version, before, one, files.get(one.file) if one else None))
    made = {(version.change_set, version.n) for version in versions}
    lines += [
        _arrival(one, files[one.file])
        for one in came
        if (files[one.file].change_set, one.version) not in made
    ]
    return sorted(lines, key=lambda line: (line.time, line.change))


def difference_lines(
    library: Library, name: str, first: int | None = None, second: int | None = None
) -> list[DifferenceLine]:
    """Return the fields in which two versions differ: the last change where none are named.

    With ``first`` alone: what was changed since.

    Raises:
        UsageError: as ``record_id``; ``error.unknown-version``.
    """
    record = record_id(library, name)
    newest = records.get_record(library.store, record).version
    new = newest if second is None else second
    old = max(newest - 1, 1) if first is None else first
    versions = {one.n: one.record for one in records.list_versions(library.store, record)}
    for number in (old, new):
        if number not in versions:
            raise UsageError("error.unknown-version", id=record, number=number, newest=newest)
    found = differences(versions[old], versions[new])
    was, now = versions[old].format, versions[new].format
    return [
        DifferenceLine(record, old, new, one.tag, _shown(one.was, was), _shown(one.now, now))
        for one in found
    ]


def told_reason(reason: str) -> str:
    """Return a reason that the program wrote in the language spoken; a person's stays as it is."""
    word, _, rest = reason.partition(" ")
    key = f"reason.{word.removesuffix(':')}"
    if not has_message(key):
        return reason
    return translate(key, {"what": told_reason(rest) if word == "undo:" else rest})


def _shown(field: Field | None, form: str) -> str | None:
    """Return a field as text, embedded fields in lines of their own; None for None."""
    return None if field is None else "\n".join(field_lines(field, form))


def _version(
    version: Version, before: Version | None, came: Arrival | None, file: ImportFile | None
) -> HistoryLine:
    changed: Iterator[str] = iter(())
    if before is not None:
        changed = (one.tag for one in differences(before.record, version.record))
    told = (version.time, version.actor, version.reason, version.change_set)
    name, identifier = (None, None) if file is None else (file.name, file.id)
    place = None if came is None else came.place
    tags = tuple(dict.fromkeys(changed))
    return HistoryLine(
        version.record_id, "version", version.n, *told, name, identifier, place, tags
    )


def _arrival(came: Arrival, file: ImportFile) -> HistoryLine:
    return HistoryLine(
        *(came.record, came.outcome, came.version, file.time, file.actor),
        *(file.reason, file.change_set, file.name, file.id, came.place),
    )
