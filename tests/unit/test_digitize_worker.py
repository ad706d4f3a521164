import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from digitize.work import worker
from digitize.work.limits import Limits, limits_from_dict
from olketanu import APP_ROOT
from olketanu.errors import BadFileError, SettingsError


def start(parent: int) -> "subprocess.Popen[str]":
    options = worker.Options(parent, Limits(), {"echo": "pool_tasks:echo"}).to_json()
    path = os.pathsep.join((str(APP_ROOT), str(Path(__file__).parent)))
    return subprocess.Popen(
        [sys.executable, "-P", "-m", "digitize.work.worker", options],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": path},
        start_new_session=True,
    )


def test_a_line_of_json_is_answered_by_a_line_of_json() -> None:
    with start(os.getpid()) as child:
        assert child.stdin is not None
        assert child.stdout is not None
        question = {"ticket": 7, "task": "echo", "payload": {"a": "ө"}, "seconds": 60}
        child.stdin.write(json.dumps(question) + "\n")
        child.stdin.flush()
        answer = json.loads(child.stdout.readline())
        child.kill()
    assert answer["ticket"] == 7
    assert answer["result"]["payload"] == {"a": "ө"}


def test_a_worker_ends_when_its_input_does() -> None:
    with start(os.getpid()) as child:
        child.communicate(timeout=300)
        assert child.returncode != 0


def test_a_worker_whose_parent_is_gone_already_does_nothing() -> None:
    with start(os.getpid() + 1_000_000) as child:
        assert child.wait(timeout=300) != 0


def test_importing_the_worker_imports_nothing_heavy() -> None:
    code = "import olketanu, sys, digitize.work.worker; print(*sys.modules)"
    env = {**os.environ, "PYTHONPATH": str(APP_ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", code], env=env, capture_output=True, text=True, check=True
    )
    heavy = {"cv2", "numpy", "PIL", "pikepdf", "lxml", "pytesseract", "pypdfium2", "sqlite3"}
    assert not heavy & set(done.stdout.split())


def test_options_survive_the_way_to_the_child() -> None:
    options = worker.Options(12, Limits(memory_mb=5, tasks=3), {"a": "b:c"})
    assert worker.options_from_json(options.to_json()) == options
    assert limits_from_dict(Limits(file_mb=9).to_dict()) == Limits(file_mb=9)


@pytest.mark.parametrize(
    ("error", "code", "key"),
    [
        (BadFileError("ENCRYPTED", name="x"), "ENCRYPTED", "quarantine.ENCRYPTED"),
        (SettingsError("error.unknown-profile"), "SETTINGS", "error.unknown-profile"),
        (MemoryError(), "OUT_OF_MEMORY", None),
        (OSError(12, "Cannot allocate memory"), "OUT_OF_MEMORY", None),
        (OSError(28, "No space left on device"), "CANNOT_WRITE", None),
        (FileNotFoundError(2, "gone"), "CRASHED", None),
        (RuntimeError(), "CRASHED", None),
    ],
)
def test_every_error_has_a_code(error: Exception, code: str, key: str | None) -> None:
    told = worker.failure(error)
    assert (told["code"], told["key"], told["kind"]) == (code, key, type(error).__name__)
    assert told["message"]


def test_opencv_out_of_memory_is_told_from_its_other_errors() -> None:
    cv2 = pytest.importorskip("cv2")
    assert worker.failure(cv2.error("(-4:Insufficient memory) Failed"))["code"] == "OUT_OF_MEMORY"
    assert worker.failure(cv2.error("(-215:Assertion failed)"))["code"] == "CRASHED"
