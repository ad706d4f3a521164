"""A look at a catalogue that changes nothing: no migration, no journal file, no lock left behind.

For whoever examines a home (``doctor``), also one that is read-only, of another version, or broken.
"""

import sqlite3

from olketanu.errors import InputError
from olketanu.home import Home
from store.clock import utc_now
from store.database import BUSY_SECONDS, Store, translated
from store.migrate import check, known_migrations


def open_to_look(home: Home) -> Store:
    """Open the catalogue of ``home`` for reading; writing raises sqlite3's own error.

    While nobody has it open, SQLite is told that nobody will, since it would leave its two
    journal files behind otherwise. Who then meets damage opens it once more: another program may
    have begun to write meanwhile.

    Raises:
        InputError: ``error.store-missing``, ``error.store-damaged``, ``error.store-foreign``.
        SettingsError: ``error.store-newer``.
        CannotWriteError: it was left open by a crash and cannot be recovered without writing.
    """
    if not home.database.is_file():
        raise InputError("error.store-missing", path=str(home.database))
    options = "mode=ro" if _is_open(home) else "mode=ro&immutable=1"
    address = f"{home.database.absolute().as_uri()}?{options}"
    with translated(home.database):
        connection = sqlite3.connect(address, timeout=BUSY_SECONDS, isolation_level=None, uri=True)
        try:
            connection.row_factory = sqlite3.Row
            check(connection, home.database)
        except BaseException:
            connection.close()
            raise
    return Store(home, connection, utc_now)


def is_older(store: Store) -> bool:
    """Return whether the catalogue still waits for a migration: tables may be missing."""
    return int(store.rows("PRAGMA user_version")[0][0]) < known_migrations()[-1][0]


def _is_open(home: Home) -> bool:
    """Whether the catalogue has a journal: somebody has it open, or was killed with it open."""
    journal = home.database.with_name(home.database.name + "-wal")
    return journal.is_file() and journal.stat().st_size > 0
