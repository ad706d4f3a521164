"""Loading: rows of a new catalogue out of sidecars, in the words that all kinds of them share.

Nothing here writes events: those come from the journal's own files. What cannot be read, or does
not fit the rest, is named and left out alone.
"""

import hashlib
import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

from catalog.record import canonical_json, from_json
from olketanu.home import Home
from store.chain import START
from store.database import Transaction, Value, json_text
from store.sidecars.form import DamagedError, decoded, read_line, read_page

_UNFIT = (
    *(sqlite3.IntegrityError, sqlite3.InterfaceError, sqlite3.ProgrammingError),
    *(LookupError, TypeError, ValueError, AttributeError, OverflowError),
)
"""What a sidecar raises that is whole by its digest but does not say what is needed."""


@dataclass(slots=True)
class History:
    """What the journal's files tell beyond the events themselves; ``seq`` and ``chain`` of the end.

    ``documents``, ``batches``, ``imports`` map an id to its place in the order of making;
    ``amended`` counts amendments by page, in their order over the whole home; ``masters`` maps a
    hash to size, type and time; ``gaps`` are spans of lost numbers; ``mourned`` are ids and names
    whose loss an earlier rebuild has written down.
    """

    seq: int = 0
    chain: str = START
    documents: dict[str, int] = field(default_factory=dict)
    batches: dict[str, int] = field(default_factory=dict)
    imports: dict[str, int] = field(default_factory=dict)
    records: set[str] = field(default_factory=set)
    members: set[str] = field(default_factory=set)
    amended: dict[str, list[int]] = field(default_factory=dict)
    amendments: int = 0
    masters: dict[str, tuple[int, str, str]] = field(default_factory=dict)
    gaps: list[tuple[int, int]] = field(default_factory=list)
    mourned: set[str] = field(default_factory=set)


@dataclass(slots=True)
class Loading:
    """A catalogue in the making: the transaction that holds all of it, and what is known so far.

    ``records`` maps an id to how many versions it has; ``damaged`` lists (path below the home with
    the line behind a colon, code); ``spoiled`` are the files that must be written anew.
    """

    tx: Transaction
    home: Home
    history: History = field(default_factory=History)
    change_sets: dict[tuple[str, str, str], int] = field(default_factory=dict)
    records: dict[str, int] = field(default_factory=dict)
    merged: dict[str, str] = field(default_factory=dict)
    documents: dict[str, int] = field(default_factory=dict)
    batches: set[str] = field(default_factory=set)
    imports: set[str] = field(default_factory=set)
    members: set[str] = field(default_factory=set)
    damaged: list[tuple[str, str]] = field(default_factory=list)
    spoiled: set[Path] = field(default_factory=set)

    def lost(self) -> dict[str, list[str]]:
        """What the journal speaks of and no sidecar holds, but for what is known to be lost."""
        known, history = self.history.mourned, self.history
        later = {
            "imports": sorted(history.imports.keys() - self.imports - known),
            "members": sorted(history.members - self.members - known),
        }
        lost = {
            "documents": sorted(history.documents.keys() - self.documents.keys() - known),
            "records": sorted(history.records - self.records.keys() - known),
            "batches": sorted(history.batches.keys() - self.batches - known),
        }
        return lost | {name: found for name, found in later.items() if found}

    def name(self, path: Path, code: str, line: int | None = None) -> None:
        """Name a sidecar, or a line of it counted from 1, as damaged."""
        place = path.relative_to(self.home.root).as_posix()
        self.damaged.append((place if line is None else f"{place}:{line}", code))
        self.spoiled.add(path)

    def page(self, path: Path, *, again: bool = False) -> dict[str, Any] | None:
        """Return what a sidecar of one object says; None, and named, where it is damaged.

        ``again``: it has been named, or will be.
        """
        try:
            return read_page(path.read_bytes())
        except DamagedError as error:
            code = error.code
        except OSError as error:
            code = "missing" if isinstance(error, FileNotFoundError) else "unreadable"
        if not again:
            self.name(path, code)
        return None

    def lines(self, path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
        """Yield number and content of every line that is whole; the others are named."""
        try:
            found = path.read_bytes().split(b"\n")
        except OSError:
            self.name(path, "unreadable")
            return
        for number, text in enumerate(found, start=1):
            if text:
                try:
                    yield number, read_line(text)
                except DamagedError as error:
                    self.name(path, error.code, number)

    @contextmanager
    def fitting(self, path: Path, line: int | None = None) -> Iterator[None]:
        """Take the rows of one sidecar or line whole or not at all; what does not fit is named."""
        sets, batches = len(self.change_sets), set(self.batches)
        self.tx.keep_books("SAVEPOINT fitting")
        try:
            yield
        except _UNFIT:
            self.tx.keep_books("ROLLBACK TO fitting")
            self.change_sets = dict(islice(self.change_sets.items(), sets))
            self.batches = batches
            self.name(path, "unfit", line)
        finally:
            self.tx.keep_books("RELEASE fitting")

    def insert(self, table: str, row: Mapping[str, Value]) -> bool:
        """Insert a row; False, and the row of before kept, where its key is taken already."""
        columns, marks = ", ".join(row), ", ".join("?" * len(row))
        sql = f"INSERT INTO {table} ({columns}) VALUES ({marks}) ON CONFLICT DO NOTHING"  # noqa: S608 - names of our own
        return bool(self.tx.keep_books(sql, tuple(row.values())))

    def require(self, table: str, row: Mapping[str, Value]) -> None:
        """Insert a row whose key must be free; ValueError where it is taken."""
        if not self.insert(table, row):
            raise ValueError(f"{table}: taken")

    def change_set(self, form: Mapping[str, str]) -> int:
        """Return the number of the change set of this time, actor and reason, made when new."""
        key = (form["time"], form["actor"], form["reason"])
        if key not in self.change_sets:
            sql = "INSERT INTO change_set (time, actor, reason) VALUES (?, ?, ?) RETURNING id"
            self.change_sets[key] = int(self.tx.returning(sql, key)[0]["id"])
        return self.change_sets[key]


def load_masters(loading: Loading, forms: Sequence[Mapping[str, Any]]) -> None:
    """Enter masters; one that is known stays as it is."""
    for form in forms:
        loading.insert("master", {name: form[name] for name in ("sha256", "size", "type", "added")})


def load_findings(loading: Loading, forms: Sequence[Mapping[str, Any]]) -> None:
    """Enter findings; the same one stands in the sidecars of several documents."""
    names = ("id", "subject", "code", "status", "time")
    for form in forms:
        row = {name: form[name] for name in names} | {"facts": json_text(form["facts"])}
        loading.insert("finding", row)


def load_record(loading: Loading, form: Mapping[str, Any]) -> bool:
    """Enter a record, or the versions of it that are not known yet; False: nothing new in it.

    Raises:
        ValueError: the content of a version has another hash.
    """
    identifier, versions = str(form["id"]), form["versions"]
    known = loading.records.get(identifier, 0)
    if known >= len(versions):
        return False
    row = {n: form[n] for n in ("id", "format", "kind", "status", "owner", "catalogue", "created")}
    row |= {"source_key": form["key"], "version": len(versions)}
    if known:
        changed = (row["format"], row["status"], row["owner"], len(versions), identifier)
        loading.tx.keep_books(
            "UPDATE record SET format = ?, status = ?, owner = ?, version = ? WHERE id = ?", changed
        )
    else:
        loading.require("record", row)
    for version in versions[known:]:
        _load_version(loading, identifier, version)
    for catalogue in form["catalogues"]:
        loading.insert("membership", {"record": identifier, "catalogue": catalogue})
    loading.tx.keep_books("DELETE FROM identifier WHERE record = ?", (identifier,))
    for scheme, value in form["identifiers"]:
        loading.insert("identifier", {"scheme": scheme, "value": value, "record": identifier})
    loading.merged.pop(identifier, None)
    if form["merged_into"] is not None:
        loading.merged[identifier] = form["merged_into"]
    # Last: a record that does not fit stays unknown.
    loading.records[identifier] = len(versions)
    return True


def _load_version(loading: Loading, record: str, form: Mapping[str, Any]) -> None:
    # Through the record, since its canonical form has an order of keys of its own.
    parsed = from_json(json.dumps(form["record"]))
    content = canonical_json(parsed)
    if hashlib.sha256(content).hexdigest() != form["sha256"]:
        raise ValueError("hash of a version")
    row = {name: form[name] for name in ("n", "parent", "sha256", "time")}
    made = loading.change_set(form["change_set"])
    raw = decoded(form["raw"])
    loading.require(
        "version",
        row | {"record": record, "content": content.decode(), "raw": raw, "change_set": made},
    )
