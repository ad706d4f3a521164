"""Books and issues with words on their pages, for what follows the journal into the index."""

import json
from collections.abc import Sequence
from hashlib import sha256

from catalog.record import ControlField, DataField, Record, Subfield
from catalog.rights import Rights
from olketanu.home import Home
from pages.text import PageFrame
from pages.words import VERSION
from store import changes
from store.catalogue import links, records
from store.catalogue.links import NewLink
from store.catalogue.records import NewRecord
from store.database import Store, Transaction
from store.digitised import batches, documents, rights
from store.digitised import pages as page_rows
from store.digitised.documents import NewDocument
from store.digitised.pages import NewPage, Recognised
from store.disk import masters
from store.disk.masters import Master

BATCH = "сөре"


def add_book(
    tx: Transaction, name: str, texts: Sequence[str], *, code: str = "open", language: str = "kaz"
) -> str:
    """A document with a page a text; pages are numbered from 1. Returns its id."""
    batches.add_batch(tx, BATCH, "/scans")
    master = Master(sha256(name.encode()).hexdigest(), 1, "tiff")
    masters.add_master(tx, master)
    new = NewDocument(BATCH, name, master.sha256, title=f"Құжат {name}")
    document = documents.add_document(tx, new).id
    frames = [PageFrame(master.sha256, n, None, 0, 10, 10, 300) for n in range(len(texts))]
    labelled = [NewPage(frame, label=str(n)) for n, frame in enumerate(frames, 1)]
    page_rows.add_pages(tx, document, labelled)
    rights.set_rights(tx, document, Rights(code))
    outcome = Recognised("text", None, "k", "0" * 64, 0.9, (language,), 5)
    for page in page_rows.list_pages(tx, document):
        page_rows.set_recognised(tx, document, page.key, outcome)
    write_pages(tx, document, {f"p{n:04d}": text for n, text in enumerate(texts, 1)}, language)
    return document


def write_pages(
    tx: Transaction, document: str, texts: dict[str, str], language: str = "kaz"
) -> None:
    """Write the words of some pages, as a document job after a correction does."""
    before = documents.get_document(tx, document)
    files = dict(before.files)
    for page, text in texts.items():
        path = tx.home.words(document, page)
        path.parent.mkdir(parents=True, exist_ok=True)
        data = words_of(text, language)
        path.write_bytes(data)
        files[path.relative_to(tx.home.document(document)).as_posix()] = sha256(data).hexdigest()
    key = sha256(json.dumps(files).encode()).hexdigest()
    documents.finish_document(tx, document, state="done", assembled_key=key, files=files)


def words_of(text: str, language: str) -> bytes:
    """The projection of a page's words, without their places."""
    lines = [language] * (text.count("\n") + 1)
    known = {"v": VERSION, "alto": "", "size": [10, 10], "text": text, "languages": lines}
    return json.dumps(known | {"boxes": "", "tokens": ""}, ensure_ascii=False).encode()


def record(number: str, title: str, *more: DataField) -> Record:
    """A RUSMARC record of a book with a title and further fields."""
    heading = DataField("200", "1 ", (Subfield("a", title),))
    return Record(
        "rusmarc", "00000nam0 2200000   450 ", (ControlField("001", number), heading, *more)
    )


def field(tag: str, *parts: str, indicators: str = "  ") -> DataField:
    """A field of subfields written as ``a...``."""
    return DataField(tag, indicators, tuple(Subfield(part[0], part[1:]) for part in parts))


def enter(tx: Transaction, made: Record, catalogue: str = "books", status: str = "active") -> str:
    """Enter a record and return its id."""
    change = changes.new_change_set(tx, "entered")
    key = made.control_number or ""
    return records.create_record(tx, NewRecord(made, catalogue, key, status=status), change).id


def link(tx: Transaction, document: str, identifier: str) -> None:
    """Accept that a document is the copy of a record."""
    links.accept(tx, links.propose(tx, NewLink(document, identifier, score=0.9)).id)


def new_home(home: Home) -> Store:
    """An empty library."""
    return Store.create(home)
