"""A recogniser that hangs, forks, eats, lies or dies costs its page only, and leaves nothing."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from digitize.work.keeper import below
from olketanu.home import Home
from store.database import Store
from store.digitised import pages as page_rows
from tests.e2e.fake_engine import Engine, install, page, set_options

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc"),
]

ROOT = Path(__file__).parents[2]
TIMEOUT = (
    12  # seconds a page in the home's settings; a slow machine needs some to get to the engine
)
KILLED_WITHIN = 60.0  # seconds after the timeout; left alone, what hangs does so for ten minutes
MEMORY_MB = 900  # of address space a process below the parent
PARENT_MB = 300  # of memory of the parent (the promise)
CODES = {
    "sleep": "TIMEOUT",
    "ignore-term": "TIMEOUT",
    "fork-and-sleep": "TIMEOUT",
    "daemon-and-sleep": "TIMEOUT",
    "close-pipes": "TIMEOUT",
    "daemon-and-fail": "CRASHED",
    "eat-memory": "OUT_OF_MEMORY",
    "write-nothing": "CRASHED",
    "write-garbage": "CRASHED",
    "write-wrong-boxes": "CRASHED",
    "write-two-gigabytes": "CRASHED",
    "fail": "CRASHED",
    "segfault": "CRASHED",
}
GOOD = ("flood-stderr", "daemon-and-answer", "well", "well-again")
WIDTHS = {name: 600 + 4 * number for number, name in enumerate((*CODES, *GOOD))}
Program = Callable[..., subprocess.CompletedProcess[str]]


@dataclass(slots=True)
class Watch:
    """What was seen of a program and everything below it while it ran."""

    parent: int
    engine: Engine
    parent_peak_mb: float = 0.0
    child_peak_mb: float = 0.0
    ended: dict[int, float] = field(default_factory=dict)

    def look(self) -> None:
        """Note peaks of memory, and which of the engine's processes have gone."""
        self.parent_peak_mb = max(self.parent_peak_mb, status_mb(self.parent, "VmHWM"))
        for child in below(self.parent):
            self.child_peak_mb = max(self.child_peak_mb, status_mb(child.pid, "VmPeak"))
        for pid in self.engine.pids():
            if not self.engine.lives(pid):
                self.ended.setdefault(pid, time.monotonic())


def status_mb(pid: int, name: str) -> float:
    """A figure of /proc/PID/status in megabytes; 0 for a process that is dead."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0.0
    return next((float(line.split()[1]) / 1024 for line in lines if line.startswith(name)), 0.0)


def of_this_home(home: Path) -> list[int]:
    """Processes that still work for this home."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal() and int(entry.name) != os.getpid():
            try:
                told = (entry / "environ").read_bytes() + (entry / "cmdline").read_bytes()
            except OSError:
                continue
            if str(home).encode() in told:
                found.append(int(entry.name))
    return found


@dataclass(frozen=True, slots=True)
class Ran:
    """A finished run over the hostile batch."""

    home: Path
    engine: Engine
    temporary: Path
    status: int
    lines: dict[str, dict[str, Any]]
    stderr: str
    watch: Watch
    left: list[int]


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory, cli: Program) -> Ran:
    folder = tmp_path_factory.mktemp("hostile")
    rules = {WIDTHS[name]: name for name in WIDTHS}
    engine = install(folder / "engine", rules)
    batch, home, temporary = folder / "batch", folder / "home", folder / "tmp"
    temporary.mkdir()
    for name, width in WIDTHS.items():
        page(batch / name / "1.png", width)
    page(batch / "sleep" / "2.png", 900)  # a good page of a document that has a bad one
    assert cli("init", home, home=home).returncode == 0
    set_options(home, timeout=TIMEOUT, memory=MEMORY_MB, engine="tesseract")
    command = [sys.executable, str(ROOT / "cli.py"), "--home", str(home), "run", str(batch)]
    environment = {**os.environ, "PATH": engine.path, "TMPDIR": str(temporary)}
    with (folder / "out").open("w+") as out, (folder / "err").open("w+") as err:
        process = subprocess.Popen(
            [*command, "--json", "--workers", "4"],
            env={**environment, "OLKETANU_LANG": "en"},
            stdout=out,
            stderr=err,
        )
        watch = Watch(process.pid, engine)
        try:
            watch_over(process, watch, seconds=900)
        finally:
            process.kill()
            status = process.wait()
    left = [pid for pid in engine.pids() if engine.lives(pid)]
    left += [pid for pid in of_this_home(home) if pid not in left]
    for pid in left:  # a red test must not leave what it found
        os.kill(pid, signal.SIGKILL)
    told = map(json.loads, (folder / "out").read_text().splitlines())
    by_name = {line["name"]: line for line in told}
    stderr = (folder / "err").read_text()
    return Ran(home, engine, temporary, status, by_name, stderr, watch, left)


def watch_over(process: "subprocess.Popen[bytes]", watch: Watch, seconds: float) -> None:
    end = time.monotonic() + seconds
    while process.poll() is None and time.monotonic() < end:
        watch.look()
        threading.Event().wait(0.03)
    watch.look()


def test_the_batch_goes_on_and_ends_waiting_for_review(ran: Ran) -> None:
    assert ran.status == 1, ran.stderr
    assert "Traceback" not in ran.stderr
    assert set(ran.lines) == set(WIDTHS)


@pytest.mark.parametrize("name", CODES)
def test_each_page_gets_its_code_after_one_retry_and_keeps_its_picture(ran: Ran, name: str) -> None:
    line = ran.lines[name]
    assert line["state"] == "done-with-gaps"
    assert line["pages"] == {"text": int(name == "sleep"), "image_only": 1, "failed": 0}
    with Store.open(Home(ran.home)) as store:
        first = page_rows.list_pages(store, line["document"])[0]
    assert (first.state, first.code) == ("image-only", CODES[name])
    assert (ran.home / "objects" / line["document"]).is_dir()
    assert Path(ran.home, line["pdf"]).stat().st_size > 1000
    width = WIDTHS[name]
    assert [w for w, _, _ in ran.engine.calls() if w in (width, width // 2)] == [width, width // 2]


@pytest.mark.parametrize("name", GOOD)
def test_pages_beside_bad_ones_are_read_once(ran: Ran, name: str) -> None:
    line = ran.lines[name]
    assert (line["state"], line["pages"]["text"]) == ("done", 1)
    assert [w for w, _, _ in ran.engine.calls()].count(WIDTHS[name]) == 1


def test_every_engine_is_dead_soon_after_the_timeout(ran: Ran) -> None:
    begun = {pid: time_ for _, pid, time_ in ran.engine.calls()}
    lived = {pid: ran.watch.ended[pid] - time_ for pid, time_ in begun.items()}
    assert max(lived.values()) <= TIMEOUT + KILLED_WITHIN
    hung = [WIDTHS[name] for name, code in CODES.items() if code == "TIMEOUT"]
    begun_to_hang = [w for w, _, _ in ran.engine.calls() if w in hung or 2 * w in hung]
    assert len(begun_to_hang) == 2 * len(hung) == 2 * 5


def test_what_an_engine_leaves_in_a_session_of_its_own_is_dead_in_time(ran: Ran) -> None:
    begun = {pid for _, pid, _ in ran.engine.calls()}
    left = [pid for pid in ran.engine.pids() if pid not in begun]
    assert len(left) == 2 * (3 + 1 + 1) + 1  # three forks, two daemons, each twice; one good page
    last_call = max(time_ for *_, time_ in ran.engine.calls())
    assert max(ran.watch.ended[pid] for pid in left) <= last_call + TIMEOUT + KILLED_WITHIN


def test_nothing_lives_on_and_no_temporary_file_stays(ran: Ran) -> None:
    assert ran.left == []
    assert list(ran.temporary.iterdir()) == []
    assert list((ran.home / "runs").iterdir()) == []
    assert [p for p in ran.home.rglob("*") if p.name.startswith(".olk-")] == []


def test_memory_stays_within_its_limits(ran: Ran) -> None:
    assert 0 < ran.watch.parent_peak_mb <= PARENT_MB
    assert ran.watch.child_peak_mb <= MEMORY_MB
    eaten = [peak / 1024 for peak in ran.engine.peaks()]
    assert len(eaten) == 2  # the eater went to its bound each time
    assert MEMORY_MB / 2 < min(eaten) <= max(eaten) <= MEMORY_MB


def test_the_second_run_recognises_nothing_again(ran: Ran, cli: Program) -> None:
    before = ran.engine.calls()
    done = cli("run", home=ran.home, PATH=ran.engine.path)
    assert done.returncode in (0, 1), done.stderr
    assert ran.engine.calls() == before
