"""The index on disk: complete generations, and a pointer to the one in force.

    index/current                   "gen-000007"
    index/gen-000007/open/          entries that everybody may see
    index/gen-000007/restricted/    entries of documents that are not open
    index/gen-000007/manifest.json

A generation is never changed. An update links the files of the one in force into a new folder, lets
the engine write there, syncs everything and then switches the pointer in one rename; killed before,
it leaves the old generation in force and a folder that the next writer sweeps.
"""

import fcntl
import json
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path

from olketanu.errors import InputError, LockedError
from search.analysis import fingerprint
from search.engine.base import DEFAULT_ENGINE
from search.schema import SCHEMA
from store.disk.files import (
    make_folder,
    sha256_of,
    sweep_temporary,
    sync_file,
    sync_folder,
    write_durably,
    writing,
)

PARTS = ("open", "restricted")
"""The two indexes of a generation."""

KEPT = 1
"""Generations kept beside the one in force, for readers that have them open."""

_WAIT = 30.0
_PAUSE = 0.1
_PREFIX = "gen-"
_MANIFEST = "manifest.json"
_POINTER = "current"


class IndexState(StrEnum):
    """``current``: may be searched; ``stale``: must be rebuilt; ``missing``: none was made yet."""

    CURRENT = "current"
    STALE = "stale"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a generation is: versions, how far it follows the store, entries, files.

    ``high_water`` is the last sequence number of the store that it holds; ``files`` maps a path in
    the generation to [SHA-256, size in bytes].
    """

    schema: str
    fingerprint: str
    engine: str
    high_water: int
    entries: dict[str, int]
    files: dict[str, tuple[str, int]]


@dataclass(frozen=True, slots=True)
class Generation:
    """One complete generation; ``number`` counts from 1."""

    number: int
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


class IndexStaleError(InputError):
    """The index is of another version, or damaged: it has to be rebuilt from the store."""

    def __init__(self) -> None:
        super().__init__("error.index-stale")


def inspect_index(root: Path) -> Standing:
    """Return the state of the index under ``root`` (``Home.index``); never raises for a bad one.

    Files are compared by name and size here, by hash in ``damaged``.
    """
    number = _pointed(root)
    if number == 0:
        return Standing(IndexState.MISSING, 0, None)
    folder = _folder(root, number)
    manifest = _read_manifest(folder)
    if manifest is None or not _fits(manifest) or not _whole(folder, manifest):
        return Standing(IndexState.STALE, number, None)
    return Standing(IndexState.CURRENT, number, Generation(number, folder, manifest))


def damaged(generation: Generation) -> list[str]:
    """Return the paths in ``generation`` whose bytes are not those that were written."""
    return [
        name
        for name, (sha256, _) in sorted(generation.manifest.files.items())
        if not (generation.folder / name).is_file() or sha256_of(generation.folder / name) != sha256
    ]


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
    folder = _folder(root, max([_pointed(root), *_numbers(root)], default=0) + 1)
    for part in PARTS:
        (folder / part).mkdir(parents=True)
    if base is not None:
        for name in base.manifest.files:
            _link(base.folder / name, folder / name)
    return folder


def publish(root: Path, folder: Path, manifest: Manifest) -> None:
    """Make ``folder`` the generation in force; everything in it reaches the disk before."""
    text = json.dumps(asdict(manifest), ensure_ascii=False, sort_keys=True, indent=1)
    for name in manifest.files:
        sync_file(folder / name)
    write_durably(folder / _MANIFEST, text.encode())
    for part in PARTS:
        sync_folder(folder / part)
    sync_folder(folder)
    sync_folder(root)
    switch(root, folder)
    sweep(root)


def switch(root: Path, folder: Path) -> None:
    """Point at ``folder``: the one moment at which a new generation comes into force."""
    write_durably(root / _POINTER, f"{folder.name}\n".encode())


def describe(
    folder: Path, base: Generation | None, high_water: int, entries: dict[str, int]
) -> Manifest:
    """Return the manifest of the finished ``folder``; hashes of files linked from ``base`` stay."""
    known = base.manifest.files if base is not None else {}
    files: dict[str, tuple[str, int]] = {}
    for part in PARTS:
        for path in sorted((folder / part).rglob("*")):
            if path.is_file() and not path.name.endswith("LOCK"):
                name = path.relative_to(folder).as_posix()
                files[name] = _describe_file(path, name, base, known)
    return Manifest(SCHEMA, fingerprint(), DEFAULT_ENGINE, high_water, entries, files)


def sweep(root: Path) -> None:
    """Remove old generations and what killed writers left. Call under ``writing_lock``."""
    number = _pointed(root)
    older = sorted((n for n in _numbers(root) if n < number), reverse=True)
    for unwanted in [*older[KEPT:], *(n for n in _numbers(root) if n > number)]:
        shutil.rmtree(_folder(root, unwanted), ignore_errors=True)
    sweep_temporary(root)


def _describe_file(
    path: Path, name: str, base: Generation | None, known: dict[str, tuple[str, int]]
) -> tuple[str, int]:
    if base is not None and name in known and path.samefile(base.folder / name):
        return known[name]
    return sha256_of(path), path.stat().st_size


def _fits(manifest: Manifest) -> bool:
    ours = (SCHEMA, fingerprint(), DEFAULT_ENGINE)
    return (manifest.schema, manifest.fingerprint, manifest.engine) == ours


def _whole(folder: Path, manifest: Manifest) -> bool:
    """Tell whether every file of the manifest is there in its size."""
    for name, (_, size) in manifest.files.items():
        try:
            if (folder / name).stat().st_size != size:
                return False
        except OSError:
            return False
    return all((folder / part).is_dir() for part in PARTS)


def _read_manifest(folder: Path) -> Manifest | None:
    try:
        data = json.loads((folder / _MANIFEST).read_text(encoding="utf-8"))
        files = {str(name): (str(row[0]), int(row[1])) for name, row in data["files"].items()}
        entries = {part: int(data["entries"][part]) for part in PARTS}
        return Manifest(
            str(data["schema"]),
            str(data["fingerprint"]),
            str(data["engine"]),
            int(data["high_water"]),
            entries,
            files,
        )
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        return None


def _pointed(root: Path) -> int:
    """Return the number that the pointer names, 0 where there is none that can be read."""
    try:
        name = (root / _POINTER).read_text(encoding="utf-8").strip()
    except (OSError, ValueError):
        return 0
    return _number(name)


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
