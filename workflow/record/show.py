"""Records shown field by field."""

from collections.abc import Callable
from dataclasses import dataclass

from catalog.crosswalk.convert import convert
from catalog.field_text import field_lines
from catalog.place import LEADER
from catalog.record import Record
from olketanu.errors import UsageError
from store.catalogue import links, records
from store.catalogue.records import StoredRecord
from workflow.library import Library


@dataclass(frozen=True, slots=True)
class ShownRecord:
    """A record with its status and the documents linked to it."""

    stored: StoredRecord
    record: Record
    documents: tuple[str, ...]
    lost: tuple[str, ...]

    def as_json(self) -> dict[str, object]:
        """One JSON line."""
        return {
            "record": self.stored.id,
            "format": self.record.format,
            "status": self.stored.status,
            "owner": self.stored.owner,
            "version": self.stored.version,
            "documents": list(self.documents),
            "lost": list(self.lost),
            "leader": self.record.leader,
            "fields": self._field_lines(),
        }

    def lines(self, words: Callable[[str], str]) -> list[str]:
        """Lines for a person."""
        head = f"{self.stored.id}  {self.record.format}  {words(f'status.{self.stored.status}')}"
        return [head, f"{LEADER}    {self.record.leader}", *self._field_lines()]

    def _field_lines(self) -> list[str]:
        made = self.record
        return [line for field in made.fields for line in field_lines(field, made.format)]


def record_id(library: Library, name: str) -> str:
    """Return the id of a record that is named by it, or by its number in its own system (001).

    UsageError ``error.unknown-record``; ``error.number-twice`` where several bear the number.
    """
    if records.find_record(library.store, name) is not None:
        return name
    found = records.find_by_identifier(library.store, "control", name)
    there = [one for one in found if records.get_record(library.store, one).status != "deleted"]
    if len(there) > 1:
        raise UsageError("error.number-twice", number=name, records=", ".join(there))
    if not there:
        raise UsageError("error.unknown-record", id=name)
    return there[0]


def describe_record(library: Library, identifier: str, wanted: str | None) -> ShownRecord:
    """Return a record, in another format when ``wanted``; errors as ``record_id``."""
    stored = records.get_record(library.store, record_id(library, identifier))
    done = convert(stored.record, wanted or stored.format)
    lost = tuple(dict.fromkeys(map(str, done.lost)))
    linked = links.list_links(library.store, record=stored.id, status="accepted")
    return ShownRecord(stored, done.record, tuple(link.document for link in linked), lost)
