"""The in-process engine may hang, crash or eat memory; the worker's bounds hold it all the same."""

import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageDraw

from digitize.recognition import tesserocr_engine
from digitize.recognition.profiles import profile_for
from digitize.work.limits import Limits
from digitize.work.pool import Done, WorkerPool
from olketanu.errors import MissingToolError

pytestmark = [
    pytest.mark.slow,
    pytest.mark.tesseract,
    pytest.mark.skipif(sys.platform != "linux", reason="limits of memory are Linux's"),
]

TIMEOUT = 6.0  # seconds for the page that hangs
PATIENCE = 300.0  # seconds; a limit for a broken build, never waited for by a sound one
MEMORY_MB = 1200
PROFILE = replace(profile_for("modern", "other", 0, 1), engine="tesserocr")
FAKE = '''
"""Says that it is tesserocr, and does to every page what it was made for."""
import os, signal, sys, time

__version__ = "2.13.0"
HOCR = (
    "<div class='ocr_page'><div class='ocr_carea' title='bbox 20 20 320 120'>"
    "<p class='ocr_par'><span class='ocr_line' title='bbox 20 20 320 120; baseline 0 0'>"
    "<span class='ocrx_word' title='bbox 20 20 320 120; x_wconf 95'>Өлке</span></span></p>"
    "</div></div>"
)


def tesseract_version():
    return "tesseract 5.5.4\\n leptonica-1.87.0"


class PyTessBaseAPI:
    def __init__(self, path, lang, psm=3):
        self.lang = lang

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass

    def __getattr__(self, name):
        return lambda *_: None

    def GetHOCRText(self, page):
        {behaviour}
        return HOCR
'''
BEHAVIOURS = {
    "TIMEOUT": "time.sleep(600)",
    "CRASHED": "os.kill(os.getpid(), signal.SIGSEGV)",
    "OUT_OF_MEMORY": "hoard = [b'x' * (16 << 20) for _ in range(4096)]",
}


def read(folder: Path, behaviour: str, pages: int = 1) -> list[Done]:
    """What becomes of a page, of each after it, with a library that behaves so."""
    (folder / "library").mkdir()
    fake = FAKE.replace("{behaviour}", behaviour)
    (folder / "library" / "tesserocr.py").write_text(fake, encoding="utf-8")
    image = Image.new("L", (400, 160), 250)
    ImageDraw.Draw(image).rectangle((20, 20, 320, 120), fill=20)
    image.save(folder / "page.png", dpi=(300, 300))
    frame = {"master": "ab" * 32, "frame": 0, "crop": None, "quarter_turn": 0, "dpi": 300}
    payload: dict[str, Any] = {
        "master": str(folder / "page.png"),
        "frame": {**frame, "width": 400, "height": 160},
        "profile": PROFILE.to_dict(),
        "time": "2026-01-15T10:00:00Z",
        "output": str(folder / "page.xml"),
    }
    limits = Limits(memory_mb=MEMORY_MB)
    patience = TIMEOUT if behaviour == BEHAVIOURS["TIMEOUT"] else PATIENCE
    with WorkerPool(1, limits, folder / "scratch", path=(folder / "library",)) as pool:
        for _ in range(pages):
            pool.submit("page", payload, patience)
        return [pool.wait() for _ in range(pages)]


@pytest.mark.parametrize("code", BEHAVIOURS)
def test_a_library_that_misbehaves_costs_its_page_and_nothing_else(
    tmp_path: Path, code: str
) -> None:
    (done,) = read(tmp_path, BEHAVIOURS[code])
    assert done.error == code
    assert not (tmp_path / "page.xml").exists()


def test_the_worker_goes_on_with_the_next_page(tmp_path: Path) -> None:
    mark = f"'{tmp_path}/mark'"
    die_once = f"os.path.exists({mark}) or (open({mark}, 'x').close(), os._exit(3))"
    first, second = read(tmp_path, die_once, pages=2)
    assert first.error == "CRASHED"
    assert second.error is None
    assert second.result is not None
    assert second.result["engine"] == "tesserocr 2.13.0/5.5.4"


@pytest.mark.parametrize("source", ["raise ImportError", "import os; os.abort()", "print('hm')"])
def test_a_library_that_does_not_answer_is_not_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, source: str
) -> None:
    (tmp_path / "tesserocr.py").write_text(source)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    tesserocr_engine._version.cache_clear()
    try:
        assert not tesserocr_engine.is_there()
        with pytest.raises(MissingToolError) as caught:
            tesserocr_engine.Tesserocr().identity(PROFILE)
    finally:
        tesserocr_engine._version.cache_clear()
    assert caught.value.key == "error.missing-tesserocr"
