"""The text of a page as a reader sees it: regions and printed lines in reading order, with hits."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from pathlib import Path

from catalog.isbd.words import html_language
from olketanu.errors import InputError
from olketanu.home import Home
from pages.alto import read_alto
from pages.text import Box, Line, PageText, Region
from workflow.reading.page.pictures import box_name

_UNKNOWN = "und"
_KEPT = 16  # pages with their words: about 1 MB each


@dataclass(frozen=True, slots=True)
class ShownLine:
    """A printed line; ``pieces`` are its words in runs, each with whether the query asks for it.

    ``language`` is a BCP 47 tag, "" where unknown; ``rightward`` is False in Arabic script.
    """

    box: Box
    language: str
    rightward: bool
    pieces: tuple[tuple[str, bool], ...]

    @property
    def name(self) -> str:
        """What the line is called in addresses: its box, which outlives a new recognition."""
        return box_name(self.box)

    @property
    def text(self) -> str:
        """The line as it is read now."""
        return "".join(text for text, _ in self.pieces)


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


@lru_cache(maxsize=_KEPT)
def _read(path: Path, _stamp: tuple[int, int, int]) -> PageText:
    return read_alto(path.read_bytes())


def _region(region: Region, marked: Collection[Box]) -> ShownRegion:
    lines = tuple(_line(line, marked) for line in region.lines if line.words)
    told = Counter(line.language for line in lines).most_common(1)
    return ShownRegion(region.kind, told[0][0] if told else "", lines)


def _line(line: Line, marked: Collection[Box]) -> ShownLine:
    language = "" if line.language == _UNKNOWN else html_language(line.language)
    return ShownLine(line.box, language, line.script != "Arab", tuple(_pieces(line, marked)))


def _pieces(line: Line, marked: Collection[Box]) -> Iterator[tuple[str, bool]]:
    """The words of a line in runs; a blank belongs to the run before it, never to a hit."""
    gap = ""
    for is_hit, words in groupby(line.words, key=lambda word: word.box in marked):
        text = " ".join(word.text for word in words)
        if is_hit and gap:
            yield gap, False
            gap = ""
        yield gap + text, is_hit
        gap = " "
