import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from digitize.work.limits import MEGA, Limits
from digitize.work.pool import Done, WorkerPool
from olketanu import APP_ROOT
from olketanu.errors import BadFileError, MissingToolError

NAMES = (
    *("echo", "surroundings", "meet", "note_and_sleep", "eat_memory", "abort_for_memory"),
    *("chatter", "leave", "be_killed", "interrupt_itself", "burn", "long_answer"),
    *("unanswerable", "refuse_file", "miss_model", "fill_disk", "fail", "use_folder"),
    "leave_a_stray",
)
TASKS = {name: f"pool_tasks:{name}" for name in NAMES}
HERE = Path(__file__).parent
PATIENCE = 300.0  # seconds; a limit for a broken build, never waited for by a sound one
SHORT = 3.0  # seconds for what hangs, from a worker that is there already

Open = Callable[..., WorkerPool]


@pytest.fixture
def open_pool(tmp_path: Path) -> Iterator[Open]:
    pools = []

    def opened(workers: int = 1, limits: Limits | None = None) -> WorkerPool:
        scratch = tmp_path / "scratch"
        pool = WorkerPool(workers, limits or Limits(), scratch, tasks=TASKS, path=(HERE,))
        pools.append(pool)
        return pool

    yield opened
    for pool in pools:
        pool.close()


def do(pool: WorkerPool, name: str, payload: dict[str, Any] | None = None) -> Done:
    ticket = pool.submit(name, payload or {}, PATIENCE)
    done = pool.wait()
    assert (done.ticket, done.name) == (ticket, name)
    return done


def ready(pool: WorkerPool) -> WorkerPool:
    """A pool whose worker has begun: how long that takes is the machine's matter."""
    do(pool, "echo")
    return pool


def result_of(done: Done) -> dict[str, Any]:
    assert done.failure is None, done.failure
    assert done.result is not None
    return done.result


def is_alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"


def wait_until(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.02)


def noted(note: Path) -> list[int]:
    wait_until(note.exists)
    return [int(pid) for pid in note.read_text().split()]


def test_a_task_gets_its_payload_and_its_result_comes_back(open_pool: Open) -> None:
    done = do(open_pool(), "echo", {"word": "Қарағанды", "n": [1, 2.5, None]})
    assert result_of(done)["payload"] == {"word": "Қарағанды", "n": [1, 2.5, None]}
    assert done.error is None


def test_payloads_and_answers_longer_than_a_pipe_pass(open_pool: Open) -> None:
    text = "ұзақ мәтін " * 100_000
    assert result_of(do(open_pool(), "long_answer", {"text": text}))["text"] == text * 2


def test_an_answer_without_bounds_is_not_taken_in(open_pool: Open) -> None:
    pool = open_pool()
    assert do(pool, "long_answer", {"text": "x" * 9_000_000}).error == "CRASHED"
    assert result_of(do(pool, "echo", {"n": 1}))["payload"] == {"n": 1}


def test_tasks_run_at_the_same_time_and_each_ends_once(open_pool: Open, tmp_path: Path) -> None:
    pool = open_pool(workers=2)
    tickets = [pool.submit("meet", {"folder": str(tmp_path)}, PATIENCE) for _ in range(4)]
    done = [pool.wait() for _ in tickets]
    assert sorted(end.ticket for end in done) == tickets
    assert len({result_of(end)["pid"] for end in done}) == 2
    assert pool.outstanding == 0


def test_waiting_for_nothing_is_an_error_and_does_not_hang(open_pool: Open) -> None:
    with pytest.raises(LookupError):
        open_pool().wait()


def test_a_payload_that_json_does_not_know_is_refused_at_once(open_pool: Open) -> None:
    with pytest.raises(TypeError):
        open_pool().submit("echo", {"path": Path("/")}, PATIENCE)


def test_a_worker_has_limits_a_bare_environment_and_a_scratch_folder(
    open_pool: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECRET_OF_THE_PARENT", "1")
    seen = result_of(do(open_pool(limits=Limits(memory_mb=2048, file_mb=7)), "surroundings"))
    assert seen["omp"] == "1"
    assert Path(seen["tmp"]).is_relative_to(tmp_path / "scratch")
    assert "SECRET_OF_THE_PARENT" not in seen["variables"]
    assert seen["memory"] == 2048 * MEGA
    assert seen["file"] == 7 * MEGA
    assert seen["core"] == 0
    assert seen["leads_group"]
    assert seen["stdin"] == ""


def test_a_task_over_its_time_is_killed_with_its_children_and_temporary_files(
    open_pool: Open, tmp_path: Path
) -> None:
    pool = ready(open_pool())
    note = tmp_path / "note"
    pool.submit("note_and_sleep", {"note": str(note)}, SHORT)
    done = pool.wait()
    assert done.error == "TIMEOUT"
    assert SHORT <= done.seconds < PATIENCE
    wait_until(lambda: not any(is_alive(pid) for pid in noted(note)))
    assert not list((tmp_path / "scratch").rglob("left-over"))
    assert result_of(do(pool, "echo", {"n": 1}))["payload"] == {"n": 1}


def test_a_task_that_ignores_the_polite_signal_is_killed_all_the_same(
    open_pool: Open, tmp_path: Path
) -> None:
    pool = ready(open_pool())
    note = tmp_path / "note"
    pool.submit("note_and_sleep", {"note": str(note), "ignore": True}, SHORT)
    assert pool.wait().error == "TIMEOUT"
    wait_until(lambda: not any(is_alive(pid) for pid in noted(note)))


@pytest.mark.parametrize("name", ["eat_memory", "abort_for_memory"])
def test_a_task_that_wants_too_much_memory_ends_with_that_code(open_pool: Open, name: str) -> None:
    pool = open_pool(limits=Limits(memory_mb=700))
    assert do(pool, name).error == "OUT_OF_MEMORY"
    assert result_of(do(pool, "echo"))["pid"]


def test_stray_output_neither_breaks_the_protocol_nor_blocks(open_pool: Open) -> None:
    pool = open_pool()
    assert result_of(do(pool, "chatter")) == {"said": True}
    assert result_of(do(pool, "echo", {"n": 2}))["payload"] == {"n": 2}


@pytest.mark.parametrize(("name", "payload"), [("leave", {"status": 3}), ("be_killed", {})])
def test_a_worker_that_dies_fails_its_task_and_is_replaced(
    open_pool: Open, name: str, payload: dict[str, Any]
) -> None:
    pool = open_pool()
    before = result_of(do(pool, "echo"))["pid"]
    assert do(pool, name, payload).error == "CRASHED"
    assert result_of(do(pool, "echo"))["pid"] != before


def test_a_worker_that_burns_all_its_processor_time_is_ended_by_the_kernel(
    open_pool: Open,
) -> None:
    assert do(open_pool(), "burn").error == "TIMEOUT"


def test_an_interrupt_from_the_keyboard_is_left_to_the_parent(open_pool: Open) -> None:
    assert result_of(do(open_pool(), "interrupt_itself")) == {"alive": True}


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("refuse_file", "BAD_PDF"),
        ("miss_model", "MISSING_TOOL"),
        ("fill_disk", "CANNOT_WRITE"),
        ("fail", "CRASHED"),
        ("unanswerable", "CRASHED"),
        ("no-such-task", "CRASHED"),
    ],
)
def test_an_error_comes_back_as_its_code_and_the_worker_goes_on(
    open_pool: Open, name: str, code: str
) -> None:
    pool = open_pool()
    before = result_of(do(pool, "echo"))["pid"]
    assert do(pool, name).error == code
    assert result_of(do(pool, "echo"))["pid"] == before


def test_an_error_can_be_raised_again_in_the_parent(open_pool: Open) -> None:
    pool = open_pool()
    refused, missing, failed = (do(pool, n).failure for n in ("refuse_file", "miss_model", "fail"))
    assert refused is not None
    assert missing is not None
    assert failed is not None
    error = refused.error()
    assert isinstance(error, BadFileError)
    assert (error.code, error.facts) == ("BAD_PDF", {"name": "a.pdf"})
    assert isinstance(missing.error(), MissingToolError)
    assert missing.error().facts["package"] == "tesseract-ocr-kaz"
    assert failed.error().key == "page.CRASHED"
    assert "seven by nought" in failed.message
    assert "ZeroDivisionError" in failed.log


def test_a_worker_is_replaced_after_its_number_of_tasks(open_pool: Open) -> None:
    pool = open_pool(limits=Limits(tasks=2))
    pids = [result_of(do(pool, "echo"))["pid"] for _ in range(5)]
    assert pids[0] == pids[1] != pids[2] == pids[3] != pids[4]


def test_closing_ends_running_tasks_with_everything_they_started(
    open_pool: Open, tmp_path: Path
) -> None:
    pool = open_pool(workers=2)
    notes = [tmp_path / "note-1", tmp_path / "note-2"]
    for note in notes:
        pool.submit("note_and_sleep", {"note": str(note)}, PATIENCE)
    pids = [pid for note in notes for pid in noted(note)]
    pool.close()
    assert len(pids) == 4
    wait_until(lambda: not any(is_alive(pid) for pid in pids))  # the kernel ends grandchildren
    assert not list((tmp_path / "scratch").iterdir())


@pytest.mark.skipif(sys.platform != "linux", reason="needs a subreaper and /proc")
@pytest.mark.parametrize(
    ("then", "code"),
    [("hang", "TIMEOUT"), ("crash", "CRASHED"), ("fail", "CRASHED"), ("return", None)],
)
def test_a_daemon_that_a_task_leaves_in_its_own_session_is_killed(
    open_pool: Open, tmp_path: Path, then: str, code: str | None
) -> None:
    pool = ready(open_pool())
    note = tmp_path / "note"
    timeout = SHORT if then == "hang" else PATIENCE
    pool.submit("leave_a_stray", {"note": str(note), "then": then}, timeout)
    done = pool.wait()
    assert done.error == code
    (stray,) = noted(note)
    wait_until(lambda: not is_alive(stray))
    assert result_of(do(pool, "echo"))["pid"]


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_the_end_of_a_worker_is_told_as_the_kernel_told_it(open_pool: Open, tmp_path: Path) -> None:
    payload = {"note": str(tmp_path / "note"), "then": "crash"}
    failure = do(open_pool(), "leave_a_stray", payload).failure
    assert failure is not None
    assert f"status -{int(signal.SIGSEGV)} " in failure.message


PARENT = """
import sys
from pathlib import Path
import olketanu
from digitize.work.limits import Limits
from digitize.work.pool import WorkerPool
here, folder = Path(sys.argv[1]), Path(sys.argv[2])
tasks = {"hang": "pool_tasks:note_and_sleep", "stray": "pool_tasks:leave_a_stray"}
pool = WorkerPool(1, Limits(), folder / "scratch", tasks=tasks, path=(here,))
how = {"note": str(folder / "note"), "ignore": sys.argv[3] == "ignore", "then": "hang"}
pool.submit("stray" if sys.argv[3] == "stray" else "hang", how, 600)
pool.wait()
"""


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
@pytest.mark.parametrize("signals", ["heed", "ignore", "stray"])
def test_nothing_outlives_a_parent_that_is_killed(tmp_path: Path, signals: str) -> None:
    command = [sys.executable, "-c", PARENT, str(HERE), str(tmp_path), signals]
    parent = subprocess.Popen(command, env={**os.environ, "PYTHONPATH": str(APP_ROOT)})
    try:
        pids = noted(tmp_path / "note")
        assert all(is_alive(pid) for pid in pids)
    finally:
        parent.kill()
        assert parent.wait() == -signal.SIGKILL
    wait_until(lambda: not any(is_alive(pid) for pid in pids))


@pytest.mark.parametrize("failing", ["refuse_file", "fail"])
def test_a_worker_keeps_its_folder_after_a_task_has_failed(open_pool: Open, failing: str) -> None:
    pool = open_pool()
    assert do(pool, failing).failure is not None
    assert result_of(do(pool, "use_folder")) == {"inside": True}
