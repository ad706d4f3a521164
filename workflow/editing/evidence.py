"""What a draft was made from: its elements, and the places on the pages that they were read at.

Places are numbered in the order of the elements; what several elements were read from has one
number.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from catalog.drafting.draft import Draft, Element, Evidence
from pages.text import Box
from store.digitised import pages as page_rows
from store.digitised.pages import Page
from workflow.library import Library

SOURCES: Mapping[str, str] = {
    "subtitle": "other_title",
    "author": "names",
    "annotation": "summary",
    "language": "languages",
    "note": "notes",
}
"""Elements of a draft that the bibliographic view calls by another name."""

_SURE_PERCENT = 75


@dataclass(frozen=True, slots=True)
class Spot:
    """A numbered place on a page: ``box`` in pixels of its frame."""

    number: int
    box: Box


@dataclass(frozen=True, slots=True)
class EvidencePage:
    """A page of a document with its size in pixels of its frame, and the places on it."""

    document: str
    key: str
    position: int
    width: int
    height: int
    spots: tuple[Spot, ...]

    def height_at(self, width: int) -> int:
        """How high its picture is when it is ``width`` pixels wide."""
        return max(1, self.height * width // self.width)


@dataclass(frozen=True, slots=True)
class Source:
    """Where a value comes from: the number of its spot, 0 where it was read on no page.

    ``percent`` is how sure the recognition was, None for what nobody recognised; ``rule`` is what
    took the value, ``text`` what stands there.
    """

    spot: int
    position: int
    percent: int | None
    rule: str
    text: str

    @property
    def is_doubtful(self) -> bool:
        """Whether a person should compare it with the page letter by letter."""
        return self.percent is not None and self.percent < _SURE_PERCENT


@dataclass(frozen=True, slots=True)
class FoundElement:
    """An element of the draft as the card shows it."""

    name: str
    value: str
    language: str
    sources: tuple[Source, ...]

    @property
    def spots(self) -> tuple[int, ...]:
        """Numbers of the places that it was read at."""
        return tuple(dict.fromkeys(one.spot for one in self.sources if one.spot))


@dataclass(frozen=True, slots=True)
class Found:
    """The elements of a draft, and the pages that they were read on, the first page at least."""

    elements: tuple[FoundElement, ...]
    pages: tuple[EvidencePage, ...]

    def spots_of(self, name: str) -> tuple[int, ...]:
        """Numbers of the places of every element that the bibliographic view calls ``name``."""
        numbers = (n for one in self.elements if _seen_as(one.name) == name for n in one.spots)
        return tuple(dict.fromkeys(numbers))


def find_evidence(library: Library, document: str, draft: Draft) -> Found:
    """Return what the draft of a document was made from; from rows alone."""
    rows = {page.key: page for page in page_rows.list_pages(library.store, document)}
    numbers: dict[tuple[str, Box], int] = {}
    for evidence in _printed(draft.elements, rows):
        numbers.setdefault(evidence, len(numbers) + 1)
    spots: dict[str, list[Spot]] = {}
    for (page, box), number in numbers.items():
        spots.setdefault(page, []).append(Spot(number, box))
    wanted = [row for row in rows.values() if row.key in spots] or list(rows.values())[:1]
    elements = tuple(_element(one, rows, numbers) for one in draft.elements)
    return Found(elements, tuple(_page(row, spots.get(row.key, [])) for row in wanted))


def _printed(elements: Iterable[Element], rows: Mapping[str, Page]) -> Iterable[tuple[str, Box]]:
    for element in elements:
        for one in element.evidence:
            if one.page in rows and one.page is not None and one.box is not None:
                yield one.page, one.box


def _element(
    element: Element, rows: Mapping[str, Page], numbers: Mapping[tuple[str, Box], int]
) -> FoundElement:
    sources = (_source(one, rows, numbers) for one in element.evidence)
    return FoundElement(element.name, element.value, element.language or "", tuple(sources))


def _source(
    one: Evidence, rows: Mapping[str, Page], numbers: Mapping[tuple[str, Box], int]
) -> Source:
    place = (one.page, one.box) if one.page is not None and one.box is not None else None
    row = rows.get(one.page or "")
    percent = None if one.confidence is None else round(100 * one.confidence)
    spot = 0 if place is None else numbers.get(place, 0)
    return Source(spot, row.position if row else 0, percent, one.rule, one.text)


def _page(row: Page, spots: Iterable[Spot]) -> EvidencePage:
    size = (row.frame.width, row.frame.height)
    return EvidencePage(row.document, row.key, row.position, *size, tuple(spots))


def _seen_as(name: str) -> str:
    return SOURCES.get(name, name)
