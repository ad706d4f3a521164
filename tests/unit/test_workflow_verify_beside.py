"""Verify beside a run at work, and over homes that a backup or the sidecars brought back."""

import threading
import time
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest

from olketanu.home import Home
from store import jobs
from store.database import Store
from store.digitised import documents
from store.disk import masters
from store.disk.files import write_durably
from store.disk.owners import RunOwner
from tests.unit.made_collection import Silent, check, found, kinds, make_collection, opened, words
from workflow.backup.back_up import BackupOrder, back_up
from workflow.backup.rebuild import rebuild_catalogue
from workflow.backup.restore import RestoreOrder, restore
from workflow.fixity.verify import Asked
from workflow.library import Library
from workflow.sidecars import write_sidecars


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    opened_library = opened(make_collection(tmp_path / "home", 12))
    yield opened_library
    opened_library.store.close()


class Worker(threading.Thread):
    """A run in this process: takes masters in and assembles documents anew, durably, by the rules.

    It goes on until it is told to stop, at most a thousand times.
    """

    def __init__(self, home: Home, pause: float = 0.0) -> None:
        super().__init__()
        self.home = home
        self.pause = pause
        self.stop = threading.Event()
        self.done = 0

    def run(self) -> None:
        with Store.open(self.home) as store, RunOwner(self.home) as owner:
            ids = [document.id for document in documents.list_documents(store)]
            for number in range(1000):
                if self.stop.wait(self.pause):
                    return
                self._take_in(store, number)
                self._assemble(store, owner, ids[number % len(ids)], number)
                write_sidecars(store)
                self.done += 1

    def _take_in(self, store: Store, number: int) -> None:
        source = self.home.runs / "scan.tif"
        source.write_bytes(f"new scan {number}".encode())
        master = masters.place_master(self.home, source)
        time.sleep(0.002)  # the file is there, its row is not
        with store.transaction() as tx:
            masters.add_master(tx, master)

    def _assemble(self, store: Store, owner: RunOwner, document: str, number: int) -> None:
        key = f"again-{number}"
        with store.transaction() as tx:
            jobs.plan(tx, [jobs.new_job(key, "document", document)])
            jobs.claim(tx, owner.name, {"document"}, 1)
        files = {}
        for name, digest in documents.get_document(store, document).files.items():
            data = words(f"anew {number}") if "words" in name else f"{name} {number}".encode()
            write_durably(self.home.document(document) / name, data)
            files[name] = sha256(data).hexdigest()
            assert files[name] != digest
        with store.transaction() as tx:
            jobs.finish(tx, key, owner.name, {})
            documents.finish_document(tx, document, state="done", assembled_key=key, files=files)


def test_a_verify_beside_a_run_at_work_raises_no_alarm(library: Library) -> None:
    worker = Worker(library.home)
    worker.start()
    try:
        reports = [check(library) for _ in range(6)]
        while worker.done <= 2 and worker.is_alive():  # the disk may be slow
            reports.append(check(library))
    finally:
        worker.stop.set()
        worker.join()
    assert worker.done > 2
    assert {report.problems for report in reports} == {()}
    assert check(library).problems == ()
    assert not {kind for kind in kinds(library) if kind.startswith("fixity")}


@pytest.mark.slow
def test_a_home_restored_from_a_backup_beside_a_run_is_well(
    library: Library, tmp_path: Path
) -> None:
    check(library)
    worker = Worker(library.home, pause=1.0)
    worker.start()
    try:
        back_up(library, BackupOrder(tmp_path / "backup"), Silent())
    finally:
        worker.stop.set()
        worker.join()
    home = Home(tmp_path / "restored")
    restore(RestoreOrder(tmp_path / "backup", home.root), Silent())
    restored = opened(home)
    assert found(check(restored, Asked(whole=True, backup=tmp_path / "backup"))) == {}
    restored.store.close()


def test_a_home_rebuilt_from_its_sidecars_is_well(library: Library) -> None:
    check(library)
    home = library.home
    library.store.close()
    home.database.unlink()
    rebuild_catalogue(home, Silent())
    rebuilt = opened(home)
    assert found(check(rebuilt)) == {}
    assert found(check(rebuilt)) == {}
    rebuilt.store.close()
