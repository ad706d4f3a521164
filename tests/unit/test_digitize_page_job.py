from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from digitize.recognition import page_job, recognise
from digitize.recognition.image import Grey
from digitize.recognition.page_job import task
from digitize.recognition.profiles import Look, Profile, profile_for
from digitize.recognition.recognise import EngineIdentity
from pages.alto import read_alto
from pages.text import Box, Line, PageText, Region, Word

FONT = Path("/usr/share/fonts/truetype/paratype/PTF55F.ttf")
PROFILE = profile_for("modern", "newspaper_article", 0, 1)
LINES = (
    "Қарағанды облысының өлкетану мұражайы",
    "ғылыми кітапхана қызметкерлері үшін ашылды.",
    "Городская библиотека открыла зал",
    "для чтения старых газет и журналов.",
) * 3
WIDTH, HEIGHT = 1400, 1100


class FakeRecogniser:
    """Answers with one word that covers the dark pixels of whatever image it is given."""

    def __init__(self, confidence: float = 0.9, turns: int = 0) -> None:
        self.confidence = confidence
        self.turns = turns
        self.shapes: list[tuple[int, ...]] = []
        self.lines: list[int] = []
        self.again = 0.95
        self.asked = 0
        self.dpi: list[int] = []

    def identity(self, profile: Profile) -> EngineIdentity:
        return EngineIdentity("fake", "1", ((profile.languages, "0" * 64),))

    def recognise(self, image: Grey, profile: Profile, dpi: int) -> tuple[Region, ...]:
        self.shapes.append(image.shape)
        self.dpi.append(dpi)
        rows, columns = np.nonzero(image < 128)
        if not len(rows):
            return ()
        left, top = int(columns.min()), int(rows.min())
        right, bottom = int(columns.max()) + 1, int(rows.max()) + 1
        box = Box(left, top, right, bottom)
        word = Word("cөз", "cөз", box, self.confidence)  # the first letter is Latin
        line = Line(box, (left, bottom, right, bottom), "und", "und", (word,))
        return (Region("r1", "text", box, (line,)),)

    def recognise_lines(
        self, images: Sequence[Grey], profile: Profile, dpi: int
    ) -> list[tuple[Word, ...]]:
        self.lines.append(len(images))
        return [(Word("сөз", "сөз", Box(0, 0, 9, 9), self.again),) for _ in images]

    def quarter_turns(self, image: Grey) -> int:
        self.asked += 1
        return self.turns


Run = Callable[..., tuple[dict[str, Any], PageText]]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    def done(image: Image.Image, profile: Profile, **more: Any) -> tuple[dict[str, Any], PageText]:
        master = tmp_path / "master"
        image.save(master, format="PNG")
        frame = {"master": "ab" * 32, "frame": 0, "crop": None, "quarter_turn": 0, "dpi": 300}
        payload = {
            "master": str(master),
            "frame": {**frame, "width": image.width, "height": image.height},
            "profile": asdict(profile),
            "time": "2026-01-15T10:00:00Z",
            "output": str(tmp_path / "page.xml"),
            **more,
        }
        answer = task(payload)
        return answer, read_alto((tmp_path / "page.xml").read_bytes())

    return done


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> Callable[..., FakeRecogniser]:
    def made(**settings: Any) -> FakeRecogniser:
        engine = FakeRecogniser(**settings)
        monkeypatch.setattr(recognise, "RECOGNISERS", {"fake": lambda: engine})
        return engine

    return made


FAKE = replace(PROFILE, engine="fake")
LATIN = replace(profile_for("latin-kk-1929", "book", 0, 1), engine="fake")


def marked() -> Image.Image:
    image = Image.new("L", (500, 700), 255)
    ImageDraw.Draw(image).rectangle((60, 80, 259, 129), fill=0)
    return image


def printed(lean: float = 0.0) -> Image.Image:
    if not FONT.is_file():
        pytest.skip("PT Serif (fonts-paratype) is not installed")
    font = ImageFont.truetype(str(FONT), 46)
    image = Image.new("L", (WIDTH, HEIGHT), 250)
    for number, line in enumerate(LINES):
        ImageDraw.Draw(image).text((130, 120 + 70 * number), line, font=font, fill=20)
    return image.rotate(lean, Image.Resampling.BICUBIC, fillcolor=250)


def test_the_answer_and_the_alto_file_say_the_same(run: Run, fake: Any) -> None:
    fake()
    answer, page = run(marked(), FAKE)
    assert (answer["state"], answer["code"], answer["words"]) == ("text", None, 1)
    assert answer["confidence"] == pytest.approx(0.9)
    assert page.engine == answer["engine"] == "fake 1"
    assert page.models == (("kaz+rus", "0" * 64),)
    (word,) = page.lines()[0].words
    assert (word.text, word.raw) == ("сөз", "cөз")
    assert word.box == Box(60, 80, 260, 130)
    assert [step.name for step in page.provenance] == [
        *("prepare", "recognise", "repair", "language", "layout"),
    ]


def test_a_second_attempt_reads_fewer_pixels_and_keeps_the_boxes(run: Run, fake: Any) -> None:
    engine = fake()
    _, page = run(marked(), FAKE, attempt=2)
    assert engine.shapes == [(350, 250)]
    assert engine.dpi == [150]
    assert page.lines()[0].box == Box(60, 80, 260, 130)


def test_a_page_without_words_is_kept_as_an_image(run: Run, fake: Any) -> None:
    fake()
    answer, page = run(Image.new("L", (300, 300), 255), FAKE)
    assert (answer["state"], answer["code"], answer["words"]) == ("image-only", "NO_TEXT", 0)
    assert answer["confidence"] is None
    assert page.regions == ()


def test_words_that_the_engine_does_not_trust_are_no_text(run: Run, fake: Any) -> None:
    engine = fake(confidence=0.2)
    answer, page = run(marked(), FAKE)
    assert answer["code"] == "NO_TEXT"
    assert page.regions == ()
    assert len(engine.shapes) == 1


def test_a_page_that_is_not_readable_is_tried_turned_once(run: Run, fake: Any) -> None:
    engine = fake(confidence=0.2, turns=1)
    run(marked(), FAKE)
    assert engine.shapes == [(700, 500), (500, 700)]


def test_a_page_with_little_text_is_asked_how_it_lies_and_a_full_one_is_not(
    run: Run, fake: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = fake()
    run(marked(), FAKE)
    assert engine.asked == 1
    monkeypatch.setattr("digitize.recognition.page_job.LITTLE_TEXT", 1)
    run(marked(), FAKE)
    assert engine.asked == 1


def test_the_quarter_turns_made_are_written_into_the_page(run: Run, fake: Any) -> None:
    engine = fake(confidence=0.4, turns=2)
    confidences = iter((0.4, 0.9))
    as_before = engine.recognise

    def surer(*wanted: Any) -> Any:
        engine.confidence = next(confidences)
        return as_before(*wanted)

    engine.recognise = surer
    _, page = run(marked(), FAKE)
    assert dict(page.provenance[0].settings)["quarter-turns"] == "2"


def test_without_a_model_for_its_alphabet_a_page_is_an_image_and_says_why(
    run: Run, fake: Any
) -> None:
    engine = fake()
    answer, page = run(marked(), replace(LATIN, languages=""))
    assert (answer["state"], answer["code"], answer["words"]) == ("image-only", "NO_MODEL", 0)
    assert page.regions == ()
    assert engine.shapes == []
    assert dict(page.provenance[0].settings)["profile"] == "latin-kk-1929"


def test_a_profile_that_knows_what_is_printed_says_so_of_every_line(run: Run, fake: Any) -> None:
    fake()
    answer, page = run(marked(), LATIN)
    assert {(line.language, line.script) for line in page.lines()} == {("kaz", "Latn")}
    assert answer["languages"] == ["kaz"]


def test_doubtful_lines_are_read_once_more_by_every_look(run: Run, fake: Any) -> None:
    engine = fake(confidence=0.7)
    looks = (Look(0.5, 0.5, 0.8), Look(1.0, 1.0, 1.2))
    _, page = run(marked(), replace(FAKE, sure=0.8, looks=looks))
    assert engine.lines == [1, 1]
    assert page.lines()[0].words[0].raw == "сөз"
    assert dict(page.provenance[1].settings)["lines-read-again"] == "1"
    _, page = run(marked(), replace(FAKE, sure=0.6, looks=looks))
    assert engine.lines == [1, 1]
    assert dict(page.provenance[1].settings)["lines-read-again"] == "0"


def test_a_defect_in_the_layout_costs_the_marks_and_not_the_text(
    run: Run, fake: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(image: Grey, page: PageText) -> PageText:
        raise ZeroDivisionError

    fake()
    monkeypatch.setattr(page_job, "mark_regions", broken)
    answer, page = run(marked(), FAKE)
    assert (answer["state"], answer["words"]) == ("text", 1)
    assert page.provenance[-1].name == "layout"
    assert page.provenance[-1].settings == (("failed", "ZeroDivisionError"),)


def test_the_same_page_gives_the_same_bytes(run: Run, fake: Any, tmp_path: Path) -> None:
    fake()
    run(marked(), FAKE)
    first = (tmp_path / "page.xml").read_bytes()
    run(marked(), FAKE)
    assert (tmp_path / "page.xml").read_bytes() == first


def test_a_master_that_is_no_pdf_is_never_asked_for_embedded_text(
    run: Run, fake: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake()
    monkeypatch.setattr("digitize.scan.pdf_input.read_layer", lambda *_: pytest.fail("asked"))
    assert run(marked(), FAKE)[0]["state"] == "text"


@pytest.mark.tesseract
@pytest.mark.parametrize("lean", [0.0, 2.0, -3.0])
def test_a_straight_or_leaning_page_is_read_in_frame_pixels(run: Run, lean: float) -> None:
    answer, page = run(printed(lean), PROFILE)
    assert [line.text for line in page.lines()] == list(LINES)
    assert answer["languages"] == ["kaz", "rus"]
    assert page.skew == pytest.approx(lean, abs=0.15)
    ink = np.array(printed(lean)) < 128
    for line in page.lines():
        assert ink[line.box.top : line.box.bottom, line.box.left : line.box.right].any()
    covered = np.zeros_like(ink)
    for word in (word for line in page.lines() for word in line.words):
        covered[word.box.top : word.box.bottom, word.box.left : word.box.right] = True
    assert (ink & covered).sum() > 0.98 * ink.sum()


@pytest.mark.tesseract
def test_every_line_has_its_language(run: Run) -> None:
    _, page = run(printed(), PROFILE)
    assert [line.language for line in page.lines()] == ["kaz", "kaz", "rus", "rus"] * 3


@pytest.mark.tesseract
@pytest.mark.slow
@pytest.mark.parametrize("turn", [90, 180, 270])
def test_a_page_that_lies_on_its_side_or_head_is_read(run: Run, turn: int) -> None:
    answer, page = run(printed().rotate(turn, expand=True), PROFILE)
    assert answer["state"] == "text"
    assert "Қарағанды облысының өлкетану" in " ".join(line.text for line in page.lines())
    assert answer["confidence"] > 0.85
    frame = page.frame
    for line in page.lines():
        assert 0 <= line.box.left < line.box.right <= frame.width
        assert 0 <= line.box.top < line.box.bottom <= frame.height
