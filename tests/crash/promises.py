"""What a workload acknowledged must be in the home whenever it is opened again."""

from collections.abc import Sequence

from store.catalogue import links, records
from store.digitised import batches, documents
from store.digitised import pages as page_rows
from store.digitised.documents import Document
from store.disk.files import sha256_of
from workflow.library import Library


def the_document(library: Library) -> Document:
    """Return the first document of the home; most workloads have one."""
    return documents.list_documents(library.store)[0]


def lost_nothing(_: Library, __: Sequence[str]) -> list[str]:
    """For work that promises no more than a whole home."""
    return []


def lost_documents(library: Library, acks: Sequence[str]) -> list[str]:
    known = {d.name for d in documents.list_documents(library.store)}
    sources = batches.list_sources(library.store, "batch") if known else []
    ended = {s.name for s in sources if s.state != "waiting"}
    named = {name.split("/")[0].removesuffix(".png") for name in ended} | known
    return [f"lost: {ack}" for ack in acks if ack.split(" ")[1].removesuffix(".png") not in named]


def lost_work(library: Library, acks: Sequence[str]) -> list[str]:
    document = the_document(library)
    pages = page_rows.list_pages(library.store, document.id)
    there = {f"page {page.key} {page.recognised_key}" for page in pages}
    there.add(f"assembled {document.assembled_key}")
    return [f"lost: {ack}" for ack in acks if ack not in there]


def lost_records(library: Library, acks: Sequence[str]) -> list[str]:
    lost = []
    for ack in acks:
        word, key, *version = ack.split(" ")
        if word == "link":
            kept = any(link.status == key for link in links.list_links(library.store))
        elif word == "found":
            kept = found_records(library, key) == 1
        else:
            stored = records.find_record_at(library.store, "books", key)
            kept = stored is not None and stored.version >= int(version[0])
        lost += [] if kept else [f"lost: {ack}"]
    return lost


def lost_sidecar(library: Library, acks: Sequence[str]) -> list[str]:
    """An acknowledged sidecar is there, whole (the general check), or a newer one in its place."""
    path = library.home.sidecar(the_document(library).id)
    if not acks:
        return []
    if path.is_file() and (len(acks) == 1 or f"sidecar {sha256_of(path)}" == acks[-1]):
        return []
    return [f"lost: {acks[-1]}"]


def found_records(library: Library, query: str) -> int:
    """Return how many records the index finds; 0 where it must be made again first."""
    from search.index.generations import IndexUnusableError
    from tests.asked import search

    try:
        return search(library.home, query, actor_sees_restricted=True, limit=9).total
    except IndexUnusableError:
        return 0
