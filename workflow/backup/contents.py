"""What a home holds that no program can make again without work: the files a backup keeps.

Rows promise masters, derivatives and recognised pages by hash. Beside them lie files of which no
row knows the hash: settings, sidecars, saved lists, refused files. The index is kept for the time
it saves.
"""

from collections.abc import Iterator
from pathlib import Path

from olketanu.home import Home
from search.index.generations import Generation, IndexState, inspect_index
from search.index.manifest import MANIFEST
from store.changes import Event, events_since
from store.database import Reader
from store.disk.fixity import Promise
from store.sidecars.files import all_sidecars

SAYS_NOTHING = ("backup.", "verify.", "fixity.", "restore.")
"""Kinds of events that speak of the safety of the library, not of the library."""

_INDEX = "index"
_PORTION = 500
_TEMPORARY = ".olk-"


def files_beside(reader: Reader, home: Home) -> Iterator[str]:
    """Yield the paths (below the home, posix) of files whose hash no row knows, in a fixed order.

    Of the sidecars those that the rows of ``reader`` ask for, whatever else a run has written; not
    all need be there.
    """
    yield _below(home, home.settings)
    for path, _ in all_sidecars(reader):
        yield path.relative_to(reader.home.root).as_posix()
    for path in sorted((*home.quarantine.rglob("*"), *home.lists.glob("*"))):
        if path.is_file() and not path.name.startswith(_TEMPORARY):
            yield _below(home, path)


def follows_from_journal(home: Home, path: str) -> bool:
    """Return whether the file says nothing but what the journal says, or can be made again."""
    journal = _below(home, home.journal_segment(1).parent)
    return path.startswith((f"{journal}/", f"{_below(home, home.index)}/"))


def index_in_force(home: Home) -> Generation | None:
    """Return the generation of the index in force; None unless it is whole.

    Ask before the catalogue is copied: then the index knows nothing that the copy does not know.
    """
    standing = inspect_index(home.index)
    return standing.generation if standing.state is IndexState.CURRENT else None


def index_files(home: Home, generation: Generation) -> Iterator[Promise]:
    """Yield the files of a generation that its manifest promises."""
    for name, (digest, size) in sorted(generation.manifest.files.items()):
        yield Promise(_below(home, generation.folder / name), digest, _INDEX, size=size)


def index_manifest(home: Home, generation: Generation) -> str:
    """Return the path of the generation's manifest."""
    return _below(home, generation.folder / MANIFEST)


def has_news(reader: Reader, seq: int) -> bool:
    """Return whether something has happened to the library after event ``seq``."""
    return any(not event.kind.startswith(SAYS_NOTHING) for event in _after(reader, seq))


def _below(home: Home, path: Path) -> str:
    return path.relative_to(home.root).as_posix()


def _after(reader: Reader, seq: int) -> Iterator[Event]:
    while portion := events_since(reader, seq, limit=_PORTION):
        yield from portion
        seq = portion[-1].seq
