"""What a page says: page > region > line > word, in the terms of ALTO 4.

Boxes are pixels of the page's frame (after crop and quarter turn), origin top left, right and
bottom exclusive. The deskew angle is kept beside and never enters coordinates. All values are
frozen; functions return new ones.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

REGION_KINDS = (
    "text",
    "headline",
    "masthead",
    "page_number",
    "illustration",
    "table",
    "advertisement",
    "separator",
)


class Box(NamedTuple):
    """Pixels of the frame; right and bottom are exclusive."""

    left: int
    top: int
    right: int
    bottom: int

    @property
    def width(self) -> int:
        """Pixels from left to right."""
        return self.right - self.left

    @property
    def height(self) -> int:
        """Pixels from top to bottom."""
        return self.bottom - self.top


def around(boxes: Iterable[Box]) -> Box:
    """Return the smallest box that holds all of these; ValueError for none."""
    sides = tuple(zip(*boxes, strict=True))
    if not sides:
        raise ValueError("no boxes")
    return Box(min(sides[0]), min(sides[1]), max(sides[2]), max(sides[3]))


@dataclass(frozen=True, slots=True)
class PageFrame:
    """The part of a master that is one page.

    ``master`` is the SHA-256 of the file; ``frame`` counts from 0 (page of a TIFF or PDF); ``crop``
    is a box of that frame before ``quarter_turn`` (0–3, times 90° clockwise), or None for the
    whole; ``width`` and ``height`` are pixels after both; ``dpi`` is dots per inch.
    """

    master: str
    frame: int
    crop: Box | None
    quarter_turn: int
    width: int
    height: int
    dpi: int


@dataclass(frozen=True, slots=True)
class Hyphen:
    """This word is part 1 or 2 of a word that is split over a line, column or page end.

    ``content`` is the whole logical word (ALTO SUBS_TYPE HypPart1/HypPart2, SUBS_CONTENT).
    """

    part: int
    content: str


@dataclass(frozen=True, slots=True)
class Word:
    """One recognised word (ALTO String).

    ``text`` is the current reading, ``raw`` what the engine read; ``confidence`` is 0.0 to 1.0
    (ALTO WC), or None where the engine gave none. ValueError on an empty text or box.
    """

    text: str
    raw: str
    box: Box
    confidence: float | None = None
    hyphen: Hyphen | None = None

    def __post_init__(self) -> None:
        if not self.text or self.box.width <= 0 or self.box.height <= 0:
            raise ValueError(f"empty word {self.text!r} {self.box}")


@dataclass(frozen=True, slots=True)
class Line:
    """Words of one printed line (ALTO TextLine), in reading order.

    ``baseline`` is (x0, y0, x1, y1) in frame pixels; ``language`` an ISO 639-2 code (kaz, rus, eng,
    und); ``script`` an ISO 15924 code (Cyrl, Latn, Arab).
    """

    box: Box
    baseline: tuple[int, int, int, int]
    language: str
    script: str
    words: tuple[Word, ...]

    @property
    def text(self) -> str:
        """The words with single blanks between."""
        return " ".join(w.text for w in self.words)


@dataclass(frozen=True, slots=True)
class Region:
    """A block of a page; ``kind`` is one of ``REGION_KINDS``; ``id`` is unique on its page."""

    id: str
    kind: str
    box: Box
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class ProcessingStep:
    """What was done to the page (ALTO Processing): step, its version, and its settings in order."""

    name: str
    version: str
    settings: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class PageText:
    """The text of one page, regions in reading order.

    ``engine`` names recogniser and version; ``models`` are (name, SHA-256) pairs; ``skew`` is the
    angle in degrees, counter-clockwise positive, by which the print leans in the frame.
    """

    frame: PageFrame
    regions: tuple[Region, ...]
    engine: str
    models: tuple[tuple[str, str], ...]
    provenance: tuple[ProcessingStep, ...]
    skew: float = 0.0

    def lines(self) -> list[Line]:
        """Every line in reading order."""
        return [line for region in self.regions for line in region.lines]

    @property
    def confidence(self) -> float | None:
        """Mean word confidence, or None where no word has one."""
        known = [
            w.confidence for line in self.lines() for w in line.words if w.confidence is not None
        ]
        return sum(known) / len(known) if known else None


class RegionRef(NamedTuple):
    """A region of a document: page key (``p0001``) and the region's id on that page."""

    page: str
    region: str


@dataclass(frozen=True, slots=True)
class Article:
    """One article of a document; it may run over columns and pages.

    ``id`` (``a0001``) is unique in its document; ``regions`` are in reading order, its headline
    first; ``language`` is an ISO 639-2 code; ``confidence`` (0.0 to 1.0) says how sure the cut is.
    """

    id: str
    title: str
    regions: tuple[RegionRef, ...]
    language: str
    confidence: float

    @property
    def pages(self) -> tuple[str, ...]:
        """Keys of its pages, each once, in reading order."""
        return tuple(dict.fromkeys(ref.page for ref in self.regions))
