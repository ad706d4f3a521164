"""The page as it was scanned: the master's own bytes where a PDF can hold them, else no loss.

JPEG (also the strips of one in a TIFF), JPEG 2000, PNG and CCITT G4 streams pass through and are
turned and cut by the page's matrix.
A PDF page that had to be drawn has no scan; it is layered like an access page.
"""

import io
import struct
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

from PIL import Image, ImageChops, ImageStat, TiffImagePlugin

from digitize.output.pdf.image import (
    COLOUR,
    GREY,
    PRINT,
    SPACES,
    Layer,
    PdfImage,
    Place,
    encode,
    entries_of,
    fax_image,
    png_chunks,
    png_image,
    usable_profile,
    whole_page,
)
from digitize.output.pdf.tiff_jpeg import joined
from digitize.scan import decode, pdf_page
from digitize.scan.raster import opened, orientation
from digitize.scan.sniff import type_of
from pages.text import PageFrame

_FILTERS = {"jpeg": "/DCTDecode", "jp2": "/JPXDecode"}
_COMPRESSION, _PHOTOMETRIC, _FILL_ORDER, _ORIENTATION = 259, 262, 266, 274
_STRIP_OFFSETS, _STRIP_SIZES = 273, 279
_JPEG_TABLES = 347
_G4, _JPEG = 4, 7  # compressions
_RGB = 2
_TIFF_JPEGS = {("L", 1), ("RGB", _RGB), ("RGB", 6)}  # mode and photometric interpretation
_EIGHTH = 8
_SAME = 3.0  # grey levels on average
_PNG_SPACES = {0: (GREY, 1), 2: (COLOUR, 3), 3: ("/Indexed", 1)}
_PNG_MOST_BITS = 8
_JP2_ENUMERATED = {16, 17, 18}  # sRGB, grey, sYCC (ISO/IEC 15444-1 Table I.10)
_JP2_BOX = 8


def master_layers(
    path: Path, frame: PageFrame, image: Callable[[], Image.Image]
) -> tuple[Layer, ...] | None:
    """Return the page's layers without loss; None for a page of a PDF that has no scan.

    ``image`` gives the frame decoded and upright (as ``decode.load_image`` does); it is asked, and
    encoded, where the master's bytes cannot be shown as they are. Errors of decoding pass through.
    """
    kind = type_of(path)
    if kind == "pdf" and _is_drawn(path, frame):
        return None
    with decode.decoding(path):
        original = _ORIGINALS[kind](path, frame) if kind in _ORIGINALS else None
    if original is not None and kind == "tiff" and original.entries["/Filter"] == "/DCTDecode":
        original = original if _shows(original, image(), frame) else None
    if original is None:
        return (whole_page(encode(image())),)
    if original.entries["/BitsPerComponent"] == 1 and image().mode == "1":
        encoded = encode(image())  # G4 is smaller than PNG for real scans
        if len(encoded.data) < len(original.data):
            return (whole_page(encoded),)
    return (Layer(original, _uncut(original, frame)),)


def _uncut(image: PdfImage, frame: PageFrame) -> Place:
    """Where a whole image lies when its part ``frame.crop`` fills the page."""
    width, height = int(image.entries["/Width"]), int(image.entries["/Height"])
    left, top, right, bottom = frame.crop or (0, 0, width, height)
    across, down = right - left, bottom - top
    return (-left / across, -top / down, (width - left) / across, (height - top) / down)


def _is_drawn(path: Path, frame: PageFrame) -> bool:
    with decode.open_pdf(path) as pdf:
        return pdf_page.read_frame(pdf, frame.frame, frame.dpi).source == pdf_page.RENDER


def _stream(path: Path, frame: PageFrame) -> PdfImage | None:
    """The JPEG or JPEG 2000 that the frame consists of."""
    stream = decode.image_stream(path, replace(frame, crop=None))
    if stream.data is None or (stream.kind == "jp2" and not _plain_jp2(stream.data)):
        return None
    space = SPACES[stream.mode]
    entries = entries_of(space, (stream.width, stream.height), _FILTERS[stream.kind])
    icc = usable_profile(stream.icc, space)
    return PdfImage(stream.data, stream.quarter_turn, entries, icc)


def _jpeg(path: Path, frame: PageFrame) -> PdfImage | None:
    with opened(path, "jpeg") as image:
        if image.mode != "CMYK":
            return _stream(path, frame)
        if orientation(image, "jpeg")[1]:
            return None
        entries = entries_of(PRINT, image.size, "/DCTDecode")
        if "adobe" in image.info:  # Adobe's programs store CMYK inverted, and only theirs mark it
            entries["/Decode"] = [1, 0] * 4
        icc = usable_profile(image.info.get("icc_profile"), PRINT)
    return PdfImage(path.read_bytes(), frame.quarter_turn, entries, icc)


def _png(path: Path, frame: PageFrame) -> PdfImage | None:
    """The data of a PNG without transparency, interlace or greys deeper than eight bits."""
    data = path.read_bytes()
    chunks = list(png_chunks(data))
    names = {name for name, _ in chunks}
    width, height, bits, colour, _, _, interlaced = struct.unpack(">IIBBBBB", chunks[0][1][:13])
    plain = colour in _PNG_SPACES and bits <= _PNG_MOST_BITS
    if b"tRNS" in names or interlaced or not plain:
        return None
    with opened(data, "png") as image:
        turn, mirrored = orientation(image, "png")
        profile = image.info.get("icc_profile")
    if mirrored or turn != frame.quarter_turn:
        return None
    name, colours = _PNG_SPACES[colour]
    body = b"".join(part for chunk, part in chunks if chunk == b"IDAT")
    if name == "/Indexed":
        palette = next(part for chunk, part in chunks if chunk == b"PLTE")
        space = [name, COLOUR, len(palette) // 3 - 1, palette]
        return replace(png_image(body, space, (width, height), bits, 1), quarter_turn=turn)
    made = png_image(body, name, (width, height), bits, colours)
    return replace(made, quarter_turn=turn, icc=usable_profile(profile, name))


def _tiff(path: Path, frame: PageFrame) -> PdfImage | None:
    """The only strip of a CCITT G4 scan, the joined strips of a JPEG, or CMYK samples."""
    with opened(path, "tiff") as image:
        image.seek(frame.frame)
        if not isinstance(image, TiffImagePlugin.TiffImageFile) or frame.quarter_turn:
            return None
        tags = image.tag_v2
        if tags.get(_ORIENTATION, 1) != 1:
            return None
        if image.mode == "CMYK":
            made = encode(image)
            return replace(made, icc=usable_profile(image.info.get("icc_profile"), PRINT))
        if tags.get(_COMPRESSION) == _JPEG:
            return _jpeg_strips(path, image)
        strips = tags.get(_STRIP_OFFSETS, ())
        plain = tags.get(_COMPRESSION) == _G4 and tags.get(_FILL_ORDER, 1) == 1
        if not plain or len(strips) != 1 or image.mode != "1":
            return None
        size, black_is_one = image.size, tags.get(_PHOTOMETRIC, 0) != 0
        start, length = strips[0], tags[_STRIP_SIZES][0]
    with path.open("rb") as file:
        file.seek(start)
        return fax_image(file.read(length), size, black_is_one=black_is_one)


def _jpeg_strips(path: Path, image: TiffImagePlugin.TiffImageFile) -> PdfImage | None:
    """The strips of a JPEG in a TIFF as one stream, where they can be joined."""
    tags = image.tag_v2
    photometric = tags.get(_PHOTOMETRIC)
    if (image.mode, photometric) not in _TIFF_JPEGS:
        return None
    starts, lengths = tags.get(_STRIP_OFFSETS, ()), tags.get(_STRIP_SIZES, ())
    if len(starts) != len(lengths):
        return None
    with path.open("rb") as file:
        strips = [_read(file, *place) for place in zip(starts, lengths, strict=True)]
    tables = tags.get(_JPEG_TABLES, b"")
    data = joined(strips, tables, image.size, rgb=photometric == _RGB)
    if data is None:
        return None
    entries = entries_of(SPACES[image.mode], image.size, "/DCTDecode")
    icc = usable_profile(image.info.get("icc_profile"), SPACES[image.mode])
    return PdfImage(data, 0, entries, icc)


def _read(file: BinaryIO, start: int, length: int) -> bytes:
    file.seek(start)
    return file.read(length)


def _shows(original: PdfImage, image: Image.Image, frame: PageFrame) -> bool:
    """Whether joined strips show the page: the two are compared at an eighth of their size."""
    left, top = (frame.crop or (0, 0))[:2]
    try:
        with opened(original.data, "jpeg") as jpeg:
            jpeg.draft(jpeg.mode, (jpeg.width // _EIGHTH, jpeg.height // _EIGHTH))
            whole = jpeg.convert(image.mode)
    except decode.DECODING_ERRORS:
        return False
    column, row = -(-left // _EIGHTH), -(-top // _EIGHTH)  # the first ones that lie in the page
    inside = (column * _EIGHTH - left, row * _EIGHTH - top, image.width, image.height)
    small = image.crop(inside).reduce(_EIGHTH)
    part = whole.crop((column, row, column + small.width, row + small.height))
    return max(ImageStat.Stat(ImageChops.difference(part, small)).mean) <= _SAME


def _jp2(path: Path, frame: PageFrame) -> PdfImage | None:
    return _stream(path, frame)


def _plain_jp2(data: bytes) -> bool:
    """Whether its one colour is told as PDF/A-2 wants it (ISO 19005-2 §6.2.8.3)."""
    header = next((body for name, body in _boxes(data) if name == b"jp2h"), b"")
    colours = [body for name, body in _boxes(header) if name == b"colr"]
    if len(colours) != 1 or len(colours[0]) < 7:
        return False
    method, _, _, enumerated = struct.unpack(">BBBI", colours[0][:7])
    return method == 2 or (method == 1 and enumerated in _JP2_ENUMERATED)


def _boxes(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Name and body of the boxes on the top level (ISO/IEC 15444-1 §I.4)."""
    file = io.BytesIO(data)
    while len(head := file.read(_JP2_BOX)) == _JP2_BOX:
        length, name = struct.unpack(">I4s", head)
        if length == 1:
            length = struct.unpack(">Q", file.read(8))[0] - 8
        if 0 < length < _JP2_BOX:
            return
        yield name, file.read() if length == 0 else file.read(length - _JP2_BOX)


_ORIGINALS = {"jpeg": _jpeg, "jp2": _jp2, "png": _png, "tiff": _tiff, "pdf": _stream}
