"""The keeper of a worker: a small process above it, which sees that nothing of it stays behind.

A program that a worker starts may fork twice and begin a session of its own: then no signal to the
worker's group reaches it. The keeper is the subreaper (prctl(2)) of everything below it, so that
whatever loses its parent becomes the keeper's child and can be found and killed. It lives in one
wait, needs no lock and imports nothing heavy, and so it answers when the worker cannot.
"""

import contextlib
import ctypes
import os
import signal
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ENDING_SECONDS = 1.0  # for everything below a keeper to be dead, reaped and gone
_PAUSE = 0.005
_PR_SET_PDEATHSIG, _PR_SET_CHILD_SUBREAPER = 1, 36  # <sys/prctl.h>


@dataclass(frozen=True, slots=True)
class Relation:
    """A process that is alive, its parent and its process group."""

    pid: int
    parent: int
    group: int


def keep(parent: int) -> None:
    """Fork: return in the worker, which leads a group of its own; the keeper stays and never does.

    ``parent`` is who started this process: when it goes, or SIGTERM comes, or the worker ends,
    the keeper kills everything below it and ends as the worker did. Call it before any thread is
    started.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is the parent's to answer
    signal.signal(signal.SIGTERM, lambda *_: _leave(signal.SIGKILL))
    _prctl(_PR_SET_CHILD_SUBREAPER, 1)
    follow_parent(parent)
    worker = os.fork()
    if worker == 0:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        os.setpgid(0, 0)
        return
    _let_go_of_streams()
    status = _wait_for(worker)
    with contextlib.suppress(ProcessLookupError):  # where there is no /proc its group is all
        os.killpg(worker, signal.SIGKILL)
    _leave(os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0, os.waitstatus_to_exitcode(status))


def follow_parent(parent: int) -> None:
    """Ask for SIGTERM when the parent's thread ends; end at once when it is gone already."""
    _prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != parent:
        os._exit(1)


def end_others(top: int, seconds: float = ENDING_SECONDS) -> bool:
    """Kill every process below ``top`` but this one, with its group; True when none is left.

    The keeper calls it for itself, a worker after a task for what that left behind. Zombies of
    this process are reaped on the way; ``seconds`` bound it.
    """
    own = os.getpgrp()
    end = time.monotonic() + seconds
    while True:
        others = [found for found in below(top) if found.pid != os.getpid()]
        for found in others:
            _kill(found, own)
        if not others:
            return True
        if time.monotonic() > end:
            return False
        if top == os.getpid():
            _reap()
        time.sleep(_PAUSE)


def _kill(found: Relation, own: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        if found.group != own:  # a fork in this moment stays in the group
            os.killpg(found.group, signal.SIGKILL)
        os.kill(found.pid, signal.SIGKILL)


def below(top: int) -> list[Relation]:
    """The living processes below ``top``, at any depth; none where there is no /proc (macOS)."""
    children: dict[int, list[Relation]] = {}
    for relation in _relations():
        children.setdefault(relation.parent, []).append(relation)
    found: list[Relation] = []
    waiting = [top]
    while waiting:
        born = children.pop(waiting.pop(), [])
        found += born
        waiting += [relation.pid for relation in born]
    return found


def _relations() -> Iterator[Relation]:
    """Every process that is alive, as far as it can be seen."""
    with contextlib.suppress(OSError), os.scandir("/proc") as entries:
        for entry in entries:
            if not entry.name.isdecimal():
                continue
            with contextlib.suppress(OSError):
                # proc_pid_stat(5): pid (name) state ppid pgrp …; the name may hold anything
                told = Path(entry.path, "stat").read_bytes().rpartition(b")")[2].split()
                if told[0] not in (b"Z", b"X"):
                    yield Relation(int(entry.name), int(told[1]), int(told[2]))


def _wait_for(worker: int) -> int:
    """The worker's status; orphans that end meanwhile are reaped."""
    while True:
        pid, status = os.wait()
        if pid == worker:
            return status


def _reap() -> None:
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


def _leave(how: int, status: int = 1) -> None:
    """End everything below, then this process: by the signal ``how``, or with ``status``."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)  # once is enough
    end_others(os.getpid())
    if how:
        if how != signal.SIGKILL:
            signal.signal(how, signal.SIG_DFL)
        os.kill(os.getpid(), how)
    os._exit(max(0, status))


def _let_go_of_streams() -> None:
    """Close stdin and stdout: only the worker speaks with the parent."""
    nothing = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1):
        os.dup2(nothing, stream)
    os.close(nothing)


def _prctl(option: int, value: int) -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(option, value, 0, 0, 0)
