"""An A1 sheet at 600 dpi is no bomb: it is taken, shown and laid into a PDF, within the limits."""

from typing import Any

import pypdfium2
import pytest
from PIL import Image

from tests.badfiles.case import Truth
from tests.badfiles.outcome import Outcome, take_in
from tests.badfiles.scene import bitonal_scene, differences, scene

pytestmark = pytest.mark.slow

A1 = (14_043, 19_866)
MOST_PARENT_KB = 300 * 1024
SHEETS: dict[str, tuple[Truth, dict[str, Any]]] = {
    "fax.tif": (bitonal_scene, {"compression": "group4"}),
    "colour.jpg": (scene, {"quality": 80}),
    "colour.tif": (scene, {"compression": "tiff_adobe_deflate"}),
}


@pytest.fixture(scope="session")
def sheets(tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    batch = tmp_path_factory.mktemp("sheets") / "batch"
    batch.mkdir()
    for name, (paint, options) in SHEETS.items():
        large = paint(name).resize(A1, Image.Resampling.NEAREST)
        large.save(batch / name, dpi=(600, 600), **options)
    return take_in(batch.parent / "home", batch, batch.parent / "out")


@pytest.mark.parametrize("name", SHEETS)
def test_a_large_sheet_works(sheets: Outcome, name: str) -> None:
    assert sheets.source(name)["state"] == "done"
    document = sheets.source(name)["document"]
    assert sheets.told["assembled"][document] == {"error": None, "codes": [None]}
    truth, folder = SHEETS[name][0](name), sheets.folder(name)
    with Image.open(folder / "web" / "p0001-800.jpg") as web:
        assert not differences(web, truth)
    with pypdfium2.PdfDocument(folder / "document.pdf") as pdf:
        page = pdf[0]
        assert round(page.get_width() / 72 * 25.4) == 594  # millimetres
        drawn = page.render(scale=truth.width / page.get_width()).to_pil()
        page.close()
    assert not differences(drawn, truth)


def test_large_sheets_stay_within_the_limits(sheets: Outcome) -> None:
    assert sheets.told["parent_kb"] <= MOST_PARENT_KB
    assert sheets.told["children_kb"] <= sheets.told["limit_kb"]
