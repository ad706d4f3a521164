"""Repair: what verify found damaged or missing is brought back, and nothing is ever deleted.

backup    a file comes back by its hash from the backup folder
rows      a sidecar is written anew from the catalogue
run       a derivative without a copy: its job is opened again, the next run makes it
later     its pages have to be recognised first: repair again after the next run
rebuilt   the search index is built anew
none      nothing here can bring it back, or a person has to decide
"""

import os
import stat
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from olketanu.errors import OlketanuError
from store.audit import BAD_ROWS
from store.digitised import pages as page_rows
from store.disk import fixity
from store.disk.aside import new_aside
from store.disk.files import copy_checked, make_folder, sync_folder, writing
from store.disk.fixity import DAMAGED, MASTER, MISSING, RECOGNISED, SIDECAR, Promise
from store.sidecars.files import sidecars_lock, write_anew
from workflow.backup.snapshots import BackupFolder, open_backup, reading_in
from workflow.fixity.hashing import hash_file
from workflow.fixity.problem import INDEX_DAMAGED, LEFTOVER, Problem
from workflow.fixity.record import ACTOR, Notebook
from workflow.index import rebuild_index
from workflow.library import Library

FROM_BACKUP, FROM_ROWS, BY_RUN, LATER, REBUILT, NONE = (
    *("backup", "rows", "run", "later"),
    *("rebuilt", "none"),
)
REPAIRS = (FROM_BACKUP, FROM_ROWS, BY_RUN, LATER, REBUILT, NONE)
_READ_ONLY, _PLAIN = 0o444, 0o644


def repair(
    library: Library,
    notebook: Notebook,
    problems: Sequence[Problem],
    backup: Path | None,
    *,
    dry_run: bool,
) -> list[Problem]:
    """Return the problems with what was done about each; with ``dry_run`` what would be done.

    Raises:
        UsageError: ``error.no-backup``: the folder named is no backup. LockedError: somebody writes
        in it. CannotWriteError: the home cannot be written.
    """
    with ExitStack() as stack:
        folder = None
        if backup is not None:
            folder = open_backup(backup)
            stack.enter_context(reading_in(folder))
        work = _Repair(library, notebook, folder, dry_run)
        # Recognised ALTO and masters first: what is made of them has to wait until they are well.
        order = sorted(range(len(problems)), key=lambda n: _rank(problems[n]))
        done = {n: replace(problems[n], repair=work.of(problems[n])) for n in order}
    return [done[n] for n in range(len(problems))]


class _Repair:
    """One repair in progress; ``_spoiled`` holds masters and documents that stay damaged."""

    def __init__(
        self,
        library: Library,
        notebook: Notebook,
        backup: BackupFolder | None,
        dry_run: bool,
    ) -> None:
        self._library = library
        self._home = library.home
        self._notebook = notebook
        self._backup = backup
        self._dry_run = dry_run
        self._aside = new_aside(library.home)
        self._spoiled: set[str] = set()
        self._rebuilt: str | None = None

    def of(self, problem: Problem) -> str | None:
        """Repair one problem and return how; None for what needs none."""
        if problem.state == LEFTOVER:
            return None
        if problem.state == INDEX_DAMAGED:
            return self._index(problem)
        promise = problem.promise
        if promise is None or problem.state not in (DAMAGED, MISSING) or not self._is_ours(promise):
            return NONE
        if promise.kind == SIDECAR:
            return self._sidecar(promise)
        how = FROM_BACKUP if self._restore(promise) else self._again(promise)
        if how != FROM_BACKUP:
            self._spoiled.add(promise.sha256 if promise.kind == MASTER else str(promise.document))
        return how

    def _restore(self, promise: Promise) -> bool:
        """Bring a file back from the backup; False where it holds no good copy."""
        if self._backup is None:
            return False
        source = self._backup.file(promise.sha256)
        if hash_file(source.parent, source.name).sha256 != promise.sha256:
            return False
        if self._dry_run:
            return True
        target = self._home.root / promise.path
        self._set_aside(promise.path)
        mode = _READ_ONLY if promise.kind == MASTER else _PLAIN
        if copy_checked(source, target, mode=mode, expected=promise.sha256) != promise.sha256:
            return False
        self._notebook.recovered([promise.path], FROM_BACKUP, promised=True)
        return True

    def _again(self, promise: Promise) -> str:
        """Let the next run make a derivative or a recognised text anew, if its sources are well."""
        if promise.kind == MASTER or promise.job is None or self._has_bad_master(promise):
            return NONE
        if promise.kind != RECOGNISED and promise.document in self._spoiled:
            return LATER
        if self._dry_run:
            return BY_RUN
        with self._library.store.transaction(ACTOR) as tx:
            reopened = fixity.reopen_done(tx, promise.job)
        known = reopened or fixity.is_open(self._library.store, promise.job)
        return BY_RUN if known else NONE

    def _has_bad_master(self, promise: Promise) -> bool:
        try:
            rows = page_rows.list_pages(self._library.store, str(promise.document))
        except BAD_ROWS:
            return True
        return any(page.frame.master in self._spoiled for page in rows)

    def _sidecar(self, promise: Promise) -> str:
        if self._dry_run:
            return FROM_ROWS
        store = self._library.store
        with sidecars_lock(self._home) as held:
            if not held:
                return NONE
            self._set_aside(promise.path)
            write_anew(store, promise.path)
        self._notebook.recovered([promise.path], FROM_ROWS, promised=False)
        return FROM_ROWS

    def _index(self, problem: Problem) -> str:
        """Build the index anew, once for all its damaged files."""
        if self._rebuilt is None:
            self._rebuilt = REBUILT
            try:
                if not self._dry_run:
                    rebuild_index(self._library)
            except (OlketanuError, *BAD_ROWS):
                self._rebuilt = NONE
        if self._rebuilt == REBUILT and not self._dry_run:
            self._notebook.recovered([problem.key], REBUILT, promised=False)
        return self._rebuilt

    def _set_aside(self, path: str) -> None:
        """Keep the damaged bytes under replaced/, by a second name where the system knows links.

        So there is no moment at which the place is empty; a folder or a file on a system without
        links is moved.
        """
        damaged, aside = self._home.root / path, self._aside / path
        if not os.path.lexists(damaged):
            return
        with writing(aside):
            make_folder(aside.parent)
            try:
                if not stat.S_ISREG(damaged.lstat().st_mode):
                    raise IsADirectoryError
                os.link(damaged, aside)
            except OSError:
                damaged.rename(aside)
                sync_folder(damaged.parent)
            sync_folder(aside.parent)

    def _is_ours(self, promise: Promise) -> bool:
        """Whether the path stays inside the home: a damaged row may say anything."""
        target = Path(os.path.normpath(self._home.root / promise.path))
        return target.is_relative_to(self._home.root)


def _rank(problem: Problem) -> int:
    kind = problem.promise.kind if problem.promise is not None else ""
    return {MASTER: 0, RECOGNISED: 1}.get(kind, 2)
