"""How much of the print in a picture a text layer speaks of.

What looks like lines of print is found at 100 dpi: marks of the size of letters, several beside
each other. Pictures, rules, specks and borders are no print, so a page with a photograph is covered
by the words around it.
"""

from collections.abc import Callable, Iterable

import cv2
import numpy as np
import numpy.typing as npt

from pages.text import Box

Grey = npt.NDArray[np.uint8]
Mask = npt.NDArray[np.uint8]
Sizes = npt.NDArray[np.int32]

_DPI = 100
_DARK = 40  # grey levels darker than the paper around
_LETTER = (3, 34)  # height in pixels at 100 dpi: 2 to 24 points
_WIDEST = 260  # letters that touch each other, pixels at 100 dpi
_GAP = 13  # pixels between words of a line
_LINE = (5, 44)
_LONG = 2.5  # a line is that much longer than high
_REACH = 4  # pixels around a word's box that belong to it
_FEWEST_INK = 1500  # pixels of print at 100 dpi, about three lines: less says nothing


def coverage(grey: Grey, boxes: Iterable[Box], dpi: int) -> float:
    """Return the share of the print's ink (0 to 1) that lies in the boxes; 1.0 without print.

    ``grey`` is uint8 (height, width) of ``dpi`` dots an inch, ``boxes`` are pixels of it.
    """
    scale = min(1.0, _DPI / dpi)
    size = (max(1, round(grey.shape[1] * scale)), max(1, round(grey.shape[0] * scale)))
    print_ = _print(np.asarray(cv2.resize(grey, size, interpolation=cv2.INTER_AREA), np.uint8))
    total = int(np.count_nonzero(print_))
    if total < _FEWEST_INK:
        return 1.0
    for box in boxes:
        left, top = (max(0, round(edge * scale) - _REACH) for edge in (box.left, box.top))
        right, bottom = (round(edge * scale) + _REACH for edge in (box.right, box.bottom))
        print_[top:bottom, left:right] = 0
    return 1.0 - int(np.count_nonzero(print_)) / total


def _print(small: Grey) -> Mask:
    """Ink of what looks like lines of print, 1 where there is some."""
    paper = cv2.medianBlur(cv2.dilate(small, np.ones((7, 7), np.uint8)), 31)
    ink = (cv2.subtract(paper, small) > _DARK).astype(np.uint8)
    letters = _kept(ink, _is_letter)
    lines = cv2.morphologyEx(letters, cv2.MORPH_CLOSE, np.ones((1, _GAP), np.uint8))
    return letters & _kept(np.asarray(lines, np.uint8), _is_line)


def _kept(mask: Mask, wanted: Callable[[Sizes, Sizes], npt.NDArray[np.bool_]]) -> Mask:
    """The connected parts of a mask whose boxes (widths, heights) are wanted."""
    count, labels, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    sizes = np.asarray(stats, np.int32)
    keep = wanted(sizes[:, cv2.CC_STAT_WIDTH], sizes[:, cv2.CC_STAT_HEIGHT])
    keep[0] = False  # the paper
    return np.asarray(keep[labels], dtype=np.uint8) if count > 1 else np.zeros_like(mask)


def _is_letter(widths: Sizes, heights: Sizes) -> npt.NDArray[np.bool_]:
    return (heights >= _LETTER[0]) & (heights <= _LETTER[1]) & (widths <= _WIDEST) & (widths >= 2)


def _is_line(widths: Sizes, heights: Sizes) -> npt.NDArray[np.bool_]:
    return (heights >= _LINE[0]) & (heights <= _LINE[1]) & (widths >= _LONG * heights)
