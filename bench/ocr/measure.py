"""Time, processor time and memory of a program with everything that it starts.

Processor time is the larger of what the kernel says at the end (it forgets children that nobody
waited for) and of what was seen on the way.
"""

import contextlib
import os
import subprocess
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

_TICK = 0.1  # seconds between looks at the memory
PATIENCE = 1200.0


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds of wall and processor time, and the largest sum of memory (PSS, MB) at one time."""

    wall: float
    cpu: float
    memory: float
    output: str


def run(command: Sequence[str], environment: Mapping[str, str] | None = None) -> Cost:
    """Run a program to its end; RuntimeError with the end of what it said when it failed."""
    start = time.monotonic()
    process = subprocess.Popen(
        list(command),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, **(environment or {})},
    )
    watch = _Watch(process.pid)
    watch.start()
    before = os.times()
    try:
        output, errors = process.communicate(timeout=PATIENCE)
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()
        watch.stop()
    after = os.times()  # of all children that have been waited for: this one and its own
    wall = time.monotonic() - start
    if process.returncode != 0:
        raise RuntimeError(f"{command[0]} ended with {process.returncode}: {errors[-2000:]}")
    cpu = after.children_user + after.children_system
    cpu -= before.children_user + before.children_system
    return Cost(wall, max(cpu, watch.cpu), watch.most / 1024, output)


class _Watch(threading.Thread):
    """Looks at the memory (kB) and processor time (s) of a process and all below it."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self._pid = pid
        self._end = threading.Event()
        self.most = 0
        self.cpu = 0.0

    def run(self) -> None:
        """Look until told to stop."""
        while not self._end.wait(_TICK):
            family = list(_family(self._pid))
            self.most = max(self.most, sum(_memory(pid) for pid in family))
            self.cpu = max(self.cpu, sum(_used(pid) for pid in family))

    def stop(self) -> None:
        """Stop looking."""
        self._end.set()
        self.join()


def _family(top: int) -> Iterator[int]:
    """A process and all below it."""
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            with contextlib.suppress(OSError, IndexError):
                parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
                children.setdefault(parent, []).append(int(entry.name))
    waiting = [top]
    while waiting:
        pid = waiting.pop()
        yield pid
        waiting += children.get(pid, [])


def _used(pid: int) -> float:
    """Processor time of a process and of those that it has waited for; 0.0 where it is gone."""
    with contextlib.suppress(OSError, IndexError, ValueError):
        told = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return sum(map(int, told[11:15])) / os.sysconf("SC_CLK_TCK")  # proc_pid_stat(5): utime …
    return 0.0


def _memory(pid: int) -> int:
    """Proportional set size in kB; 0 where the process is gone."""
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1])
    return 0
