"""A piece of a page, cut out of its image for the web: the line that a hit stands on."""

import math
from collections.abc import Mapping
from pathlib import Path

from PIL import Image

from digitize.output.webimage import jpeg
from olketanu.errors import InputError
from pages.text import Box

LEGIBLE = 640
"""Pixels across that make a line legible: the narrowest image that gives so many will do."""
WIDEST, HIGHEST = 1200, 600
"""Pixels of a piece; a larger one is made smaller."""

_QUALITY = 80


def within(box: Box, frame: tuple[int, int]) -> Box | None:
    """Return what of ``box`` lies on a page of (width, height) ``frame``, or None."""
    width, height = frame
    cut = Box(max(0, box.left), max(0, box.top), min(width, box.right), min(height, box.bottom))
    return cut if cut.width > 0 and cut.height > 0 else None


def best_width(box: Box, page: int, widths: Mapping[int, object]) -> int | None:
    """Return which of the images of those widths to cut ``box`` of a page ``page`` wide from.

    None where there is no image.
    """
    wanted = LEGIBLE * page / box.width
    wide = [width for width in widths if width >= wanted]
    return min(wide) if wide else max(widths, default=None)


def cut(image: Path, box: Box, page: int) -> bytes:
    """Return the pixels of ``box`` as a JPEG; ``page`` is the width that boxes are told in.

    ``box`` lies within the page. Equal files give equal bytes.

    Raises:
        FileNotFoundError; InputError: ``error.image-unreadable``: it is not whole.
    """
    try:
        with Image.open(image, formats=("JPEG",)) as opened:
            piece = opened.crop(_scaled(box, opened.width / page, opened.size))
    except FileNotFoundError:
        raise
    except (OSError, ValueError, SyntaxError) as error:
        raise InputError("error.image-unreadable", image=image.name) from error
    piece.thumbnail((WIDEST, HIGHEST), Image.Resampling.LANCZOS)
    return jpeg(piece, _QUALITY, progressive=False)


def _scaled(box: Box, scale: float, size: tuple[int, int]) -> Box:
    """The box in pixels of the image, grown to whole ones; at least one each way."""
    width, height = size
    left = min(math.floor(box.left * scale), width - 1)
    top = min(math.floor(box.top * scale), height - 1)
    right = min(max(math.ceil(box.right * scale), left + 1), width)
    bottom = min(max(math.ceil(box.bottom * scale), top + 1), height)
    return Box(left, top, right, bottom)
