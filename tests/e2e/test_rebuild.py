"""The sample library loses its database: its files bring it back, and nothing is done anew."""

import shutil
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from olketanu.home import Home
from store import changes
from store.database import Store
from store.dump import logical_dump
from store.sidecars.files import expected
from tests.unit.made_library import Silent
from workflow.backup.rebuild import rebuild_catalogue

pytestmark = [pytest.mark.tesseract, pytest.mark.slow]

SAMPLE = Path(__file__).parents[2] / "scans" / "2026-01_sample"
Program = Callable[..., CompletedProcess[str]]


def said(home: Home) -> tuple[str, dict[str, str], tuple[int, str]]:
    with Store.open(home) as store:
        return logical_dump(store), dict(expected(store)), changes.head(store)


def files(home: Home) -> dict[str, tuple[int, int]]:
    found = [path for path in home.root.rglob("*") if path.is_file()]
    kept = [path for path in found if not path.name.startswith("catalog.sqlite3")]
    return {str(path): (path.stat().st_ino, path.stat().st_mtime_ns) for path in kept}


def test_the_sample_library_is_rebuilt_from_its_files(
    sample_home: Path, tmp_path: Path, cli: Program
) -> None:
    home = Home(tmp_path.resolve() / "home")
    shutil.copytree(sample_home, home.root)
    before = said(home)
    for path in home.root.glob("catalog.sqlite3*"):
        path.unlink()
    report = rebuild_catalogue(home, Silent())
    assert (report.damaged, report.missing_masters) == ((), ())
    assert report.documents > 0
    assert report.records > 0
    assert said(home) == before
    stamps = files(home)
    done = cli("run", SAMPLE, "--json", home=home.root)
    assert done.returncode == 1, done.stderr  # as before: proposed links wait for a yes
    assert said(home) == before
    exports = str(home.exports)  # the librarian's sheet is copied by every run
    changed = {name for name, stamp in files(home).items() if stamps.get(name) != stamp}
    assert {name for name in changed if not name.startswith(exports)} == set()
