"""The page that every good file shows, and what a derivative of it must look like."""

import zlib
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw

SIZE = (240, 340)
MOST_DIFFERENCE = 0.02 * 255
"""Grey levels by which the mean of a derivative may differ from the master's."""

MOST_CORNER_DIFFERENCE = 0.04 * 255


def scene(name: str) -> Image.Image:
    """A page that no turn or mirror maps onto itself; a few pixels depend on ``name``."""
    image = Image.new("RGB", SIZE, (236, 232, 220))
    draw = ImageDraw.Draw(image)
    draw.rectangle((12, 12, 150, 60), fill="black")
    draw.rectangle((20, 90, 70, 200), fill=(120, 120, 120))
    draw.rectangle((170, 290, 230, 330), fill=(200, 30, 30))
    draw.rectangle((100, 150, 220, 170), fill=(30, 60, 190))
    number = zlib.crc32(name.encode())
    for bit in range(32):
        if number >> bit & 1:
            draw.point((20 + 4 * bit, 260), fill="black")
    return image


def grey_scene(name: str) -> Image.Image:
    return scene(name).convert("L")


def bitonal_scene(name: str) -> Image.Image:
    return grey_scene(name).point(lambda value: 255 * (value > 127)).convert("1")


@dataclass(frozen=True)
class Look:
    """Mean grey of an image and of its four corners, the size's ratio."""

    mean: float
    corners: tuple[float, ...]
    ratio: float


def look(image: Image.Image) -> Look:
    grey = np.asarray(image.convert("RGB").convert("L"), dtype=np.float64)
    height, width = grey.shape
    corners = [
        float(half.mean())
        for rows in np.array_split(grey, [height // 2], axis=0)
        for half in np.array_split(rows, [width // 2], axis=1)
    ]
    return Look(float(grey.mean()), tuple(corners), width / height)


def differences(
    found: Image.Image, truth: Image.Image, corner: float = MOST_CORNER_DIFFERENCE
) -> list[str]:
    """What a derivative gets wrong of the picture, in words; empty when all is well."""
    made, true = look(found), look(truth)
    wrong = []
    if abs(made.mean - true.mean) > MOST_DIFFERENCE:
        wrong.append(f"mean {made.mean:.1f} instead of {true.mean:.1f}")
    pairs = zip(made.corners, true.corners, strict=True)
    if any(abs(one - other) > corner for one, other in pairs):
        wrong.append(f"corners {made.corners} instead of {true.corners}")
    if abs(made.ratio / true.ratio - 1) > 0.02:
        wrong.append(f"ratio {made.ratio:.3f} instead of {true.ratio:.3f}")
    return wrong
