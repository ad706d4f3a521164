"""PDFs of every odd input keep the rules of PDF/A-2u; the checker of the rules sees breaches."""

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest

from digitize.output.publish import FORMS
from tests.house import ROOT
from tests.unit.made_pdfs import ODD, Odd, make
from tests.unit.pdfa_rules import faults

JARS = sorted((ROOT / ".venv" / "verapdf").glob("greenfield-apps-*.jar"))


@pytest.mark.parametrize("odd", ODD, ids=[odd.name for odd in ODD])
def test_every_form_of_every_odd_input_keeps_the_rules(tmp_path: Path, odd: Odd) -> None:
    home = make(odd, tmp_path)
    for form in FORMS:
        found = faults(home / f"{form}.pdf")
        if form == "master" and not odd.archival:
            assert "6.6.4: identification" in found
            assert any("/DeviceCMYK" in fault for fault in found)
        else:
            assert found == [], form


def _recode(pdf: pikepdf.Pdf) -> None:
    font = pdf.pages[0].Resources.Font["/F1"]
    font.ToUnicode.write(font.ToUnicode.read_bytes().replace(b"<0400> <04FF>", b"<2400> <24FF>"))


def _no_glyph(pdf: pikepdf.Pdf) -> None:
    descendant = pdf.pages[0].Resources.Font["/F1"].DescendantFonts[0]
    descendant.CIDToGIDMap = pdf.make_stream(bytes(131072))


def _retitle(pdf: pikepdf.Pdf) -> None:
    pdf.trailer.Info.Title = "Other"


def _unclaimed(pdf: pikepdf.Pdf) -> None:
    data = pdf.Root.Metadata.read_bytes()
    pdf.Root.Metadata.write(data.replace(b"pdfaid:part", b"pdfaid:prat"))


def _printed_colours(pdf: pikepdf.Pdf) -> None:
    pdf.pages[0].Resources.XObject["/Im1"].ColorSpace = pikepdf.Name.DeviceCMYK


def _script(pdf: pikepdf.Pdf) -> None:
    pdf.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")


def _no_font_file(pdf: pikepdf.Pdf) -> None:
    del pdf.pages[0].Resources.Font["/F1"].DescendantFonts[0].FontDescriptor.FontFile2


def _smooth(pdf: pikepdf.Pdf) -> None:
    pdf.pages[0].Resources.XObject["/Im1"].Interpolate = True


def _seen_through(pdf: pikepdf.Pdf) -> None:
    image = pdf.pages[0].Resources.XObject["/Im1"]
    image.SMask = pdf.make_stream(b"\xff", Width=1, Height=1, BitsPerComponent=8)


def _lost_image(pdf: pikepdf.Pdf) -> None:
    del pdf.pages[0].Resources.XObject["/Im1"]


def _foreign_operator(pdf: pikepdf.Pdf) -> None:
    page = pdf.pages[0]
    page.obj.Contents = pdf.make_stream(page.Contents.read_bytes() + b"\nBX EX")


def _huge(pdf: pikepdf.Pdf) -> None:
    pdf.pages[0].obj.MediaBox = [0, 0, 15000, 100]


def _late_labels(pdf: pikepdf.Pdf) -> None:
    pdf.Root.PageLabels.Nums[0] = 1


BREACHES: dict[str, Callable[[pikepdf.Pdf], None]] = {
    "6.2.11.7.2": _recode,
    "6.2.11": _no_font_file,
    "6.2.11.7.2: codes": _no_glyph,
    "6.6.3: /Title": _retitle,
    "6.6.4": _unclaimed,
    "6.2.4.3": _printed_colours,
    "6.4/6.5/6.9: /OpenAction": _script,
    "6.2.8: interpolation": _smooth,
    "6.2.8: /SMask": _seen_through,
    "6.2.2: no /Im1": _lost_image,
    "6.2.2: operator": _foreign_operator,
    "6.1.13": _huge,
    "12.4.2": _late_labels,
}


@pytest.mark.parametrize("clause", BREACHES)
def test_a_breach_is_seen(tmp_path: Path, clause: str) -> None:
    made = make(next(odd for odd in ODD if odd.name == "rgb-png"), tmp_path, ("master",))
    with pikepdf.open(made / "master.pdf") as pdf:
        BREACHES[clause](pdf)
        pdf.save(made / "broken.pdf", deterministic_id=True)
    assert faults(made / "master.pdf") == []
    assert any(fault.startswith(clause) for fault in faults(made / "broken.pdf"))


@pytest.mark.slow
@pytest.mark.skipif(not JARS or not shutil.which("java"), reason=".ci/verapdf has not run here")
def test_verapdf_finds_every_form_of_every_odd_input_valid(tmp_path: Path) -> None:
    files = []
    for odd in ODD:
        made = make(odd, tmp_path)
        files += [made / f"{f}.pdf" for f in FORMS if f != "master" or odd.archival]
    program = ["java", "-cp", str(JARS[-1]), "org.verapdf.apps.GreenfieldCliWrapper"]
    run = subprocess.run(
        [*program, "--flavour", "2u", "--format", "text", *map(str, files)],
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
        env={**os.environ, "JAVA_TOOL_OPTIONS": ""},
    )
    lines = run.stdout.splitlines()
    assert [line for line in lines if not line.startswith("PASS")] == []
    assert len(lines) == len(files)
