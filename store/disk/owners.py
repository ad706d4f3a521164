"""Who is at work in a home: every run holds a locked file, and the lock dies with the run.

The kernel lets go of the lock whatever ends the process, so nothing has to be cleaned up before the
work of a killed run can be taken over.
"""

import contextlib
import os
import secrets
import shutil
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType

from olketanu.errors import LockedError
from olketanu.home import Home
from store.disk.files import (
    create_locked,
    is_locked,
    make_folder,
    remove_if_unlocked,
    sweep_temporary,
    writing,
)

_LOCK = ".lock"


class RunOwner:
    """One run in progress; holds ``runs/<name>.lock`` and a scratch folder while entered."""

    def __init__(self, home: Home) -> None:
        self.name = f"{os.getpid()}-{secrets.token_hex(4)}"
        self.scratch = home.runs / self.name
        self._lock = _lock_path(home, self.name)
        self._descriptor: int | None = None

    def __enter__(self) -> "RunOwner":
        with writing(self._lock):
            make_folder(self._lock.parent)
            self._descriptor = create_locked(self._lock)
            self.scratch.mkdir()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        shutil.rmtree(self.scratch, ignore_errors=True)
        # A disk that refuses even this leaves a name without a lock, which the next run sweeps.
        with contextlib.suppress(OSError):
            self._lock.unlink()
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None


@contextlib.contextmanager
def only_one(home: Home, name: str, key: str) -> Iterator[None]:
    """Hold the lock ``runs/<name>``; LockedError of this ``key`` while somebody else holds it."""
    lock = home.runs / name
    with writing(lock):
        make_folder(lock.parent)
        remove_if_unlocked(lock)
        try:
            descriptor = create_locked(lock)
        except FileExistsError as error:
            raise LockedError(key, home=str(home.root)) from error
    try:
        yield
    finally:
        lock.unlink(missing_ok=True)
        os.close(descriptor)


def is_held(home: Home, name: str) -> bool:
    """Return whether somebody holds the lock of :func:`only_one` with this name."""
    return is_locked(home.runs / name)


def is_anybody_at_work(home: Home) -> bool:
    """Return whether a run is in progress in this home."""
    return any(is_locked(path) for path in home.runs.glob(f"[0-9]*{_LOCK}"))


def is_alive(home: Home, name: str) -> bool:
    """Return whether the run ``name`` still holds its lock in this home."""
    return is_locked(_lock_path(home, name))


def sweep_home(home: Home) -> list[str]:
    """Remove all that dead runs left anywhere in the home; return their names, sorted.

    The index is left to its own writers, who sweep it under their lock.
    """
    swept = sweep_dead(home)
    folders = (home.masters, home.objects, home.sidecars, home.quarantine, home.exports)
    for folder in folders:
        sweep_temporary(folder)
    return swept


def sweep_dead(home: Home) -> list[str]:
    """Remove locks and scratch folders of runs that are dead; return their names, sorted."""
    if not home.runs.is_dir():
        return []
    swept = {p.stem for p in home.runs.glob(f"*{_LOCK}") if remove_if_unlocked(p)}
    for folder in home.runs.iterdir():
        # The lock is made before the folder, so a folder without a living lock has no owner.
        if folder.is_dir() and not is_alive(home, folder.name):
            shutil.rmtree(folder, ignore_errors=True)
            swept.add(folder.name)
    return sorted(swept)


def _lock_path(home: Home, name: str) -> Path:
    return home.runs / f"{name}{_LOCK}"
