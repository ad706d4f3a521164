"""The invisible text of a page: its font, and words set where they were printed.

One font serves every script: its only glyph is empty, and a ToUnicode map tells what each code
means (ISO 32000-1 §9.7, §9.10.3; PDF/A-2u). A character's code is its Unicode number.
"""

import math
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from statistics import median

import pikepdf

from pages.codec import language_tag
from pages.text import Box, Line, PageText

NAME = "/F1"
_FONT = Path(__file__).with_name("glyphless.ttf")
_BASE = pikepdf.Name("/OlketanuGlyphless")
_ADVANCE = 0.5  # ems of the only glyph
_BLOCK = 256
_CODES = 65536
# U+0000, surrogates, the three that PDF/A-2u forbids as values, all beyond two bytes.
_WITHOUT_CODE = re.compile("[\0\ud800-\udfff\ufeff\ufffe\uffff\U00010000-\U0010ffff]")
_SIZE = 0.8  # font size as a share of the line's height
# Readers of PDF set a blank where the gap exceeds about 0.15 of the font size.
_GAP = 0.2
_LEAST = 0.25  # least width of a word in font sizes, where boxes overlap


@dataclass(frozen=True, slots=True)
class _Track:
    """A line's baseline in points, y up: where it begins and its direction; and the font size."""

    x: float
    y: float
    dx: float
    dy: float
    size: float

    def along(self, x: float, y: float) -> float:
        """How far along the baseline a point lies."""
        return (x - self.x) * self.dx + (y - self.y) * self.dy


@dataclass(frozen=True, slots=True)
class SetText:
    """The words of a page as PDFs hold them.

    ``operators`` are content operators in points of the page's frame, in reading order, in text
    render mode 3 (invisible), each line marked with its language (ISO 32000-1 §14.9.2); ``used``
    are the characters that they show, none where there is nothing to show; ``skew`` is the page's.
    """

    operators: bytes
    used: frozenset[str]
    skew: float


def set_text(page: PageText) -> SetText:
    """Set the words of a page, once for all its PDFs."""
    scale = 72 / page.frame.dpi
    parts = [b"BT 3 Tr"]
    used: set[str] = set()
    for line in page.lines():
        if line.words:
            parts.extend(_line(line, page.frame.height, scale))
            used.update(*(_clean(word.text) for word in line.words))
    return SetText(b"\n".join([*parts, b"ET"]), frozenset(used), page.skew)


def add_font(pdf: pikepdf.Pdf, characters: Iterable[str]) -> pikepdf.Object:
    """Add the font to ``pdf`` and return its reference; ``characters`` are those it has to show."""
    file = pdf.make_stream(_FONT.read_bytes())
    file.Length1 = _FONT.stat().st_size
    descriptor = pikepdf.Dictionary(
        Type=pikepdf.Name.FontDescriptor,
        FontName=_BASE,
        Flags=4,
        FontBBox=[0, -200, 500, 800],
        ItalicAngle=0,
        Ascent=800,
        Descent=-200,
        CapHeight=800,
        StemV=80,
        FontFile2=file,
    )
    descendant = pikepdf.Dictionary(
        Type=pikepdf.Name.Font,
        Subtype=pikepdf.Name.CIDFontType2,
        BaseFont=_BASE,
        CIDSystemInfo=pikepdf.Dictionary(Registry="Adobe", Ordering="Identity", Supplement=0),
        FontDescriptor=pdf.make_indirect(descriptor),
        DW=round(1000 * _ADVANCE),
        # Every code shows glyph 1; PDF/A forbids glyph 0 (.notdef) even where nothing is painted.
        CIDToGIDMap=pdf.make_stream(b"\0\1" * _CODES),
    )
    font = pikepdf.Dictionary(
        Type=pikepdf.Name.Font,
        Subtype=pikepdf.Name.Type0,
        BaseFont=_BASE,
        Encoding=pikepdf.Name("/Identity-H"),
        DescendantFonts=[pdf.make_indirect(descendant)],
        ToUnicode=pdf.make_stream(_to_unicode(characters)),
    )
    return pdf.make_indirect(font)


def _to_unicode(characters: Iterable[str]) -> bytes:
    """A ToUnicode CMap (ISO 32000-1 §9.10.3) of the blocks of 256 codes that are used."""
    ranges = []
    for block in sorted({ord(char) // _BLOCK for char in characters}):
        first, last = block * _BLOCK, block * _BLOCK + _BLOCK - 1
        # PDF/A-2u forbids U+0000, U+FEFF and U+FFFE as values (ISO 19005-2 §6.2.11.7.2).
        first, last = first or 1, {0xFEFF: 0xFEFE, 0xFFFF: 0xFFFD}.get(last, last)
        ranges.append(f"<{first:04X}> <{last:04X}> <{first:04X}>")
    groups = [ranges[at : at + 100] for at in range(0, len(ranges), 100)]
    body = "".join(
        f"{len(group)} beginbfrange\n" + "\n".join(group) + "\nendbfrange\n" for group in groups
    )
    return (
        "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n"
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n"
        "/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n"
        "1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n"
        f"{body}endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n"
    ).encode("ascii")


def _clean(text: str) -> str:
    """The text in characters that have a code: others become U+FFFD."""
    return _WITHOUT_CODE.sub("\ufffd", text)


def _line(line: Line, height: int, scale: float) -> Iterator[bytes]:
    """The operators of one line; ``height`` of the frame in pixels, ``scale`` in points a pixel."""
    track = _track(line, height, scale)
    tag = language_tag(line.language, line.script)
    marked = line.language != "und"
    if marked:
        yield f"/Span <</Lang ({tag})>> BDC".encode("ascii")
    yield f"{NAME} {_number(track.size, 2)} Tf".encode("ascii")
    matrix = " ".join(_number(v) for v in (track.dx, track.dy, -track.dy, track.dx))
    spans = _spans([_extent(w.box, track, height, scale) for w in line.words], track.size)
    for word, (start, end) in zip(line.words, spans, strict=True):
        text = _clean(word.text)
        stretch = 100 * (end - start) / (len(text) * _ADVANCE * track.size)
        x, y = track.x + start * track.dx, track.y + start * track.dy
        code = text.encode("utf-16-be").hex().upper()
        place = f"{matrix} {_number(x, 2)} {_number(y, 2)} Tm"
        yield f"{place} {_number(stretch, 1)} Tz <{code}> Tj".encode("ascii")
    if marked:
        yield b"EMC"


def _track(line: Line, height: int, scale: float) -> _Track:
    x0, y0, x1, y1 = line.baseline
    length = math.hypot(x1 - x0, y1 - y0)
    dx, dy = ((x1 - x0) / length, (y0 - y1) / length) if length else (1.0, 0.0)
    level = abs(dx) >= abs(dy)
    tall = median([w.box.height if level else w.box.width for w in line.words])
    # The box of a leaning line is higher than its print.
    print_height = line.box.height - abs(y1 - y0) if level else line.box.width - abs(x1 - x0)
    size = max(_SIZE * scale * max(tall, print_height), 1.0)
    return _Track(x0 * scale, (height - y0) * scale, dx, dy, size)


def _extent(box: Box, track: _Track, height: int, scale: float) -> tuple[float, float]:
    """Where a word begins and ends along the baseline, in points."""
    x, y = (box.left + box.right) / 2 * scale, (height - (box.top + box.bottom) / 2) * scale
    width = (box.width if abs(track.dx) >= abs(track.dy) else box.height) * scale
    middle = track.along(x, y)
    return middle - width / 2, middle + width / 2


def _spans(extents: list[tuple[float, float]], size: float) -> list[tuple[float, float]]:
    """Extents with gaps wide enough to be read as blanks; words that overlap move on."""
    gap, least = _GAP * size, _LEAST * size
    spans = []
    begin = -math.inf
    for (start, end), (following, _) in pairwise([*extents, (math.inf, math.inf)]):
        start = max(start, begin)
        end = max(min(end, following - gap), start + least)
        spans.append((start, end))
        begin = end + gap
    return spans


def _number(value: float, places: int = 4) -> str:
    """A PDF number: no exponent, no trailing noughts."""
    text = f"{value:.{places}f}".rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text
