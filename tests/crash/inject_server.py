"""The warm process of ``tests.crash.inject``: forks a child per fault, has strace attach to it.

    python -m tests.crash.inject_server FOLDER

Orders come and answers go as JSON lines on stdin and stdout.
"""

import contextlib
import ctypes
import itertools
import json
import os
import shutil
import signal
import subprocess
import sys
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict
from importlib import import_module
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from unittest import mock

import olketanu  # noqa: F401  (puts the rooms on the path)
from digitize.work import worker
from digitize.work.child import Failure
from digitize.work.limits import Limits
from digitize.work.pool import Done
from olketanu.errors import OlketanuError
from tests.crash import workloads
from tests.crash.inject import (
    NAMES,
    OPENS,
    SECONDS,
    SIZES,
    SYNCS,
    WRITES,
    Call,
    Run,
    Trial,
    calls_below,
)
from tests.crash.workloads import WORKLOADS, Workload

_PR_SET_PTRACER = 0x59616D61  # <sys/prctl.h>; Yama lets only parents attach unless told otherwise


class OneProcessPool:
    """Stands for ``WorkerPool``: does a task when it is waited for, in the caller's thread.

    Errors of a task become failures by the worker's own function.
    """

    def __init__(
        self,
        workers: int,
        limits: Limits,
        scratch: Path,
        *,
        tasks: Mapping[str, str],
        path: Sequence[Path],
    ) -> None:
        self.workers = workers
        self._tasks = tasks
        self._orders: list[tuple[int, str, Mapping[str, Any]]] = []
        self._tickets = itertools.count(1)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._orders.clear()

    def submit(self, name: str, payload: Mapping[str, Any], timeout: float) -> int:
        """See ``WorkerPool.submit``; nothing here takes long enough for a timeout."""
        ticket = next(self._tickets)
        self._orders.append((ticket, name, payload))
        return ticket

    def wait(self) -> Done:
        """See ``WorkerPool.wait``."""
        ticket, name, payload = self._orders.pop(0)
        module, _, function = self._tasks[name].partition(":")
        try:
            result = getattr(import_module(module), function)(payload)
        except Exception as error:
            return Done(ticket, name, None, Failure(**worker.failure(error)), 0.0)
        return Done(ticket, name, result, None, 0.0)


def serve(folder: Path) -> None:
    """Answer orders until stdin ends."""
    with mock.patch.object(workloads, "WorkerPool", OneProcessPool):
        _serve(folder)


def _serve(folder: Path) -> None:
    by_name = {workload.name: workload for workload in WORKLOADS}
    prepared: dict[str, Path] = {}
    for line in sys.stdin:
        order = json.loads(line)
        workload = by_name[order["workload"]]
        if workload.name not in prepared:
            prepared[workload.name] = folder / f"base-{workload.name}"
            _forked(workload.prepare, prepared[workload.name])
            _warm_up(workload, prepared[workload.name], folder / "warm")
        shutil.copytree(prepared[workload.name], folder / "run", symlinks=True)
        trial = _try(workload, folder, order)
        shutil.rmtree(folder / "run")
        sys.stdout.write(json.dumps(asdict(trial)) + "\n")
        sys.stdout.flush()


def _warm_up(workload: Workload, base: Path, folder: Path) -> None:
    """Import here what the workload imports late, so that no child has to."""
    shutil.copytree(base, folder)
    for name in _forked(_imported, workload, folder):
        import_module(name)
    shutil.rmtree(folder)


def _imported(workload: Workload, folder: Path) -> list[str]:
    before = set(sys.modules)
    workload.run(folder, lambda _: None)
    workload.check(folder, [])
    workload.result(folder)
    return sorted(set(sys.modules) - before)


def _try(workload: Workload, folder: Path, order: dict[str, Any]) -> Trial:
    run = _traced(workload, folder, order)
    ends = _forked(_judge, workload, folder / "run", run, finish=order["finish"])
    return Trial(run, tuple(ends["violations"]), str(ends["dump"]))


def _judge(workload: Workload, folder: Path, run: Run, *, finish: bool) -> dict[str, Any]:
    violations = list(workload.check(folder, list(run.acks)))
    dump = ""
    if finish:
        workload.finish(folder)
        dump = workload.result(folder)
        violations += [f"at the end: {said}" for said in workload.check(folder, list(run.acks))]
    return {"violations": violations, "dump": dump}


def _forked(function: Callable[..., Any], *arguments: object, **named: object) -> Any:
    """What a function returns, from a child that keeps nothing open here."""
    answer, told = os.pipe()
    child = os.fork()
    if child == 0:
        _end(told, lambda: {"value": function(*arguments, **named)})
    os.close(told)
    with open(answer, "rb") as stream:  # noqa: PTH123 - a descriptor
        said = stream.read()
    os.waitpid(child, 0)
    found = json.loads(said or b'{"crash": "killed by its alarm"}')
    if "value" not in found:
        raise RuntimeError(found["crash"])
    return found["value"]


def _end(told: int, function: Callable[[], dict[str, Any]]) -> None:
    """In a child: say what the function returns or raises, and end without any clearing up."""
    signal.alarm(SECONDS)
    try:
        said = function()
    except OlketanuError as error:
        kind = type(error).__name__
        said = {"key": error.key, "kind": kind, "code": int(error.exit_code)}
        said |= {"crash": traceback.format_exc()}
    except BaseException:
        said = {"crash": traceback.format_exc()}
    with open(told, "wb") as stream:
        stream.write(json.dumps(said).encode())
    os._exit(0)


def _traced(workload: Workload, folder: Path, order: dict[str, Any]) -> Run:
    """Run a workload in a child under strace."""
    tries = 2 if order["again"] else 1
    log, acks = folder / "trace", folder / "acks"
    acks.write_bytes(b"")
    (waiting, start), (answer, told) = os.pipe(), os.pipe()
    child = os.fork()
    if child == 0:
        for unwanted in (start, answer):  # else the child would keep its own pipes from ending
            os.close(unwanted)
        _end(told, lambda: _work(workload, folder, (waiting, told), tries))
    for unwanted in (waiting, told):
        os.close(unwanted)
    with open(answer, "rb") as stream:  # noqa: PTH123 - a descriptor
        stream.read(1)
        with _strace(child, log, order["options"]):
            os.close(start)
            said = stream.read()
            os.waitpid(child, 0)
    calls = tuple(calls_below(log.read_text("utf-8", "replace"), str(folder / "run")))
    return _run(json.loads(said or "{}"), tuple(acks.read_text().splitlines()), calls)


def _run(said: dict[str, Any], acks: tuple[str, ...], calls: tuple[Call, ...]) -> Run:
    end = "killed" if not said else "done" if "done" in said else "error" if "key" in said else ""
    values = said.get("key", ""), said.get("kind", ""), said.get("code", 0), said.get("crash", "")
    return Run(end or "crash", *values, acks, calls)


def _work(workload: Workload, folder: Path, pipes: tuple[int, int], tries: int) -> dict[str, Any]:
    """Wait for strace, then do the work; tried again, it must end well, but the error is told."""
    waiting, told = pipes
    with contextlib.suppress(AttributeError, OSError):
        ctypes.CDLL(None).prctl(_PR_SET_PTRACER, ctypes.c_ulong(-1), 0, 0, 0)
    os.write(told, b" ")
    os.read(waiting, 1)  # ends when strace has attached
    written = os.open(folder / "acks", os.O_WRONLY | os.O_APPEND)
    try:
        workload.run(folder / "run", lambda line: _say(written, line))
    except OlketanuError:
        if tries > 1:
            _again(workload, folder / "run")
        raise
    return {"done": True}


def _again(workload: Workload, folder: Path) -> None:
    try:
        workload.run(folder, lambda _: None)
    except OlketanuError as error:
        raise RuntimeError("the second time in the same process") from error


def _say(descriptor: int, line: str) -> None:
    os.write(descriptor, f"{line}\n".encode())


@contextlib.contextmanager
def _strace(process: int, log: Path, options: list[str]) -> Iterator[None]:
    """Trace a process while the block lasts, from before the block begins."""
    names = ",".join(f"?{name}" for name in (*WRITES, *SYNCS, *NAMES, *SIZES, *OPENS))
    injections = [part for option in options for part in ("-e", option)]
    command = ["strace", "-y", "-s", "0", "-o", str(log), "-e", f"trace={names}", *injections]
    with subprocess.Popen([*command, "-p", str(process)], stderr=subprocess.PIPE) as tracer:
        said = _first_line(tracer)
        if b"attached" not in said:
            os.kill(process, signal.SIGKILL)
            raise RuntimeError(said.decode("utf-8", "replace"))
        yield


def _first_line(process: "subprocess.Popen[bytes]") -> bytes:
    return b"" if process.stderr is None else process.stderr.readline()


if __name__ == "__main__":
    serve(Path(sys.argv[1]))
