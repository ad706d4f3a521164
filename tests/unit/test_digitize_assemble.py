"""The document job: files, joins over page ends, amendments, METS, web images."""

import hashlib
import io
from pathlib import Path
from typing import Any
from unittest import mock

import pikepdf
import pytest
from lxml import etree
from PIL import Image

from digitize.output.assemble import task
from digitize.output.former import NOTHING
from digitize.output.texts import source_from_dict, write_texts
from digitize.output.webimage import WIDTHS, jpeg, web_image, widths_for
from pages.alto import read_alto, write_alto
from pages.codec import frame_to_dict
from pages.logical import logical_text
from pages.text import Box, Line, PageFrame, PageText, Region, Word
from pages.words import load

TIME = "2026-11-23T09:00:00Z"
METS = "{http://www.loc.gov/METS/}"
XLINK = "{http://www.w3.org/1999/xlink}"
TEXTS = ("Областная газета стра-", "ницы Карагапда город")


def _page(frame: PageFrame, text: str) -> PageText:
    words = tuple(
        Word(t, t, Box(50 + 150 * i, 100, 180 + 150 * i, 130), 0.8)
        for i, t in enumerate(text.split())
    )
    box = Box(50, 100, 630, 130)
    line = Line(box, (50, 124, 630, 124), "rus", "Cyrl", words)
    return PageText(frame, (Region("r1", "text", box, (line,)),), "made", (), ())


def payload(folder: Path, output: Path) -> dict[str, Any]:
    """A document of three pages; the last has no text."""
    output.mkdir()
    pages: list[dict[str, Any]] = []
    for number, text in enumerate((*TEXTS, ""), 1):
        master = folder / f"{number}.png"
        Image.new("L", (900, 1200), 200 + number).save(master, dpi=(150, 150))
        digest = hashlib.sha256(master.read_bytes()).hexdigest()
        frame = PageFrame(digest, 0, None, 0, 900, 1200, 150)
        key = f"p000{number}"
        recognised = folder / f"{key}.xml"
        if text:
            alto = write_alto(_page(frame, text), page_id=key, source=digest, time=TIME)
            recognised.write_bytes(alto)
        pages.append(
            {
                "key": key,
                "master": str(master),
                "frame": frame_to_dict(frame),
                "recognised": str(recognised) if text else None,
                "amendments": [],
                "label": None,
            }
        )
    pages[1]["amendments"] = [_amendment(7, "Карагапда", "Караганда"), _amendment(8, "дом", "том")]
    pages[1]["label"] = "2"
    return {
        "document": "bcd1234f",
        "title": "Газета",
        "time": TIME,
        "languages": ["rus"],
        "pages": pages,
        "output": str(output),
    }


def _amendment(number: int, old: str, new: str) -> dict[str, Any]:
    box = [200, 100, 330, 130]
    return {"id": number, "page": "p0002", "kind": "text", "box": box, "old": old, "new": new}


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    folder = tmp_path_factory.mktemp("masters")
    output = folder / "output"
    return output, task(payload(folder, output))


def test_every_file_is_there_with_its_hash_and_no_other(done: tuple[Path, dict[str, Any]]) -> None:
    output, result = done
    texts = [f"{d}/p000{n}.{s}" for d, s in (("alto", "xml"), ("words", "json")) for n in (1, 2)]
    web = [f"web/p000{n}-{w}.jpg" for n in (1, 2, 3) for w in WIDTHS]
    pdfs, beside = {"document.pdf", "master.pdf"}, {"mets.xml", "texts.json", "pictures.json"}
    assert set(result["files"]) == {*pdfs, *beside, *texts, *web}
    on_disk = [p for p in output.rglob("*") if p.is_file()]
    found = {
        p.relative_to(output).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest()
        for p in on_disk
    }
    assert found == result["files"]


def test_a_word_split_at_a_page_end_is_joined(done: tuple[Path, dict[str, Any]]) -> None:
    first = read_alto((done[0] / "alto/p0001.xml").read_bytes())
    assert logical_text(first) == "Областная газета страницы"
    assert load((done[0] / "words/p0002.json").read_bytes()).text == "Караганда город\n"


def test_amendments_are_applied_and_those_that_do_not_fit_are_named(
    done: tuple[Path, dict[str, Any]],
) -> None:
    assert [page["unapplied"] for page in done[1]["pages"]] == [[], [8], []]
    page = read_alto((done[0] / "alto/p0002.xml").read_bytes())
    assert page.lines()[0].words[1].text == "Караганда"
    assert page.provenance[-1].name == "amend"


def test_confidence_and_languages_are_those_of_the_current_text(
    done: tuple[Path, dict[str, Any]],
) -> None:
    first, second, third = done[1]["pages"]
    assert (first["confidence"], second["confidence"]) == (0.8, round((0.8 + 1.0 + 0.8) / 3, 4))
    assert (third["confidence"], third["languages"], third["code"]) == (None, [], None)
    assert first["languages"] == ["rus"]


def test_the_recognised_alto_is_not_touched(done: tuple[Path, dict[str, Any]]) -> None:
    recognised = read_alto((done[0].parent / "p0002.xml").read_bytes())
    assert recognised.lines()[0].text == TEXTS[1]


def test_words_name_the_alto_they_were_made_from(done: tuple[Path, dict[str, Any]]) -> None:
    alto = hashlib.sha256((done[0] / "alto/p0001.xml").read_bytes()).hexdigest()
    assert load((done[0] / "words/p0001.json").read_bytes()).alto == alto


def test_the_pdf_has_all_pages(done: tuple[Path, dict[str, Any]]) -> None:
    with pikepdf.open(done[0] / "document.pdf") as pdf:
        assert len(pdf.pages) == 3
        assert str(pdf.Root.Lang) == "ru"


def test_mets_names_every_other_file_with_hash_and_page(done: tuple[Path, dict[str, Any]]) -> None:
    output, result = done
    root = etree.parse(output / "mets.xml").getroot()
    places = {}
    for file in root.iter(f"{METS}file"):
        (place,) = file.findall(f"{METS}FLocat")
        href = str(place.get(f"{XLINK}href"))
        places[str(file.get("ID"))] = href, str(file.get("CHECKSUM"))
    ours = {path: digest for path, digest in places.values() if path in result["files"]}
    beside = {"mets.xml", "texts.json", "pictures.json"}
    assert ours == {p: digest for p, digest in result["files"].items() if p not in beside}
    divisions = [d for d in root.iter(f"{METS}div") if d.get("TYPE") == "page"]
    assert [d.get("ID") for d in divisions] == ["p0001", "p0002", "p0003"]
    second = {places[str(p.get("FILEID"))][0] for p in divisions[1]}
    assert {"alto/p0002.xml", "words/p0002.json", "web/p0002-800.jpg"} < second
    assert divisions[1].get("ORDERLABEL") == "2"


def test_the_same_document_gives_the_same_files_elsewhere(
    tmp_path: Path, done: tuple[Path, dict[str, Any]]
) -> None:
    again = task(payload(tmp_path, tmp_path / "output"))
    assert {**again, "seconds": done[1]["seconds"]} == done[1]


def test_a_master_that_cannot_be_decoded_is_named_and_hides_no_other_page(tmp_path: Path) -> None:
    asked = payload(tmp_path, tmp_path / "output")
    broken = Path(asked["pages"][0]["master"])
    broken.write_bytes(broken.read_bytes()[:60])
    result = task(asked)
    assert [bool(page["code"]) for page in result["pages"]] == [True, False, False]
    assert "web/p0001-200.jpg" not in result["files"]
    assert "alto/p0001.xml" in result["files"]


@pytest.mark.parametrize(("mode", "shown"), [("1", "L"), ("L", "L"), ("RGB", "RGB")])
def test_web_images_have_the_asked_width_and_small_scans_keep_theirs(mode: str, shown: str) -> None:
    image = Image.new(mode, (1000, 1500))
    for width, size in ((200, (200, 300)), (800, (800, 1200)), (2000, (1000, 1500))):
        with Image.open(io.BytesIO(web_image(image, width))) as small:
            assert (small.format, small.mode, small.size) == ("JPEG", shown, size)


@pytest.mark.parametrize(
    ("page", "widths"),
    [(120, (200,)), (200, (200,)), (201, (200, 800)), (801, (200, 800, 1600)), (7000, WIDTHS)],
)
def test_a_page_has_images_up_to_the_first_that_shows_every_pixel(
    page: int, widths: tuple[int, ...]
) -> None:
    assert widths_for(page) == widths


def test_the_image_for_reading_stays_light_whatever_the_page_shows() -> None:
    noise = Image.effect_noise((1000, 1414), 200)
    page = Image.merge("RGB", (noise, noise.transpose(Image.Transpose.ROTATE_180), noise))
    assert len(web_image(page, 800)) < len(jpeg(page.resize((800, 1131)), 75, progressive=True))


def test_a_page_is_held_only_as_its_alto_says_it(tmp_path: Path) -> None:
    asked = payload(tmp_path, tmp_path / "output")
    for name in ("alto", "words"):
        (tmp_path / "output" / name).mkdir()
    sources = [source_from_dict(page) for page in asked["pages"]]
    texts = write_texts(sources, tmp_path / "output", TIME, NOTHING)
    written = read_alto((tmp_path / "output/alto/p0001.xml").read_bytes())
    assert texts.pages == {"p0001": written}  # the second has amendments, the third no text
    assert written.lines()[0].words[-1].hyphen is not None


@pytest.mark.parametrize("words", [0, 4])
def test_pages_for_which_there_is_no_room_give_the_same_files(
    tmp_path: Path, done: tuple[Path, dict[str, Any]], words: int
) -> None:
    with mock.patch("digitize.output.texts._HELD_WORDS", words):
        again = task(payload(tmp_path, tmp_path / "output"))
    assert again["files"] == done[1]["files"]
