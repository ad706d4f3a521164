"""Every recogniser keeps the same promises; they are given the same pages."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from digitize.recognition import tesserocr_engine
from digitize.recognition.image import Grey
from digitize.recognition.profiles import profile_for
from digitize.recognition.recognise import Recogniser, for_this_machine, recogniser
from olketanu.errors import MissingToolError
from pages.measure import characters
from pages.text import Line, Region, Word

pytestmark = pytest.mark.tesseract

FONT = Path("/usr/share/fonts/truetype/paratype/PTF55F.ttf")
MODERN = profile_for("modern", "newspaper_article", 0, 1)
LINES = (
    "Қарағанды облысының өлкетану мұражайы",
    "ғылыми кітапхана қызметкерлері үшін ашылды.",
    "Городская библиотека открыла зал",
    "для чтения старых газет и журналов.",
)
OTHER_LINES = (
    "Читальный зал работает ежедневно",
    "кроме воскресенья и понедельника.",
)


@pytest.fixture(params=["tesseract", "tesserocr"])
def engine(request: pytest.FixtureRequest) -> Recogniser:
    if request.param == "tesserocr" and not tesserocr_engine.is_there():
        pytest.skip("tesserocr is not installed")
    return recogniser(request.param)


def drawn(lines: tuple[str, ...] = LINES, *, left: int = 100) -> Grey:
    if not FONT.is_file():
        pytest.skip("PT Serif (fonts-paratype) is not installed")
    font = ImageFont.truetype(str(FONT), 46)
    image = Image.new("L", (1400, 200 + 70 * len(lines)), 250)
    for number, line in enumerate(lines):
        ImageDraw.Draw(image).text((left, 100 + 70 * number), line, font=font, fill=20)
    return np.array(image, dtype=np.uint8)


def lines_of(regions: tuple[Region, ...]) -> list[Line]:
    return [line for region in regions for line in region.lines]


def words_of(regions: tuple[Region, ...]) -> list[Word]:
    return [word for line in lines_of(regions) for word in line.words]


def test_kazakh_and_russian_print_is_read_in_its_order(engine: Recogniser) -> None:
    regions = engine.recognise(drawn(), MODERN, 300)
    assert [line.text for line in lines_of(regions)] == list(LINES)
    assert {(line.language, line.script) for line in lines_of(regions)} == {("und", "und")}
    assert [region.id for region in regions] == [f"r{n + 1}" for n in range(len(regions))]


def test_words_lines_and_baselines_lie_where_they_were_drawn(engine: Recogniser) -> None:
    image = drawn()
    regions = engine.recognise(image, MODERN, 300)
    for number, line in enumerate(lines_of(regions)):
        assert line.box.left == pytest.approx(100, abs=6)
        assert line.baseline[1] == pytest.approx(100 + 70 * number + 46, abs=9)
        assert line.baseline[3] == pytest.approx(100 + 70 * number + 46, abs=9)
        assert [w.box.left for w in line.words] == sorted(w.box.left for w in line.words)
    height, width = image.shape
    for word in words_of(regions):
        assert 0 <= word.box.left < word.box.right <= width
        assert 0 <= word.box.top < word.box.bottom <= height


def test_every_word_has_a_confidence_between_0_and_1(engine: Recogniser) -> None:
    known = [word.confidence for word in words_of(engine.recognise(drawn(), MODERN, 300))]
    assert len(known) == sum(len(line.split()) for line in LINES)
    assert all(share is not None and 0.5 < share <= 1 for share in known)


@pytest.mark.parametrize("turns", [0, 1, 2, 3])
def test_the_turns_that_set_a_page_upright_are_found(engine: Recogniser, turns: int) -> None:
    lying = np.ascontiguousarray(np.rot90(drawn(LINES * 3), turns))
    assert engine.quarter_turns(lying) == turns


def test_a_page_without_text_has_no_regions_and_no_orientation(engine: Recogniser) -> None:
    blank = np.full((600, 600), 255, dtype=np.uint8)
    assert engine.recognise(blank, MODERN, 300) == ()
    assert engine.quarter_turns(blank) == 0


def test_an_image_without_pixels_is_refused(engine: Recogniser) -> None:
    with pytest.raises(RuntimeError):
        engine.recognise(np.zeros((0, 0), dtype=np.uint8), MODERN, 300)


def test_the_identity_names_version_and_every_model_by_hash(engine: Recogniser) -> None:
    identity = engine.identity(MODERN)
    assert identity.version[0].isdigit()
    assert [name for name, _ in identity.models] == ["kaz", "rus"]
    assert {len(sha256) for _, sha256 in identity.models} == {64}
    assert identity == engine.identity(MODERN)


def test_a_missing_model_is_named_with_its_package(engine: Recogniser) -> None:
    with pytest.raises(MissingToolError) as caught:
        engine.identity(replace(MODERN, languages="kaz+xyz"))
    assert caught.value.key == "error.missing-model"
    assert caught.value.facts == {"language": "xyz", "package": "tesseract-ocr-xyz"}


def test_what_was_read_before_does_not_sway_a_page(engine: Recogniser) -> None:
    first = engine.recognise(drawn(), MODERN, 300)
    other = engine.recognise(drawn(OTHER_LINES, left=160), MODERN, 400)
    assert engine.recognise(drawn(), MODERN, 300) == first
    old = for_this_machine(profile_for("old-soviet", "newspaper_article", 0, 1))
    engine.recognise(drawn(), old, 300)
    assert engine.recognise(drawn(OTHER_LINES, left=160), MODERN, 400) == other


def test_the_settings_of_the_profile_are_obeyed(engine: Recogniser) -> None:
    columns = np.hstack([drawn(LINES * 4), drawn(OTHER_LINES * 8)])
    apart = engine.recognise(columns, MODERN, 300)
    as_one_block = engine.recognise(columns, replace(MODERN, psm=6), 300)
    assert lines_of(apart)[0].text == LINES[0]
    assert lines_of(as_one_block)[0].text == f"{LINES[0]} {OTHER_LINES[0]}"


def test_the_engines_read_the_same_within_a_hair() -> None:
    if not tesserocr_engine.is_there():
        pytest.skip("tesserocr is not installed")
    image = drawn(LINES + OTHER_LINES)
    one, other = (recogniser(n).recognise(image, MODERN, 300) for n in ("tesseract", "tesserocr"))
    texts = ["\n".join(line.text for line in lines_of(read)) for read in (one, other)]
    assert characters(*texts).rate <= 0.01
    for first, second in zip(words_of(one), words_of(other), strict=True):
        assert first.box == pytest.approx(second.box, abs=3)
        assert first.confidence == pytest.approx(second.confidence, abs=0.1)
