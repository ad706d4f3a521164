"""Numbered migrations: the files of ``store/migrations`` in their order, each in one transaction.

``PRAGMA user_version`` holds the number of the last migration; ``PRAGMA application_id`` says that
the file is a catalogue of this program.
"""

import sqlite3
from pathlib import Path

from olketanu.errors import InputError, SettingsError
from store.chain import chain_hash

APPLICATION_ID = 0x4F6C6B65  # "Olke"
FOLDER = Path(__file__).with_name("migrations")


def known_migrations(folder: Path = FOLDER) -> list[tuple[int, Path]]:
    """Return number and file of every migration, in order."""
    return sorted((int(path.name[:4]), path) for path in folder.glob("[0-9][0-9][0-9][0-9]_*.sql"))


def migrate(connection: sqlite3.Connection, path: Path, folder: Path = FOLDER) -> int:
    """Bring the database up to date; return how many migrations ran.

    Two processes may call this at once: the number is read again under the write lock.
    ``connection`` is in autocommit mode; ``path`` is named in errors.

    Raises:
        SettingsError: ``error.store-newer``, a newer program made this database.
        InputError: ``error.store-foreign``, the file is a database of another program.
    """
    migrations = known_migrations(folder)
    newest = migrations[-1][0]
    connection.create_function("chain_hash", 7, chain_hash, deterministic=True)
    check(connection, path, newest)
    return sum(_run_one(connection, number, file, newest, path) for number, file in migrations)


def check(connection: sqlite3.Connection, path: Path, newest: int | None = None) -> int:
    """Return the number of the last migration that ran here; errors as :func:`migrate`."""
    known = known_migrations()[-1][0] if newest is None else newest
    application = _pragma(connection, "application_id")
    found = _pragma(connection, "user_version")
    tables = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]
    if application != APPLICATION_ID and (application or found or tables):
        raise InputError("error.store-foreign", path=str(path))
    if found > known:
        raise SettingsError("error.store-newer", path=str(path), found=found, known=known)
    return found


def statements(script: str) -> list[str]:
    """Split a script into statements; a trigger with its inner semicolons stays whole."""
    found, pending = [], ""
    for line in script.splitlines(keepends=True):
        pending += line
        if sqlite3.complete_statement(pending):
            found.append(pending.strip())
            pending = ""
    if any(line and not line.startswith("--") for line in pending.splitlines()):
        raise ValueError(f"unfinished statement: {pending[:60]!r}")
    return found


def _run_one(
    connection: sqlite3.Connection, number: int, file: Path, newest: int, path: Path
) -> bool:
    if _pragma(connection, "user_version") >= number:
        return False
    connection.execute("BEGIN IMMEDIATE")
    try:
        if check(connection, path, newest) >= number:
            connection.execute("ROLLBACK")
            return False
        for statement in statements(file.read_text("utf-8")):
            connection.execute(statement)
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version = {number}")
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
    return True


def _pragma(connection: sqlite3.Connection, name: str) -> int:
    return int(connection.execute(f"PRAGMA {name}").fetchone()[0])
