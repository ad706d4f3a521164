"""A library with documents of all rights, whose shut ones say what a test wants them to say."""

import datetime
import io
import shutil
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from PIL import Image

from catalog.record import ControlField, Record
from catalog.rights import Rights
from digitize.output.webimage import WIDTHS
from olketanu.home import Home
from pages.alto import write_alto
from pages.text import Article, RegionRef
from store import changes
from store.catalogue import findings, links, records
from store.catalogue.links import NewLink
from store.catalogue.records import NewRecord
from store.database import Transaction
from store.digitised import articles, documents, rights
from store.digitised import pages as page_rows
from store.digitised.documents import NewDocument
from tests.unit.found_library import add_document, page_text, record_of
from tests.unit.made_collection import write
from tests.unit.made_entries import LEADER, field
from tests.unit.proposed_links import add_proposals
from workflow.index import rebuild_index
from workflow.library import open_library
from workflow.record.draft import identifiers

COMMON = "Қарағанды"
"""A word that open and shut documents share: whoever asks for it comes near to the secrets."""
PAST = datetime.date(2020, 1, 1)
Colour = tuple[int, int, int]


@dataclass(frozen=True)
class Secrets:
    """What a shut document says: a word of its text, titles, the number of its record, a colour."""

    word: str
    title: str
    draft: str
    number: str
    colour: Colour

    @property
    def texts(self) -> tuple[str, ...]:
        """All that is written, in small letters."""
        return tuple(one.lower() for one in (self.word, self.title, self.draft, self.number))


CLOSED = Secrets("қырғауылтүз", "Жабылғантақырып", "Құлыпталғаннобай", "zq7001", (200, 30, 160))
ON_SITE = Secrets("залдыңкілті", "Ішкізалтақырыбы", "Ішкізалнобайы", "zq7002", (30, 160, 200))
OTHER_CLOSED = Secrets("бөктергіқұс", "Мүлдебасқааты", "Басқашанобайы", "zq8001", (90, 200, 40))
OTHER_ON_SITE = Secrets("көктөбешыңы", "Екіншізаласты", "Екіншінобайтүр", "zq8002", (220, 180, 10))
DESCRIBED = "Ашық сипаттама"
"""Title in the record of a closed document, which anybody may read."""
DESCRIBED_NUMBER = "n7000"
HIDDEN = ("bare", "drafted", "over")
"""Names of the closed documents of which readers may not even know that they are there."""


def make_guarded_home(made: Path, root: Path, closed: Secrets, on_site: Secrets) -> Home:
    """Copy the small library ``made`` to ``root`` and add documents that are shut; cards wait."""
    home = Home(shutil.copytree(made, root))
    with open_library(home) as library, library.store.transaction("staff") as tx:
        described = _shut(tx, "described", closed, Rights("closed"), title="")
        bare = _shut(tx, "bare", closed, Rights("closed"))
        drafted = _shut(tx, "drafted", closed, Rights("closed"))
        over = _shut(tx, "over", closed, Rights("until", until=PAST))
        hall = _shut(tx, "hall", on_site, Rights("on_site"))
        _enter(tx, DESCRIBED_NUMBER, DESCRIBED, "active", described)
        _enter(tx, closed.number, closed.draft, "draft", drafted)
        _enter(tx, on_site.number, on_site.draft, "draft", hall)
        links.propose(tx, NewLink(bare, record_of(tx, "n1"), score=50.0))
        links.propose(tx, NewLink(over, record_of(tx, "n2"), score=40.0))
        _suggest(tx, described, closed)
        _suggest(tx, hall, on_site)
    add_proposals(home, 2)
    with open_library(home) as library:
        rebuild_index(library)
    return home


def _shut(
    tx: Transaction, name: str, secrets: Secrets, held: Rights, *, title: str | None = None
) -> str:
    """Two pages that say the common word and the secret one; the sheet and the cut name a title."""
    told = secrets.title if title is None else title
    lines = (("kaz", f"{COMMON} {secrets.word} туралы {secrets.word}"),)
    manifest = {"title": told, "date": "1961-04-12"} if told else {}
    new = NewDocument("b", name, "", "newspaper_issue", "kaz", title=told, manifest=manifest)
    document = add_document(tx, new, (lines, lines))
    write_files(tx, document, (lines, lines), secrets.colour)
    cut = Article("a0001", secrets.word, (RegionRef("p0001", "r1"),), "kaz", 0.9)
    articles.set_articles(tx, document, [cut])
    rights.set_rights(tx, document, held)
    return document


def _enter(tx: Transaction, number: str, title: str, status: str, document: str) -> None:
    fields = (
        ControlField("001", number),
        field("101", "akaz", indicators="0 "),
        field("200", f"a{title}", "fА. Ким", indicators="1 "),
        field("210", "aҚарағанды", "d1961"),
    )
    made = Record("rusmarc", LEADER, fields)
    change = changes.new_change_set(tx, "test")
    new = NewRecord(made, "books", number, "book", status, identifiers=identifiers(made))
    stored = records.create_record(tx, new, change)
    link = links.propose(tx, NewLink(document, stored.id, score=100.0))
    links.accept(tx, link.id)


def _suggest(tx: Transaction, document: str, secrets: Secrets) -> None:
    old = f"{COMMON} {secrets.word} туралы {secrets.word}"
    facts = {"box": [100, 100, 900, 140], "old": old, "new": f"{secrets.word}!", "note": ""}
    findings.add_finding(tx, f"{document}/p0001", "reader-correction", facts)


def write_files(
    tx: Transaction,
    document: str,
    texts: tuple[tuple[tuple[str, str], ...], ...],
    colour: Colour,
) -> None:
    """ALTO, images of one colour and a PDF that tells it, as the document job leaves them."""
    made: dict[str, bytes] = {"document.pdf": b"%%PDF-1.7\n%r\n%%%%EOF\n" % (colour,)}
    for page, lines in zip(page_rows.list_pages(tx, document), texts, strict=True):
        text = page_text(page.frame, lines)
        alto = write_alto(
            text, page_id=page.key, source=page.frame.master, time="2026-01-01T00:00:00Z"
        )
        made[f"alto/{page.key}.xml"] = alto
        for width in WIDTHS:
            made[f"web/{page.key}-{width}.jpg"] = painted(width, width * 3 // 2, colour)
    for name, data in made.items():
        write(tx.home.document(document) / name, data)
    before = documents.get_document(tx, document)
    files = {**before.files, **{name: sha256(data).hexdigest() for name, data in made.items()}}
    key = sha256(f"{document} with files".encode()).hexdigest()
    documents.finish_document(tx, document, state="done", assembled_key=key, files=files)


def painted(width: int, height: int, colour: Colour) -> bytes:
    """A sheet of one colour, as a JPEG."""
    buffer = io.BytesIO()
    Image.new("RGB", (width, height), colour).save(buffer, "JPEG", quality=90)
    return buffer.getvalue()
