"""The card of a page whose text should be read: its lines with what the engine was unsure of."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count

from pages.codec import language_tag
from pages.retype import Place
from pages.text import REGION_KINDS, Box, Line, PageText, Word
from store.catalogue.findings import list_findings
from store.database import Reader
from store.digitised import documents
from store.digitised import pages as page_rows
from store.digitised.documents import Document
from store.digitised.pages import Page, page_subject
from store.digitised.proofreading import DAMAGED, is_read
from workflow.document.amend import LANGUAGES
from workflow.document.current_text import amended_page, recognised_page
from workflow.library import Library
from workflow.proofreading.typed_lines import KIND, LANGUAGE, line_field, region_field
from workflow.quality.limits import Limits, read_limits

LINES = 80
"""Lines of a part: so many fields a browser without scripts can send, and a person can oversee."""


@dataclass(frozen=True, slots=True)
class ShownWord:
    """A word as the card marks it.

    ``level`` is weak or unsure (from the engine), amended (by a person), or sure. ``percent`` is
    its confidence (-1: none), ``raw`` what the engine read.
    """

    text: str
    raw: str
    box: Box
    level: str
    percent: int


@dataclass(frozen=True, slots=True)
class ShownLine:
    """A line with the name of its field; ``number`` counts over the page from 1.

    ``tag`` is its language as HTML has it (BCP 47).
    """

    field: str
    number: int
    text: str
    language: str
    tag: str
    box: Box
    words: tuple[ShownWord, ...]

    @property
    def marked(self) -> tuple[ShownWord, ...]:
        """Words that the engine was unsure of, or that a person changed or added."""
        return tuple(word for word in self.words if word.level != "sure")

    @property
    def doubts(self) -> tuple[ShownWord, ...]:
        """Words that the engine was unsure of, and those that it read and a person changed."""
        return tuple(word for word in self.marked if word.raw)

    @property
    def is_unsure(self) -> bool:
        """Whether the engine was unsure of a word that nobody has looked at."""
        return any(word.level in ("weak", "unsure") for word in self.words)


@dataclass(frozen=True, slots=True)
class ShownRegion:
    """Lines of a region that are in a part; ``language`` is "" where its lines differ."""

    number: int
    kind: str
    language: str
    kind_field: str
    language_field: str
    lines: tuple[ShownLine, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """So many lines of a page as are shown at once, from ``first`` to ``last``."""

    regions: tuple[ShownRegion, ...]

    @property
    def lines(self) -> tuple[ShownLine, ...]:
        """Its lines in reading order."""
        return tuple(line for region in self.regions for line in region.lines)

    @property
    def first(self) -> int:
        """Number of its first line, 0 without any."""
        return self.lines[0].number if self.lines else 0

    @property
    def last(self) -> int:
        """Number of its last line."""
        return self.lines[-1].number if self.lines else 0

    @property
    def unsure(self) -> int:
        """How many of its lines hold unsure words."""
        return sum(line.is_unsure for line in self.lines)


@dataclass(frozen=True, slots=True)
class PageCard:
    """A page with its text in parts (at least one); ``confidence`` is per cent, -1 for none.

    ``kinds`` and ``languages`` are what a region can be said to be.
    """

    document: Document
    page: Page
    title: str
    confidence: int
    is_read: bool
    is_damaged: bool
    parts: tuple[Part, ...]
    kinds: tuple[str, ...] = REGION_KINDS
    languages: tuple[str, ...] = LANGUAGES

    @property
    def first_unsure(self) -> int:
        """Number of the first part with unsure words, from 1."""
        return next((n for n, part in enumerate(self.parts, 1) if part.unsure), 1)


def page_card(library: Library, document: str, key: str) -> PageCard:
    """Return the card of a page; UsageError where it is unknown, or has no text."""
    store = library.store
    row = page_rows.get_page(store, document, key)
    known = documents.get_document(store, document)
    recognised = recognised_page(store, row)
    page = amended_page(store, row, recognised)
    regions = _regions(page, set(_words(recognised)), read_limits())
    return PageCard(
        known,
        row,
        title=known.title or known.name,
        confidence=_percent(row.confidence),
        is_read=is_read(store, row),
        is_damaged=is_damaged(store, row),
        parts=tuple(_parts(list(regions))) or (Part(()),),
    )


def is_damaged(reader: Reader, page: Page) -> bool:
    """Return whether a person has said that the print of the page is lost."""
    return bool(list_findings(reader, page_subject(page.document, page.key), DAMAGED))


def _words(page: PageText) -> Iterator[Word]:
    for line in page.lines():
        yield from line.words


def _regions(page: PageText, recognised: set[Word], limits: Limits) -> Iterator[ShownRegion]:
    numbers = count(1)
    for r, region in enumerate(page.regions):
        lines = tuple(
            _line(line, Place(r, n), next(numbers), recognised, limits)
            for n, line in enumerate(region.lines)
        )
        languages = {line.language for line in lines}
        yield ShownRegion(
            *(r, region.kind, languages.pop() if len(languages) == 1 else ""),
            *(region_field(KIND, r), region_field(LANGUAGE, r), lines),
        )


def _line(
    line: Line, place: Place, number: int, recognised: set[Word], limits: Limits
) -> ShownLine:
    words = tuple(
        ShownWord(
            *(word.text, word.raw, word.box),
            "amended" if word not in recognised else _level(word, limits),
            _percent(word.confidence),
        )
        for word in line.words
    )
    told = (line.language, language_tag(line.language, line.script), line.box)
    return ShownLine(line_field(place), number, line.text, *told, words)


def _level(word: Word, limits: Limits) -> str:
    percent = _percent(word.confidence)
    if percent < 0 or percent >= limits.low:
        return "sure"
    return "weak" if limits.class_of(percent) == limits.classes[-1] else "unsure"


def _percent(confidence: float | None) -> int:
    return -1 if confidence is None else round(100 * confidence)


def _parts(regions: list[ShownRegion]) -> Iterator[Part]:
    """The regions in portions of lines; a long region goes on in the next part."""
    held: list[ShownRegion] = []
    room = LINES
    for region in regions:
        lines = region.lines
        while lines:
            held.append(_with_lines(region, lines[:room]))
            lines, room = lines[room:], room - len(lines[:room])
            if not room:
                yield Part(tuple(held))
                held, room = [], LINES
    if held:
        yield Part(tuple(held))


def _with_lines(region: ShownRegion, lines: tuple[ShownLine, ...]) -> ShownRegion:
    told = (region.number, region.kind, region.language)
    return ShownRegion(*told, region.kind_field, region.language_field, lines)
