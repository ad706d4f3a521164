"""Killed at any step of a backup or a restore, the same call again ends well."""

import os
import random
import shutil
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from olketanu.home import Home, open_home
from store.dump import logical_dump
from tests.unit.backup_library import Quiet, add_document, make_home
from workflow.backup.back_up import BackupOrder, back_up
from workflow.backup.check import check_backup
from workflow.backup.restore import MARK, RestoreOrder, restore
from workflow.backup.snapshots import BackupFolder, list_snapshots
from workflow.library import open_library

pytestmark = pytest.mark.slow

POINTS = 10
"""Places drawn by chance (seeded) for each of backup and restore, beside the first and the last."""

_STEPS = ("fsync", "rename", "replace", "mkdir", "unlink", "rmdir", "link")


@pytest.fixture(autouse=True)
def quick_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "fsync", lambda _: None)


def killed_at(number: int, work: Callable[[], object]) -> bool:
    """Do ``work`` in a child that is killed before its n-th change of the disk; whether it was.

    Nothing is synced: what a power cut takes is the crash explorer's matter.
    """
    child = os.fork()
    if child == 0:
        try:
            _count_down(number)
            work()
        finally:
            os._exit(0)
    _, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status)


def _count_down(number: int) -> None:
    left = [number]

    def stepped(name: str) -> Callable[..., object]:
        real = getattr(os, name)

        def step(*arguments: object, **named: object) -> object:
            left[0] -= 1
            if left[0] == 0:
                os.kill(os.getpid(), signal.SIGKILL)
            return None if name == "fsync" else real(*arguments, **named)

        return step

    for name in _STEPS:
        setattr(os, name, stepped(name))


def last_step(work: Callable[[int], bool]) -> int:
    """The number of changes of the disk that the work makes, found by halving."""
    low, high = 0, 4096  # killed at low (or nothing done), whole at high
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if work(middle) else (low, middle)
    return low


def places(last: int) -> list[int]:
    draw = random.Random(20261123)
    return sorted({1, 2, last, *draw.sample(range(3, last), min(POINTS, last - 3))})


def save(home: Home, folder: Path) -> None:
    with open_library(home) as library:
        back_up(library, BackupOrder(folder), Quiet())


def dump(home: Home) -> list[str]:
    with open_library(home) as library:
        lines = logical_dump(library.store).splitlines()
    said = ('"kind":"backup.', '"kind":"restore.')
    return [line for line in lines if not any(kind in line for kind in said)]


def leftovers(folder: Path) -> list[str]:
    return [str(p) for p in folder.rglob("*") if p.name.startswith(".olk-") or p.name == MARK]


@pytest.mark.timeout(1200)
@pytest.mark.parametrize("first", [True, False], ids=["first", "second"])
def test_a_backup_killed_anywhere_goes_on(tmp_path: Path, first: bool) -> None:
    made = make_home(tmp_path / "made", documents=2, records=3)
    disk = tmp_path / "disk"
    if not first:
        save(made, disk)
        with open_library(made) as library:
            add_document(library.store, tmp_path, 9)
    home, folder = Home(tmp_path / "home"), tmp_path / "backup"

    def attempt(number: int) -> bool:
        shutil.rmtree(home.root, ignore_errors=True)
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(made.root, home.root)
        if disk.exists():
            shutil.copytree(disk, folder)
        return killed_at(number, lambda: save(home, folder))

    last = last_step(attempt)
    assert last > 20
    for number in places(last):
        assert attempt(number)
        usable = [s.damage() for s in list_snapshots(BackupFolder(folder))]
        assert usable == [None] * len(usable)
        assert len(usable) >= (0 if first else 1)
        save(home, folder)
        assert leftovers(folder) + leftovers(home.root) == []
        assert check_backup(folder, Quiet()).problems == ()
        whole = list_snapshots(BackupFolder(folder))
        assert len(whole) == (1 if first else 2)
        assert len(list((folder / "snapshots").iterdir())) == len(whole)
    target = tmp_path / "restored"
    restore(RestoreOrder(folder, target), Quiet())
    assert dump(open_home(target)) == dump(home)


@pytest.mark.timeout(1200)
def test_a_restore_killed_anywhere_goes_on(tmp_path: Path) -> None:
    home = make_home(tmp_path / "home", documents=2, records=3)
    folder, target = tmp_path / "backup", tmp_path / "restored"
    save(home, folder)
    wanted = dump(home)

    def attempt(number: int) -> bool:
        shutil.rmtree(target, ignore_errors=True)
        return killed_at(number, lambda: restore(RestoreOrder(folder, target), Quiet()))

    last = last_step(attempt)
    assert last > 20
    for number in places(last):
        assert attempt(number)
        if (target / MARK).exists() or number < last - 1:
            assert restore(RestoreOrder(folder, target), Quiet()).problems == ()
        assert leftovers(target) == []
        assert dump(open_home(target)) == wanted
