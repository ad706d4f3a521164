"""What a piece of work does to the disk, call by call, as strace sees it.

Everything that moves data below the folder must be understood here: what is not makes the recording
fail. A check from outside goes with it: replayed, the operations give the folder as it is.
"""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

SECONDS = 360
_CALLS = (
    "open,openat,openat2,creat,write,pwrite64,writev,pwritev,pwritev2,lseek,ftruncate,truncate,"
    "fallocate,sendfile,copy_file_range,splice,ioctl,mmap,rename,renameat,renameat2,link,linkat,"
    "symlink,symlinkat,unlink,unlinkat,mkdir,mkdirat,rmdir,fsync,fdatasync,sync,syncfs"
)
_CALL = re.compile(r"^(?P<name>\w+)\((?P<arguments>.*)\) += (?P<result>-?\d+|0x[0-9a-f]+)")
_UNFINISHED = " <unfinished ...>"
_RESUMED = re.compile(r"^<\.\.\. \w+ resumed>")
_TEXT = re.compile(r'"((?:\\x[0-9a-f]{2})*)"')
_PLACE = re.compile(r"^(?P<number>-?\d+|AT_FDCWD)<(?P<path>[^>]*)>(?P<deleted>\(deleted\))?$")


class RecordingError(Exception):
    """The work did something to the folder that the model does not know."""


@dataclass(frozen=True, slots=True)
class Make:
    """A file or folder that is made where the name is not there yet."""

    path: str
    is_folder: bool


@dataclass(frozen=True, slots=True)
class Write:
    """Bytes at ``offset``; None stands for the end of the file."""

    path: str
    offset: int | None
    data: bytes


@dataclass(frozen=True, slots=True)
class Copy:
    """Bytes that the kernel copies from ``source``, which may lie outside (then it is absolute)."""

    path: str
    offset: int
    source: str
    source_offset: int
    length: int


@dataclass(frozen=True, slots=True)
class Truncate:
    """A file cut or lengthened to ``size`` bytes."""

    path: str
    size: int


@dataclass(frozen=True, slots=True)
class Rename:
    """A new name that replaces what bore it."""

    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Link:
    """A second name of a file."""

    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Remove:
    """A name taken away: of a file or of an empty folder."""

    path: str


@dataclass(frozen=True, slots=True)
class Sync:
    """A file's bytes, or a folder's names, forced to the disk."""

    path: str


@dataclass(frozen=True, slots=True)
class Ack:
    """What the work told its user from here on."""

    line: str


Operation = Make | Write | Copy | Truncate | Rename | Link | Remove | Sync | Ack


def why_not() -> str:
    """Return why nothing can be recorded on this machine; empty when it can."""
    if sys.platform != "linux" or shutil.which("strace") is None:
        return "strace is not installed (run .ci/setup test)"
    tried = subprocess.run(["strace", "-o", os.devnull, "true"], capture_output=True, check=False)
    return "" if tried.returncode == 0 else "strace is not permitted here"


def record(command: Sequence[str], folder: Path, acks: str, trace: Path) -> list[Operation]:
    """Run a command and return what it did below ``folder``, paths relative to it.

    What it writes to the file ``acks`` below the folder are acknowledgements. ``trace`` is where
    the log of strace goes.

    Raises:
        RecordingError: the command failed, or did what the model does not know.
    """
    strace = [
        "strace",
        "-f",
        "--seccomp-bpf",
        "-y",
        "-xx",
        "-s",
        "10000000",
        "-e",
        f"trace={_CALLS}",
    ]
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        [*strace, "-o", str(trace), *command],
        env=environment,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    if done.returncode != 0:
        raise RecordingError(done.stderr)
    try:
        with trace.open(encoding="ascii") as lines:
            return list(operations(lines, folder, acks))
    finally:
        trace.unlink()  # some of them are ten times as large as what was written


def operations(lines: Iterable[str], folder: Path, acks: str) -> Iterator[Operation]:
    """Return the operations in a log of strace, in the order in which the calls came back."""
    reader = _Reader(folder, acks)
    for name, arguments, result in _calls(lines):
        yield from reader.read(name, arguments, result)


def _calls(lines: Iterable[str]) -> Iterator[tuple[str, list[str], str]]:
    """Name, arguments and result of every call that did not fail; halves are put together."""
    begun: dict[str, str] = {}
    for line in lines:
        thread, _, text = line.rstrip("\n").partition(" ")
        text = text.lstrip(" ")
        if text.endswith(_UNFINISHED):
            begun[thread] = text.removesuffix(_UNFINISHED)
            continue
        if resumed := _RESUMED.match(text):
            text = begun.pop(thread) + text[resumed.end() :]
        found = _CALL.match(text)
        if found and not found["result"].startswith("-"):
            # All strings are hexadecimal, so that no comma of theirs is met.
            arguments = [a.strip() for a in found["arguments"].split(", ")]
            result = text[found.start("result") :]
            yield found["name"], arguments, result


class _Reader:
    """Reads calls one by one; remembers where in its file every descriptor stands."""

    def __init__(self, folder: Path, acks: str) -> None:
        self._folder = str(folder)
        self._acks = acks
        # By descriptor and path: children have their own tables, but never the same pair.
        self._positions: dict[tuple[str, str], int | None] = {}

    def read(self, name: str, arguments: list[str], result: str) -> list[Operation]:
        kind = _KINDS.get(name)
        if kind is not None:
            return list(kind(self, arguments, result))
        if any(self._below(path) for path in map(_path, arguments)):
            raise RecordingError(f"{name}({', '.join(arguments)[:300]})")
        return []

    def _below(self, path: str) -> str | None:
        """The path from the folder on; None for one outside, and for SQLite's shared memory."""
        if not path.startswith(f"{self._folder}/") or path.endswith("-shm"):
            return None
        return path[len(self._folder) + 1 :]

    def opened(self, arguments: list[str], result: str) -> Iterator[Operation]:
        number, path, _ = _place(result)
        flags = arguments[2].split("|")
        below = self._below(path)
        self._positions[number, path] = None if "O_APPEND" in flags else 0
        if below is None or below == self._acks:
            return
        if "O_TMPFILE" in flags:
            raise RecordingError("O_TMPFILE")
        if "O_CREAT" in flags:
            yield Make(below, is_folder=False)
        if "O_TRUNC" in flags:
            yield Truncate(below, 0)

    def written(self, arguments: list[str], result: str) -> Iterator[Operation]:
        number, path, deleted = _place(arguments[0])
        below = self._below(path)
        if below is None or deleted:
            return
        data = b"".join(_bytes(argument) for argument in arguments[1:])[: int(result)]
        if below == self._acks:
            yield from (Ack(line) for line in data.decode().splitlines())
            return
        yield Write(below, self._advance(number, path, len(data)), data)

    def written_at(self, arguments: list[str], result: str) -> Iterator[Operation]:
        _, path, deleted = _place(arguments[0])
        below = self._below(path)
        if below is not None and not deleted:
            numbers = [int(a) for a in arguments[2:] if a.isdecimal()]
            data = b"".join(_bytes(argument) for argument in arguments[1:])[: int(result)]
            yield Write(below, numbers[1], data)

    def copied(self, target: str, source: str, result: str) -> Iterator[Operation]:
        number, path, deleted = _place(target)
        source_number, source_path, _ = _place(source)
        length = int(result)
        start = self._advance(source_number, source_path, length)
        below = self._below(path)
        if below is None or deleted or not length:
            return
        offset = self._advance(number, path, length)
        if offset is None or start is None:
            raise RecordingError(f"copy at an unknown place of {path}")
        yield Copy(below, offset, self._below(source_path) or source_path, start, length)

    def sent(self, arguments: list[str], result: str) -> Iterator[Operation]:
        if arguments[2] != "NULL":
            number, path, _ = _place(arguments[1])
            self._positions[number, path] = int(arguments[2].split("]")[0].lstrip("["))
        yield from self.copied(arguments[0], arguments[1], result)

    def copied_range(self, arguments: list[str], result: str) -> Iterator[Operation]:
        if (arguments[1], arguments[3]) != ("NULL", "NULL"):
            raise RecordingError("copy_file_range with offsets")
        yield from self.copied(arguments[2], arguments[0], result)

    def sought(self, arguments: list[str], result: str) -> Iterator[Operation]:
        number, path, _ = _place(arguments[0])
        self._positions[number, path] = int(result)
        yield from ()

    def cut(self, arguments: list[str], _: str) -> Iterator[Operation]:
        below = self._below(_path(arguments[0]))
        if below is not None and not arguments[0].endswith("(deleted)"):
            yield Truncate(below, int(arguments[1]))

    def renamed(self, arguments: list[str], _: str) -> Iterator[Operation]:
        if "RENAME_EXCHANGE" in arguments[-1]:
            raise RecordingError("RENAME_EXCHANGE")
        for old, new in self._two(arguments):
            before, after = f"{self._folder}/{old}", f"{self._folder}/{new}"
            for number, path in list(self._positions):
                if f"{path}/".startswith(f"{before}/"):
                    moved = (number, after + path[len(before) :])
                    self._positions[moved] = self._positions.pop((number, path))
            yield Rename(old, new)

    def linked(self, arguments: list[str], _: str) -> Iterator[Operation]:
        for old, new in self._two(arguments):
            yield Link(old, new)

    def removed(self, arguments: list[str], _: str) -> Iterator[Operation]:
        below = self._below(_names(arguments)[0])
        if below is not None:
            yield Remove(below)

    def made(self, arguments: list[str], _: str) -> Iterator[Operation]:
        below = self._below(_names(arguments)[0])
        if below is not None:
            yield Make(below, is_folder=True)

    def synced(self, arguments: list[str], _: str) -> Iterator[Operation]:
        _number, path, deleted = _place(arguments[0])
        below = self._below(f"{path}/")
        if below is not None and not deleted and not path.endswith("-shm"):
            yield Sync(below.rstrip("/"))

    def mapped(self, arguments: list[str], _: str) -> Iterator[Operation]:
        writes = "PROT_WRITE" in arguments[2] and "MAP_SHARED" in arguments[3]
        if writes and self._below(_path(arguments[4])) is not None:
            raise RecordingError(f"shared memory in {_path(arguments[4])}")
        yield from ()

    def controlled(self, arguments: list[str], _: str) -> Iterator[Operation]:
        if "CLONE" in arguments[1] and self._below(_path(arguments[0])) is not None:
            raise RecordingError(f"{arguments[1]} of {_path(arguments[0])}")
        yield from ()

    def _two(self, arguments: list[str]) -> Iterator[tuple[str, str]]:
        """Old and new name of a call, where they lie below the folder: both, or it is unknown."""
        old, new = map(self._below, _names(arguments))
        if old is not None and new is not None:
            yield old, new
        elif old is not None or new is not None:
            raise RecordingError(f"a name over the edge of the folder: {old} {new}")

    def _advance(self, number: str, path: str, length: int) -> int | None:
        if (number, path) not in self._positions:
            raise RecordingError(f"descriptor {number} stands at an unknown place of {path}")
        position = self._positions[number, path]
        if position is not None:
            self._positions[number, path] = position + length
        return position


_Kind = Callable[[_Reader, list[str], str], Iterator[Operation]]
_KINDS: dict[str, _Kind] = {
    "openat": _Reader.opened,
    "write": _Reader.written,
    "writev": _Reader.written,
    "pwrite64": _Reader.written_at,
    "sendfile": _Reader.sent,
    "copy_file_range": _Reader.copied_range,
    "lseek": _Reader.sought,
    "ftruncate": _Reader.cut,
    "truncate": _Reader.cut,
    "mmap": _Reader.mapped,
    "ioctl": _Reader.controlled,
    **dict.fromkeys(("rename", "renameat", "renameat2"), _Reader.renamed),
    **dict.fromkeys(("link", "linkat"), _Reader.linked),
    **dict.fromkeys(("unlink", "unlinkat", "rmdir"), _Reader.removed),
    **dict.fromkeys(("mkdir", "mkdirat"), _Reader.made),
    **dict.fromkeys(("fsync", "fdatasync"), _Reader.synced),
}
"""Calls that the model knows; every other call of the list fails where it meets the folder."""


def _bytes(argument: str) -> bytes:
    found = _TEXT.search(argument)
    return bytes.fromhex(found[1].replace("\\x", "")) if found else b""


def _text(argument: str) -> str:
    return os.fsdecode(bytes.fromhex(argument.replace("\\x", "")))


def _place(argument: str) -> tuple[str, str, bool]:
    """Number, path and whether the name is gone, of a descriptor: ``3</home/x>(deleted)``."""
    found = _PLACE.match(argument)
    if found is None:  # a pipe or socket of strace's own spelling, or none
        return argument, "", False
    return found["number"], _text(found["path"]), found["deleted"] is not None


def _path(argument: str) -> str:
    """The path of a descriptor or of a string, "" where it is neither."""
    if found := _TEXT.fullmatch(argument):
        return _text(found[1])
    return _place(argument)[1]


def _names(arguments: list[str]) -> list[str]:
    """Absolute paths that a call names, as strings or as strings below an open folder."""
    names, folder = [], ""
    for argument in arguments:
        if found := _TEXT.fullmatch(argument):
            path = Path(folder) / _text(found[1])
            if not path.is_absolute():
                raise RecordingError(f"a path that hangs in the air: {path}")
            names.append(str(path))
            folder = ""
        elif _PLACE.match(argument):
            folder = _path(argument)
    return names
