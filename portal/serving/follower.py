"""What follows an act of a person: ``olketanu follow``, in a process of its own, never two at once.

No request waits for it. An act wakes it; and where nobody acts here, it looks now and then whether
something is behind all the same: what another program changed, or what a killed server left.
"""

import logging
import subprocess
import time
from collections.abc import Sequence
from threading import Event, Lock, Thread

from olketanu.errors import ExitCode
from olketanu.home import Home
from portal.serving.program import command_of
from store.disk.owners import is_anybody_at_work
from workflow.desk.behind import behind
from workflow.library import open_library

_LOG = logging.getLogger(__name__)

LOOK_EVERY = 20.0
"""Seconds between two looks while nobody acts."""

GATHER = 0.5
"""Seconds after an act in which further ones join it."""

END_SECONDS = 10.0
"""How long a process is given to come to its end; killed, the next one goes on where it was."""

_MOST_PAUSE = 600.0
_TOLD = 2000


class Follower:
    """One thread that waits, and at most one process that works.

    ``failure`` is what the last process said when it could not do its work, "" when it could.
    """

    def __init__(
        self, home: Home, *, command: Sequence[str] = (), look_every: float = LOOK_EVERY
    ) -> None:
        self.failure = ""
        self._home = home
        self._command = tuple(command) or command_of(home, "--quiet", "follow")
        self._look_every = look_every
        self._woken, self._ending = Event(), Event()
        self._child: subprocess.Popen[str] | None = None
        self._guard = Lock()
        self._thread: Thread | None = None

    def start(self) -> None:
        """Begin to wait; what is behind already is looked at at once."""
        self._thread = Thread(target=self._follow, name="follower", daemon=True)
        self._thread.start()

    def wake(self) -> None:
        """Tell that somebody has changed something; returns at once, from any thread."""
        self._woken.set()

    def stop(self) -> None:
        """End the process and the thread, and wait for them; stopping twice does no harm."""
        self._ending.set()
        self._woken.set()
        with self._guard:
            child = self._child
        if child is not None:
            child.terminate()
        if self._thread is not None:
            self._thread.join()
            self._thread = None

    def _follow(self) -> None:
        pause = 0.0
        while not self._ending.is_set():
            asked = self._woken.wait(pause)
            if self._ending.wait(GATHER if asked else 0):
                return
            self._woken.clear()
            again = self._look(asked=asked) and not asked
            # What is behind still, however often it is tried, is tried less and less often.
            pause = (
                min(max(pause * 2, self._look_every), _MOST_PAUSE) if again else self._look_every
            )

    def _look(self, *, asked: bool) -> bool:
        """Work if that is asked or needed; return whether it was."""
        try:
            needed = asked or self._is_needed()
            if needed:
                self._work()
        except Exception as error:  # the thread outlives it: it is told at the desk, tried again
            self.failure = str(error)
            _LOG.exception("follow")
            return True
        return needed

    def _is_needed(self) -> bool:
        """Whether anything is behind that no run will see to anyway."""
        with open_library(self._home, reading=True) as library:
            return bool(behind(library)) and not is_anybody_at_work(self._home)

    def _work(self) -> None:
        begun = time.monotonic()
        with self._guard:
            if self._ending.is_set():
                return
            self._child = subprocess.Popen(
                self._command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                text=True,
                errors="replace",
            )
        said = _end_of(self._child, self._ending)
        code = self._child.returncode
        with self._guard:
            self._child = None
        # Of two servers over one home one is enough: what was done here now is seen by the other.
        done = code in (ExitCode.DONE, ExitCode.LOCKED) or self._ending.is_set()
        self.failure = "" if done else said[-_TOLD:].strip() or f"exit code {code}"
        if self.failure:
            _LOG.error("follow: exit code %s: %s", code, self.failure)
        else:
            _LOG.info("follow: %.1f seconds", time.monotonic() - begun)


def _end_of(child: subprocess.Popen[str], ending: Event) -> str:
    """Wait for the process, not for ever once the server ends; return what it said."""
    while True:
        try:
            return child.communicate(timeout=END_SECONDS)[1]
        except subprocess.TimeoutExpired:
            if ending.is_set():
                child.kill()
