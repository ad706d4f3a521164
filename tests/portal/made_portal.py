"""A small library in a browser: open, on-site and closed documents, with pictures of pages."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

from flask import Flask
from PIL import Image, ImageDraw

from catalog.rights import Rights
from digitize.output.webimage import WIDTHS
from olketanu.home import Home
from pages.alto import write_alto
from pages.text import PageFrame
from portal.app import close_app, make_app
from store.database import Transaction
from store.digitised import documents, rights
from store.digitised import pages as page_rows
from store.digitised.documents import NewDocument
from store.digitised.pages import Page
from tests.unit.found_library import HISTORY, SECRET, STREETS, add_document, make_home, page_text
from tests.unit.made_collection import write
from workflow.index import rebuild_index
from workflow.library import open_library

ON_SITE = (("rus", "Рассказ о посёлке только для читального зала"),)
TEXTS = {"tarih": (HISTORY, STREETS), "issue": (STREETS, HISTORY), "secret": (SECRET,)}
"""What the pages of each document say."""


@contextmanager
def opened(home: Home) -> Iterator[Flask]:
    """The application over a home."""
    app = make_app(home)
    try:
        yield app
    finally:
        close_app(app)


def make_portal_home(root: Path) -> Home:
    """The home of ``found_library``, an on-site document beside, and all files that pages need."""
    home = make_home(root)
    with open_library(home) as library:
        with library.store.transaction("staff") as tx:
            told = NewDocument("b", "onsite", "", "book", "rus", title="Зал")
            on_site = add_document(tx, told, (ON_SITE,))
            rights.set_rights(tx, on_site, Rights("on_site"))
            for one in documents.list_documents(tx):
                _add_files(tx, one.id, TEXTS.get(one.name, (ON_SITE,)))
        rebuild_index(library)
    return home


def ids_of(home: Home) -> dict[str, str]:
    """Name of each document (tarih, issue, secret, onsite) to its id."""
    with open_library(home) as library:
        return {one.name: one.id for one in documents.list_documents(library.store)}


def add_pictures(home: Home) -> None:
    """Give the documents that have no images yet all files that pages need."""
    with open_library(home) as library, library.store.transaction("staff") as tx:
        for one in documents.list_documents(tx):
            if not any(name.startswith("web/") for name in one.files):
                _add_files(tx, one.id, (STREETS,) * len(page_rows.list_pages(tx, one.id)))


def picture(width: int, height: int) -> bytes:
    """A grey page with a dark frame, as a JPEG."""
    image = Image.new("L", (width, height), 235)
    ImageDraw.Draw(image).rectangle((5, 5, width - 5, height - 5), outline=20, width=3)
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=75)
    return buffer.getvalue()


def _add_files(
    tx: Transaction, document: str, texts: tuple[tuple[tuple[str, str], ...], ...]
) -> None:
    """Write ALTO, images and PDF of a document, as its jobs do."""
    before = documents.get_document(tx, document)
    files = dict(before.files)
    for page, lines in zip(page_rows.list_pages(tx, document), texts, strict=True):
        made = {f"alto/{page.key}.xml": _alto(page, lines)}
        for width in WIDTHS:
            made[f"web/{page.key}-{width}.jpg"] = picture(width, _height(page.frame, width))
        files |= _written(tx, document, made)
        recognised = tx.home.recognised(document, page.key, str(page.recognised_key))
        write(recognised, _alto(page, lines))
    files |= _written(tx, document, {"document.pdf": b"%PDF-1.7\n%made\n%%EOF\n"})
    key = sha256(f"{document} with files".encode()).hexdigest()
    documents.finish_document(tx, document, state="done", assembled_key=key, files=files)


def _written(tx: Transaction, document: str, made: dict[str, bytes]) -> dict[str, str]:
    for name, data in made.items():
        write(tx.home.document(document) / name, data)
    return {name: sha256(data).hexdigest() for name, data in made.items()}


def _alto(page: Page, lines: tuple[tuple[str, str], ...]) -> bytes:
    text, key = page_text(page.frame, lines), page.key
    return write_alto(text, page_id=key, source=page.frame.master, time="2026-01-01T00:00:00Z")


def _height(frame: PageFrame, width: int) -> int:
    return frame.height * width // frame.width
