"""A disk that runs full pauses the batch; with more room the next run goes on by itself.

The disk is a real small one: a tmpfs in a name space of the test's own, which grows after each
pause. This file is also the program that runs in there.
"""

import hashlib
import json
import os
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from olketanu.home import Home
from store.database import Store
from store.digitised.documents import list_documents
from store.disk.masters import list_masters
from store.dump import logical_dump
from tests.e2e.test_kills import EPOCH, make_batch

ROOT = Path(__file__).parents[2]
FIRST, STEP, STEPS = 600, 600, 20
"""Kilobytes of the disk at first, how much it grows, and how often at most."""
MOUNT = 'mount -t tmpfs -o size=1m none "$1" && shift && exec "$@"'


def program(home: Path, *arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(ROOT / "cli.py"), "--home", str(home), *map(str, arguments)]
    settings = {**os.environ, "OLKETANU_LANG": "en", "SOURCE_DATE_EPOCH": EPOCH}
    return subprocess.run(
        command, capture_output=True, text=True, env=settings, check=False, timeout=3000
    )


def make_home(home: Path) -> None:
    done = program(home, "init", home)
    assert done.returncode == 0, done.stderr
    with (home / "olketanu.toml").open("a") as settings:
        settings.write("\n[run]\nworkers = 2\nmin_free_mb = 0\n")


def enlarge(disk: Path, kilobytes: int) -> None:
    command = ["mount", "-o", f"remount,size={kilobytes}k", str(disk)]
    subprocess.run(command, check=True, timeout=300)


def torn(home: Path) -> list[str]:
    """Files under their final names that are not what their rows say."""
    found: list[tuple[Path, str]] = []
    with Store.open(Home(home)) as store:
        found += [(store.home.master(m.sha256), m.sha256) for m in list_masters(store)]
        for document in list_documents(store):
            folder = store.home.document(document.id)
            found += [(folder / name, sha256) for name, sha256 in document.files.items()]
    wrong = [p for p, sha256 in found if hashlib.sha256(p.read_bytes()).hexdigest() != sha256]
    empty = [path for path in (home / "objects").rglob("*") if path.is_file() and not size(path)]
    return [str(path.relative_to(home)) for path in (*wrong, *empty)]


def size(path: Path) -> int:
    return path.stat().st_size


def dump_of(home: Path) -> str:
    with Store.open(Home(home)) as store:
        return logical_dump(store)


def leftovers(home: Path) -> list[str]:
    runs = (path.name for path in (home / "runs").iterdir())
    return [*runs, *(path.name for path in home.rglob(".olk-*"))]


def drive(disk: Path, batch: Path) -> dict[str, Any]:
    """Run the batch on a disk that grows after every pause; what each run said."""
    home, runs = disk / "home", []
    enlarge(disk, 4 * FIRST)
    make_home(home)
    for step in range(STEPS):
        enlarge(disk, FIRST + step * STEP)
        done = program(home, "run", batch)
        enlarge(disk, FIRST + step * STEP + STEP)
        runs.append({"code": done.returncode, "said": done.stderr, "torn": torn(home)})
        if done.returncode != 5:
            break
    return {"runs": runs, "dump": dump_of(home), "left": leftovers(home)}


@cache
def refusal() -> str:
    """Why no small disk can be made here; empty when it can."""
    if not shutil.which("unshare"):
        return "unshare is not installed"
    test = ["unshare", "-Urm", "sh", "-c", MOUNT, "sh", "/mnt", "true"]
    tried = subprocess.run(test, capture_output=True, text=True, check=False, timeout=300)
    return tried.stderr.strip() if tried.returncode else ""


@pytest.mark.tesseract
@pytest.mark.slow
@pytest.mark.timeout(1200)
@pytest.mark.skipif(bool(refusal()), reason=refusal())
def test_a_full_disk_pauses_the_batch_and_more_room_finishes_it(tmp_path: Path) -> None:
    batch, disk, calm = make_batch(tmp_path), tmp_path / "disk", tmp_path / "calm"
    disk.mkdir()
    make_home(calm)
    assert program(calm, "run", batch).returncode in (0, 1)
    inner = [sys.executable, "-m", "tests.e2e.test_full_disk", str(disk), str(batch)]
    command = ["unshare", "-Urm", "sh", "-c", MOUNT, "sh", str(disk), *inner]
    done = subprocess.run(
        command, capture_output=True, text=True, cwd=ROOT, check=False, timeout=1100
    )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    *paused, last = told["runs"]
    assert len(paused) >= 3
    for run in paused:
        assert "Traceback" not in run["said"]
        assert run["torn"] == []
        assert "the disk is full" in run["said"]
    assert last["code"] in (0, 1), last["said"]
    assert last["torn"] == []
    assert told["left"] == []
    assert set(told["dump"].splitlines()) ^ set(dump_of(calm).splitlines()) == set()


if __name__ == "__main__":
    sys.stdout.write(json.dumps(drive(Path(sys.argv[1]), Path(sys.argv[2]))))
