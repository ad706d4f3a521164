"""A bibliographic description by GOST 7.1-2003 or GOST R 7.0.100-2018, of a record of any format.

One generator: which areas stand in which order, the elements with their marks and the words are
tables in ``corpora/isbd``; what the two editions do otherwise is in :class:`Style` and these
tables. The words are those of the document's language.
"""

from collections.abc import Callable, Mapping

from catalog.isbd.analytic import host_areas
from catalog.isbd.areas import (
    edition_area,
    extent_area,
    imprint_area,
    series_area,
    specific_area,
)
from catalog.isbd.block import Block
from catalog.isbd.closing import access_area, medium_area, notes_area, numbers_area
from catalog.isbd.document import Document, read_document
from catalog.isbd.line import Part, closed, compose
from catalog.isbd.responsibility import heading
from catalog.isbd.style import Style
from catalog.isbd.title import title_area
from catalog.isbd.words import areas
from catalog.record import Record

__all__ = ["Style", "describe"]

Area = list[Part]
_DEFAULT = Style()
_BEHIND = " // "
_AREAS: Mapping[str, Callable[[Document], list[Area]]] = {
    "title": lambda document: [title_area(document)],
    "edition": edition_area,
    "specific": specific_area,
    "imprint": imprint_area,
    "extent": extent_area,
    "series": series_area,
    "notes": notes_area,
    "numbers": numbers_area,
    "access": access_area,
    "medium": medium_area,
    "host": host_areas,
}


def describe(record: Record, style: Style = _DEFAULT, record_id: str = "") -> Block:
    """Return the description as one block of kind ``entry``; an empty record has no runs.

    ``record_id`` becomes ``Block.record``; the language of the block is that of the document.
    """
    document = read_document(record, style)
    head = [Part("", heading(document), "heading", "strong")]
    parts = [*head, *_described(document)]
    return Block("entry", closed(compose(parts)), document.coded, 0, record_id)


def _described(document: Document) -> list[Part]:
    """The areas of the document's level one behind the other, each with the mark before it."""
    between = ". – " if document.style.dashes else ". "
    parts: list[Part] = []
    for name in areas("part" if document.is_part else "whole", document.style.edition):
        for at, area in enumerate(_AREAS[name](document)):
            printed = [part for part in area if part.text.strip()]
            first = _BEHIND if name == "host" and not at else between
            first = ". " if name == "title" else first
            parts += [
                _with_mark(part, first if not i else part.mark) for i, part in enumerate(printed)
            ]
    return parts


def _with_mark(part: Part, mark: str) -> Part:
    return Part(mark, part.text, part.element, part.style)
