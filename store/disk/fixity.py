"""Fixity: which files the rows promise, when each was looked at last, and what was found.

Rows are read here as bytes and parsed with care: verify has to go on where a row itself is damaged.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from olketanu.home import Home
from store.database import Reader, Store, Transaction

MASTER, DERIVATIVE, RECOGNISED, SIDECAR = "master", "derivative", "recognised", "sidecar"
GOOD, DAMAGED, MISSING, UNEXPECTED = "ok", "damaged", "missing", "unexpected"


@dataclass(frozen=True, slots=True)
class Promise:
    """A file that must be there.

    ``path`` lies below the home (posix); ``kind`` is master, derivative, recognised or sidecar;
    ``job`` is the key of the ledger's job that makes it again; ``size`` in bytes where it is known.
    """

    path: str
    sha256: str
    kind: str
    document: str | None = None
    job: str | None = None
    size: int | None = None


@dataclass(frozen=True, slots=True)
class Promises:
    """What the rows promise, by path; ``unreadable`` are the documents whose rows say nothing."""

    files: dict[str, Promise] = field(default_factory=dict)
    documents: frozenset[str] = frozenset()
    unreadable: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Look:
    """The last look at a path: ``state`` found, ``checked`` (UTC day, ``2026-11-23``)."""

    state: str
    checked: str


def promised(store: Reader) -> Promises:
    """Return every master, derivative and recognised ALTO that the rows promise, as of now."""
    files = {promise.path: promise for promise in _masters(store)}
    files |= {promise.path: promise for promise in _recognised(store)}
    documents, unreadable = set(), []
    rows = store.rows(
        "SELECT CAST(id AS BLOB), CAST(files AS BLOB), CAST(assembled_key AS BLOB) FROM document"
    )
    for row in rows:
        document, key = _text(row[0]), _text(row[2]) or None
        documents.add(document)
        hashes = _hashes(row[1])
        if hashes is None:
            unreadable.append(document)
            continue
        folder = _below(store.home, document)
        for name, sha256 in hashes.items():
            path = f"{folder}/{name}"
            files[path] = Promise(path, sha256, DERIVATIVE, document, key)
    return Promises(files, frozenset(documents), tuple(unreadable))


def looks(reader: Reader) -> dict[str, Look]:
    """Return the last look at every path that was ever looked at."""
    states: dict[tuple[str, str], Look] = {}  # one value for the many paths of one day
    found = {}
    for row in reader.rows("SELECT path, state, checked FROM fixity"):
        kept = (row["state"], row["checked"])
        found[row["path"]] = states.setdefault(kept, Look(*kept))
    return found


def today(store: Store) -> str:
    """Return the day (UTC) by the clock of the store."""
    with store.transaction() as tx:  # empty: nothing is written
        return tx.now[:10]


def open_documents(reader: Reader) -> frozenset[str]:
    """Return the documents whose files are being made, or wait to be made, by a document job."""
    rows = reader.rows(
        "SELECT DISTINCT document FROM job WHERE page IS NULL AND state IN ('new', 'running')"
    )
    return frozenset(row["document"] for row in rows)


def known_recognitions(reader: Reader, document: str) -> frozenset[str]:
    """Return the paths of every recognised ALTO that a job of the document made or may make."""
    rows = reader.rows(
        "SELECT page, key FROM job WHERE document = ? AND page IS NOT NULL", (document,)
    )
    home = reader.home
    paths = (home.recognised(document, row["page"], row["key"]) for row in rows)
    return frozenset(path.relative_to(home.root).as_posix() for path in paths)


def note_state(
    tx: Transaction, path: str, state: str, expected: str | None, found: str | None
) -> bool:
    """Write that ``path`` is damaged, missing or unexpected; False when that was known."""
    changed = tx.change(
        f"fixity.{state}",
        path,
        {"expected": expected, "found": found},
        "INSERT INTO fixity (path, state, checked) VALUES (?1, ?2, ?3) ON CONFLICT (path) "
        "DO UPDATE SET state = ?2, checked = ?3 WHERE state <> ?2",
        (path, state, tx.now[:10]),
    )
    return bool(changed)


def note_recovered(tx: Transaction, path: str, how: str, *, promised: bool) -> bool:
    """Write that ``path`` is well again; False when it was.

    ``how`` is found (it came back by other hands), backup, rows or run. What no row promises is
    forgotten, so that it is new when it comes again.
    """
    day = tx.now[:10]
    sql, parameters = (
        (
            "UPDATE fixity SET state = 'ok', checked = ? WHERE path = ? AND state <> 'ok'",
            (day, path),
        )
        if promised
        else ("DELETE FROM fixity WHERE path = ? AND state <> 'ok'", (path,))
    )
    return bool(tx.change("fixity.recovered", path, {"how": how}, sql, parameters))


def note_checked(tx: Transaction, paths: Iterable[str]) -> None:
    """Write that these files were read today and are well; whoever was not is left as it is."""
    for path in paths:
        tx.keep_books(
            "INSERT INTO fixity (path, state, checked) VALUES (?1, 'ok', ?2) ON CONFLICT (path) "
            "DO UPDATE SET checked = ?2 WHERE state = 'ok'",
            (path, tx.now[:10]),
        )


def forget(tx: Transaction, paths: Iterable[str]) -> None:
    """Take out looks at files that no row promises any more."""
    for path in paths:
        tx.keep_books("DELETE FROM fixity WHERE path = ? AND state = 'ok'", (path,))


def reopen_done(tx: Transaction, key: str) -> bool:
    """Let the next run do a finished job of the ledger again; False when it is not finished."""
    rows = tx.rows("SELECT document, kind FROM job WHERE key = ?", (key,))
    if not rows:
        return False
    changed = tx.change(
        "job.reopened",
        rows[0]["document"],
        {"kind": rows[0]["kind"]},
        "UPDATE job SET state = 'new', code = NULL, attempt = 0, result = NULL "
        "WHERE key = ? AND state IN ('done', 'failed')",
        (key,),
    )
    return bool(changed)


def is_open(reader: Reader, key: str) -> bool:
    """Return whether a job of the ledger is still to be done."""
    rows = reader.rows("SELECT 1 FROM job WHERE key = ? AND state IN ('new', 'running')", (key,))
    return bool(rows)


def _masters(store: Reader) -> Iterator[Promise]:
    home = store.home
    for row in store.rows("SELECT CAST(sha256 AS BLOB) AS sha256, size FROM master"):
        sha256 = _text(row["sha256"])
        path = home.master(sha256).relative_to(home.root).as_posix()
        yield Promise(path, sha256, MASTER, size=row["size"])


def _recognised(store: Reader) -> Iterator[Promise]:
    home = store.home
    rows = store.rows(
        "SELECT CAST(document AS BLOB), CAST(key AS BLOB), CAST(recognised_key AS BLOB), "
        "CAST(alto_sha256 AS BLOB) FROM page "
        "WHERE recognised_key IS NOT NULL AND alto_sha256 IS NOT NULL"
    )
    for row in rows:
        document, page, key, sha256 = map(_text, row)
        path = home.recognised(document, page, key).relative_to(home.root).as_posix()
        yield Promise(path, sha256, RECOGNISED, document, key)


def _hashes(files: bytes) -> dict[str, str] | None:
    """Name to SHA-256 as the row has it; None when the row is no such thing."""
    try:
        data = json.loads(files)
    except ValueError:
        return None
    if not isinstance(data, dict) or not all(isinstance(v, str) for v in data.values()):
        return None
    return data


def _below(home: Home, document: str) -> str:
    return home.document(document).relative_to(home.root).as_posix()


def _text(value: bytes | None) -> str:
    """Text of a column even where its bytes have gone bad."""
    return (value or b"").decode("utf-8", "backslashreplace")
