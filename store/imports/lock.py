"""One at a time: who imports, retries or undoes holds the lock of the folder of imports."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager

from olketanu.errors import LockedError
from olketanu.home import Home
from store.disk.files import make_folder, writing


@contextmanager
def import_lock(home: Home) -> Iterator[None]:
    """Hold the lock; the system lets go of it whatever ends the process.

    Raises:
        LockedError: ``error.import-locked``: another import is at work in this home.
        CannotWriteError: the home may not be written.
    """
    folder = home.import_sidecar("x").parent
    with writing(folder):
        make_folder(folder)
        # The folder itself is locked: no file has to be kept for it.
        descriptor = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise LockedError("error.import-locked", folder=str(home.root)) from error
        yield
    finally:
        os.close(descriptor)
