"""Copy many files durably: written one by one, made real in portions.

Waiting for the disk after each small file takes ten times as long as writing it. So a portion of
files is written under temporary names, then all are synced, renamed, and their folders synced: the
order of ``store.disk.files``, kept for the portion as a whole.
"""

import contextlib
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from types import TracebackType
from typing import Self

from olketanu.errors import CannotWriteError
from store.disk.files import create_locked, place_durably, sync_folder, writing

DAMAGED, MISSING, UNREADABLE = "damaged", "missing", "unreadable"
"""What a source can be instead of what was promised."""

_FILES, _BYTES = 100, 1 << 28
"""Bounds of a portion: every file of it stays open (and locked) until it is real."""
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class _Written:
    descriptor: int
    temporary: Path
    target: Path
    mode: int


class Portions:
    """Copies files inside a ``with`` block; at its end all are real, after an exception none more.

    Raises:
        CannotWriteError: the target is full, failing or gone; from any method, and at the end.
    """

    def __init__(self) -> None:
        self._written: list[_Written] = []
        self._sizes: dict[Path, int] = {}
        self._folders: set[Path] = set()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            if error is None:
                self.flush()
        finally:
            self._forget()

    def size(self, target: Path) -> int | None:
        """Return the size of a file that is written and only waits to be made real, or None."""
        return self._sizes.get(target)

    def copy(self, source: Path, target: Path, digest: str, mode: int) -> str | None:
        """Write a file whose bytes have this SHA-256; return what is wrong with it, or None."""
        try:
            stream = source.open("rb")
        except FileNotFoundError:
            return MISSING
        except OSError:
            return UNREADABLE
        with stream, _going_away(target), writing(target):
            self._make_folder(target.parent)
            temporary = target.parent / f".olk-{secrets.token_hex(8)}.tmp"
            written = _Written(create_locked(temporary), temporary, target, mode)
            self._written.append(written)
            state = _pour(stream.fileno(), written.descriptor, digest)
            if state is not None:
                self._drop(self._written.pop())
                return state
            os.fchmod(written.descriptor, mode)
        self._sizes[target] = os.fstat(written.descriptor).st_size
        if len(self._written) >= _FILES or sum(self._sizes.values()) >= _BYTES:
            self.flush()
        return None

    def flush(self) -> None:
        """Make real what was written: sync the files, rename them, sync their folders."""
        for written in self._written:
            with _going_away(written.target), writing(written.target):
                os.fsync(written.descriptor)  # an error ends it all: a second try would lie
        for written in self._written:
            with _going_away(written.target), writing(written.target):
                _rename(written)
                self._folders.add(written.target.parent)
        for folder in sorted(self._folders):
            with _going_away(folder), writing(folder):
                sync_folder(folder)
        self._forget()

    def _make_folder(self, folder: Path) -> None:
        missing = []
        while not folder.is_dir():
            missing.append(folder)
            folder = folder.parent
        for path in reversed(missing):
            path.mkdir(exist_ok=True)
            self._folders.add(path.parent)

    def _drop(self, written: _Written) -> None:
        with contextlib.suppress(OSError):  # on a disk that went away; the next sweep finds it
            written.temporary.unlink()
        os.close(written.descriptor)

    def _forget(self) -> None:
        while self._written:
            self._drop(self._written.pop())
        self._sizes.clear()
        self._folders.clear()


def _rename(written: _Written) -> None:
    try:
        written.temporary.replace(written.target)
    except PermissionError:  # an antivirus holds it open: that way is patient
        place_durably(written.temporary, written.target, mode=written.mode)


def _pour(source: int, target: int, digest: str) -> str | None:
    """Copy from one descriptor to another; return what is wrong with the bytes, or None."""
    seen = sha256()
    while True:
        try:
            chunk = os.read(source, _CHUNK)
        except OSError:
            return UNREADABLE
        if not chunk:
            return None if seen.hexdigest() == digest else DAMAGED
        seen.update(chunk)
        view = memoryview(chunk)
        while view:
            view = view[os.write(target, view) :]


@contextmanager
def _going_away(target: Path) -> Iterator[None]:
    """A disk that is pulled out gives errors of many kinds; each means that it cannot be written.

    Raises:
        CannotWriteError: ``error.disk-failing``.
    """
    try:
        yield
    except OSError as error:
        raise CannotWriteError("error.disk-failing", path=str(target)) from error
