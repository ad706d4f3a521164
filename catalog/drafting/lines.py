"""Lines of pages as drafting reads them: text, place and confidence, split words joined."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from catalog.data import rows
from catalog.drafting.draft import Element, Evidence
from language.identify import identify
from language.letters import is_cyrillic
from pages.text import Box, Line, PageText

_TITLE_END = re.compile(r"(\s*[·.=]\s+)")


@dataclass(frozen=True, slots=True)
class PrintedLine:
    """A line with its page key and the kind and id of its region.

    ``text`` has words split at the line's end whole, and no rest of a word at its start.
    """

    page: str
    text: str
    box: Box
    confidence: float | None
    kind: str
    region: str
    language: str

    @property
    def letter_height(self) -> float:
        """Height of the line in pixels, for comparison only."""
        return float(self.box.height)


def printed_lines(pages: Iterable[tuple[str, PageText]]) -> list[PrintedLine]:
    """Return the lines of the pages in reading order; empty ones are left out."""
    found = []
    for key, page in pages:
        for region in page.regions:
            for line in region.lines:
                text = _text(line)
                if text:
                    where = (region.kind, region.id, line.language)
                    found.append(PrintedLine(key, text, line.box, _confidence(line), *where))
    return found


def element(
    name: str, value: str, lines: Sequence[PrintedLine], rule: str, language: str | None = None
) -> Element:
    """Return an element whose evidence are ``lines``, one box for each page they stand on."""
    evidence = []
    for page in dict.fromkeys(line.page for line in lines):
        here = [line for line in lines if line.page == page]
        known = [line.confidence for line in here if line.confidence is not None]
        text = " ".join(line.text for line in here)
        confidence = sum(known) / len(known) if known else None
        evidence.append(Evidence(page, union(line.box for line in here), confidence, rule, text))
    return Element(name, value, language, tuple(evidence))


def language_of(text: str, lines: Sequence[PrintedLine]) -> str | None:
    """Language of ``text``, or that of its lines where the text is too short to tell."""
    default = lines[0].language if lines else "und"
    found = identify(text, default)
    return None if found == "und" else found


def union(boxes: Iterable[Box]) -> Box:
    """The smallest box around all of ``boxes`` (at least one)."""
    every = list(boxes)
    return Box(
        min(b.left for b in every),
        min(b.top for b in every),
        max(b.right for b in every),
        max(b.bottom for b in every),
    )


@cache
def words_pattern(name: str) -> re.Pattern[str]:
    """One pattern for every entry of a list of ``corpora/rules/words.tsv``, any case."""
    patterns = [row["pattern"] for row in rows("rules/words.tsv") if row["list"] == name]
    return re.compile("|".join(f"(?:{p})" for p in patterns), re.IGNORECASE)


@cache
def label_pattern(name: str) -> re.Pattern[str]:
    """A label of ``corpora/rules/labels.tsv`` at the start of a line or after a blank."""
    patterns = [row["pattern"] for row in rows("rules/labels.tsv") if row["element"] == name]
    return re.compile(rf"(?:^|(?<=\s))(?:{'|'.join(patterns)})(?=[\s:.\d])[\s:.]*")


def sentence_case(text: str) -> str:
    """Return a title set in capitals with one capital at its start; other texts as they are.

    Titles in two languages, parted by a dot, are treated one by one.
    Names of the gazetteer keep their capital; of other names nothing is known.
    """
    return "".join(map(_one_sentence_case, _TITLE_END.split(text)))


def _one_sentence_case(text: str) -> str:
    letters = [sign for sign in text if sign.isalpha()]
    if not letters or not all(sign.isupper() for sign in letters):
        return text
    lowered = re.sub(r"[^\W\d_]+", lambda m: _proper(m[0].lower()), text)
    at = next(i for i, sign in enumerate(lowered) if sign.isalpha())
    return lowered[:at] + lowered[at].upper() + lowered[at + 1 :]


def is_capitals(word: str) -> bool:
    """Whether every letter of a Cyrillic word of three letters or more is a capital."""
    letters = [sign for sign in word if sign.isalpha()]
    return len(letters) > 2 and all(s.isupper() and is_cyrillic(s) for s in letters)


def _proper(word: str) -> str:
    return word.capitalize() if word[:6] in _names() and len(word) > 3 else word


@cache
def _names() -> frozenset[str]:
    """First letters of single-word places, enough to know them in every case."""
    table = rows("gazetteer/karaganda.tsv")
    names = (row[code] for row in table for code in ("kk", "ru"))
    return frozenset(name.lower()[:6] for name in names if " " not in name)


def _text(line: Line) -> str:
    words = []
    for word in line.words:
        if word.hyphen is None:
            words.append(word.text)
        elif word.hyphen.part == 1:
            words.append(word.hyphen.content)
    return " ".join(words)


def _confidence(line: Line) -> float | None:
    known = [w.confidence for w in line.words if w.confidence is not None]
    return sum(known) / len(known) if known else None
