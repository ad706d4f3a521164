"""Save what was changed in a record by hand."""

import datetime
from dataclasses import replace

from catalog.record import ControlField, Record
from store import changes
from store.catalogue import records
from store.catalogue.records import StoredRecord
from store.database import Transaction
from workflow.record.draft import identifiers

_TIME = "005"


def save_record(
    tx: Transaction, stored: StoredRecord, record: Record, change_set: int
) -> StoredRecord:
    """Save ``record`` as the next version of ``stored``; the same again writes nothing.

    What the record was known by beside its own content (a number of another system) stays.

    Raises:
        LockedError: ``error.record-changed``.
    """
    others = set(records.identifiers_of(tx, stored.id)) - set(identifiers(stored.record))
    return records.save_version(
        *(tx, stored.id, record),
        parent=stored.version,
        change_set=change_set,
        identifiers=others.union(identifiers(record)),
    )


def save_typed(tx: Transaction, stored: StoredRecord, record: Record, reason: str) -> StoredRecord:
    """Save what a person typed: :func:`save_record` in a change set of its own.

    A record of ours takes the time of the transaction as its time of last change (005); in one that
    another system owns it would be a correction that nobody made.
    """
    if record == stored.record:
        return stored
    if stored.owner == "here":
        record = _at(record, tx.now)
    return save_record(tx, stored, record, changes.new_change_set(tx, reason))


def _at(record: Record, now: str) -> Record:
    """The record with the time ``now`` (ISO 8601) in the field that it has for it, if any."""
    told = datetime.datetime.fromisoformat(now).strftime("%Y%m%d%H%M%S.0")
    fields = tuple(
        ControlField(_TIME, told) if isinstance(f, ControlField) and f.tag == _TIME else f
        for f in record.fields
    )
    return replace(record, fields=fields)
