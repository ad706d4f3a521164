"""Images as PDF image objects, and where they lie on a page (ISO 32000-1 §7.4, §8.9).

Encoders for the three kinds of pixels: CCITT G4 for bits, Flate with prediction for what may not be
lost, JPEG for what may.
"""

import io
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pikepdf
from PIL import Image, ImageCms, TiffImagePlugin

from digitize.scan.raster import opened

GREY, COLOUR, PRINT = "/DeviceGray", "/DeviceRGB", "/DeviceCMYK"
SPACES = {"1": GREY, "L": GREY, "RGB": COLOUR, "CMYK": PRINT}
_CHANNELS = {GREY: 1, COLOUR: 3, PRINT: 4}
_ICC_SPACES = {GREY: b"GRAY", COLOUR: b"RGB ", PRINT: b"CMYK"}
_ICC_CLASSES = (b"scnr", b"mntr", b"prtr", b"spac")  # ICC.1 §7.2.5; ISO 19005-2 §6.2.4.2
_ICC_NEWEST = 4
_ICC_HEADER = 128
_STRIP_OFFSETS, _STRIP_SIZES, _PHOTOMETRIC = 273, 279, 262
_WHITE_IS_ZERO = 0
_PNG_PREDICTOR = 15  # each row names its own PNG filter
_TIFF_PREDICTOR = 2  # each sample is given as its distance to the one on its left
Place = tuple[float, float, float, float]
WHOLE: Place = (0.0, 0.0, 1.0, 1.0)


@dataclass(frozen=True, slots=True)
class PdfImage:
    """Encoded bytes of an image and what a PDF says of them.

    ``quarter_turn`` (0–3, times 90° clockwise) is left for the page to do; ``entries`` are the
    keys of the image's dictionary, as plain values (a name is a string that begins with a slash),
    since an image may go into several files; ``icc`` is its colour profile where it has its own.
    """

    data: bytes
    quarter_turn: int
    entries: dict[str, Any]
    icc: bytes | None = None

    @property
    def archival(self) -> bool:
        """Whether PDF/A allows its colours: CMYK wants a profile (ISO 19005-2 §6.2.4.3)."""
        return self.icc is not None or str(self.entries["/ColorSpace"]) != PRINT


@dataclass(frozen=True, slots=True)
class Layer:
    """One thing painted on a page: an image, a stencil in one ink, or an image through a mask.

    ``place`` is left, top, right, bottom in shares of the page before the image's quarter turn;
    what reaches beyond the page is not seen. ``ink`` (red, green, blue, 0–1) makes ``image``, of
    bits, a stencil; ``mask``, of bits and as large as ``image``, lets it through where it is black.
    """

    image: PdfImage
    place: Place = WHOLE
    ink: tuple[float, float, float] | None = None
    mask: PdfImage | None = None


def whole_page(image: PdfImage) -> Layer:
    """The image over the whole page."""
    return Layer(image)


def usable_profile(profile: object, space: str) -> bytes | None:
    """The ICC profile where PDF/A-2 allows it for images of that colour space, else None."""
    if not isinstance(profile, bytes) or len(profile) < _ICC_HEADER:
        return None
    fits = profile[16:20] == _ICC_SPACES[space] and profile[12:16] in _ICC_CLASSES
    if not fits or profile[8] > _ICC_NEWEST:
        return None
    try:
        ImageCms.ImageCmsProfile(io.BytesIO(profile))
    except OSError:
        return None
    return profile


def entries_of(space: str, size: tuple[int, int], encoding: str, bits: int = 8) -> dict[str, Any]:
    """The keys that every image has; ``encoding`` is the name of a filter."""
    return {
        "/Width": size[0],
        "/Height": size[1],
        "/ColorSpace": space,
        "/BitsPerComponent": bits,
        "/Filter": encoding,
    }


def space_of(channels: int) -> str:
    """The colour space of so many channels; KeyError where none of ours has that many."""
    return {count: space for space, count in _CHANNELS.items()}[channels]


def encode(image: Image.Image) -> PdfImage:
    """Return an upright image of mode 1, L, RGB or CMYK, encoded without loss."""
    if image.mode == "1":
        return fax(image)
    return _predicted(image) if image.mode == "CMYK" else _flate(image)


def fax(image: Image.Image) -> PdfImage:
    """Return an image of mode 1 in CCITT G4."""
    buffer = io.BytesIO()
    whole = (image.width + 7) // 8 * image.height
    image.save(buffer, "TIFF", compression="group4", strip_size=whole)
    data = buffer.getvalue()
    with opened(data, "tiff") as tiff:
        if not isinstance(tiff, TiffImagePlugin.TiffImageFile):
            raise TypeError(type(tiff).__name__)
        (start,), (size,) = tiff.tag_v2[_STRIP_OFFSETS], tiff.tag_v2[_STRIP_SIZES]
        black_is_one = tiff.tag_v2[_PHOTOMETRIC] != _WHITE_IS_ZERO
    return fax_image(data[start : start + size], image.size, black_is_one=black_is_one)


def fax_image(data: bytes, size: tuple[int, int], *, black_is_one: bool) -> PdfImage:
    """An image of bytes that are CCITT G4 already."""
    parameters = {"/K": -1, "/Columns": size[0], "/Rows": size[1], "/BlackIs1": black_is_one}
    entries = entries_of(GREY, size, "/CCITTFaxDecode", 1) | {"/DecodeParms": parameters}
    return PdfImage(data, 0, entries)


def jpeg(image: Image.Image, quality: int) -> PdfImage:
    """Return an image of mode L or RGB as JPEG, smaller and worse with a lower ``quality``."""
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=quality, optimize=True, progressive=True)
    return PdfImage(buffer.getvalue(), 0, entries_of(SPACES[image.mode], image.size, "/DCTDecode"))


def png_image(data: bytes, space: Any, size: tuple[int, int], bits: int, colours: int) -> PdfImage:  # noqa: ANN401 - a name or an array
    """An image of the data (IDAT) of a PNG that is not interlaced."""
    parameters = _prediction(_PNG_PREDICTOR, colours, bits, size[0])
    entries = entries_of(GREY, size, "/FlateDecode", bits) | {"/ColorSpace": space}
    return PdfImage(data, 0, entries | {"/DecodeParms": parameters})


def png_chunks(png: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Name and body of each chunk of a PNG (ISO 15948 §5.3)."""
    at = 8
    while at + 8 <= len(png):
        length, name = struct.unpack_from(">I4s", png, at)
        yield name, png[at + 8 : at + 8 + length]
        at += length + 12


def add_layer(pdf: pikepdf.Pdf, layer: Layer) -> pikepdf.Object:
    """Add the layer's image to ``pdf`` and return its reference."""
    stream = _added(pdf, layer.image)
    if layer.ink is not None:
        _make_stencil(stream)
    if layer.mask is not None:
        stream.Mask = _added(pdf, layer.mask)
        _make_stencil(stream.Mask)
    return stream


def _added(pdf: pikepdf.Pdf, image: PdfImage) -> pikepdf.Object:
    stream = pikepdf.Stream(pdf, image.data)
    stream.Type = pikepdf.Name.XObject
    stream.Subtype = pikepdf.Name.Image
    for key, value in image.entries.items():
        stream[key] = _object(value)
    if image.icc is not None:
        profile = pdf.make_stream(image.icc)
        profile.N = _CHANNELS[str(stream.ColorSpace)]
        stream.ColorSpace = pikepdf.Array([pikepdf.Name.ICCBased, profile])
    return pdf.make_indirect(stream)


def _object(value: Any) -> Any:  # noqa: ANN401 - any plain value and what a PDF makes of it
    if isinstance(value, str):
        return pikepdf.Name(value)
    if isinstance(value, bytes):
        return pikepdf.String(value)
    if isinstance(value, dict):
        return pikepdf.Dictionary({key: _object(item) for key, item in value.items()})
    return pikepdf.Array([_object(i) for i in value]) if isinstance(value, list) else value


def _prediction(predictor: int, colours: int, bits: int, columns: int) -> dict[str, int]:
    """Parameters of a predictor (ISO 32000-1 §7.4.4.3)."""
    names = ("/Predictor", "/Colors", "/BitsPerComponent", "/Columns")
    return dict(zip(names, (predictor, colours, bits, columns), strict=True))


def _make_stencil(stream: pikepdf.Object) -> None:
    """Paint where the bits are 0, that is black (ISO 32000-1 §8.9.6.2)."""
    stream.ImageMask = True
    del stream.ColorSpace


def _flate(image: Image.Image) -> PdfImage:
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    data = b"".join(body for name, body in png_chunks(buffer.getvalue()) if name == b"IDAT")
    return png_image(data, SPACES[image.mode], image.size, 8, len(image.getbands()))


def _predicted(image: Image.Image) -> PdfImage:
    """Flate of four bands, which PNG does not know."""
    samples = np.array(image, np.uint8)
    samples[:, 1:] -= samples[:, :-1].copy()
    parameters = _prediction(_TIFF_PREDICTOR, 4, 8, image.width)
    entries = entries_of(PRINT, image.size, "/FlateDecode") | {"/DecodeParms": parameters}
    return PdfImage(zlib.compress(samples.tobytes(), 9), 0, entries)
