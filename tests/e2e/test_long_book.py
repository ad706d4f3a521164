"""A long book is digitised in the memory of a short one, in the parent and in the child."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pikepdf
import pytest
from PIL import Image

from digitize.work.keeper import below
from tests.e2e.fake_engine import install

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="reads /proc"),
]
ROOT = Path(__file__).parents[2]
Program = Callable[..., subprocess.CompletedProcess[str]]
SHORT, LONG = 30, 300
MORE_MB = 40.0  # what 270 pages more may cost: rows and names, never pixels (each page has 0.6 MB)
SIZE = (480, 1200)


@dataclass(frozen=True, slots=True)
class Peaks:
    """Largest resident memory in MB."""

    parent: float
    child: float


def high_water(pid: int) -> float:
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM")), 0.0)


def digitise(folder: Path, cli: Program, count: int) -> Peaks:
    """Run a book of so many pages with an engine that answers at once."""
    engine = install(folder / "engine", {})
    home, book = folder / "home", folder / "batch" / "Book"
    book.mkdir(parents=True)
    for number in range(count):
        page = Image.new("L", SIZE, 240)
        page.paste(30, (60, 100 + number, 400, 140 + number))
        page.save(book / f"{number:04}.png", dpi=(300, 300), compress_level=1)
    assert cli("init", home, home=home).returncode == 0
    settings = home / "olketanu.toml"
    told = settings.read_text(encoding="utf-8").replace('engine = "auto"', 'engine = "tesseract"')
    settings.write_text(told, encoding="utf-8")
    command = [sys.executable, str(ROOT / "cli.py"), "--home", str(home), "run", str(book.parent)]
    with (folder / "out").open("w") as out:
        process = subprocess.Popen(
            [*command, "--quiet", "--workers", "2"],
            env={**os.environ, "PATH": engine.path},
            stdout=out,
            stderr=subprocess.STDOUT,
        )
        try:
            peaks = watched(process)
        finally:
            process.kill()
            process.wait()
    assert process.returncode in (0, 1), (folder / "out").read_text()
    (pdf,) = home.glob("objects/*/document.pdf")
    with pikepdf.open(pdf) as document:
        assert len(document.pages) == count
    return peaks


def watched(process: "subprocess.Popen[bytes]", seconds: float = 900.0) -> Peaks:
    end = time.monotonic() + seconds
    parent = child = 0.0
    while process.poll() is None and time.monotonic() < end:
        parent = max(parent, high_water(process.pid))
        child = max([child, *(high_water(one.pid) for one in below(process.pid))])
        threading.Event().wait(0.1)
    return Peaks(parent, child)


def test_ten_times_the_pages_take_no_more_memory(tmp_path: Path, cli: Program) -> None:
    short = digitise(tmp_path / "short", cli, SHORT)
    long = digitise(tmp_path / "long", cli, LONG)
    assert min(short.parent, short.child) > 20
    assert long.parent <= short.parent + MORE_MB, (short, long)
    assert long.child <= short.child + MORE_MB, (short, long)
