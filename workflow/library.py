"""A library in hand: its home, its settings and its open store."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from olketanu.errors import CannotWriteError, UsageError
from olketanu.home import Home
from olketanu.settings import TEMPLATE, Settings, read_settings
from store.database import Store
from store.files import write_durably, writing


@dataclass(frozen=True, slots=True)
class Library:
    """What every use case works on."""

    home: Home
    settings: Settings
    store: Store

    def address(self, document: str) -> str:
        """Permanent address of a document, as field 856 $u has it."""
        return f"{self.settings.site.url.rstrip('/')}/d/{document}"


@contextmanager
def open_library(home: Home) -> Iterator[Library]:
    """Open the library at ``home``; errors as of :func:`read_settings` and ``Store.open``."""
    settings = read_settings(home.settings)
    with Store.open(home) as store:
        yield Library(home, settings, store)


def create_library(folder: Path, language: str) -> Home:
    """Make a new home at ``folder`` and return it.

    Raises:
        UsageError: ``error.home-exists``: the folder is a home, or holds other files.
        CannotWriteError: the folder cannot be written.
    """
    home = Home(folder.resolve())
    if home.settings.exists():
        raise UsageError("error.home-exists", folder=str(folder))
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError("error.home-not-empty", folder=str(folder))
    with writing(home.root):
        home.root.mkdir(parents=True, exist_ok=True)
    Store.create(home).close()
    # The settings come last: they make the folder a home.
    write_durably(home.settings, TEMPLATE.format(language=language).encode())
    return home


def require_writable(home: Home) -> None:
    """Raise CannotWriteError when the home cannot be written, before any work is begun."""
    if not os.access(home.root, os.W_OK):
        raise CannotWriteError("error.not-writable", path=str(home.root))
