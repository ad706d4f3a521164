"""Watch an inbox: a folder that holds still is a batch and is taken, one after the other.

The folder is looked at again and again (network drives tell nobody when a file arrives). A batch is
complete when none of its files has changed for a while and every row of its sheet has its folder,
or at once when a mark («готово», «дайын», ``ready``) lies in it. Files are only read.
"""

import contextlib
import os
import stat
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path

from digitize.batch.folder import display_name, is_ready, natural_key, scan_batch
from digitize.batch.manifest import read_manifest
from digitize.batch.match import pair
from digitize.scan.codes import LINK_REFUSED
from olketanu.errors import ExitCode, OlketanuError, UsageError
from olketanu.home import Home
from store.digitised import batches, documents
from store.disk.owners import only_one
from workflow.intake.inputs import batches_of, is_known
from workflow.library import Library
from workflow.summary import RunReport

LOCK_NAME = "watch.lock"
SLOWEST_LOOK = 5.0  # seconds between two looks at the inbox at most
FIRST_RETRY, LAST_RETRY = 60.0, 3600.0  # seconds after a failure that is not the batch's fault
_NOT_ITS_FAULT = (ExitCode.CANNOT_WRITE, ExitCode.LOCKED, ExitCode.MISSING_TOOL, ExitCode.SETTINGS)

Print = tuple[tuple[str, int, int], ...]
"""What a folder held at one moment: path, size and time of change (ns) of everything below it."""


@dataclass(frozen=True, slots=True)
class Notice:
    """A line of the log: what became of a folder of the inbox.

    ``kind`` is taken, would (nothing is written), known, waits, refused or failed; ``code`` says
    why it waits or was refused, or is the key of the error; ``missing`` are rows of the sheet
    without a folder.
    """

    kind: str
    batch: str
    code: str | None = None
    missing: tuple[str, ...] = ()
    report: RunReport | None = None
    error: OlketanuError | None = None

    @property
    def exit_code(self) -> ExitCode:
        """What one look at the inbox ends with, were this all."""
        if self.error is not None:
            return self.error.exit_code
        if self.kind in ("failed", "refused"):
            return ExitCode.PARTLY_FAILED
        return self.report.exit_code if self.report else ExitCode.DONE

    def as_json(self) -> dict[str, object]:
        """One JSON line."""
        counts = self.report.counts() if self.report else {}
        return {
            "batch": self.batch,
            "state": self.kind,
            "code": self.code,
            "missing": list(self.missing),
            "documents": self.report.total if self.report else 0,
            "pages": counts.get("pages", 0),
            "refused": counts.get("refused", 0),
            "duplicates": counts.get("duplicates", 0),
        }


@dataclass(slots=True)
class _Seen:
    """What is remembered of a folder: its last print, since when, and what was done about it."""

    print: Print
    since: float
    done: bool = False
    told: str = ""
    tries: int = 0
    retry_at: float | None = None


@dataclass(slots=True)
class Inbox:
    """An inbox and what it is remembered by.

    ``take`` runs one folder (None: it would have), ``known`` says whether all of it was taken
    before; ``settle`` is in seconds, ``clock`` gives seconds that never go back.
    """

    folder: Path
    settle: float
    take: Callable[[Path], RunReport | None]
    known: Callable[[Path], bool]
    clock: Callable[[], float] = time.monotonic
    _seen: dict[str, _Seen] = field(default_factory=dict)

    def look(self) -> Iterator[Notice]:
        """Look once; take every complete batch, and yield a notice for whatever is news.

        Nothing that one batch does keeps the others from being taken. A batch is taken again when
        its files have changed since; one that failed for a reason outside it (disk, lock, a
        missing program) is tried again after a while.
        """
        present = list(_entries(self.folder))
        for name in self._seen.keys() - {path.name for path in present}:
            del self._seen[name]
        for path in present:
            seen = self._remember(path)
            reason, missing = self._reason(path, seen)
            if reason is None:
                yield self._do(path, seen)
            elif reason and seen.told != reason:
                seen.told = reason
                kind = "refused" if reason == LINK_REFUSED else "waits"
                yield Notice(kind, display_name(path), reason, missing)

    @property
    def holds_still(self) -> bool:
        """Whether no folder is left that only has to hold still for longer."""
        now = self.clock()
        return all(seen.done or now - seen.since >= self.settle for seen in self._seen.values())

    def _remember(self, path: Path) -> _Seen:
        now, found = self.clock(), fingerprint(path)
        seen = self._seen.get(path.name)
        if seen is None or seen.print != found:
            seen = self._seen[path.name] = _Seen(found, now)
        return seen

    def _reason(self, path: Path, seen: _Seen) -> tuple[str | None, tuple[str, ...]]:
        """Why a folder is not taken now: a code, empty where there is nothing to say; None: now."""
        if path.is_symlink():
            return LINK_REFUSED, ()
        if seen.retry_at is not None:
            return (None if self.clock() >= seen.retry_at else ""), ()
        if seen.done or not seen.print:
            return "", ()
        if _is_marked(path):
            return None, ()
        if self.clock() - seen.since < self.settle:
            return "", ()
        missing = missing_rows(path)
        return ("ROWS_MISSING", missing) if missing else (None, ())

    def _do(self, path: Path, seen: _Seen) -> Notice:
        name = display_name(path)
        first, seen.done, seen.retry_at = not seen.tries, True, None
        try:
            if first and self.known(path):
                return Notice("known", name)
            report = self.take(path)
            return Notice("taken" if report else "would", name, report=report)
        except OlketanuError as error:
            if error.exit_code in _NOT_ITS_FAULT:
                pause = min(LAST_RETRY, FIRST_RETRY * 2**seen.tries)
                seen.tries, seen.retry_at = seen.tries + 1, self.clock() + pause
            return Notice("failed", name, error.key, error=error)
        except Exception:  # a defect met by one batch: the others still want to be taken
            traceback.print_exc(file=sys.stderr)
            return Notice("failed", name, "error.unexpected")


def fingerprint(folder: Path) -> Print:
    """Return path, size and time of change of every file below the folder.

    Links are not entered. Empty for a link and for a folder without files.
    """
    found: list[tuple[str, int, int]] = []
    waiting = [] if folder.is_symlink() else [folder]
    while waiting:
        with contextlib.suppress(OSError), os.scandir(waiting.pop()) as entries:
            for entry in entries:
                with contextlib.suppress(OSError):
                    facts = entry.stat(follow_symlinks=False)
                    if stat.S_ISDIR(facts.st_mode):
                        waiting.append(Path(entry.path))
                    else:
                        found.append((entry.path, facts.st_size, facts.st_mtime_ns))
    return tuple(sorted(found))


def watch(inbox: Inbox, tell: Callable[[Notice], None], *, once: bool) -> ExitCode:
    """Look at the inbox until interrupted; with ``once`` until all that lies there has held still.

    With ``once`` what still changes after the time to settle is left for the next call. Returns 7
    when a batch failed or inputs were refused, else 1 when something waits for review, else 0.
    """
    worst = ExitCode.DONE
    pause = min(SLOWEST_LOOK, max(0.05, inbox.settle / 2))
    end = inbox.clock() + inbox.settle
    while True:
        late = inbox.clock() >= end
        for notice in inbox.look():
            tell(notice)
            worst = _worse(worst, notice.exit_code)
        if once and (late or inbox.holds_still):
            return worst
        time.sleep(pause)


def _worse(first: ExitCode, second: ExitCode) -> ExitCode:
    """Of several batches: 7 as soon as anything went wrong with one, else 1 before 0."""
    codes = {first, second} - {ExitCode.DONE, ExitCode.REVIEW}
    return ExitCode.PARTLY_FAILED if codes else max(first, second)


def is_done(library: Library, folder: Path) -> bool:
    """Whether every document of the folder was taken in before and none is unfinished."""
    for batch in batches_of((folder,)):
        if batches.find_batch(library.store, batch.name) is None:
            return False
        if not all(is_known(library, batch, item.document) for item in batch.found):
            return False
        if documents.count_documents(library.store, batch.name)["waiting"]:
            return False
    return True


def check_inbox(home: Home, inbox: Path) -> Path:
    """Return the inbox as an absolute path.

    Raises:
        UsageError: ``error.inbox-in-home``, inbox and home lie one in the other.
    """
    folder = inbox.resolve()
    if folder.is_relative_to(home.root) or home.root.is_relative_to(folder):
        raise UsageError("error.inbox-in-home", inbox=str(folder), home=str(home.root))
    return folder


def only_watch(home: Home) -> AbstractContextManager[None]:
    """Hold the lock of the one watch of a home; LockedError ``error.watch-running``."""
    return only_one(home, LOCK_NAME, "error.watch-running")


def _entries(inbox: Path) -> Iterator[Path]:
    """The folders of the inbox in natural order, links to be refused among them."""
    for path in sorted(inbox.iterdir(), key=lambda one: natural_key(display_name(one))):
        if not path.name.startswith(".") and (path.is_symlink() or path.is_dir()):
            yield path


def _is_marked(folder: Path) -> bool:
    with contextlib.suppress(OSError):
        return is_ready(folder)
    return False


def missing_rows(folder: Path) -> tuple[str, ...]:
    """Return rows of the sheet whose folder has not come yet; a sheet that is none says nothing."""
    with contextlib.suppress(OlketanuError, OSError):
        unused = pair(scan_batch(folder).documents, read_manifest(folder)).unused
        taken = {row.folder for row in unused}
        return tuple(sorted(taken))
    return ()
