"""Small pieces of real work, each with what must be true whenever it is cut off.

    python -m tests.crash.workloads NAME FOLDER

does the work ``NAME`` in ``FOLDER``, which ``prepare`` has made (``home`` is the library, ``batch``
the input), and appends what it acknowledges to ``FOLDER/acks``, a line in one write each.
"""

import os
import sqlite3
import sys
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from unittest import mock

from catalog.marc.iso2709 import write
from catalog.record import ControlField, DataField, Record, Subfield
from catalog.rights import Rights
from digitize.work.limits import Limits
from digitize.work.planning import plan_document
from digitize.work.pool import WorkerPool
from digitize.work.runner import work
from digitize.work.workshop import Workshop
from olketanu import APP_ROOT
from olketanu.home import Home
from pages.text import PageFrame
from search.index.manifest import is_installed
from store import changes, jobs
from store.catalogue import links, records
from store.catalogue.links import NewLink
from store.catalogue.records import NewRecord
from store.digitised import batches, documents, rights
from store.digitised import pages as page_rows
from store.digitised.documents import NewDocument
from store.digitised.pages import NewPage
from store.disk import masters
from store.disk.files import sha256_of
from store.disk.owners import RunOwner, sweep_home
from store.dump import logical_dump
from tests.crash.deciding import lost_acts, run_undo
from tests.crash.indexing import lost_index, prepare_segments, run_segments
from tests.crash.invariants import catalogue_violations, index_violations, violations
from tests.crash.library import Ack, Steps, nobody, opened
from tests.crash.preserving import (
    can_be_opened,
    is_home,
    lose_catalogue,
    lose_home,
    lost_home,
    lost_snapshots,
    make_whole,
    run_backup,
    run_init,
    run_rebuild,
    run_restore,
)
from tests.crash.promises import (
    found_records,
    lost_documents,
    lost_nothing,
    lost_records,
    lost_sidecar,
    lost_work,
    the_document,
)
from tests.crash.quick_tasks import ENGINES, TASKS
from workflow.exchange.importing import ImportOrder, import_file
from workflow.follow import follow
from workflow.index import update_index
from workflow.intake.inputs import Told, batches_of
from workflow.intake.take_in import take_in
from workflow.library import Library, create_library
from workflow.record.draft import DRAFT
from workflow.record.links import decide
from workflow.sidecars import SIDECAR

BATCH = "қазан"
TITLES = {"first": "Қарағанды", "second": "Шахтёр"}
ACTOR = "aigul"
LEFT = "1-dead"
OLDER = Path(__file__).parents[1] / "golden" / "store" / "0001.sql"


@dataclass(frozen=True, slots=True)
class Workload:
    """One piece of work; every function is told the folder that holds ``home`` and ``batch``.

    ``run`` says to ``ack`` what a person would rely on from then on; ``check`` returns the
    violated invariants, a line each: what is ``wrong`` with the home, and what of the acknowledged
    is ``lost``; before anything is acknowledged it may not be ``ready`` to be looked at. ``finish``
    is what the next run does; ``result`` is what must be equal in the end, however often the work
    was cut off.
    """

    name: str
    prepare: Callable[[Path], None]
    run: Callable[[Path, Ack], None]
    lost: Callable[[Library, Sequence[str]], list[str]]
    wrong: Callable[[Library], list[str]] = violations
    ready: Callable[[Path], bool] = lambda _: True

    def check(self, folder: Path, acks: Sequence[str]) -> list[str]:
        """Open the home and return everything that is wrong with it."""
        if not acks and not self.ready(folder):
            return []
        try:
            with opened(folder) as library:
                return [*self.wrong(library), *self.lost(library, acks)]
        except Exception as error:  # whatever keeps it from opening is the finding
            return [f"cannot be opened: {type(error).__name__}: {error}"]

    def finish(self, folder: Path) -> None:
        """Do what the next run does: sweep, then the same work once more."""
        sweep_home(Home(folder / "home"))
        self.run(folder, nobody)

    def result(self, folder: Path) -> str:
        """Return everything that the home says, without times and running numbers."""
        with opened(folder) as library:
            found = [f"found\t{title} {found_records(library, title)}" for title in TITLES.values()]
            return logical_dump(library.store) + "\n".join(found)


@contextmanager
def workshop(library: Library) -> Iterator[Workshop]:
    """Give a run with one child that has the quick tasks."""
    engines = mock.patch.dict("digitize.recognition.recognise.RECOGNISERS", ENGINES)
    with engines, RunOwner(library.home) as owner:
        limits, scratch = Limits(), owner.scratch
        with WorkerPool(1, limits, scratch, tasks=TASKS, path=[APP_ROOT]) as pool:
            yield Workshop(library.store, owner, pool, library.settings)


# ---- input -------------------------------------------------------------------------------------


def png(shade: int) -> bytes:
    """Return a grey PNG of 60 × 80 pixels."""

    def chunk(name: bytes, data: bytes) -> bytes:
        body = name + data
        return len(data).to_bytes(4, "big") + body + zlib.crc32(body).to_bytes(4, "big")

    header = (60).to_bytes(4, "big") + (80).to_bytes(4, "big") + b"\x08\x00\x00\x00\x00"
    rows = zlib.compress((b"\x00" + bytes([shade]) * 60) * 80)
    parts = chunk(b"IHDR", header), chunk(b"IDAT", rows), chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def prepare_home(folder: Path) -> None:
    create_library(folder / "home", "en")


def prepare_batch(folder: Path) -> None:
    """Five files: a document of two pages, one of one page, its copy, and one that is no image."""
    prepare_home(folder)
    batch = folder / "batch"
    (batch / "a").mkdir(parents=True)
    files = {"a/0001.png": png(10), "a/0002.png": png(20), "b.png": png(30), "d.png": png(30)}
    files["c.png"] = b"no image at all"
    for name, data in files.items():
        (batch / name).write_bytes(data)


def prepare_document(folder: Path) -> None:
    """One document of two pages whose jobs nobody has begun."""
    prepare_home(folder)
    scans = folder / "batch"
    scans.mkdir()
    with opened(folder) as library:
        placed = []
        for number in (1, 2):
            (scans / f"{number}.png").write_bytes(png(40 + number))
            source = scans / f"{number}.png"
            placed.append(masters.place_master(library.home, source, type="png"))
        with library.store.transaction() as tx:
            batches.add_batch(tx, BATCH, str(scans))
            for master in placed:
                masters.add_master(tx, master)
            made = documents.add_document(tx, NewDocument(BATCH, "a", placed[0].sha256))
            frames = [PageFrame(m.sha256, 0, None, 0, 60, 80, 300) for m in placed]
            page_rows.add_pages(tx, made.id, [NewPage(frame) for frame in frames])
            rights.set_rights(tx, made.id, Rights("open"))


def prepare_assembled(folder: Path) -> None:
    """The same document with its files, and a new title that makes them anew."""
    prepare_document(folder)
    run_page(folder, nobody)
    with opened(folder) as library, library.store.transaction(ACTOR) as tx:
        documents.update_document(tx, the_document(library).id, title=TITLES["second"])


def prepare_settled(folder: Path) -> None:
    """The same document with its files and a linked record."""
    prepare_document(folder)
    run_page(folder, nobody)
    with opened(folder) as library, library.store.transaction(ACTOR) as tx:
        made = records.create_record(tx, new_record("first"), changes.new_change_set(tx, "made"))
        links.propose(tx, NewLink(the_document(library).id, made.id, score=0.9))


def prepare_backup(folder: Path) -> None:
    prepare_settled(folder)
    make_whole(folder)


def prepare_restore(folder: Path) -> None:
    prepare_settled(folder)
    lose_home(folder)


def prepare_rebuild(folder: Path) -> None:
    prepare_settled(folder)
    lose_catalogue(folder)


def prepare_left(folder: Path) -> None:
    """The same document as a killed run left it: its jobs claimed, its lock, scratch and files."""
    prepare_document(folder)
    with opened(folder) as library, workshop(library):
        plan_document(library.store, library.settings, the_document(library))
        with library.store.transaction() as tx:
            jobs.claim(tx, LEFT, ("page",), 2)
    home = Home(folder / "home")
    scratch = home.runs / LEFT / "worker-1"
    scratch.mkdir(parents=True)
    for path in (scratch / "part.xml", home.masters / ".olk-0123456789abcdef.tmp"):
        path.write_bytes(b"half a fi")
    (home.runs / f"{LEFT}.lock").touch()


def prepare_older(folder: Path) -> None:
    """A home whose catalogue an older version of the program wrote."""
    prepare_home(folder)
    database = folder / "home" / "catalog.sqlite3"
    database.unlink()
    with closing(sqlite3.connect(database)) as connection:
        connection.executescript(OLDER.read_text("utf-8"))


def new_record(key: str, title: str = "") -> NewRecord:
    heading = DataField("200", "1 ", (Subfield("a", title or TITLES[key]),))
    record = Record("rusmarc", " " * 24, (ControlField("001", key), heading))
    return NewRecord(record, "books", key, kind="book")


# ---- work --------------------------------------------------------------------------------------


def run_intake(folder: Path, ack: Ack) -> None:
    taken: list[str] = []

    def before(current: str) -> None:
        for name in taken:
            ack(f"document {name}")
        taken[:] = [current]

    with opened(folder) as library, workshop(library) as shop:
        found = batches_of([folder / "batch"])
        take_in(library, shop.pool, found, Told(rights="open"), Steps(before))
        before("")


def run_page(folder: Path, ack: Ack) -> None:
    """Page jobs, then the document job that follows from them."""
    told: set[str] = set()

    def look(_: str = "") -> None:
        for page in page_rows.list_pages(library.store, the_document(library).id):
            line = f"page {page.key} {page.recognised_key}"
            if page.state != "waiting" and line not in told:
                told.add(line)
                ack(line)

    with opened(folder) as library, workshop(library) as shop:
        plan_document(library.store, library.settings, the_document(library))
        for _ in work(shop, Steps(look)):
            look()
            ack(f"assembled {the_document(library).assembled_key}")


def run_again(folder: Path, ack: Ack) -> None:
    """What begins every run, then the page and document jobs that a dead run had in hand."""
    sweep_home(Home(folder / "home"))
    run_page(folder, ack)


def run_migration(folder: Path, ack: Ack) -> None:
    with opened(folder):
        ack("migrated")


def run_record(folder: Path, ack: Ack) -> None:
    with opened(folder) as library:
        for key in TITLES:
            if records.find_record_at(library.store, "books", key) is None:
                with library.store.transaction(ACTOR) as tx:
                    change = changes.new_change_set(tx, "entered")
                    records.create_record(tx, new_record(key), change)
            ack(f"record {key} 1")
        for key, title in TITLES.items():
            stored = records.find_record_at(library.store, "books", key)
            if stored is not None and stored.version == 1:
                changed = new_record(key, f"{title}: шежіре").record
                with library.store.transaction(ACTOR) as tx:
                    change = changes.new_change_set(tx, "corrected")
                    records.save_version(tx, stored.id, changed, parent=1, change_set=change)
            ack(f"record {key} 2")


def run_link(folder: Path, ack: Ack) -> None:
    """Accept what is proposed; the record gets its 856 as a second version."""
    with opened(folder) as library:
        link = links.list_links(library.store)[0]
        decide(library, link.id, "accept", reason="", actor=ACTOR, dry_run=False)
        ack("link accepted")
        follow(library, DRAFT)
        ack("record first 2")


def run_index(folder: Path, ack: Ack) -> None:
    """Two generations: the second is made of the first."""
    with opened(folder) as library:
        for key, title in TITLES.items():
            if records.find_record_at(library.store, "books", key) is None:
                with library.store.transaction(ACTOR) as tx:
                    change = changes.new_change_set(tx, "entered")
                    records.create_record(tx, new_record(key), change)
            update_index(library)
            ack(f"found {title}")


def prepare_import(folder: Path) -> None:
    """A file of four records, one of which we have changed since it came in another file."""
    prepare_home(folder)
    before, now = new_record("first", "Қала").record, new_record("first", "Кент").record
    more = [new_record("second").record, new_record("third", "Кен").record]
    (folder / "before.iso").write_bytes(b"".join(write([before])))
    (folder / "now.iso").write_bytes(b"".join(write([now, *more])) + b"no record\x1d")
    with opened(folder) as library:
        order = ImportOrder("books")
        import_file(library, folder / "before.iso", order, Steps(nobody), actor=ACTOR)
        stored = records.find_record_at(library.store, "books", "first")
        if stored is not None:
            with library.store.transaction(ACTOR) as tx:
                change = changes.new_change_set(tx, "corrected")
                ours = new_record("first").record
                records.save_version(tx, stored.id, ours, parent=1, change_set=change)


def run_import(folder: Path, ack: Ack) -> None:
    """A conflict, two new records and a bad one, in portions of two; then the sidecars."""
    portions = iter(("record first 2", "record second 1", "record third 1"))

    def portion(_: str) -> None:
        for line in islice(portions, 2):
            ack(line)

    with mock.patch("workflow.exchange.importing.PORTION", 2), opened(folder) as library:
        order = ImportOrder("books")
        import_file(library, folder / "now.iso", order, Steps(portion), actor=ACTOR)
        follow(library, SIDECAR)


def run_sidecar(folder: Path, ack: Ack) -> None:
    """Write sidecars, change what they say, write them again."""
    with opened(folder) as library:
        document = the_document(library).id
        for code in ("on_site", "closed"):
            before = rights.get_rights(library.store, document).code
            if (before, code) != ("closed", "on_site"):  # a second run does not go back
                with library.store.transaction(ACTOR) as tx:
                    rights.set_rights(tx, document, Rights(code))
            follow(library, SIDECAR)
            ack(f"sidecar {sha256_of(library.home.sidecar(document))}")


WORKLOADS = (
    Workload("intake", prepare_batch, run_intake, lost_documents),
    Workload("page", prepare_document, run_page, lost_work),
    Workload("document", prepare_assembled, run_page, lost_work),
    Workload("record", prepare_home, run_record, lost_records),
    Workload("link", prepare_settled, run_link, lost_records),
    Workload("import", prepare_import, run_import, lost_records),
    Workload("index", prepare_home, run_index, lost_records),
    Workload("sidecar", prepare_settled, run_sidecar, lost_sidecar),
    Workload("backup", prepare_backup, run_backup, lost_snapshots),
)

"""What the issue of a home that survives names, and faults are injected into."""

MORE = (
    Workload("init", lambda _: None, run_init, lost_home, ready=is_home),
    Workload("restore", prepare_restore, run_restore, lost_home, ready=is_home),
    Workload("rebuild", prepare_rebuild, run_rebuild, lost_nothing, ready=can_be_opened),
    Workload("left", prepare_left, run_again, lost_work),
    Workload("undo", prepare_settled, run_undo, lost_acts),
    Workload("older", prepare_older, run_migration, lost_nothing, catalogue_violations),
    *(
        Workload(
            f"segments-{name}",
            prepare_segments(name),
            run_segments(name),
            lost_index,
            index_violations,
        )
        for name in ("whoosh", "tantivy")
        if is_installed(name)
    ),
)
"""Further work whose crash states are looked at."""


def named(name: str) -> Workload:
    """Return the workload of this name."""
    return next(workload for workload in (*WORKLOADS, *MORE) if workload.name == name)


def main() -> None:
    """Do one workload, as the module says."""
    name, folder = sys.argv[1], Path(sys.argv[2])
    acks = os.open(folder / "acks", os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o644)

    def ack(line: str) -> None:
        os.write(acks, f"{line}\n".encode())

    named(name).run(folder, ack)


if __name__ == "__main__":
    main()
