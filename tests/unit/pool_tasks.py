"""Tasks that behave badly, for the tests of the worker pool; imported only inside workers."""

import errno
import os
import resource
import signal
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from digitize.work.worker import limit_cpu
from olketanu.errors import BadFileError, MissingToolError

LONG = 600


def echo(payload: dict[str, Any]) -> dict[str, Any]:
    return {"payload": payload, "pid": os.getpid()}


def surroundings(_: dict[str, Any]) -> dict[str, Any]:
    return {
        "omp": os.environ.get("OMP_THREAD_LIMIT"),
        "tmp": tempfile.gettempdir(),
        "variables": sorted(os.environ),
        "memory": resource.getrlimit(resource.RLIMIT_AS)[0],
        "core": resource.getrlimit(resource.RLIMIT_CORE)[0],
        "file": resource.getrlimit(resource.RLIMIT_FSIZE)[0],
        "leads_group": os.getpgrp() == os.getpid() != os.getsid(0),
        "stdin": os.read(0, 10).decode(),
    }


def meet(payload: dict[str, Any]) -> dict[str, Any]:
    """Wait until another process does the same."""
    folder = Path(payload["folder"])
    (folder / f"{os.getpid()}.here").touch()
    while len(list(folder.glob("*.here"))) < 2:
        time.sleep(0.01)
    return {"pid": os.getpid()}


def note_and_sleep(payload: dict[str, Any]) -> dict[str, Any]:
    """Start a grandchild, write both process ids and a temporary file, and hang."""
    if payload.get("ignore"):
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    grandchild = os.fork()
    if grandchild == 0:
        time.sleep(LONG)
        os._exit(0)
    Path(tempfile.gettempdir(), "left-over").write_text("x")
    note = Path(payload["note"])
    part = note.with_suffix(".part")
    part.write_text(f"{os.getpid()} {grandchild}")
    part.replace(note)
    time.sleep(LONG)
    return {}


def leave_a_stray(payload: dict[str, Any]) -> dict[str, Any]:
    """Fork twice into a session of its own, as a daemon does, write its id; then as told."""
    first = os.fork()
    if first == 0:
        os.setsid()
        if os.fork() == 0:
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
            note = Path(payload["note"])
            part = note.with_suffix(".part")
            part.write_text(f"{os.getpid()}")
            part.replace(note)
            time.sleep(LONG)
        os._exit(0)
    os.waitpid(first, 0)
    while not Path(payload["note"]).exists():
        time.sleep(0.01)
    match payload["then"]:
        case "crash":
            os.kill(os.getpid(), signal.SIGSEGV)
        case "hang":
            time.sleep(LONG)
        case "fail":
            raise RuntimeError("left a stray")
    return {"note": payload["note"]}


def eat_memory(_: dict[str, Any]) -> dict[str, Any]:
    hoard = []
    while True:
        hoard.append(bytearray(64 * 1024 * 1024))


def abort_for_memory(_: dict[str, Any]) -> dict[str, Any]:
    os.write(2, b"terminate called after throwing an instance of 'std::bad_alloc'\n")
    os.abort()


def chatter(_: dict[str, Any]) -> dict[str, Any]:
    print("{not the protocol}")  # noqa: T201 - that is the point
    sys.stdout.flush()
    os.write(1, b'{"ticket": 1, "result": {"forged": true}}\n')
    for _line in range(20_000):
        os.write(2, b"a library that complains at length " * 2 + b"\n")
    return {"said": True}


def leave(payload: dict[str, Any]) -> dict[str, Any]:
    os._exit(payload["status"])


def be_killed(_: dict[str, Any]) -> dict[str, Any]:
    os.kill(os.getpid(), signal.SIGKILL)
    return {}


def interrupt_itself(_: dict[str, Any]) -> dict[str, Any]:
    os.kill(os.getpid(), signal.SIGINT)
    return {"alive": True}


def burn(_: dict[str, Any]) -> dict[str, Any]:
    limit_cpu(0)
    while True:
        pass


def long_answer(payload: dict[str, Any]) -> dict[str, Any]:
    return {"text": payload["text"] * 2}


def unanswerable(_: dict[str, Any]) -> dict[str, Any]:
    return {"path": Path("/")}


def refuse_file(_: dict[str, Any]) -> dict[str, Any]:
    raise BadFileError("BAD_PDF", name="a.pdf")


def miss_model(_: dict[str, Any]) -> dict[str, Any]:
    raise MissingToolError("error.missing-model", language="kaz", package="tesseract-ocr-kaz")


def fill_disk(_: dict[str, Any]) -> dict[str, Any]:
    raise OSError(errno.ENOSPC, "No space left on device")


def fail(_: dict[str, Any]) -> dict[str, Any]:
    raise ZeroDivisionError("seven by nought")


def use_folder(_: dict[str, Any]) -> dict[str, Any]:
    with tempfile.NamedTemporaryFile() as file:
        return {"inside": Path(file.name).is_relative_to(Path.cwd())}
