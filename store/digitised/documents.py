"""Documents: what was taken in, how far it is, and when it may be spoken of (settled)."""

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any

from olketanu.errors import UsageError
from store.database import Reader, Transaction, Value, json_text, json_value
from store.identifiers import document_id

DOCUMENT_STATES = ("waiting", "done", "done-with-gaps", "quarantined")
_CHANGEABLE = ("kind", "language", "script", "title", "state", "code", "manifest", "profile")
_JSON = frozenset({"manifest", "profile"})


@dataclass(frozen=True, slots=True)
class NewDocument:
    """What intake knows: ``name`` of the sub-folder or file, SHA-256 of the first master.

    ``manifest`` is the row of the librarian's sheet, ``profile`` the settings of recognition.
    """

    batch: str
    name: str
    first_master: str
    kind: str = "other"
    language: str | None = None
    script: str | None = None
    title: str | None = None
    manifest: Mapping[str, Any] | None = None
    profile: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Document:
    """One document.

    ``position`` counts from 1 in its batch (order of intake); ``created`` is the time of the intake
    event, which all its files carry; ``assembled_key`` is the key of the document job that made
    ``files`` (path below the document's folder to SHA-256); ``settled`` says that its present
    state has been announced.
    """

    id: str
    batch: str
    position: int
    name: str
    first_master: str
    kind: str
    language: str | None
    script: str | None
    title: str | None
    state: str
    code: str | None
    manifest: dict[str, Any] | None
    profile: dict[str, Any]
    created: str
    assembled_key: str | None
    files: dict[str, str]
    settled: bool


def add_document(
    tx: Transaction, new: NewDocument, *, state: str = "waiting", code: str | None = None
) -> Document:
    """Take a document in: it gets its id and the next position of its batch.

    The same (batch, name, first master) again gives the existing document, unchanged.
    """
    found = tx.rows(
        "SELECT * FROM document WHERE batch = ? AND name = ? AND first_master = ?",
        (new.batch, new.name, new.first_master),
    )
    if found:
        return _document(found[0])
    identifier = _free_id(tx, new)
    values: tuple[Value, ...] = (
        *(identifier, new.batch, new.name, new.first_master, new.kind),
        *(new.language, new.script, new.title, state, code),
        None if new.manifest is None else json_text(new.manifest),
        *(json_text(new.profile), tx.now),
    )
    tx.change(
        "document.added",
        identifier,
        {"batch": new.batch, "name": new.name, "state": state, "code": code},
        "INSERT INTO document (id, batch, position, name, first_master, kind, language, script, "
        "title, state, code, manifest, profile, created, files) VALUES (?1, ?2, "
        "(SELECT coalesce(max(position), 0) + 1 FROM document WHERE batch = ?2), "
        "?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, '{}')",
        values,
    )
    return get_document(tx, identifier)


def find_document(reader: Reader, identifier: str) -> Document | None:
    """Return the document of this id, or None."""
    rows = reader.rows("SELECT * FROM document WHERE id = ?", (identifier,))
    return _document(rows[0]) if rows else None


def get_document(reader: Reader, identifier: str) -> Document:
    """Return the document of this id; UsageError where there is none."""
    found = find_document(reader, identifier)
    if found is None:
        raise UsageError("error.unknown-document", id=identifier)
    return found


@dataclass(frozen=True, slots=True)
class Titled:
    """What a person knows a document by; ``title`` may be empty."""

    id: str
    batch: str
    name: str
    title: str


def list_titles(reader: Reader) -> list[Titled]:
    """Return every document in the order of intake."""
    rows = reader.rows(
        "SELECT id, batch, name, coalesce(title, '') AS title FROM document ORDER BY seq"
    )
    return [Titled(*row) for row in rows]


def find_document_by_name(reader: Reader, batch: str, name: str) -> Document | None:
    """Return the newest document that this sub-folder or file of the batch gave, or None."""
    rows = reader.rows(
        "SELECT * FROM document WHERE batch = ? AND name = ? ORDER BY seq DESC LIMIT 1",
        (batch, name),
    )
    return _document(rows[0]) if rows else None


def list_documents(
    reader: Reader, batch: str | None = None, state: str | None = None
) -> list[Document]:
    """Return documents in order of intake, of one batch or one state when these are given."""
    rows = reader.rows(
        "SELECT * FROM document WHERE (?1 IS NULL OR batch = ?1) AND (?2 IS NULL OR state = ?2) "
        "ORDER BY seq",
        (batch, state),
    )
    return [_document(row) for row in rows]


def documents_of_master(reader: Reader, sha256: str) -> list[Document]:
    """Return the documents that have a page on this master, in order of intake."""
    rows = reader.rows(
        "SELECT * FROM document WHERE id IN (SELECT document FROM page_frame WHERE master = ?) "
        "ORDER BY seq",
        (sha256,),
    )
    return [_document(row) for row in rows]


def count_documents(reader: Reader, batch: str | None = None) -> dict[str, int]:
    """Return how many documents are in each state; all states are named."""
    rows = reader.rows(
        "SELECT state, count(*) AS n FROM document WHERE (?1 IS NULL OR batch = ?1) GROUP BY state",
        (batch,),
    )
    return dict.fromkeys(DOCUMENT_STATES, 0) | {row["state"]: row["n"] for row in rows}


def update_document(
    tx: Transaction,
    identifier: str,
    **fields: Any,  # noqa: ANN401 - text, or the JSON of manifest and profile
) -> Document:
    """Change kind, language, script, title, state, code, manifest or profile; return it anew.

    Values that are so already write nothing.

    Raises:
        UsageError: no such document. TypeError: a field that cannot be changed here.
    """
    if unknown := fields.keys() - set(_CHANGEABLE):
        raise TypeError(f"not changeable: {sorted(unknown)}")
    before = get_document(tx, identifier)
    changed = {k: v for k, v in fields.items() if getattr(before, k) != v}
    if not changed:
        return before
    columns = ", ".join(f"{name} = ?" for name in changed)
    values = [json_text(v) if k in _JSON and v is not None else v for k, v in changed.items()]
    tx.change(
        "document.updated",
        identifier,
        changed,
        f"UPDATE document SET {columns} WHERE id = ?",  # noqa: S608 - names of _CHANGEABLE only
        (*values, identifier),
    )
    return get_document(tx, identifier)


def finish_document(
    tx: Transaction,
    identifier: str,
    *,
    state: str,
    assembled_key: str,
    files: Mapping[str, str],
    code: str | None = None,
) -> Document:
    """Note that the files were made: key of the job, and path to SHA-256 of each file.

    The event names the pages whose words are new, other or gone: what follows the journal can leave
    the others as they are.
    """
    before = get_document(tx, identifier)
    found = (before.state, before.code, before.assembled_key, before.files)
    if found == (state, code, assembled_key, dict(files)):
        return before
    tx.change(
        "document.assembled",
        identifier,
        {
            **{"state": state, "code": code, "key": assembled_key},
            "pages": _pages_with_other_words(before.files, files),
        },
        "UPDATE document SET state = ?, code = ?, assembled_key = ?, files = ? WHERE id = ?",
        (state, code, assembled_key, json_text(dict(files)), identifier),
    )
    return get_document(tx, identifier)


def settle(tx: Transaction, batch: str) -> list[str]:
    """Announce finished documents of a batch in order of intake; return the ids announced now.

    A document is announced (event ``document.settled``; ``document.changed`` when it was announced
    before and has been made anew since) only when every document before it in the batch is
    complete. So the order of these events, which the catalogue stages follow, never depends on
    which worker was faster.
    """
    announced = []
    # In a batch of thousands nearly all are announced already: only what is news is fetched.
    rows = tx.rows(
        "SELECT * FROM document WHERE batch = ?1 "
        "AND settled_as IS NOT json_array(state, assembled_key) AND position < coalesce((SELECT "
        "min(position) FROM document WHERE batch = ?1 AND state = 'waiting'), position + 1) "
        "ORDER BY position",
        (batch,),
    )
    for row in rows:
        present = _settled_form(row)
        if row["settled_as"] == present:
            continue
        tx.change(
            "document.settled" if row["settled_as"] is None else "document.changed",
            row["id"],
            {"state": row["state"], "code": row["code"]},
            "UPDATE document SET settled_as = ? WHERE id = ?",
            (present, row["id"]),
        )
        announced.append(row["id"])
    return announced


def _pages_with_other_words(before: Mapping[str, str], files: Mapping[str, str]) -> list[str]:
    names = (PurePosixPath(name) for name, _ in before.items() ^ files.items())
    return sorted({name.stem for name in names if name.parent.name == "words"})


def _settled_form(row: sqlite3.Row) -> str:
    return json_text([row["state"], row["assembled_key"]])


def _free_id(tx: Transaction, new: NewDocument) -> str:
    attempt = 0
    while True:
        identifier = document_id(new.batch, new.name, new.first_master, attempt)
        if not tx.rows("SELECT 1 FROM document WHERE id = ?", (identifier,)):
            return identifier
        attempt += 1


def _document(row: sqlite3.Row) -> Document:
    return Document(
        *(row["id"], row["batch"], row["position"], row["name"], row["first_master"]),
        *(row["kind"], row["language"], row["script"], row["title"], row["state"], row["code"]),
        *(json_value(row["manifest"]), json_value(row["profile"]), row["created"]),
        *(row["assembled_key"], json_value(row["files"])),
        settled=row["settled_as"] == _settled_form(row),
    )
