"""What a worker holds: a large sheet within the promise, a long book no more than a short one."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from digitize.recognition.profiles import profile_for
from digitize.recognition.recognise import for_this_machine
from digitize.work.keeper import below
from digitize.work.limits import Limits
from digitize.work.pool import WorkerPool
from pages.alto import read_alto
from tests.unit.made_spreads import print_block

pytestmark = [
    pytest.mark.slow,
    pytest.mark.tesseract,
    pytest.mark.skipif(sys.platform != "linux", reason="reads /proc"),
]

A2 = (6614, 9354)  # pixels at 400 dpi
PROMISED_MB = 600
PATIENCE = 300.0


class Peaks:
    """The largest memory (VmHWM, MB) of this process and of any one below it."""

    def __init__(self) -> None:
        self.children = 0.0

    def look(self) -> None:
        peaks = [high_water(child.pid) for child in below(os.getpid())]
        self.children = max([self.children, *peaks])


def high_water(pid: int) -> float:
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0.0
    said = [line for line in status.splitlines() if line.startswith("VmHWM")]
    return int(said[0].split()[1]) / 1024 if said else 0.0


def resident(pid: int) -> float:
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * 4096 / 2**20


@contextmanager
def one_worker(folder: Path) -> Iterator[WorkerPool]:
    with WorkerPool(1, Limits(), folder / "scratch") as pool:
        yield pool


def do(pool: WorkerPool, name: str, payload: dict[str, Any], peaks: Peaks) -> dict[str, Any]:
    pool.submit(name, payload, PATIENCE)
    done = pool.wait()
    peaks.look()  # the worker waits for its next task
    assert done.result is not None, done
    return done.result


def sheet(path: Path, mode: str) -> Path:
    """An A2 page of some lines, leaning, as a scanner writes it."""
    page = np.full((A2[1], A2[0]), 225, np.uint8)
    for top in range(1200, A2[1] - 1200, 2400):
        print_block(page, (900, top, 3300, top + 180), top)
    image = Image.fromarray(page).rotate(1.2, fillcolor=225)
    image.convert(mode).save(path, dpi=(400, 400))
    return path


def frame(size: tuple[int, int], dpi: int) -> dict[str, Any]:
    values = {"master": "0" * 64, "frame": 0, "crop": None, "quarter_turn": 0, "dpi": dpi}
    return {**values, "width": size[0], "height": size[1]}


def question(path: Path, output: Path, size: tuple[int, int], dpi: int) -> dict[str, Any]:
    profile = for_this_machine(profile_for("modern", "newspaper_issue", 0, 1), "tesseract")
    return {
        "master": str(path),
        "frame": frame(size, dpi),
        "profile": asdict(replace(profile, languages="kaz")),
        "time": "2026-01-15T10:00:00Z",
        "output": str(output),
    }


@pytest.mark.parametrize("name", ["grey.tif", "grey.jpg", "colour.tif", "colour.jpg"])
def test_an_a2_sheet_at_400_dpi_needs_no_more_than_promised(tmp_path: Path, name: str) -> None:
    path = sheet(tmp_path / name, "RGB" if name.startswith("colour") else "L")
    peaks = Peaks()
    with one_worker(tmp_path) as pool:
        do(pool, "inspect", {"path": str(path), "spreads": True}, peaks)
        do(pool, "page", question(path, tmp_path / "p.xml", A2, 400), peaks)
    steps = {
        step.name: dict(step.settings)
        for step in read_alto(tmp_path.joinpath("p.xml").read_bytes()).provenance
    }
    assert steps["prepare"]["skew"] != "0.0"  # the sheet was turned, which holds it twice
    assert 100 < peaks.children <= PROMISED_MB
