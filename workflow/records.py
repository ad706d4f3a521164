"""Records shown and exported: RUSMARC or MARC 21, as ISO 2709 or MARCXML."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from catalog.crosswalk.convert import convert
from catalog.marc.exchange import ReadOrder, open_exchange, write_exchange
from catalog.marc.reading import ReadRecord
from catalog.record import ControlField, DataField, Field, LinkField, Record
from olketanu.errors import InputError, UsageError
from store import links, records
from store.files import write_durably
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


@dataclass(frozen=True, slots=True)
class Export:
    """What to export: ``format`` rusmarc or marc21; ``container`` iso2709 or marcxml."""

    target: Path
    format: str
    container: str
    only: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Exported:
    """How many records were written, and (record, fields) that are only in 886."""

    records: int
    lost: tuple[tuple[str, str], ...]


def describe_record(library: Library, identifier: str, wanted: str | None) -> ShownRecord:
    """Return a record, in another format when ``wanted``; UsageError where there is none."""
    stored = records.get_record(library.store, identifier)
    done = convert(stored.record, wanted or stored.format)
    lost = tuple(dict.fromkeys(map(str, done.lost)))
    linked = links.list_links(library.store, record=identifier, status="accepted")
    return ShownRecord(stored, done.record, tuple(link.document for link in linked), lost)


def export_records(library: Library, order: Export, *, dry_run: bool) -> Exported:
    """Write the records to ``order.target``; the file appears only after it was read back equal.

    Raises:
        UsageError: unknown record, nothing to export. InputError: a record does not fit ISO 2709.
        CannotWriteError: the target cannot be written.
    """
    chosen = _chosen(library, order.only)
    done = [(stored, convert(stored.record, order.format)) for stored in chosen]
    if not done:
        raise UsageError("error.nothing-to-export")
    lost = tuple((stored.id, " ".join(map(str, one.lost))) for stored, one in done if one.lost)
    data = _written([one.record for _, one in done], order)
    if not dry_run:
        write_durably(order.target.resolve(), data)
    return Exported(len(done), lost)


def _chosen(library: Library, only: tuple[str, ...]) -> Iterable[StoredRecord]:
    if only:
        return [records.get_record(library.store, identifier) for identifier in only]
    kept = ("draft", "active")
    return [r for r in records.iterate_records(library.store) if r.status in kept]


def _written(wanted: list[Record], order: Export) -> bytes:
    """Return the bytes of the file; InputError ``error.export-differs`` if they read back other."""
    data = b"".join(write_exchange(wanted, order.container))
    opened = open_exchange(BytesIO(data), ReadOrder(order.container, order.format, "utf-8"))
    back = [one.record for one in opened.records if isinstance(one, ReadRecord)]
    if [_content(r) for r in back] != [_content(r) for r in wanted]:
        raise InputError("error.export-differs", file=str(order.target))
    return data


def _content(record: Record) -> tuple[Field, ...]:
    # Lengths in the leader (ISO 2709 §4.3) are the container's, not the record's.
    return record.fields


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
