"""What a PDF grows to is measured and bounded before it is drawn; what it would do is named."""

import zlib
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, String

from digitize.scan.codes import ACTIVE_CONTENT, ATTACHMENTS, PDF_BOMB, TOO_LARGE
from digitize.scan.pdf_active import active_content
from digitize.scan.pdf_size import MOST_UNPACKED, bounded, check_size
from olketanu.errors import BadFileError
from tests.unit.made_files import add_page

MOST_PIXELS = 300_000_000


def packed(size: int, times: int = 1) -> bytes:
    data = zlib.compress(b" " * size, 1)
    return data if times == 1 else zlib.compress(data, 1)


def with_stream(data: bytes, times: int, **entries: Any) -> pikepdf.Pdf:
    """A PDF of a blank page with one more stream, which nothing draws."""
    pdf = pikepdf.new()
    add_page(pdf, b"0 0 9 9 re f", [0, 0, 100, 100])
    stream = pikepdf.Stream(pdf, data)
    for name, value in entries.items():
        stream[f"/{name}"] = value
    stream["/Filter"] = Array([Name.FlateDecode] * times)
    pdf.Root["/Extra"] = pdf.make_indirect(stream)
    return pdf


def saved(pdf: pikepdf.Pdf, path: Path) -> pikepdf.Pdf:
    pdf.save(path, compress_streams=False)
    pdf.close()
    return pikepdf.open(path)


def code_of(pdf: pikepdf.Pdf) -> str:
    with bounded(), pytest.raises(BadFileError) as caught:
        check_size(pdf, MOST_PIXELS)
    return caught.value.code


def test_a_stream_within_the_bound_passes_and_one_beyond_is_a_bomb(tmp_path: Path) -> None:
    with saved(with_stream(packed(MOST_UNPACKED), 1), tmp_path / "a.pdf") as pdf, bounded():
        check_size(pdf, MOST_PIXELS)
    with saved(with_stream(packed(MOST_UNPACKED + 1_000_000), 1), tmp_path / "b.pdf") as pdf:
        assert code_of(pdf) == PDF_BOMB


def test_a_scan_may_be_large_when_it_is_packed_once(tmp_path: Path) -> None:
    size = 2 * MOST_UNPACKED
    image = {"Subtype": Name.Image, "Width": 16_384, "Height": size // 16_384}
    with saved(with_stream(packed(size), 1, **image), tmp_path / "a.pdf") as pdf, bounded():
        check_size(pdf, MOST_PIXELS)
    with saved(with_stream(packed(size, 2), 2, **image), tmp_path / "b.pdf") as pdf:
        assert code_of(pdf) == PDF_BOMB


def test_an_image_that_claims_too_many_pixels_is_too_large(tmp_path: Path) -> None:
    image = {"Subtype": Name.Image, "Width": 30_000, "Height": 10_001}
    with saved(with_stream(packed(100), 1, **image), tmp_path / "a.pdf") as pdf:
        assert code_of(pdf) == TOO_LARGE


def test_attached_files_are_not_unpacked(tmp_path: Path) -> None:
    data = packed(MOST_UNPACKED + 1_000_000)
    with saved(with_stream(data, 1, Type=Name.EmbeddedFile), tmp_path / "a.pdf") as pdf, bounded():
        check_size(pdf, MOST_PIXELS)


def test_a_large_image_drawn_again_and_again_is_a_bomb(tmp_path: Path) -> None:
    def drawn(times: int, path: Path) -> pikepdf.Pdf:
        pdf = pikepdf.new()
        image = pikepdf.Stream(pdf, packed(100))
        image["/Subtype"], image["/Filter"] = Name.Image, Name.FlateDecode
        image["/Width"], image["/Height"] = 10_000, 10_000
        add_page(pdf, b"/Im0 Do " * times, [0, 0, 100, 100], xobject=pdf.make_indirect(image))
        return saved(pdf, path)

    with drawn(5, tmp_path / "a.pdf") as pdf, bounded():
        check_size(pdf, MOST_PIXELS)
    with drawn(50, tmp_path / "b.pdf") as pdf:
        assert code_of(pdf) == PDF_BOMB


def test_the_bounds_of_qpdf_end_with_the_block() -> None:
    before = pikepdf.settings.get_qpdf_limits()
    with bounded():
        assert pikepdf.settings.get_qpdf_limits()["flate_max_memory"] == MOST_UNPACKED
    assert pikepdf.settings.get_qpdf_limits() == before


@pytest.mark.parametrize(
    ("entries", "codes"),
    [
        ({}, set()),
        ({"OpenAction": Array([0, Name.Fit])}, set()),
        ({"OpenAction": Dictionary(S=Name.GoTo)}, set()),
        ({"OpenAction": Dictionary(S=Name.URI, URI=String("http://x.invalid"))}, {ACTIVE_CONTENT}),
        ({"OpenAction": Dictionary(S=Name.JavaScript)}, {ACTIVE_CONTENT}),
        ({"OpenAction": 5, "Names": 7, "AcroForm": String("x")}, {ACTIVE_CONTENT}),
        ({"AA": Dictionary()}, {ACTIVE_CONTENT}),
        ({"AcroForm": Dictionary(Fields=Array())}, set()),
        ({"AcroForm": Dictionary(XFA=Array())}, {ACTIVE_CONTENT}),
        ({"Names": Dictionary(Dests=Dictionary())}, set()),
        ({"Names": Dictionary(JavaScript=Dictionary())}, {ACTIVE_CONTENT}),
        ({"Names": Dictionary(EmbeddedFiles=Dictionary())}, {ATTACHMENTS}),
        ({"Collection": Dictionary()}, {ATTACHMENTS}),
    ],
)
def test_what_a_pdf_would_do_is_named(entries: dict[str, Any], codes: set[str]) -> None:
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        for name, value in entries.items():
            pdf.Root[f"/{name}"] = value
        assert active_content(pdf) == codes
