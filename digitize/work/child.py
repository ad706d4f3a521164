"""One worker process as its parent sees it: start, ask, watch the clock, kill with all below it."""

import contextlib
import json
import os
import selectors
import shutil
import signal
import subprocess
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from digitize.work.keeper import ENDING_SECONDS
from digitize.work.worker import CRASHED, OUT_OF_MEMORY, TIMEOUT
from olketanu import errors
from olketanu.errors import BadFileError, OlketanuError

TICK = 0.2  # seconds between looks at the clock and at the worker's health
TAIL = 8192  # bytes of a worker's stderr that are kept for the log
LONGEST_ANSWER = 16 * 1024 * 1024  # bytes: ten times what 10,000 frames take to describe
_CHUNK = 65536
_MEMORY_SIGNS = (b"bad_alloc", b"MemoryError", b"Cannot allocate memory", b"Insufficient memory")


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a task has no result.

    ``code`` is TIMEOUT, OUT_OF_MEMORY, CRASHED, CANNOT_WRITE, a quarantine code, or the name of an
    exit code (MISSING_TOOL, BAD_INPUT …); ``key`` and ``facts`` are those of an OlketanuError;
    ``kind`` is the name of the exception's class; ``log`` is the end of the worker's stderr.
    """

    code: str
    message: str
    key: str | None = None
    facts: Mapping[str, str] = field(default_factory=dict)
    kind: str = ""
    log: str = ""

    def error(self) -> OlketanuError:
        """The error as the child raised it; ``page.<code>`` for what was no OlketanuError."""
        if self.key is None:
            return OlketanuError(f"page.{self.code}", reason=self.message)
        kind = getattr(errors, self.kind, OlketanuError)
        if kind is BadFileError:
            return BadFileError(self.code, **self.facts)
        made: OlketanuError = kind(self.key, **self.facts)
        return made


@dataclass(frozen=True, slots=True)
class Launch:
    """How a worker is started; ``folder`` is its working folder and TMPDIR, made when missing."""

    command: tuple[str, ...]
    environment: Mapping[str, str]
    folder: Path


Outcome = tuple[dict[str, Any] | None, Failure | None, float]


class Child:
    """A worker process in a session of its own. OSError when it cannot be started."""

    def __init__(self, launch: Launch) -> None:
        launch.folder.mkdir(parents=True, exist_ok=True)
        self._process = subprocess.Popen(
            launch.command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=launch.folder,
            env=dict(launch.environment),
            start_new_session=True,
            bufsize=0,
        )
        self._oom_kills = _oom_kills()
        self._tail = bytearray()
        self._unsent = memoryview(b"")
        self._buffer = bytearray()
        self.answered = 0
        self.alive = True
        stdin, stdout, stderr = self._open_streams()
        self._pipes = (stdin.fileno(), stdout.fileno(), stderr.fileno())
        for number in self._pipes:
            os.set_blocking(number, False)

    def ask(
        self, question: Mapping[str, Any], timeout: float, stopping: threading.Event
    ) -> Outcome:
        """Result or failure of one task, and its seconds of wall time.

        Worker and all below are killed when ``timeout`` (s) is over or ``stopping`` is set.
        """
        start = time.monotonic()
        line = (json.dumps(question, ensure_ascii=False) + "\n").encode()
        answer, code = self._exchange(line, start + timeout, stopping)
        seconds = time.monotonic() - start
        if answer is None:
            failure = self._end(code, f"after {seconds:.1f} s")
            return None, failure, seconds
        self.answered += 1
        if "error" in answer:
            log = self._tail.decode("utf-8", "replace")
            return None, Failure(**answer["error"], log=log), seconds
        return answer["result"], None, seconds

    def kill(self) -> None:
        """End the worker with everything that it started; harmless when it is dead already.

        Its keeper does it, in milliseconds; a keeper that cannot is killed, and the kernel's signal
        takes the worker with it.
        """
        self._process.terminate()
        try:
            self._process.wait(ENDING_SECONDS * 1.5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self.alive = False
        for stream in self._open_streams():
            with contextlib.suppress(OSError):
                stream.close()

    def _open_streams(self) -> list[IO[bytes]]:
        process = self._process
        return [s for s in (process.stdin, process.stdout, process.stderr) if s is not None]

    def _exchange(
        self, line: bytes, deadline: float, stopping: threading.Event
    ) -> tuple[dict[str, Any] | None, str]:
        """The worker's answer, or None and the code TIMEOUT or CRASHED."""
        self._unsent = memoryview(line)
        with selectors.DefaultSelector() as ready:
            stdin, stdout, stderr = self._pipes
            ready.register(stdin, selectors.EVENT_WRITE)
            ready.register(stdout, selectors.EVENT_READ)
            ready.register(stderr, selectors.EVENT_READ)
            while not stopping.is_set():
                left = deadline - time.monotonic()
                if left <= 0:
                    return None, TIMEOUT
                ended = self._ended()
                events = ready.select(0 if ended else min(TICK, left))
                for key, _ in events:
                    if not self._serve(key.fd):
                        ready.unregister(key.fd)
                if b"\n" in self._buffer:
                    return self._parsed()
                if (ended and not events) or len(self._buffer) > LONGEST_ANSWER:
                    break
        return None, CRASHED

    def _serve(self, stream: int) -> bool:
        """Write to or read from a stream that is ready; False when there is no more to do there."""
        if stream == self._pipes[0]:
            self._unsent = self._unsent[self._send() :]
            return bool(self._unsent)
        return self._receive(stream)

    def _send(self) -> int:
        try:
            return os.write(self._pipes[0], self._unsent[:_CHUNK])
        except BlockingIOError:
            return 0
        except BrokenPipeError:
            return len(self._unsent)

    def _receive(self, stream: int) -> bool:
        """Take what a stream has; False at its end."""
        try:
            data = os.read(stream, _CHUNK)
        except BlockingIOError:
            return True
        if stream == self._pipes[1]:
            self._buffer += data
        else:
            self._tail += data
            del self._tail[:-TAIL]
        return bool(data)

    def _parsed(self) -> tuple[dict[str, Any] | None, str]:
        line, _, rest = bytes(self._buffer).partition(b"\n")
        self._buffer = bytearray(rest)
        try:
            answer = json.loads(line)
        except ValueError:
            return None, CRASHED
        return (answer, "") if isinstance(answer, dict) else (None, CRASHED)

    def _ended(self) -> bool:
        """Whether the worker is dead; it stays unreaped, so that its number is not given anew."""
        options = os.WEXITED | os.WNOHANG | os.WNOWAIT
        return os.waitid(os.P_PID, self._process.pid, options) is not None

    def _end(self, code: str, message: str) -> Failure:
        """Kill what is left and say what happened."""
        died = self._ended()
        self.kill()
        status = self._process.returncode
        if died:
            message = f"the worker ended by itself with status {status} {message}"
            code = self._cause(status)
        log = self._tail.decode("utf-8", "replace")
        return Failure(code, message, log=log)

    def _cause(self, status: int) -> str:
        if status == -signal.SIGXCPU:
            return TIMEOUT
        if any(sign in self._tail for sign in _MEMORY_SIGNS):
            return OUT_OF_MEMORY
        if status == -signal.SIGKILL and _oom_kills() > self._oom_kills:
            return OUT_OF_MEMORY
        return CRASHED


def sweep(folder: Path) -> None:
    """Remove everything in a worker's folder, and the folder; it is made anew when needed."""
    shutil.rmtree(folder, ignore_errors=True)


def empty(folder: Path) -> None:
    """Remove what a task left in a worker's folder; the folder stays, the worker stands in it."""
    for leftover in folder.iterdir() if folder.is_dir() else ():
        if leftover.is_dir() and not leftover.is_symlink():
            shutil.rmtree(leftover, ignore_errors=True)
        else:
            leftover.unlink(missing_ok=True)


def _oom_kills() -> int:
    """How often the kernel has killed for want of memory since boot; 0 where it does not say."""
    with contextlib.suppress(OSError, ValueError):
        for line in Path("/proc/vmstat").read_text().splitlines():
            if line.startswith("oom_kill "):
                return int(line.split()[1])
    return 0
