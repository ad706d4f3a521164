"""Strips of a JPEG in a TIFF become one JPEG: the same picture in the scanner's own bytes."""

import io
from pathlib import Path

import numpy as np
import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, TiffImagePlugin

from digitize.output.pdf.master import master_layers
from digitize.output.pdf.tiff_jpeg import joined
from pages.text import PageFrame


def picture(mode: str, size: tuple[int, int]) -> Image.Image:
    dice = np.random.default_rng(7)
    small = dice.integers(0, 255, (size[1] // 16 + 2, size[0] // 16 + 2, 3), np.uint8)
    return Image.fromarray(small).resize(size, Image.Resampling.BICUBIC).convert(mode)


def tiff(image: Image.Image, rows: int, quality: int = 80) -> bytes:
    """A TIFF with JPEG strips of so many rows, as scanners write them."""
    buffer = io.BytesIO()
    row = image.width * len(image.getbands())
    image.save(buffer, "TIFF", compression="jpeg", quality=quality, strip_size=rows * row)
    return buffer.getvalue()


def parts(data: bytes) -> tuple[list[bytes], bytes, tuple[int, int]]:
    with Image.open(io.BytesIO(data)) as image:
        assert isinstance(image, TiffImagePlugin.TiffImageFile)
        tags = image.tag_v2
        places = zip(tags[273], tags[279], strict=True)
        return [data[a : a + n] for a, n in places], tags.get(347, b""), image.size


def frame_of(image: Image.Image) -> PageFrame:
    return PageFrame("0" * 64, 0, None, 0, image.width, image.height, 300)


@pytest.mark.parametrize("mode", ["L", "RGB"])
@pytest.mark.parametrize("size", [(640, 480), (333, 517), (8, 8), (17, 1000)])
@pytest.mark.parametrize("rows", [16, 64, 5000])
def test_joined_strips_show_what_the_tiff_shows(
    mode: str, size: tuple[int, int], rows: int
) -> None:
    data = tiff(picture(mode, size), rows)
    strips, tables, told = parts(data)
    assert (len(strips) > 1) == (rows < size[1])
    stream = joined(strips, tables, told)
    assert stream is not None
    with Image.open(io.BytesIO(stream)) as whole, Image.open(io.BytesIO(data)) as scan:
        shown, true = np.asarray(whole.convert(mode), int), np.asarray(scan.convert(mode), int)
    if mode == "L":
        assert np.array_equal(shown, true)
    else:  # where strips meet, colour of half the resolution is smoothed over the seam
        assert abs(shown - true).mean() < 0.5


def test_the_master_pdf_holds_the_bytes_of_the_strips(tmp_path: Path) -> None:
    path = tmp_path / "scan.tif"
    path.write_bytes(tiff(picture("L", (900, 1300)), 64))
    strips, _, _ = parts(path.read_bytes())
    with Image.open(path) as image:
        image.load()
        layers = master_layers(path, frame_of(image), lambda: image)
    assert layers is not None
    assert layers[0].image.entries["/Filter"] == "/DCTDecode"
    assert abs(len(layers[0].image.data) - sum(map(len, strips))) < 40 * len(strips) + 1000


def test_strips_that_show_something_else_are_not_believed(tmp_path: Path) -> None:
    path = tmp_path / "scan.tif"
    path.write_bytes(tiff(picture("L", (900, 1300)), 64))
    other = picture("L", (900, 1300)).transpose(Image.Transpose.FLIP_TOP_BOTTOM)
    layers = master_layers(path, frame_of(other), lambda: other)
    assert layers is not None
    assert layers[0].image.entries["/Filter"] == "/FlateDecode"


@pytest.mark.parametrize("turned", ["tables", "odd rows", "progressive", "short"])
def test_strips_of_another_kind_are_left_alone(turned: str) -> None:
    strips, tables, size = parts(tiff(picture("L", (320, 200)), 64))
    if turned == "tables":
        strips[1], _, _ = (parts(tiff(picture("L", (320, 64)), 64, quality=30))[0][0], 0, 0)
        other = parts(tiff(picture("L", (320, 64)), 64, quality=30))[1]
        strips[1] = other[:-2] + strips[1][2:]
    elif turned == "odd rows":
        strips = [strips[-1], *strips[:-1]]
    elif turned == "progressive":
        buffer = io.BytesIO()
        picture("L", (320, 200)).save(buffer, "JPEG", progressive=True)
        strips = [buffer.getvalue()]
    else:
        strips = strips[:-1]
    assert joined(strips, tables, size) is None


@pytest.mark.parametrize("photometric", [2, 6])
def test_colours_are_read_as_the_tiff_means_them(tmp_path: Path, photometric: int) -> None:
    path = tmp_path / "scan.tif"
    image = picture("RGB", (400, 600))
    path.write_bytes(tiff(image.convert("YCbCr") if photometric == 6 else image, 64))
    with Image.open(path) as scan:
        assert isinstance(scan, TiffImagePlugin.TiffImageFile)
        assert scan.tag_v2[262] == photometric
        true = scan.convert("RGB")
    layers = master_layers(path, frame_of(image), lambda: true)
    assert layers is not None
    assert layers[0].image.entries["/Filter"] == "/DCTDecode"
    with Image.open(io.BytesIO(layers[0].image.data)) as whole:
        assert abs(np.asarray(whole.convert("RGB"), int) - np.asarray(true, int)).mean() < 0.5


@given(st.data())
def test_strips_with_damage_are_joined_or_refused(data: st.DataObject) -> None:
    strips, tables, size = parts(tiff(picture("RGB", (64, 64)), 16))
    number = data.draw(st.integers(0, len(strips) - 1))
    at = data.draw(st.integers(0, min(120, len(strips[number]) - 1)))
    hurt = bytearray(strips[number])
    hurt[at] = data.draw(st.integers(0, 255))
    strips[number] = bytes(hurt)
    joined(strips, tables, size)


@given(st.lists(st.binary(max_size=60), max_size=4), st.binary(max_size=60))
def test_any_bytes_are_answered(strips: list[bytes], tables: bytes) -> None:
    joined([b"\xff\xd8" + strip for strip in strips], tables, (64, 64))


def test_a_pdf_of_it_is_read_by_other_programs(tmp_path: Path) -> None:
    image = picture("RGB", (600, 800))
    stream = joined(*parts(tiff(image, 32)))
    assert stream is not None
    pdf = pikepdf.new()
    made = pikepdf.Stream(pdf, stream)
    for key, value in (("Width", 600), ("Height", 800), ("BitsPerComponent", 8)):
        made[f"/{key}"] = value
    made.Filter, made.ColorSpace = pikepdf.Name.DCTDecode, pikepdf.Name.DeviceRGB
    made.Subtype = pikepdf.Name.Image
    shown = pikepdf.PdfImage(made).as_pil_image()
    difference = np.asarray(shown.convert("RGB"), int) - np.asarray(image, int)
    assert abs(difference).mean() < 4
