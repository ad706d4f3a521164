"""How files become real: temporary file, fsync, rename, fsync of the folder; only then a row.

A reader therefore never sees a torn file, and a row never points at a file that a power cut can
take back. A file without its row is harmless: the next run writes it again. Every temporary file
is locked (flock) while its writer lives, so that leftovers of a killed run can be told from work
in progress.
"""

import errno
import fcntl
import hashlib
import os
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from olketanu.errors import CannotWriteError

_PREFIX = ".olk-"
_SUFFIX = ".tmp"
_CHUNK = 1 << 20
_RENAME_TRIES = 20
_RENAME_PAUSE = 0.1  # seconds; antivirus holds a fresh file open for a second or two
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_REFUSED = frozenset({errno.EACCES, errno.EPERM, errno.EROFS, errno.EISDIR})
_FAILING = frozenset({errno.EIO})


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Turn "disk full", "not allowed" and "disk failing" into CannotWriteError with ``path``.

    After EIO nothing is tried again: the kernel has marked the lost pages as written, and a second
    fsync would succeed without them.

    Raises:
        CannotWriteError: ``error.disk-full`` (ENOSPC, EDQUOT, EFBIG), ``error.not-writable``
            (EACCES, EPERM, EROFS, EISDIR), ``error.disk-failing`` (EIO). Other errors of the
            system pass unchanged.
    """
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            raise CannotWriteError("error.disk-full", path=str(path)) from error
        if error.errno in _REFUSED:
            raise CannotWriteError("error.not-writable", path=str(path)) from error
        if error.errno in _FAILING:
            raise CannotWriteError("error.disk-failing", path=str(path)) from error
        raise


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file's bytes, 64 hexadecimal digits."""
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def is_in_place(made: Path, target: Path, sha256: str) -> bool:
    """Return whether ``target`` is the file ``made``, or another one with that hash.

    What is missing or cannot be read is not in place.
    """
    try:
        return made.samefile(target) or sha256_of(target) == sha256
    except OSError:
        return False


def write_durably(target: Path, data: bytes, *, mode: int = 0o644) -> None:
    """Write ``data`` to ``target``, whole or not at all, and leave it on the disk for good.

    Folders that are missing are made; an older file of that name is replaced.

    Raises:
        CannotWriteError: disk full, or the folder may not be written.
    """
    with writing(target):
        make_folder(target.parent)
        descriptor, temporary = _new_temporary(target.parent)
        try:
            _write_all(descriptor, data)
            _seal(descriptor, mode)
            _rename(temporary, target)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
        finally:
            os.close(descriptor)
        sync_folder(target.parent)


@contextmanager
def placing(target: Path, *, mode: int = 0o644) -> Iterator[BinaryIO]:
    """Give a stream, to write and read, that becomes ``target`` when the block ends well.

    The file appears whole, synced, in the place of an older one; after an exception nothing is
    there but what was there before. What a killed writer left in the folder goes too: folders
    outside a home have no other sweeper.

    Raises:
        CannotWriteError: disk full, or the folder may not be written.
    """
    with writing(target):
        make_folder(target.parent)
        for left in target.parent.glob(f"{_PREFIX}*{_SUFFIX}"):
            remove_if_unlocked(left)
        descriptor, temporary = _new_temporary(target.parent)
        try:
            with os.fdopen(descriptor, "w+b") as stream:
                yield stream
                stream.flush()
                _seal(descriptor, mode)
                _rename(temporary, target)
        finally:
            temporary.unlink(missing_ok=True)
        sync_folder(target.parent)


def place_durably(temporary: Path, target: Path, *, mode: int = 0o644) -> None:
    """Make a finished temporary file real under ``target``, on the same file system.

    Raises:
        CannotWriteError: disk full, or the folder may not be written. OSError EXDEV: other file
        system.
    """
    with writing(target):
        make_folder(target.parent)
        descriptor = os.open(temporary, os.O_RDONLY | os.O_CLOEXEC)
        try:
            _seal(descriptor, mode)
        finally:
            os.close(descriptor)
        _rename(temporary, target)
        sync_folder(target.parent)


def copy_durably(source: Path, target: Path, *, mode: int = 0o644) -> str:
    """Copy ``source`` to ``target`` in pieces and return the SHA-256 of what was written.

    Raises:
        CannotWriteError: disk full, or the folder may not be written.
    """
    return copy_checked(source, target, mode=mode, expected=None)


def copy_checked(source: Path, target: Path, *, mode: int, expected: str | None) -> str:
    """Copy like :func:`copy_durably`, but keep nothing when the hash is not ``expected``.

    Returns:
        The SHA-256 of the bytes read; compare it: on a difference ``target`` is untouched.

    Raises:
        CannotWriteError: as :func:`copy_durably`. OSError: ``source`` cannot be read.
    """
    digest = hashlib.sha256()
    with source.open("rb") as stream:
        with writing(target):
            make_folder(target.parent)
            descriptor, temporary = _new_temporary(target.parent)
        try:
            # A source that cannot be read says nothing about the disk of the target.
            while chunk := stream.read(_CHUNK):
                digest.update(chunk)
                with writing(target):
                    _write_all(descriptor, chunk)
            found = digest.hexdigest()
            if expected is None or found == expected:
                with writing(target):
                    _seal(descriptor, mode)
                    _rename(temporary, target)
        finally:
            with writing(target):
                temporary.unlink(missing_ok=True)
            os.close(descriptor)
    with writing(target):
        sync_folder(target.parent)
    return found


def is_temporary(path: Path) -> bool:
    """Return whether this is the name of a file that is being written, or was left by the dead."""
    return path.name.startswith(_PREFIX) and path.name.endswith(_SUFFIX)


def sweep_temporary(folder: Path) -> int:
    """Remove temporary files under ``folder`` whose writer is dead; return how many."""
    removed = 0
    for path in sorted(folder.rglob(f"{_PREFIX}*{_SUFFIX}")):
        removed += remove_if_unlocked(path)
    return removed


def make_folder(folder: Path) -> None:
    """Make ``folder`` and what is missing above it, each name synced where it stands.

    Raises:
        CannotWriteError: as :func:`writing`.
    """
    missing = []
    while not folder.is_dir():
        missing.append(folder)
        folder = folder.parent
    for path in reversed(missing):
        with writing(path):
            path.mkdir(exist_ok=True)
        sync_folder(path.parent)


def sync_file(path: Path) -> None:
    """Make the bytes of a file that others wrote durable; its name is the folder's matter.

    Raises:
        CannotWriteError: as :func:`writing`. It is never tried again on the same bytes.
    """
    with writing(path):
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def sync_folder(folder: Path) -> None:
    """Make the names in ``folder`` durable; errors as :func:`sync_file`."""
    sync_file(folder)


@contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """Wait until nobody else is in a block of this kind for ``folder``, and keep others out of it.

    What is locked is the folder itself: no file is left, and the lock dies with the process.
    """
    descriptor = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def create_locked(path: Path) -> int:
    """Create ``path`` and hold its lock; return the open descriptor, whose end is the lock's end.

    Raises:
        FileExistsError: the name is taken.
    """
    while True:
        flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
        descriptor = os.open(path, flags, 0o600)
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        # A sweeper may have locked and removed the name between the two calls: then make it anew.
        if _still_named(descriptor, path):
            return descriptor
        os.close(descriptor)


def is_locked(path: Path) -> bool:
    """Return whether a living process holds the lock of ``path``; a missing file is not locked."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        return False
    try:
        return not _try_lock(descriptor)
    finally:
        os.close(descriptor)


def remove_if_unlocked(path: Path) -> bool:
    """Remove ``path`` unless a living process holds its lock; return whether it was removed."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return False
    try:
        if not _try_lock(descriptor) or not _still_named(descriptor, path):
            return False
        path.unlink()
        return True
    except OSError:
        return False
    finally:
        os.close(descriptor)


def _try_lock(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _still_named(descriptor: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(descriptor), path.stat())
    except FileNotFoundError:
        return False


def _new_temporary(folder: Path) -> tuple[int, Path]:
    path = folder / f"{_PREFIX}{secrets.token_hex(8)}{_SUFFIX}"
    return create_locked(path), path


def _write_all(descriptor: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]


def _seal(descriptor: int, mode: int) -> None:
    os.fchmod(descriptor, mode)
    os.fsync(descriptor)


def _rename(temporary: Path, target: Path) -> None:
    for tries_left in range(_RENAME_TRIES - 1, -1, -1):
        try:
            temporary.replace(target)
        except PermissionError:
            if not tries_left:
                raise
            time.sleep(_RENAME_PAUSE)
        else:
            return
