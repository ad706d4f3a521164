"""A home as large as the first user's, with places of words and pictures on every page.

    python -m bench.portal.home FOLDER [--pages N] [--records N]

FOLDER must not exist. Every document of the corpus becomes a book or an issue whose pages have
words with boxes, ALTO, and images of three widths (a few drawn pages, linked many times); half the
documents have a record, a tenth a proposed link. 30,000 pages take about 20 minutes and 6 GB.
"""

import argparse
import json
import os
import random
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import islice
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from bench.made_catalogue import catalogue
from bench.made_shelf import enter
from bench.search import corpus
from catalog.rights import Rights
from digitize.output.webimage import WIDTHS, web_image
from pages.alto import write_alto
from pages.text import Box, Line, PageFrame, PageText, Region, Word
from pages.words import project
from pipeline import catch_up
from store.catalogue import links
from store.catalogue.links import NewLink
from store.database import Transaction
from store.digitised import batches, documents, rights
from store.digitised import pages as page_rows
from store.digitised.documents import NewDocument
from store.digitised.pages import NewPage, Recognised
from store.disk import masters
from store.disk.masters import Master
from workflow.library import Library, create_library, open_library

PAGES, RECORDS = 30_095, 61_530
BATCH = "2026-01_made"
WIDTH, HEIGHT = 1748, 2480  # A5 at 300 dots per inch, as the library's books
PICTURES = 12
PORTION = 500
_LINE, _WORDS = 54, 9
_FONT = "/usr/share/fonts/truetype/dejavu/DejaVuSerif.ttf"


def make_home(folder: Path, page_count: int, record_count: int) -> None:
    """Make the home, with everything that follows from its rows."""
    home = create_library(folder, "kk")
    with home.settings.open("a", encoding="utf-8") as settings:
        settings.write("\n[checks]\nautomatic = false\n")  # a bench of its own measures them
        settings.write('\n[portal]\nproxies = ["127.0.0.1/32"]\n')
    with open_library(home) as library:
        made = _enter_records(library, record_count)
        _shelve(library, page_count, made)
        catch_up(library)


def _enter_records(library: Library, count: int) -> list[str]:
    entered, ids = catalogue(count), []
    while portion := list(islice(entered, PORTION)):
        with library.store.transaction() as tx:
            ids += [enter(tx, one) for one in portion]
    return ids


def _shelve(library: Library, page_count: int, record_ids: Sequence[str]) -> None:
    pictures = _draw_pictures(library.home.root / "pictures")
    draw = random.Random(7)
    with library.store.transaction() as tx:
        batches.add_batch(tx, BATCH, "/scans/made")
    left, made = page_count, corpus.documents()
    for number, document in enumerate(made):
        texts = [page.text for page in document.pages][:left]
        left -= len(texts)
        with library.store.transaction() as tx:
            identifier = _shelve_one(tx, document, texts, pictures)
            chosen = draw.choice(record_ids)
            if number % 2 == 0:
                link = links.propose(tx, NewLink(identifier, chosen, score=1.0))
                links.accept(tx, link.id)
            elif number % 10 == 1:
                links.propose(tx, NewLink(identifier, chosen, evidence=_EVIDENCE, score=0.8))
        if not left:
            return


_EVIDENCE = ({"code": "title-equal", "facts": {}},)


@dataclass(frozen=True, slots=True)
class _Picture:
    paths: dict[int, Path]
    hashes: dict[int, str]


def _shelve_one(
    tx: Transaction,
    made: corpus.Document,
    texts: Sequence[str],
    pictures: Sequence[_Picture],
) -> str:
    master = Master(sha256(made.key.encode()).hexdigest(), 1, "tiff")
    masters.add_master(tx, master)
    about = made.about
    manifest = {"title": about.title, "date": about.date, "kind": about.kind}
    new = NewDocument(
        *(BATCH, made.key, master.sha256, about.kind, about.language),
        title=about.title,
        manifest=manifest,
    )
    document = documents.add_document(tx, new).id
    frames = [PageFrame(master.sha256, n, None, 0, WIDTH, HEIGHT, 300) for n in range(len(texts))]
    page_rows.add_pages(tx, document, [NewPage(f, str(n)) for n, f in enumerate(frames, 1)])
    rights.set_rights(tx, document, Rights("closed" if made.key.endswith("7") else "open"))
    files: dict[str, str] = {}
    for number, (frame, text) in enumerate(zip(frames, texts, strict=True), 1):
        key = f"p{number:04d}"
        read = page_of(frame, text, about.language)
        alto = write_alto(read, page_id=key, source=master.sha256, time="2026-01-01T00:00:00Z")
        digest = sha256(alto).hexdigest()
        folder = tx.home.document(document)
        files |= _written(folder, f"alto/{key}.xml", alto)
        files |= _written(folder, f"words/{key}.json", project(read, digest))
        files |= _linked(folder, key, pictures[number % len(pictures)])
        told = Recognised("text", None, key, digest, 0.5 + number % 50 / 100, (about.language,), 5)
        page_rows.set_recognised(tx, document, key, told)
    files |= _written(tx.home.document(document), "document.pdf", b"%PDF-1.7\n%%EOF\n")
    mark = sha256(json.dumps(files).encode()).hexdigest()
    documents.finish_document(tx, document, state="done", assembled_key=mark, files=files)
    return document


def page_of(frame: PageFrame, text: str, language: str) -> PageText:
    """A page of one column, so many words a line, the last ones smaller where there are many."""
    words = text.split()
    rows = [words[at : at + _WORDS] for at in range(0, len(words), _WORDS)]
    step = min(_LINE, (HEIGHT - 300) // max(1, len(rows)))
    lines = tuple(_line(row, 150 + step * n, step, language) for n, row in enumerate(rows))
    region = Region("r1", "text", Box(100, 100, WIDTH - 100, HEIGHT - 100), lines)
    return PageText(frame, (region,) if lines else (), "made", (), ())


def _line(row: Sequence[str], top: int, step: int, language: str) -> Line:
    room = (WIDTH - 240) // (sum(map(len, row)) + len(row))
    left, words = 120, []
    for word in row:
        right = left + max(1, room * len(word))
        words.append(Word(word, word, Box(left, top, right, top + step - 8), 0.9))
        left = right + room
    bottom = top + step - 8
    box = Box(120, top, words[-1].box.right, bottom)
    return Line(box, (120, bottom, box.right, bottom), language, "Cyrl", tuple(words))


def _draw_pictures(folder: Path) -> list[_Picture]:
    folder.mkdir()
    found = []
    for number, page in enumerate(islice(corpus.pages(PICTURES), PICTURES)):
        image = _drawn(page.text, number)
        paths, hashes = {}, {}
        for width in WIDTHS:
            data = web_image(image, width)
            paths[width] = folder / f"{number}-{width}.jpg"
            paths[width].write_bytes(data)
            hashes[width] = sha256(data).hexdigest()
        found.append(_Picture(paths, hashes))
    return found


def _drawn(text: str, seed: int) -> Image.Image:
    """Print a page, with the grain of a scan."""
    image = Image.effect_noise((WIDTH, HEIGHT), 14).point(lambda value: min(255, value + 100))
    draw, words = ImageDraw.Draw(image), text.split()
    font = ImageFont.truetype(_FONT, 34) if Path(_FONT).is_file() else ImageFont.load_default(34)
    for number, at in enumerate(range(0, len(words), _WORDS)):
        place = (120, 150 + _LINE * number)
        draw.text(place, " ".join(words[at : at + _WORDS]), fill=30 + seed, font=font)
    return image


def _written(folder: Path, name: str, data: bytes) -> dict[str, str]:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return {name: sha256(data).hexdigest()}


def _linked(folder: Path, key: str, picture: _Picture) -> dict[str, str]:
    (folder / "web").mkdir(parents=True, exist_ok=True)
    return dict(_links(folder, key, picture))


def _links(folder: Path, key: str, picture: _Picture) -> Iterator[tuple[str, str]]:
    for width, path in picture.paths.items():
        name = f"web/{key}-{width}.jpg"
        os.link(path, folder / name)
        yield name, picture.hashes[width]


def main(arguments: Sequence[str] | None = None) -> int:
    """Make a home."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--pages", type=int, default=PAGES)
    parser.add_argument("--records", type=int, default=RECORDS)
    options = parser.parse_args(arguments)
    make_home(options.folder.resolve(), options.pages, options.records)
    return 0


if __name__ == "__main__":
    sys.exit(main())
