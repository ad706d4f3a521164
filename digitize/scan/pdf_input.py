"""The text that a PDF page brings along, as page text; or the finding that it is of no use.

Letters and their boxes come from PDFium's text page; they are gathered to words, lines and regions
in the text's own order. A broken layer (wrong letters, too few of them) gives None: the page is
then recognised anew.
"""

import math
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

import pikepdf
import pypdfium2.raw as pdfium

from digitize.scan import pdf_page
from digitize.scan.coverage import coverage
from digitize.scan.decode import load_grey, open_pdf
from digitize.scan.text_layer import Verdict, judge
from language.identify import identify
from language.letters import script_of
from language.lookalikes import repair
from pages.text import Box, Line, PageFrame, PageText, ProcessingStep, Region, Word

ENGINE = "embedded"
VERSION = "2"
STEP, REFUSED = "embedded-text", "embedded-text-refused"
_HYPHENS = frozenset({0x02, 0xAD, 0xFFFE})  # how PDFium hands on a hyphen at the end of a line
_LINE_ENDS = frozenset("\r\n\f\v")
_SCANNED = 0.5  # share of the page that a scan covers
_FEWEST_ON_SCAN = 200
_PARAGRAPH_GAP = 1.2  # of the line height: beyond, a new region begins
_OVERLAP = 0.3  # of a line's height: as much as two words of one line must share

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class _Letter:
    """A sign and its box in frame pixels; ``box`` is None for blanks and line ends."""

    sign: str
    box: tuple[float, float, float, float] | None


@dataclass(frozen=True, slots=True)
class Layer:
    """The text layer of a PDF page: its text where it is good, else None, and why.

    ``step`` tells the figures of the verdict: ``embedded-text``, or ``embedded-text-refused``.
    """

    page: PageText | None
    verdict: Verdict

    @property
    def step(self) -> ProcessingStep:
        """What the page's provenance says of the layer, kept or not."""
        name = STEP if self.page is not None else REFUSED
        return ProcessingStep(name, VERSION, self.verdict.values())


def read_layer(path: Path, frame: PageFrame) -> Layer:
    """Return the text layer of the page with boxes in frame pixels where it is good.

    No text comes back where the master is no PDF page with text, where the text is broken (see
    ``digitize.scan.text_layer``) or does not stand upright in the frame, where a scan with a few
    words on it (a stamp, a download mark) is all there is, or where the layer speaks of a part of
    the scan's print only. Confidence is None; the language of a line falls back to that of the
    page, which is ``und`` when unknown.
    """
    with open_pdf(path) as pdf:
        found = pdf_page.read_frame(pdf, frame.frame, frame.dpi)
        letters, share = _letters(pdf, frame, found)
    text = "".join(letter.sign for letter in letters)
    scanned = found.source == pdf_page.RENDER and share >= _SCANNED
    fewest = _FEWEST_ON_SCAN if scanned else None
    verdict = judge(text, fewest)
    lines = _lines(letters, identify(text)) if verdict.reason is None else []
    if lines and (scanned or found.source == pdf_page.IMAGE):
        boxes = [word.box for line in lines for word in line.words]
        verdict = judge(text, fewest, coverage(load_grey(path, frame), boxes, frame.dpi))
    if not lines or verdict.reason is not None:
        return Layer(None, verdict)
    regions = _regions(lines)
    step = ProcessingStep(STEP, VERSION, verdict.values())
    return Layer(PageText(frame, regions, ENGINE, (), (step,)), verdict)


def _letters(
    pdf: pdf_page.OpenPdf, frame: PageFrame, found: pdf_page.PdfFrame
) -> tuple[list[_Letter], float]:
    """The page's signs inside the frame, and the share of the page under its largest image."""
    page = pdf.pixels[frame.frame]
    try:
        text = page.get_textpage()
        try:
            place = _Placement.of(frame, found)
            letters = [_letter(text, number, place) for number in range(text.count_chars())]
        finally:
            text.close()
        share = _scan_share(page)
    except pdf_page.PDF_ERRORS:
        return [], 0.0
    finally:
        page.close()
    return [letter for letter in letters if letter.box is None or _inside(letter.box, frame)], share


def _scan_share(page: Any) -> float:  # noqa: ANN401 - pypdfium2 has no types
    """Share of the page under its largest image."""
    width, height = page.get_size()
    shares = [0.0]
    for image in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE], max_depth=4):
        left, bottom, right, top = image.get_bounds()
        shares.append((right - left) * (top - bottom) / (width * height))
    return max(shares)


@dataclass(frozen=True, slots=True)
class _Placement:
    """From the user space of the page to pixels of the frame: inverse matrix, sizes, crop, turn."""

    inverse: pikepdf.Matrix
    width: int
    height: int
    crop: Box
    quarter_turn: int

    @classmethod
    def of(cls, frame: PageFrame, found: pdf_page.PdfFrame) -> "_Placement":
        """Of a frame that was read as ``found``."""
        crop = frame.crop or Box(0, 0, found.width, found.height)
        turn = frame.quarter_turn % 4
        return cls(found.matrix.inverse(), found.width, found.height, crop, turn)

    def point(self, at: Point) -> Point:
        """A point of the page in pixels of the frame."""
        across, up = self.inverse.transform(at)
        x, y = across * self.width - self.crop.left, (1 - up) * self.height - self.crop.top
        width, height = self.crop.width, self.crop.height
        return ((x, y), (height - y, x), (width - x, height - y), (y, width - x))[self.quarter_turn]

    def is_upright(self, angle: float) -> bool:
        """Whether text at ``angle`` (radians, clockwise as PDFium counts) runs rightwards."""
        (x0, y0), (x1, y1) = self.point((0, 0)), self.point((math.cos(angle), -math.sin(angle)))
        return x1 - x0 > 2 * abs(y1 - y0)


def _letter(text: Any, number: int, place: _Placement) -> _Letter:  # noqa: ANN401 - pypdfium2 has no types
    code = int(pdfium.FPDFText_GetUnicode(text, number))
    sign = "-" if code in _HYPHENS else chr(code)
    if sign.isspace() or (sign != "-" and pdfium.FPDFText_IsGenerated(text, number) == 1):
        return _Letter(sign if sign.isspace() else " ", None)
    if not place.is_upright(float(pdfium.FPDFText_GetCharAngle(text, number))):
        return _Letter(" ", None)
    left, bottom, right, top = text.get_charbox(number)
    corners = (place.point((left, bottom)), place.point((right, top)))
    (x0, x1), (y0, y1) = (sorted(values) for values in zip(*corners, strict=True))
    return _Letter(sign, (x0, y0, x1, y1))


def _inside(box: tuple[float, float, float, float], frame: PageFrame) -> bool:
    """Whether the middle of the box lies in the frame."""
    across, down = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    return 0 <= across < frame.width and 0 <= down < frame.height


def _lines(letters: list[_Letter], default: str) -> list[Line]:
    """Lines of words; a line ends at a line end of the text or where the next word lies apart."""
    lines: list[list[Word]] = [[]]
    word: list[_Letter] = []
    for letter in [*letters, _Letter("\n", None)]:
        if letter.box is not None:
            word.append(letter)
            continue
        made = _word(word)
        word = []
        if made is not None:
            if lines[-1] and not _same_line(lines[-1][-1].box, made.box):
                lines.append([])
            lines[-1].append(made)
        if letter.sign in _LINE_ENDS and lines[-1]:
            lines.append([])
    return [_line(tuple(words), default) for words in lines if words]


def _word(letters: list[_Letter]) -> Word | None:
    """A word of the letters, look-alikes of the wrong script repaired; None without letters."""
    boxes = [letter.box for letter in letters if letter.box is not None]
    raw = "".join(letter.sign for letter in letters)
    if not boxes or not raw.isprintable():
        return None
    left, top = int(min(box[0] for box in boxes)), int(min(box[1] for box in boxes))
    right, bottom = round(max(box[2] for box in boxes)), round(max(box[3] for box in boxes))
    left, top = max(0, left), max(0, top)
    return Word(repair(raw), raw, Box(left, top, max(right, left + 1), max(bottom, top + 1)))


def _same_line(left: Box, right: Box) -> bool:
    """Whether the second word stands beside the first, to its right or nearly so."""
    shared = min(left.bottom, right.bottom) - max(left.top, right.top)
    beside = right.left >= left.left
    return beside and shared > _OVERLAP * min(left.height, right.height)


def _line(words: tuple[Word, ...], default: str) -> Line:
    box = _around([word.box for word in words])
    text = " ".join(word.text for word in words)
    low = round(median(word.box.bottom for word in words))
    baseline = (box.left, low, box.right, low)
    return Line(box, baseline, identify(text, default), script_of(text), words)


def _regions(lines: list[Line]) -> tuple[Region, ...]:
    """Blocks of lines that follow each other downwards without a wide gap, in the text's order."""
    blocks: list[list[Line]] = []
    for line in lines:
        if blocks and _follows(blocks[-1][-1].box, line.box):
            blocks[-1].append(line)
        else:
            blocks.append([line])
    return tuple(
        Region(f"r{number}", "text", _around([line.box for line in block]), tuple(block))
        for number, block in enumerate(blocks, 1)
    )


def _follows(above: Box, below: Box) -> bool:
    gap = below.top - above.bottom
    overlap = min(above.right, below.right) - max(above.left, below.left)
    height = max(above.height, below.height)
    return overlap > 0 and -height / 2 <= gap <= _PARAGRAPH_GAP * height


def _around(boxes: list[Box]) -> Box:
    return Box(
        min(box.left for box in boxes),
        min(box.top for box in boxes),
        max(box.right for box in boxes),
        max(box.bottom for box in boxes),
    )
