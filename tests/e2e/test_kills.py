"""Killed at any moment, the next run ends as if nothing had happened."""

import hashlib
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from olketanu.home import Home
from store.database import Store
from store.dump import logical_dump

pytestmark = [pytest.mark.tesseract, pytest.mark.slow]

ROOT = Path(__file__).parents[2]
BOOK = ROOT / "scans" / "2026-01_sample" / "10_komir-olkesi_2-dana"
EPOCH = "1767225600"  # one clock for all runs, so that equal work gives equal bytes
Program = Callable[..., subprocess.CompletedProcess[str]]


def make_batch(folder: Path) -> Path:
    """Four small pages in two documents: quick to read, with everything a batch has."""
    from PIL import Image

    batch = folder / "batch"
    for name, pages in (("a", ("0001", "0002")), ("b", ("0003", "0004"))):
        (batch / name).mkdir(parents=True)
        for page in pages:
            with Image.open(BOOK / f"{page}.jpg") as image:
                height = image.height // 3
                part = image.crop((0, height, image.width, 2 * height))
                part.save(batch / name / f"{page}.png", dpi=(300, 300))
    return batch


def result(home: Path) -> tuple[str, dict[str, str]]:
    with Store.open(Home(home)) as store:
        dump = logical_dump(store)
    files = [p for p in (home / "objects").rglob("*") if p.suffix in (".pdf", ".xml", ".json")]
    hashes = {str(p.relative_to(home)): hashlib.sha256(p.read_bytes()).hexdigest() for p in files}
    return dump, hashes


def orphans(home: Path) -> list[int]:
    """Processes that still work for this home."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                told = (entry / "environ").read_bytes() + (entry / "cmdline").read_bytes()
            except OSError:
                continue
            if str(home).encode() in told and int(entry.name) != os.getpid():
                found.append(int(entry.name))
    return found


def start(home: Path, batch: Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, str(ROOT / "cli.py"), "--home", str(home), "run", str(batch)]
    environment = {**os.environ, "SOURCE_DATE_EPOCH": EPOCH, "OLKETANU_LANG": "en"}
    return subprocess.Popen(
        command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )


@pytest.mark.timeout(1200)
def test_twenty_kills_end_as_one_undisturbed_run(tmp_path: Path, cli: Program) -> None:
    batch = make_batch(tmp_path)
    calm, torn = tmp_path / "calm", tmp_path / "torn"
    assert cli("init", calm, home=calm).returncode == 0
    begin = time.monotonic()
    assert cli("run", batch, home=calm, SOURCE_DATE_EPOCH=EPOCH).returncode in (0, 1)
    whole = time.monotonic() - begin
    wanted = result(calm)
    draw = random.Random(20260101)
    kills = 0
    while kills < 20:
        shutil.rmtree(torn, ignore_errors=True)
        assert cli("init", torn, home=torn).returncode == 0
        for _ in range(5):  # several kills in one home: each begins where the last one stopped
            process = start(torn, batch)
            time.sleep(draw.uniform(0.1, whole))
            process.send_signal(signal.SIGKILL)
            process.wait()
            kills += 1
        deadline = time.monotonic() + 60
        while orphans(torn) and time.monotonic() < deadline:
            time.sleep(0.05)
        assert orphans(torn) == []
        done = cli("run", batch, home=torn, SOURCE_DATE_EPOCH=EPOCH)
        assert done.returncode in (0, 1), done.stderr
        dump, files = result(torn)
        assert set(dump.splitlines()) ^ set(wanted[0].splitlines()) == set()
        assert (dump, files) == wanted
