"""Scans of two facing pages through the whole main job: two pages, one master, done once."""

import json
import os
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pikepdf
import pytest
from PIL import Image

from olketanu.home import Home
from pages.alto import read_alto
from store.database import Store
from store.digitised import pages as page_rows
from store.digitised.pages import Page
from tests.e2e.fake_engine import install
from tests.unit.made_spreads import HEIGHT, WIDTH, Open, open_book, single_pages

pytestmark = pytest.mark.slow
Program = Callable[..., subprocess.CompletedProcess[str]]


@dataclass(frozen=True, slots=True)
class Ran:
    """A batch of one book that was run, and the program that runs it again."""

    home: Path
    line: dict[str, Any]
    pages: list[Page]
    again: Callable[[], subprocess.CompletedProcess[str]]


def scans(folder: Path) -> None:
    """A cover, a spread, a wide table, and a spread with an empty left page."""
    folder.mkdir(parents=True)
    images = {
        "1 cover.png": np.ascontiguousarray(open_book(Open())[:, : WIDTH // 2]),
        "2 spread.png": open_book(Open(shadow=0.3, lean=1.0)),
        "3 table.png": single_pages()["ruled table"],
        "4 spread.png": open_book(Open(shadow=0.3, sides=(False, True))),
    }
    for name, image in images.items():
        Image.fromarray(image).save(folder / name, dpi=(300, 300))


def run(folder: Path, cli: Program, settings: str = "") -> Ran:
    engine = install(folder / "engine", {})
    home, batch = folder / "home", folder / "batch"
    scans(batch / "Book")
    assert cli("init", home, home=home).returncode == 0
    told = (home / "olketanu.toml").read_text(encoding="utf-8")
    told = told.replace("[intake]\n", f"[intake]\n{settings}\n")
    told = told.replace('engine = "auto"', 'engine = "tesseract"')
    (home / "olketanu.toml").write_text(told, encoding="utf-8")

    def go() -> subprocess.CompletedProcess[str]:
        return cli("run", batch, "--json", home=home, PATH=engine.path)

    done = go()
    assert done.returncode in (0, 1), done.stderr
    line = json.loads(done.stdout.splitlines()[-1])
    with Store.open(Home(home)) as store:
        pages = page_rows.list_pages(store, line["document"])
    return Ran(home, line, pages, go)


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory, cli: Program) -> Ran:
    return run(tmp_path_factory.mktemp("spreads"), cli)


def test_each_spread_gives_two_pages_in_order(ran: Ran) -> None:
    assert [page.key for page in ran.pages] == [f"p000{n}" for n in range(1, 7)]
    masters = [page.frame.master for page in ran.pages]
    assert [masters.index(master) for master in masters] == [0, 1, 1, 3, 4, 4]
    crops = [page.frame.crop for page in ran.pages]
    assert [crop is None for crop in crops] == [True, False, False, True, False, False]
    for left, right in ((crops[1], crops[2]), (crops[4], crops[5])):
        assert left is not None
        assert right is not None
        assert (left.left, right.right) == (0, WIDTH)
        assert left.right == right.left
    assert {page.state for page in ran.pages if page.key != "p0005"} == {"text"}


def test_masters_are_the_scans_untouched(ran: Ran) -> None:
    originals = {path.read_bytes() for path in (ran.home.parent / "batch" / "Book").iterdir()}
    kept = {p.read_bytes() for p in (ran.home / "masters").rglob("*") if p.is_file()}
    assert originals <= kept


def test_pdf_and_web_images_show_the_halves(ran: Ran) -> None:
    folder = ran.home / "objects" / ran.line["document"]
    widths = [page.frame.width / 300 * 72 for page in ran.pages]
    with pikepdf.open(folder / "document.pdf") as pdf:
        boxes = [[float(n) for n in page.MediaBox] for page in pdf.pages]
    assert [box[2] - box[0] for box in boxes] == pytest.approx(widths, abs=0.1)
    for page in ran.pages:
        with Image.open(folder / "web" / f"{page.key}-800.jpg") as web:
            shape = web.width / web.height
        assert shape == pytest.approx(page.frame.width / page.frame.height, abs=0.01)


def test_the_cut_is_written_into_the_page(ran: Ran) -> None:
    page = ran.pages[1]
    path = ran.home / "objects" / ran.line["document"] / "alto" / f"{page.key}.xml"
    read = read_alto(path.read_bytes())
    assert read.frame == page.frame
    steps = {step.name: dict(step.settings) for step in read.provenance}
    assert {"skew", "noise", "median", "crop", "scale", "dpi"} <= steps["prepare"].keys()


def test_words_lie_inside_their_half(ran: Ran) -> None:
    for page in ran.pages[:4]:
        path = ran.home / "objects" / ran.line["document"] / "alto" / f"{page.key}.xml"
        boxes = [word.box for line in read_alto(path.read_bytes()).lines() for word in line.words]
        assert boxes
        assert max(box.right for box in boxes) <= page.frame.width


def test_a_second_run_does_nothing(ran: Ran) -> None:
    before = snapshot(ran.home)
    assert ran.again().returncode in (0, 1)
    assert snapshot(ran.home) == before
    with Store.open(Home(ran.home)) as store:
        assert page_rows.list_pages(store, ran.line["document"]) == ran.pages


def test_the_switch_keeps_every_scan_one_page(tmp_path: Path, cli: Program) -> None:
    whole = run(tmp_path, cli, 'spreads = "off"')
    assert [page.frame.crop for page in whole.pages] == [None] * 4
    assert [page.frame.width for page in whole.pages][1:] == [WIDTH] * 3
    assert whole.pages[1].frame.height == HEIGHT


def snapshot(home: Path) -> dict[str, int]:
    kept = (home / "masters", home / "objects", home / "sidecars")
    return {
        os.fspath(path): path.stat().st_mtime_ns
        for folder in kept
        for path in folder.rglob("*")
        if path.is_file()
    }
