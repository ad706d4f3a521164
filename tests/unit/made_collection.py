"""A home of many small files whose rows promise each of them, made in a second."""

import json
import sqlite3
from collections import Counter
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

from catalog.record import ControlField, Record
from olketanu.home import Home
from olketanu.settings import TEMPLATE, Settings
from pages.text import PageFrame
from pages.words import VERSION
from store import changes, jobs
from store.catalogue import records
from store.catalogue.records import NewRecord
from store.database import Store, Transaction
from store.digitised import batches, documents
from store.digitised import pages as page_rows
from store.digitised.documents import NewDocument
from store.digitised.pages import NewPage, Recognised
from store.disk import masters
from store.disk.fixity import promised
from store.disk.masters import Master
from workflow.fixity.verify import Asked, VerifyReport, verify
from workflow.library import Library
from workflow.sidecars import write_sidecars

DAY = "2026-11-23"
FILES_OF_A_DOCUMENT = 8


class Silent:
    """Progress that nobody looks at."""

    def step(self, stage: str, done: int, total: int, current: str) -> None:
        """Say nothing."""


def at(day: str) -> Callable[[], str]:
    """A clock that stands still."""
    return lambda: f"{day}T01:00:00Z"


def library_of(store: Store) -> Library:
    return Library(store.home, Settings(), store)


def opened(home: Home, day: str = DAY) -> Library:
    return library_of(Store.open(home, clock=at(day)))


def check(library: Library, asked: Asked | None = None) -> VerifyReport:
    return verify(library, asked or Asked(whole=True), Silent())


def found(report: VerifyReport) -> dict[str, str]:
    """Path to state of every problem."""
    return {problem.path: problem.state for problem in report.problems}


def make_collection(root: Path, count: int, *, entered: int = 20, day: str = DAY) -> Home:
    """Documents of one page with eight files each, records besides, and all sidecars."""
    home = Home(root)
    with Store.create(home, clock=at(day)) as store:
        home.settings.write_text(TEMPLATE.format(language="en"), encoding="utf-8")
        with store.transaction() as tx:
            batches.add_batch(tx, "b", "/scans/b")
            for number in range(count):
                add_document(tx, f"{number}.tif", put_master(home, f"scan {number}".encode() * 40))
            documents.settle(tx, "b")
            for number in range(entered):
                add_record(tx, number)
        write_sidecars(store)
        assert len(promised(store).files) == count * FILES_OF_A_DOCUMENT
    return home


def put_master(home: Home, data: bytes) -> Master:
    digest = sha256(data).hexdigest()
    write(home.master(digest), data)
    return Master(digest, len(data), "tiff")


def add_document(tx: Transaction, name: str, master: Master) -> str:
    masters.add_master(tx, master)
    document = documents.add_document(tx, NewDocument("b", name, master.sha256)).id
    frame = PageFrame(master.sha256, 0, None, 0, 10, 10, 300)
    page_rows.add_pages(tx, document, [NewPage(frame)])
    key = sha256(f"page {document}".encode()).hexdigest()
    text = f"<alto>{name}</alto>".encode()
    write(tx.home.recognised(document, "p0001", key), text)
    outcome = Recognised("text", None, key, sha256(text).hexdigest(), 0.9, ("kaz",), 5)
    do(tx, key, "page", document, "p0001")
    page_rows.set_recognised(tx, document, "p0001", outcome)
    assemble(tx, document, name)
    return document


def assemble(tx: Transaction, document: str, said: str) -> None:
    """Make the files that a document job makes, and the row that promises them."""
    names = ("document.pdf", "mets.xml", "alto/p0001.xml", "words/p0001.json")
    images = ("web/p0001-200.jpg", "web/p0001-800.jpg")
    files = {}
    for name in (*names, *images):
        data = (
            words(said) if name.startswith("words") else f"{name} of {document} {said}".encode() * 9
        )
        write(tx.home.document(document) / name, data)
        files[name] = sha256(data).hexdigest()
    key = sha256(f"document {document} {said}".encode()).hexdigest()
    do(tx, key, "document", document, None)
    documents.finish_document(tx, document, state="done", assembled_key=key, files=files)


def words(text: str) -> bytes:
    known = {"v": VERSION, "alto": "", "size": [10, 10], "text": text, "languages": ["kaz"]}
    return json.dumps(known | {"boxes": "", "tokens": ""}).encode()


def do(tx: Transaction, key: str, kind: str, document: str, page: str | None) -> None:
    jobs.plan(tx, [jobs.new_job(key, kind, document, page)])
    jobs.claim(tx, "run", {kind}, 1)
    jobs.finish(tx, key, "run", {})


def add_record(tx: Transaction, number: int) -> str:
    change = changes.new_change_set(tx, "import")
    fields = (ControlField("001", f"n{number}"), ControlField("005", "Қарағанды"))
    new = NewRecord(Record("rusmarc", "0" * 24, fields), "books", f"n{number}")
    return records.create_record(tx, new, change).id


def write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def kinds(library: Library) -> Counter[str]:
    return Counter(event.kind for event in changes.events_since(library.store, 0))


def forge(home: Home, *statement: str) -> None:
    """What another program, or bytes gone bad, can do to the catalogue; parts of one statement."""
    connection = sqlite3.connect(home.database)
    triggers = connection.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'")
    for (name,) in triggers.fetchall():
        connection.execute(f"DROP TRIGGER {name}")
    connection.execute(" ".join(statement))
    connection.commit()
    connection.close()


def a_document(library: Library) -> documents.Document:
    return documents.list_documents(library.store)[3]
