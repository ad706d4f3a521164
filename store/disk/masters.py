"""Masters: the bytes that came from the scanner, by their SHA-256, never changed."""

import sqlite3
from dataclasses import dataclass
from pathlib import Path

from olketanu.errors import BadFileError
from olketanu.home import Home
from store.database import Reader, Transaction
from store.disk.files import copy_checked, sha256_of, sync_folder

_READ_ONLY = 0o444


@dataclass(frozen=True, slots=True)
class Master:
    """``sha256`` names the file; ``size`` in bytes; ``type`` by content; ``added`` a time."""

    sha256: str
    size: int
    type: str
    added: str = ""


def place_master(
    home: Home, source: Path, *, expected: str | None = None, type: str = ""
) -> Master:
    """Copy ``source`` among the masters of ``home``, mode 0444, and return what was stored.

    Doing it again changes nothing, but makes sure of the name: a run that was killed before it had
    synced the folders left one that a power cut could still take back. A stored file whose bytes
    have gone bad is replaced. This is the file only: :func:`add_master` makes the row, afterwards.

    Raises:
        BadFileError: ``changed``: the bytes are not those that ``expected`` (a SHA-256) promised.
        CannotWriteError: disk full, or the home may not be written.
    """
    sha256 = sha256_of(source) if expected is None else expected
    target = home.master(sha256)
    if target.is_file() and sha256_of(target) == sha256:
        stored = sha256
    else:
        stored = copy_checked(source, target, mode=_READ_ONLY, expected=sha256)
    if stored != sha256:
        raise BadFileError("changed", path=str(source))
    for folder in (target.parent, target.parent.parent, home.masters):
        sync_folder(folder)
    return Master(sha256, target.stat().st_size, type)


def add_master(tx: Transaction, master: Master) -> bool:
    """Write the row of a placed master; return False when it was there already."""
    changed = tx.change(
        "master.added",
        master.sha256,
        {"size": master.size, "type": master.type},
        "INSERT INTO master (sha256, size, type, added) VALUES (?, ?, ?, ?) "
        "ON CONFLICT (sha256) DO NOTHING",
        (master.sha256, master.size, master.type, tx.now),
    )
    return bool(changed)


def list_masters(reader: Reader) -> list[Master]:
    """Return every master by hash."""
    return [_master(row) for row in reader.rows("SELECT * FROM master ORDER BY sha256")]


def _master(row: sqlite3.Row) -> Master:
    return Master(row["sha256"], row["size"], row["type"], row["added"])
