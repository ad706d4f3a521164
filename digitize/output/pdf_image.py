"""The image of a page as a PDF image object, without loss.

A JPEG or JPEG 2000 keeps its bytes and is turned by the page's matrix; a bitonal scan becomes CCITT
G4, every other Flate with PNG prediction (ISO 32000-1 §7.4).
"""

import io
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pikepdf
from PIL import Image, TiffImagePlugin

from digitize.scan import decode
from digitize.scan.raster import opened
from pages.text import PageFrame

_FILTERS = {"jpeg": "/DCTDecode", "jp2": "/JPXDecode"}
_SPACES = {"1": "/DeviceGray", "L": "/DeviceGray", "RGB": "/DeviceRGB"}
_CHANNELS = {"/DeviceGray": 1, "/DeviceRGB": 3}
_STRIP_OFFSETS, _STRIP_SIZES, _PHOTOMETRIC = 273, 279, 262
_WHITE_IS_ZERO = 0
_PREDICTOR = 15  # each row names its own PNG filter


@dataclass(frozen=True, slots=True)
class PdfImage:
    """Encoded bytes of an image and what a PDF says of them.

    ``quarter_turn`` (0–3, times 90° clockwise) is left for the page to do; ``entries``
    are the keys of the image's dictionary; ``icc`` is its colour profile where it has its own.
    """

    data: bytes
    quarter_turn: int
    entries: dict[str, Any]
    icc: bytes | None = None


def page_image(path: Path, frame: PageFrame) -> PdfImage:
    """Return the image of a page; errors of :mod:`digitize.scan.decode` pass through."""
    stream = decode.image_stream(path, frame)
    if stream.data is None:
        return encode(decode.load_image(path, frame))
    entries = _entries(stream.mode, (stream.width, stream.height), _FILTERS[stream.kind])
    return PdfImage(stream.data, stream.quarter_turn, entries, stream.icc)


def encode(image: Image.Image) -> PdfImage:
    """Return an upright image of mode 1, L or RGB, encoded without loss."""
    return _fax(image) if image.mode == "1" else _flate(image)


def add_image(pdf: pikepdf.Pdf, image: PdfImage) -> pikepdf.Object:
    """Add the image to ``pdf`` and return its reference."""
    stream = pikepdf.Stream(pdf, image.data)
    stream.Type = pikepdf.Name.XObject
    stream.Subtype = pikepdf.Name.Image
    for key, value in image.entries.items():
        stream[key] = value
    if image.icc is not None:
        profile = pdf.make_stream(image.icc)
        profile.N = _CHANNELS[str(stream.ColorSpace)]
        stream.ColorSpace = pikepdf.Array([pikepdf.Name.ICCBased, profile])
    return pdf.make_indirect(stream)


def _entries(mode: str, size: tuple[int, int], name: str) -> dict[str, Any]:
    return {
        "/Width": size[0],
        "/Height": size[1],
        "/ColorSpace": pikepdf.Name(_SPACES[mode]),
        "/BitsPerComponent": 1 if mode == "1" else 8,
        "/Filter": pikepdf.Name(name),
    }


def _fax(image: Image.Image) -> PdfImage:
    buffer = io.BytesIO()
    whole = (image.width + 7) // 8 * image.height
    image.save(buffer, "TIFF", compression="group4", strip_size=whole)
    data = buffer.getvalue()
    with opened(data, "tiff") as tiff:
        if not isinstance(tiff, TiffImagePlugin.TiffImageFile):
            raise TypeError(type(tiff).__name__)
        (start,), (size,) = tiff.tag_v2[_STRIP_OFFSETS], tiff.tag_v2[_STRIP_SIZES]
        black_is_one = tiff.tag_v2[_PHOTOMETRIC] != _WHITE_IS_ZERO
    parameters = pikepdf.Dictionary(
        K=-1, Columns=image.width, Rows=image.height, BlackIs1=black_is_one
    )
    entries = _entries("1", image.size, "/CCITTFaxDecode") | {"/DecodeParms": parameters}
    return PdfImage(data[start : start + size], 0, entries)


def _flate(image: Image.Image) -> PdfImage:
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    data = b"".join(body for name, body in _chunks(buffer.getvalue()) if name == b"IDAT")
    parameters = pikepdf.Dictionary(
        Predictor=_PREDICTOR,
        Colors=len(image.getbands()),
        BitsPerComponent=8,
        Columns=image.width,
    )
    entries = _entries(image.mode, image.size, "/FlateDecode") | {"/DecodeParms": parameters}
    return PdfImage(data, 0, entries)


def _chunks(png: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Name and body of each chunk of a PNG (ISO 15948 §5.3)."""
    at = 8
    while at < len(png):
        length, name = struct.unpack_from(">I4s", png, at)
        yield name, png[at + 8 : at + 8 + length]
        at += length + 12
