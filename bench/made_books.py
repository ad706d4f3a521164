"""Books and newspapers with real scans and their text, whose files are still to be made."""

import io
import random
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from itertools import cycle

import numpy as np
from PIL import Image

from catalog.rights import Rights
from digitize.work.stages import imported_key
from pages.alto import write_alto
from pages.text import Box, Line, PageFrame, PageText, Region, Word, around
from scans.generator.columns import Flow, frame, paragraphs
from scans.generator.layouts import load
from scans.generator.setting import Style
from scans.generator.sheet import Page, PrintedLine, Sheet
from scans.generator.wear import Wear, spoil
from store.database import Transaction
from store.digitised import batches, documents, rights
from store.digitised import pages as page_rows
from store.digitised.documents import NewDocument
from store.digitised.pages import NewPage, Recognised
from store.disk import masters
from store.disk.files import sha256_of, write_durably
from workflow.library import Library

DPI = 300
BATCH = "made"
_DRAWN = 6  # pages that are printed; the others are their copies under other bytes
_MARGIN = 150
_TIME = "2026-01-01T00:00:00Z"
_SOURCES = ("newspaper_ru", "newspaper_kk", "book_kk", "book_ru")


@dataclass(frozen=True, slots=True)
class Shape:
    """What the pages of a document are like; ``size`` in pixels at 300 dots per inch."""

    kind: str
    size: tuple[int, int]
    columns: int
    body: Style


BOOK = Shape("book", (1748, 2480), 1, Style("serif", 10.4, 13.0, indent=1.5))
NEWSPAPER = Shape("newspaper_issue", (3508, 4961), 5, Style("serif", 8.0, 9.6))
"""A5 and A3: about 280 and 3,400 words a page."""


def add_document(library: Library, shape: Shape, count: int) -> str:
    """A document of so many recognised pages, taken in but not assembled; returns its id."""
    drawn = [_scan(shape, number) for number in range(min(count, _DRAWN))]
    scans = [_numbered(drawn[number % len(drawn)][0], number) for number in range(count)]
    placed = [_placed(library, scan) for scan in scans]
    lines = [drawn[number % len(drawn)][1] for number in range(count)]
    frames = [PageFrame(one.sha256, 0, None, 0, *shape.size, DPI) for one in placed]
    with library.store.transaction() as tx:
        batches.add_batch(tx, BATCH, "/scans")
        for master in placed:
            masters.add_master(tx, master)
        name = f"{shape.kind}-{count}"
        new = NewDocument(BATCH, name, placed[0].sha256, shape.kind, "rus", title=name)
        document = documents.add_document(tx, new).id
        page_rows.add_pages(tx, document, [NewPage(one) for one in frames])
        rights.set_rights(tx, document, Rights("open"))
        for number, (one, printed) in enumerate(zip(frames, lines, strict=True), 1):
            _recognise(tx, document, f"p{number:04d}", _read(one, printed))
    return document


def _placed(library: Library, scan: bytes) -> masters.Master:
    path = library.home.root / "scan.jpg"
    path.write_bytes(scan)
    placed = masters.place_master(library.home, path, type="jpeg")
    path.unlink()
    return placed


def _numbered(jpeg: bytes, number: int) -> bytes:
    """The same picture under other bytes: a JPEG with a comment (ITU-T T.81 §B.2.4.5)."""
    text = f"page {number}".encode("ascii")
    return jpeg[:2] + b"\xff\xfe" + (len(text) + 2).to_bytes(2, "big") + text + jpeg[2:]


def _scan(shape: Shape, number: int) -> tuple[bytes, tuple[PrintedLine, ...]]:
    page, back = _printed(shape, number), _printed(shape, number + 1)
    wear = Wear(0.0, 0.3, 0.15, 0.3, 0.6, 4.0, 60, number)
    grey = np.rint(spoil(np.asarray(page.image), np.asarray(back.image), wear)).astype(np.uint8)
    buffer = io.BytesIO()
    Image.fromarray(grey).save(buffer, "JPEG", quality=wear.quality, dpi=(DPI, DPI))
    return buffer.getvalue(), page.lines


@cache
def _printed(shape: Shape, number: int) -> Page:
    dice = random.Random(number)
    texts = list(_prose())
    dice.shuffle(texts)
    width, height = shape.size
    sheet = Sheet(width, height, "rus")
    edges = (_MARGIN, width - _MARGIN, _MARGIN, height - _MARGIN)
    flow = Flow(sheet, frame(*edges, columns=shape.columns, gap=50))
    with suppress(ValueError):  # the columns are full
        for text in cycle(texts):
            flow.body(text, shape.body)
    return sheet.finish()


@cache
def _prose() -> tuple[str, ...]:
    found: list[str] = []
    for source in _SOURCES:
        texts = load(source)
        parts = [texts, texts.get("lead", {}), *texts.get("article", ())]
        found += [one for part in parts for one in paragraphs(part.get("text", ""))]
    return tuple(dict.fromkeys(text for text in found if len(text) > 80))


def _read(page: PageFrame, printed: Sequence[PrintedLine]) -> PageText:
    """What a recogniser reads where nothing was misread: a region a column."""
    columns: dict[int, list[Line]] = {}
    left, edge = 0, -DPI
    for one in printed:
        if abs(one.box.left - edge) > DPI:  # further than an indent
            left, edge = len(columns), one.box.left
        columns.setdefault(left, []).append(_line(one))
    regions = tuple(
        Region(f"r{number}", "text", around(line.box for line in lines), tuple(lines))
        for number, lines in enumerate(columns.values(), 1)
    )
    return PageText(page, regions, "made", (), ())


def _line(printed: PrintedLine) -> Line:
    """Words share the box of their line by their length."""
    box, words = printed.box, printed.text.split()
    room = box.width / len(printed.text)
    at, found = 0, []
    for word in words:
        left = box.left + round(at * room)
        right = box.left + round((at + len(word)) * room)
        at += len(word) + 1
        found.append(Word(word, word, Box(left, box.top, right, box.bottom), 0.9))
    baseline = (box.left, box.bottom, box.right, box.bottom)
    return Line(box, baseline, "rus", "Cyrl", tuple(found))


def _recognise(tx: Transaction, document: str, key: str, page: PageText) -> None:
    alto = write_alto(page, page_id=key, source=page.frame.master, time=_TIME)
    name = imported_key(page.frame, page.frame.master, document, key)
    path = tx.home.recognised(document, key, name)
    write_durably(path, alto)
    words = sum(len(line.words) for line in page.lines())
    outcome = Recognised("text", None, name, sha256_of(path), 0.9, ("rus",), words)
    page_rows.set_recognised(tx, document, key, outcome)
