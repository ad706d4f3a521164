"""A home of recognised pages with chosen words, confidences, pictures and rights."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image

from catalog.rights import Rights
from olketanu.home import Home
from olketanu.settings import TEMPLATE, Settings
from pages.alto import write_alto
from pages.logical import join_page
from pages.text import Box, Line, PageFrame, PageText, ProcessingStep, Region, Word
from pages.words import project
from store.database import Store, Transaction
from store.digitised import batches, documents, rights
from store.digitised import pages as page_rows
from store.digitised.batches import source
from store.digitised.documents import NewDocument
from store.digitised.pages import NewPage, Recognised
from store.disk import masters
from store.disk.files import sha256_of, write_durably
from store.disk.masters import Master
from workflow.library import Library

TIME = "2026-01-01T00:00:00Z"
WIDTH, HEIGHT = 2000, 3000
Picture = npt.NDArray[np.uint8]


@dataclass(frozen=True)
class Reading:
    """What one page gave.

    ``lines`` are words with blanks between, a word's confidence behind a slash (``сөз/0.5``, else
    0.95); ``current`` is the text after corrections. Without lines ``state`` and ``code`` hold.
    """

    lines: Sequence[str] = ()
    current: Sequence[str] | None = None
    state: str = "image-only"
    code: str | None = "NO_TEXT"
    dpi: int = 300
    left: int = 100
    height: int = 40
    skew: float = 0.0
    language: str = "kaz"
    picture: Picture | None = None


@dataclass(frozen=True)
class MadeDocument:
    """A document: its sub-folder or file, its pages, its rights code; one scan a page, or one."""

    name: str
    pages: Sequence[Reading]
    rights: str = "open"
    batch: str = "b"
    sources: Sequence[str] = field(default=())
    one_file: bool = False


def text_of(reading: Reading, lines: Sequence[str]) -> PageText:
    """The page as recognition would give it: one region, a line every two heights."""
    made = []
    for number, printed in enumerate(lines):
        top = 100 + number * 2 * reading.height
        made.append(_line(printed, top, reading))
    frame = PageFrame("0" * 64, 0, None, 0, WIDTH, HEIGHT, reading.dpi)
    regions = (Region("r1", "text", Box(0, 0, WIDTH, HEIGHT), tuple(made)),) if made else ()
    steps = (ProcessingStep("prepare", "1", (("noise", "1.25"),)),)
    return PageText(frame, regions, "test 1", (), steps, skew=reading.skew)


def _line(printed: str, top: int, reading: Reading) -> Line:
    words, left = [], reading.left
    for token in printed.split():
        text, _, sure = token.partition("/")
        right = left + len(text) * 20
        box = Box(left, top, right, top + reading.height)
        words.append(Word(text, text, box, float(sure or 0.95)))
        left = right + 15
    box = Box(words[0].box.left, top, words[-1].box.right, top + reading.height)
    baseline = (box.left, box.bottom, box.right, box.bottom)
    return Line(box, baseline, reading.language, "Cyrl", tuple(words))


def make_home(root: Path, made: Sequence[MadeDocument]) -> Home:
    """Write the home; documents and pages stand in the given order."""
    home = Home(root)
    with Store.create(home) as store:
        home.settings.write_text(TEMPLATE.format(language="en"), encoding="utf-8")
        for document in made:
            with store.transaction() as tx:
                _add(tx, document)
    return home


def library_of(home: Home) -> Library:
    """The open library; its store is the caller's to close."""
    return Library(home, Settings(), Store.open(home))


def _add(tx: Transaction, made: MadeDocument) -> None:
    batches.add_batch(tx, made.batch, f"/scans/{made.batch}")
    digests = [
        f"{n:02d}{made.batch}{made.name}".encode().hex()[:64].ljust(64, "0")
        for n in range(len(made.pages))
    ]
    if made.one_file:
        digests = digests[:1] * len(made.pages)
    for digest in set(digests):
        masters.add_master(tx, Master(digest, 10, "tiff"))
    document = documents.add_document(tx, NewDocument(made.batch, made.name, digests[0])).id
    rights.set_rights(tx, document, Rights(made.rights))
    for name, digest in zip(made.sources, digests, strict=False):
        batches.set_source(
            tx, source(made.batch, name, sha256=digest, state="done", document=document)
        )
    for number, (digest, reading) in enumerate(zip(digests, made.pages, strict=True)):
        frame = PageFrame(
            digest, number if made.one_file else 0, None, 0, WIDTH, HEIGHT, reading.dpi
        )
        (page,) = page_rows.add_pages(tx, document, [NewPage(frame)])
        _read(tx, document, page.key, reading)


def _read(tx: Transaction, document: str, key: str, reading: Reading) -> None:
    home = tx.home
    if reading.picture is not None:
        target = home.web_image(document, key, 200)
        target.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(reading.picture).save(target, "JPEG", quality=75)
    if reading.state == "waiting":
        return
    page = text_of(reading, reading.lines)
    job = f"{document}{key}".encode().hex()
    path = home.recognised(document, key, job)
    write_durably(path, write_alto(page, page_id=key, source="s", time=TIME))
    if not reading.lines:
        page_rows.set_recognised(tx, document, key, Recognised(reading.state, reading.code, job))
        return
    now = text_of(reading, reading.lines if reading.current is None else reading.current)
    current = home.document(document) / "alto" / f"{key}.xml"
    write_durably(current, write_alto(now, page_id=key, source="s", time=TIME))
    write_durably(home.words(document, key), project(join_page(now), sha256_of(current)))
    outcome = Recognised(
        "text", None, job, sha256_of(path), page.confidence, (reading.language,), 1
    )
    page_rows.set_recognised(tx, document, key, outcome)


def printed_picture(paper: int = 245, *, ink: bool = True) -> Picture:
    """A small picture of a page: paper of one grey level, with lines of dark print or none."""
    picture = np.full((300, 200), paper, np.uint8)
    if ink:
        picture[30:270:8, 20:180:2] = max(0, paper - 150)
    return picture


def many(words: int, sure: float = 0.95, per_line: int = 10) -> list[str]:
    """So many like words, in lines."""
    row = [f"сөздер/{sure}"] * words
    return [" ".join(row[n : n + per_line]) for n in range(0, words, per_line)]
