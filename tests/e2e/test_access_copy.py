"""The small copy of a worn page is read as well as the page without loss."""

import json
from pathlib import Path

import pypdfium2
import pytest
from PIL import Image

from digitize.output.pdf.metadata import PdfInfo
from digitize.output.publish import PublishedPage, Said, publish
from digitize.recognition import page_job
from digitize.recognition.profiles import profile_for
from pages.alto import read_alto
from pages.codec import frame_to_dict
from pages.measure import pair_lines
from pages.text import PageFrame
from tests.house import ROOT

pytestmark = [pytest.mark.tesseract, pytest.mark.slow]
TIME = "2026-11-23T09:00:00Z"
NAMES = ("02_stepnoi-gornyak_kopiya", "04_saryarka-tany_koshirme", "06_nura-tolkyny_2")
MOST_WORSE = 0.003


def _read(image: Image.Image, folder: Path) -> list[str]:
    master, output = folder / "shown.png", folder / "shown.xml"
    image.save(master, dpi=(300, 300))
    frame = PageFrame("a" * 64, 0, None, 0, *image.size, 300)
    profile = profile_for("modern", "newspaper_issue", 0, 1)
    asked = {"master": str(master), "frame": frame_to_dict(frame), "profile": profile.to_dict()}
    page_job.task({**asked, "time": TIME, "output": str(output)})
    return [line.text for line in read_alto(output.read_bytes()).lines()]


def test_the_access_copy_is_read_as_well_as_the_master(tmp_path: Path) -> None:
    forms = {"access.pdf": "access", "master.pdf": "master"}
    edits, length = dict.fromkeys(forms, 0), 0
    for name in NAMES:
        scan = ROOT / "scans/2026-01_sample" / name / "0001.jpg"
        truth = json.loads((ROOT / "scans/truth" / name / "p0001.json").read_text("utf-8"))
        lines = [line["text"] for line in truth["lines"]]
        length += sum(map(len, lines))
        with Image.open(scan) as image:
            frame = PageFrame("a" * 64, 0, None, 0, *image.size, 300)
        said = Said(PdfInfo("x", "x", TIME, ("rus",)), [None])
        publish(tmp_path, forms, [PublishedPage("p0001", scan, frame)], said)
        for form in forms:
            with pypdfium2.PdfDocument(tmp_path / form) as pdf:
                page = pdf[0]
                shown = page.render(scale=300 / 72).to_pil().convert("L")
                page.close()
            pairs = pair_lines(lines, _read(shown, tmp_path))
            edits[form] += sum(pair.errors.edits for pair in pairs)
    assert edits["access.pdf"] / length <= edits["master.pdf"] / length + MOST_WORSE, edits
    assert edits["access.pdf"] / length < 0.02
