"""A restored home goes on where the saved one stood: the next run finds nothing to do."""

import hashlib
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from olketanu.home import Home
from store.database import Store
from store.dump import logical_dump

pytestmark = [pytest.mark.tesseract, pytest.mark.slow]

Program = Callable[..., subprocess.CompletedProcess[str]]
DATABASE = ("catalog.sqlite3", "catalog.sqlite3-wal", "catalog.sqlite3-shm")


def files(home: Path) -> dict[str, str]:
    return {
        path.relative_to(home).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in home.rglob("*")
        if path.is_file() and path.name not in DATABASE
    }


def what_it_says(home: Path) -> str:
    with Store.open(Home(home)) as store:
        return logical_dump(store)


def test_a_run_in_the_restored_sample_home_writes_nothing(
    sample_home: Path, cli: Program, tmp_path: Path
) -> None:
    home, disk, target = tmp_path / "home", tmp_path / "disk", tmp_path / "restored"
    shutil.copytree(sample_home, home)
    done = cli("backup", disk, "--json", home=home)
    assert done.returncode == 0, done.stderr
    done = cli("restore", disk, "--json", home=target)
    assert done.returncode == 0, done.stderr
    before = files(target), what_it_says(target)
    done = cli("run", home=target)
    assert done.returncode == 1, done.stderr  # proposed links still wait for a yes
    assert (files(target), what_it_says(target)) == before
    query = ("search", "терриконы", "--json")
    assert cli(*query, home=target).stdout == cli(*query, home=sample_home).stdout != ""
    assert cli("verify", "--all", home=target).returncode == 0
    assert (target / "olketanu.toml").read_bytes() == (home / "olketanu.toml").read_bytes()
