"""The same picture under other bytes is named, and nothing else is."""

import io
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pikepdf
import pytest
from PIL import Image, ImageDraw, ImageFont

from digitize.scan.likeness import likeness, likeness_of
from digitize.work.twins import ALIKE, SAME_PICTURE
from olketanu.home import Home
from pipeline import Job, run_job
from store.catalogue import findings
from store.digitised import documents, pictures
from store.dump import logical_dump
from tests.unit.made_files import FONT, text_pdf
from tests.unit.made_library import Silent
from workflow.library import Library, create_library, open_library

WORDS = [
    "Книга",
    "о",
    "прошлом",
    "нашего",
    "города",
    "и",
    "Карагандинской",
    "области",
    "рудники",
    "шахты",
    "посёлки",
]


def printed(seed: int, size: tuple[int, int] = (1240, 1754)) -> Image.Image:
    """A page with paragraphs of words, others for each seed."""
    dice = np.random.default_rng(seed)
    image = Image.new("L", size, 250)
    draw = ImageDraw.Draw(image)
    letters = ImageFont.truetype(FONT, 30)
    for y in range(120, size[1] - 150, 44):
        if dice.random() < 0.2:
            continue
        words = dice.choice(WORDS, int(dice.integers(2, 11)))
        draw.text((110, y), " ".join(words)[:60], fill=20, font=letters)
    return image


def grey(image: Image.Image) -> np.ndarray:
    return np.asarray(image.convert("L"), dtype=np.uint8)


def jpeg(image: Image.Image, quality: int) -> Image.Image:
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=quality)
    return Image.open(buffer)


def distance(first: Image.Image, second: Image.Image) -> int:
    one, other = likeness(grey(first)), likeness(grey(second))
    assert one is not None
    assert other is not None
    return (one ^ other).bit_count()


def test_a_picture_is_like_itself_in_another_format_size_depth_and_light() -> None:
    page = printed(1)
    others = [
        *(jpeg(page, quality) for quality in (30, 60, 90)),
        page.resize((620, 877)),
        page.resize((1860, 2631)),
        page.point(lambda level: 255 if level > 128 else 0),
        page.point(lambda level: level * 0.8 + 25),
        jpeg(page.resize((620, 877)), 40),
    ]
    assert max(distance(page, other) for other in others) <= ALIKE


def test_pages_of_one_make_are_not_alike() -> None:
    pages = [printed(seed) for seed in range(12)]
    distances = [distance(a, b) for n, a in enumerate(pages) for b in pages[n + 1 :]]
    assert min(distances) > ALIKE + 10


@pytest.mark.parametrize("level", [0, 128, 255])
def test_a_blank_page_has_no_likeness(level: int) -> None:
    dice = np.random.default_rng(1)
    paper = np.full((1754, 1240), level, dtype=np.float64) + dice.normal(0, 6, (1754, 1240))
    assert likeness(np.clip(paper, 0, 255).astype(np.uint8)) is None


def test_a_page_of_two_lines_has_no_likeness() -> None:
    image = Image.new("L", (1240, 1754), 250)
    letters = ImageFont.truetype(FONT, 30)
    for y in (200, 260):
        ImageDraw.Draw(image).text((110, y), "Книга о прошлом нашего города", font=letters, fill=20)
    assert likeness(grey(image)) is None


def test_what_is_no_image_has_no_likeness(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(b"no image")
    assert likeness_of(tmp_path / "a.jpg") is None
    assert likeness_of(tmp_path / "missing.jpg") is None


def lines(seed: int, count: int = 20) -> list[tuple[float, float, str]]:
    dice = np.random.default_rng(seed)
    texts = (" ".join(dice.choice(WORDS, int(dice.integers(1, 5)))) for _ in range(count))
    return [(20, 370 - 18 * n, text[:38]) for n, text in enumerate(texts)]


def other_bytes(source: Path, target: Path) -> None:
    """The same page in a PDF with another title."""
    with pikepdf.open(source) as pdf:
        pdf.docinfo["/Title"] = target.name
        pdf.save(target)


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    home = create_library(tmp_path / "home", "en")
    with open_library(home) as opened:
        yield opened


def told(library: Library) -> list[tuple[str, str, int]]:
    """Name of the document with the finding, name of the one that it names, pages."""
    names = {d.id: d.name for d in documents.list_documents(library.store)}
    return [
        (names[f.subject], names[f.facts["document"]], f.facts["pages"])
        for f in findings.list_findings(library.store, code=SAME_PICTURE)
    ]


@pytest.mark.slow
def test_the_later_document_names_the_earlier_one(library: Library, tmp_path: Path) -> None:
    batch = tmp_path / "batch"
    batch.mkdir()
    text_pdf(batch / "1.pdf", lines(1))
    text_pdf(batch / "2.pdf", lines(2))
    other_bytes(batch / "1.pdf", batch / "3.pdf")
    run_job(library, Job(inputs=(batch,)), Silent())
    assert [d.state for d in documents.list_documents(library.store)] == ["done"] * 3
    assert told(library) == [("3.pdf", "1.pdf", 1)]
    before = logical_dump(library.store)
    run_job(library, Job(inputs=(batch,)), Silent())
    assert logical_dump(library.store) == before

    again = tmp_path / "again"  # a later batch finds what lies there already
    again.mkdir()
    other_bytes(batch / "2.pdf", again / "4.pdf")
    run_job(library, Job(inputs=(again,)), Silent())
    assert told(library) == [("3.pdf", "1.pdf", 1), ("4.pdf", "2.pdf", 1)] or told(library) == [
        ("4.pdf", "2.pdf", 1),
        ("3.pdf", "1.pdf", 1),
    ]


@pytest.mark.slow
def test_pictures_that_are_not_known_are_looked_at_again(library: Library, tmp_path: Path) -> None:
    batch = tmp_path / "batch"
    batch.mkdir()
    text_pdf(batch / "1.pdf", lines(1))
    run_job(library, Job(inputs=(batch,)), Silent())
    document = documents.list_documents(library.store)[0]
    known = [p.likeness for p in pictures.pictures_after(library.store, 0)]
    with library.store.transaction() as tx:
        pictures.set_pictures(tx, document.id, {})
    assert pictures.documents_without(library.store) == [document.id]
    run_job(library, Job(), Silent())
    assert [p.likeness for p in pictures.pictures_after(library.store, 0)] == known
    assert known != [None]
    assert Home(library.home.root).pdf(document.id).is_file()
