"""The searchable PDF: read by other programs, kept without loss, built to the rules of PDF/A-2u."""

import io
import math
import re
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pikepdf
import pytest
from PIL import Image, ImageCms, ImageDraw, ImageFont

from digitize.output.pdf.metadata import PdfInfo
from digitize.output.publish import PublishedPage, Said, publish
from olketanu.errors import BadFileError
from pages.alto import write_alto
from pages.text import Box, Line, PageFrame, PageText, Region, Word

INFO = PdfInfo("bcd1234f", "Өлкетану <«1938»>", "2026-11-23T09:00:00Z", ("kaz", "rus"))
FONT = Path("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf")
COLUMNS = (
    ["Қарағанды облысының", "кітапханасы ұйымда-", "стырған өңірдің"],
    ["үлкен һәм әдемі", "Город Ғабит – ёлка", "ISBN 978 Ұлы Іле Ә"],
)
needs_poppler = pytest.mark.skipif(shutil.which("pdftotext") is None, reason="needs poppler-utils")


def drawn_page(mode: str = "L", skew: float = 0.0) -> tuple[Image.Image, PageText]:
    """An A5 page at 150 dpi of two columns, as image and as text with exact boxes."""
    image = Image.new("L", (874, 1240), 255)
    draw = ImageDraw.Draw(image)
    font = ImageFont.truetype(str(FONT), 26) if FONT.exists() else ImageFont.load_default(26)
    regions = []
    for column, texts in enumerate(COLUMNS):
        lines = []
        for row, text in enumerate(texts):
            x, base = 60 + 400 * column, 140 + 44 * row
            words = []
            for word in text.split():
                draw.text((x, base), word, font=font, fill=0, anchor="ls")
                left, top, right, bottom = (
                    int(v) for v in draw.textbbox((x, base), word, font, "ls")
                )
                words.append(Word(word, word, Box(left, top, right + 1, bottom + 1), 0.9))
                x += int(draw.textlength(f"{word} ", font))
            lines.append(_line(words, base))
        box = Box(60 + 400 * column, 110, 450 + 400 * column, 260)
        regions.append(Region(f"r{column + 1}", "text", box, tuple(lines)))
    frame = PageFrame("a" * 64, 0, None, 0, *image.size, 150)
    page = PageText(frame, tuple(regions), "made", (), (), skew)
    return image.convert(mode, dither=Image.Dither.NONE), page


def _line(words: list[Word], base: int) -> Line:
    box = Box(
        words[0].box.left,
        min(w.box.top for w in words),
        words[-1].box.right,
        max(w.box.bottom for w in words),
    )
    return Line(box, (box.left, base, box.right, base), "kaz", "Cyrl", tuple(words))


def write(folder: Path, image: Image.Image, page: PageText, **save: object) -> Path:
    """The PDF of one page; the master is a PNG, or what ``save`` says."""
    kind = str(save.pop("format", "PNG"))
    master = folder / f"master.{kind.lower()}"
    image.save(master, kind, dpi=(150, 150), **save)
    alto = folder / "p0001.xml"
    alto.write_bytes(write_alto(page, page_id="p0001", source="x", time=INFO.time))
    target = folder / "document.pdf"
    assert write_pdf(target, [PublishedPage("p0001", master, page.frame, alto)], ["12а"]) == (None,)
    return target


def write_pdf(
    target: Path, pages: list[PublishedPage], labels: list[str | None]
) -> tuple[str | None, ...]:
    return publish(target.parent, {target.name: "master"}, pages, Said(INFO, labels))


def raw_text(pdf: Path) -> str:
    run = subprocess.run(
        ["pdftotext", "-raw", "-enc", "UTF-8", str(pdf), "-"], capture_output=True, check=True
    )
    return run.stdout.decode()


def _lines() -> list[str]:
    return [line for column in COLUMNS for line in column]


@needs_poppler
@pytest.mark.parametrize("mode", ["1", "L", "RGB"])
def test_other_programs_read_the_words_in_reading_order_line_by_line(
    tmp_path: Path, mode: str
) -> None:
    text = raw_text(write(tmp_path, *drawn_page(mode)))
    assert text.rstrip("\f\n").split("\n") == _lines()


@needs_poppler
def test_words_lie_where_they_were_printed(tmp_path: Path) -> None:
    image, page = drawn_page()
    target = write(tmp_path, image, page)
    run = subprocess.run(["pdftotext", "-bbox", str(target), "-"], capture_output=True, check=True)
    sides = re.findall(r'xMin="(.+?)" yMin="(.+?)" xMax="(.+?)" yMax="(.+?)"', run.stdout.decode())
    found = sorted(tuple(float(v) * 150 / 72 for v in four) for four in sides)
    boxes = sorted(w.box for line in page.lines() for w in line.words)
    assert len(found) == len(boxes)
    for four, box in zip(found, boxes, strict=True):
        assert four[0] == pytest.approx(box.left, abs=1)
        assert box.left < four[2] <= box.right + 1
        assert four[1] - 12 < box.top < box.bottom < four[3] + 12


@needs_poppler
def test_words_that_touch_or_overlap_stay_words_of_one_line(tmp_path: Path) -> None:
    image, page = drawn_page()
    texts = ["сөз", "мен", "а", "б", "тіл"]
    words = [
        Word(t, t, Box(100 + 50 * i, 300, 160 + 50 * i, 330), 0.9) for i, t in enumerate(texts)
    ]
    region = Region("r1", "text", Box(100, 300, 400, 330), (_line(words, 325),))
    page = PageText(page.frame, (region,), "made", (), ())
    assert raw_text(write(tmp_path, image, page)).strip() == " ".join(texts)


@needs_poppler
@pytest.mark.parametrize("turn", [0, 1, 2, 3])
def test_a_turned_jpeg_keeps_its_bytes_and_stands_upright(tmp_path: Path, turn: int) -> None:
    image, page = drawn_page("RGB")
    back = (None, Image.Transpose.ROTATE_90, Image.Transpose.ROTATE_180, Image.Transpose.ROTATE_270)
    way = back[turn]
    lying = image if way is None else image.transpose(way)
    frame = PageFrame("a" * 64, 0, None, turn, *image.size, 150)
    page = PageText(frame, page.regions, "made", (), ())
    target = write(tmp_path, lying, page, format="JPEG", quality=90)
    with pikepdf.open(target) as pdf:
        stream = pdf.pages[0].Resources.XObject["/Im1"]
        assert stream.read_raw_bytes() == (tmp_path / "master.jpeg").read_bytes()
    assert np.abs(_rendered(target).astype(int) - np.asarray(image.convert("L"))).mean() < 2


def _rendered(pdf: Path) -> "np.ndarray[tuple[int, ...], np.dtype[np.uint8]]":
    run = subprocess.run(
        ["pdftoppm", "-png", "-r", "150", "-gray", str(pdf)], capture_output=True, check=True
    )
    with Image.open(io.BytesIO(run.stdout)) as image:
        return np.asarray(image.convert("L"))


@pytest.mark.parametrize("mode", ["1", "L", "RGB"])
def test_pixels_of_other_scans_are_kept_exactly(tmp_path: Path, mode: str) -> None:
    image, page = drawn_page(mode)
    with pikepdf.open(write(tmp_path, image, page)) as pdf:
        stream = pdf.pages[0].Resources.XObject["/Im1"]
        kept = _picture(pdf.pages[0])
        assert str(stream.Filter) in ("/CCITTFaxDecode" if mode == "1" else "", "/FlateDecode")
    assert np.array_equal(np.asarray(kept.convert("RGB")), np.asarray(image.convert("RGB")))


def _picture(page: pikepdf.Page) -> Image.Image:
    stream = page.Resources.XObject["/Im1"]
    assert isinstance(stream, pikepdf.Stream)
    return pikepdf.PdfImage(stream).as_pil_image()


@needs_poppler
def test_a_bitonal_page_is_not_shown_inverted(tmp_path: Path) -> None:
    assert _rendered(write(tmp_path, *drawn_page("1"))).mean() > 200


@needs_poppler
@pytest.mark.parametrize("skew", [-3.0, 2.0])
def test_a_leaning_page_is_set_straight_with_its_text(tmp_path: Path, skew: float) -> None:
    image, page = drawn_page()
    leaning = image.rotate(skew, Image.Resampling.BICUBIC, fillcolor=255)
    target = write(tmp_path, leaning, _leaning(page, skew))
    assert raw_text(target).rstrip("\f\n").split("\n") == _lines()
    assert np.abs(_rendered(target).astype(int) - np.asarray(image)).mean() < 4


def _leaning(page: PageText, skew: float) -> PageText:
    """The page with boxes and baselines where a scan leaning counter-clockwise has them."""
    middle = page.frame.width / 2, page.frame.height / 2
    sine, cosine = math.sin(math.radians(skew)), math.cos(math.radians(skew))

    def point(x: float, y: float) -> tuple[int, int]:
        across, down = x - middle[0], y - middle[1]
        return (
            round(middle[0] + cosine * across + sine * down),
            round(middle[1] - sine * across + cosine * down),
        )

    def around(box: Box) -> Box:
        corners = [point(x, y) for x in (box.left, box.right) for y in (box.top, box.bottom)]
        xs, ys = [c[0] for c in corners], [c[1] for c in corners]
        return Box(min(xs), min(ys), max(xs), max(ys))

    regions = []
    for region in page.regions:
        lines = []
        for line in region.lines:
            x0, y0, x1, y1 = line.baseline
            words = tuple(Word(w.text, w.raw, around(w.box), w.confidence) for w in line.words)
            base = (*point(x0, y0), *point(x1, y1))
            lines.append(Line(around(line.box), base, line.language, line.script, words))
        regions.append(Region(region.id, region.kind, around(region.box), tuple(lines)))
    return PageText(page.frame, tuple(regions), "made", (), (), skew)


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("pdf"), *drawn_page("RGB"))


def test_the_same_input_gives_the_same_bytes(tmp_path: Path, written: Path) -> None:
    assert write(tmp_path, *drawn_page("RGB")).read_bytes() == written.read_bytes()


def test_the_file_has_no_fault_in_its_structure(written: Path) -> None:
    with pikepdf.open(written) as pdf:
        assert pdf.check_pdf_syntax() == []


def test_the_page_has_the_size_of_the_paper_and_its_printed_label(written: Path) -> None:
    with pikepdf.open(written) as pdf:
        size = [float(side) for side in pdf.pages[0].MediaBox]
        assert size == pytest.approx([0, 0, 874 * 72 / 150, 1240 * 72 / 150], abs=1e-3)
        assert str(pdf.Root.PageLabels.Nums[1].P) == "12а"


def test_title_and_times_are_the_given_ones_in_both_places(written: Path) -> None:
    with pikepdf.open(written) as pdf:
        assert str(pdf.docinfo.Title) == INFO.title
        assert str(pdf.docinfo.CreationDate) == "D:20261123090000Z"
        with pdf.open_metadata() as xmp:
            assert xmp["dc:title"] == INFO.title
            assert xmp["xmp:CreateDate"] == "2026-11-23T09:00:00Z"
            assert xmp["xmp:ModifyDate"] == "2026-11-23T09:00:00Z"
            assert xmp["pdf:Producer"] == str(pdf.docinfo.Producer)
            assert xmp["xmp:CreatorTool"] == str(pdf.docinfo.Creator)
            assert xmp["dc:language"] == {"kk", "ru"}
            assert xmp.pdfa_status == "2U"


def test_languages_are_named_for_the_document_and_for_each_line(written: Path) -> None:
    with pikepdf.open(written) as pdf:
        content = pdf.pages[0].Contents.read_bytes()
        assert str(pdf.Root.Lang) == "kk"
        assert bool(pdf.Root.ViewerPreferences.DisplayDocTitle)
    assert content.count(b"/Span <</Lang (kk)>> BDC") == content.count(b"EMC") == len(_lines())


def test_the_font_is_embedded_shows_no_notdef_and_maps_every_code(written: Path) -> None:
    with pikepdf.open(written) as pdf:
        font = pdf.pages[0].Resources.Font["/F1"]
        descendant = font.DescendantFonts[0]
        assert len(descendant.FontDescriptor.FontFile2.read_bytes()) > 100
        assert set(descendant.CIDToGIDMap.read_bytes()[1::2]) == {1}
        cmap = font.ToUnicode.read_bytes().decode()
        content = pdf.pages[0].Contents.read_bytes().decode()
    ranges = [
        (int(a, 16), int(b, 16), int(c, 16))
        for a, b, c in re.findall("<(....)> <(....)> <(....)>\n", cmap)
    ]
    shown = {code for run in re.findall("<([0-9A-F]+)> Tj", content) for code in _codes(run)}
    assert {chr(code) for code in shown} == set("".join(_lines())) - {" "}
    assert all(any(a <= code <= b and a == c for a, b, c in ranges) for code in shown)
    assert "3 Tr" in content


def _codes(run: str) -> list[int]:
    return [int(run[at : at + 4], 16) for at in range(0, len(run), 4)]


def test_nothing_that_pdf_a_forbids_is_in_the_file(written: Path) -> None:
    with pikepdf.open(written) as pdf:
        forbidden = ("/Names", "/OpenAction", "/AA", "/AcroForm")
        assert not [key for key in forbidden if key in pdf.Root]
        assert not pdf.is_encrypted
        assert len(pdf.trailer.ID) == 2
        filters = {str(o.get("/Filter")) for o in pdf.objects if isinstance(o, pikepdf.Stream)}
        assert "/LZWDecode" not in filters
        intent = pdf.Root.OutputIntents[0]
        profile = ImageCms.ImageCmsProfile(io.BytesIO(intent.DestOutputProfile.read_bytes()))
        assert ImageCms.getProfileName(profile).strip()
        assert str(intent.S) == "/GTS_PDFA1"
        assert pdf.pdf_version == "1.7"


def test_signs_without_a_code_become_the_replacement_sign(tmp_path: Path) -> None:
    image, page = drawn_page()
    words = [Word("\U0001f600\ufeffа", "x", Box(100, 300, 200, 330), 0.5)]
    region = Region("r1", "text", Box(100, 300, 200, 330), (_line(words, 325),))
    target = write(tmp_path, image, PageText(page.frame, (region,), "made", (), ()))
    with pikepdf.open(target) as pdf:
        assert b"<FFFDFFFD0430> Tj" in pdf.pages[0].Contents.read_bytes()


def test_a_page_whose_image_cannot_be_decoded_stays_with_its_text(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise BadFileError("UNREADABLE")

    image, page = drawn_page()
    master, alto, target = (tmp_path / name for name in ("m.png", "p.xml", "d.pdf"))
    image.save(master)
    alto.write_bytes(write_alto(page, page_id="p0001", source="x", time=INFO.time))
    monkeypatch.setattr("digitize.scan.decode.load_image", refuse)
    assert write_pdf(target, [PublishedPage("p0001", master, page.frame, alto)], [None]) == (
        "UNREADABLE",
    )
    with pikepdf.open(target) as pdf:
        assert b"Tj" in pdf.pages[0].Contents.read_bytes()
        assert "/XObject" not in pdf.pages[0].Resources


def test_a_document_of_many_pages_keeps_their_order(tmp_path: Path) -> None:
    pages = []
    for number in range(40):
        master = tmp_path / f"{number}.png"
        Image.new("L", (10 + number, 10), 5 * number).save(master)
        frame = PageFrame("a" * 64, 0, None, 0, 10 + number, 10, 100)
        pages.append(PublishedPage(f"p{number:04d}", master, frame))
    write_pdf(tmp_path / "d.pdf", pages, [None] * len(pages))
    with pikepdf.open(tmp_path / "d.pdf") as pdf:
        widths = [int(p.Resources.XObject["/Im1"].Width) for p in pdf.pages]
        greys = {_picture(p).getpixel((0, 0)) for p in pdf.pages}
    assert widths == [10 + number for number in range(40)]
    assert greys == {5 * number for number in range(40)}


def test_a_document_without_pages_is_no_pdf(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no pages"):
        write_pdf(tmp_path / "d.pdf", [], [])
