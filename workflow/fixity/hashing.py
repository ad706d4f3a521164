"""Hashing at the speed of the disk: several files at once, each streamed past the page cache."""

import hashlib
import os
import stat
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

BUFFER = 1 << 20
THREADS = max(2, min(4, os.cpu_count() or 1))
_AHEAD = 4
_buffers: deque[bytearray] = deque()


@dataclass(frozen=True, slots=True)
class Hashed:
    """What the disk gave: SHA-256 and size in bytes, or why it gave nothing.

    ``error`` is empty, ``missing``, ``not-a-file`` or ``unreadable: <reason of the system>``.
    """

    path: str
    sha256: str | None
    size: int = 0
    error: str = ""

    @property
    def missing(self) -> bool:
        """Whether there is no such file."""
        return self.error == "missing"

    @property
    def found(self) -> str | None:
        """What to tell: the hash, or why there is none; None for a missing file."""
        return None if self.missing else self.sha256 or self.error


def hash_files(root: Path, paths: Iterable[str], threads: int = THREADS) -> Iterator[Hashed]:
    """Hash files below ``root`` and yield them in their order; a bad one never stops the others.

    hashlib lets go of the interpreter while it works, so threads share the cores; some files more
    than threads are in hand, so that memory stays bounded however many there are.
    """
    with ThreadPoolExecutor(threads, thread_name_prefix="fixity") as pool:
        waiting: deque[Future[Hashed]] = deque()
        try:
            for path in paths:
                waiting.append(pool.submit(hash_file, root, path))
                if len(waiting) >= threads * _AHEAD:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            for future in waiting:
                future.cancel()


def hash_file(root: Path, path: str) -> Hashed:
    """Hash one file below ``root`` as the disk holds it now; never raises for what lies there."""
    try:
        # A pipe in a file's place would wait for its writer for ever.
        descriptor = os.open(root / path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    except (FileNotFoundError, NotADirectoryError):
        return Hashed(path, None, error="missing")
    except OSError as error:
        return Hashed(path, None, error=_unreadable(error))
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            return Hashed(path, None, error="not-a-file")
        return _read(descriptor, path)
    except OSError as error:  # EIO: the disk itself says that the bytes are gone
        return Hashed(path, None, error=_unreadable(error))
    finally:
        os.close(descriptor)


def _read(descriptor: int, path: str) -> Hashed:
    _forget_cache(descriptor)
    os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_SEQUENTIAL)
    digest, size = hashlib.sha256(), 0
    buffer = _buffers.pop() if _buffers else bytearray(BUFFER)
    view = memoryview(buffer)
    try:
        while count := os.readv(descriptor, [view]):
            digest.update(view[:count])
            size += count
    finally:
        view.release()
        _buffers.append(buffer)
    _forget_cache(descriptor)
    return Hashed(path, digest.hexdigest(), size)


def _forget_cache(descriptor: int) -> None:
    """Before: the disk shall answer, not the memory. After: leave the memory to who needs it."""
    os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)


def _unreadable(error: OSError) -> str:
    return f"unreadable: {os.strerror(error.errno or 0)}"
