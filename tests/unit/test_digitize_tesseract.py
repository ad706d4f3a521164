import os
import resource
import signal
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from digitize.recognition import question
from digitize.recognition.hocr import parse_hocr
from digitize.recognition.image import Grey
from digitize.recognition.profiles import profile_for
from digitize.recognition.recognise import recogniser
from digitize.recognition.tesseract import MARGIN, Tesseract, print_of
from olketanu.errors import InputError, MissingToolError
from pages.text import Box

FONT = Path("/usr/share/fonts/truetype/paratype/PTF55F.ttf")
MODERN = profile_for("modern", "newspaper_article", 0, 1)
LINES = (
    "Қарағанды облысының өлкетану мұражайы",
    "ғылыми кітапхана қызметкерлері үшін ашылды.",
    "Городская библиотека открыла зал",
    "для чтения старых газет и журналов.",
)
PATIENCE = 300.0  # seconds; a limit for a broken build, never waited for by a sound one
FAILING = """#!/bin/sh
case "$1" in --*) exec /usr/bin/tesseract "$@";; esac
{end}
"""
HOCR = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN"
    "http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">
<html xmlns="http://www.w3.org/1999/xhtml"><body>
<div class='ocr_page' title='bbox 0 0 900 900'>
 <div class='ocr_photo' title="bbox 600 0 900 300"></div>
 <div class='ocr_carea' title="bbox 500 0 510 900"><p class='ocr_par' title="bbox 500 0 510 900">
  <span class='ocr_line' title="bbox 500 0 510 900; baseline 0 0">
   <span class='ocrx_word' title='bbox 500 0 510 900; x_wconf 95'> </span></span></p></div>
 <div class='ocr_carea' title="bbox 10 20 410 160"><p class='ocr_par' title="bbox 10 20 410 160">
  <span class='ocr_header' title="bbox 10 20 410 60; baseline -0.01 -8; x_size 40">
   <span class='ocrx_word' title='bbox 10 20 200 60; x_wconf 91'><strong>Қала</strong></span>
   <span class='ocrx_word' title='bbox 210 20 210 60; x_wconf 90'>|</span>
   <span class='ocrx_word' title='bbox 220 20 410 60; x_wconf 44'>&lt;Угол&amp;</span></span>
  <span class='ocr_line' title="bbox 10 100 410 160">
   <span class='ocrx_word' title='bbox 10 100 410 160'>тарих</span></span></p></div>
</div></body></html>"""


def drawn(lines: tuple[str, ...] = LINES) -> Grey:
    if not FONT.is_file():
        pytest.skip("PT Serif (fonts-paratype) is not installed")
    font = ImageFont.truetype(str(FONT), 46)
    image = Image.new("L", (1400, 200 + 70 * len(lines)), 250)
    for number, line in enumerate(lines):
        ImageDraw.Draw(image).text((100, 100 + 70 * number), line, font=font, fill=20)
    return np.array(image, dtype=np.uint8)


def test_hocr_becomes_regions_lines_and_words_with_box_and_confidence() -> None:
    (region,) = parse_hocr(HOCR.encode())
    assert (region.id, region.kind, region.box) == ("r1", "text", Box(10, 20, 410, 160))
    header, line = region.lines
    assert [(word.text, word.box, word.confidence) for word in header.words] == [
        ("Қала", Box(10, 20, 200, 60), 0.91),
        ("<Угол&", Box(220, 20, 410, 60), 0.44),
    ]
    assert [(word.text, word.confidence) for word in line.words] == [("тарих", None)]


def test_the_baseline_is_counted_from_the_lower_left_corner_of_the_line() -> None:
    header, line = parse_hocr(HOCR.encode())[0].lines
    assert header.baseline == (10, 52, 410, 48)
    assert line.baseline == (10, 160, 410, 160)


def test_control_characters_in_hocr_do_not_stop_it() -> None:
    dirty = HOCR.replace("тарих", "та\x0bр\x01их").encode()
    assert parse_hocr(dirty)[0].lines[1].text == "тарих"


def test_broken_hocr_is_an_error_with_a_key() -> None:
    with pytest.raises(InputError):
        parse_hocr(HOCR[:700].encode())


def test_a_missing_program_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(MissingToolError) as caught:
        Tesseract().identity(MODERN)
    assert caught.value.key == "error.missing-tesseract"


@pytest.mark.tesseract
def test_a_missing_model_is_named_with_its_package() -> None:
    with pytest.raises(MissingToolError) as caught:
        Tesseract().identity(replace(MODERN, languages="kaz+kir"))
    assert caught.value.key == "error.missing-model"
    assert caught.value.facts == {"language": "kir", "package": "tesseract-ocr-kir"}


@pytest.mark.tesseract
def test_models_are_looked_for_where_the_environment_says(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("TESSDATA_PREFIX", str(tmp_path))
    with pytest.raises(MissingToolError) as caught:
        Tesseract().identity(MODERN)
    assert caught.value.facts["package"] == "tesseract-ocr-kaz"


@pytest.mark.tesseract
def test_the_identity_names_version_and_every_model_by_hash() -> None:
    identity = recogniser("tesseract").identity(MODERN)
    assert identity.label.startswith("tesseract ")
    assert identity.version[0].isdigit()
    assert [name for name, _ in identity.models] == ["kaz", "rus"]
    assert len({sha256 for _, sha256 in identity.models}) == 2
    assert all(len(sha256) == 64 for _, sha256 in identity.models)


@pytest.mark.tesseract
@pytest.mark.parametrize("name", ["modern", "old-soviet", "imprint"])
def test_kazakh_and_russian_print_is_read(name: str) -> None:
    profile = profile_for(name, "newspaper_article", 0, 1)
    regions = Tesseract().recognise(drawn(), profile, 300)
    assert [line.text for region in regions for line in region.lines] == list(LINES)


@pytest.mark.tesseract
def test_words_lie_where_they_were_drawn() -> None:
    (first, *_), *_ = (region.lines for region in Tesseract().recognise(drawn(), MODERN, 300))
    assert first.box.left == pytest.approx(100, abs=6)
    assert first.baseline[1] == pytest.approx(100 + 46, abs=8)
    assert first.words[0].box.right < first.words[1].box.left


@pytest.mark.tesseract
@pytest.mark.parametrize("turns", [0, 1, 2, 3])
def test_the_turns_that_set_a_page_upright_are_found(turns: int) -> None:
    page = drawn(LINES * 3)
    lying = np.ascontiguousarray(np.rot90(page, turns))
    assert Tesseract().quarter_turns(lying) == turns


@pytest.mark.tesseract
def test_a_page_without_text_has_no_regions_and_no_orientation() -> None:
    blank = np.full((600, 600), 255, dtype=np.uint8)
    assert Tesseract().recognise(blank, MODERN, 300) == ()
    assert Tesseract().quarter_turns(blank) == 0


@pytest.mark.tesseract
def test_a_program_that_was_killed_or_had_no_memory_is_told_from_one_that_failed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    program = tmp_path / "tesseract"
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    program.write_text(FAILING.format(end="kill -9 $$"))
    program.chmod(0o755)
    with pytest.raises(MemoryError):
        Tesseract().recognise(drawn(), MODERN, 300)
    program.write_text(FAILING.format(end="echo std::bad_alloc >&2; exit 134"))
    with pytest.raises(MemoryError):
        Tesseract().recognise(drawn(), MODERN, 300)
    program.write_text(FAILING.format(end="exit 3"))
    with pytest.raises(RuntimeError, match="status 3"):
        Tesseract().recognise(drawn(), MODERN, 300)


def fake(folder: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    """A program first on PATH that knows kaz and rus, and does to a page what the script says."""
    for name in ("kaz", "rus", "osd"):
        (folder / f"{name}.traineddata").touch()
    program = folder / "tesseract"
    listing = f'List of available languages in "{folder}/" (3):'
    program.write_text(f"#!/bin/sh\n[ $1 = --list-langs ] && echo '{listing}' && exit\n{script}\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")


@pytest.mark.parametrize(
    "script",
    [
        'head -c 1000 /dev/urandom > "$2.hocr"',
        'echo "<html>" > "$2.hocr"',
        ': > "$2.hocr"',
        """echo "<html xmlns='http://www.w3.org/1999/xhtml'><div class='ocr_page'>\
<div class='ocr_carea' title='bbox a'><p><span title='bbox 1 1 9 9'>\
<b title='bbox 1 1 1e400 9'>a</b></span></p></div></div></html>" \
> "$2.hocr\"""",
    ],
    ids=["noise", "not closed", "empty", "no numbers"],
)
def test_an_answer_that_is_no_hocr_is_a_failure_of_the_program(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, script: str
) -> None:
    fake(tmp_path, monkeypatch, script)
    with pytest.raises(RuntimeError, match="no hOCR"):
        Tesseract().recognise(np.zeros((9, 9), dtype=np.uint8), MODERN, 300)


def test_an_answer_without_bounds_is_cut_off_by_the_kernel(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    fake(tmp_path, monkeypatch, 'exec head -c 100000000 /dev/zero > "$2.hocr"')
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    with pytest.raises(RuntimeError, match=f"status -{int(signal.SIGXFSZ)}"):
        Tesseract().recognise(np.zeros((9, 9), dtype=np.uint8), MODERN, 300)
    assert resource.getrlimit(resource.RLIMIT_FSIZE) == before
    assert not list(tmp_path.glob("tess_*"))


@pytest.mark.parametrize(
    "script", [":", "echo Rotate: 90 > $2.osd", "printf '\\377' > $2.osd", "exit 1"]
)
def test_an_orientation_that_cannot_be_understood_is_none(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, script: str
) -> None:
    fake(tmp_path, monkeypatch, script)
    assert Tesseract().quarter_turns(np.zeros((9, 9), dtype=np.uint8)) == 0


@pytest.mark.parametrize(
    "script", ["sleep 600", "exec >&- 2>&-; sleep 600", "exec cat /dev/zero", "echo mousseract 5"]
)
def test_a_program_that_does_not_say_its_version_is_missing_and_killed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, script: str
) -> None:
    fake(tmp_path, monkeypatch, f"echo $$ > {tmp_path}/pid; {script}")
    monkeypatch.setattr(question, "QUESTION_SECONDS", 3.0)
    with pytest.raises(MissingToolError):
        Tesseract().identity(MODERN)
    group = int((tmp_path / "pid").read_text())
    end = time.monotonic() + PATIENCE
    while group_lives(group):
        assert time.monotonic() < end, "it lives on"
        time.sleep(0.02)


def group_lives(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.mark.tesseract
def test_no_temporary_file_stays(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    Tesseract().recognise(drawn(), MODERN, 300)
    assert list(tmp_path.iterdir()) == []


def test_blank_margins_are_not_shown_and_the_palest_print_is() -> None:
    page = np.full((900, 700), 250, np.uint8)
    page[300:320, 200:500] = 30
    page[840:850, 330:360] = 215  # a pale number at the foot
    shown, (left, top) = print_of(page)
    assert (left, top) == (200 - MARGIN, 300 - MARGIN)
    assert shown.shape == (550 + 2 * MARGIN, 300 + 2 * MARGIN)
    blank, corner = print_of(np.full((90, 70), 240, np.uint8))
    assert (blank.shape, corner) == ((90 + 2 * MARGIN, 70 + 2 * MARGIN), (-MARGIN, -MARGIN))
