"""How large the print of a page is, and by how much its image should grow or shrink for reading.

The recogniser reads best, and quickest, where a small letter is some 15 to 18 pixels high, whatever
the scan says of its resolution (decision 0015); so sizes are measured on the letters themselves.
"""

from typing import TypeAlias

import cv2
import numpy as np
import numpy.typing as npt

Grey: TypeAlias = npt.NDArray[np.uint8]

TILE = 768  # pixels: a sample of the page is measured, not all of it
TILES = 4
INK = 190  # of a normalised page: darker is ink, faint and worn strokes too
LEAST_HEIGHT, MOST_HEIGHT = 4, 160
FEWEST = 60  # letters that a measure needs
EVEN_DPI, EVEN_HEIGHT = 300, 20.0  # body type of 9 to 10 points has small letters of 1.7 mm
BELIEVED = 1.5  # a told resolution is believed within this factor of the measured one
SMALL, LARGE = 15.0, 18.5  # pixels: between them nothing is changed
READ = 18.0  # what it is brought to
MOST_GROWTH = 3.0
MOST_PIXELS = 80_000_000  # of the image that is read; A2 at 400 dpi has 62 million


def letter_height(grey: Grey) -> float:
    """Height in pixels of most small letters of a normalised page; 0.0 where there are too few.

    Measured on up to four tiles that hold most print.
    """
    heights = np.concatenate([_heights(tile) for tile in _tiles(grey)] or [np.empty(0, np.int32)])
    if len(heights) < FEWEST:
        return 0.0
    counts = np.bincount(heights, minlength=MOST_HEIGHT + 2).astype(np.float64)
    # A size spreads over neighbouring heights the more the larger it is.
    sizes = [slice(round(h * 0.93), round(h * 1.07) + 1) for h in range(MOST_HEIGHT)]
    best = int(np.argmax([counts[size].sum() for size in sizes]))
    size = sizes[best]
    return float(np.average(np.arange(size.start, size.stop), weights=counts[size]))


def reading_scale(height: float, pixels: int) -> float:
    """Return by which factor to scale an image of ``pixels`` with letters of ``height`` pixels."""
    scale = 1.0
    if 0 < height < SMALL:
        scale = min(MOST_GROWTH, READ / height)
    elif height > LARGE:
        scale = READ / height
    return float(min(scale, (MOST_PIXELS / pixels) ** 0.5))


def believed_dpi(told: int, height: float) -> int:
    """Return the resolution: as told, or from the height of letters where the two disagree."""
    if not height:
        return told
    measured = height * EVEN_DPI / EVEN_HEIGHT
    if 1 / BELIEVED <= told / measured <= BELIEVED:
        return told
    return round(measured)


def _tiles(grey: Grey) -> list[Grey]:
    """The tiles with most ink, in the order of the page."""
    height, width = grey.shape
    rows, columns = range(0, height, TILE), range(0, width, TILE)
    tiles = [grey[y : y + TILE, x : x + TILE] for y in rows for x in columns]
    # A share beyond a half is a picture.
    inked = [float(np.count_nonzero(tile[::4, ::4] < INK)) for tile in tiles]
    inked = [0.0 if ink > tile.size / 32 else ink for ink, tile in zip(inked, tiles, strict=True)]
    best = sorted(range(len(tiles)), key=lambda n: (-inked[n], n))[:TILES]
    return [tiles[n] for n in sorted(best) if inked[n]]


def _heights(tile: Grey) -> npt.NDArray[np.int32]:
    """Heights of the parts of a tile that may be letters."""
    ink = (tile < INK).astype(np.uint8)
    _, _, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    stats = stats[1:]
    width, height = stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT]
    area = stats[:, cv2.CC_STAT_AREA]
    fits = (height >= LEAST_HEIGHT) & (height <= MOST_HEIGHT)
    fits &= (width >= 0.4 * height) & (width <= 2.0 * height) & (area >= 0.2 * width * height)
    return np.asarray(height[fits], dtype=np.int32)
