"""Grey pages into the bytes of the formats that libraries bring."""

import io
from collections.abc import Sequence

import pikepdf
from PIL import Image

from scans.generator.setting import DPI

MANY_PAGES = ("tiff-g4", "tiff-lzw", "pdf")
SUFFIXES = {"jpeg": "jpg", "png": "png", "jp2": "jp2"}
_INK_BELOW = 140
_JP2_RATE = 14


def one_page(image: Image.Image, kind: str, quality: int) -> bytes:
    """A grey page as jpeg of ``quality``, png with 16 greys by palette, or jp2."""
    buffer = io.BytesIO()
    if kind == "jpeg":
        image.save(buffer, "JPEG", quality=quality, dpi=(DPI, DPI), optimize=True)
    elif kind == "png":
        steps = image.point([round(level / 17) for level in range(256)])
        grey = Image.frombytes("P", image.size, steps.tobytes())
        grey.putpalette([level for step in range(16) for level in (step * 17,) * 3])
        grey.save(buffer, "PNG", bits=4, dpi=(DPI, DPI), optimize=True)
    else:
        image.save(
            buffer, "JPEG2000", quality_mode="rates", quality_layers=[_JP2_RATE], irreversible=True
        )
    return buffer.getvalue()


def many_pages(images: Sequence[Image.Image], kind: str, quality: int) -> bytes:
    """Grey pages in one file: tiff-g4 (bilevel), tiff-lzw (grey) or pdf (of JPEGs)."""
    if kind == "pdf":
        return _pdf([one_page(image, "jpeg", quality) for image in images])
    compression, pages = "tiff_lzw", list(images)
    if kind == "tiff-g4":
        compression = "group4"
        bilevel = [255 if level >= _INK_BELOW else 0 for level in range(256)]
        pages = [image.point(bilevel, "1") for image in images]
    buffer = io.BytesIO()
    pages[0].save(
        buffer,
        "TIFF",
        save_all=True,
        append_images=pages[1:],
        compression=compression,
        dpi=(DPI, DPI),
    )
    return buffer.getvalue()


def _pdf(jpegs: Sequence[bytes]) -> bytes:
    """A PDF with one full-page JPEG a page and no text, as copiers write it."""
    pdf = pikepdf.new()
    for jpeg in jpegs:
        with Image.open(io.BytesIO(jpeg)) as image:
            width, height = image.size
        picture = pdf.make_stream(
            jpeg,
            Type=pikepdf.Name.XObject,
            Subtype=pikepdf.Name.Image,
            Width=width,
            Height=height,
            ColorSpace=pikepdf.Name.DeviceGray,
            BitsPerComponent=8,
            Filter=pikepdf.Name.DCTDecode,
        )
        across, down = width * 72 / DPI, height * 72 / DPI
        page = pdf.add_blank_page(page_size=(across, down))
        page.obj.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Im0=picture))
        drawing = f"q {across:.2f} 0 0 {down:.2f} 0 0 cm /Im0 Do Q"
        page.obj.Contents = pdf.make_stream(drawing.encode())
    buffer = io.BytesIO()
    pdf.save(buffer, deterministic_id=True)
    return buffer.getvalue()
