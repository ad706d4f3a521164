"""What follows an act of a person: ``olketanu follow``, in a process of its own, never two at once.

No request waits for it. An act wakes it; and where nobody acts here, it looks now and then whether
something is behind all the same: what another program changed, or what a killed server left.
"""

import logging
import subprocess
import time
from collections.abc import Sequence
from enum import Enum, auto
from threading import Event, Lock, Thread

from olketanu.errors import ExitCode
from olketanu.home import Home
from portal.serving.program import command_of
from store.disk.owners import is_anybody_at_work
from workflow.desk.behind import behind
from workflow.follow import is_followed
from workflow.library import open_library

_LOG = logging.getLogger(__name__)

LOOK_EVERY = 20.0
"""Seconds between two looks while nobody acts."""

LOOK_AGAIN = 1.0
"""Seconds between two looks while another server of this home follows."""

GATHER = 0.5
"""Seconds after an act in which further ones join it."""

END_SECONDS = 10.0
"""How long a process is given to come to its end; killed, the next one goes on where it was."""

_MOST_PAUSE = 600.0
_TOLD = 2000


class _Found(Enum):
    """What a look came to."""

    NOTHING = auto()
    WORK = auto()
    ANOTHER = auto()
    """Somebody else follows, who may have begun before what was done here."""


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
            found = self._look(asked=asked)
            if found is _Found.ANOTHER:
                pause = min(LOOK_AGAIN, self._look_every)
            elif found is _Found.WORK and not asked:
                # What is behind still, however often it is tried, is tried less and less often.
                pause = min(max(pause * 2, self._look_every), _MOST_PAUSE)
            else:
                pause = self._look_every

    def _look(self, *, asked: bool) -> _Found:
        """Work if that is asked or needed, and nobody else does."""
        try:
            if not asked and is_followed(self._home):
                return _Found.ANOTHER
            if asked or self._is_needed():
                return _Found.WORK if self._work() else _Found.ANOTHER
        except Exception as error:  # the thread outlives it: it is told at the desk, tried again
            self.failure = str(error)
            _LOG.exception("follow")
            return _Found.WORK
        return _Found.NOTHING

    def _is_needed(self) -> bool:
        """Whether anything is behind that no run will see to anyway."""
        with open_library(self._home, reading=True) as library:
            return bool(behind(library)) and not is_anybody_at_work(self._home)

    def _work(self) -> bool:
        """Run the process to its end; return whether it could work: somebody else may follow."""
        begun = time.monotonic()
        with self._guard:
            if self._ending.is_set():
                return True
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
        # Of two servers over one home one works; whether it saw what was done here is looked up.
        done = code in (ExitCode.DONE, ExitCode.LOCKED) or self._ending.is_set()
        self.failure = "" if done else said[-_TOLD:].strip() or f"exit code {code}"
        if self.failure:
            _LOG.error("follow: exit code %s: %s", code, self.failure)
        else:
            _LOG.info("follow: %.1f seconds", time.monotonic() - begun)
        return code != ExitCode.LOCKED


def _end_of(child: subprocess.Popen[str], ending: Event) -> str:
    """Wait for the process, not for ever once the server ends; return what it said."""
    while True:
        try:
            return child.communicate(timeout=END_SECONDS)[1]
        except subprocess.TimeoutExpired:
            if ending.is_set():
                child.kill()
