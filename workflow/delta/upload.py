"""A ticked sheet that is sent: read by a limited child, whatever its bytes would do to it."""

from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock

from digitize.work.limits import Limits
from digitize.work.pool import WorkerPool
from olketanu.errors import InputError, LockedError
from olketanu.messages.translate import language
from workflow.delta.ticks import Marked, marked_from_json

MOST_BYTES = 1_000_000
"""Of a file that is sent. A workbook of 5,000 corrections has less (bench/sheet.py)."""

_LIMITS = Limits(memory_mb=1024, file_mb=8, tasks=1)
_SECONDS = 30.0
_TASK = "sheet"
_ONE = Lock()


def read_sent(data: bytes, name: str) -> Marked:
    """Read the sheet ``data`` that is called ``name``; one at a time in this program.

    Raises:
        InputError: as :func:`workflow.delta.ticks.read_marked`; also of a file that takes more
            memory or time than any sheet.
        LockedError: ``error.sheet-busy``: another one is being read.
    """
    if len(data) > MOST_BYTES:
        raise InputError("error.delta-unreadable", file=name)
    if not _ONE.acquire(blocking=False):
        raise LockedError("error.sheet-busy")
    try:
        return _in_child(data, name)
    finally:
        _ONE.release()


def _in_child(data: bytes, name: str) -> Marked:
    with TemporaryDirectory(prefix="olketanu-") as scratch:
        path = Path(scratch) / _TASK
        path.write_bytes(data)
        tasks = {_TASK: "workflow.delta.ticks:task"}
        with WorkerPool(1, _LIMITS, Path(scratch) / "child", tasks=tasks) as pool:
            told = {"path": str(path), "name": name, "language": language()}
            pool.submit(_TASK, told, _SECONDS)
            done = pool.wait()
    if done.result is not None:
        return marked_from_json(done.result)
    error = done.failure.error() if done.failure is not None else None
    if isinstance(error, InputError):
        raise error
    raise InputError("error.delta-unreadable", file=name)
