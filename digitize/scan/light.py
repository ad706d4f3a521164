"""How light a page's picture is: paper, evenness and ink, from its small image for the web."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

_CELLS = 6  # each way: a cell is some lines of text high
_PAPER = 85  # per cent of the pixels of a cell are no lighter than its paper
_LIGHTER = 75  # per cent: of a row of cells, the lighter ones are paper
_INK = 60  # grey levels darker than the paper of its cell


@dataclass(frozen=True, slots=True)
class Light:
    """Grey levels, 0 black to 255 white.

    ``paper`` is the median over the cells of a grid; ``uneven`` the difference between the lightest
    and the darkest row, or column, of cells by their lighter quarter, so that a picture on half the
    row does not count; ``ink`` the share of pixels that are much darker than the paper around them.
    """

    paper: int
    uneven: int
    ink: float


def measure_light(path: Path) -> Light:
    """Return the light of a small image (a JPEG of some hundred pixels across).

    Raises:
        OSError: no such file, or not an image.
    """
    with Image.open(path) as image:
        small = image.convert("L")
    size = (max(small.width, _CELLS), max(small.height, _CELLS))
    grey = np.asarray(small if small.size == size else small.resize(size))
    papers = np.zeros((_CELLS, _CELLS))
    dark = 0
    for row, band in enumerate(np.array_split(grey, _CELLS, axis=0)):
        for column, cell in enumerate(np.array_split(band, _CELLS, axis=1)):
            papers[row, column] = np.percentile(cell, _PAPER)
            dark += int((cell < papers[row, column] - _INK).sum())
    rows, columns = (np.percentile(papers, _LIGHTER, axis=axis) for axis in (1, 0))
    uneven = max(float(np.ptp(rows)), float(np.ptp(columns)))
    return Light(round(float(np.median(papers))), round(uneven), dark / grey.size)
