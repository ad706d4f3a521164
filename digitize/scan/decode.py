"""From a master and a frame to pixels: upright, in at most three modes, nothing clipped or lost.

Masters were decoded in full when they came in (``digitize.scan.inspect``), so the pixel limit is
not asked again; the limits of the child process hold. Call only inside such a child.
"""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pikepdf
from PIL import Image

from digitize.scan import pdf_page
from digitize.scan.codes import BAD_PDF, UNREADABLE
from digitize.scan.raster import Greys, cut_and_turn, grey_of, load_frame, opened, orientation
from digitize.scan.sniff import JP2_SIGNATURE, type_of
from olketanu.errors import BadFileError
from pages.text import PageFrame

DECODING_ERRORS = (OSError, SyntaxError, ValueError, EOFError, IndexError, KeyError, TypeError)
"""What Pillow's decoders raise on bad data."""


@dataclass(frozen=True, slots=True)
class ImageStream:
    """The compressed bytes of a frame, where they can be shown as they are.

    ``kind`` is ``jpeg`` or ``jp2`` (then ``data`` is the whole stream, a JP2 with its boxes), or
    ``raster`` (then ``data`` is None and the pixels come from :func:`load_image`). ``width`` and
    ``height`` are pixels of the stream, before the clockwise ``quarter_turn`` that sets it upright;
    ``mode`` is L or RGB; ``icc`` is a colour profile for that mode, or None. A raster is given
    upright, its ``quarter_turn`` is 0; its ``mode`` is empty, since only its pixels tell.
    """

    kind: str
    data: bytes | None
    width: int
    height: int
    quarter_turn: int
    mode: str
    icc: bytes | None = None


def load_image(path: Path, frame: PageFrame) -> Image.Image:
    """Return the frame as an image in mode 1, L or RGB: cropped, upright, 8 bits, without alpha.

    BadFileError where the master cannot be decoded.
    """
    kind = type_of(path)
    whole = _pdf_image(path, frame) if kind == "pdf" else _plain_image(path, frame, kind)
    return cut_and_turn(whole, frame.crop, frame.quarter_turn)


def load_grey(path: Path, frame: PageFrame) -> Greys:
    """Return the frame as uint8 (height, width), 255 white, cropped and upright, anew.

    Colour becomes grey by ITU-R 601. BadFileError where the master cannot be decoded.
    """
    kind = type_of(path)
    if kind == "pdf":
        whole = grey_of(_pdf_image(path, frame))
    else:
        with decoding(path), opened(path, kind) as image:
            if kind == "jpeg":
                image.draft("L", None)  # the decoder's own grey: a third of the memory and time
            whole = grey_of(load_frame(image, frame.frame, kind))
    if frame.crop is not None:
        left, top, right, bottom = frame.crop
        whole = whole[top:bottom, left:right]
    return np.ascontiguousarray(np.rot90(whole, -frame.quarter_turn))


def image_stream(path: Path, frame: PageFrame) -> ImageStream:
    """Return the original bytes of a frame that is one whole JPEG or JPEG 2000, else a raster.

    Passed through: grey and RGB of 8 bits, uncropped and not mirrored, also from a page of a PDF
    that holds nothing else. A bare JPEG 2000 codestream and CMYK are rasters, since PDF readers
    disagree on them.
    """
    kind = type_of(path)
    if frame.crop is None and kind == "pdf":
        with open_pdf(path) as pdf:
            found = pdf_page.read_frame(pdf, frame.frame, frame.dpi)
        if found.kind is not None and found.data is not None:
            size = (found.width, found.height)
            return _stream(found.kind, found.data, size, frame, found.mode)
    if frame.crop is None and kind in ("jpeg", "jp2"):
        with decoding(path), opened(path, kind) as image:
            mirrored = orientation(image, kind)[1]
            size, mode = image.size, image.mode
        data = path.read_bytes()
        bare = kind == "jp2" and not data.startswith(JP2_SIGNATURE)
        if mode in ("L", "RGB") and not mirrored and not bare:
            return _stream(kind, data, size, frame, mode)
    return ImageStream("raster", None, frame.width, frame.height, 0, "")


def _stream(
    kind: str, data: bytes, size: tuple[int, int], frame: PageFrame, mode: str
) -> ImageStream:
    with opened(data, kind) as image:
        icc = image.info.get("icc_profile")
    space = {"L": b"GRAY", "RGB": b"RGB "}[mode]
    fits = isinstance(icc, bytes) and icc[16:20] == space
    profile = icc if fits else None
    return ImageStream(kind, data, *size, frame.quarter_turn, mode, profile)


def _plain_image(path: Path, frame: PageFrame, kind: str) -> Image.Image:
    with decoding(path), opened(path, kind) as image:
        return load_frame(image, frame.frame, kind)


def _pdf_image(path: Path, frame: PageFrame) -> Image.Image:
    with open_pdf(path) as pdf:
        return pdf_image(pdf, frame.frame, pdf_page.read_frame(pdf, frame.frame, frame.dpi))


def pdf_image(pdf: pdf_page.OpenPdf, index: int, found: pdf_page.PdfFrame) -> Image.Image:
    """Return the decoded frame of page ``index`` before its quarter turn; BadFileError BAD_PDF."""
    if found.kind is None or found.data is None:
        return pdf_page.pixels(pdf, index, found)
    try:
        with opened(found.data, found.kind) as image:
            image.load()
            return image  # the pixels outlive the file; a large sheet is not held twice
    except DECODING_ERRORS as error:
        raise BadFileError(BAD_PDF, page=index + 1) from error


@contextmanager
def open_pdf(path: Path) -> Iterator[pdf_page.OpenPdf]:
    """Open a PDF that was inspected before; BadFileError BAD_PDF where it cannot be read now."""
    try:
        with pdf_page.OpenPdf(str(path)) as pdf:
            yield pdf
    except (pikepdf.PasswordError, *pdf_page.PDF_ERRORS) as error:
        raise BadFileError(BAD_PDF, file=path.name) from error


@contextmanager
def decoding(path: Path) -> Iterator[None]:
    """What a decoder says of a file inside is told as BadFileError; a fault of the disk passes."""
    try:
        yield
    except DECODING_ERRORS as error:
        if isinstance(error, OSError) and error.errno == errno.EIO:
            raise  # the disk's fault, not the picture's
        raise BadFileError(UNREADABLE, file=path.name) from error
