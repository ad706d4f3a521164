"""Doubtful lines read again: each in several forms, and the reading that most agree on is kept.

Worn print is misread at random: what looks like a broken letter at one size or sharpness does not
at another. No letter is changed here; one of the recogniser's own readings is chosen whole.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import cv2
import numpy as np
from rapidfuzz.distance import Levenshtein

from digitize.recognition.profiles import Look, Profile
from digitize.recognition.recognise import Recogniser
from pages.text import Box, Line, Region, Word

if TYPE_CHECKING:
    from digitize.recognition.image import Grey

AROUND = 0.25  # of a line's height: taken with it on every side, for accents and lost edges
MOST_LINES = 600  # of a page, the least sure: each takes some 15 ms a look
HARDLY_READ = 0.6  # mean confidence of all words
MUCH_UNREAD = 0.25  # share of the ink outside all words: stains, or a picture
STAIN = 0.75  # of the limit between dark and light: lighter is no ink (0.7 to 0.85 do as well)
BLACK = 0.3  # of that: darker is black
STAINED = Look(1.0, 1.0, 0.0, clear=True)
LEAST_WEIGHT = 0.01
LEAST_SIDE, MOST_SIDE = 4, 20_000  # pixels of a line's picture that is worth showing again


@dataclass(frozen=True, slots=True)
class Reader:
    """What reads: an engine with its profile, and the resolution of the image in dots per inch."""

    engine: Recogniser
    profile: Profile
    dpi: int


def look_again(
    image: "Grey", regions: tuple[Region, ...], reader: Reader
) -> tuple[tuple[Region, ...], int]:
    """The regions with doubtful lines read anew, and how many lines were doubtful.

    ``image`` is 8-bit grey; boxes are its pixels. Where much of the print was not read, or hardly,
    all of it is shown again without its stains first. A line keeps its box and its baseline.
    """
    if not reader.profile.looks:
        return regions, 0
    if _trust(_words(regions)) < HARDLY_READ or _unread(image, regions) > MUCH_UNREAD:
        regions = _whole_again(image, regions, reader)
    doubtful = _doubtful(regions, reader.profile)
    readings = [[line.words] for line in doubtful]
    for look in reader.profile.looks if doubtful else ():
        for found, words in zip(readings, _readings(image, doubtful, look, reader), strict=True):
            found.append(words)
    better = {
        id(line): replace(line, words=agreed(found))
        for line, found in zip(doubtful, readings, strict=True)
    }
    return tuple(
        replace(region, lines=tuple(better.get(id(line), line) for line in region.lines))
        for region in regions
    ), len(doubtful)


def _unread(image: "Grey", regions: tuple[Region, ...]) -> float:
    """Share of the ink that lies in no word, 0 to 1."""
    ink = (image < _limit(image)).astype(np.uint8)
    total = cv2.countNonZero(ink)
    for box in (word.box for word in _words(regions)):
        ink[box.top : box.bottom, box.left : box.right] = 0
    return cv2.countNonZero(ink) / total if total else 0.0


def _whole_again(image: "Grey", regions: tuple[Region, ...], reader: Reader) -> tuple[Region, ...]:
    """The better of these regions and those of the image without stains."""
    again = reader.engine.recognise(_shown(image, STAINED), reader.profile, reader.dpi)
    before, after = (sum(w.confidence or 0.0 for w in _words(r)) for r in (regions, again))
    return again if after > before else regions


def _doubtful(regions: tuple[Region, ...], profile: Profile) -> list[Line]:
    """The lines to be read again, the least sure first."""
    lines = [line for region in regions for line in region.lines if _is_worth_it(line.box)]
    unsure = [line for line in lines if _trust(line.words) < profile.sure]
    return sorted(unsure, key=lambda line: _trust(line.words))[:MOST_LINES]


def agreed(readings: Sequence[tuple[Word, ...]]) -> tuple[Word, ...]:
    """The reading with the least distance to all, each weighted by its confidence.

    The first of equals wins; the first reading too where the best is empty.
    """
    texts = [" ".join(word.text for word in words) for words in readings]
    weights = [max(LEAST_WEIGHT, _trust(words)) for words in readings]
    costs = [
        sum(w * Levenshtein.distance(text, other) for other, w in zip(texts, weights, strict=True))
        for text in texts
    ]
    return readings[costs.index(min(costs))] or readings[0]


def _readings(
    image: "Grey", lines: Sequence[Line], look: Look, reader: Reader
) -> list[tuple[Word, ...]]:
    """Words of each line seen in that form, boxes in pixels of ``image``."""
    pieces = [_piece(line.box, image.shape) for line in lines]
    shown = [_shown(image[p.top : p.bottom, p.left : p.right], look) for p in pieces]
    dpi = max(1, round(reader.dpi * look.height))
    read = reader.engine.recognise_lines(shown, reader.profile, dpi)
    return [
        tuple(replace(word, box=_back(word.box, piece, look)) for word in words)
        for piece, words in zip(pieces, read, strict=True)
    ]


def _shown(piece: "Grey", look: Look) -> "Grey":
    result = _cleared(piece) if look.clear else piece
    if (look.width, look.height) != (1.0, 1.0):
        smaller = look.height < 1
        how = cv2.INTER_AREA if smaller else cv2.INTER_CUBIC
        result = np.asarray(
            cv2.resize(result, None, fx=look.width, fy=look.height, interpolation=how), np.uint8
        )
    if look.blur:
        result = np.asarray(cv2.GaussianBlur(result, (0, 0), look.blur), np.uint8)
    return result


def _cleared(piece: "Grey") -> "Grey":
    """The picture with stains made white and the greys of the ink spread."""
    white = _limit(piece) * STAIN
    black = white * BLACK
    levels = (np.arange(256) - black) * 255 / max(1.0, white - black)
    return np.asarray(cv2.LUT(piece, np.clip(levels, 0, 255).astype(np.uint8)), np.uint8)


def _limit(image: "Grey") -> float:
    """Half way between the means of dark and light, told apart by Otsu's method."""
    limit, light = cv2.threshold(image, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    if not 0 < cv2.countNonZero(light) < image.size:
        return float(limit)
    return (cv2.mean(image, light)[0] + cv2.mean(image, cv2.bitwise_not(light))[0]) / 2


def _piece(box: Box, shape: tuple[int, ...]) -> Box:
    """The line with a little around it, inside the image."""
    more = max(1, round(box.height * AROUND))
    height, width = shape[:2]
    return Box(
        max(0, box.left - more),
        max(0, box.top - more),
        min(width, box.right + more),
        min(height, box.bottom + more),
    )


def _back(box: Box, piece: Box, look: Look) -> Box:
    """A box of the shown picture in pixels of the image, inside the piece and never empty."""
    left = min(piece.right - 1, piece.left + int(box.left / look.width))
    top = min(piece.bottom - 1, piece.top + int(box.top / look.height))
    right = min(piece.right, piece.left + round(box.right / look.width))
    bottom = min(piece.bottom, piece.top + round(box.bottom / look.height))
    return Box(left, top, max(left + 1, right), max(top + 1, bottom))


def _trust(words: Sequence[Word]) -> float:
    """Mean confidence of the words (none given counts as sure); 0.0 where there are none."""
    known = [1.0 if word.confidence is None else word.confidence for word in words]
    return sum(known) / len(known) if known else 0.0


def _words(regions: tuple[Region, ...]) -> list[Word]:
    return [word for region in regions for line in region.lines for word in line.words]


def _is_worth_it(box: Box) -> bool:
    return min(box.width, box.height) >= LEAST_SIDE and max(box.width, box.height) <= MOST_SIDE
