"""A backup folder: every file once, by its content, and snapshots that name them.

    olketanu-backup.json            what the folder is
    files/ab/cd/<sha256>            mode 0444, never overwritten by other bytes
    snapshots/<UTC time>/           catalog.sqlite3, files.jsonl, manifest.json
    damaged/<sha256>                what ``backup --check`` took out of files/, never deleted
    lock                            held while somebody writes here

The manifest is written last, so a snapshot that has one is complete; it holds the hashes of the two
other files and one of itself. Nothing here knows the library's rows.
"""

import datetime
import fcntl
import json
import os
import re
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, fields
from hashlib import sha256
from pathlib import Path
from typing import Any

from olketanu.errors import CannotWriteError, InputError, LockedError, UsageError
from store.clock import FORMAT as TIME_FORMAT
from store.disk.files import make_folder, sha256_of, sync_folder, write_durably, writing

MARK = "olketanu-backup.json"
CATALOGUE, LISTING, MANIFEST = "catalog.sqlite3", "files.jsonl", "manifest.json"
READ_ONLY = 0o444
LOCK_SECONDS = 30.0
_PAUSE = 0.1
_FORMAT = 1
_LOCK = "lock"
_NAME, _IS_NAME = "%Y%m%dT%H%M%SZ", re.compile(r"\d{8}T\d{6}Z", re.ASCII)
_IS_HASH = re.compile(r"[0-9a-f]{64}")
_FOREIGN = frozenset({"lost+found", "System Volume Information", "$RECYCLE.BIN", _LOCK})
"""What an empty disk holds all the same; names that begin with a dot count as nothing too."""


@dataclass(frozen=True, slots=True)
class BackupFolder:
    """Paths of one backup folder; nothing is created or read here. ``root`` is absolute."""

    root: Path

    @property
    def mark(self) -> Path:
        """Says that the folder is a backup, and of which format."""
        return self.root / MARK

    @property
    def files(self) -> Path:
        """Every file by its content."""
        return self.root / "files"

    @property
    def snapshots(self) -> Path:
        """One folder a snapshot, named by its time."""
        return self.root / "snapshots"

    @property
    def damaged(self) -> Path:
        """Files whose bytes are no longer those of their name."""
        return self.root / "damaged"

    def file(self, digest: str) -> Path:
        """Where the file with this SHA-256 lies."""
        return self.files / digest[:2] / digest[2:4] / digest

    def stored(self) -> Iterator[Path]:
        """Yield every file that is kept by its content, in the order of the hashes."""
        for path in sorted(self.files.glob("??/??/*")):
            if _IS_HASH.fullmatch(path.name):
                yield path

    def holds(self, digest: str, size: int) -> bool:
        """Return whether the file is there in its size; its bytes are not read."""
        try:
            return self.file(digest).stat().st_size == size
        except OSError:
            return False


@dataclass(frozen=True, slots=True)
class Entry:
    """A file of a snapshot: ``path`` below the home (posix), SHA-256, size in bytes."""

    path: str
    sha256: str
    size: int

    def line(self) -> str:
        """One line of the listing."""
        return json.dumps(asdict(self), ensure_ascii=True, separators=(",", ":")) + "\n"


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a snapshot is.

    ``seq`` and ``chain`` are the last event of its catalogue, ``origin`` the chain value of the
    first: by it a library is known. ``contents`` is a hash over the listing without what only
    follows from the journal; ``catalogue`` and ``listing`` are the SHA-256 of the two files;
    ``files`` and ``size`` (in bytes) count the listing.
    """

    time: str
    program: str
    seq: int
    chain: str
    origin: str
    contents: str
    catalogue: str
    catalogue_size: int
    listing: str
    files: int
    size: int

    def data(self) -> bytes:
        """The bytes of ``manifest.json``."""
        content: dict[str, Any] = {"v": _FORMAT, **asdict(self)}
        content["digest"] = _digest(content)
        return (json.dumps(content, sort_keys=True, indent=1) + "\n").encode()


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A complete snapshot; ``manifest`` is None where its file is damaged."""

    name: str
    folder: Path
    manifest: Manifest | None

    def damage(self) -> str | None:
        """Return the name of the first of its three files that is missing or damaged, or None."""
        if self.manifest is None:
            return MANIFEST
        for name, digest in (
            (CATALOGUE, self.manifest.catalogue),
            (LISTING, self.manifest.listing),
        ):
            if hash_or_none(self.folder / name) != digest:
                return name
        return None

    def entries(self) -> Iterator[Entry]:
        """Yield the files of the listing, one in memory at a time."""
        with (self.folder / LISTING).open(encoding="ascii") as lines:
            for line in lines:
                yield Entry(**json.loads(line))


def open_backup(root: Path) -> BackupFolder:
    """Return the backup at ``root``.

    Raises:
        UsageError: ``error.no-backup``: it is no backup folder. InputError: ``error.backup-newer``:
        a newer program made it.
    """
    backup = BackupFolder(root.resolve())
    try:
        known = json.loads(backup.mark.read_bytes())["format"]
    except (OSError, ValueError, LookupError, TypeError):
        raise UsageError("error.no-backup", folder=str(root)) from None
    if known != _FORMAT:
        raise InputError("error.backup-newer", folder=str(root))
    return backup


def make_backup(root: Path) -> BackupFolder:
    """Return the backup at ``root``, made now where the folder is missing or empty.

    Raises:
        UsageError: ``error.backup-not-empty``: the folder holds something else. CannotWriteError.
    """
    backup = BackupFolder(root.resolve())
    if backup.mark.exists():
        return open_backup(root)
    if not is_empty(backup.root):
        raise UsageError("error.backup-not-empty", folder=str(root))
    make_root(backup.root)
    content = {"what": "backup of a library home of Olketanu", "format": _FORMAT}
    write_durably(backup.mark, (json.dumps(content, indent=1) + "\n").encode())
    return backup


def make_root(folder: Path) -> None:
    """Make the folder of a backup or of a restored home.

    Raises:
        CannotWriteError: ``error.not-writable``: also where a file is in the way. Disk full.
    """
    try:
        with writing(folder):
            make_folder(folder)
    except OSError as error:
        raise CannotWriteError("error.not-writable", path=str(folder)) from error


def is_empty(folder: Path) -> bool:
    """Return whether ``folder`` is missing or holds nothing but what every disk has."""
    if not folder.exists():
        return True
    if not folder.is_dir():
        return False
    return all(p.name.startswith(".") or p.name in _FOREIGN for p in folder.iterdir())


@contextmanager
def writing_in(backup: BackupFolder, wait: float = LOCK_SECONDS) -> Iterator[None]:
    """Hold the folder alone, as whoever writes there must.

    Raises:
        LockedError: ``error.backup-locked``: others did not let go for ``wait`` seconds.
    """
    with writing(backup.root):
        descriptor = os.open(backup.root / _LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        _lock(descriptor, fcntl.LOCK_EX, backup.root, wait)
        yield
    finally:
        os.close(descriptor)


@contextmanager
def reading_in(backup: BackupFolder, wait: float = LOCK_SECONDS) -> Iterator[None]:
    """Hold the folder together with other readers, so that nobody takes files away meanwhile.

    Raises:
        LockedError: as :func:`writing_in`.
    """
    try:
        descriptor = os.open(backup.root / _LOCK, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:  # a copy of a backup, on a medium that nobody writes to
        yield
        return
    try:
        _lock(descriptor, fcntl.LOCK_SH, backup.root, wait)
        yield
    finally:
        os.close(descriptor)


def list_snapshots(backup: BackupFolder) -> list[Snapshot]:
    """Return the complete snapshots, the oldest first; those without a manifest are none."""
    if not backup.snapshots.is_dir():
        return []
    named = (p for p in backup.snapshots.iterdir() if _IS_NAME.fullmatch(p.name))
    folders = sorted(p for p in named if (p / MANIFEST).is_file())
    return [Snapshot(p.name, p, _read_manifest(p / MANIFEST)) for p in folders]


def choose_snapshot(backup: BackupFolder, name: str | None) -> Snapshot:
    """Return the snapshot ``name``, or the newest; its three files are what was written.

    Raises:
        UsageError: there is none of that name. InputError: there is none at all, or its files are
        damaged; then ``earlier`` is the newest whole one before it, and the person has to choose.
    """
    snapshots = list_snapshots(backup)
    if not snapshots:
        raise InputError("error.no-snapshot", folder=str(backup.root))
    names = [snapshot.name for snapshot in snapshots]
    if name is not None and name not in names:
        raise UsageError("error.unknown-snapshot", snapshot=name, known=", ".join(names))
    place = len(names) - 1 if name is None else names.index(name)
    chosen = snapshots[place]
    if (damaged := chosen.damage()) is None:
        return chosen
    facts = {"folder": str(backup.root), "snapshot": chosen.name, "file": damaged}
    for earlier in reversed(snapshots[:place]):
        if earlier.damage() is None:
            raise InputError("error.snapshot-damaged", **facts, earlier=earlier.name)
    raise InputError("error.last-snapshot-damaged", **facts)


def next_name(backup: BackupFolder, now: str) -> str:
    """Return the name of a snapshot made ``now``, behind every other whatever the clock says."""
    moment = datetime.datetime.strptime(now, TIME_FORMAT).replace(tzinfo=datetime.UTC)
    known = [snapshot.name for snapshot in list_snapshots(backup)]
    newest = max(known, default="")
    if (name := moment.strftime(_NAME)) > newest:
        return name
    last = datetime.datetime.strptime(newest, _NAME).replace(tzinfo=datetime.UTC)
    return (last + datetime.timedelta(seconds=1)).strftime(_NAME)


def finish(folder: Path, manifest: Manifest) -> None:
    """Make the snapshot in ``folder`` complete: its other two files are on the disk already."""
    sync_folder(folder)
    write_durably(folder / MANIFEST, manifest.data(), mode=READ_ONLY)


def remove_snapshot(folder: Path) -> None:
    """Take a snapshot away: the manifest first, so that a half removed one counts as none."""
    with writing(folder):
        (folder / MANIFEST).unlink(missing_ok=True)
        sync_folder(folder)
        shutil.rmtree(folder)


def sweep_incomplete(backup: BackupFolder) -> int:
    """Remove what killed backups left of snapshots; return how many. Call while writing there."""
    if not backup.snapshots.is_dir():
        return 0
    named = (p for p in backup.snapshots.iterdir() if _IS_NAME.fullmatch(p.name))
    left = [p for p in named if not (p / MANIFEST).is_file()]
    for folder in left:
        remove_snapshot(folder)
    return len(left)


def remove_file(path: Path) -> None:
    """Take away a file that no snapshot names."""
    with writing(path):
        path.unlink(missing_ok=True)


def set_aside(backup: BackupFolder, digest: str) -> None:
    """Move a damaged file out of the way, so that the next backup copies it anew."""
    with writing(backup.damaged):
        make_folder(backup.damaged)
        backup.file(digest).replace(backup.damaged / digest)
        sync_folder(backup.damaged)
        sync_folder(backup.file(digest).parent)


def hash_or_none(path: Path) -> str | None:
    """Return the SHA-256 of a file; None where it is missing or cannot be read."""
    try:
        return sha256_of(path)
    except OSError:
        return None


def _read_manifest(path: Path) -> Manifest | None:
    try:
        content = json.loads(path.read_bytes())
        digest = content.pop("digest")
        if digest != _digest(content) or content["v"] != _FORMAT:
            return None
        return Manifest(**{f.name: content[f.name] for f in fields(Manifest)})
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        return None


def _digest(content: dict[str, Any]) -> str:
    return sha256(json.dumps(content, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def _lock(descriptor: int, kind: int, root: Path, wait: float) -> None:
    until = time.monotonic() + wait
    while True:
        try:
            fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= until:
                raise LockedError("error.backup-locked", folder=str(root)) from None
            time.sleep(_PAUSE)
        else:
            return
