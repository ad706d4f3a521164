"""Verify over a home that the main job made: silent when all is well, mended by the next run."""

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from olketanu.home import Home

pytestmark = [pytest.mark.tesseract, pytest.mark.slow]

SAMPLE = Path(__file__).parents[2] / "scans" / "2026-01_sample"
Program = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, cli: Program) -> Path:
    folder = tmp_path_factory.mktemp("verify")
    batch, home = folder / "batch", folder / "home"
    batch.mkdir()
    for name in ("07_kiyndy.tif", "08_vyrezka.jpg"):
        shutil.copy(SAMPLE / name, batch)
    assert cli("init", home, home=home).returncode == 0
    done = cli("run", batch, "--json", home=home)
    assert done.returncode in (0, 1), done.stderr
    return home


@pytest.fixture
def home(made: Path, tmp_path: Path) -> Home:
    shutil.copytree(made, tmp_path / "home")
    return Home(tmp_path / "home")


def verify(cli: Program, home: Home, *arguments: str) -> tuple[int, list[dict[str, Any]]]:
    done = cli("verify", "--json", *arguments, home=home.root)
    return done.returncode, [json.loads(line) for line in done.stdout.splitlines()]


def test_a_home_that_a_run_made_is_well_and_a_second_run_and_verify_write_nothing(
    cli: Program, home: Home
) -> None:
    code, lines = verify(cli, home, "--all")
    assert (code, len(lines)) == (0, 1)
    assert lines[0]["files"] == lines[0]["read"] > 20
    before = home.database.read_bytes()
    assert cli("run", home=home.root).returncode in (0, 1)
    assert verify(cli, home, "--all")[0] == 0
    assert home.database.read_bytes() == before


def test_damaged_derivatives_are_made_anew_to_the_same_bytes(cli: Program, home: Home) -> None:
    pdf, words = sorted(home.objects.glob("*/document.pdf"))
    words = words.parent / "words" / "p0001.json"
    alto = next(pdf.parent.glob("alto/p0001-*.xml"))
    pdf.unlink()
    for path in (words, alto):
        path.write_bytes(b"gone bad")
    code, lines = verify(cli, home, "--all", "--repair")
    assert code == 7
    repairs = {home.root / line["path"]: line["repair"] for line in lines[:-1]}
    assert repairs == {pdf: "later", words: "run", alto: "run"}
    assert cli("run", home=home.root).returncode in (0, 1)
    code, lines = verify(cli, home, "--all", "--repair")
    assert {home.root / line["path"]: line["repair"] for line in lines[:-1]} == {pdf: "run"}
    assert cli("run", home=home.root).returncode in (0, 1)
    assert verify(cli, home, "--all")[0] == 0
