"""Page text that another program recognised: what its files say, and how it becomes ours.

:mod:`pages.foreign.alto` and :mod:`pages.hocr` read files into :class:`ForeignPage`, in the units
of the file and with its gaps; :func:`settle` puts that onto one of our frames.
"""

import math
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import NamedTuple

from olketanu.errors import InputError
from pages.codec import language_code
from pages.text import Box, Hyphen, Line, PageFrame, PageText, ProcessingStep, Region, Word

IMPORT = ProcessingStep("import", "1")
_UNITS = {"mm10": 254.0, "inch1200": 1200.0}  # units of an inch (ALTO MeasurementUnit)
_ASPECT = 0.03  # share by which width and height may be scaled differently
_MOST_LOST = 0.1  # of the words outside the frame: more belong to another page
_DESCENT = 0.2  # of a line's height that lies below its baseline, where the file names none
_SCRIPTS = {"CYRILLIC": "Cyrl", "LATIN": "Latn", "ARABIC": "Arab"}
_PER_CENT = 100
_CODE = 3  # letters of an ISO 639-2 code


class Rect(NamedTuple):
    """Left, top, right, bottom in the units of the file."""

    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True, slots=True)
class ForeignWord:
    """What stands between two blanks, or several words; ``confidence`` is 0.0 to 1.0."""

    text: str
    rect: Rect | None
    confidence: float | None = None
    hyphen: Hyphen | None = None


@dataclass(frozen=True, slots=True)
class ForeignLine:
    """A line; ``baseline`` is (x0, y0, x1, y1); ``language`` a tag of any kind, or empty."""

    rect: Rect | None
    baseline: tuple[float, float, float, float] | None
    language: str
    words: tuple[ForeignWord, ...]


@dataclass(frozen=True, slots=True)
class ForeignBlock:
    """A block; ``kind`` is one of ``pages.text.REGION_KINDS``."""

    kind: str
    rect: Rect | None
    lines: tuple[ForeignLine, ...]


@dataclass(frozen=True, slots=True)
class ForeignPage:
    """A page of a file: its form (``ALTO 3.1``), the program that made it, its unit and extent."""

    form: str
    software: str
    unit: str
    extent: Rect | None
    blocks: tuple[ForeignBlock, ...]


@dataclass(frozen=True, slots=True)
class Placement:
    """From units of a file to pixels of a frame."""

    frame: PageFrame
    left: float
    top: float
    across: float
    down: float

    def box(self, rect: Rect) -> Box | None:
        """The rectangle in frame pixels, cut at the frame; None where its middle lies outside."""
        left, right = sorted((self._x(rect.left), self._x(rect.right)))
        top, bottom = sorted((self._y(rect.top), self._y(rect.bottom)))
        if not (0 <= left + right < 2 * self.frame.width):
            return None
        if not (0 <= top + bottom < 2 * self.frame.height):
            return None
        box = Box(
            max(0, math.floor(left + 0.5)),
            max(0, math.floor(top + 0.5)),
            min(self.frame.width, math.floor(right + 0.5)),
            min(self.frame.height, math.floor(bottom + 0.5)),
        )
        return box if box.width > 0 and box.height > 0 else None

    def baseline(self, points: tuple[float, float, float, float]) -> tuple[int, int, int, int]:
        """The baseline in frame pixels, its ends not beyond the frame."""
        across = [min(max(self._x(value), 0.0), self.frame.width) for value in points[::2]]
        down = [min(max(self._y(value), 0.0), self.frame.height) for value in points[1::2]]
        return round(across[0]), round(down[0]), round(across[1]), round(down[1])

    def _x(self, value: float) -> float:
        return (value - self.left) * self.across

    def _y(self, value: float) -> float:
        return (value - self.top) * self.down


def settle(page: ForeignPage, frame: PageFrame) -> PageText:
    """Return the page's text on ``frame``: engine ``imported``, languages as the file names them.

    Strings of several words are shared out; words without a place or an area are dropped.
    InputError ``error.foreign-other-shape`` when page and frame differ in shape,
    ``error.foreign-outside`` when more than a tenth of the words lie outside the frame,
    ``error.foreign-no-text`` when there are none.
    """
    placement = _placement(page, frame)
    regions: list[Region] = []
    kept = told = 0
    for block in page.blocks:
        told += sum(len(_tokens(word.text)) for line in block.lines for word in line.words)
        region = _region(block, placement, f"r{len(regions) + 1}")
        if region is not None:
            regions.append(region)
            kept += sum(len(line.words) for line in region.lines)
    if told - kept > _MOST_LOST * told:
        raise InputError("error.foreign-outside", words=told, outside=told - kept)
    if not kept:
        raise InputError("error.foreign-no-text")
    settings = (
        ("form", page.form),
        ("software", page.software),
        ("unit", page.unit),
        ("scale", f"{placement.across:.4f}x{placement.down:.4f}"),
    )
    engine = f"imported {page.software}".strip()
    return PageText(frame, tuple(regions), engine, (), (replace(IMPORT, settings=settings),))


def _placement(page: ForeignPage, frame: PageFrame) -> Placement:
    """By the extent of the page where it has the frame's shape, else by unit and resolution."""
    extent = page.extent
    if extent is not None and extent.right > extent.left and extent.bottom > extent.top:
        across = frame.width / (extent.right - extent.left)
        down = frame.height / (extent.bottom - extent.top)
        if abs(across / down - 1) <= _ASPECT:
            return Placement(frame, extent.left, extent.top, across, down)
        if page.unit not in _UNITS:
            size = f"{extent.right - extent.left:g}×{extent.bottom - extent.top:g}"
            frame_size = f"{frame.width}×{frame.height}"
            raise InputError("error.foreign-other-shape", size=size, page=frame_size)
    factor = frame.dpi / _UNITS[page.unit] if page.unit in _UNITS else 1.0
    return Placement(frame, 0.0, 0.0, factor, factor)


def _region(block: ForeignBlock, placement: Placement, name: str) -> Region | None:
    lines = tuple(line for told in block.lines if (line := _line(told, placement)) is not None)
    box = None if block.rect is None else placement.box(block.rect)
    around = box or _union(line.box for line in lines)
    if around is None or (not lines and block.kind not in {"illustration", "separator", "table"}):
        return None
    return Region(name, block.kind, around, lines)


def _line(told: ForeignLine, placement: Placement) -> Line | None:
    words = tuple(_words(told, placement))
    box = None if told.rect is None else placement.box(told.rect)
    around = box or _union(word.box for word in words)
    if around is None or not words:
        return None
    base = around.bottom - round(_DESCENT * around.height)
    baseline = around.left, base, around.right, base
    if told.baseline is not None:
        baseline = placement.baseline(told.baseline)
    language, script = language_of(told.language)
    script = script or _script(" ".join(word.text for word in words))
    return Line(around, baseline, language, script, words)


def _words(line: ForeignLine, placement: Placement) -> Iterator[Word]:
    told = line.words
    if line.rect is not None and any(word.rect is None for word in told):
        whole = Rect(*line.rect)
        shares = _shares([word.text for word in told], whole)
        told = tuple(replace(w, rect=r) for w, r in zip(told, shares, strict=True))
    for word in told:
        if word.rect is None:
            continue
        tokens = _tokens(word.text)
        hyphen = word.hyphen if len(tokens) == 1 else None
        for token, rect in zip(tokens, _shares(tokens, word.rect), strict=True):
            box = placement.box(rect)
            if box is not None:
                yield Word(token, token, box, word.confidence, hyphen)


def _tokens(text: str) -> list[str]:
    return text.split()


def _shares(tokens: list[str], rect: Rect) -> list[Rect]:
    """The rectangle shared out from left to right by length, a blank's width between."""
    if len(tokens) <= 1:
        return [rect] * len(tokens)
    total = sum(map(len, tokens)) + len(tokens) - 1
    sign = (rect.right - rect.left) / total
    starts = [0]
    for token in tokens:
        starts.append(starts[-1] + len(token) + 1)
    return [
        Rect(rect.left + a * sign, rect.top, rect.left + (b - 1) * sign, rect.bottom)
        for a, b in pairwise(starts)
    ]


def _union(boxes: Iterable[Box]) -> Box | None:
    known = list(boxes)
    if not known:
        return None
    left, top = min(b.left for b in known), min(b.top for b in known)
    return Box(left, top, max(b.right for b in known), max(b.bottom for b in known))


def language_of(tag: str) -> tuple[str, str]:
    """Return (ISO 639-2 code, ISO 15924 script or empty) of a language tag of any kind.

    Known are BCP 47 (``kk``, ``ru-RU``, ``kk-Latn``) and three-letter codes; all else, as
    Tesseract's ``kaz+rus``, is ``und``.
    """
    short, *rest = tag.replace("_", "-").split("-")
    script = next((s.title() for s in rest if s.title() in _SCRIPTS.values()), "")
    code, implied = language_code(short.lower())
    if len(code) != _CODE or not code.isascii() or not code.isalpha():
        return "und", script
    return code, script or implied


def _script(text: str) -> str:
    """ISO 15924 code of the script of most letters; Cyrl where there are none."""
    names = (unicodedata.name(sign, "").split(" ")[0] for sign in text if sign.isalpha())
    count = Counter(_SCRIPTS[name] for name in names if name in _SCRIPTS)
    return count.most_common(1)[0][0] if count else "Cyrl"


def finite(text: str | None) -> float | None:
    """Return the number that the text says; None for what is none, or has no end."""
    try:
        value = float(text) if text is not None else math.nan
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def share(text: str | None, whole: float = 1.0) -> float | None:
    """Return a confidence of 0.0 to 1.0, told in parts of ``whole``; None for what is none.

    A value above ``whole`` that could be a percentage is taken as one.
    """
    value = finite(text)
    if value is None or not 0 <= value <= _PER_CENT:
        return None
    return value / whole if value <= whole else value / _PER_CENT
