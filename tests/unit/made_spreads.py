"""Scans of open books and papers, and of wide sheets that are one page, drawn for tests.

Print is drawn as words of dark strokes in lines, so that no font is needed; images are uint8
(height, width), 0 black.
"""

import itertools
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

Grey = npt.NDArray[np.uint8]
PAPER, INK = 232, 40
WIDTH, HEIGHT = 2400, 1700
MARGIN = 150
PITCH, LETTER = 42, 20


@dataclass(frozen=True, slots=True)
class Open:
    """An open book: what makes its gutter, its lean in degrees, which sides bear print."""

    shadow: float = 0.0
    line: bool = False
    lean: float = 0.0
    sides: tuple[bool, bool] = (True, True)
    gutter: int = 2 * MARGIN
    columns: int = 1
    at: float = 0.5


def blank(width: int = WIDTH, height: int = HEIGHT) -> Grey:
    return np.full((height, width), PAPER, np.uint8)


def print_block(image: Grey, box: tuple[int, int, int, int], seed: int = 1) -> None:
    """Fill the box (left, top, right, bottom) with lines of words."""
    dice = np.random.default_rng(seed)
    left, top, right, bottom = box
    for y in range(top, bottom - LETTER, PITCH):
        x, end = left, right if dice.random() < 0.85 else left + (right - left) * 2 // 3
        while x < end - 12:
            width = min(int(dice.integers(30, 130)), end - x)
            for stroke in range(x, x + width - 6, 14):
                rise = 8 if dice.random() < 0.2 else 0
                image[y - rise : y + LETTER, stroke : stroke + 5] = INK
                image[y : y + 4, stroke : stroke + 12] = INK
            x += width + 18


def open_book(book: Open, width: int = WIDTH, height: int = HEIGHT) -> Grey:
    """The scan of an open book, before any noise."""
    image = blank(width, height)
    middle = round(width * book.at)
    spans = ((MARGIN, middle - book.gutter // 2), (middle + book.gutter // 2, width - MARGIN))
    for number, ((left, right), printed) in enumerate(zip(spans, book.sides, strict=True)):
        gap = 40
        column = (right - left - gap * (book.columns - 1)) // book.columns
        for count in range(book.columns if printed else 0):
            x = left + count * (column + gap)
            print_block(image, (x, MARGIN, x + column, height - MARGIN), 7 * number + count)
    away = np.arange(width, dtype=np.float32) - middle
    light = 1 - book.shadow * np.exp(-(away**2) / (2 * (0.016 * width) ** 2))
    shaded = (image * light).astype(np.uint8)
    if book.line:
        shaded[:, middle - 3 : middle + 3] = 30
    slope = np.tan(np.radians(book.lean))
    back = np.array([[1.0, -slope, slope * height / 2], [0.0, 1.0, 0.0]])
    leaning = cv2.warpAffine(
        shaded,
        back,
        (width, height),
        flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
        borderMode=cv2.BORDER_REPLICATE,
    )
    return np.asarray(leaning, np.uint8)


def worn(image: Grey, seed: int = 3) -> Grey:
    """The same with uneven light, blur and grain."""
    dice = np.random.default_rng(seed)
    light = np.linspace(0.75, 1.0, image.shape[1], dtype=np.float32)
    soft = cv2.GaussianBlur(image.astype(np.float32) * light, (0, 0), 1.2)
    return np.clip(soft + dice.normal(0, 5, image.shape), 0, 255).astype(np.uint8)


def single_pages() -> dict[str, Grey]:
    """Wide sheets, each of which is one page."""
    return {
        "map": worn(_map()),
        "folded map": worn(_creased(_map())),
        "ruled table": worn(_table(ruled=True)),
        "table without rules": worn(_table(ruled=False)),
        "photo over two pages": worn(_photo()),
        "dark pole in a photo": worn(_pole()),
        "title across two columns": worn(_titled()),
        "two columns and a rule": worn(_two_columns(60, rule=True)),
        "two columns": worn(_two_columns(60, rule=False)),
        "three columns": worn(_columns(3)),
        "four columns": worn(_columns(4)),
        "blank": worn(blank()),
        "blank with a fold": worn(_creased(blank())),
        "print on the left only": worn(open_book(Open(sides=(True, False)))),
    }


def _map() -> Grey:
    image, dice = blank(), np.random.default_rng(11)
    for _ in range(120):
        points = np.cumsum(dice.normal(0, 90, (30, 2)), axis=0) + dice.random(2) * (WIDTH, HEIGHT)
        cv2.polylines(image, [points.astype(np.int32)], False, (INK,), 3)
    cv2.rectangle(image, (60, 60), (WIDTH - 60, HEIGHT - 60), (INK,), 5)
    return image


def _creased(image: Grey) -> Grey:
    away = np.arange(WIDTH) - WIDTH / 2
    return np.asarray(image * (1 - 0.35 * np.exp(-(away**2) / 800)), np.uint8)


def _table(*, ruled: bool) -> Grey:
    image = blank()
    edges = np.linspace(MARGIN, WIDTH - MARGIN, 7).astype(int)
    for left, right in itertools.pairwise(edges):
        print_block(image, (left + 30, MARGIN, right - 90, HEIGHT - MARGIN), int(left))
        if ruled:
            image[MARGIN - 20 : HEIGHT - MARGIN, left - 2 : left + 2] = INK
    for y in range(MARGIN - 12, HEIGHT - MARGIN, PITCH) if ruled else ():
        image[y - 2 : y + 1, MARGIN : WIDTH - MARGIN] = INK
    return image


def _photo() -> Grey:
    dice = np.random.default_rng(5)
    rough = cv2.resize(dice.random((20, 30), dtype=np.float32), (WIDTH - 200, HEIGHT - 200))
    image = blank()
    image[100:-100, 100:-100] = (60 + 150 * rough).astype(np.uint8)
    return image


def _pole() -> Grey:
    image = _photo()
    image[:, WIDTH // 2 - 30 : WIDTH // 2 + 30] = 50
    return image


def _titled() -> Grey:
    image = open_book(Open())
    for x in range(400, WIDTH - 400, 90):
        cv2.rectangle(image, (x, 40), (x + 60, 120), (INK,), -1)
    return image


def _two_columns(gap: int, *, rule: bool) -> Grey:
    image = open_book(Open(gutter=gap))
    if rule:
        image[MARGIN : HEIGHT - MARGIN, WIDTH // 2 - 2 : WIDTH // 2 + 2] = INK
    return image


def _columns(count: int) -> Grey:
    image = blank()
    edges = np.linspace(MARGIN, WIDTH - MARGIN, count + 1).astype(int)
    for left, right in itertools.pairwise(edges):
        print_block(image, (left + 60, MARGIN, right - 60, HEIGHT - MARGIN), int(left))
    return image
