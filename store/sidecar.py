"""The sidecar of a document: everything that its rows say, as one deterministic file beside it.

With the masters and the sidecars the catalogue can be made again. Numbers that depend on the order
of work (event, change set, amendment) stay out: change sets are written in full.
"""

import base64
import hashlib
import json
from typing import Any

from catalog.record import canonical_json
from catalog.rights import to_dict
from pages.text import PageFrame
from store.amendments import list_amendments
from store.batches import get_batch
from store.changes import get_change_set
from store.database import Reader, Store
from store.documents import Document, get_document
from store.files import write_durably
from store.findings import list_findings
from store.links import Link, list_links
from store.masters import find_master
from store.pages import Page, list_pages, page_subject
from store.records import Version, get_record, identifiers_of, list_versions
from store.rights import get_rights

SCHEMA = 1


def sidecar(store: Reader, document: str) -> bytes:
    """Return the sidecar of a document: JSON, UTF-8, keys sorted, equal rows giving equal bytes.

    Raises:
        UsageError: no such document.
    """
    found = get_document(store, document)
    pages = list_pages(store, document)
    links = sorted(list_links(store, document), key=lambda link: link.id)
    content = {
        "v": SCHEMA,
        "batch": {"name": found.batch, "path": get_batch(store, found.batch).path},
        "document": _document(found),
        "sources": _sources(store, document),
        "masters": _masters(store, found, pages),
        "pages": [_page(page) for page in pages],
        "rights": to_dict(get_rights(store, document)),
        "amendments": _amendments(store, document),
        "links": [_link(link) for link in links],
        "records": [_record(store, record) for record in sorted({k.record for k in links})],
        "findings": _findings(store, document, pages, links),
    }
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, indent=1)
    return f"{text}\n".encode()


def write_sidecar(store: Store, document: str) -> str:
    """Write the sidecar where it says something new, and return its SHA-256.

    Raises:
        CannotWriteError: disk full, or the home may not be written. UsageError: no such document.
    """
    data = sidecar(store, document)
    target = store.home.sidecar(document)
    if not target.is_file() or target.read_bytes() != data:
        write_durably(target, data)
    return hashlib.sha256(data).hexdigest()


def _document(found: Document) -> dict[str, Any]:
    names = ("id", "position", "name", "first_master", "kind", "language", "script", "title")
    more = ("state", "code", "manifest", "profile", "created", "assembled_key", "files", "settled")
    return {name: getattr(found, name) for name in (*names, *more)}


def _sources(store: Reader, document: str) -> list[dict[str, Any]]:
    rows = store.rows(
        "SELECT * FROM source_file WHERE document = ? ORDER BY batch, raw_name", (document,)
    )
    return [
        {
            **{key: row[key] for key in ("batch", "name", "sha256", "size", "state", "code")},
            "raw_name": base64.b64encode(row["raw_name"]).decode(),
        }
        for row in rows
    ]


def _masters(store: Reader, found: Document, pages: list[Page]) -> list[dict[str, Any]]:
    hashes = {page.frame.master for page in pages} | {found.first_master}
    known = [find_master(store, sha256) for sha256 in sorted(hashes)]
    return [
        {"sha256": m.sha256, "size": m.size, "type": m.type, "added": m.added} for m in known if m
    ]


def _page(page: Page) -> dict[str, Any]:
    names = ("key", "position", "label", "source", "text_layer", "state", "code")
    more = ("recognised_key", "alto_sha256", "confidence", "languages", "words")
    return {name: getattr(page, name) for name in (*names, *more)} | {"frame": _frame(page.frame)}


def _frame(frame: PageFrame) -> dict[str, Any]:
    names = ("master", "frame", "crop", "quarter_turn", "width", "height", "dpi")
    return {name: getattr(frame, name) for name in names}


def _amendments(store: Reader, document: str) -> list[dict[str, Any]]:
    names = ("page", "kind", "box", "old", "new", "applied")
    return [
        {name: getattr(amendment, name) for name in names}
        | {"change_set": _change_set(store, amendment.change_set)}
        for amendment in list_amendments(store, document)
    ]


def _link(link: Link) -> dict[str, Any]:
    names = ("id", "record", "kind", "evidence", "score", "status", "made_by", "decided_by")
    return {name: getattr(link, name) for name in (*names, "created")}


def _record(store: Reader, identifier: str) -> dict[str, Any]:
    stored = get_record(store, identifier)
    origin = store.rows("SELECT catalogue, source_key FROM record WHERE id = ?", (identifier,))[0]
    names = ("id", "format", "kind", "status", "owner", "catalogues", "created", "merged_into")
    return {name: getattr(stored, name) for name in names} | {
        "catalogue": origin["catalogue"],
        "key": origin["source_key"],
        "identifiers": identifiers_of(store, identifier),
        "versions": [_version(store, version) for version in list_versions(store, identifier)],
    }


def _version(store: Reader, version: Version) -> dict[str, Any]:
    raw = None if version.raw is None else base64.b64encode(version.raw).decode()
    return {
        "n": version.n,
        "parent": version.parent,
        "sha256": version.sha256,
        "time": version.time,
        "raw": raw,
        "record": json.loads(canonical_json(version.record)),
        "change_set": _change_set(store, version.change_set),
    }


def _change_set(store: Reader, number: int) -> dict[str, str]:
    found = get_change_set(store, number)
    return {"time": found.time, "actor": found.actor, "reason": found.reason}


def _findings(
    store: Reader, document: str, pages: list[Page], links: list[Link]
) -> list[dict[str, Any]]:
    subjects = [
        document,
        *(page_subject(document, page.key) for page in pages),
        *sorted({link.record for link in links}),
        *(link.id for link in links),
    ]
    names = ("subject", "code", "facts", "status", "time")
    return [
        {name: getattr(finding, name) for name in names}
        for subject in subjects
        for finding in list_findings(store, subject, status=None)
    ]
