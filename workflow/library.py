"""A library in hand: its home, its settings and its open store."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from olketanu.errors import CannotWriteError, UsageError
from olketanu.home import Home
from olketanu.settings import TEMPLATE, Settings, read_settings
from store import changes
from store.database import Store
from store.disk.files import is_temporary, make_folder, sweep_temporary, write_durably, writing


@dataclass(frozen=True, slots=True)
class Library:
    """What every use case works on."""

    home: Home
    settings: Settings
    store: Store

    def address(self, document: str) -> str:
        """Permanent address of a document, as field 856 $u has it."""
        return f"{self.site}/d/{document}"

    def record_address(self, record: str) -> str:
        """Permanent address of a record."""
        return f"{self.site}/r/{record}"

    @property
    def site(self) -> str:
        """The address of the portal, without a slash at its end."""
        return self.settings.site.url.rstrip("/")


@contextmanager
def open_library(home: Home, *, reading: bool = False) -> Iterator[Library]:
    """Open the library at ``home``, its store only for ``reading`` if so told.

    Errors as of :func:`read_settings` and ``Store.open``.
    """
    settings = read_settings(home.settings)
    with Store.open(home, reading=reading) as store:
        yield Library(home, settings, store)


def create_library(folder: Path, language: str) -> Home:
    """Make a new home at ``folder`` and return it; what a killed call left is finished.

    Raises:
        UsageError: ``error.home-exists``: the folder is a home, or holds other files.
        CannotWriteError: the folder cannot be written.
    """
    home = Home(folder.resolve())
    if home.settings.exists():
        raise UsageError("error.home-exists", folder=str(folder))
    if folder.exists() and not _is_begun(home):
        raise UsageError("error.home-not-empty", folder=str(folder))
    with writing(home.root):
        make_folder(home.root)
        sweep_temporary(home.root)
    with Store.create(home) as store:
        if changes.last_seq(store):  # a library that has lost its settings
            raise UsageError("error.home-not-empty", folder=str(folder))
    # The settings come last: they make the folder a home.
    write_durably(home.settings, TEMPLATE.format(language=language).encode())
    return home


def _is_begun(home: Home) -> bool:
    """Whether the folder is empty, or holds no more than a killed :func:`create_library` leaves."""
    if not home.root.is_dir():
        return False
    catalogue = {f"{home.database.name}{end}" for end in ("", "-wal", "-shm", "-journal")}
    folders = {home.masters, home.objects, home.index, home.quarantine, home.exports, home.runs}
    return all(
        entry.name in catalogue or is_temporary(entry) or (entry in folders and _is_bare(entry))
        for entry in home.root.iterdir()
    )


def _is_bare(folder: Path) -> bool:
    return folder.is_dir() and not any(folder.iterdir())


def require_writable(home: Home) -> None:
    """Raise CannotWriteError when the home cannot be written, before any work is begun."""
    if not os.access(home.root, os.W_OK):
        raise CannotWriteError("error.not-writable", path=str(home.root))
