"""Read everything in a backup folder again and name what is no longer what was written."""

from dataclasses import dataclass
from pathlib import Path

from olketanu.progress import Progress
from workflow.backup.collect import Problem
from workflow.backup.portions import DAMAGED, MISSING
from workflow.backup.snapshots import (
    CATALOGUE,
    BackupFolder,
    hash_or_none,
    list_snapshots,
    open_backup,
    reading_in,
    set_aside,
    writing_in,
)

_STAGE = "backup-check"


@dataclass(frozen=True, slots=True)
class CheckReport:
    """What a check read: ``snapshots``, ``files``, ``bytes``, and the problems by their paths."""

    folder: str
    snapshots: int
    checked: int
    bytes: int
    problems: tuple[Problem, ...]

    def as_json(self) -> dict[str, object]:
        """The last JSON line; every problem has one of its own before."""
        return {
            "folder": self.folder,
            "snapshots": self.snapshots,
            "checked": self.checked,
            "bytes": self.bytes,
            "problems": len(self.problems),
        }


def check_backup(folder: Path, progress: Progress, *, dry_run: bool = False) -> CheckReport:
    """Hash every file and every snapshot of the backup at ``folder``.

    A damaged file is moved to ``damaged/`` (unless ``dry_run``), so that the next backup brings a
    good copy; a snapshot is never touched.

    Raises:
        UsageError: no backup. LockedError: somebody writes there. CannotWriteError.
    """
    backup = open_backup(folder)
    with reading_in(backup) if dry_run else writing_in(backup):
        good, damaged, size = _hash_all(backup, progress)
        problems = _snapshot_problems(backup)
        problems += _file_problems(backup, good, damaged)
        if not dry_run:
            for digest in sorted(damaged):
                set_aside(backup, digest.hex())
        count = len(list_snapshots(backup))
    checked = len(good) + len(damaged)
    return CheckReport(str(backup.root), count, checked, size, tuple(problems))


def _hash_all(backup: BackupFolder, progress: Progress) -> tuple[set[bytes], set[bytes], int]:
    """Return the hashes of good and of damaged files, and the bytes of all."""
    good: set[bytes] = set()
    damaged: set[bytes] = set()
    size = 0
    stored = list(backup.stored())
    for number, path in enumerate(stored):
        progress.step(_STAGE, number, len(stored), path.name)
        size += path.stat().st_size
        fits = hash_or_none(path) == path.name
        (good if fits else damaged).add(bytes.fromhex(path.name))
    return good, damaged, size


def _snapshot_problems(backup: BackupFolder) -> list[Problem]:
    return [
        Problem(f"snapshots/{snapshot.name}/{name}", DAMAGED)
        for snapshot in list_snapshots(backup)
        if (name := snapshot.damage()) is not None
    ]


def _file_problems(backup: BackupFolder, good: set[bytes], damaged: set[bytes]) -> list[Problem]:
    """Name each damaged or missing file once, by its path in the home where a snapshot tells it."""
    found: dict[bytes, Problem] = {}
    for snapshot in list_snapshots(backup):
        if snapshot.damage() not in (None, CATALOGUE):
            continue
        for entry in snapshot.entries():
            digest = bytes.fromhex(entry.sha256)
            if digest not in good:
                found[digest] = Problem(entry.path, DAMAGED if digest in damaged else MISSING)
    for digest in damaged - found.keys():
        place = backup.file(digest.hex()).relative_to(backup.root)
        found[digest] = Problem(place.as_posix(), DAMAGED)
    return sorted(found.values(), key=lambda problem: problem.path)
