"""Type and line setting: fonts, measures, one printed line at a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from PIL import ImageFont

from scans.generator.hyphenate import break_points

DPI = 300
FONT_ROOT = Path("/usr/share/fonts/truetype")
FONTS = {
    "serif": "paratype/PTF55F.ttf",
    "serif-bold": "paratype/PTF75F.ttf",
    "serif-italic": "paratype/PTF56F.ttf",
    "sans": "paratype/PTS55F.ttf",
    "sans-bold": "paratype/PTS75F.ttf",
    "narrow-bold": "paratype/PTN77F.ttf",
    "dejavu": "dejavu/DejaVuSerif.ttf",
    "dejavu-bold": "dejavu/DejaVuSerif-Bold.ttf",
}
_TIGHT = 0.82
_TIGHTEST = 0.7
_LOOSE = 1.5


@dataclass(frozen=True, slots=True)
class Style:
    """A way of setting: ``font`` is a key of ``FONTS``, sizes in points, ``indent`` in ems.

    ``align`` is justify, left, centre or right; ``kind`` a region kind of ``pages.text``.
    """

    font: str
    size: float
    leading: float
    align: str = "justify"
    indent: float = 1.0
    kind: str = "text"

    @property
    def line_height(self) -> int:
        """Pixels from baseline to baseline."""
        return points(self.leading)


class Token(NamedTuple):
    """A printed word; ``whole`` is the logical word where this is the rest of a split one."""

    text: str
    whole: str | None = None


@dataclass(frozen=True, slots=True)
class SetLine:
    """One line ready to print: its tokens, whether it ends a paragraph, and the word it splits."""

    tokens: tuple[str, ...]
    last: bool
    indent: int
    split: str | None = None


def points(size: float) -> int:
    """Pixels at 300 dpi of a measure in points (1/72 inch)."""
    return round(size * DPI / 72)


def fonts_present() -> bool:
    """Whether every font of ``FONTS`` is installed."""
    return all((FONT_ROOT / name).is_file() for name in FONTS.values())


@lru_cache(maxsize=64)
def face(font: str, size: float) -> ImageFont.FreeTypeFont:
    """The font of that key at ``size`` points; basic layout, so that every machine sets alike."""
    path = str(FONT_ROOT / FONTS[font])
    return ImageFont.truetype(path, points(size), layout_engine=ImageFont.Layout.BASIC)


def tokens_of(paragraph: str) -> list[Token]:
    """The words of one paragraph."""
    return [Token(word) for word in paragraph.split()]


def natural_width(tokens: Sequence[str], style: Style, space: float = 1.0) -> float:
    """Pixels of the words with blanks of ``space`` times the natural one."""
    letters = face(style.font, style.size)
    blanks = letters.getlength(" ") * space * max(0, len(tokens) - 1)
    return sum(letters.getlength(token) for token in tokens) + blanks


def _fit(tokens: Sequence[Token], width: float, style: Style, space: float) -> int:
    count = 1
    while count < len(tokens):
        if natural_width([t.text for t in tokens[: count + 1]], style, space) > width:
            break
        count += 1
    return count


def _gap_ratio(texts: Sequence[str], width: float, style: Style) -> float:
    blank = face(style.font, style.size).getlength(" ")
    spare = width - natural_width(texts, style, 0.0)
    return spare / (blank * max(1, len(texts) - 1))


def _split(
    before: Sequence[Token], token: Token, width: float, style: Style, space: float
) -> tuple[str, str] | None:
    if token.whole is not None:
        return None
    for at in reversed(break_points(token.text)):
        texts = [t.text for t in before] + [token.text[:at] + "-"]
        if natural_width(texts, style, space) <= width:
            return token.text[:at] + "-", token.text[at:]
    return None


def _split_line(
    tokens: Sequence[Token], keep: int, parts: tuple[str, str], indent: int
) -> tuple[SetLine, list[Token]]:
    whole = tokens[keep].text
    line = SetLine((*(t.text for t in tokens[:keep]), parts[0]), False, indent, whole)
    return line, [Token(parts[1], whole), *tokens[keep + 1 :]]


def set_line(
    tokens: Sequence[Token], width: int, style: Style, *, indent: int, want_split: bool
) -> tuple[SetLine, list[Token]]:
    """Set the first line of ``tokens`` in ``width`` pixels; returns it and the tokens left.

    A word is split where the blanks would grow too wide, or where ``want_split`` asks for a split
    (last line of a column or page).
    """
    room = width - indent
    count = _fit(tokens, room, style, _TIGHT)
    texts = [t.text for t in tokens[:count]]
    if count == len(tokens):
        return SetLine(tuple(texts), True, indent), []
    splits = style.align == "justify"
    if splits and (want_split or _gap_ratio(texts, room, style) > _LOOSE):
        space = _TIGHTEST if want_split else _TIGHT
        parts = _split(tokens[:count], tokens[count], room, style, space)
        if parts:
            return _split_line(tokens, count, parts, indent)
    if splits and want_split and count > 1:
        parts = _split(tokens[: count - 1], tokens[count - 1], room, style, _TIGHTEST)
        if parts:
            return _split_line(tokens, count - 1, parts, indent)
    return SetLine(tuple(texts), False, indent), list(tokens[count:])
