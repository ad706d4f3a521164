"""What of a document, and of its records, one visitor may see on one day."""

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from catalog.rights import Actor, Rights, is_open, may, may_read_record
from catalog.supplied_title import is_untitled
from catalog.view import BibliographicView, view
from olketanu.errors import UsageError
from store import changes
from store.catalogue import links, records
from store.catalogue.records import StoredRecord
from store.digitised import documents, rights
from store.digitised.documents import Document
from store.identifiers import is_valid
from workflow.library import Library
from workflow.naming import DocumentTitle, document_title
from workflow.reading.refusals import MovedError, WithdrawnError

_REFUSED = "quarantined"
_IN_FORCE = ("draft", "active")


@dataclass(frozen=True, slots=True)
class Visit:
    """Somebody in the reading room; terms of rights are reckoned on ``today``."""

    actor: Actor
    today: datetime.date

    @property
    def is_staff(self) -> bool:
        """Whether drafts and what is for staff may be shown."""
        return self.actor.role != "reader"

    def may(self, action: str, held: Rights) -> bool:
        """Return whether the visitor may do this with a document of these rights."""
        return may(self.actor, action, held, self.today)


@dataclass(frozen=True, slots=True)
class Access:
    """What the visitor may see of one document, with its rights; ``public``: so may everybody."""

    rights: Rights
    public: bool
    text: bool
    image: bool
    download: bool

    @property
    def line(self) -> str:
        """The code of the sentence that says who may read: open, until, here, on_site, closed.

        ``here`` is for those who sit in the library: they read, and take nothing with them.
        """
        if self.public:
            return "until" if self.rights.code == "until" else "open"
        if self.text and not self.download:
            return "here"
        return "on_site" if self.rights.code == "on_site" else "closed"


@dataclass(frozen=True, slots=True)
class Described:
    """A record in force, and what it says."""

    stored: StoredRecord
    view: BibliographicView

    @property
    def is_draft(self) -> bool:
        """Whether nobody has accepted it yet."""
        return self.stored.status == "draft"


@dataclass(frozen=True, slots=True)
class Opened:
    """A document that may be spoken of: its access, and its records, the one of the whole first."""

    document: Document
    access: Access
    records: tuple[Described, ...]

    @property
    def main(self) -> Described | None:
        """The record of the whole document."""
        return self.records[0] if self.records else None


def open_document(library: Library, identifier: str, visit: Visit) -> Opened:
    """Return a document as this visitor may know it.

    Raises:
        UsageError: ``error.unknown-document``: there is none, or nothing of it is for them.
        WithdrawnError: its public description was deleted and nothing else may be seen.
    """
    found = documents.find_document(library.store, identifier) if is_valid(identifier) else None
    if found is None:
        raise UsageError("error.unknown-document", document=identifier)
    access = _access(library, found, visit)
    linked = tuple(_linked(library, found.id))
    shown = tuple(
        Described(one, view(one.record)) for one in linked if _is_shown(one, visit, [access])
    )
    if access.text or shown or visit.is_staff:
        return Opened(found, access, _whole_first(shown, found.kind))
    if any(_was_withdrawn(library, one) for one in linked):
        raise WithdrawnError(identifier)
    raise UsageError("error.unknown-document", document=identifier)


def title_of(library: Library, opened: Opened) -> DocumentTitle:
    """Return what the visitor calls the document: as its record says, else as it is known."""
    told = opened.main.view.title if opened.main is not None else ""
    if told and not is_untitled(told):
        return DocumentTitle(told)
    return document_title(library, opened.document, reads=opened.access.text)


def open_record(library: Library, identifier: str, visit: Visit) -> Described:
    """Return a record in force as this visitor may know it.

    Raises:
        UsageError: ``error.unknown-record``: there is none, or it is not for them.
        MovedError: it was merged into another; WithdrawnError: it was public, and was deleted.
    """
    named = records.find_record(library.store, identifier) if is_valid(identifier) else None
    found = _survivor(library, named) if named else None
    if found is not None and _was_withdrawn(library, found):
        raise WithdrawnError(identifier)
    if found is None or not _is_shown(found, visit, _copies(library, found.id, visit)):
        raise UsageError("error.unknown-record", id=identifier)
    if found.id != identifier:
        raise MovedError(found.id)
    return Described(found, view(found.record))


def copies_for(library: Library, record: str, visit: Visit) -> Iterator[tuple[Document, Access]]:
    """Yield the digital copies of a record, with what the visitor may see of each."""
    for link in links.list_links(library.store, record=record, status="accepted"):
        document = documents.get_document(library.store, link.document)
        yield document, _access(library, document, visit)


def _copies(library: Library, record: str, visit: Visit) -> Iterator[Access]:
    return (access for _, access in copies_for(library, record, visit))


def _access(library: Library, document: Document, visit: Visit) -> Access:
    held = rights.get_rights(library.store, document.id)
    there = document.state != _REFUSED or visit.is_staff
    return Access(
        held,
        is_open(held, visit.today) and there,
        *(there and visit.may(one, held) for one in ("view_text", "view_image", "download")),
    )


def _linked(library: Library, document: str) -> Iterator[StoredRecord]:
    """The records of a document; in the place of a merged one the one that it went into."""
    seen = set()
    for link in links.list_links(library.store, document=document, status="accepted"):
        stored = _survivor(library, records.get_record(library.store, link.record))
        if stored.id not in seen:
            seen.add(stored.id)
            yield stored


def _survivor(library: Library, stored: StoredRecord) -> StoredRecord:
    """The record at the end of the merges; a circle, which nothing should make, ends anywhere."""
    seen = {stored.id}
    while stored.merged_into is not None and stored.merged_into not in seen:
        seen.add(stored.merged_into)
        stored = records.get_record(library.store, stored.merged_into)
    return stored


def _is_shown(stored: StoredRecord, visit: Visit, copies: Iterable[Access]) -> bool:
    """Whether the visitor may know a record in force, of which these are the digital copies."""
    read = [access.rights for access in copies if access.text]
    return stored.status in _IN_FORCE and may_read_record(
        visit.actor, stored.status, read, visit.today
    )


def _was_withdrawn(library: Library, stored: StoredRecord) -> bool:
    """Whether the record was public once and was deleted; drafts never were."""
    if stored.status != "deleted":
        return False
    events = changes.events_of(library.store, stored.id)
    return any(event.data.get("status") == "active" for event in events)


def _whole_first(found: tuple[Described, ...], kind: str) -> tuple[Described, ...]:
    """The issue before its articles, else as they are linked: the best first."""
    return tuple(sorted(found, key=lambda one: one.view.kind != kind))
