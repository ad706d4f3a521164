"""The drill: back up while a run is at work, restore into an empty folder, compare."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from olketanu.home import Home, open_home
from search.results.request import Request
from store.database import Store
from store.dump import logical_dump
from tests.e2e.busy_import import said
from tests.house import ROOT
from tests.unit.backup_library import Quiet, contents, make_home
from workflow.backup.back_up import BackupOrder, BackupReport, back_up
from workflow.backup.rebuild import rebuild_catalogue
from workflow.backup.restore import RestoreOrder, restore
from workflow.find import find
from workflow.index import update_index
from workflow.library import open_library

pytestmark = pytest.mark.slow

ROUNDS = 12
QUERIES = (
    *("Қарағанды", "тарихы", "Степной горняк", "абай", "терриконы"),
    *("карагандинский", "жолы 2", '"Абай жолы"', "шахта 1003", "нет такого"),
)


def save(home: Home, folder: Path) -> BackupReport:
    with open_library(home) as library:
        return back_up(library, BackupOrder(folder), Quiet())


def answers(home: Home) -> list[list[str]]:
    with open_library(home) as library:
        found = [find(library, Request(query, limit=100, grouped=False)) for query in QUERIES]
    return [[one.hit.key for one in hits.hits] for hits in found]


def what_it_says(home: Home) -> str:
    with Store.open(home) as store:
        return said(store)


@pytest.mark.timeout(1000)
def test_the_drill(tmp_path: Path) -> None:
    home, folder, notes = make_home(tmp_path / "home"), tmp_path / "disk", tmp_path / "notes"
    with open_library(home) as library:
        update_index(library)
        notes.write_text(f"{said(library.store)}\n", "ascii")
    arguments = [str(home.root), str(tmp_path), str(notes), str(ROUNDS)]
    command = [sys.executable, "-m", "tests.e2e.busy_import", *arguments]
    importer = subprocess.Popen(command, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)})
    restored: list[Path] = []
    try:
        while importer.poll() is None and len(restored) < 8:
            assert save(home, folder).problems == ()
            restored.append(tmp_path / f"restored-{len(restored)}")
            restore(RestoreOrder(folder, restored[-1]), Quiet())
        assert importer.wait(timeout=800) == 0
    finally:
        importer.kill()
        importer.wait()
    prefixes = notes.read_text("ascii").split()
    places = [prefixes.index(what_it_says(open_home(target))) for target in restored]
    assert places == sorted(places)
    assert any(place < len(prefixes) - 1 for place in places), "no backup met the import"
    finished(home, folder, tmp_path / "restored")


def finished(home: Home, folder: Path, target: Path) -> None:
    """After the import everything is equal, and a second backup writes nothing."""
    with open_library(home) as library:
        update_index(library)
    save(home, folder)
    before = contents(folder), contents(home.root)
    assert save(home, folder).state == "nothing-new"
    assert (contents(folder), contents(home.root)) == before
    assert restore(RestoreOrder(folder, target), Quiet()).index == "kept"
    assert what_it_says(open_home(target)) == what_it_says(home)
    assert sum(len(hits) for hits in answers(home)) > len(QUERIES)
    assert answers(open_home(target)) == answers(home)


@pytest.mark.timeout(600)
def test_a_home_whose_database_is_lost_comes_back_both_ways(tmp_path: Path) -> None:
    home, folder = make_home(tmp_path / "home"), tmp_path / "disk"
    save(home, folder)
    with Store.open(home) as store:
        wanted = logical_dump(store)
    for ending in ("", "-wal", "-shm"):
        home.database.with_name(home.database.name + ending).unlink(missing_ok=True)
    target = tmp_path / "restored"
    restore(RestoreOrder(folder, target), Quiet())
    rebuild_catalogue(home, Quiet())
    with Store.open(home) as store:
        assert logical_dump(store) == wanted
    assert what_it_says(open_home(target)) == what_it_says(home)
    shutil.rmtree(home.root)
    other = tmp_path / "out-of-a-backup-without-a-catalogue"
    restore(RestoreOrder(folder, other), Quiet())
    open_home(other).database.unlink()
    rebuild_catalogue(open_home(other), Quiet())
    assert what_it_says(open_home(other)) == what_it_says(open_home(target))
