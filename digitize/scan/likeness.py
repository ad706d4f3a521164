"""What a picture looks like in 256 bits, so that the same one is known under other bytes.

A difference hash (dHash) of 16 rows by 16 steps. Measured on 15 rendered pages: another format,
JPEG down to quality 30, half the size, black and white or duller light change at most 12 of the 256
bits; different pages of one book differ in 35 and more. With 64 bits the two overlap (6 against 4).
"""

from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

SIDE = 16
_FLAT = 2  # grey levels: a smaller step is chance
_FEWEST = 24  # steps both ways that a picture must have: a title page has 30, a page of text 70


def likeness(grey: npt.NDArray[np.uint8]) -> int | None:
    """Return the picture's likeness (256 bits), or None where it shows too little to tell.

    So it is with a blank page and one of two lines.

    ``grey`` is uint8 (height, width) of any size.
    """
    small = cv2.resize(grey, (SIDE + 1, SIDE), interpolation=cv2.INTER_AREA).astype(np.int16)
    steps = np.diff(small, axis=1)
    if np.count_nonzero(np.abs(steps) > _FLAT) < _FEWEST:
        return None
    return int.from_bytes(np.packbits(steps > _FLAT).tobytes(), "big")


def likeness_of(path: Path) -> int | None:
    """The likeness of an image of our own making; None where it cannot be read."""
    grey = cv2.imread(str(path), cv2.IMREAD_GRAYSCALE) if path.is_file() else None
    return None if grey is None else likeness(np.asarray(grey, dtype=np.uint8))
