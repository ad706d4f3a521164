"""Whether the bytes of a generation are those that were written.

Hashing a whole index takes longer than a search, so what was found good is noted in
``index/checked``: inode, size and time of change of every file, and when it was read. A file that
still looks so is trusted for a day; any other is read anew. Files of an older generation are linked
into the next one and stay noted.
"""

import json
import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from olketanu.errors import CannotWriteError
from search.index.manifest import UNREADABLE, Manifest
from store.disk.files import sha256_of, write_durably

CHECKED = "checked"
"""Name of the file of notes below the index."""

TRUSTED_FOR = 24 * 3600
"""Seconds after which an unchanged file is read again: disks rot without telling."""


class Note(NamedTuple):
    """A file that was read and had the hash ``sha256``; ``read`` is seconds since 1970."""

    sha256: str
    size: int
    changed: int
    read: int


Notes = dict[int, Note]
"""Notes by inode."""


def read_notes(root: Path) -> Notes:
    """Return what is noted below the index ``root``; nothing where that cannot be read."""
    try:
        data = json.loads((root / CHECKED).read_text(encoding="utf-8"))
        return {
            int(inode): Note(str(row[0]), int(row[1]), int(row[2]), int(row[3]))
            for inode, row in data.items()
        }
    except UNREADABLE:
        return {}


def keep_notes(root: Path, notes: Notes) -> None:
    """Write the notes; CannotWriteError: disk full, failing, or not to be written."""
    write_durably(root / CHECKED, json.dumps(notes).encode())


def forget_notes(root: Path) -> None:
    """Take the notes away: every file is read before the next search."""
    with suppress(OSError):
        (root / CHECKED).unlink()


def note_of(path: Path) -> Note:
    """Return the note of a file as it is now; all of it is read."""
    stat = path.stat()  # before reading: what changes meanwhile does not look like this any more
    return Note(sha256_of(path), stat.st_size, stat.st_mtime_ns, int(time.time()))


def damaged(folder: Path, manifest: Manifest) -> list[str]:
    """Return the paths below ``folder`` whose bytes are not those of ``manifest``; reads all."""
    return list(_unlike(folder, manifest, {}, {}))


def is_sound(root: Path, folder: Path, manifest: Manifest, *, noting: bool = True) -> bool:
    """Whether all files are as they were written; only what is not noted is read, and then noted.

    Stops at the first file that is not. Without ``noting`` nothing is written.
    """
    known, read = read_notes(root), Notes()
    sound = next(iter(_unlike(folder, manifest, known, read)), None) is None
    if sound and read and noting:
        with suppress(CannotWriteError):  # a search needs no notes: the next one reads again
            keep_notes(root, {**known, **read})
    return sound


def _unlike(folder: Path, manifest: Manifest, known: Notes, read: Notes) -> Iterable[str]:
    """Yield the paths that differ; what had to be read and is good goes into ``read``."""
    for name, (sha256, _) in sorted(manifest.files.items()):
        path = folder / name
        try:
            if _is_trusted(path, known, sha256):
                continue
            inode, note = path.stat().st_ino, note_of(path)
        except OSError:
            yield name
            continue
        if note.sha256 == sha256:
            read[inode] = note
        else:
            yield name


def _is_trusted(path: Path, known: Notes, sha256: str) -> bool:
    stat = path.stat()
    note = known.get(stat.st_ino)
    if note is None or (note.sha256, note.size, note.changed) != (
        *(sha256, stat.st_size, stat.st_mtime_ns),
    ):
        return False
    return 0 <= time.time() - note.read <= TRUSTED_FOR
