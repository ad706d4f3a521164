"""The inbox as the desk shows it: every folder with what it holds and how far it is."""

import os
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from digitize.batch.folder import display_name, natural_key
from digitize.batch.glance import GlancedBatch, glance
from olketanu.errors import OlketanuError, UsageError
from olketanu.messages.translate import explain
from store.digitised import batches, documents
from store.digitised import pages as page_rows
from store.identifiers import short_id
from workflow.intake.inputs import TRIED_AGAIN, batches_of, require_readable, text_of
from workflow.library import Library
from workflow.watch import check_inbox, missing_rows

STILL = 60.0
"""Seconds without a change after which a folder is taken to have arrived whole."""


@dataclass(frozen=True, slots=True)
class Pages:
    """How many pages are finished, of ``all`` that were taken in."""

    done: int
    all: int


@dataclass(frozen=True, slots=True)
class InboxFolder:
    """A folder of the inbox, seen from outside.

    ``id`` is made of its name, for addresses. ``state`` is new, arriving (it still changes), begun
    (taken in, not finished), done, or unreadable. ``pages`` counts those that are finished,
    ``all_pages`` those taken in; ``batches`` are the names that its batches have, or will have, in
    the library.
    """

    id: str
    name: str
    path: Path
    state: str
    files: int = 0
    pages: int = 0
    all_pages: int = 0
    batches: tuple[str, ...] = ()

    @property
    def may_start(self) -> bool:
        """Whether a run would find something to do."""
        return self.state in ("new", "begun", "arriving")


@dataclass(frozen=True, slots=True)
class OpenedFolder:
    """A folder with what its sheet says: ``missing`` are rows of it whose folder has not come.

    ``documents`` is how many there would be. Where the sheet cannot be read, ``trouble`` says why.
    """

    folder: InboxFolder
    documents: int = 0
    missing: tuple[str, ...] = ()
    trouble: tuple[str, str] | None = None

    @property
    def is_ready(self) -> bool:
        """Whether nothing speaks against starting it."""
        return self.folder.may_start and not self.missing and self.trouble is None


def inbox_of(library: Library) -> Path | None:
    """Return the folder that the setting ``portal.inbox`` names, None where it names none.

    A relative path is one below the home's own folder. UsageError ``error.inbox-in-home``.
    """
    told = library.settings.portal.inbox
    return check_inbox(library.home, library.home.root / told) if told else None


def list_inbox(library: Library) -> tuple[InboxFolder, ...]:
    """Return the folders of the inbox in natural order; no file is opened for it.

    None without an inbox.
    """
    inbox = inbox_of(library)
    if inbox is None or not inbox.is_dir():
        return ()
    paths = sorted(_folders(inbox), key=lambda one: natural_key(display_name(one)))
    return tuple(_look_at(library, path) for path in paths)


def open_folder(library: Library, identifier: str) -> OpenedFolder:
    """Return the folder of this id, by looking through the listing, with what its sheet says.

    UsageError ``error.unknown-folder``.
    """
    inbox = inbox_of(library)
    for path in _folders(inbox) if inbox is not None and inbox.is_dir() else ():
        if _id(path) == identifier:
            return _opened(_look_at(library, path))
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
        require_readable(path)
        seen = glance(path)
    except (OlketanuError, OSError):
        return InboxFolder(_id(path), name, path, "unreadable")
    known = all(_is_known(library, one) for one in seen.batches)
    names = tuple(text_of(one.path.name) for one in seen.batches)
    taken = [name for name in names if batches.find_batch(library.store, name) is not None]
    waiting = sum(documents.count_documents(library.store, name)["waiting"] for name in taken)
    pages = pages_of(library, taken)
    state = "begun" if taken else "new"
    if taken and known:
        state = "begun" if waiting else "done"
    elif time.time() - seen.newest / 1e9 < STILL:
        state = "arriving"
    return InboxFolder(
        *(_id(path), name, path, state),
        files=sum(len(one.sizes) for one in seen.batches),
        pages=pages.done,
        all_pages=pages.all,
        batches=names,
    )


def _is_known(library: Library, batch: GlancedBatch) -> bool:
    """Whether every file was taken in (or refused) before, unchanged in size."""
    name = text_of(batch.path.name)
    settled = batches.settled_sizes(library.store, name, TRIED_AGAIN)
    seen = ((os.fsencode(name), size) for name, size in batch.sizes.items())
    return not batch.has_empty and all(settled.get(name) == size for name, size in seen)


def _opened(folder: InboxFolder) -> OpenedFolder:
    try:
        found = batches_of((folder.path,))
    except OlketanuError as error:
        return OpenedFolder(folder, trouble=explain(error))
    except OSError:
        return OpenedFolder(replace(folder, state="unreadable"))
    count = sum(len(one.found) for one in found)
    return OpenedFolder(folder, count, missing_rows(folder.path))
