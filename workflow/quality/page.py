"""The quality of one page, measured from what lies in its document's folder."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from statistics import median
from typing import Any

from digitize.output.webimage import WIDTHS
from digitize.scan.light import Light, measure_light
from olketanu.errors import InputError
from olketanu.home import Home
from pages.text import Box
from pages.words import PageWords, Token, load
from store.digitised.pages import Page
from workflow.document.steps import steps_of
from workflow.quality.garbage import is_garbage
from workflow.quality.limits import Limits

_LONG_WORD = 4  # letters: shorter words may lack both ascender and descender


@dataclass(frozen=True, slots=True)
class TextQuality:
    """What the words say.

    ``low`` are the words below the limit of confidence, ``garbage`` those that cannot be words,
    ``wrong`` the words expected to be wrong by their confidence; ``classes`` counts words by the
    lowest confidence of their class, ``languages`` by ISO 639-2 code. ``letters`` is the median
    height of words in pixels (0 without words), ``cut`` the share of lines that touch the left or
    right edge, 0 where fewer than three do.
    """

    words: int = 0
    characters: int = 0
    low: int = 0
    garbage: int = 0
    wrong: float = 0.0
    classes: tuple[tuple[int, int], ...] = ()
    languages: tuple[tuple[str, int], ...] = ()
    letters: int = 0
    cut: float = 0.0


@dataclass(frozen=True, slots=True)
class PageQuality:
    """One page; ``skew`` is in degrees, ``noise`` in grey levels; None where it is not known."""

    page: Page
    text: TextQuality
    skew: float | None
    noise: float | None
    light: Light | None


def measure_page(home: Home, page: Page, limits: Limits) -> PageQuality:
    """Return the quality of a page; files that are missing or unreadable leave their part out."""
    steps = steps_of(home, page)
    return PageQuality(
        page=page,
        text=_text(home.words(page.document, page.key), limits),
        skew=_number(steps, "page", "skew"),
        noise=_number(steps, "prepare", "noise"),
        light=_light(home.web_image(page.document, page.key, min(WIDTHS))),
    )


def measure_words(words: PageWords, limits: Limits) -> TextQuality:
    """Return what the words of a page say about its quality."""
    classes: Counter[int] = Counter()
    languages: Counter[str] = Counter()
    wrong = 0.0
    for token in words.tokens:
        found = limits.class_of(token.confidence)
        classes[found.lowest] += 1
        wrong += 1 - found.right
        languages[words.line_languages[token.line]] += 1
    texts = [words.text[token.start : token.end] for token in words.tokens]
    return TextQuality(
        words=len(texts),
        characters=sum(map(len, texts)),
        low=sum(0 <= token.confidence < limits.low for token in words.tokens),
        garbage=sum(map(is_garbage, texts)),
        wrong=round(wrong, 2),
        classes=tuple(sorted(classes.items(), reverse=True)),
        languages=tuple(sorted(languages.items())),
        letters=_letters(words),
        cut=_cut(words, limits),
    )


def _text(path: Path, limits: Limits) -> TextQuality:
    try:
        return measure_words(load(path.read_bytes()), limits)
    except (FileNotFoundError, InputError):
        return TextQuality()


def _number(steps: dict[str, dict[str, Any]], step: str, name: str) -> float | None:
    try:
        return float(steps[step][name])
    except (KeyError, TypeError, ValueError):
        return None


def _light(path: Path) -> Light | None:
    try:
        return measure_light(path)
    except OSError:
        return None


def _first_box(words: PageWords, token: Token) -> Box:
    """The box of the part that stands in the token's own line."""
    return words.packed[token.first]


def _letters(words: PageWords) -> int:
    heights = [
        _first_box(words, token).height
        for token in words.tokens
        if token.end - token.start >= _LONG_WORD
    ]
    return round(median(heights)) if heights else 0


def _cut(words: PageWords, limits: Limits) -> float:
    width = words.size[0]
    margin = max(1, round(width * limits.rescan.edge))
    lines = [
        [_first_box(words, token) for token in run]
        for _, run in groupby(words.tokens, key=lambda token: token.line)
    ]
    touching = sum(_touches(line, margin, width) for line in lines)
    least = limits.rescan.least_lines
    return touching / len(lines) if touching >= least else 0.0


def _touches(line: Sequence[Box], margin: int, width: int) -> bool:
    return any(box.left < margin or box.right > width - margin for box in line)
