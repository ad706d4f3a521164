"""Images of a page for the web: upright and uncropped, so that boxes scale by the width alone."""

import io

from PIL import Image

WIDTHS = (200, 800, 1600)
"""Pixels across: for lists, for reading, and for looking closely."""

_MOST = {200: 20_000, 800: 245_000, 1600: 800_000}
"""Bytes that an image should not exceed: an A3 page of newsprint does not at the first quality."""

_QUALITIES = (75, 62, 50)
_CUT_FROM = 1600
"""The width that lines are cut from: not progressive, which is decoded four times as fast."""


def widths_for(page: int) -> tuple[int, ...]:
    """Return the widths that a page of ``page`` pixels across has images of, narrowest first.

    The first that shows every pixel is the last.
    """
    wide = sum(width < page for width in WIDTHS)
    return WIDTHS[: wide + 1]


def web_image(image: Image.Image, width: int) -> bytes:
    """Return a JPEG of an image of mode 1, L or RGB, ``width`` pixels across.

    A narrower image keeps its size. Bitonal scans become grey, so that thin strokes stay. What
    comes out too large for a slow line (rarely) is made again, more coarsely.
    """
    plain = image.convert("L") if image.mode == "1" else image
    if plain.width > width:
        height = max(1, round(plain.height * width / plain.width))
        plain = plain.resize((width, height), Image.Resampling.LANCZOS, reducing_gap=3.0)
    for quality in _QUALITIES:
        made = jpeg(plain, quality, progressive=width < _CUT_FROM)
        if len(made) <= _MOST.get(width, len(made)):
            break
    return made


def jpeg(image: Image.Image, quality: int, *, progressive: bool) -> bytes:
    """Return ``image`` (mode L or RGB) as a JPEG; equal pixels give equal bytes."""
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=quality, optimize=True, progressive=progressive)
    return buffer.getvalue()
