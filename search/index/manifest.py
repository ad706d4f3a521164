"""What a generation of the index says of itself: versions, how far it goes, its files and hashes.

The pointer to the generation in force holds the hash of the manifest, the manifest holds those of
the files: so no bit of an index can change unseen.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from importlib.util import find_spec
from pathlib import Path

from search.analysis import fingerprint
from search.engine.base import ENGINES
from search.schema import schema_fingerprint

FORMAT = 1
"""Raise with every change of what lies in a generation's folder beside the engine's own files."""

PARTS = ("open", "restricted")
"""The two indexes of a generation: what everybody may see, and the rest."""

MANIFEST = "manifest.json"
"""Its name in the folder of a generation."""

LOCKS = ("*LOCK", "*.lock")
"""What engines may leave in their folder: it is no part of a generation."""

UNREADABLE = (
    *(OSError, ValueError, LookupError, TypeError, AttributeError),
    *(ArithmeticError, RecursionError),  # Infinity for a number; ten thousand brackets
)
"""What reading a file of JSON raises that is not as the program wrote it."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a generation is: versions, how far it follows the store, entries, files.

    ``high_water`` is the last sequence number of the store that it holds, ``day`` (ISO 8601, or "")
    that on which was asked who may see what; ``entries`` counts them by part; ``files`` maps a path
    in the generation to (SHA-256, size in bytes).
    """

    format: int
    schema: str
    fingerprint: str
    engine: str
    high_water: int
    day: str
    entries: dict[str, int]
    files: dict[str, tuple[str, int]]

    @property
    def size(self) -> int:
        """Bytes of all files."""
        return sum(size for _, size in self.files.values())


@dataclass(frozen=True, slots=True)
class Mark:
    """How far an index goes: up to the event ``high_water``, with the rights of ``day``."""

    high_water: int
    day: str = ""


def new_manifest(
    engine: str, mark: Mark, entries: dict[str, int], files: dict[str, tuple[str, int]]
) -> Manifest:
    """Return the manifest of a generation that this version of the program wrote."""
    versions = (FORMAT, schema_fingerprint(), fingerprint())
    return Manifest(*versions, engine, mark.high_water, mark.day, entries, files)


def to_bytes(manifest: Manifest) -> bytes:
    """Return the manifest as it is written."""
    return json.dumps(asdict(manifest), ensure_ascii=False, sort_keys=True, indent=1).encode()


def from_bytes(data: bytes) -> Manifest:
    """Return the manifest that was written; an error of ``UNREADABLE`` for anything else."""
    facts = json.loads(data)
    return Manifest(
        int(facts["format"]),
        str(facts["schema"]),
        str(facts["fingerprint"]),
        str(facts["engine"]),
        int(facts["high_water"]),
        str(facts["day"]),
        {part: int(facts["entries"][part]) for part in PARTS},
        {str(name): (str(row[0]), int(row[1])) for name, row in facts["files"].items()},
    )


def digest_of(data: bytes) -> str:
    """Return the SHA-256 of a manifest's bytes, which the pointer holds."""
    return hashlib.sha256(data).hexdigest()


def is_of_this_version(manifest: Manifest) -> bool:
    """Whether this program gives the same texts the same keys in the same fields."""
    ours = (FORMAT, schema_fingerprint(), fingerprint())
    return (manifest.format, manifest.schema, manifest.fingerprint) == ours


def is_installed(engine: str) -> bool:
    """Whether an engine of this name is known and its package, of the same name, installed."""
    return engine in ENGINES and find_spec(engine) is not None


def is_whole(folder: Path, manifest: Manifest) -> bool:
    """Whether the parts in ``folder`` hold the files of the manifest in their size, and no more.

    One too many may be worse than one that is missing: Whoosh reads the newest table of contents
    that it finds.
    """
    try:
        held = {
            path.relative_to(folder).as_posix(): path.stat().st_size for path in files_of(folder)
        }
    except OSError:
        return False
    return held == {name: size for name, (_, size) in manifest.files.items()}


def files_of(folder: Path) -> Iterator[Path]:
    """Yield whatever lies in the parts of a generation, but for locks.

    Raises:
        OSError: a part is missing.
    """
    for part in PARTS:
        (folder / part).stat()
        for path in sorted((folder / part).rglob("*")):
            if not any(map(path.match, LOCKS)):
                yield path
