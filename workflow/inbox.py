"""The inbox as the desk shows it: every folder with what it holds and how far it is."""

import contextlib
import os
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from digitize.batch.folder import display_name, natural_key
from olketanu.errors import OlketanuError, UsageError
from store.digitised import batches, documents
from store.digitised import pages as page_rows
from store.identifiers import short_id
from workflow.intake.inputs import batches_of, is_known
from workflow.library import Library
from workflow.watch import check_inbox, fingerprint, missing_rows

STILL = 60.0
"""Seconds without a change after which a folder is taken to have arrived whole."""


@dataclass(frozen=True, slots=True)
class Pages:
    """How many pages are finished, of ``all`` that were taken in."""

    done: int
    all: int


@dataclass(frozen=True, slots=True)
class InboxFolder:
    """A folder of the inbox.

    ``id`` is made of its name, for addresses. ``state`` is new, arriving (it still changes, or rows
    of its sheet have no folder: ``missing``), begun (taken in, not finished), done, or unreadable.
    ``pages`` counts those that are finished, ``all_pages`` those taken in; ``batches`` are the
    names that its batches have, or will have, in the library.
    """

    id: str
    name: str
    path: Path
    state: str
    documents: int = 0
    files: int = 0
    pages: int = 0
    all_pages: int = 0
    missing: tuple[str, ...] = ()
    batches: tuple[str, ...] = ()

    @property
    def may_start(self) -> bool:
        """Whether a run would find something to do."""
        return self.state in ("new", "begun", "arriving")


def inbox_of(library: Library) -> Path | None:
    """Return the folder that the setting ``portal.inbox`` names, None where it names none.

    A relative path is one below the home's own folder. UsageError ``error.inbox-in-home``.
    """
    told = library.settings.portal.inbox
    return check_inbox(library.home, library.home.root / told) if told else None


def list_inbox(library: Library) -> tuple[InboxFolder, ...]:
    """Return the folders of the inbox in natural order; none without an inbox."""
    inbox = inbox_of(library)
    if inbox is None or not inbox.is_dir():
        return ()
    paths = sorted(_folders(inbox), key=lambda one: natural_key(display_name(one)))
    return tuple(_look_at(library, path) for path in paths)


def find_folder(library: Library, identifier: str) -> InboxFolder:
    """Return the folder of this id, by looking through the listing.

    UsageError ``error.unknown-folder``.
    """
    inbox = inbox_of(library)
    for path in _folders(inbox) if inbox is not None and inbox.is_dir() else ():
        if _id(path) == identifier:
            return _look_at(library, path)
    raise UsageError("error.unknown-folder", folder=identifier)


def pages_of(library: Library, names: Iterable[str]) -> Pages:
    """Return how far the batches of these names are; from rows alone, no folder is looked into."""
    states: Counter[str] = Counter()
    for name in names:
        states.update(page_rows.count_pages(library.store, batch=name))
    return Pages(states.total() - states["waiting"], states.total())


def _folders(inbox: Path) -> Iterator[Path]:
    with os.scandir(inbox) as entries:
        for entry in entries:
            if not entry.name.startswith(".") and entry.is_dir(follow_symlinks=False):
                yield inbox / entry.name


def _id(path: Path) -> str:
    return short_id("inbox", display_name(path))


def _look_at(library: Library, path: Path) -> InboxFolder:
    name = display_name(path)
    try:
        found = batches_of((path,))
    except (OlketanuError, OSError):
        return InboxFolder(_id(path), name, path, "unreadable")
    known = all(is_known(library, one, item.document) for one in found for item in one.found)
    names = tuple(one.name for one in found)
    taken = [name for name in names if batches.find_batch(library.store, name) is not None]
    waiting = sum(documents.count_documents(library.store, name)["waiting"] for name in taken)
    pages = pages_of(library, taken)
    missing = missing_rows(path)
    state = _state(path, known=known and bool(taken), waiting=waiting, missing=missing)
    return InboxFolder(
        *(_id(path), name, path, "begun" if taken and state == "new" else state),
        documents=sum(len(one.found) for one in found),
        files=sum(len(item.document.files) for one in found for item in one.found),
        pages=pages.done,
        all_pages=pages.all,
        missing=missing,
        batches=names,
    )


def _state(path: Path, *, known: bool, waiting: int, missing: tuple[str, ...]) -> str:
    if known:
        return "begun" if waiting else "done"
    with contextlib.suppress(OSError):
        newest = max((changed for _, _, changed in fingerprint(path)), default=0)
        if missing or time.time() - newest / 1e9 < STILL:
            return "arriving"
    return "new"
