"""PDFs page by page: spreads, originals, outline and labels, many pages in little memory."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pikepdf
import pypdfium2
import pytest
from PIL import Image

from digitize.output.pdf.outline import (
    article_headings,
    headlines,
    page_labels,
    printed_number,
    region_tops,
    short,
)
from digitize.output.publish import PublishedPage, Said, publish
from pages.text import Article, Box, Line, PageFrame, PageText, Region, RegionRef, Word
from tests.house import ROOT
from tests.unit.made_pdfs import DPI, INFO, ODD, SIZE, Odd, drawn, make

FRAME = PageFrame("a" * 64, 0, None, 0, *SIZE, DPI)


def rendered(path: Path, index: int = 0) -> "np.ndarray[tuple[int, ...], np.dtype[np.int64]]":
    with pypdfium2.PdfDocument(path) as pdf:
        page = pdf[index]
        image = page.render(scale=DPI / 72).to_pil().convert("RGB").resize(SIZE)
        page.close()
    return np.asarray(image).astype(np.int64)


OTHER_PICTURES = ("tiny", "endless", "blank", "black", "drawn-pdf", "rgb-jpeg-skewed")
SAME_PICTURE = [odd for odd in ODD if odd.name not in OTHER_PICTURES]


@pytest.mark.parametrize("odd", SAME_PICTURE, ids=[odd.name for odd in SAME_PICTURE])
def test_the_master_pdf_shows_what_was_scanned(tmp_path: Path, odd: Odd) -> None:
    made = make(odd, tmp_path, ("master",))
    shown = rendered(made / "master.pdf")
    wanted = np.asarray(drawn()).astype(np.int64)
    loose = "cmyk" in odd.name or "bitonal" in odd.name
    if "palette" in odd.name:
        wanted = np.asarray(drawn("P").convert("RGB")).astype(np.int64)
    if loose or "grey" in odd.name or "deep" in odd.name:
        shown, wanted = shown.mean(axis=2), wanted.mean(axis=2)
    assert np.abs(shown - wanted).mean() < (45 if loose else 6)


def test_the_pages_of_a_spread_share_the_bytes_of_its_scan(tmp_path: Path) -> None:
    odd = next(odd for odd in ODD if odd.name == "spread-jpeg")
    made = make(odd, tmp_path, ("master",))
    scan = (made / "master.jpg").read_bytes()
    with pikepdf.open(made / "master.pdf") as pdf:
        images = [page.Resources.XObject["/Im1"] for page in pdf.pages]
        assert images[0].objgen == images[1].objgen
        assert images[0].read_raw_bytes() == scan
    left, right = (rendered(made / "master.pdf", index) for index in (0, 1))
    assert np.abs(left - np.asarray(drawn())).mean() < 6
    assert np.ptp(right, axis=2).mean() < 4  # the right page is grey
    assert np.abs(right - np.asarray(drawn("L"))[:, :, np.newaxis]).mean() < 6


@pytest.mark.parametrize("turn", [0, 1, 2, 3])
def test_the_half_of_a_turned_scan_lies_upright(tmp_path: Path, turn: int) -> None:
    spread = Image.new("RGB", (SIZE[0] * 2, SIZE[1]), "white")
    spread.paste(drawn(), (SIZE[0], 0))
    lying = np.ascontiguousarray(np.rot90(np.asarray(spread), turn))
    Image.fromarray(lying).save(tmp_path / "m.jpg", quality=90)
    height, width = lying.shape[:2]
    across, down = width // (1 + (turn % 2 == 0)), height // (1 + turn % 2)
    left = {0: across, 1: 0, 2: 0, 3: 0}[turn]
    top = {0: 0, 1: 0, 2: 0, 3: down}[turn]
    crop = Box(left, top, left + across, top + down)
    frame = PageFrame("a" * 64, 0, crop, turn, *SIZE, DPI)
    page = PublishedPage("p0001", tmp_path / "m.jpg", frame)
    publish(tmp_path, {"d.pdf": "master"}, [page], Said(INFO, [None]))
    assert np.abs(rendered(tmp_path / "d.pdf") - np.asarray(drawn())).mean() < 6


@pytest.mark.parametrize(
    "name",
    ["grey-jpeg", "progressive-jpeg", "cmyk-jpeg", "rgb-jp2", "turned-jpeg", "rgb-jpeg-profile"],
)
def test_the_scan_itself_stands_in_the_master_pdf(tmp_path: Path, name: str) -> None:
    odd = next(odd for odd in ODD if odd.name == name)
    made = make(odd, tmp_path, ("master",))
    with pikepdf.open(made / "master.pdf") as pdf:
        image = pdf.pages[0].Resources.XObject["/Im1"]
        assert image.read_raw_bytes() == (made / f"master{odd.suffix}").read_bytes()


@pytest.mark.parametrize(
    "name", ["grey-png", "rgb-png", "palette-png", "cmyk-tiff", "grey-tiff-lzw"]
)
def test_every_sample_of_a_scan_is_kept(tmp_path: Path, name: str) -> None:
    odd = next(odd for odd in ODD if odd.name == name)
    made = make(odd, tmp_path, ("master",))
    with pikepdf.open(made / "master.pdf") as pdf, Image.open(made / f"master{odd.suffix}") as scan:
        stream: Any = pdf.pages[0].Resources.XObject["/Im1"]
        if name == "cmyk-tiff":
            samples = np.frombuffer(stream.read_bytes(), np.uint8).reshape(*SIZE[::-1], 4)
            assert np.array_equal(samples, np.asarray(scan))
        else:
            kept = pikepdf.PdfImage(stream).as_pil_image().convert("RGB")
            assert np.array_equal(np.asarray(kept), np.asarray(scan.convert("RGB")))


@pytest.mark.parametrize(
    "name",
    [odd.name for odd in ODD if odd.name not in ("tiny", "endless", "blank", "black", "drawn-pdf")],
)
def test_a_master_pdf_is_hardly_larger_than_its_scan(tmp_path: Path, name: str) -> None:
    odd = next(odd for odd in ODD if odd.name == name)
    made = make(odd, tmp_path, ("master",))
    # The fixed parts (font, profile, description) weigh 6 kB, which only small scans feel.
    allowed = 1.05 * (made / f"master{odd.suffix}").stat().st_size + 6_000
    assert (made / "master.pdf").stat().st_size <= allowed


def test_the_outline_leads_to_page_and_place_and_labels_are_the_printed_ones(
    tmp_path: Path,
) -> None:
    odd = next(odd for odd in ODD if odd.name == "bitonal-tiff-pages")
    made = make(odd, tmp_path, ("access",))
    with pikepdf.open(made / "access.pdf") as pdf, pdf.open_outline() as outline:
        (item,) = outline.root
        place: Any = item.destination
        assert (item.title, place[0].objgen) == ("Қарағанды", pdf.pages[2].obj.objgen)
    with pypdfium2.PdfDocument(made / "access.pdf") as read:
        assert [read.get_page_label(index) for index in range(3)] == ["1", "7", "8"]


def test_what_is_said_of_the_document_stands_in_both_places(tmp_path: Path) -> None:
    made = make(ODD[0], tmp_path, ("access",))
    with pikepdf.open(made / "access.pdf") as pdf, pdf.open_metadata() as xmp:
        assert str(pdf.docinfo.Author) == "Әуезов М.; Петрова Анна"
        assert xmp["dc:creator"] == ["Әуезов М.", "Петрова Анна"]
        assert xmp["dc:rights"] == "closed"
        assert xmp["dc:date"] == ["1938-01-17"]
        assert xmp["dc:identifier"] == "bcd1234f"
        assert xmp["xmpRights:WebStatement"] == "https://library.example/d/bcd1234f"


def _region(name: str, kind: str, text: str, top: int = 100) -> Region:
    words = tuple(
        Word(t, t, Box(10 + 60 * i, top, 60 + 60 * i, top + 30), 0.9)
        for i, t in enumerate(text.split())
    )
    box = Box(10, top, 600, top + 30)
    return Region(
        name, kind, box, (Line(box, (10, top + 25, 600, top + 25), "rus", "Cyrl", words),)
    )


def test_a_printed_number_is_read_where_one_region_says_it() -> None:
    def page(*texts: str) -> PageText:
        regions = (_region(f"r{i}", "page_number", t) for i, t in enumerate(texts))
        return PageText(FRAME, tuple(regions), "made", (), ())

    assert printed_number(page("– 17 –")) == 17
    assert printed_number(page("1l")) is None
    assert printed_number(page("3", "4")) is None
    assert printed_number(page()) is None


def test_a_count_of_pages_is_believed_only_where_pages_agree() -> None:
    nothing = [None] * 4
    assert page_labels(nothing, [None, 7, 8, None]) == ("6", "7", "8", "9")
    assert page_labels(nothing, [None, 1, 2, 3]) == (None, "1", "2", "3")
    assert page_labels(nothing, [None, 7, None, None]) == (None,) * 4
    assert page_labels(nothing, [5, 17, 42, 8]) == ("5", "6", "7", "8")
    assert page_labels(nothing, [5, 17, 42, 9]) == (None,) * 4
    assert page_labels(["а", None, None, None], [4, 5, 6, 7]) == ("а", "5", "6", "7")
    assert page_labels([], []) == ()


def test_articles_without_title_or_place_get_no_entry() -> None:
    page = PageText(FRAME, (_region("r1", "headline", "Город", 240),), "made", (), ())
    tops = region_tops(page, "p0002", 1)
    articles = [
        Article("a0001", "Город", (RegionRef("p0002", "r1"),), "rus", 0.9),
        Article("a0002", "", (RegionRef("p0002", "r1"),), "rus", 0.9),
        Article("a0003", "Нет", (RegionRef("p0009", "r1"),), "rus", 0.9),
    ]
    (heading,) = article_headings(articles, tops)
    assert (heading.title, heading.page) == ("Город", 1)
    assert heading.top == pytest.approx((SIZE[1] - 240) * 72 / DPI)
    assert headlines(page, "p0002") == [(("p0002", "r1"), "Город")]


def test_a_long_title_is_cut_at_a_word() -> None:
    assert short("слово " * 40).endswith("слово…")
    assert len(short("слово " * 40)) <= 121
    assert short("две\nстроки\x00") == "две строки"


PEAK = """
import json, resource, sys
from pathlib import Path
from digitize.output.publish import PublishedPage, Said, publish
from digitize.output.pdf.metadata import PdfInfo
from pages.text import PageFrame
folder, count = Path(sys.argv[1]), int(sys.argv[2])
frame = PageFrame("a" * 64, 0, None, 0, 600, 800, 100)
pages = [PublishedPage(f"p{n:04d}", folder / "m.jpg", frame) for n in range(count)]
info = PdfInfo("x", "x", "2026-11-23T09:00:00Z", ("rus",))
publish(folder, {"m.pdf": "master"}, pages, Said(info, [None] * count))
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
"""


@pytest.mark.slow
def test_five_hundred_pages_need_little_more_memory_than_fifty(tmp_path: Path) -> None:
    noise = np.random.default_rng(2).integers(0, 255, (800, 600), np.uint8)
    Image.fromarray(noise).save(tmp_path / "m.jpg", quality=90)  # 0.5 MB a page
    peaks = {}
    for count in (50, 500):
        run = subprocess.run(
            [sys.executable, "-c", PEAK, str(tmp_path), str(count)],
            capture_output=True,
            check=True,
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            timeout=900,
        )
        peaks[count] = json.loads(run.stdout)
    assert (tmp_path / "m.pdf").stat().st_size > 450 * (tmp_path / "m.jpg").stat().st_size
    assert peaks[500] < peaks[50] + 60, peaks
