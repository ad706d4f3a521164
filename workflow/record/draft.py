"""Draft or link: a record for what the catalogue lacks, with the link to its digital copy."""

import datetime

from catalog.dedup.match import block_keys, describe
from catalog.digital_copy import copies, with_copy, without_copy
from catalog.drafting import draft as drafts
from catalog.drafting.build import to_record
from catalog.drafting.draft import Draft
from catalog.drafting.rusmarc import Context
from catalog.record import Record
from catalog.view import view
from olketanu.errors import LockedError
from store import changes
from store.catalogue import findings, links, records
from store.catalogue.links import Link, NewLink
from store.catalogue.records import NewRecord, StoredRecord
from store.changes import Event
from store.database import Transaction
from store.digitised import documents
from store.digitised.documents import Document
from workflow.follow import CatalogueStage, Write
from workflow.library import Library

KINDS = frozenset(
    {
        *("document.unmatched", "document.reextracted"),
        *("link.accepted", "link.rejected", "link.reopened"),
    }
)
DRAFTED = "drafted-from"
"""Evidence of a link that needs no decision: the record was made from this very document."""

_LINKED, _DRAFTED = "link", "draft"
"""Reasons of the changes that give a record its 856."""


def is_drafted(link: Link) -> bool:
    """Whether the record was made from the document that it is linked to."""
    return any(item.get("code") == DRAFTED for item in link.evidence)


def identifiers(record: Record) -> tuple[tuple[str, str], ...]:
    """Return the (scheme, value) pairs under which a record can be found again."""
    keys = block_keys(describe(view(record)))
    number = record.control_number
    return (*keys, ("control", number)) if number else keys


def read(library: Library, event: Event) -> Write | None:
    """Make or refresh the draft, or give an accepted record its field 856, or take it back."""
    if event.kind == "link.accepted":
        return _add_copy(library, event)
    if event.kind == "link.reopened":
        return _take_copy(library, event)
    if event.kind == "link.rejected":
        return _after_rejection(library, event)
    draft = drafts.from_dict(event.data["draft"])
    if event.kind == "document.reextracted":
        return _refresh(library, event.subject, draft)
    return _create(library, event.subject, draft)


def _create(library: Library, document: str, draft: Draft) -> Write | None:
    if links.list_links(library.store, document=document, status="accepted"):
        return None
    catalogue = library.settings.library.catalogue
    number = records.next_record_id(library.store, catalogue, document)
    record = drafted_record(library, document, draft, number)
    new = NewRecord(
        record,
        catalogue,
        document,
        kind=draft.kind,
        status="draft",
        identifiers=identifiers(record),
    )

    def write(tx: Transaction) -> None:
        # A rejected proposal may have been taken back meanwhile: it waits for a person again.
        if links.list_links(tx, document=document, status="proposed"):
            return
        found = records.find_record_at(tx, catalogue, document)
        if found is not None:
            _revive(tx, found, new)
            return
        made = records.create_record(tx, new, changes.new_change_set(tx, _DRAFTED))
        link = links.propose(
            tx, NewLink(document, made.id, evidence=({"code": DRAFTED, "facts": {}},), score=1.0)
        )
        links.accept(tx, link.id)

    return write


def _revive(tx: Transaction, stored: StoredRecord, new: NewRecord) -> None:
    """Let a draft that was withdrawn stand again; one that a person rejected stays rejected."""
    link = links.find_link(tx, new.key, stored.id)
    if link is None or not link.is_withdrawn:
        return
    records.set_status(tx, stored.id, "draft")
    records.save_version(
        tx,
        stored.id,
        new.record,
        parent=stored.version,
        change_set=changes.new_change_set(tx, _DRAFTED),
        identifiers=new.identifiers,
    )
    links.accept(tx, link.id)


def withdraw_draft(tx: Transaction, document: str) -> None:
    """Take back the draft that the program made of a document; without one nothing happens.

    Raises:
        LockedError: ``error.draft-edited``: a person has edited it, or it is in force;
            ``error.document-linked``: the document belongs to another record by now.
    """
    for link in links.list_links(tx, document=document, status="accepted"):
        stored = records.get_record(tx, link.record)
        if not is_drafted(link):
            raise LockedError("error.document-linked", document=document, record=stored.id)
        if stored.status != "draft" or records.edited_by_people(tx, stored.id):
            raise LockedError("error.draft-edited", document=document, record=stored.id)
        links.withdraw(tx, link.id)
        records.set_status(tx, stored.id, "deleted")


def last_draft(library: Library, document: Document) -> Draft:
    """Return what was last read in a document; nothing where nobody has looked yet."""
    told = [
        event
        for event in changes.events_of(library.store, document.id)
        if event.kind == "document.extracted"
    ]
    return drafts.from_dict(told[-1].data["draft"]) if told else Draft(document.kind, ())


def drafted_record(library: Library, document: str, draft: Draft, number: str) -> Record:
    """Return the draft of a document as a record of this library under a control number."""
    created = documents.get_document(library.store, document).created
    context = Context(
        control_number=number,
        time=datetime.datetime.fromisoformat(created),
        organisation=library.settings.library.name or "olketanu",
    )
    record = to_record(draft, context, library.settings.library.catalog_format)
    return with_copy(record, library.address(document))


def _refresh(library: Library, document: str, draft: Draft) -> Write | None:
    """Write a changed draft anew while nobody has edited it; else leave a finding."""
    link = links.list_links(library.store, document=document, status="accepted")[0]
    if not is_drafted(link):
        return None
    stored = records.get_record(library.store, link.record)
    record = drafted_record(library, document, draft, stored.id)
    edited = stored.status != "draft" or records.edited_by_people(library.store, stored.id)

    def write(tx: Transaction) -> None:
        if edited:
            findings.add_finding(tx, stored.id, "draft-differs", {"document": document})
            return
        change = changes.new_change_set(tx, _DRAFTED)
        records.save_version(
            tx,
            stored.id,
            record,
            parent=stored.version,
            change_set=change,
            identifiers=identifiers(record),
        )

    return write


def _after_rejection(library: Library, event: Event) -> Write | None:
    """The record loses the 856 of a link that was accepted before; another one may be likely."""
    document = links.get_link(library.store, event.subject).document
    extracted = [
        e for e in changes.events_of(library.store, document) if e.kind == "document.extracted"
    ]
    taken = _take_copy(library, event) if _is_in_force(library, event) else None
    if not extracted and taken is None:
        return None

    def write(tx: Transaction) -> None:
        if links.get_link(tx, event.subject).status != "rejected":
            return  # taken back
        if taken is not None:
            taken(tx)
        if extracted:
            # Once more through match.
            tx.note("document.extracted", document, extracted[-1].data)

    return write


def _is_in_force(library: Library, event: Event) -> bool:
    """Whether the record of a link is; one that was refused is left as it is, to be taken back."""
    link = links.get_link(library.store, event.subject)
    return records.get_record(library.store, link.record).status in ("draft", "active")


def _add_copy(library: Library, event: Event) -> Write | None:
    link = links.get_link(library.store, event.subject)
    stored = records.get_record(library.store, link.record)
    record = with_copy(stored.record, library.address(link.document))
    if record == stored.record:
        return None
    return _keep(event, stored, record, accepted=True)


def _take_copy(library: Library, event: Event) -> Write | None:
    """Take out the 856 that this link once gave; one that came with the record stays."""
    link = links.get_link(library.store, event.subject)
    stored = records.get_record(library.store, link.record)
    url = library.address(link.document)
    record = without_copy(stored.record, url)
    if record == stored.record or not _was_given(library, stored.id, url):
        return None
    return _keep(event, stored, record, accepted=False)


def _was_given(library: Library, record: str, url: str) -> bool:
    """Whether the newest version that brought the address is this stage's."""
    held, given = False, False
    for version in records.list_versions(library.store, record):
        holds = url in copies(version.record)
        if holds and not held:
            given = changes.is_machine(version.actor) and version.reason in (_LINKED, _DRAFTED)
        held = holds
    return given


def _keep(event: Event, stored: StoredRecord, record: Record, *, accepted: bool) -> Write:
    def write(tx: Transaction) -> None:
        # A later decision has an event of its own behind this one.
        if (links.get_link(tx, event.subject).status == "accepted") is not accepted:
            return
        change = changes.new_change_set(tx, _LINKED)
        records.save_version(tx, stored.id, record, parent=stored.version, change_set=change)

    return write


DRAFT = CatalogueStage("draft", KINDS, read)
