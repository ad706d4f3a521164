"""What must be true of a library home at every moment, whatever ended the work."""

import json
from collections.abc import Iterator
from pathlib import Path

from lxml import etree

from catalog.record import record_hash
from pages.words import load
from search.index.generations import IndexState, damaged, inspect_index
from store import changes, jobs
from store.catalogue import links, records
from store.digitised import batches, documents
from store.digitised import pages as page_rows
from store.digitised.documents import Document
from store.disk import masters
from store.disk.files import is_temporary, sha256_of
from store.identifiers import short_id
from tests.crash.quick_tasks import is_sealed
from workflow.library import Library


def violations(library: Library) -> list[str]:
    """Return what is wrong with the home, a line each; [] when nothing is."""
    checks = (
        *(_catalogue, _masters, _sources, _pages, _files, _sidecars),
        *(_records, _links, _index, _quarantine),
    )
    return [f"{check.__name__[1:]}: {line}" for check in checks for line in check(library)]


def catalogue_violations(library: Library) -> list[str]:
    """The same for a catalogue without its files."""
    return [f"catalogue: {line}" for line in _catalogue(library)]


def index_violations(library: Library) -> list[str]:
    """The same for a catalogue and its index, where the files of documents were never made."""
    checks = (_catalogue, _records, _index)
    return [f"{check.__name__[1:]}: {line}" for check in checks for line in check(library)]


def _catalogue(library: Library) -> Iterator[str]:
    yield from library.store.check()
    broken = changes.broken_chain(library.store)
    if broken is not None:
        yield f"event chain broken at {broken}"


def _masters(library: Library) -> Iterator[str]:
    home = library.home
    for master in masters.list_masters(library.store):
        path = home.master(master.sha256)
        if not path.is_file() or path.stat().st_size != master.size:
            yield f"no whole file for {master.sha256}"
    for path in home.masters.rglob("*"):
        if path.is_file() and not is_temporary(path) and sha256_of(path) != path.name:
            yield f"torn file {path.name}"


def _sources(library: Library) -> Iterator[str]:
    for batch in batches.list_batches(library.store):
        for source in batches.list_sources(library.store, batch.name):
            if source.state == "done" and source.document is None:
                yield f"{source.name} is done without a document"
            if source.state == "quarantined":
                folder = library.home.quarantine / short_id(batch.name, source.name)
                if not {"file", "reason.json"} <= {path.name for path in folder.glob("*")}:
                    yield f"{source.name} is refused without its copy"


def _pages(library: Library) -> Iterator[str]:
    for document in documents.list_documents(library.store):
        rows = page_rows.list_pages(library.store, document.id)
        if not rows:
            yield f"{document.id} has no pages"
        for page in rows:
            if page.recognised_key is None or page.alto_sha256 is None:
                continue
            path = library.home.recognised(document.id, page.key, page.recognised_key)
            if not path.is_file() or sha256_of(path) != page.alto_sha256:
                yield f"no whole ALTO for {document.id}/{page.key}"


def _files(library: Library) -> Iterator[str]:
    for document in documents.list_documents(library.store):
        folder = library.home.document(document.id)
        for path in sorted(folder.rglob("*")):
            if path.is_file() and not is_temporary(path) and not _is_whole(path):
                yield f"torn file {path.relative_to(folder)}"
        for name, sha256 in document.files.items():
            if not (folder / name).is_file():
                yield f"no file {name} of {document.id}"
            elif sha256_of(folder / name) != sha256 and not _in_work(library, document):
                yield f"file {name} of {document.id} is not the row's"


def _in_work(library: Library, document: Document) -> bool:
    """Whether newer files of the document are being put in place: its job is not done yet."""
    found = jobs.list_jobs(library.store, document.id, "document")
    return any(job.state in ("new", "running") for job in found)


def _is_whole(path: Path) -> bool:
    data = path.read_bytes()
    if path.parent.name == "alto":
        try:
            etree.fromstring(data)
        except etree.XMLSyntaxError:
            return False
        return True
    if path.parent.name == "words":
        return bool(_is_json(data) and load(data).text)
    return _is_json(data) if path.suffix in (".json", ".jsonl") else is_sealed(data)


def _is_json(data: bytes) -> bool:
    try:
        json.loads(data)
    except ValueError:
        return False
    return True


def _sidecars(library: Library) -> Iterator[str]:
    """Sidecars of the home as a whole; those beside documents are looked at with their files."""
    for path in sorted((library.home.root / "sidecars").rglob("*.json*")):
        lines = path.read_bytes().splitlines(keepends=True) if path.suffix == ".jsonl" else []
        parts = lines or [path.read_bytes()]
        if not all(_is_json(part) for part in parts) or not parts[-1].endswith(b"\n"):
            yield f"torn file {path.name}"


def _records(library: Library) -> Iterator[str]:
    for record in records.iterate_records(library.store):
        versions = records.list_versions(library.store, record.id)
        if [version.n for version in versions] != list(range(1, record.version + 1)):
            yield f"versions of {record.id} are not 1 to {record.version}"
        for version in versions:
            if record_hash(version.record) != version.sha256:
                yield f"version {version.n} of {record.id} has another hash"


def _links(library: Library) -> Iterator[str]:
    for link in links.list_links(library.store):
        if (link.status == "proposed") != (link.decided_by is None):
            yield f"{link.id} is {link.status} by {link.decided_by}"


def _index(library: Library) -> Iterator[str]:
    standing = inspect_index(library.home.index)
    if standing.state is IndexState.STALE:
        yield f"stale: {standing.fault}"
    if standing.state is IndexState.CURRENT and standing.generation is not None:
        yield from (f"damaged file {name}" for name in damaged(standing.generation))
        if standing.generation.manifest.high_water > changes.last_seq(library.store):
            yield "ahead of the catalogue"


def _quarantine(library: Library) -> Iterator[str]:
    for path in sorted(library.home.quarantine.rglob("reason.json")):
        if not _is_json(path.read_bytes()):
            yield f"torn file {path.parent.name}/reason.json"
