"""Worker processes that do tasks in parallel; none can hang, blow up or outlive the parent.

Every worker has a lane: a thread of the parent that starts it, hands it one task at a time, watches
its time and replaces it when it died. The lane lives as long as its worker, which the kernel's
parent-death signal (it follows the thread, not the process) needs.
"""

import json
import os
import queue
import sys
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from digitize.work.child import Child, Failure, Launch, empty, sweep
from digitize.work.limits import Limits
from digitize.work.worker import OUT_OF_MEMORY, Options
from digitize.work.worker import failure as describe
from olketanu import APP_ROOT, PACKAGE_ROOT

KEPT_ENVIRONMENT = ("PATH", "HOME", "TESSDATA_PREFIX", "SYSTEMROOT", "LD_LIBRARY_PATH")


@dataclass(frozen=True, slots=True)
class Done:
    """The end of one task: exactly one of ``result`` and ``failure`` is not None."""

    ticket: int
    name: str
    result: dict[str, Any] | None
    failure: Failure | None
    seconds: float

    @property
    def error(self) -> str | None:
        """The failure's code, None when there is a result."""
        return None if self.failure is None else self.failure.code


@dataclass(frozen=True, slots=True)
class _Order:
    """A task on its way to a worker; ``timeout`` in seconds of wall time."""

    ticket: int
    name: str
    payload: Mapping[str, Any]
    timeout: float


class WorkerPool:
    """Up to ``workers`` child processes, started when there is work for them.

    ``scratch`` is a folder of the caller's; each worker has its TMPDIR in it, emptied after a
    failure and at the end. ``tasks`` adds names to ``worker.TASKS`` and ``path`` folders to the
    children's import path. Paths in payloads must be absolute. Use it as a context manager: at the
    end of the block all workers are killed, with everything that they started.
    """

    def __init__(
        self,
        workers: int,
        limits: Limits,
        scratch: Path,
        *,
        tasks: Mapping[str, str] | None = None,
        path: Sequence[Path] = (),
    ) -> None:
        if workers < 1:
            raise ValueError("a pool needs a worker")
        self._options = Options(os.getpid(), limits, tasks or {})
        self._path = tuple(path)
        self._scratch = scratch.resolve()
        self._workers = workers
        self._orders: queue.SimpleQueue[_Order | None] = queue.SimpleQueue()
        self._done: queue.SimpleQueue[Done] = queue.SimpleQueue()
        self._lanes: list[_Lane] = []
        self._last_ticket = 0
        self._outstanding = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def workers(self) -> int:
        """How many tasks run at the same time at most."""
        return self._workers

    @property
    def outstanding(self) -> int:
        """Tasks submitted whose end ``wait`` has not told yet."""
        return self._outstanding

    def submit(self, name: str, payload: Mapping[str, Any], timeout: float) -> int:
        """Queue a task and return its ticket; ``timeout`` (s) counts from when a worker has it.

        TypeError when ``payload`` is not made of JSON values.
        """
        json.dumps(payload)  # better here than in a lane, where nobody would hear of it
        self._last_ticket += 1
        self._outstanding += 1
        if len(self._lanes) < min(self._workers, self._outstanding):
            self._open_lane()
        self._orders.put(_Order(self._last_ticket, name, payload, timeout))
        return self._last_ticket

    def wait(self) -> Done:
        """The next task to end, in any order; LookupError when none is outstanding."""
        if not self._outstanding:
            raise LookupError("no task is outstanding")
        done = self._done.get()
        self._outstanding -= 1
        return done

    def close(self) -> None:
        """Kill all workers and empty their scratch; tasks not ended are forgotten."""
        for lane in self._lanes:
            lane.stop()
        for _ in self._lanes:
            self._orders.put(None)
        for lane in self._lanes:
            lane.join()
        self._lanes = []
        self._outstanding = 0

    def _open_lane(self) -> None:
        folder = self._scratch / f"worker-{len(self._lanes) + 1}"
        launch = Launch(
            command=(sys.executable, "-P", "-m", "digitize.work.worker", self._options.to_json()),
            environment=self._environment(folder),
            folder=folder,
        )
        lane = _Lane(launch, self._options.limits.tasks, self._orders, self._done)
        self._lanes.append(lane)
        lane.start()

    def _environment(self, folder: Path) -> dict[str, str]:
        kept = {name: os.environ[name] for name in KEPT_ENVIRONMENT if name in os.environ}
        return {
            **kept,
            "LC_ALL": "C.UTF-8",
            "OMP_THREAD_LIMIT": "1",
            "OPENBLAS_NUM_THREADS": "1",
            "PYTHONPATH": os.pathsep.join(map(str, (APP_ROOT, PACKAGE_ROOT, *self._path))),
            "PYTHONUTF8": "1",
            "TMPDIR": str(folder),
        }


class _Lane(threading.Thread):
    """One worker at a time, and the thread that looks after it."""

    def __init__(
        self,
        launch: Launch,
        recycle: int,
        orders: "queue.SimpleQueue[_Order | None]",
        done: "queue.SimpleQueue[Done]",
    ) -> None:
        super().__init__(name=launch.folder.name, daemon=True)
        self._launch = launch
        self._recycle = recycle
        self._orders = orders
        self._done = done
        self._stopping = threading.Event()
        self._child: Child | None = None

    def stop(self) -> None:
        """Let the lane end soon: its worker is killed wherever it stands."""
        self._stopping.set()

    def run(self) -> None:
        """Do orders until told to stop."""
        try:
            while not self._stopping.is_set():
                order = self._orders.get()
                if order is not None and not self._stopping.is_set():
                    self._done.put(self._perform(order))
        finally:
            self._discard()
            sweep(self._launch.folder)

    def _perform(self, order: _Order) -> Done:
        result: dict[str, Any] | None = None
        failure: Failure | None = None
        seconds = 0.0
        try:
            child = self._child = self._child or Child(self._launch)
            question = {
                "ticket": order.ticket,
                "task": order.name,
                "payload": order.payload,
                "seconds": int(order.timeout) + 1,
            }
            result, failure, seconds = child.ask(question, order.timeout, self._stopping)
        except Exception as error:  # a lane that died would leave ``wait`` waiting
            failure = Failure(**describe(error))
            self._discard()
        self._tidy(failure)
        return Done(order.ticket, order.name, result, failure, seconds)

    def _tidy(self, failure: Failure | None) -> None:
        """Replace a worker that is dead, worn, or short of memory; clear what a failure left."""
        child = self._child
        worn = child is None or not child.alive or child.answered >= self._recycle
        if worn or (failure is not None and failure.code == OUT_OF_MEMORY):
            self._discard()
        if failure is not None:
            empty(self._launch.folder)

    def _discard(self) -> None:
        if self._child is not None:
            self._child.kill()
            self._child = None
