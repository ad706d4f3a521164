"""Places that are hard to work in: a clock that jumps, scans and homes that are read-only, a disk
that is nearly full, a path that few programs like. The result is the same everywhere, or is stated.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from olketanu.home import Home
from store import changes, jobs
from store.database import Store
from store.disk.owners import RunOwner
from store.dump import logical_dump

ROOT = Path(__file__).parents[2]
BOOK = ROOT / "scans" / "2026-01_sample" / "10_komir-olkesi_2-dana"
EPOCH, MOMENT = "1767258000", "2026-01-01 09:00:00"
"""One moment twice: the clock of the undisturbed run, and where the jumping clock begins."""
YEAR_ON, YEAR_BACK = "2027-01-01 09:00:00", "2025-01-01 09:00:00"
LIBRARIES = ("/usr/lib/x86_64-linux-gnu/faketime", "/usr/lib/aarch64-linux-gnu/faketime")

Files = dict[str, tuple[int, bytes]]


def command(home: Path, *arguments: object) -> list[str]:
    return [sys.executable, str(ROOT / "cli.py"), "--home", str(home), *map(str, arguments)]


def olketanu(
    home: Path,
    *arguments: object,
    prefix: tuple[str, ...] = (),
    clock: Mapping[str, str] | None = None,
) -> subprocess.CompletedProcess[str]:
    """Run the command line as a person would, behind ``prefix``, under ``clock``."""
    settings = {**os.environ, "OLKETANU_LANG": "en", "SOURCE_DATE_EPOCH": EPOCH, **(clock or {})}
    words = [*prefix, *command(home, *arguments)]
    return subprocess.run(
        words, capture_output=True, text=True, env=settings, check=False, timeout=3000
    )


def made(home: Path) -> Path:
    done = olketanu(home, "init", home)
    assert done.returncode == 0, done.stderr
    return home


def dump_of(home: Path) -> set[str]:
    with Store.open(Home(home)) as store:
        return set(logical_dump(store).splitlines())


def timeless(home: Path) -> set[str]:
    """The dump, with what sidecars say in the place of their hashes, less the times they tell."""
    told = {line for line in dump_of(home) if "/document.json" not in line}
    for path in home.glob("objects/*/document.json"):
        text = re.sub(r'"digest": *"\w+"', "", path.read_text("utf-8"))
        told.add(re.sub(r'"\d{4}-\d\d-\d\dT[\d:]+Z"', "TIME", text))
    return told


def files_of(folder: Path) -> Files:
    """Time and bytes of every file under a folder."""
    found = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    return {str(path): (path.stat().st_mtime_ns, path.read_bytes()) for path in found}


def times_of(folder: Path) -> dict[str, int]:
    """When a folder and everything below it was changed."""
    return {str(path): path.stat().st_mtime_ns for path in (folder, *folder.rglob("*"))}


@pytest.fixture(scope="module")
def batch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three small pages in two documents."""
    from PIL import Image

    folder = tmp_path_factory.mktemp("scans") / "batch"
    for name, pages in (("a", ("0001", "0002")), ("b", ("0003",))):
        (folder / name).mkdir(parents=True)
        for page in pages:
            with Image.open(BOOK / f"{page}.jpg") as image:
                height = image.height // 3
                part = image.crop((0, height, image.width, 2 * height))
                part.save(folder / name / f"{page}.png", dpi=(300, 300))
    return folder


@pytest.fixture(scope="module")
def calm(batch: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home in which the batch was run and nothing was in the way."""
    home = made(tmp_path_factory.mktemp("calm") / "home")
    before = times_of(batch)
    done = olketanu(home, "run", batch)
    assert done.returncode in (0, 1), done.stderr
    assert times_of(batch) == before  # scans that may be written are not touched either
    return home


# The clock.


@cache
def faketime() -> str:
    """Path of the library that gives a process another clock; skips where it is not installed."""
    found = [Path(folder) / "libfaketime.so.1" for folder in LIBRARIES]
    for path in found:
        if path.is_file():
            return str(path)
    pytest.skip("libfaketime is not installed (package faketime)")


def jumping(file: Path) -> dict[str, str]:
    """Environment of a process whose clock stands at what ``file`` says, and jumps with it."""
    return {
        "LD_PRELOAD": faketime(),
        "FAKETIME_TIMESTAMP_FILE": str(file),
        "FAKETIME_NO_CACHE": "1",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",  # no jump of the wall clock moves that one
        "DONT_FAKE_MONOTONIC": "1",
        "NO_FAKE_STAT": "1",
        "TZ": "UTC",
        "SOURCE_DATE_EPOCH": "",  # else the program would not look at the clock
    }


def jump(file: Path, moment: str) -> None:
    new = file.with_suffix(".new")
    new.write_text(moment)
    new.replace(file)


def wait_for(home: Path, kind: str, number: int) -> None:
    """Wait until the journal holds so many events of a kind."""
    deadline = time.monotonic() + 300
    while time.monotonic() < deadline:
        with Store.open(Home(home)) as store:
            if len(changes.events_since(store, 0, {kind})) >= number:
                return
        time.sleep(0.02)
    pytest.fail(f"{number} times {kind} did not come")


def start(home: Path, batch: Path, **environment: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        command(home, "run", batch, "--workers", "1"),
        env={**os.environ, "OLKETANU_LANG": "en", **environment},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )


def years(home: Path) -> list[str]:
    """Years of the journal in its order, each once in a row."""
    with Store.open(Home(home)) as store:
        found = [event.time[:4] for event in changes.events_since(store, 0)]
    return [year for place, year in enumerate(found) if place == 0 or found[place - 1] != year]


@pytest.mark.tesseract
@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize(
    ("first", "second"), [(YEAR_ON, YEAR_BACK), (YEAR_BACK, YEAR_ON)], ids=["on", "back"]
)
def test_a_clock_that_jumps_during_a_run_changes_nothing(
    first: str, second: str, batch: Path, calm: Path, tmp_path: Path
) -> None:
    file, home = tmp_path / "clock", made(tmp_path / "home")
    jump(file, MOMENT)
    process = start(home, batch, **jumping(file))
    wait_for(home, "document.added", 2)
    jump(file, first)
    wait_for(home, "page.recognised", 1)
    jump(file, second)
    _, told = process.communicate(timeout=3000)
    assert process.returncode in (0, 1), told
    assert years(home) == ["2026", first[:4], second[:4]]
    assert timeless(home) ^ timeless(calm) == set()
    before = files_of(home)
    assert olketanu(home, "run", batch).returncode in (0, 1)
    assert files_of(home) == before


@pytest.mark.tesseract
@pytest.mark.slow
@pytest.mark.timeout(900)
def test_a_clock_that_jumps_between_killed_runs_changes_nothing(
    batch: Path, calm: Path, tmp_path: Path
) -> None:
    file, home = tmp_path / "clock", made(tmp_path / "home")
    moments = ((MOMENT, "document.added", 2), (YEAR_ON, "page.recognised", 1))
    for moment, kind, number in moments:
        jump(file, moment)
        process = start(home, batch, **jumping(file))
        wait_for(home, kind, number)
        process.kill()
        process.communicate(timeout=120)
    jump(file, YEAR_BACK)
    last = olketanu(home, "run", batch, clock=jumping(file))
    assert last.returncode in (0, 1), last.stderr
    assert years(home)[-1] == "2025"
    assert timeless(home) ^ timeless(calm) == set()


RELEASE = """
import sys
from pathlib import Path
from olketanu.home import Home
from store import jobs
from store.clock import utc_now
from store.database import Store
from store.disk.owners import is_alive
home = Home(Path(sys.argv[1]))
with Store.open(home) as store, store.transaction() as tx:
    freed = jobs.release_dead(tx, lambda name: is_alive(home, name))
print(utc_now()[:4], freed)
"""


@pytest.mark.parametrize("moment", [YEAR_ON, YEAR_BACK])
def test_a_lease_does_not_end_with_the_clock_on_the_wall(moment: str, tmp_path: Path) -> None:
    from store.digitised import batches, documents

    file, home = tmp_path / "clock", Home(tmp_path / "home")
    jump(file, moment)
    with Store.create(home) as store, RunOwner(home) as owner:
        with store.transaction() as tx:
            batches.add_batch(tx, "b", "/b")
            new = documents.NewDocument(batch="b", name="d", first_master="0" * 64)
            made = documents.add_document(tx, new)
            jobs.plan(tx, [jobs.new_job("k", "document", made.id)])
            assert len(jobs.claim(tx, owner.name, ("document",), 1)) == 1
        words = [sys.executable, "-c", RELEASE, str(home.root)]
        settings = {**os.environ, "PYTHONPATH": str(ROOT), **jumping(file)}
        done = subprocess.run(
            words, capture_output=True, text=True, env=settings, check=False, timeout=300
        )
        assert done.stdout.split() == [moment[:4], "0"], done.stderr
        with store.transaction() as tx:
            assert jobs.finish(tx, "k", owner.name, {})


# Scans and homes that nobody may write.


@cache
def powerless() -> tuple[str, ...]:
    """What starts a program without root's power over rights; () for anybody who has none."""
    if os.geteuid() != 0:
        return ()
    program = shutil.which("setpriv")
    if program is None:
        pytest.skip("root needs setpriv to be without power over rights")
    return (program, "--bounding-set=-all", "--inh-caps=-all")


def set_writable(folder: Path, *, writable: bool) -> None:
    for path in [folder, *folder.rglob("*")]:
        mode = 0o755 if path.is_dir() else 0o644
        path.chmod(mode if writable else mode & 0o555)


@pytest.fixture
def locked() -> Iterator[Callable[[Path], None]]:
    """Takes all rights to write from a folder until the test is over."""
    folders: list[Path] = []

    def lock(folder: Path) -> None:
        folders.append(folder)
        set_writable(folder, writable=False)
        trial = [*powerless(), "touch", str(folder / "trial")]
        if subprocess.run(trial, check=False, capture_output=True, timeout=120).returncode == 0:
            pytest.skip("this machine lets anybody write everywhere")

    yield lock
    for folder in folders:
        set_writable(folder, writable=True)


def errors(done: subprocess.CompletedProcess[str]) -> list[Any]:
    return [json.loads(line).get("error") for line in done.stdout.splitlines()]


def states_of(doctor: subprocess.CompletedProcess[str]) -> dict[str, str]:
    lines = map(json.loads, doctor.stdout.splitlines())
    return {line["check"]: line["state"] for line in lines}


@pytest.mark.tesseract
@pytest.mark.slow
def test_scans_that_are_read_only_are_read_and_never_touched(
    batch: Path, calm: Path, tmp_path: Path, locked: Callable[[Path], None]
) -> None:
    locked(batch)
    home = made(tmp_path / "home")
    before, times = files_of(batch), times_of(batch)
    done = olketanu(home, "run", batch, prefix=powerless())
    assert done.returncode in (0, 1), done.stderr
    assert (files_of(batch), times_of(batch)) == (before, times)
    assert dump_of(home) ^ dump_of(calm) == set()


MOUNTED = 'mount --bind "$0" "$0" && mount -o remount,bind,ro "$0" && exec "$@"'


@pytest.mark.tesseract
@pytest.mark.slow
def test_scans_on_a_disk_that_is_mounted_read_only_are_read(
    batch: Path, calm: Path, tmp_path: Path
) -> None:
    prefix = ("unshare", "-rm", "sh", "-c", MOUNTED, str(batch))
    trial = [*prefix, "touch", str(batch / "trial")]
    if shutil.which("unshare") is None:
        pytest.skip("the program unshare is not installed")
    told = subprocess.run(trial, check=False, capture_output=True, text=True, timeout=120).stderr
    if "Read-only file system" not in told:
        pytest.skip(f"no mount of one's own here: {told.strip()}")
    home = made(tmp_path / "home")
    before = files_of(batch)
    done = olketanu(home, "run", batch, prefix=prefix)
    assert done.returncode in (0, 1), done.stderr
    assert files_of(batch) == before
    assert dump_of(home) ^ dump_of(calm) == set()


@pytest.mark.tesseract
@pytest.mark.slow
def test_a_home_that_is_read_only_is_refused_before_any_work(
    batch: Path, calm: Path, tmp_path: Path, locked: Callable[[Path], None]
) -> None:
    home = shutil.copytree(calm, tmp_path / "home")
    locked(home)
    before = files_of(home)
    run = olketanu(home, "run", batch, "--json", prefix=powerless())
    assert (run.returncode, errors(run)) == (5, ["error.not-writable"])
    searched = olketanu(home, "search", "көмір", "--json", prefix=powerless())
    assert (searched.returncode, errors(searched)) == (5, ["error.not-writable"])
    doctor = olketanu(home, "doctor", "--json", prefix=powerless())
    states = states_of(doctor)
    assert doctor.returncode == 3
    assert (states["not-writable"], states["catalogue"]) == ("missing", "ok")
    assert files_of(home) == before


# Paths and space.


def long_path(folder: Path, length: int = 200) -> Path:
    """A path of ``length`` signs below ``folder``, in parts that a file system takes."""
    part = "өлкетану қоры №1 (2026), 50% #2 "
    while len(str(folder)) < length - 60:
        folder = folder / (part + part).strip()
    return folder / ("ұ" * (length - len(str(folder)) - 1))


@pytest.mark.tesseract
@pytest.mark.slow
def test_a_home_with_blanks_kazakh_letters_and_two_hundred_signs_works(
    batch: Path, calm: Path, tmp_path: Path
) -> None:
    home = long_path(tmp_path)
    assert len(str(home)) == 200
    made(home)
    done = olketanu(home, "run", batch)
    assert done.returncode in (0, 1), done.stderr
    assert dump_of(home) ^ dump_of(calm) == set()
    doctor = olketanu(home, "doctor", "--json")
    states = states_of(doctor)
    assert states["catalogue"] == states["index"] == "ok"
    word = olketanu(home, "search", "көмір", "--json").stdout
    assert word == olketanu(calm, "search", "көмір", "--json").stdout
    before = files_of(home)
    assert olketanu(home, "run", batch).returncode == done.returncode
    assert files_of(home) == before


def set_floor(home: Path, megabytes: int) -> None:
    text = Home(home).settings.read_text("utf-8").split("\n[run]")[0]
    Home(home).settings.write_text(f"{text}\n[run]\nmin_free_mb = {megabytes}\n", "utf-8")


@pytest.mark.tesseract
@pytest.mark.slow
def test_a_disk_that_is_nearly_full_pauses_the_run_and_the_next_one_goes_on(
    batch: Path, calm: Path, tmp_path: Path
) -> None:
    home = made(tmp_path / "home")
    set_floor(home, 10**9)
    paused = olketanu(home, "run", batch, "--json")
    assert (paused.returncode, errors(paused)) == (5, ["error.disk-nearly-full"])
    doctor = olketanu(home, "doctor", "--json")
    assert doctor.returncode == 3
    assert '"disk-full"' in doctor.stdout
    set_floor(home, 1)
    done = olketanu(home, "run", batch)
    assert done.returncode in (0, 1), done.stderr
    assert dump_of(home) ^ dump_of(calm) == set()
    set_floor(home, 10**9)  # where nothing is left to do, nothing is in the way
    again = olketanu(home, "run", batch)
    assert again.returncode == done.returncode, again.stderr


MEMORY = 'mount -t tmpfs -o size=64m none "$0" && exec "$@"'
SHRINKING = """
import json, os, subprocess, sys, time
from pathlib import Path

home, batch, out, cli = map(Path, sys.argv[1:])


def run(*words):
    command = [sys.executable, str(cli), "--home", str(home), *map(str, words), "--json"]
    return subprocess.run(command, capture_output=True, text=True, timeout=3000)


def leftovers():
    return [str(p) for p in home.rglob("*") if p.name.startswith(".olk-") or p.suffix == ".lock"]


run("init", home)
with (home / "olketanu.toml").open("a", encoding="utf-8") as settings:
    settings.write("\\n[run]\\nmin_free_mb = 40\\n")
command = [sys.executable, str(cli), "--home", str(home), "run", str(batch), "--json"]
first = subprocess.Popen([*command, "--workers", "1"], stdout=subprocess.PIPE, text=True)
deadline = time.monotonic() + 300
while not list(home.glob("objects/*/alto/*.xml")) and time.monotonic() < deadline:
    time.sleep(0.01)
filler = home.parent / "filler"
filler.write_bytes(bytes(30 << 20))
told, _ = first.communicate(timeout=3000)
done = json.loads(run("batch", "status").stdout.splitlines()[0])
checks = [json.loads(line) for line in run("doctor").stdout.splitlines()]
report = {
    "paused": first.returncode,
    "error": json.loads(told.splitlines()[-1]).get("error"),
    "pages": done["pages"],
    "risks": [check["check"] for check in checks if check["state"] != "ok"],
    "leftovers": leftovers(),
}
filler.unlink()
report["resumed"] = run("run").returncode
subprocess.run(["cp", "-a", str(home), str(out)], check=True, timeout=300)
print(json.dumps(report))
"""


@pytest.mark.tesseract
@pytest.mark.slow
def test_a_disk_that_runs_low_in_the_middle_lets_the_page_in_hand_be_finished(
    batch: Path, calm: Path, tmp_path: Path
) -> None:
    disk, out = tmp_path / "disk", tmp_path / "out"
    disk.mkdir()
    prefix = ["unshare", "-rm", "sh", "-c", MEMORY, str(disk)]
    if shutil.which("unshare") is None:
        pytest.skip("the program unshare is not installed")
    if subprocess.run([*prefix, "true"], check=False, capture_output=True, timeout=120).returncode:
        pytest.skip("no mount of one's own here")
    words = [*prefix, sys.executable, "-c", SHRINKING]
    words += [str(disk / "home"), str(batch), str(out), str(ROOT / "cli.py")]
    settings = {**os.environ, "OLKETANU_LANG": "en", "SOURCE_DATE_EPOCH": EPOCH}
    done = subprocess.run(
        words, capture_output=True, text=True, env=settings, check=False, timeout=30000
    )
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert (report["paused"], report["error"]) == (5, "error.disk-nearly-full")
    assert report["pages"]["waiting"] in (1, 2)  # of three: it stopped in the middle
    assert {"disk-full", "in-memory", "unfinished"} <= set(report["risks"])
    assert "dead-runs" not in report["risks"]
    assert report["leftovers"] == []
    assert report["resumed"] in (0, 1)
    assert dump_of(out) ^ dump_of(calm) == set()
