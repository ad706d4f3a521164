import csv
import io
import json
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pypdfium2
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageChops

from pages.text import REGION_KINDS, Box
from scans.generator.batch import BATCH, HEADINGS, documents, manifest_csv, render, scans_of
from scans.generator.setting import fonts_present
from scans.generator.truth import Place, truth_json
from scans.generator.wear import turned_box

SCANS = Path(__file__).parents[2] / "scans"
TRUTH = sorted((SCANS / "truth").glob("*/*.json"))
MOST_BYTES = 8_000_000
END = 120  # pixels looked at from either end of a line
needs_fonts = pytest.mark.skipif(not fonts_present(), reason="fonts-paratype is not installed")
each_page = pytest.mark.parametrize("path", TRUTH, ids=lambda p: f"{p.parent.name}-{p.stem}")


@cache
def truth(path: Path) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return data


def image_of(data: dict[str, Any]) -> Image.Image:
    path = SCANS / BATCH / data["file"]
    if path.suffix == ".pdf":
        with pypdfium2.PdfDocument(path) as pdf:
            page: Image.Image = pdf[data["frame"]].render(scale=300 / 72).to_pil()
            return page.convert("L")
    with Image.open(path) as image:
        image.seek(data["frame"])
        return image.convert("L")


def test_the_committed_images_stay_under_their_budget() -> None:
    assert sum(f.stat().st_size for f in (SCANS / BATCH).rglob("*")) < MOST_BYTES


def test_every_file_of_the_batch_is_known_to_the_truth_and_back() -> None:
    files = {str(f.relative_to(SCANS / BATCH)) for f in (SCANS / BATCH).rglob("*") if f.is_file()}
    assert files == {truth(p)["file"] for p in TRUTH} | {"manifest.csv"}
    assert len(TRUTH) == 24


def test_every_document_is_in_the_register_of_sample_files() -> None:
    register = (SCANS / "README.md").read_text("utf-8")
    assert [d.name for d in documents() if f"`{d.name}" not in register] == []


def test_the_manifest_is_the_one_that_the_generator_writes() -> None:
    data = (SCANS / BATCH / "manifest.csv").read_bytes()
    assert data == manifest_csv()
    rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig")), delimiter=";"))
    assert tuple(rows[0]) == HEADINGS
    assert [row["папка"] for row in rows] == [d.name for d in documents()]
    assert [row["права"] for row in rows].count("закрыто") == 1
    assert [row["права"] for row in rows].count("в библиотеке") == 1


@each_page
def test_the_truth_fits_its_image(path: Path) -> None:
    data = truth(path)
    image = image_of(data)
    assert abs(image.width - data["width"]) <= 1  # a PDF page is rendered from rounded points
    assert abs(image.height - data["height"]) <= 1
    for line in data["lines"]:
        left, top, right, bottom = line["box"]
        assert 0 <= left < right <= data["width"], line
        assert 0 <= top < bottom <= data["height"], line
        assert line["language"] in ("kaz", "rus")
        assert line["kind"] in REGION_KINDS


@each_page
def test_every_line_box_holds_dark_ink_to_both_ends(path: Path) -> None:
    data = truth(path)
    grey = np.asarray(image_of(data)).astype(int)
    for line in data["lines"]:
        left, top, right, bottom = line["box"]
        cell = grey[top:bottom, left:right]
        tilt = (bottom - top) * abs(np.sin(np.radians(data["skew"])))
        slack = 3 + 9 * data["degraded"] + round(tilt)
        for end in (cell[:, :END], cell[:, ::-1][:, :END]):  # apart, since the light falls off
            ink = (end < 0.8 * np.percentile(end, 90)).any(axis=0)
            assert np.flatnonzero(ink)[0] <= slack, line


@each_page
def test_the_parts_of_a_split_word_make_the_word(path: Path) -> None:
    data = truth(path)
    following = path.with_name(f"p{int(path.stem[1:]) + 1:04d}.json")
    for first, second, word in data["joins"]:
        if first is None:
            continue
        lines = data["lines"]
        if second is None:
            lines = lines + truth(following)["lines"]
            second = next(n for f, n, w in truth(following)["joins"] if f is None and w == word)
            second += len(data["lines"])
        head, tail = lines[first]["text"].split()[-1], lines[second]["text"].split()[0]
        assert head.endswith("-")
        assert (head[:-1] + tail).strip("«»().,;:!?—") == word


@pytest.mark.parametrize("name", ["01_stepnoi-gornyak_1996-09-14", "03_saryarka-tany_1998-10-10"])
def test_a_newspaper_page_splits_words_over_column_ends(name: str) -> None:
    data = truth(SCANS / "truth" / name / "p0001.json")
    tops = [line["box"][1] for line in data["lines"]]
    assert sum(tops[second] < tops[first] for first, second, _ in data["joins"]) >= 2


@pytest.mark.parametrize("name", ["09_komir-olkesi", "11_ulitsy-nad-shakhtami"])
def test_a_book_splits_a_word_over_a_page_end(name: str) -> None:
    third = truth(SCANS / "truth" / name / "p0003.json")["joins"]
    fourth = truth(SCANS / "truth" / name / "p0004.json")["joins"]
    assert [w for _, second, w in third if second is None]
    assert [w for _, second, w in third if second is None] == [w for f, _, w in fourth if f is None]


@needs_fonts
def test_the_generator_makes_the_committed_clipping_again() -> None:
    page = render("clipping_kk")[0]
    path = SCANS / "truth" / "07_kiyndy" / "p0001.json"
    assert ImageChops.difference(image_of(truth(path)), page.image).getbbox() is None
    place = Place("07_kiyndy", "p0001", "07_kiyndy.tif", 0)
    assert truth_json(page, place, 0.0, degraded=False) == path.read_text("utf-8")


@needs_fonts
def test_the_generator_wears_the_same_page_twice_alike() -> None:
    clipping = next(d for d in documents() if d.source == "clipping_ru")
    first, second = scans_of(clipping)[0][0], scans_of(clipping)[0][0]
    assert ImageChops.difference(first.image, second.image).getbbox() is None
    assert ImageChops.difference(first.image, render("clipping_ru")[0].image).getbbox()


boxes = st.tuples(*[st.integers(0, 900)] * 2, *[st.integers(1, 100)] * 2)


@given(boxes, st.floats(-3, 3))
def test_a_turned_box_holds_its_own_middle_turned(
    numbers: tuple[int, int, int, int], skew: float
) -> None:
    left, top, width, height = numbers
    box = Box(left, top, left + width, top + height)
    turned = turned_box(box, skew, (1000, 1000))
    angle = np.radians(skew)
    x, y = left + width / 2 - 500, top + height / 2 - 500
    across = 500 + x * np.cos(angle) + y * np.sin(angle)
    down = 500 - x * np.sin(angle) + y * np.cos(angle)
    assert abs((turned.left + turned.right) / 2 - across) <= 1
    assert abs((turned.top + turned.bottom) / 2 - down) <= 1
    assert turned.width >= width * np.cos(angle) - 1
