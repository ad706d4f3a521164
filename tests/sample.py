"""A home in which the whole sample batch has been run once, for every test of the main job."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[1]
SAMPLE = ROOT / "scans" / "2026-01_sample"


def program(*arguments: object, home: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the command line as a person would."""
    command = [sys.executable, str(ROOT / "cli.py"), "--home", str(home), *map(str, arguments)]
    settings = {**os.environ, "OLKETANU_LANG": "en", "PYTHONWARNINGS": "default", **environment}
    return subprocess.run(command, capture_output=True, text=True, env=settings, check=False)


def lines(done: subprocess.CompletedProcess[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.fixture(scope="session")
def sample_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("library") / "home"
    if lent := os.environ.get("OLKETANU_SAMPLE_HOME"):  # run by hand once, to try one thing often
        return shutil.copytree(lent, home)
    assert program("init", home, home=home).returncode == 0
    done = program("run", SAMPLE, "--json", home=home)
    assert done.returncode == 1, done.stderr  # proposed links wait for a yes
    (home.parent / "run.jsonl").write_text(done.stdout, encoding="utf-8")
    return home


@pytest.fixture(scope="session")
def run_lines(sample_home: Path) -> dict[str, dict[str, Any]]:
    text = (sample_home.parent / "run.jsonl").read_text(encoding="utf-8")
    return {line["name"]: line for line in map(json.loads, text.splitlines())}


@pytest.fixture(scope="session")
def cli() -> Callable[..., subprocess.CompletedProcess[str]]:
    return program
