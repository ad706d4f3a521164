"""The page of one record: its description, its elements, its fields, and where its copies are."""

from dataclasses import dataclass

from catalog.citation.work import cited_work
from catalog.crosswalk.convert import convert
from catalog.place import LEADER
from catalog.record import ControlField, DataField, Field, LinkField, Record
from workflow.library import Library
from workflow.reading.access import Access, Visit, copies_for, open_record
from workflow.reading.description import Description, description_of
from workflow.reading.metadata import Metadata, Place, metadata_of

FORMATS = ("rusmarc", "marc21")
"""The formats in which the fields of a record are shown."""
MOST_ROWS = 500
"""Rows of a table; a record that has more was made by accident, and is whole in its files."""
_BLANK = "#"


@dataclass(frozen=True, slots=True)
class FieldRow:
    """One field: ``subfields`` are (code, value), a control field has one without a code.

    ``inner`` says that the field is embedded in the one above it.
    """

    tag: str
    indicators: str
    subfields: tuple[tuple[str, str], ...]
    inner: bool = False


@dataclass(frozen=True, slots=True)
class FieldTable:
    """A record field by field in one of ``FORMATS``; the leader is the first row.

    ``left`` counts the rows beyond ``MOST_ROWS``.
    """

    format: str
    rows: tuple[FieldRow, ...]
    left: int


@dataclass(frozen=True, slots=True)
class Copy:
    """A digital copy, and what the visitor may see of it."""

    document: str
    access: Access


@dataclass(frozen=True, slots=True)
class RecordPage:
    """One record as one visitor sees it.

    ``catalogues`` are codes; of a draft the copies are those that the visitor may read.
    """

    id: str
    address: str
    description: Description
    is_draft: bool
    catalogues: tuple[str, ...]
    copies: tuple[Copy, ...]
    tables: tuple[FieldTable, ...]
    metadata: Metadata


def record_page(library: Library, identifier: str, visit: Visit) -> RecordPage:
    """Return the page of a record.

    Raises:
        UsageError, MovedError, WithdrawnError: as :func:`workflow.reading.access.open_record`.
    """
    found = open_record(library, identifier, visit)
    record, address = found.stored.record, library.record_address(found.stored.id)
    told = description_of(library, record, found.stored.id)
    copies = (
        Copy(document.id, access)
        for document, access in copies_for(library, found.stored.id, visit)
        if access.text or not found.is_draft or visit.is_staff
    )
    return RecordPage(
        id=found.stored.id,
        address=address,
        description=told,
        is_draft=found.is_draft,
        catalogues=found.stored.catalogues,
        copies=tuple(copies),
        tables=tuple(field_table(record, form) for form in FORMATS),
        metadata=metadata_of(told, Place(address)),
    )


def field_table(record: Record, form: str) -> FieldTable:
    """Return the fields of a record in a format that it can be converted to."""
    made = convert(record, form).record
    rows = [FieldRow(LEADER, "", (("", made.leader),))]
    for field in made.fields:
        rows.append(_row(field))
        if isinstance(field, LinkField):
            rows += [_row(one, inner=True) for one in field.fields]
    return FieldTable(form, tuple(rows[:MOST_ROWS]), max(0, len(rows) - MOST_ROWS))


def title_of(record: Record) -> str:
    """Return the title under which a record is filed and saved."""
    return cited_work(record).title


def _row(field: Field, *, inner: bool = False) -> FieldRow:
    if isinstance(field, ControlField):
        return FieldRow(field.tag, "", (("", field.data),), inner)
    subfields = field.subfields if isinstance(field, DataField) else ()
    told = tuple((one.code, one.value) for one in subfields)
    return FieldRow(field.tag, field.indicators.replace(" ", _BLANK), told, inner)
