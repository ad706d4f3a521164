"""Sidecars: beside each document the file from which its rows can be made again."""

from store import links, sidecar
from store.changes import Event
from workflow.follow import CatalogueStage, Write
from workflow.library import Library

KINDS = frozenset(
    {"document.settled", "document.changed", "link.proposed", "link.accepted", "link.rejected"}
    | {"record.created", "record.changed", "rights.set", "page.amended"}
)


def read(library: Library, event: Event) -> Write | None:
    """Write the sidecars of the documents that an event is about; they are no rows."""
    for document in _documents(library, event):
        sidecar.write_sidecar(library.store, document)
    return None


def _documents(library: Library, event: Event) -> set[str]:
    if event.kind.startswith("record."):
        return {link.document for link in links.list_links(library.store, record=event.subject)}
    if event.kind.startswith("link."):
        return {links.get_link(library.store, event.subject).document}
    return {event.subject.split("/")[0]}


SIDECAR = CatalogueStage("sidecar", KINDS, read)
