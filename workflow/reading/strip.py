"""The pages of a document in a row, a portion of them at once."""

from collections.abc import Sequence
from dataclasses import dataclass

from store.digitised.pages import Page

PORTION = 48
"""Pages shown at once: a strip of a long book is leafed through, never downloaded whole."""
_THUMBNAIL = 200


@dataclass(frozen=True, slots=True)
class StripPage:
    """A page: ``position`` counts the scans from 1, ``label`` is its printed number or "".

    ``height`` is that of its picture of 200 pixels across, 0 where the visitor sees none.
    """

    key: str
    position: int
    label: str
    state: str
    height: int


@dataclass(frozen=True, slots=True)
class Strip:
    """Pages ``first`` to ``last`` (scans, from 1) of ``total``.

    ``earlier`` and ``later`` are the positions at which the portions beside begin, 0 for none.
    """

    pages: tuple[StripPage, ...]
    total: int
    earlier: int
    later: int

    @property
    def first(self) -> int:
        """Position of the first page shown, 0 in a document without pages."""
        return self.pages[0].position if self.pages else 0

    @property
    def last(self) -> int:
        """Position of the last page shown, 0 in a document without pages."""
        return self.pages[-1].position if self.pages else 0


def strip_of(pages: Sequence[Page], files: frozenset[str], start: int) -> Strip:
    """Return the portion that holds the position ``start``, held to those that there are.

    ``files`` names the pictures that the visitor may see.
    """
    at = min(max(start, 1), max(len(pages), 1)) - 1
    begin = at - at % PORTION
    shown = pages[begin : begin + PORTION]
    end = begin + len(shown)
    return Strip(
        tuple(strip_page(page, number, files) for number, page in enumerate(shown, begin + 1)),
        len(pages),
        begin - PORTION + 1 if begin else 0,
        end + 1 if end < len(pages) else 0,
    )


def strip_page(page: Page, number: int, files: frozenset[str]) -> StripPage:
    """Return a page that is scan ``number`` with its picture, where ``files`` names one."""
    frame = page.frame
    there = f"web/{page.key}-{_THUMBNAIL}.jpg" in files
    height = max(1, round(frame.height * _THUMBNAIL / frame.width)) if there else 0
    return StripPage(page.key, number, page.label or "", page.state, height)
