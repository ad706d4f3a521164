"""What text layer of a PDF is good enough to be kept, and what the verdict says."""

import io
import random
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pikepdf
import pytest
from PIL import Image, ImageDraw, ImageFont

from digitize.recognition import recognise
from digitize.recognition.page_job import task
from digitize.scan.coverage import coverage
from digitize.scan.inspect import inspect
from digitize.scan.pdf_input import Layer, read_layer
from digitize.scan.text_layer import CODE_PAGE, EMPTY, PARTIAL, WORDS, judge
from digitize.work.limits import Limits
from pages.alto import read_alto
from pages.codec import frame_to_dict
from pages.text import Box
from tests.unit.made_files import add_page, frame_of, text_font, text_operators
from tests.unit.test_digitize_page_job import FAKE, FakeRecogniser

RUSSIAN = (
    "Книга о прошлом нашего города и области рассказывает о людях, которые строили шахты и "
    "рудники, о посёлках вокруг них и о том, как менялась жизнь края в 1930-е годы."
)
KAZAKH = (
    "Қарағанды облысының өңірі туралы кітап өткен ғасырдағы кеншілер мен олардың отбасылары, "
    "ауылдар мен қалалардың тарихы жайында сыр шертеді. Жинаққа 1930 жылдардан құжаттар енгізілген."
)
OLD = "Исторія города и его жителей, собранная изъ разныхъ книгъ и бумагъ, съ картою и рисунками."
LIST = "Ахметов А. К. 1931, Иванов П. С. 1904, Сейфуллин С. 1894, Omarov B. 1990, т. 7, с. 12-15."
LETTERS = "абвгдежзийклмнопрстуфхцчшщъыьэюя"
MONO = "/usr/share/fonts/truetype/dejavu/DejaVuSansMono.ttf"
DPI = 150


def scrambled(text: str) -> str:
    """As from a font whose table of letters was lost."""
    others = list(LETTERS)
    random.Random(3).shuffle(others)
    table = str.maketrans(LETTERS + LETTERS.upper(), "".join(others) + "".join(others).upper())
    return text.translate(table)


def garbage(text: str) -> str:
    """As of a recogniser that read another alphabet: signs and both alphabets in every word."""
    dice = random.Random(5)
    return "".join(dice.choice("ako0|}~^i") if dice.random() < 0.3 else sign for sign in text)


def read_wrongly(written: str, read: str) -> Callable[[str], str]:
    return lambda text: text.encode(written).decode(read, "replace")


@pytest.mark.parametrize(
    "text", [RUSSIAN, KAZAKH, RUSSIAN.upper(), OLD, LIST, f"{RUSSIAN} {KAZAKH}"]
)
def test_a_good_text_is_good(text: str) -> None:
    assert judge(text).reason is None


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (read_wrongly("koi8-r", "cp1251"), CODE_PAGE),
        (read_wrongly("cp1251", "koi8-r"), CODE_PAGE),
        (read_wrongly("utf-8", "cp1251"), CODE_PAGE),
        (read_wrongly("cp1251", "latin-1"), CODE_PAGE),
        (read_wrongly("iso8859-5", "cp1251"), CODE_PAGE),
        (scrambled, CODE_PAGE),
        (garbage, WORDS),
        (lambda text: "", EMPTY),
        (lambda text: text[:8], EMPTY),
    ],
    ids=["koi8", "koi8-back", "utf8", "latin1", "iso", "scrambled", "garbage", "none", "stamp"],
)
def test_a_bad_text_is_named_by_what_is_wrong_with_it(
    spoil: Callable[[str], str], reason: str
) -> None:
    assert judge(spoil(RUSSIAN)).reason == reason


def test_a_text_with_few_wrong_words_stays() -> None:
    words = RUSSIAN.split()
    words[3], words[9] = "н4ш~го", "с|роили"
    assert judge(" ".join(words)).reason is None


def test_the_verdict_gives_its_figures() -> None:
    values = dict(judge(RUSSIAN, coverage=0.31).values())
    assert values["reason"] == PARTIAL
    assert values["coverage"] == "0.31"
    assert (values["broken"], values["wordlike"]) == ("0.000", "1.000")


def lines(count: int = 24) -> list[str]:
    words = (RUSSIAN + " ") * 12
    return [words[n * 47 : n * 47 + 47].strip() for n in range(count)]


def picture(texts: list[str], photograph: bool = False) -> Image.Image:
    """An A5 page of 150 dpi with lines of 12-point print, the lower half a photograph if wanted."""
    image = Image.new("L", (874, 1240), 244)
    draw = ImageDraw.Draw(image)
    letters = ImageFont.truetype(MONO, 21)
    for n, text in enumerate(texts):
        draw.text((100, 100 + 40 * n), text, fill=30, font=letters)
    if photograph:
        dice = np.random.default_rng(2)
        small = Image.fromarray(dice.integers(20, 230, (12, 16), dtype=np.uint8))
        image.paste(small.resize((674, 500), Image.Resampling.BICUBIC), (100, 640))
    return image


def scan(path: Path, image: Image.Image, layer: list[str]) -> Path:
    """The picture as a PDF page with an invisible layer in the same places."""
    stream = io.BytesIO()
    image.save(stream, "JPEG", quality=80)
    pdf = pikepdf.new()
    page = pikepdf.Stream(pdf, stream.getvalue())
    for key, value in {
        "/Subtype": pikepdf.Name.Image,
        "/Width": image.width,
        "/Height": image.height,
        "/BitsPerComponent": 8,
        "/ColorSpace": pikepdf.Name.DeviceGray,
        "/Filter": pikepdf.Name.DCTDecode,
    }.items():
        page[key] = value
    width, height = (side * 72 / DPI for side in image.size)
    letters = "".join(sorted({sign for text in layer for sign in text} - {" "}))
    content = b"q %f 0 0 %f 0 0 cm /Im0 Do Q\n" % (width, height)
    for n, text in enumerate(layer):
        y = height - (100 + 40 * n + 20) * 72 / DPI
        content += text_operators(100 * 72 / DPI, y, text, letters, mode=3)
    add_page(pdf, content, [0, 0, width, height], xobject=page, font=text_font(pdf, letters or "a"))
    pdf.save(path)
    return path


def layer_of(path: Path) -> Layer:
    return read_layer(path, frame_of(inspect(path, Limits())))


def test_a_layer_over_the_whole_scan_is_kept_and_says_so(tmp_path: Path) -> None:
    found = layer_of(scan(tmp_path / "a.pdf", picture(lines()), lines()))
    assert found.page is not None
    assert found.page.engine == "embedded"
    assert found.page.provenance == (found.step,)
    assert found.step.name == "embedded-text"
    assert float(dict(found.step.settings)["coverage"]) > 0.95


@pytest.mark.parametrize("part", [1, 5, 10])
def test_a_layer_over_a_part_of_the_print_is_refused_and_says_so(tmp_path: Path, part: int) -> None:
    found = layer_of(scan(tmp_path / "a.pdf", picture(lines()), lines()[:part]))
    assert found.page is None
    assert found.step.name == "embedded-text-refused"
    assert dict(found.step.settings)["reason"] == PARTIAL
    assert float(dict(found.step.settings)["coverage"]) == pytest.approx(part / 24, abs=0.1)


def test_a_photograph_needs_no_words(tmp_path: Path) -> None:
    texts = lines(12)
    found = layer_of(scan(tmp_path / "a.pdf", picture(texts, photograph=True), texts))
    assert found.page is not None


def test_a_wrong_layer_over_a_scan_is_refused(tmp_path: Path) -> None:
    wrong = [scrambled(text) for text in lines()]
    found = layer_of(scan(tmp_path / "a.pdf", picture(lines()), wrong))
    assert (found.page, found.verdict.reason) == (None, CODE_PAGE)


def test_a_scan_without_a_layer_has_an_empty_one(tmp_path: Path) -> None:
    found = layer_of(scan(tmp_path / "a.pdf", picture(lines()), []))
    assert (found.page, found.verdict.reason) == (None, EMPTY)


def test_a_picture_without_print_is_covered() -> None:
    dice = np.random.default_rng(4)
    for grey in (
        np.full((1240, 874), 240, np.uint8),
        dice.integers(200, 255, (1240, 874), dtype=np.uint8),
        np.tile(np.linspace(0, 255, 874, dtype=np.uint8), (1240, 1)),
    ):
        assert coverage(grey, [], DPI) == 1.0


@pytest.mark.parametrize("dpi", [100, 150, 300])
def test_coverage_is_the_share_of_ink_at_any_resolution(dpi: int) -> None:
    image = picture(lines(20))
    image = image.resize((image.width * dpi // DPI, image.height * dpi // DPI))
    grey = np.asarray(image, dtype=np.uint8)
    half = Box(0, 0, image.width, round((100 + 40 * 10 - 6) * dpi / DPI))
    assert coverage(grey, [half], dpi) == pytest.approx(0.5, abs=0.06)
    assert coverage(grey, [], dpi) == 0.0


def test_a_page_that_is_read_anew_says_why_its_layer_was_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recognise, "RECOGNISERS", {"fake": FakeRecogniser})
    path = scan(tmp_path / "a.pdf", picture(lines()), [scrambled(text) for text in lines()])
    payload = {
        "master": str(path),
        "frame": frame_to_dict(frame_of(inspect(path, Limits()))),
        "profile": asdict(FAKE),
        "time": "2026-01-15T10:00:00Z",
        "output": str(tmp_path / "page.xml"),
    }
    task(payload)
    steps = read_alto((tmp_path / "page.xml").read_bytes()).provenance
    assert steps[0].name == "embedded-text-refused"
    assert dict(steps[0].settings)["reason"] == CODE_PAGE
    assert "recognise" in [step.name for step in steps[1:]]
