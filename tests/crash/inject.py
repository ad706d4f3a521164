"""Faults at chosen system calls of a workload: disk full, a bad disk, a kill.

A warm process imports everything once and forks a child per fault; strace attaches to the child,
which waits for it, and lets the n-th call of one name fail (or kills there). The calls of an
undisturbed run say which n stand for calls below the workload's folder, so that pipes, logs and
acknowledgements are never hit. strace counts calls a thread: only the main thread, which does all
writing into a home, is traced. What children write into the scratch folder is written by the same
thread here (``OneProcessPool``), so that faults meet it too.

The warm process is ``tests.crash.inject_server``.
"""

import contextlib
import json
import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

SECONDS = 180
"""A child that takes longer is killed by its own alarm; the slowest takes about one."""
WRITES = ("write", "pwrite64", "writev", "pwritev", "pwritev2", "copy_file_range", "sendfile")
SYNCS = ("fsync", "fdatasync", "sync_file_range")
NAMES = (
    *("rename", "renameat", "renameat2", "link", "linkat", "mkdir", "mkdirat"),
    *("unlink", "unlinkat", "rmdir"),
)
SIZES = ("ftruncate", "truncate", "fallocate", "fchmod", "chmod", "fchmodat")
OPENS = ("openat", "open", "creat")
_LINE = re.compile(r"^(?P<name>[a-z_0-9]+)\((?P<arguments>.*)$")


@dataclass(frozen=True, slots=True)
class Call:
    """A call below the folder: the ``nth`` of its ``name`` in the thread, wherever they went.

    ``path`` is below the folder; ``text`` is the line of the trace.
    """

    name: str
    nth: int
    path: str
    text: str


@dataclass(frozen=True, slots=True)
class Fault:
    """``action`` at the calls from number ``nth`` on, ``times`` of them: ``error=EIO`` …"""

    name: str
    nth: int
    action: str
    times: int = 1

    def option(self) -> str:
        """As strace's ``-e`` wants it."""
        when = str(self.nth) if self.times == 1 else f"{self.nth}..{self.nth + self.times - 1}"
        return f"inject={self.name}:{self.action}:when={when}"


@dataclass(frozen=True, slots=True)
class Run:
    """How a run of a workload ended.

    ``end`` is ``done``, ``error`` (one of ours: ``key``, ``kind``, ``code``), ``crash`` (any other
    exception: ``text``) or ``killed``; ``acks`` were acknowledged; ``calls`` went below the folder.
    """

    end: str
    key: str
    kind: str
    code: int
    text: str
    acks: tuple[str, ...]
    calls: tuple[Call, ...]

    @property
    def hits(self) -> tuple[Call, ...]:
        """The calls below the folder that a fault met."""
        return tuple(call for call in self.calls if "(INJECTED)" in call.text)


@dataclass(frozen=True, slots=True)
class Trial:
    """One fault and all that came of it; ``dump`` is empty where the end was not looked at."""

    run: Run
    violations: tuple[str, ...]
    dump: str


def calls_below(log: str, folder: str) -> Iterator[Call]:
    """The calls of a trace that touch what lies below ``folder``, with their numbers."""
    counted: Counter[str] = Counter()
    inside = re.compile(rf"[\"<]{re.escape(folder)}/(?P<path>[^\">]*)[\">]")
    for line in log.splitlines():
        found = _LINE.match(line)
        if found is None:
            continue
        counted[found["name"]] += 1
        place = inside.search(found["arguments"])
        if place is not None and _changes(found["name"], line):
            yield Call(found["name"], counted[found["name"]], place["path"], line)


def _changes(name: str, line: str) -> bool:
    """An open without O_CREAT changes nothing on the disk."""
    return name not in OPENS or "O_CREAT" in line or name == "creat"


class Injector:
    """The warm process. One at a time; use it as a context manager."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._errors = folder / "injector.log"

    def __enter__(self) -> "Injector":
        self._folder.mkdir(parents=True, exist_ok=True)
        with self._errors.open("wb") as errors:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.crash.inject_server", str(self._folder)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                cwd=Path(__file__).parents[2],
                env={**os.environ, "SOURCE_DATE_EPOCH": "1767225600", "PYTHONHASHSEED": "0"},
            )
        return self

    def __exit__(self, *_: object) -> None:
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                with contextlib.suppress(BrokenPipeError):
                    stream.close()
        self._process.wait(SECONDS)

    def calm(self, workload: str) -> Trial:
        """Run a workload without a fault."""
        return self._ask(workload, [], finish=True)

    def disturb(self, workload: str, fault: Fault, *, finish: bool, again: bool = False) -> Trial:
        """Run it with a fault, check the invariants, and with ``finish`` let it go on to its end.

        ``again`` lets the same process do the work a second time after one of our errors.
        """
        return self._ask(workload, [fault.option()], finish=finish, again=again)

    def _ask(
        self, workload: str, options: list[str], *, finish: bool, again: bool = False
    ) -> Trial:
        order = {"workload": workload, "options": options, "finish": finish, "again": again}
        pipe_in, pipe_out = _open(self._process.stdin), _open(self._process.stdout)
        pipe_in.write(json.dumps(order).encode() + b"\n")
        pipe_in.flush()
        answer = pipe_out.readline()
        if not answer:
            raise RuntimeError(f"the injector died: {self._errors.read_text()[-4000:]}")
        found = json.loads(answer)
        run = found["run"]
        calls = tuple(Call(**call) for call in run.pop("calls"))
        acks = tuple(run.pop("acks"))
        return Trial(Run(**run, acks=acks, calls=calls), tuple(found["violations"]), found["dump"])


def _open(stream: IO[bytes] | None) -> IO[bytes]:
    if stream is None:
        raise RuntimeError("the injector has no pipes")
    return stream
