"""A small library made through store functions, as runs make one, without recognising anything."""

from pathlib import Path

from catalog.record import ControlField, DataField, Record, Subfield
from catalog.rights import Rights
from olketanu.home import Home
from pages.text import PageFrame
from store import changes, jobs
from store.catalogue import records
from store.database import Store
from store.digitised import batches, documents, rights
from store.digitised import pages as page_rows
from store.digitised.documents import NewDocument
from store.digitised.pages import NewPage, Recognised
from store.disk import masters
from store.disk.files import sha256_of, write_durably
from workflow.library import create_library, open_library
from workflow.sidecars import write_sidecars

BATCH = "2026-11_газеты"


class Quiet:
    """Progress that nobody looks at."""

    def step(self, stage: str, done: int, total: int, current: str) -> None:
        """Nothing is shown."""


def make_home(folder: Path, *, documents: int = 4, records: int = 6) -> Home:
    home = create_library(folder, "en")
    with open_library(home) as library:
        for number in range(documents):
            add_document(library.store, folder.parent, number)
        add_records(library.store, 0, records)
        write_sidecars(library.store)
    return home


def add_document(store: Store, scans: Path, number: int, text: str = "pdf") -> str:
    """Take one scan in and finish it, each file before its row."""
    source = scans / f"{number}.tif"
    source.write_bytes(f"scan {number} ".encode() * (200 + number))
    master = masters.place_master(store.home, source, type="tiff")
    frame = PageFrame(master.sha256, 0, None, 0, 10, 10, 300)
    with store.transaction() as tx:
        batches.add_batch(tx, BATCH, str(scans))
        masters.add_master(tx, master)
        document = documents.add_document(tx, NewDocument(BATCH, source.name, master.sha256))
        page_rows.add_pages(tx, document.id, [NewPage(frame)])
        rights.set_rights(tx, document.id, Rights("closed"))
        done = batches.source(
            BATCH,
            source.name,
            sha256=master.sha256,
            size=master.size,
            state="done",
            document=document.id,
        )
        batches.set_source(tx, done)
        jobs.plan(tx, [jobs.new_job(f"{number:064x}", "page", document.id, "p0001")])
    recognise(store, document.id, number)
    assemble(store, document.id, text)
    return document.id


def recognise(store: Store, document: str, number: int) -> None:
    key = f"{number:064x}"
    alto = store.home.recognised(document, "p0001", key)
    write_durably(alto, f"<alto>{number}</alto>".encode())
    outcome = Recognised("text", None, key, sha256_of(alto), 0.9, ("kaz",), 5)
    with store.transaction() as tx:
        jobs.claim(tx, "run", {"page"}, 99)
        jobs.finish(tx, key, "run", {"seconds": 1})
        page_rows.set_recognised(tx, document, "p0001", outcome)


def assemble(store: Store, document: str, text: str) -> None:
    """Make the derivatives of a document anew, as a run does: files first, then the row."""
    for name in ("document.pdf", "web/p0001-400.jpg"):
        write_durably(store.home.document(document) / name, f"{document} {name} {text}".encode())
    with store.transaction() as tx:
        names = ("document.pdf", "web/p0001-400.jpg")
        files = {name: sha256_of(store.home.document(document) / name) for name in names}
        documents.finish_document(tx, document, state="done", assembled_key=text, files=files)
        documents.settle(tx, BATCH)


def title(number: int) -> str:
    words = ("Қарағанды тарихы", "Степной горняк", "Абай жолы", "Шахта терриконы")
    return f"{words[number % len(words)]} {number}"


def add_records(store: Store, start: int, stop: int) -> None:
    with store.transaction(actor="aigul") as tx:
        change_set = changes.new_change_set(tx, f"import {start}")
        for number in range(start, stop):
            field = DataField("200", "1 ", (Subfield("a", title(number)),))
            record = Record("rusmarc", " " * 24, (ControlField("001", f"KR{number}"), field))
            new = records.NewRecord(record, "books", f"KR{number}", status="active", raw=b"raw")
            records.create_record(tx, new, change_set)


def contents(folder: Path) -> dict[str, tuple[int, int]]:
    """Every file below a folder with inode and time of change: nothing was written if equal."""
    return {
        str(path.relative_to(folder)): (path.stat().st_ino, path.stat().st_mtime_ns)
        for path in sorted(folder.rglob("*"))
        if not path.name.endswith(("-shm", "-wal"))
    }
