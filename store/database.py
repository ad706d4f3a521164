"""The catalogue: one SQLite file, one place that commits, one way to change a row.

    with Store.open(home) as store:
        with store.transaction(actor="aigul") as tx:
            documents.update_document(tx, id, title="…")

A change is made by :meth:`Transaction.change`, which writes the event of the change in the same
transaction, so that no module can forget it. :meth:`Transaction.keep_books` is for rows that are no
statement about the library: leases and cursors.
"""

import json
import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Protocol

from olketanu.errors import CannotWriteError, InputError, LockedError
from olketanu.home import Home
from store.chain import START, chain_hash
from store.clock import utc_now
from store.disk.files import make_folder, sync_file, writing
from store.disk.space import space_of
from store.migrate import migrate

MACHINE = "olketanu"
BUSY_SECONDS = 30.0
_PAUSE = 0.05

_DISK_FULL = frozenset({sqlite3.SQLITE_FULL})
_CANNOT_WRITE = frozenset({sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM})
_LOCKED = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED})
_DAMAGED = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})
_FAILING = frozenset({sqlite3.SQLITE_IOERR})
_MAYBE_FULL = frozenset({sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN})
_SMALLEST = 65536  # bytes: with less SQLite cannot make its shared memory and its first pages

Value = str | int | float | bytes | None


class Reader(Protocol):
    """What answers reads: a :class:`Store`, or a :class:`Transaction` that sees its own changes."""

    @property
    def home(self) -> Home:
        """The home of the catalogue."""
        ...

    def rows(self, sql: str, parameters: Sequence[Value] = ()) -> list[sqlite3.Row]:
        """Return every row of a SELECT."""
        ...


class Transaction:
    """Changes that become true together or not at all. ``now`` is one time for all of them."""

    def __init__(self, connection: sqlite3.Connection, home: Home, actor: str, now: str) -> None:
        self._connection = connection
        self.home = home
        self.actor = actor
        self.now = now
        self._head: tuple[int, str] | None = None

    def rows(self, sql: str, parameters: Sequence[Value] = ()) -> list[sqlite3.Row]:
        """Return every row of a SELECT; the changes of this transaction are seen."""
        return self._connection.execute(sql, parameters).fetchall()

    def change(
        self,
        kind: str,
        subject: str,
        data: Mapping[str, object],
        sql: str,
        parameters: Sequence[Value],
    ) -> int:
        """Run one INSERT, UPDATE or DELETE and write its event; return how many rows changed.

        ``kind`` and ``subject`` say what happened to what; no row changed, no event.
        """
        changed = self._connection.execute(sql, parameters).rowcount
        if changed:
            self.note(kind, subject, data)
        return changed

    def note(self, kind: str, subject: str, data: Mapping[str, object] | None = None) -> int:
        """Write an event, chained to the one before it, and return its number."""
        last, previous = self._head or self._stored_head()
        event = (last + 1, self.now, self.actor, kind, subject, json_text(data or {}))
        chain = chain_hash(previous, *event)
        self._connection.execute("INSERT INTO event VALUES (?, ?, ?, ?, ?, ?, ?)", (*event, chain))
        self._head = (event[0], chain)
        return event[0]

    def note_all(self, told: Iterable[tuple[str, str, Mapping[str, object]]]) -> None:
        """Write many events (kind, subject, data) in their order, as :meth:`note` writes one."""
        last, previous = self._head or self._stored_head()
        events = []
        for kind, subject, data in told:
            last += 1
            event = (last, self.now, self.actor, kind, subject, json_text(data))
            previous = chain_hash(previous, *event)
            events.append((*event, previous))
        self.keep_all("INSERT INTO event VALUES (?, ?, ?, ?, ?, ?, ?)", events)
        self._head = (last, previous)

    def _stored_head(self) -> tuple[int, str]:
        """Number and chain value of the newest event; nobody adds one while this lock is held."""
        rows = self.rows("SELECT seq, chain FROM event ORDER BY seq DESC LIMIT 1")
        return (rows[0]["seq"], rows[0]["chain"]) if rows else (0, START)

    def keep_books(self, sql: str, parameters: Sequence[Value] = ()) -> int:
        """Run a statement that needs no event (leases, cursors); return how many rows changed."""
        return self._connection.execute(sql, parameters).rowcount

    def keep_all(self, sql: str, rows: Iterable[Sequence[Value]]) -> None:
        """Run a statement of that kind once a row; their events go through :meth:`note_all`."""
        self._connection.executemany(sql, rows)

    def returning(self, sql: str, parameters: Sequence[Value]) -> list[sqlite3.Row]:
        """Run a statement of that kind with RETURNING and return its rows."""
        return self._connection.execute(sql, parameters).fetchall()


class Store:
    """An open catalogue: one connection, for one thread. Another thread opens its own."""

    def __init__(
        self, home: Home, connection: sqlite3.Connection, clock: Callable[[], str]
    ) -> None:
        self.home = home
        self._connection = connection
        self._clock = clock

    @classmethod
    def create(cls, home: Home, *, clock: Callable[[], str] = utc_now) -> "Store":
        """Make the folders and the catalogue of a home, or bring an existing one up to date.

        Raises:
            CannotWriteError, LockedError, SettingsError, InputError: as :meth:`open`.
        """
        folders = (home.root, home.masters, home.objects, home.index, home.quarantine)
        for folder in (*folders, home.exports, home.runs):
            with writing(folder):
                make_folder(folder)
        return cls._connect(home, clock)

    @classmethod
    def open(
        cls, home: Home, *, clock: Callable[[], str] = utc_now, reading: bool = False
    ) -> "Store":
        """Open the catalogue of ``home`` and bring it up to date.

        With ``reading`` nothing can be changed through it afterwards: SQLite refuses.

        Raises:
            InputError: ``error.store-missing``: no catalogue (it is never made silently, that would
                hide a loss); ``error.store-damaged``; ``error.store-foreign``.
            SettingsError: ``error.store-newer``: made by a newer program.
            LockedError: ``error.store-locked``: another program writes for over 30 seconds.
            CannotWriteError: ``error.not-writable``, ``error.disk-full``.
        """
        if not home.database.is_file():
            raise InputError("error.store-missing", path=str(home.database))
        store = cls._connect(home, clock)
        if reading:
            store.rows("PRAGMA query_only = ON")
        return store

    @classmethod
    def _connect(cls, home: Home, clock: Callable[[], str]) -> "Store":
        with translated(home.database):
            connection = sqlite3.connect(home.database, timeout=BUSY_SECONDS, isolation_level=None)
            try:
                _prepare(connection)
                migrate(connection, home.database)
                _set_journal(connection)
            except BaseException:
                connection.close()
                raise
        return cls(home, connection, clock)

    def __enter__(self) -> "Store":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def wait_at_most(self, seconds: float) -> None:
        """Wait no longer for others who write; ``BUSY_SECONDS`` where nobody has said so."""
        self.rows(f"PRAGMA busy_timeout = {int(seconds * 1000)}")

    def close(self) -> None:
        """Close the connection; closing twice does no harm."""
        self._connection.close()

    def rows(self, sql: str, parameters: Sequence[Value] = ()) -> list[sqlite3.Row]:
        """Return every row of a SELECT as of now."""
        with translated(self.home.database):
            return self._connection.execute(sql, parameters).fetchall()

    def check(self) -> list[str]:
        """Return what SQLite finds wrong with the file and with its references; [] if all is well.

        Reads the structure, not the truth of every value: those are held by hashes of their own.
        """
        with translated(self.home.database):
            found = [str(row[0]) for row in self._connection.execute("PRAGMA integrity_check")]
            dangling = self._connection.execute("PRAGMA foreign_key_check").fetchall()
        broken = [f"{row[0]} row {row[1]} refers to a missing {row[2]}" for row in dangling]
        return [line for line in found if line != "ok"] + broken

    def copy_to(self, target: Path) -> None:
        """Copy the catalogue as of now into the new file ``target``, whole and synced.

        Others may write meanwhile; what they commit after the begin is not in the copy. The copy is
        one file (no write-ahead log beside it); its name is the caller's to make durable.

        Raises:
            CannotWriteError: disk full or failing, or ``target`` cannot be written.
            FileExistsError.
        """
        with writing(target):
            target.touch(mode=0o644, exist_ok=False)
        with translated(target):
            copy = sqlite3.connect(target, isolation_level=None)
            try:
                self._connection.backup(copy)
                mode = copy.execute("PRAGMA journal_mode = DELETE").fetchone()[0]
            finally:
                copy.close()
        if mode != "delete":  # SQLite keeps to itself why it could not write
            full = _is_full(target)
            raise CannotWriteError(
                "error.disk-full" if full else "error.disk-failing", path=str(target)
            )
        with writing(target):
            sync_file(target)

    @contextmanager
    def transaction(self, actor: str = MACHINE) -> Iterator[Transaction]:
        """Take the write lock, give a :class:`Transaction`, commit it; roll back on any exception.

        The only place that commits. Files are written before, so that the lock is held shortly.

        Raises:
            LockedError: others held the lock for 30 seconds. CannotWriteError: disk full,
            read-only. RuntimeError: a transaction of this store is open already.
        """
        if self._connection.in_transaction:
            raise RuntimeError("transactions do not nest")
        with translated(self.home.database):
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield Transaction(self._connection, self.home, actor, self._clock())
                self._connection.execute("COMMIT")
            finally:
                _end(self._connection)


@contextmanager
def translated(path: Path) -> Iterator[None]:
    """Turn what SQLite says about lock, disk and damage into errors that say what to do.

    Raises:
        LockedError, CannotWriteError, InputError: named in :meth:`Store.open`. Other errors of
            SQLite (a broken constraint) are defects and pass unchanged.
    """
    try:
        yield
    except sqlite3.Error as error:
        # The low byte is the primary result code: https://sqlite.org/rescode.html
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        facts = {"path": str(path)}
        if code in _LOCKED:
            raise LockedError("error.store-locked", **facts) from error
        if code in _DISK_FULL or (code in _MAYBE_FULL and _is_full(path)):
            raise CannotWriteError("error.disk-full", **facts) from error
        if code in _CANNOT_WRITE:
            raise CannotWriteError("error.not-writable", **facts) from error
        if code in _FAILING:
            raise CannotWriteError("error.disk-failing", **facts) from error
        if code in _DAMAGED:
            raise InputError("error.store-damaged", **facts) from error
        raise


def json_text(value: object) -> str:
    """Return JSON with sorted keys and no blanks: equal values give equal text."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def json_value(text: str | None) -> Any:  # noqa: ANN401 - JSON is what it is
    """Return what :func:`json_text` wrote; None for None."""
    return None if text is None else json.loads(text)


def _is_full(path: Path) -> bool:
    """Whether a full disk explains an error: SQLite says IOERR for its shared memory and syncs."""
    try:
        return space_of(path.parent).free < _SMALLEST
    except OSError:
        return False


def _end(connection: sqlite3.Connection) -> None:
    """Roll back what is still open: the caller raised, or the COMMIT failed (disk full)."""
    if connection.in_transaction:
        connection.execute("ROLLBACK")


def _prepare(connection: sqlite3.Connection) -> None:
    connection.row_factory = sqlite3.Row
    connection.execute(f"PRAGMA busy_timeout = {int(BUSY_SECONDS * 1000)}")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")
    # Else INSERT OR REPLACE deletes without asking the triggers that forbid it.
    connection.execute("PRAGMA recursive_triggers = ON")


def _set_journal(connection: sqlite3.Connection) -> None:
    """Set write-ahead logging; the switch does not wait for others by itself, so try again."""
    deadline = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF not in _LOCKED or time.monotonic() > deadline:
                raise
            time.sleep(_PAUSE)
        else:
            return
