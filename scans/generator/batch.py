"""The batch folder: images in their formats, manifest, truth."""

import csv
import io
import tomllib
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from scans.generator.books import book
from scans.generator.formats import MANY_PAGES, SUFFIXES, many_pages, one_page
from scans.generator.layouts import KAZAKH_PAPER, RUSSIAN_PAPER, clipping, mixed, newspaper
from scans.generator.sheet import Page
from scans.generator.truth import Place, truth_json
from scans.generator.wear import Wear, spoil

BATCH = "2026-01_sample"
HEADINGS = (
    "папка", "вид", "права", "язык", "письменность", "заглавие", "автор", "источник", "дата",
    "номер", "страницы", "УДК", "коллекция", "№ записи", "инвентарный №", "договор", "филиал",
    "примечание",
)  # fmt: skip
_SOURCES: dict[str, Callable[[], list[Page]]] = {
    "newspaper_ru": lambda: newspaper("newspaper_ru", RUSSIAN_PAPER),
    "newspaper_kk": lambda: newspaper("newspaper_kk", KAZAKH_PAPER),
    "mixed": lambda: mixed("mixed"),
    "clipping_kk": lambda: clipping("clipping_kk"),
    "clipping_ru": lambda: clipping("clipping_ru"),
    "book_kk": lambda: book("book_kk"),
    "book_ru": lambda: book("book_ru"),
}


@dataclass(frozen=True, slots=True)
class Document:
    """One document of ``batch.toml``; ``row`` are its cells of the manifest by heading."""

    name: str
    source: str
    format: str
    row: dict[str, str]
    quality: int = 60
    back: str = ""
    wear: Wear | None = None


def documents() -> list[Document]:
    """The documents of the batch in order."""
    data = tomllib.loads((Path(__file__).parent / "batch.toml").read_text("utf-8"))
    return [_document(entry) for entry in data["document"]]


def _document(entry: dict[str, Any]) -> Document:
    wear = Wear(**entry.pop("wear")) if "wear" in entry else None
    return Document(**entry, wear=wear)


@cache
def render(source: str) -> list[Page]:
    """The clean pages of a source (a stem of ``texts/``)."""
    return _SOURCES[source]()


def scans_of(document: Document) -> list[tuple[Page, Wear | None]]:
    """Every page with its image as scanned (spoilt where the document is), and how it was spoilt.

    Pages of one document lean to alternate sides by different amounts, as when laid by hand.
    """
    pages = render(document.source)
    if document.wear is None:
        return [(page, None) for page in pages]
    backs = render(document.back)
    spoilt: list[tuple[Page, Wear | None]] = []
    for n, page in enumerate(pages):
        wear = _page_wear(document.wear, n)
        back = np.asarray(backs[(n + 1) % len(backs)].image)
        grey = spoil(np.asarray(page.image), back, wear)
        spoilt.append((replace(page, image=Image.fromarray(np.rint(grey).astype(np.uint8))), wear))
    return spoilt


def _page_wear(wear: Wear, n: int) -> Wear:
    lean = wear.skew * (-1) ** n * (1 + 0.25 * n)
    return replace(wear, skew=round(lean, 2), seed=wear.seed * 100 + n)


def page_files(document: Document, count: int) -> list[str]:
    """The file of each of ``count`` pages, below the batch folder."""
    if document.format in MANY_PAGES or "." in document.name:
        return [document.name] * count
    suffix = SUFFIXES[document.format]
    return [f"{document.name}/{n:04d}.{suffix}" for n in range(1, count + 1)]


def write_document(document: Document, folder: Path, truth: Path) -> int:
    """Write images below ``folder``, one JSON a page below ``truth``; returns the page count."""
    scans = scans_of(document)
    files = page_files(document, len(scans))
    quality = document.wear.quality if document.wear else document.quality
    if document.format in MANY_PAGES:
        images = [page.image for page, _ in scans]
        (folder / document.name).write_bytes(many_pages(images, document.format, quality))
    else:
        for (page, _), file in zip(scans, files, strict=True):
            (folder / file).parent.mkdir(parents=True, exist_ok=True)
            (folder / file).write_bytes(one_page(page.image, document.format, quality))
    _write_truth(document, scans, files, truth)
    return len(scans)


def _write_truth(
    document: Document, scans: list[tuple[Page, Wear | None]], files: list[str], truth: Path
) -> None:
    stem = document.name.split(".")[0]
    (truth / stem).mkdir(parents=True, exist_ok=True)
    for n, ((page, wear), file) in enumerate(zip(scans, files, strict=True)):
        frame = n if document.format in MANY_PAGES else 0
        place = Place(stem, f"p{n + 1:04d}", file, frame)
        text = truth_json(page, place, wear.skew if wear else 0.0, degraded=wear is not None)
        (truth / stem / f"{place.page}.json").write_text(text, encoding="utf-8")


def manifest_csv() -> bytes:
    """The librarian's sheet: UTF-8 with BOM, semicolons, Russian headings."""
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, HEADINGS, delimiter=";", restval="", lineterminator="\r\n")
    writer.writeheader()
    for document in documents():
        writer.writerow({"папка": document.name, **document.row})
    return b"\xef\xbb\xbf" + buffer.getvalue().encode()


def write_batch(root: Path) -> None:
    """Write the batch folder and the truth below ``root`` (normally ``scans/``)."""
    folder = root / BATCH
    folder.mkdir(parents=True, exist_ok=True)
    for document in documents():
        print(document.name, write_document(document, folder, root / "truth"))
    (folder / "manifest.csv").write_bytes(manifest_csv())
