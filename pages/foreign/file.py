"""A file of page text that another program made: ALTO or hOCR, told apart by its content."""

from collections.abc import Sequence

from olketanu.errors import InputError
from pages.foreign.alto import alto_pages, is_alto
from pages.foreign.page import ForeignPage, settle
from pages.hocr import hocr_pages, is_hocr
from pages.text import PageFrame, PageText
from pages.xml import parse_html

MOST_BYTES = 64 * 1024 * 1024
"""Of a file: some 500,000 words, a full newspaper page has 10,000."""


def read_foreign(data: bytes, frame: PageFrame, number: int = 0, name: str = "") -> PageText:
    """Return the text of one page of an ALTO (1 to 4) or hOCR file, placed on ``frame``.

    ``number`` counts the pages of a file of several from 0 (see :func:`choose`). Engine is
    ``imported …``; languages are as the file names them, words as printed. InputError: those of
    :func:`foreign_pages`, :func:`choose` and :func:`pages.foreign.page.settle`.
    """
    return settle(choose(foreign_pages(data, name), number, name), frame)


def foreign_pages(data: bytes, name: str = "") -> tuple[ForeignPage, ...]:
    """Return the pages of an ALTO (1 to 4) or hOCR file; ``name`` is the file as a person knows it.

    InputError: ``error.xml-…`` from the parser, ``error.foreign-large``, ``error.foreign-form``
    (neither form).
    """
    if len(data) > MOST_BYTES:
        raise InputError("error.foreign-large", name=name, megabytes=MOST_BYTES // 1024**2)
    root = parse_html(data, name)
    if is_alto(root):
        return alto_pages(root)
    if is_hocr(root):
        return hocr_pages(root)
    raise InputError("error.foreign-form", name=name)


def choose(pages: Sequence[ForeignPage], number: int, name: str = "") -> ForeignPage:
    """Return the page of that number, counted from 0; the only page of a file serves any number.

    InputError ``error.foreign-page`` where there is none.
    """
    at = 0 if len(pages) == 1 else number
    if at >= len(pages):
        raise InputError("error.foreign-page", name=name, page=number + 1, pages=len(pages))
    return pages[at]
