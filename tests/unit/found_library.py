"""A small library with texts and records that a search finds, and its index."""

import io
from functools import cache
from hashlib import sha256
from itertools import accumulate
from pathlib import Path

from PIL import Image

from catalog.record import ControlField, Record
from catalog.rights import Rights
from olketanu.home import Home
from pages.text import Box, Line, PageFrame, PageText, Region, Word
from pages.words import project
from store import changes
from store.catalogue import links, records
from store.catalogue.links import NewLink
from store.catalogue.records import NewRecord
from store.database import Transaction
from store.digitised import batches, documents, rights
from store.digitised import pages as page_rows
from store.digitised.documents import NewDocument
from store.digitised.pages import NewPage, Recognised
from store.disk import masters
from tests.unit.made_collection import do, put_master, write
from tests.unit.made_entries import LEADER, field
from workflow.index import rebuild_index
from workflow.library import create_library, open_library

HISTORY = (
    ("kaz", "Қарағанды қаласы көмір өндірісінің ортасы болды"),
    ("kaz", "шахтерлер жаңа мектеп салды"),
)
STREETS = (("rus", "В Караганде открылась новая школа для детей шахтёров"),)
SECRET = (("kaz", "Қарағанды облысының құпия тізімі"),)


def make_home(root: Path) -> Home:
    """Two books and an article in the catalogue; a scanned book, an issue nobody described, and a
    document that is closed."""
    home = create_library(root, "kk")
    with open_library(home) as library:
        with library.store.transaction("staff") as tx:
            batches.add_batch(tx, "b", "/scans/b")
            change = changes.new_change_set(tx, "import")
            for number, (catalogue, record) in enumerate(CATALOGUE):
                new = NewRecord(record, catalogue, f"n{number}", record_kind(record), "active")
                records.create_record(tx, new, change)
            book = add_document(tx, NewDocument("b", "tarih", "", "book"), (HISTORY, STREETS))
            add_document(tx, ISSUE, (STREETS, HISTORY))
            closed = add_document(
                tx, NewDocument("b", "secret", "", "book", "kaz", title="Жабық іс"), (SECRET,)
            )
            rights.set_rights(tx, closed, Rights("closed"))
            link = links.propose(tx, NewLink(book, record_of(tx, "n0"), evidence=(), score=1.0))
            links.accept(tx, link.id)
        rebuild_index(library)
    return home


def record_of(tx: Transaction, key: str) -> str:
    """The id of the record that was entered under this key."""
    return next(one.id for one in records.iterate_records(tx) if one.record.control_number == key)


def record_kind(record: Record) -> str:
    return "newspaper_article" if record.format == "marc21" else "book"


ISSUE = NewDocument(
    *("b", "issue", "", "newspaper_issue", "rus"),
    title="Сарыарқа таңы",
    manifest={"title": "Сарыарқа таңы", "date": "1998-10-10", "number": "40"},
)
CATALOGUE = (
    (
        "books",
        Record(
            "rusmarc",
            LEADER,
            (
                ControlField("001", "n0"),
                field("010", "a978-601-99-9202-4"),
                field("101", "akaz", indicators="0 "),
                field("200", "aҚарағанды тарихы", "fӘ. Сатыбалдин", indicators="1 "),
                field("210", "aҚарағанды", "cБолашақ", "d1998"),
                field("675", "a94(574.31)"),
                field("686", "a63.3(5Каз)", "2rubbk"),
                field("700", "aСатыбалдин", "bӘ.", indicators=" 1"),
            ),
        ),
    ),
    (
        "local_history",
        Record(
            "rusmarc",
            LEADER,
            (
                ControlField("001", "n1"),
                field("101", "arus", indicators="0 "),
                field("200", "a@Терриконы & шахты {Караганды}", "fА. А. @Ким", indicators="1 "),
                field("210", "aКараганда", "c@Издатель", "d2004"),
                field("700", "a@Ким", "bА. А.", indicators=" 1"),
            ),
        ),
    ),
    (
        "articles",
        Record(
            "marc21",
            "00000nab a2200000   4500",
            (
                ControlField("001", "n2"),
                ControlField("008", "980101s1998    kz            000 0 rus d"),
                field("100", "aИванова, Р. П.", indicators="1 "),
                field("245", "aНовые школы Караганды", indicators="10"),
                field(
                    "773",
                    "tИндустриальная Караганда",
                    "d1998",
                    "g10 октября (№ 40). С. 3-5",
                    indicators="0 ",
                ),
            ),
        ),
    ),
)


@cache
def scan_of(name: str, pages: int) -> bytes:
    """A TIFF of blank pages that can be decoded: what is assembled anew keeps its pictures."""
    sheets = [Image.new("1", (2000, 3000), 1) for _ in range(pages)]
    buffer = io.BytesIO()
    sheets[0].save(
        buffer,
        "TIFF",
        save_all=True,
        append_images=sheets[1:],
        compression="group4",
        dpi=(300, 300),
        tiffinfo={270: f"scan of {name}"},  # ImageDescription
    )
    return buffer.getvalue()


def add_document(
    tx: Transaction, new: NewDocument, texts: tuple[tuple[tuple[str, str], ...], ...]
) -> str:
    """A document with a page for each text, as the document job leaves it."""
    master = put_master(tx.home, scan_of(new.name, len(texts)))
    masters.add_master(tx, master)
    told = NewDocument(
        *(new.batch, new.name, master.sha256, new.kind, new.language, None, new.title),
        manifest=new.manifest,
    )
    document = documents.add_document(tx, told).id
    frames = [PageFrame(master.sha256, n, None, 0, 2000, 3000, 300) for n in range(len(texts))]
    page_rows.add_pages(tx, document, [NewPage(frame) for frame in frames])
    files = {}
    for number, (frame, lines) in enumerate(zip(frames, texts, strict=True), 1):
        name = f"words/p{number:04}.json"
        data = project(page_text(frame, lines), "0" * 64)
        write(tx.home.document(document) / name, data)
        files[name] = sha256(data).hexdigest()
        key = sha256(f"{document} {number}".encode()).hexdigest()
        do(tx, key, "page", document, f"p{number:04}")
        languages = tuple(dict.fromkeys(code for code, _ in lines))
        read = Recognised("text", None, key, "0" * 64, 0.9, languages, 5)
        page_rows.set_recognised(tx, document, f"p{number:04}", read)
    key = sha256(document.encode()).hexdigest()
    do(tx, key, "document", document, None)
    documents.finish_document(tx, document, state="done", assembled_key=key, files=files)
    rights.set_rights(tx, document, Rights("open"))
    return document


def page_text(frame: PageFrame, lines: tuple[tuple[str, str], ...]) -> PageText:
    """A page with a printed line for each pair of language and text."""
    printed = tuple(_line(n, code, text) for n, (code, text) in enumerate(lines))
    region = Region("r1", "text", Box(0, 0, frame.width, frame.height), printed)
    return PageText(frame, (region,), "made", (), ())


def _line(number: int, language: str, text: str) -> Line:
    top = 100 + 60 * number
    words = text.split()
    starts = accumulate((20 * len(word) + 20 for word in words), initial=100)
    placed = tuple(
        Word(word, word, Box(left, top, left + 20 * len(word), top + 40), 0.9)
        for word, left in zip(words, starts, strict=False)
    )
    box = Box(100, top, placed[-1].box.right, top + 40)
    return Line(box, (100, top + 35, box.right, top + 35), language, "Cyrl", placed)
