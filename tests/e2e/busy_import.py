"""A run as another process sees it: documents and records, a note after every commit.

    python -m tests.e2e.busy_import HOME SCANS NOTES ROUNDS

Each line of NOTES is the SHA-256 of the logical dump after one commit (:func:`said`).
"""

import hashlib
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from olketanu.home import Home
from store.database import Store, Transaction
from store.dump import logical_dump
from tests.unit.backup_library import add_document, add_records, assemble
from workflow.sidecars import write_sidecars

_SAFETY = ('"kind":"backup.', '"kind":"restore.', '"kind":"verify.', '"kind":"fixity.')


def said(store: Store) -> str:
    """SHA-256 of what the home says, without what backup and restore say of themselves.

    Sidecars are left out: they follow the rows a little later.
    """
    lines = logical_dump(store).splitlines()
    kept = [line for line in lines if not any(kind in line for kind in _SAFETY)]
    text = "\n".join(line for line in kept if "document.json" not in line)
    return hashlib.sha256(text.encode()).hexdigest()


class NotedStore(Store):
    """Notes after every commit what the home says then."""

    notes: Path

    @contextmanager
    def transaction(self, actor: str = "olketanu") -> Iterator[Transaction]:
        """Commit as ever, then note; nobody else changes what is noted."""
        with super().transaction(actor) as tx:
            yield tx
        with self.notes.open("a", encoding="ascii") as notes:
            notes.write(f"{said(self)}\n")


def work(home: Path, scans: Path, notes: Path, rounds: int) -> None:
    """Take in documents, make some anew, enter records; sidecars follow."""
    NotedStore.notes = notes
    with NotedStore.open(Home(home)) as store:
        for number in range(rounds):
            document = add_document(store, scans, 100 + number)
            add_records(store, 1000 + 5 * number, 1005 + 5 * number)
            if number % 3 == 0:
                assemble(store, document, f"anew {number}")
            write_sidecars(store)


if __name__ == "__main__":
    work(Path(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3]), int(sys.argv[4]))
