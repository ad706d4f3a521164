"""Ways to keep a file and its row, all but the last of them wrong: the explorer must see that.

    python -m tests.crash.wrong_orders ORDER FOLDER

keeps six pages, each a file, a row with its hash and an acknowledgement.
"""

import hashlib
import os
import sqlite3
import sys
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

PAGES = 6
ORDERS = (
    "in-place",
    "no-sync",
    "no-folder-sync",
    "row-first",
    "commit-not-synced",
    "file-then-row",
)


def prepare(folder: Path) -> None:
    (folder / "files").mkdir()
    with closing(_connected(folder, "FULL")) as connection:
        connection.execute("CREATE TABLE page (name TEXT PRIMARY KEY, sha256 TEXT)")


def check(folder: Path, acks: Sequence[str]) -> list[str]:
    """Return torn files, rows without their file, and acknowledged pages that are lost."""
    files = {p.name: p.read_bytes() for p in (folder / "files").iterdir() if p.suffix != ".tmp"}
    with closing(_connected(folder, "FULL")) as connection:
        rows = dict(connection.execute("SELECT name, sha256 FROM page").fetchall())
    torn = [f"torn: {name}" for name, data in files.items() if data != _page(name)]
    dangling = [f"dangling: {name}" for name in rows if name not in files]
    lost = [f"lost: {name}" for name in acks if name not in rows]
    return [*torn, *dangling, *lost]


def main() -> None:
    """Keep six pages in one of the orders."""
    order, folder = sys.argv[1], Path(sys.argv[2])
    acks = os.open(folder / "acks", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    synchronous = "NORMAL" if order == "commit-not-synced" else "FULL"
    connection = _connected(folder, synchronous)
    for number in range(PAGES):
        name = f"p{number}"
        steps = [_write_row, _write_file] if order == "row-first" else [_write_file, _write_row]
        for step in steps:
            step(connection, folder / "files" / name, order)
        os.write(acks, f"{name}\n".encode())
    # Without closing: a close writes everything back, and hides what a commit alone keeps.
    os._exit(0)


def _write_file(_: sqlite3.Connection, target: Path, order: str) -> None:
    temporary = target if order == "in-place" else target.with_suffix(".tmp")
    with temporary.open("wb") as stream:
        stream.write(_page(target.name))
        stream.flush()
        if order != "no-sync":
            os.fsync(stream.fileno())
    temporary.replace(target)
    if order not in ("no-sync", "no-folder-sync"):
        folder = os.open(target.parent, os.O_RDONLY)
        os.fsync(folder)
        os.close(folder)


def _write_row(connection: sqlite3.Connection, target: Path, _: str) -> None:
    values = (target.name, hashlib.sha256(_page(target.name)).hexdigest())
    connection.execute("INSERT INTO page VALUES (?, ?)", values)


def _page(name: str) -> bytes:
    return name.encode() * 500


def _connected(folder: Path, synchronous: str) -> sqlite3.Connection:
    connection = sqlite3.connect(folder / "catalog.sqlite3", isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute(f"PRAGMA synchronous = {synchronous}")
    return connection


if __name__ == "__main__":
    main()
