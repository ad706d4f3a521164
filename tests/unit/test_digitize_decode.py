import io
from pathlib import Path
from typing import Any

import numpy as np
import pikepdf
import pytest
from PIL import Image, ImageOps, TiffImagePlugin

from digitize.scan.decode import image_stream, load_grey, load_image
from digitize.scan.inspect import inspect
from digitize.work.limits import Limits
from olketanu.errors import BadFileError
from pages.text import Box, PageFrame
from tests.unit.made_files import SIZE, frame_of, page_image, ramp, scan_pdf

LIMITS = Limits()


def grey_of(path: Path) -> np.ndarray:
    return load_grey(path, frame_of(inspect(path, LIMITS)))


def expected_grey() -> np.ndarray:
    return np.asarray(page_image().convert("L"))


def save(image: Image.Image, path: Path, **how: Any) -> Path:
    image.save(path, **how)
    return path


def with_alpha() -> Image.Image:
    """The test page, transparent where it is white, with dark colour hidden under the alpha."""
    page = page_image()
    alpha = page.convert("L").point(lambda value: 0 if value > 250 else 255)
    hidden = Image.composite(page, Image.new("RGB", SIZE, "navy"), alpha)
    hidden.putalpha(alpha)
    return hidden


MODES = {
    "rgb.png": lambda path: save(page_image(), path),
    "grey.png": lambda path: save(page_image().convert("L"), path),
    "palette.png": lambda path: save(page_image().quantize(8), path),
    "alpha.png": lambda path: save(with_alpha(), path),
    "grey-alpha.png": lambda path: save(page_image().convert("LA"), path),
    "rgb.tif": lambda path: save(page_image(), path),
    "cmyk.tif": lambda path: save(page_image().convert("CMYK"), path),
    "cmyk.jpg": lambda path: save(page_image().convert("CMYK"), path, quality=95),
    "rgb.jpg": lambda path: save(page_image(), path, quality=95),
    "rgb.jp2": lambda path: save(page_image(), path),
    "raw.j2k": lambda path: save(page_image(), path),
    "lab.tif": lambda path: save(
        Image.merge("LAB", (page_image().convert("L"), *[Image.new("L", SIZE, 128)] * 2)), path
    ),
}


@pytest.mark.parametrize("name", MODES)
def test_brightness_is_kept_within_two_percent(tmp_path: Path, name: str) -> None:
    grey = grey_of(MODES[name](tmp_path / name))
    expected = expected_grey()
    assert grey.shape == expected.shape
    assert grey.dtype == np.uint8
    assert abs(grey.mean() - expected.mean()) <= 0.02 * expected.mean()
    assert abs(int(grey[40, 50]) - int(expected[40, 50])) < 12  # inside the black bar
    assert grey[5, 5] > 245


def test_bits_stay_bits_whatever_the_polarity(tmp_path: Path) -> None:
    page = page_image().convert("1")
    for compression in ("group4", "group3", "raw", "tiff_lzw"):
        path = save(page, tmp_path / f"{compression}.tif", compression=compression)
        image = load_image(path, frame_of(inspect(path, LIMITS)))
        assert image.mode == "1"
        assert image.tobytes() == page.tobytes()
        assert np.array_equal(grey_of(path), np.asarray(page.convert("L")))


@pytest.mark.parametrize("depth", [10, 12, 14, 16])
@pytest.mark.parametrize("name", ["deep.tif", "deep.png"])
def test_deep_greys_stay_a_ramp_over_the_whole_range(tmp_path: Path, depth: int, name: str) -> None:
    values = ramp() >> (16 - depth)
    grey = grey_of(save(Image.fromarray(values), tmp_path / name))
    expected = np.rint(values * (255 / (2**depth - 1)))
    assert np.abs(grey.astype(int) - expected).max() <= 1
    assert len(np.unique(grey)) == 256


def test_sixteen_bits_are_divided_by_257(tmp_path: Path) -> None:
    grey = grey_of(save(Image.fromarray(ramp()), tmp_path / "deep.tif"))
    assert np.array_equal(grey, np.tile(np.arange(256, dtype=np.uint8), (64, 1)))


def test_deep_greys_with_white_as_zero_are_turned_over(tmp_path: Path) -> None:
    path = save(Image.fromarray(ramp()), tmp_path / "deep.tif", tiffinfo={262: 0})
    grey = grey_of(path)
    assert (grey[0, 0], grey[0, 255]) == (255, 0)


def test_floats_become_greys(tmp_path: Path) -> None:
    values = (ramp() / 65535).astype(np.float32)
    grey = grey_of(save(Image.fromarray(values), tmp_path / "float.tif"))
    assert (grey[0, 0], grey[0, 255]) == (0, 255)


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("name", ["a.jpg", "a.png", "a.tif"])
def test_every_exif_turn_ends_upright_once(tmp_path: Path, orientation: int, name: str) -> None:
    upright = page_image()
    backwards = {2: 2, 3: 3, 4: 4, 5: 5, 6: 8, 7: 7, 8: 6}
    stored = upright
    if orientation > 1:
        exif = Image.Exif()
        exif[0x0112] = backwards[orientation]
        stored = page_image()
        stored.info["exif"] = exif.tobytes()
        buffer = io.BytesIO()
        stored.save(buffer, "PNG", exif=exif)
        stored = ImageOps.exif_transpose(Image.open(buffer))
    exif = Image.Exif()
    exif[0x0112] = orientation
    path = save(stored, tmp_path / name, exif=exif)
    grey = grey_of(path)
    expected = np.asarray(upright.convert("L"))
    assert grey.shape == expected.shape
    assert np.abs(grey.astype(int) - expected).mean() < 2


def test_every_frame_of_a_tiff_is_its_own_page(tmp_path: Path) -> None:
    pages = [page_image(), page_image(mark=80), page_image((300, 200), mark=20).convert("1")]
    path = save(pages[0], tmp_path / "a.tif", save_all=True, append_images=pages[1:])
    seen = inspect(path, LIMITS)
    assert len(seen.frames) == 3
    for number, page in enumerate(pages):
        grey = load_grey(path, frame_of(seen, number))
        assert np.array_equal(grey, np.asarray(page.convert("L")))


def test_a_crop_is_cut_before_the_turn(tmp_path: Path) -> None:
    path = save(page_image(), tmp_path / "a.png")
    crop = Box(10, 20, 110, 70)
    part = page_image().convert("L").crop(crop)
    seen = inspect(path, LIMITS)
    frame = PageFrame(seen.sha256, 0, crop, 1, 50, 100, 300)
    grey = load_grey(path, frame)
    assert grey.shape == (100, 50)
    assert np.array_equal(grey, np.asarray(part.transpose(Image.Transpose.ROTATE_270)))


def test_colour_is_kept_where_the_scan_has_it(tmp_path: Path) -> None:
    coloured = save(page_image(), tmp_path / "a.png")
    grey = save(page_image().convert("L").quantize(16), tmp_path / "b.png")
    first = load_image(coloured, frame_of(inspect(coloured, LIMITS)))
    assert first.mode == "RGB"
    assert first.getpixel((200, 330)) == (255, 0, 0)
    assert load_image(grey, frame_of(inspect(grey, LIMITS))).mode == "L"


@pytest.mark.parametrize(("name", "kind"), [("a.jpg", "jpeg"), ("a.jp2", "jp2")])
def test_compressed_bytes_pass_through_whole(tmp_path: Path, name: str, kind: str) -> None:
    path = save(page_image(), tmp_path / name)
    stream = image_stream(path, frame_of(inspect(path, LIMITS)))
    assert (stream.kind, stream.data, stream.mode) == (kind, path.read_bytes(), "RGB")
    assert (stream.width, stream.height, stream.quarter_turn) == (*SIZE, 0)


def test_a_turned_jpeg_passes_through_and_says_its_turn(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    path = save(page_image(), tmp_path / "a.jpg", exif=exif)
    stream = image_stream(path, frame_of(inspect(path, LIMITS)))
    assert (stream.kind, stream.width, stream.quarter_turn) == ("jpeg", SIZE[0], 1)


def test_what_cannot_be_shown_as_it_is_is_a_raster(tmp_path: Path) -> None:
    mirrored = Image.Exif()
    mirrored[0x0112] = 2
    cases = [
        save(page_image(), tmp_path / "a.png"),
        save(page_image(), tmp_path / "raw.j2k"),
        save(page_image().convert("CMYK"), tmp_path / "cmyk.jpg"),
        save(page_image(), tmp_path / "mirrored.jpg", exif=mirrored),
    ]
    for path in cases:
        stream = image_stream(path, frame_of(inspect(path, LIMITS)))
        assert (stream.kind, stream.data, stream.mode) == ("raster", None, "")
        assert (stream.width, stream.height, stream.quarter_turn) == (*SIZE, 0)
    path = save(page_image(), tmp_path / "a.jpg")
    cropped = frame_of(inspect(path, LIMITS), crop=Box(0, 0, 100, 100))
    assert image_stream(path, cropped).kind == "raster"


def jpeg(image: Image.Image) -> bytes:
    stream = io.BytesIO()
    image.save(stream, "JPEG", quality=90)
    return stream.getvalue()


def test_a_jpeg_in_a_pdf_passes_through_with_the_turn_of_the_page(tmp_path: Path) -> None:
    data = jpeg(page_image())
    path = scan_pdf(tmp_path / "a.pdf", data, filter_name="/DCTDecode", rotate=270)
    frame = frame_of(inspect(path, LIMITS))
    stream = image_stream(path, frame)
    assert (stream.kind, stream.data, stream.quarter_turn) == ("jpeg", data, 3)
    turned = np.asarray(page_image().convert("L").transpose(Image.Transpose.ROTATE_90))
    grey = load_grey(path, frame)
    assert grey.shape == (frame.height, frame.width)
    assert np.abs(grey.astype(int) - turned).mean() < 2


def test_a_jpeg_2000_in_a_pdf_passes_through(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    page_image().save(buffer, "JPEG2000")
    data = buffer.getvalue()
    path = scan_pdf(tmp_path / "a.pdf", data, filter_name="/JPXDecode")
    stream = image_stream(path, frame_of(inspect(path, LIMITS)))
    assert (stream.kind, stream.data) == ("jp2", data)


def test_other_images_in_a_pdf_are_decoded_without_loss(tmp_path: Path) -> None:
    page = page_image()
    bits = page.convert("1")
    rgb = scan_pdf(tmp_path / "rgb.pdf", page.tobytes())
    grey = scan_pdf(tmp_path / "grey.pdf", page.convert("L").tobytes(), space="/DeviceGray")
    one = scan_pdf(tmp_path / "one.pdf", bits.tobytes(), space="/DeviceGray", bits=1)
    for path, expected in ((rgb, page), (grey, page.convert("L")), (one, bits)):
        frame = frame_of(inspect(path, LIMITS))
        image = load_image(path, frame)
        assert (image.mode, image.tobytes()) == (expected.mode, expected.tobytes())
        assert image_stream(path, frame).kind == "raster"


def test_a_fax_in_a_pdf_is_decoded_without_loss(tmp_path: Path) -> None:

    bits = page_image().convert("1")
    bits.save(tmp_path / "a.tif", compression="group4", tiffinfo={262: 0, 278: SIZE[1]})
    with TiffImagePlugin.TiffImageFile(tmp_path / "a.tif") as tiff:
        offset, length = tiff.tag_v2[273][0], tiff.tag_v2[279][0]
        zero_is_white = tiff.tag_v2[262] == 0
    data = (tmp_path / "a.tif").read_bytes()[offset : offset + length]
    parameters = pikepdf.Dictionary(K=-1, Columns=SIZE[0], Rows=SIZE[1], BlackIs1=not zero_is_white)
    path = scan_pdf(
        tmp_path / "a.pdf",
        data,
        filter_name="/CCITTFaxDecode",
        space="/DeviceGray",
        bits=1,
        extra={"/DecodeParms": parameters},
    )
    frame = frame_of(inspect(path, LIMITS))
    image = load_image(path, frame)
    assert (image.mode, image.tobytes()) == ("1", bits.tobytes())


def test_an_inverted_jpeg_in_a_pdf_is_decoded_and_not_passed_through(tmp_path: Path) -> None:
    inverted = ImageOps.invert(page_image().convert("L"))
    path = scan_pdf(
        tmp_path / "a.pdf",
        jpeg(inverted),
        filter_name="/DCTDecode",
        space="/DeviceGray",
        extra={"/Decode": [1, 0]},
    )
    frame = frame_of(inspect(path, LIMITS))
    assert image_stream(path, frame).kind == "raster"
    assert abs(load_grey(path, frame).mean() - expected_grey().mean()) < 5


def test_a_sideways_scan_in_a_pdf_is_set_upright(tmp_path: Path) -> None:
    width, height = SIZE[0] * 72 / 150, SIZE[1] * 72 / 150
    matrix = b"0 %f %f 0 %f 0" % (width, -height, height)  # a quarter counter-clockwise
    path = scan_pdf(tmp_path / "a.pdf", jpeg(page_image()), filter_name="/DCTDecode", matrix=matrix)
    frame = frame_of(inspect(path, LIMITS))
    assert frame.quarter_turn == 3
    shown = np.asarray(page_image().convert("L").transpose(Image.Transpose.ROTATE_90))
    assert np.abs(load_grey(path, frame).astype(int) - shown).mean() < 2


def test_a_rendered_page_is_upright_and_the_same_each_time(tmp_path: Path) -> None:
    mark = b"0 0 1 1 re f"
    path = scan_pdf(
        tmp_path / "a.pdf", jpeg(page_image()), filter_name="/DCTDecode", after=mark, rotate=90
    )
    seen = inspect(path, LIMITS)
    frame = frame_of(seen)
    first, second = load_grey(path, frame), load_grey(path, frame)
    assert seen.frames[0].source == "pdf-render"
    assert first.shape == (frame.height, frame.width)
    assert np.array_equal(first, second)
    shown = page_image().convert("L").transpose(Image.Transpose.ROTATE_270)
    size = (frame.width, frame.height)
    expected = np.asarray(shown.resize(size))
    assert np.abs(first.astype(int) - expected).mean() < 3


def test_a_master_that_went_bad_is_an_error_with_a_code(tmp_path: Path) -> None:
    path = save(page_image(), tmp_path / "a.jpg")
    frame = frame_of(inspect(path, LIMITS))
    path.write_bytes(path.read_bytes()[:500])
    with pytest.raises(BadFileError):
        load_grey(path, frame)
