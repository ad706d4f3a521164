"""The logical dump: what the home says, free of how and in which order it came to."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from store.database import Reader, Store, json_text, json_value
from store.digitised.documents import Document, list_documents
from store.digitised.pages import list_pages
from store.disk.files import sha256_of
from store.disk.masters import list_masters

# Nothing here that a clock, a lease, an attempt or a running number decides. Numbered rows (change
# sets, amendments) appear by content; amendments keep their order within a page.
_QUERIES = {
    "batch": "SELECT name FROM batch",
    "source_file": "SELECT batch, hex(raw_name) AS raw_name, name, sha256, size, state, code, "
    "document FROM source_file",
    "master": "SELECT sha256, size, type FROM master",
    "document": "SELECT id, batch, position, name, first_master, kind, language, script, title, "
    "state, code, manifest, profile, assembled_key, files, settled_as FROM document",
    "page": "SELECT * FROM page",
    "page_frame": "SELECT * FROM page_frame",
    "article": "SELECT * FROM article",
    "amendment": "SELECT document, page, row_number() OVER (PARTITION BY document, page "
    "ORDER BY amendment.id) AS n, kind, box, old, new, applied, actor, reason FROM amendment "
    "JOIN change_set ON change_set.id = change_set",
    "record": "SELECT id, format, kind, status, owner, catalogue, source_key, version, merged_into "
    "FROM record",
    "version": "SELECT record, n, parent, sha256, content, hex(raw) AS raw, actor, reason "
    "FROM version JOIN change_set ON change_set.id = change_set",
    "membership": "SELECT * FROM membership",
    "identifier": "SELECT * FROM identifier",
    "import_file": "SELECT import_file.id, sha256, size, name, catalogue, told, container, format, "
    "charset, margin, evidence AS grounds, state, counts, actor, reason FROM import_file "
    "JOIN change_set ON change_set.id = change_set",
    "arrival": "SELECT file, place, catalogue, key, record, outcome, state, version, sha256, "
    "raw_sha256, content, hex(raw) AS raw, charset, notes FROM arrival",
    "conflict": "SELECT conflict.id, conflict.record, theirs.file, theirs.place, base.file AS "
    "base_file, base.place AS base_place, ours, status, decision, decided_by FROM conflict "
    "JOIN arrival AS theirs ON theirs.id = theirs LEFT JOIN arrival AS base ON base.id = base",
    "bad_record": "SELECT file, place, reason, hex(raw) AS raw, status FROM bad_record",
    "link": "SELECT id, document, record, kind, evidence, score, status, made_by, decided_by "
    "FROM link",
    "member": "SELECT name, login, role, password, state FROM member",
    "finding": "SELECT subject, code, facts, status FROM finding",
    "rights": "SELECT * FROM rights",
    # Work that has not ended is planned anew by any run: it says nothing of the library.
    "job": "SELECT key, kind, document, page, state, code FROM job "
    "WHERE state IN ('done', 'failed')",
}
_JSON = (
    "manifest",
    "profile",
    "files",
    "data",
    "facts",
    "evidence",
    "content",
    "regions",
    "told",
    "notes",
)
# What happened to jobs, runs and the index depends on kills and on timing; the rest does not.
_EVENTS = (
    "SELECT actor, kind, subject, data FROM event WHERE kind NOT LIKE 'job.%' "
    "AND kind NOT LIKE 'run.%' AND kind NOT LIKE 'index.%'"
)
_SETTLED = (
    "SELECT row_number() OVER (ORDER BY seq) AS n, kind, subject FROM event "
    "WHERE kind IN ('document.settled', 'document.changed') "
    "AND subject IN (SELECT id FROM document WHERE batch = ?)"
)


def logical_dump(store: Store, *, events: bool = True) -> str:
    """Return everything the home says as sorted lines of text, ending with the hashes of its files.

    Times, leases, attempts and running numbers are left out, so two homes that did the same work in
    another order, or with kills between, give the same text, and so does a catalogue made again
    from its sidecars. ``events=False`` leaves out the journal.
    """
    lines = [
        _line(table, dict(row)) for table, query in _QUERIES.items() for row in store.rows(query)
    ]
    if events:
        lines += [_line("event", dict(row)) for row in store.rows(_EVENTS)]
        lines += _settled_lines(store)
    lines += [_line("file", {"path": path, "sha256": _hash(file)}) for path, file in _files(store)]
    return "\n".join(sorted(lines)) + "\n"


def _settled_lines(store: Reader) -> list[str]:
    """The order of announcements within a batch is part of what must not depend on timing."""
    return [
        _line("settled", {"batch": batch["name"], **dict(row)})
        for batch in store.rows("SELECT name FROM batch")
        for row in store.rows(_SETTLED, (batch["name"],))
    ]


def _files(store: Store) -> Iterator[tuple[str, Path]]:
    home = store.home
    paths = [home.master(master.sha256) for master in list_masters(store)]
    for document in list_documents(store):
        paths += _document_files(store, document)
    for path in sorted(set(paths)):
        yield path.relative_to(home.root).as_posix(), path


def _document_files(store: Store, document: Document) -> list[Path]:
    home = store.home
    folder = home.document(document.id)
    recognised = [
        home.recognised(document.id, page.key, page.recognised_key)
        for page in list_pages(store, document.id)
        if page.recognised_key is not None and page.alto_sha256 is not None
    ]
    side = [home.sidecar(document.id)] if home.sidecar(document.id).is_file() else []
    return [*(folder / name for name in document.files), *recognised, *side]


def _hash(file: Path) -> str:
    return sha256_of(file) if file.is_file() else "missing"


def _line(table: str, row: dict[str, Any]) -> str:
    for column in _JSON:
        if isinstance(row.get(column), str):
            row[column] = json_value(row[column])
    return f"{table}\t{json_text(row)}"
