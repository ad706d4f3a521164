"""The run that the desk has started: one at a time, a child that may be ended and resumed."""

import signal
import subprocess
import time
from dataclasses import dataclass, replace
from threading import Lock

from olketanu.errors import ExitCode, LockedError
from olketanu.home import Home
from portal.serving.program import command_of
from workflow.inbox import InboxFolder

LOG = "desk-run.log"
PATIENCE = 30.0
"""Seconds that a run is given to end by itself when the server does."""


@dataclass(frozen=True, slots=True)
class Run:
    """A run of the folder ``id``, whose ``batches`` have these names.

    ``began`` is a time of the steady clock (s), ``first_pages`` how many pages of the folder were
    done then; ``code`` is what it ended with, None while it works; ``is_stopped``: somebody has
    asked it to end.
    """

    id: str
    name: str
    batches: tuple[str, ...]
    began: float
    first_pages: int
    code: int | None = None
    is_stopped: bool = False

    @property
    def is_working(self) -> bool:
        """Whether it has not ended."""
        return self.code is None

    @property
    def is_well(self) -> bool:
        """Whether it came to its end as it should."""
        return self.code in (ExitCode.DONE, ExitCode.REVIEW, ExitCode.PARTLY_FAILED)


class Runs:
    """Starts, watches and ends the run of one home."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self._lock = Lock()
        self._child: subprocess.Popen[bytes] | None = None
        self._run: Run | None = None

    def start(self, folder: InboxFolder, language: str) -> None:
        """Start a run of the folder that speaks a language.

        LockedError ``error.run-working`` while another works.
        """
        with self._lock:
            if self._child is not None and self._child.poll() is None:
                raise LockedError("error.run-working", folder=self._run.name if self._run else "")
            path = self._home.runs / LOG
            path.write_bytes(b"")
            with path.open("ab") as log:  # the run of another server may still write to it
                self._child = subprocess.Popen(
                    command_of(self._home, "--lang", language, "run", str(folder.path)),
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,  # Ctrl+C at the server is not meant for it
                )
            self._run = Run(
                *(folder.id, folder.name, folder.batches, time.monotonic(), folder.pages)
            )

    def current(self) -> Run | None:
        """Return the run that works, or the last one; None where there was none."""
        with self._lock:
            if self._run is None or self._child is None:
                return None
            return replace(self._run, code=self._child.poll())

    def stop(self) -> None:
        """Ask the run to end; what it has done stays, and the next one goes on from there."""
        with self._lock:
            if self._run is None or self._child is None or self._child.poll() is not None:
                return
            self._child.send_signal(signal.SIGINT)
            self._run = replace(self._run, is_stopped=True)

    def close(self) -> None:
        """End the run and wait for it, by force after ``PATIENCE``: that does no harm either."""
        self.stop()
        child = self._child
        if child is None:
            return
        try:
            child.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()

    def log_end(self, most: int = 20) -> tuple[str, ...]:
        """Return the last lines of what the run said."""
        path = self._home.runs / LOG
        if not path.is_file():
            return ()
        text = path.read_bytes()[-8192:].decode("utf-8", "replace")
        return tuple(text.splitlines()[-most:])
