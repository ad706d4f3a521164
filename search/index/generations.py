"""The index on disk: complete generations, and a pointer to the one in force.

    index/current                   "gen-000007 <SHA-256 of its manifest>"
    index/gen-000007/open/          entries that everybody may see
    index/gen-000007/restricted/    entries of documents that are not open
    index/gen-000007/manifest.json
    index/checked                   which files were found good, and when

A generation is never changed. An update links the files of the one in force into a new folder, lets
the engine write there, syncs everything and then switches the pointer in one rename; killed before,
it leaves the old generation in force and a folder that the next writer sweeps.
"""

import fcntl
import os
import re
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

from olketanu.errors import InputError, LockedError
from search.index import integrity
from search.index.manifest import (
    MANIFEST,
    PARTS,
    UNREADABLE,
    Manifest,
    digest_of,
    from_bytes,
    is_installed,
    is_of_this_version,
    is_whole,
    to_bytes,
)
from store.disk.files import (
    make_folder,
    sweep_temporary,
    sync_file,
    sync_folder,
    write_durably,
    writing,
)

KEPT = 1
"""Generations kept beside the one in force, for readers that have them open."""

_WAIT = 30.0
_PAUSE = 0.1
_PREFIX = "gen-"
_POINTER = "current"
_POINTED = re.compile(r"gen-([0-9]{6,12}) ([0-9a-f]{64})\n", re.ASCII)


class IndexState(StrEnum):
    """``current``: may be searched; ``stale``: must be rebuilt; ``missing``: none was made yet."""

    CURRENT = "current"
    STALE = "stale"
    MISSING = "missing"


class Fault(StrEnum):
    """Why an index is stale.

    ``pointer`` and ``manifest``: they cannot be read or are not those that were written;
    ``version``: another version of the program wrote it; ``engine``: its engine is not installed;
    ``files``: one is missing, cut or longer; ``bytes``: one has changed.
    """

    NONE = ""
    POINTER = "pointer"
    MANIFEST = "manifest"
    VERSION = "version"
    ENGINE = "engine"
    FILES = "files"
    BYTES = "bytes"


@dataclass(frozen=True, slots=True)
class Generation:
    """One complete generation; ``number`` counts from 1, ``digest`` is its manifest's SHA-256."""

    number: int
    digest: str
    folder: Path
    manifest: Manifest


@dataclass(frozen=True, slots=True)
class Standing:
    """State of the index of a home; ``generation`` is None unless it is current.

    ``number`` is that of the generation the pointer names, 0 where there is none.
    """

    state: IndexState
    number: int
    generation: Generation | None
    fault: Fault = Fault.NONE


class IndexUnusableError(InputError):
    """There is no index that may be searched: see the two kinds."""


class IndexStaleError(IndexUnusableError):
    """The index is of another version, or damaged: it has to be rebuilt from the store."""

    def __init__(self) -> None:
        super().__init__("error.index-stale")


class IndexMissingError(IndexUnusableError):
    """No index was made yet."""

    def __init__(self) -> None:
        super().__init__("error.index-missing")


def inspect_index(root: Path) -> Standing:
    """Return the state of the index under ``root`` (``Home.index``); never raises for a bad one.

    Files are compared by name and size here, by their bytes in ``examine_index`` and ``damaged``.
    """
    read = _read_pointer(root)
    if read is None:
        return Standing(IndexState.MISSING, 0, None)
    number, digest = read
    if number == 0:
        return Standing(IndexState.STALE, 0, None, Fault.POINTER)
    folder = _folder(root, number)
    manifest = _read_manifest(folder, digest)
    fault = Fault.MANIFEST if manifest is None else _fault(folder, manifest)
    if manifest is None or fault:
        return Standing(IndexState.STALE, number, None, fault)
    return Standing(IndexState.CURRENT, number, Generation(number, digest, folder, manifest))


def examine_index(root: Path, *, noting: bool = True) -> Standing:
    """Return the state like ``inspect_index``; files that changed since they were last read count.

    Reads what was not found good within a day, all of it after a restore or a copy of the home, and
    notes it unless ``noting`` is off: then nothing is written.
    """
    while True:
        standing = inspect_index(root)
        generation = standing.generation
        if generation is None or _is_sound(root, generation, noting=noting):
            return standing
        if pointed(root)[0] == standing.number:  # else a writer took it away meanwhile
            return replace(standing, state=IndexState.STALE, generation=None, fault=Fault.BYTES)


def _is_sound(root: Path, generation: Generation, *, noting: bool) -> bool:
    return integrity.is_sound(root, generation.folder, generation.manifest, noting=noting)


def refuse_damaged(generation: Generation) -> None:
    """Read the bytes of a generation whose engine failed; what was noted of them is forgotten.

    Raises:
        IndexStaleError: some of them are not those that were written.
    """
    if damaged(generation):
        integrity.forget_notes(generation.folder.parent)
        raise IndexStaleError


def damaged(generation: Generation) -> list[str]:
    """Return the paths in ``generation`` whose bytes are not those that were written; reads all."""
    return integrity.damaged(generation.folder, generation.manifest)


def pointed(root: Path) -> tuple[int, str]:
    """Return number and digest of the generation in force; 0 and "" where nothing is pointed at."""
    return _read_pointer(root) or (0, "")


@contextmanager
def writing_lock(root: Path, wait: float = _WAIT) -> Iterator[None]:
    """Hold the writer's lock of the index under ``root``; wait for it up to ``wait`` seconds.

    Raises:
        LockedError: another writer did not let go in time. CannotWriteError: not writable.
    """
    with writing(root):
        make_folder(root)
        descriptor = os.open(root / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        _lock(descriptor, root, wait)
        yield
    finally:
        os.close(descriptor)


def begin(root: Path, base: Generation | None) -> Path:
    """Return the folder of a new generation: the files of ``base`` linked, or two empty parts.

    What a killed writer left is swept first. Call under ``writing_lock``.
    """
    sweep(root)
    folder = _folder(root, max([pointed(root)[0], *_numbers(root)], default=0) + 1)
    for part in PARTS:
        (folder / part).mkdir(parents=True)
    if base is not None:
        for name in base.manifest.files:
            _link(base.folder / name, folder / name)
    return folder


def publish(root: Path, folder: Path, manifest: Manifest) -> None:
    """Make ``folder`` the generation in force; everything in it reaches the disk before."""
    for name in manifest.files:
        sync_file(folder / name)
    write_durably(folder / MANIFEST, to_bytes(manifest))
    for part in PARTS:
        sync_folder(folder / part)
    sync_folder(folder)
    sync_folder(root)
    switch(root, folder)
    sweep(root)


def switch(root: Path, folder: Path) -> None:
    """Point at ``folder``: the one moment at which a new generation comes into force."""
    digest = digest_of((folder / MANIFEST).read_bytes())
    write_durably(root / _POINTER, f"{folder.name} {digest}\n".encode())


def sweep(root: Path) -> None:
    """Remove old generations and what killed writers left. Call under ``writing_lock``."""
    number, _ = pointed(root)
    older = sorted((n for n in _numbers(root) if n < number), reverse=True)
    for unwanted in [*older[KEPT:], *(n for n in _numbers(root) if n > number)]:
        shutil.rmtree(_folder(root, unwanted), ignore_errors=True)
    sweep_temporary(root)


def _fault(folder: Path, manifest: Manifest) -> Fault:
    if not is_of_this_version(manifest):
        return Fault.VERSION
    if not is_installed(manifest.engine):
        return Fault.ENGINE
    return Fault.NONE if is_whole(folder, manifest) else Fault.FILES


def _read_manifest(folder: Path, digest: str) -> Manifest | None:
    try:
        data = (folder / MANIFEST).read_bytes()
        return from_bytes(data) if digest_of(data) == digest else None
    except UNREADABLE:
        return None


def _read_pointer(root: Path) -> tuple[int, str] | None:
    """Return number and manifest's hash that the pointer names; None where there is no pointer.

    One that cannot be read as it was written gives the number 0.
    """
    try:
        text = (root / _POINTER).read_bytes().decode("ascii", "replace")
    except FileNotFoundError:
        return None
    except OSError:
        return 0, ""
    match = _POINTED.fullmatch(text)
    return (int(match[1]), match[2]) if match else (0, "")


def _numbers(root: Path) -> list[int]:
    if not root.is_dir():
        return []
    return [number for number in (_number(path.name) for path in root.iterdir()) if number]


def _number(name: str) -> int:
    digits = name.removeprefix(_PREFIX)
    return int(digits) if digits != name and digits.isascii() and digits.isdigit() else 0


def _folder(root: Path, number: int) -> Path:
    return root / f"{_PREFIX}{number:06d}"


def _link(source: Path, target: Path) -> None:
    """Link a file of an older generation, or copy it where the file system knows no links."""
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)


def _lock(descriptor: int, root: Path, wait: float) -> None:
    until = time.monotonic() + wait
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= until:
                raise LockedError("error.index-locked", folder=str(root)) from None
            time.sleep(_PAUSE)
        else:
            return
