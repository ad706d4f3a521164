"""Images as Pillow opens them, and their way to the three modes that the program works in.

Pillow is always given the one format that the content showed, so that it tries no other decoder. A
frame here is the image as Pillow decodes it with a mirroring undone (EXIF 2, 4, 5, 7); a TIFF is
turned upright by Pillow itself, of other types the quarter turn is still to be done.
"""

import io
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from PIL import Image, ImageCms, ImageFile

from digitize.scan.sniff import PILLOW_FORMATS
from pages.text import Box

Greys = np.ndarray[Any, np.dtype[np.uint8]]
ORIENTATION = 0x0112
PHOTOMETRIC = 262
DEFAULT_DPI = 300
WORKING_MODES = ("1", "L", "RGB")
_TURNS = {1: 0, 2: 0, 3: 2, 4: 2, 5: 3, 6: 1, 7: 1, 8: 3}
_MIRRORED = frozenset({2, 4, 5, 7})
_CLOCKWISE = {
    1: Image.Transpose.ROTATE_270,
    2: Image.Transpose.ROTATE_180,
    3: Image.Transpose.ROTATE_90,
}
_DEPTHS = (8, 10, 12, 14, 16)
_LEAST_DPI, _MOST_DPI = 50, 4800
_BAND = 512  # rows
_PLACEHOLDER_DPI = 100
_PLACEHOLDER_INCHES = 20


@contextmanager
def opened(source: Path | bytes, kind: str) -> Iterator[ImageFile.ImageFile]:
    """Open an image of type ``kind`` (see ``digitize.scan.sniff``) with that decoder alone.

    Pillow's own guard against huge images is off inside, since it warns at a fixed size and cannot
    tell a large map from a bomb: callers compare the header with their limit before they load.
    Warnings about odd metadata are not shown. Raises what Pillow raises.
    """
    guard = Image.MAX_IMAGE_PIXELS
    stream: BinaryIO = io.BytesIO(source) if isinstance(source, bytes) else source.open("rb")
    with warnings.catch_warnings(), stream:
        warnings.simplefilter("ignore")
        Image.MAX_IMAGE_PIXELS = None
        try:
            with Image.open(stream, formats=PILLOW_FORMATS[kind]) as image:
                yield image
        finally:
            Image.MAX_IMAGE_PIXELS = guard


def orientation(image: Image.Image, kind: str) -> tuple[int, bool]:
    """Return (quarter turns clockwise, mirrored) that set the image upright (EXIF Orientation).

    (0, False) for a TIFF, which Pillow turns while decoding, and where the value is not 1 to 8.
    """
    if kind == "tiff":
        return 0, False
    value = image.getexif().get(ORIENTATION, 1)
    return _TURNS.get(value, 0), value in _MIRRORED


def resolution(image: Image.Image) -> tuple[int, bool]:
    """Return (dots per inch, known) from the metadata; (``DEFAULT_DPI``, False) without any.

    The 72 or 96 that cameras and office programs write is not believed where it would make the
    sheet longer than ``_PLACEHOLDER_INCHES``.
    """
    try:
        across, down = image.info["dpi"]
        dpi = round((float(across) + float(down)) / 2)
    except (KeyError, TypeError, ValueError, OverflowError, ZeroDivisionError):
        return DEFAULT_DPI, False
    if not _LEAST_DPI <= dpi <= _MOST_DPI:
        return DEFAULT_DPI, False
    if dpi < _PLACEHOLDER_DPI and max(image.size) / dpi > _PLACEHOLDER_INCHES:
        return DEFAULT_DPI, False
    return dpi, True


def load_frame(image: ImageFile.ImageFile, index: int, kind: str) -> Image.Image:
    """Return frame ``index`` fully decoded in one of ``WORKING_MODES``, a mirroring undone.

    Alpha is laid on white, palettes are resolved, CMYK, YCbCr and LAB become RGB, deep greys are
    scaled to 8 bits. The quarter turn is not done.
    """
    image.seek(index)
    _, mirrored = orientation(image, kind)
    inverted = kind == "tiff" and _white_is_zero(image)
    image.load()
    working = to_working_mode(image, inverted=inverted)
    return working.transpose(Image.Transpose.FLIP_LEFT_RIGHT) if mirrored else working


def to_working_mode(image: Image.Image, *, inverted: bool = False) -> Image.Image:
    """Return the image in mode 1, L or RGB: itself, once loaded, if it is in one already.

    ``inverted``: zero is white in greys deeper than 8 bits (TIFF WhiteIsZero), which Pillow does
    not undo by itself.
    """
    mode = image.mode
    if mode in WORKING_MODES and "transparency" not in image.info:
        return image
    if mode.startswith("I") or mode == "F":
        return Image.fromarray(scale_grey(np.asarray(image), inverted=inverted))
    if mode == "LAB":
        return _from_lab(image)
    if image.has_transparency_data:
        return _on_white(image)
    if mode == "P":
        return _palette(image)
    return image.convert("L" if mode in ("La", "LA") else "RGB")


def scale_grey(values: np.ndarray[Any, Any], *, inverted: bool = False) -> Greys:
    """Return greys of any depth as uint8 (h, w), anew; the highest value becomes white.

    The depth is taken from the scan, since 10 and 12 bits are stored in 16: the least of 8, 10,
    12, 14 and 16 that holds the greatest value. Full 16 bits are divided by 257, never clipped.
    Floats and values beyond 16 bits are scaled by their greatest; negative values count as 0.
    """
    top = float(np.nanmax(values, initial=0.0))
    if values.dtype.kind == "f" or top >= 1 << _DEPTHS[-1]:
        white = 1.0 if top <= 1 else max(top, 255.0)
        scaled = np.clip(np.nan_to_num(values) * (255.0 / white), 0, 255)
        grey: Greys = np.rint(scaled).astype(np.uint8)
    else:
        depth = next(bits for bits in _DEPTHS if top < 1 << bits)
        full = (1 << depth) - 1
        levels = np.minimum(np.arange(1 << _DEPTHS[-1]), full)
        table = ((levels * 255 + full // 2) // full).astype(np.uint8)
        grey = table[np.maximum(values, 0)]
    return np.subtract(255, grey, dtype=np.uint8) if inverted else grey


def grey_of(image: Image.Image, width: int = 0) -> Greys:
    """Return an image of any mode as uint8 (height, width), 255 white, anew; colour by ITU-R 601.

    With ``width`` the result is reduced by the whole factor that keeps it at least as wide. Works
    in bands of rows, so that a large sheet is not held twice.
    """
    deep = image.mode.startswith("I") or image.mode == "F"
    whole = to_working_mode(image) if deep else image  # the depth is that of the whole image
    factor = max(1, whole.width // width) if width else 1
    rows = -(-whole.height // factor)
    grey = np.empty((rows, -(-whole.width // factor)), np.uint8)
    step = _BAND // factor or 1
    for top in range(0, rows, step):
        box = (0, top * factor, whole.width, min(whole.height, (top + step) * factor))
        band = to_working_mode(whole.crop(box)).convert("L")
        grey[top : top + step] = np.asarray(band.reduce(factor) if factor > 1 else band)
    return grey


def cut_and_turn(image: Image.Image, crop: Box | None, quarter_turn: int) -> Image.Image:
    """Return the part ``crop`` (pixels before turning) of the frame, turned clockwise."""
    part = image.crop(crop) if crop is not None else image
    return part.transpose(_CLOCKWISE[quarter_turn % 4]) if quarter_turn % 4 else part


def _white_is_zero(image: Image.Image) -> bool:
    tags = getattr(image, "tag_v2", {})
    return bool(tags.get(PHOTOMETRIC, 1) == 0)


def _on_white(image: Image.Image) -> Image.Image:
    """Alpha laid on white paper; grey stays grey."""
    with_alpha = image.convert("LA" if image.mode in ("LA", "La", "L", "1") else "RGBA")
    plain = "L" if with_alpha.mode == "LA" else "RGB"
    white = Image.new(plain, image.size, 255 if plain == "L" else (255, 255, 255))
    white.paste(with_alpha.convert(plain), mask=with_alpha.getchannel("A"))
    return white


def _palette(image: Image.Image) -> Image.Image:
    """A palette of greys becomes grey, any other RGB."""
    colours = image.getpalette("RGB") or []
    grey = all(colours[i] == colours[i + 1] == colours[i + 2] for i in range(0, len(colours), 3))
    return image.convert("L" if grey else "RGB")


def _from_lab(image: Image.Image) -> Image.Image:
    lab, srgb = ImageCms.createProfile("LAB"), ImageCms.createProfile("sRGB")
    transform = ImageCms.buildTransform(lab, srgb, "LAB", "RGB")
    converted = ImageCms.applyTransform(image, transform)
    if converted is None:  # only when asked to work in place
        raise ValueError("no image came back from the colour transform")
    return converted
