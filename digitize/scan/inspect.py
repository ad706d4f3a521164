"""What a file is and whether it can be read to its end: type, hash, full decode of each frame.

A header says little: of images cut off at any place, opening and Pillow's ``verify`` accept many, a
full decode none. Runs only inside a limited child process, since decoders are native code.
"""

import errno
import hashlib
import os
from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pikepdf
from PIL import Image, ImageFile, UnidentifiedImageError

from digitize.scan import codes, pdf_page, raster
from digitize.scan.complete import is_complete
from digitize.scan.decode import DECODING_ERRORS, pdf_image
from digitize.scan.inspection import FrameInfo, Inspection
from digitize.scan.pdf_active import active_content
from digitize.scan.pdf_size import check_size
from digitize.scan.sniff import is_misnamed, type_of
from digitize.scan.spread import WIDTH, before_turn, find_spread, is_wide
from digitize.work.limits import Limits
from olketanu.errors import BadFileError
from pages.text import Box

MOST_FRAMES = 10_000
_MEGA = 1_000_000
_CHUNK = 1 << 20
_SUBFILE_TYPE = 254
_REDUCED = 1
_CHECK_SCALE = 0.5  # pixels a point: enough to make a renderer read everything
_FEWEST_LETTERS = 10
_SYSTEM_CODES = {
    **dict.fromkeys((errno.EACCES, errno.EPERM), codes.NO_ACCESS),
    **dict.fromkeys((errno.ENOENT, errno.ENOTDIR, errno.ESTALE), codes.CHANGED),
    errno.EIO: codes.READ_ERROR,
}


def task(payload: dict[str, Any]) -> dict[str, Any]:
    """The worker's task: ``path``, ``max_megapixels`` (default 300) to ``Inspection.to_dict``.

    ``spreads`` (default false) asks where a frame shows two pages.
    ``raw_path`` (hexadecimal bytes) stands instead of ``path`` where a name is no UTF-8; ``name``,
    when given, is the file's original name, for the check of its extension.
    """
    limits = Limits(megapixels=int(payload.get("max_megapixels", Limits().megapixels)))
    spreads = bool(payload.get("spreads", False))
    raw = payload.get("raw_path")
    path = Path(payload["path"] if raw is None else os.fsdecode(bytes.fromhex(raw)))
    return inspect(path, limits, payload.get("name"), spreads=spreads).to_dict()


def inspect(
    path: Path, limits: Limits, name: str | None = None, *, spreads: bool = False
) -> Inspection:
    """Decode the whole file and return what it is; the file is only read.

    ``name`` is the original file name where ``path`` is not; with ``spreads`` frames of two pages
    are told. BadFileError with one of
    ``codes.REFUSALS``; any other OSError says nothing about the file.
    """
    shown = name or path.name
    try:
        kind = type_of(path)
        sha256, size = _hash(path)
        wanted = _Wanted(limits.megapixels * _MEGA, spreads)
        read = _read_pdf(path, wanted) if kind == "pdf" else _read_image(path, kind, wanted)
        frames, warnings = read
    except BadFileError as error:
        raise BadFileError(error.code, **({**error.facts, "file": shown})) from error
    except MemoryError as error:
        raise BadFileError(codes.TOO_LARGE, file=shown) from error
    except OSError as error:
        if error.errno not in _SYSTEM_CODES:
            raise
        raise BadFileError(_SYSTEM_CODES[error.errno], file=shown) from error
    if is_misnamed(shown, kind):
        warnings = {*warnings, codes.MISNAMED}
    return Inspection(kind, tuple(frames), sha256, size, tuple(sorted(warnings)))


Read = tuple[list[FrameInfo], set[str]]


class _Wanted(NamedTuple):
    """How large a frame may be, and whether two pages in one frame are looked for."""

    most_pixels: int
    spreads: bool


def _hash(path: Path) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    with path.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            digest.update(chunk)
            size += len(chunk)
    return digest.hexdigest(), size


def _read_image(path: Path, kind: str, wanted: _Wanted) -> Read:
    try:
        with raster.opened(path, kind) as image:
            return _image_frames(image, kind, wanted)
    except BadFileError:
        raise
    except (*DECODING_ERRORS, UnidentifiedImageError) as error:
        code = codes.UNREADABLE if is_complete(path, kind) else codes.TRUNCATED
        raise BadFileError(code) from error


def _image_frames(image: ImageFile.ImageFile, kind: str, wanted: _Wanted) -> Read:
    frames: list[FrameInfo] = []
    reduced: list[FrameInfo] = []
    warnings: set[str] = set()
    count = getattr(image, "n_frames", 1)
    if count > MOST_FRAMES:
        raise BadFileError(codes.TOO_LARGE, frames=count)
    if kind != "tiff" and count > 1:
        warnings.add(codes.MORE_PICTURES)
    for index in range(count if kind == "tiff" else 1):
        image.seek(index)
        small = int(getattr(image, "tag_v2", {}).get(_SUBFILE_TYPE, 0)) & _REDUCED
        (reduced if small else frames).append(_image_frame(image, index, kind, wanted))
        if raster.orientation(image, kind)[1]:
            warnings.add(codes.MIRRORED)
    if frames and reduced:
        warnings.add(codes.REDUCED_SKIPPED)
    return frames or reduced, warnings


def _image_frame(image: ImageFile.ImageFile, index: int, kind: str, wanted: _Wanted) -> FrameInfo:
    """The current frame of ``image``, its size checked before it is decoded in full."""
    _check_size(image.size, wanted.most_pixels)
    turn, mirrored = raster.orientation(image, kind)
    dpi, known = raster.resolution(image)
    mode = image.mode
    image.load()
    width, height = image.size if turn % 2 == 0 else image.size[::-1]
    pages = _pages(image, turn, mirrored=mirrored) if wanted.spreads else ()
    return FrameInfo(index, turn, width, height, dpi, mode, dpi_known=known, pages=pages)


def _pages(image: Image.Image, turn: int, *, mirrored: bool = False) -> tuple[Box, ...]:
    """The two pages of a decoded frame before its turn, or none where it is one page."""
    odd = turn % 2
    width, height = (image.height, image.width) if odd else image.size
    if not is_wide(width, height):
        return ()
    grey = raster.grey_of(image, WIDTH * image.width // width)
    grey = grey[:, ::-1] if mirrored else grey
    found = find_spread(np.ascontiguousarray(np.rot90(grey, -turn)), width, height)
    if found is None:
        return ()
    left, right = (before_turn(page, turn, width, height) for page in (found.left, found.right))
    return left, right


def _check_size(size: tuple[int, int], most_pixels: int) -> None:
    if size[0] * size[1] > most_pixels:
        megapixels, limit = round(size[0] * size[1] / _MEGA), most_pixels // _MEGA
        raise BadFileError(codes.TOO_LARGE, megapixels=megapixels, limit=limit)


def _read_pdf(path: Path, wanted: _Wanted) -> Read:
    try:
        with pdf_page.OpenPdf(str(path), partial(_look_through, wanted.most_pixels)) as pdf:
            count = _count_pages(pdf)
            frames = [_pdf_frame(pdf, index, wanted) for index in range(count)]
            return frames, set(_pdf_warnings(pdf))
    except pikepdf.PasswordError as error:
        raise BadFileError(codes.ENCRYPTED) from error
    except (*pdf_page.PDF_ERRORS, *DECODING_ERRORS) as error:
        raise BadFileError(codes.BAD_PDF) from error


def _look_through(most_pixels: int, structure: pikepdf.Pdf) -> None:
    """Refuse what would grow without measure, before anything is drawn."""
    if len(structure.pages) > MOST_FRAMES:
        raise BadFileError(codes.TOO_LARGE, frames=len(structure.pages))
    check_size(structure, most_pixels)


def _count_pages(pdf: pdf_page.OpenPdf) -> int:
    """Number of pages; BAD_PDF where there are none or the two libraries disagree.

    A damaged page tree can open with fewer pages than it says: then pages would be lost unnoticed.
    """
    tree: Any = pdf.structure.Root.get("/Pages", {})
    said = tree.get("/Count", 0)
    count = len(pdf.structure.pages)
    if count == 0 or len({count, len(pdf.pixels), int(said)}) > 1:
        raise BadFileError(codes.BAD_PDF, pages=count)
    return count


def _pdf_frame(pdf: pdf_page.OpenPdf, index: int, wanted: _Wanted) -> FrameInfo:
    found = pdf_page.read_frame(pdf, index)
    _check_size((found.width, found.height), wanted.most_pixels)
    pages: tuple[Box, ...] = ()
    if found.source == pdf_page.IMAGE:
        image = pdf_image(pdf, index, found)
        pages = _pages(image, found.quarter_turn) if wanted.spreads else ()
    has_text = _check_page(pdf, index, render=found.source == pdf_page.RENDER)
    odd = found.quarter_turn % 2
    width, height = (found.height, found.width) if odd else (found.width, found.height)
    turn, mode = found.quarter_turn, found.mode
    size = (width, height, found.dpi)
    return FrameInfo(index, turn, *size, mode, found.source, has_text, pages=pages)


def _check_page(pdf: pdf_page.OpenPdf, index: int, *, render: bool) -> bool:
    """Read the page through once (in small where it is to be rendered); whether it holds text."""
    page = pdf.pixels[index]
    try:
        if render:
            page.render(scale=_CHECK_SCALE, grayscale=True).close()
        text = page.get_textpage()
        try:
            return bool(text.count_chars() >= _FEWEST_LETTERS)
        finally:
            text.close()
    finally:
        page.close()


def _pdf_warnings(pdf: pdf_page.OpenPdf) -> Iterable[str]:
    if pdf.structure.is_encrypted:
        yield codes.OWNER_PASSWORD
    if pdf.structure.get_warnings():
        yield codes.PDF_REPAIRED
    yield from active_content(pdf.structure)
