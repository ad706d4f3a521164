"""Records shown field by field."""

from collections.abc import Callable
from dataclasses import dataclass

from catalog.crosswalk.convert import convert
from catalog.record import ControlField, DataField, Field, LinkField, Record
from store import links, records
from store.records import StoredRecord
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
            "fields": [line for field in self.record.fields for line in field_lines(field)],
        }

    def lines(self, words: Callable[[str], str]) -> list[str]:
        """Lines for a person."""
        head = f"{self.stored.id}  {self.record.format}  {words(f'status.{self.stored.status}')}"
        body = [line for field in self.record.fields for line in field_lines(field)]
        return [head, f"LDR   {self.record.leader}", *body]


def describe_record(library: Library, identifier: str, wanted: str | None) -> ShownRecord:
    """Return a record, in another format when ``wanted``; UsageError where there is none."""
    stored = records.get_record(library.store, identifier)
    done = convert(stored.record, wanted or stored.format)
    lost = tuple(dict.fromkeys(map(str, done.lost)))
    linked = links.list_links(library.store, record=identifier, status="accepted")
    return ShownRecord(stored, done.record, tuple(link.document for link in linked), lost)


def field_lines(field: Field, indent: str = "") -> list[str]:
    """Return a field as lines of text: ``200 1  $aАтауы``; embedded fields are indented."""
    if isinstance(field, ControlField):
        return [f"{indent}{field.tag}   {field.data}"]
    head = f"{indent}{field.tag} {field.indicators.replace(' ', '_')}"
    if isinstance(field, DataField):
        return [head + " " + "".join(f"${s.code}{s.value}" for s in field.subfields)]
    return [
        head,
        *(line for inner in _inner(field) for line in field_lines(inner, indent + "    ")),
    ]


def _inner(field: LinkField) -> tuple[ControlField | DataField, ...]:
    return field.fields
