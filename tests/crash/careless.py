"""The same workloads on a program that leaves out what makes its writing safe.

    python -m tests.crash.careless HOW NAME FOLDER

The explorer must find the damage; else it would find none in the real program either.
"""

import os
import stat
import sys
from collections.abc import Callable
from unittest import mock

from tests.crash import workloads

_fsync = os.fsync


def no_file_sync(descriptor: int) -> None:
    """Sync folders only."""
    if stat.S_ISDIR(os.fstat(descriptor).st_mode):
        _fsync(descriptor)


def no_folder_sync(descriptor: int) -> None:
    """Sync files only."""
    if not stat.S_ISDIR(os.fstat(descriptor).st_mode):
        _fsync(descriptor)


HOW: dict[str, Callable[[int], None]] = {
    "no-file-sync": no_file_sync,
    "no-folder-sync": no_folder_sync,
}


def main() -> None:
    """Do one workload carelessly; SQLite syncs its own files as ever."""
    how = sys.argv.pop(1)
    with mock.patch("os.fsync", HOW[how]):
        workloads.main()


if __name__ == "__main__":
    main()
