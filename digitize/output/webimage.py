"""Images of a page for the web: upright and uncropped, so that boxes scale by the width alone."""

import io

from PIL import Image

WIDTHS = (200, 800)
"""Pixels across: for lists, and for reading."""

_QUALITY = 75


def web_image(image: Image.Image, width: int) -> bytes:
    """Return a progressive JPEG of an image of mode 1, L or RGB, ``width`` pixels across.

    A narrower image keeps its size. Bitonal scans become grey, so that thin strokes stay.
    """
    plain = image.convert("L") if image.mode == "1" else image
    if plain.width > width:
        height = max(1, round(plain.height * width / plain.width))
        plain = plain.resize((width, height), Image.Resampling.LANCZOS, reducing_gap=3.0)
    buffer = io.BytesIO()
    plain.save(buffer, "JPEG", quality=_QUALITY, optimize=True, progressive=True)
    return buffer.getvalue()
