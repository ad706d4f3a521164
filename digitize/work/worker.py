"""The child process: does one task at a time for the pool, inside limits, and never outlives it.

Started as ``python -P -m digitize.work.worker OPTIONS`` in a session of its own. A line of JSON on
stdin is a task ``{"ticket", "task", "payload", "seconds"}``; a line on stdout is the answer
``{"ticket", "result"}`` or ``{"ticket", "error"}``. The process that the parent started becomes the
worker's keeper (``digitize.work.keeper``); the worker itself is its child. When the parent goes
(end of stdin, or the kernel's signal), both end with all that they started, and with it a Tesseract
that is running.
"""

import contextlib
import errno
import importlib
import json
import os
import queue
import signal
import sys
import threading
import time
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import IO, Any

if sys.platform != "win32":
    import resource

from digitize.work.keeper import end_others, follow_parent, keep
from digitize.work.limits import MEGA, Limits, limits_from_dict
from olketanu.errors import BadFileError, OlketanuError

TASKS: Mapping[str, str] = {
    "inspect": "digitize.scan.inspect:task",
    "page": "digitize.recognition.page_job:task",
    "assemble": "digitize.work.document_job:task",
    "look": "digitize.work.document_job:look",
}
"""Task name → ``module:function``; the module is imported when the first such task comes."""

TIMEOUT = "TIMEOUT"
OUT_OF_MEMORY = "OUT_OF_MEMORY"
CRASHED = "CRASHED"
CANNOT_WRITE = "CANNOT_WRITE"
DISK_FAILING = "DISK_FAILING"
_NO_SPACE = (errno.ENOSPC, errno.EDQUOT, errno.EROFS)
_MESSAGE_LENGTH = 2000

Task = Callable[[dict[str, Any]], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Options:
    """What the pool tells its worker: its own process id, the limits, tasks beyond ``TASKS``."""

    parent: int
    limits: Limits
    tasks: Mapping[str, str]

    def to_json(self) -> str:
        """As the worker's one argument."""
        values = {"parent": self.parent, "limits": self.limits.to_dict(), "tasks": {**self.tasks}}
        return json.dumps(values)


def options_from_json(text: str) -> Options:
    """The options that ``Options.to_json`` gave."""
    values = json.loads(text)
    return Options(values["parent"], limits_from_dict(values["limits"]), values["tasks"])


def main() -> None:
    """Answer tasks until the parent is gone."""
    options = options_from_json(sys.argv[1])
    set_limits(options.limits)
    keeper = os.getpid()
    keep(options.parent)
    die_with(keeper)
    os.nice(options.limits.nice)  # not the keeper: it must answer when the machine is full
    questions, answers = _private_channels()
    lines: queue.SimpleQueue[str] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(questions, lines), daemon=True).start()
    functions: dict[str, Task] = {}
    names = {**TASKS, **options.tasks}
    while True:
        question = json.loads(lines.get())
        limit_cpu(int(question["seconds"]) + options.limits.grace)
        answer = _answer(question, names, functions)
        end_others(keeper)  # a program that came to its end may have left others behind
        answers.write(json.dumps({"ticket": question["ticket"], **answer}) + "\n")
        answers.flush()


def die_with(keeper: int) -> None:
    """Make sure that this process group ends when its keeper does (POSIX)."""
    signal.signal(signal.SIGTERM, lambda *_: kill_group())
    follow_parent(keeper)


def kill_group() -> None:
    """End this process and, where it leads a group of its own, everything in it."""
    if os.getpgrp() == os.getpid():
        os.killpg(0, signal.SIGKILL)
    os._exit(1)


def set_limits(limits: Limits) -> None:
    """Bound memory and file size of this process and of what it starts; no core files."""
    _lower(resource.RLIMIT_CORE, 0)
    _lower(resource.RLIMIT_FSIZE, limits.file_mb * MEGA)
    if sys.platform == "linux":  # macOS takes the call and does not keep to it
        _lower(resource.RLIMIT_AS, limits.memory_mb * MEGA)


def limit_cpu(seconds: int) -> None:
    """Let this process use ``seconds`` more of CPU; the kernel ends it beyond (SIGXCPU)."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    soft = int(used.ru_utime + used.ru_stime) + 1 + seconds
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    if hard != resource.RLIM_INFINITY:
        soft = min(soft, hard)
    resource.setrlimit(resource.RLIMIT_CPU, (soft, hard))


def failure(error: BaseException) -> dict[str, Any]:
    """What the pool is told of an error: ``code``, ``key``, ``facts``, ``kind``, ``message``."""
    code, key, facts = CRASHED, None, {}
    if isinstance(error, BadFileError):
        code, key, facts = error.code, error.key, error.facts
    elif isinstance(error, OlketanuError):
        code, key, facts = error.exit_code.name, error.key, error.facts
    elif _is_memory(error):
        code = OUT_OF_MEMORY
    elif isinstance(error, OSError) and error.errno in _NO_SPACE:
        code = CANNOT_WRITE
    elif isinstance(error, OSError) and error.errno == errno.EIO:
        code = DISK_FAILING
    return {
        "code": code,
        "key": key,
        "facts": {name: str(value) for name, value in facts.items()},
        "kind": type(error).__name__,
        "message": _printable(str(error) or type(error).__name__)[:_MESSAGE_LENGTH],
    }


def _printable(text: str) -> str:
    """The text without what a terminal would obey: a program that failed may have said anything."""
    return "".join(sign if sign.isprintable() else " " for sign in text)


def _is_memory(error: BaseException) -> bool:
    """Python's own error, and OpenCV's (its class is not imported for this)."""
    if isinstance(error, MemoryError):
        return True
    if isinstance(error, OSError):
        return error.errno == errno.ENOMEM
    return type(error).__module__ == "cv2" and "Insufficient memory" in str(error)


def _answer(
    question: dict[str, Any], names: Mapping[str, str], functions: dict[str, Task]
) -> dict[str, Any]:
    """Result or error of one task; nothing that a task raises ends the worker."""
    start = time.monotonic()
    try:
        task = _function(question["task"], names, functions)
        answer: dict[str, Any] = {"result": task(question["payload"])}
        json.dumps(answer)
    except Exception as error:  # whatever it is, the batch goes on
        traceback.print_exc()
        answer = {"error": failure(error)}
    return {**answer, "seconds": round(time.monotonic() - start, 3)}


def _function(name: str, names: Mapping[str, str], functions: dict[str, Task]) -> Task:
    if name not in functions:
        module, _, attribute = names[name].partition(":")
        functions[name] = getattr(importlib.import_module(module), attribute)
    return functions[name]


def _private_channels() -> tuple[IO[str], IO[str]]:
    """The protocol's ends, moved away from 0 and 1 so that no stray print or child touches them."""
    questions = os.fdopen(os.dup(0), encoding="utf-8")
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    return questions, answers


def _listen(questions: IO[str], lines: "queue.SimpleQueue[str]") -> None:
    """Hand over lines as they come; at their end the parent is gone."""
    with contextlib.suppress(OSError, ValueError):
        for line in questions:
            lines.put(line)
    kill_group()


def _lower(what: int, wanted: int) -> None:
    """Set a limit that nothing started from here can raise again."""
    hard = resource.getrlimit(what)[1]
    value = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    resource.setrlimit(what, (value, value))


if __name__ == "__main__":
    main()
