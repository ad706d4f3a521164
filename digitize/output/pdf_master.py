"""The page as it was scanned: the master's own bytes where a PDF can hold them, else no loss.

JPEG, JPEG 2000, PNG and CCITT G4 streams pass through and are turned and cut by the page's matrix.
A PDF page that had to be drawn has no scan; it is layered like an access page.
"""

import io
import struct
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from PIL import Image, TiffImagePlugin

from digitize.output.pdf_image import (
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
from digitize.scan import decode, pdf_page
from digitize.scan.raster import opened, orientation
from digitize.scan.sniff import type_of
from pages.text import PageFrame

_FILTERS = {"jpeg": "/DCTDecode", "jp2": "/JPXDecode"}
_COMPRESSION, _PHOTOMETRIC, _FILL_ORDER, _ORIENTATION = 259, 262, 266, 274
_STRIP_OFFSETS, _STRIP_SIZES = 273, 279
_G4 = 4
_PNG_SPACES = {0: (GREY, 1), 2: (COLOUR, 3), 3: ("/Indexed", 1)}
_PNG_MOST_BITS = 8
_JP2_ENUMERATED = {16, 17, 18}  # sRGB, grey, sYCC (ISO/IEC 15444-1 Table I.10)
_JP2_BOX = 8


def master_layers(path: Path, frame: PageFrame, image: Image.Image) -> tuple[Layer, ...] | None:
    """Return the page's layers without loss; None for a page of a PDF that has no scan.

    ``image`` is the frame decoded and upright (what ``decode.load_image`` gives); it is encoded
    where the master's bytes cannot be shown as they are. Errors of decoding pass through.
    """
    kind = type_of(path)
    if kind == "pdf" and _is_drawn(path, frame):
        return None
    original = _ORIGINALS[kind](path, frame) if kind in _ORIGINALS else None
    if original is None:
        return (whole_page(encode(image)),)
    if image.mode == "1":  # G4 is smaller than PNG for real scans
        encoded = encode(image)
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
    """The only strip of a CCITT G4 scan, or CMYK samples."""
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
        strips = tags.get(_STRIP_OFFSETS, ())
        plain = tags.get(_COMPRESSION) == _G4 and tags.get(_FILL_ORDER, 1) == 1
        if not plain or len(strips) != 1 or image.mode != "1":
            return None
        size, black_is_one = image.size, tags.get(_PHOTOMETRIC, 0) != 0
        start, length = strips[0], tags[_STRIP_SIZES][0]
    with path.open("rb") as file:
        file.seek(start)
        return fax_image(file.read(length), size, black_is_one=black_is_one)


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
