"""The disk under a home: what is free, and what kind of file system it is."""

import contextlib
import os
import re
from dataclasses import dataclass
from pathlib import Path

from olketanu.errors import CannotWriteError

MEGA = 1024 * 1024
_DEVICES = Path("/sys/dev/block")
_MOUNTS = Path("/proc/self/mountinfo")
_ESCAPED = re.compile(r"\\([0-7]{3})")


@dataclass(frozen=True, slots=True)
class Space:
    """What a file system still takes: bytes for this user, and files (None: it sets no bound)."""

    free: int
    files: int | None


@dataclass(frozen=True, slots=True)
class Mount:
    """Where a path lies: ``point`` of the mount, ``kind`` of file system as the kernel names it."""

    point: str
    kind: str
    read_only: bool


@dataclass(frozen=True, slots=True)
class Disk:
    """A whole disk as the kernel names it (``sda``); ``removable``: a stick, card or USB disk."""

    name: str
    removable: bool


def space_of(path: Path) -> Space:
    """Return the free space where ``path`` lies; OSError when it is not there."""
    found = os.statvfs(path)
    # btrfs and some shares count no files: both numbers are 0 there.
    return Space(found.f_bavail * found.f_frsize, found.f_favail if found.f_files else None)


def is_nearly_full(path: Path, megabytes: int) -> bool:
    """Return whether less than ``megabytes`` (of 1,048,576 bytes) are free where ``path`` lies."""
    return space_of(path).free < megabytes * MEGA


def require_free(path: Path, megabytes: int) -> None:
    """Raise before a disk runs full, while everything can still be finished in order.

    Raises:
        CannotWriteError: ``error.disk-nearly-full`` with ``path``, and in megabytes ``free`` and
            ``wanted``: less than ``megabytes`` are free where ``path`` lies.
    """
    free = space_of(path).free
    if free < megabytes * MEGA:
        raise CannotWriteError(
            "error.disk-nearly-full", path=str(path), free=free // MEGA, wanted=megabytes
        )


def disk_of(path: Path) -> Disk | None:
    """Return the disk that ``path`` lies on; None for shares, volumes over several disks, ….

    Raises:
        OSError: the path is not there.
    """
    return find_disk(_DEVICES, path.stat().st_dev)


def is_same_disk(one: Path, other: Path) -> bool:
    """Return whether two paths lie in one file system, or in two partitions of one disk."""
    if one.stat().st_dev == other.stat().st_dev:
        return True
    disk = disk_of(one)
    return disk is not None and disk == disk_of(other)


def find_disk(devices: Path, number: int) -> Disk | None:
    """Return the disk of a device ``number`` (st_dev) from a folder like sysfs(5) ``dev/block``."""
    entry = devices / f"{os.major(number)}:{os.minor(number)}"
    if not entry.is_dir():
        return None
    found = entry.resolve()
    whole = found.parent if (found / "partition").is_file() else found
    flag = whole / "removable"
    marked = flag.is_file() and flag.read_text("ascii").strip() == "1"
    # Outer disks with a spinning plate call themselves fixed; their place on the bus tells.
    return Disk(whole.name, marked or any(part.startswith("usb") for part in whole.parts))


def mount_of(path: Path) -> Mount | None:
    """Return the mount that ``path`` lies on; None where the system does not tell."""
    with contextlib.suppress(OSError):
        return find_mount(_MOUNTS.read_text("utf-8", "surrogateescape"), path.resolve())
    return None


def find_mount(table: str, path: Path) -> Mount | None:
    """Return the mount of an absolute ``path`` from a table as proc_pid_mountinfo(5) has it.

    The longest mount point above the path is its own; of equal ones the last lies on top.
    """
    best: Mount | None = None
    for line in table.splitlines():
        mount = _mount(line)
        if mount is None or not path.is_relative_to(mount.point):
            continue
        if best is None or len(mount.point) >= len(best.point):
            best = mount
    return best


def _mount(line: str) -> Mount | None:
    before, _, after = line.partition(" - ")
    left, right = before.split(), after.split()
    if len(left) < 6 or not right:
        return None
    options = {*left[5].split(","), *(right[2].split(",") if len(right) > 2 else ())}
    return Mount(_unescaped(left[4]), right[0], "ro" in options)


def _unescaped(text: str) -> str:
    """Blanks and backslashes stand in the table as three octal digits."""
    return _ESCAPED.sub(lambda found: chr(int(found[1], 8)), text)
