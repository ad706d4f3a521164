"""Verify: fixity both ways, and whether the catalogue is still what was written into it.

    structure   SQLite's own check of the file
    heads       the journal still holds what was noted of it (head.json, backups)
    files       catalogue -> disk by rota, disk -> catalogue; workflow/fixity/files
    sidecars    whole by their own digests, and equal to what the rows say
    rows        every version by its hash, the chain of the journal
    index       the files of the generation in force

What has changed since the last verify becomes events; a second verify without change writes
nothing. A catalogue that SQLite itself finds damaged is read, never written.
"""

import contextlib
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from olketanu.errors import ExitCode, UsageError
from olketanu.progress import Progress
from store.audit import BAD_ROWS
from store.database import Store
from workflow.fixity.files import FilesFound, check_files
from workflow.fixity.problem import (
    CATALOGUE_DAMAGED,
    LEFTOVER,
    STATES,
    Problem,
)
from workflow.fixity.record import Notebook
from workflow.fixity.repair import repair
from workflow.fixity.rows import RowsFound, check_index, check_rows, check_structure
from workflow.fixity.sidecars import check_sidecars
from workflow.library import Library
from workflow.sidecars import write_sidecars

_SOLVED = frozenset({"backup", "rows", "rebuilt"})


@dataclass(frozen=True, slots=True)
class Asked:
    """What the person asked for.

    ``whole``: read every file, not the day's share. ``backup``: the backup folder, None where none
    is known. ``dry_run``: write nothing.
    """

    whole: bool = False
    repair: bool = False
    backup: Path | None = None
    dry_run: bool = False


@dataclass(frozen=True, slots=True)
class VerifyReport:
    """``files`` are promised, ``read`` of them were read now; leftovers are among the problems."""

    files: int
    read: int
    versions: int
    events: int
    problems: tuple[Problem, ...]
    dry_run: bool = False

    @property
    def open(self) -> tuple[Problem, ...]:
        """Problems that are still there: not leftovers, not repaired."""
        return tuple(
            problem
            for problem in self.problems
            if problem.state != LEFTOVER and (self.dry_run or problem.repair not in _SOLVED)
        )

    @property
    def exit_code(self) -> ExitCode:
        """PARTLY_FAILED while a problem is there."""
        return ExitCode.PARTLY_FAILED if self.open else ExitCode.DONE

    def counts(self) -> dict[str, int]:
        """How many problems of each state; states without one are left out."""
        found = Counter(problem.state for problem in self.problems)
        return {state: found[state] for state in STATES if found[state]}

    def as_json(self) -> dict[str, object]:
        """As the last JSON line."""
        return {
            "files": self.files,
            "read": self.read,
            "versions": self.versions,
            "events": self.events,
            "problems": self.counts(),
            "open": len(self.open),
        }


def verify(library: Library, asked: Asked, progress: Progress) -> VerifyReport:
    """Check the whole home, write down what changed, and repair where that was asked for.

    Raises:
        InputError: ``error.store-damaged``: the catalogue cannot be read at all. CannotWriteError,
        LockedError: as of the store.
    """
    store = library.store
    backup = _backup(library, asked)
    structure = check_structure(store)
    writable = not (structure or asked.dry_run)
    rows, wrong = _rows(store, backup)
    notebook = Notebook(store, writable=writable)
    sidecars = check_sidecars(store)
    cycle = 0 if asked.whole else library.settings.verify.cycle
    files = check_files(store, notebook, cycle, sidecars.known, progress)
    problems = [*structure, *wrong, *rows.problems, *sidecars.problems, *files.problems]
    problems += check_index(library.home)
    _write_down(notebook, problems, files)
    if asked.repair and not structure:
        problems = repair(library, notebook, problems, backup, dry_run=asked.dry_run)
    report = VerifyReport(
        len(files.promised) + len(sidecars.known),
        files.read + len(sidecars.known),
        rows.versions,
        rows.events,
        tuple(problems),
        asked.dry_run,
    )
    if notebook.close(report.as_json()):
        _tell_sidecars(store)
    return report


def _backup(library: Library, asked: Asked) -> Path | None:
    """The backup folder that was named, else that of the settings where its disk is there."""
    if asked.backup is not None:
        return asked.backup
    folder = library.settings.backup.folder
    return Path(folder) if folder and Path(folder).is_dir() else None


def _rows(store: Store, backup: Path | None) -> tuple[RowsFound, list[Problem]]:
    try:
        return check_rows(store, backup), []
    except BAD_ROWS as error:
        name = type(error).__name__
        return RowsFound(0, 0, ()), [Problem("catalog.sqlite3", CATALOGUE_DAMAGED, found=name)]


def _write_down(notebook: Notebook, problems: list[Problem], files: FilesFound) -> None:
    """Remember what is bad now, and what was bad and is so no more."""
    notebook.bad(problem for problem in problems if problem.state != LEFTOVER)
    known = {problem.key for problem in problems}
    bad = {path for path in notebook.looks if notebook.suspect(path)}
    # A promised file says itself that it is well, when it is read.
    notebook.recovered(sorted(bad - known - set(files.promised)), "found", promised=False)


def _tell_sidecars(store: Store) -> None:
    """Let the files of the journal follow: verify's own events are in it now."""
    with contextlib.suppress(UsageError, *BAD_ROWS):  # named above already
        write_sidecars(store)
