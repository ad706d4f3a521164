"""The text of a page as a reader sees it: regions and printed lines in reading order, with hits."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import groupby
from pathlib import Path

from catalog.isbd.words import html_language
from olketanu.errors import InputError
from olketanu.home import Home
from pages.alto import HYPHENS, read_alto
from pages.text import Box, Line, PageText, Region, Word
from workflow.reading.page.pictures import box_name

_UNKNOWN = "und"
_OPENING = "«»„“”\"'(["
_KEPT = 16  # pages with their words: about 1 MB each


@dataclass(frozen=True, slots=True)
class ShownLine:
    """A printed line; ``pieces`` are its words in runs, each with whether the query asks for it.

    ``language`` is a BCP 47 tag, "" where unknown; ``rightward`` is False in Arabic script. Where
    ``runs_on``, its last word goes on in the next line; ``hyphen`` is what stands behind it in
    print, and not in the whole word.
    """

    box: Box
    language: str
    rightward: bool
    pieces: tuple[tuple[str, bool], ...]
    runs_on: bool = False
    hyphen: str = ""

    @property
    def name(self) -> str:
        """What the line is called in addresses: its box, which outlives a new recognition."""
        return box_name(self.box)

    @property
    def text(self) -> str:
        """The line as it is read now."""
        return "".join(text for text, _ in self.pieces) + self.hyphen


@dataclass(frozen=True, slots=True)
class ShownRegion:
    """A block of the page; ``kind`` is one of ``pages.text.REGION_KINDS``.

    ``language`` is that of most of its lines.
    """

    kind: str
    language: str
    lines: tuple[ShownLine, ...]


def current_text(home: Home, document: str, page: str) -> PageText | None:
    """Return the text of a page as it stands now, None where it has none.

    A damaged file has none either: ``verify`` finds and mends it.
    """
    path = home.document(document) / "alto" / f"{page}.xml"
    try:
        stat = path.stat()
        return _read(path, (stat.st_mtime_ns, stat.st_size, stat.st_ino))
    except (FileNotFoundError, InputError):
        return None


def shown_regions(page: PageText, marked: Collection[Box]) -> tuple[ShownRegion, ...]:
    """Return the regions that say something; words whose box is among ``marked`` are hits."""
    shown = (_region(region, marked) for region in page.regions)
    return tuple(region for region in shown if region.lines)


def lines_of(regions: Iterable[ShownRegion]) -> Iterator[ShownLine]:
    """Yield every line in reading order."""
    return (line for region in regions for line in region.lines)


def flowing(regions: Iterable[ShownRegion]) -> str:
    """Return the text as it reads on, cut words whole, without line ends."""
    parts = []
    for line in lines_of(regions):
        told = line.text.removesuffix(line.hyphen) if line.runs_on else line.text
        parts.append(told if line.runs_on else f"{told} ")
    return "".join(parts).rstrip()


@lru_cache(maxsize=_KEPT)
def _read(path: Path, _stamp: tuple[int, int, int]) -> PageText:
    return read_alto(path.read_bytes())


def _region(region: Region, marked: Collection[Box]) -> ShownRegion:
    lines = tuple(_line(line, marked) for line in region.lines if line.words)
    told = Counter(line.language for line in lines).most_common(1)
    return ShownRegion(region.kind, told[0][0] if told else "", lines)


def _line(line: Line, marked: Collection[Box]) -> ShownLine:
    language = "" if line.language == _UNKNOWN else html_language(line.language)
    last = line.words[-1]
    hyphen = _hyphen(last)
    words = (*line.words[:-1], replace(last, text=last.text.removesuffix(hyphen)))
    return ShownLine(
        box=line.box,
        language=language,
        rightward=line.script != "Arab",
        pieces=tuple(_pieces(words, marked)),
        runs_on=last.hyphen is not None and last.hyphen.part == 1,
        hyphen=hyphen,
    )


def _hyphen(word: Word) -> str:
    """The sign by which a word is cut here, "" where it is whole or keeps the sign."""
    if word.hyphen is None or word.hyphen.part != 1 or word.text[-1] not in HYPHENS:
        return ""
    bare = word.text.lstrip(_OPENING)
    return "" if not bare[:-1] or word.hyphen.content.startswith(bare) else word.text[-1]


def _pieces(line: Iterable[Word], marked: Collection[Box]) -> Iterator[tuple[str, bool]]:
    """The words of a line in runs; a blank belongs to the run before it, never to a hit."""
    gap = ""
    for is_hit, words in groupby(line, key=lambda word: word.box in marked):
        text = " ".join(word.text for word in words)
        if is_hit and gap:
            yield gap, False
            gap = ""
        yield gap + text, is_hit
        gap = " "
