"""Homes made, backed up, restored and rebuilt: what is done, and what must have been kept."""

import shutil
from collections.abc import Sequence
from pathlib import Path
from unittest import mock

from catalog.rights import Rights
from olketanu.errors import OlketanuError
from olketanu.home import Home
from store.digitised import rights
from store.disk.files import sha256_of
from tests.crash.library import EPOCH, Ack, Steps, nobody, opened
from tests.crash.promises import the_document
from workflow.backup.back_up import BackupOrder, back_up
from workflow.backup.rebuild import rebuild_catalogue
from workflow.backup.restore import MARK, RestoreOrder, restore
from workflow.backup.snapshots import BackupFolder, Snapshot, list_snapshots
from workflow.index import update_index
from workflow.library import Library, create_library
from workflow.sidecars import write_sidecars

BACKUP = "backup"


def make_whole(folder: Path) -> None:
    """Bring sidecars and index of the home up to date."""
    with opened(folder) as library:
        write_sidecars(library.store)
        update_index(library)


def lose_home(folder: Path) -> None:
    """Back the home up and lose it."""
    make_whole(folder)
    run_backup(folder, nobody)
    shutil.rmtree(folder / "home")


def lose_catalogue(folder: Path) -> None:
    """Let the catalogue be no database any more."""
    make_whole(folder)
    Home(folder / "home").database.write_bytes(b"no catalogue" * 1000)


def run_init(folder: Path, ack: Ack) -> None:
    if not is_home(folder):
        create_library(folder / "home", "en")
    ack("made")


def run_backup(folder: Path, ack: Ack) -> None:
    """Everything, then what has changed."""
    for code in ("open", "closed"):
        with opened(folder) as library:
            document = the_document(library).id
            if rights.get_rights(library.store, document).code != "closed":  # nor goes it back
                with library.store.transaction("aigul") as tx:
                    rights.set_rights(tx, document, Rights(code))
            report = back_up(library, BackupOrder(folder / BACKUP), Steps(nobody))
            ack(f"snapshot {report.snapshot}")


def run_restore(folder: Path, ack: Ack) -> None:
    if not is_restored(folder):
        with mock.patch.dict("os.environ", SOURCE_DATE_EPOCH=EPOCH):
            restore(RestoreOrder(folder / BACKUP, folder / "home"), Steps(nobody))
    ack("restored")


def run_rebuild(folder: Path, ack: Ack) -> None:
    if not can_be_opened(folder):
        with mock.patch.dict("os.environ", SOURCE_DATE_EPOCH=EPOCH):
            rebuild_catalogue(Home(folder / "home"), Steps(nobody))
    ack("rebuilt")


def is_restored(folder: Path) -> bool:
    """Whether the restore has ended: before, nothing takes the folder for a home."""
    home = Home(folder / "home")
    return home.settings.is_file() and not (home.root / MARK).exists()


def is_home(folder: Path) -> bool:
    """Whether the program takes the folder for a home."""
    return Home(folder / "home").settings.is_file()


def can_be_opened(folder: Path) -> bool:
    """Whether there is a catalogue: before the rebuild has ended, the program says what to do."""
    try:
        with opened(folder):
            return True
    except OlketanuError:
        return False


def lost_home(library: Library, acks: Sequence[str]) -> list[str]:
    """Return what was restored and is no home (again)."""
    return [f"lost: {ack}" for ack in acks if not library.home.settings.is_file()]


def lost_snapshots(library: Library, acks: Sequence[str]) -> list[str]:
    """Return acknowledged snapshots that are gone, and whatever is torn or lacking in any."""
    backup = BackupFolder(library.home.root.parent / BACKUP)
    snapshots = list_snapshots(backup)
    names = {f"snapshot {snapshot.name}" for snapshot in snapshots}
    lost = [f"lost: {ack}" for ack in acks if ack not in names]
    torn = [f"torn: {p.name}" for p in backup.stored() if sha256_of(p) != p.name]
    return [*lost, *torn, *(line for one in snapshots for line in _lacking(backup, one))]


def _lacking(backup: BackupFolder, snapshot: Snapshot) -> list[str]:
    if (damaged := snapshot.damage()) is not None:
        return [f"{snapshot.name}: {damaged}"]
    gone = (entry for entry in snapshot.entries() if not backup.holds(entry.sha256, entry.size))
    return [f"{snapshot.name} lacks {entry.path}" for entry in gone]
