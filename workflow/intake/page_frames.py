"""From what an inspection says of a file to the pages of a document."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from digitize.scan.inspection import FrameInfo, Inspection
from pages.text import PageFrame
from store.digitised.pages import NewPage

_RANGE = re.compile(r"\D*(\d{1,5})(?:\s*[-‐‑–—]\s*(\d{1,5}))?\D*")


def labelled(pages: Sequence[NewPage], printed: str | None) -> list[NewPage]:
    """Return the pages with the numbers printed on them, as the librarian's sheet gives them.

    ``printed`` is one number or a range («2», «стр. 2–3»). Where it does not count as many pages
    as there are, nobody can tell which page bears which number: then none gets one.
    """
    said = _RANGE.fullmatch(printed or "")
    if said is None:
        return list(pages)
    first = int(said[1])
    numbers = range(first, int(said[2] or first) + 1)
    if len(numbers) != len(pages):
        return list(pages)
    return [replace(page, label=str(n)) for page, n in zip(pages, numbers, strict=True)]


def pages_of(seen: Inspection, *, backward: bool = False) -> Iterator[NewPage]:
    """Yield the pages of a file in reading order; an open book or paper gives two of one frame.

    The left page comes first, with ``backward`` (Arabic script) the right one.
    """
    for info in seen.frames:
        for frame in _frames(seen.sha256, info, backward=backward):
            yield NewPage(frame, source=info.source, text_layer=info.text_layer)


def _frames(master: str, info: FrameInfo, *, backward: bool) -> Iterator[PageFrame]:
    turn, dpi = info.quarter_turn, info.dpi
    if not info.pages:
        yield PageFrame(master, info.frame, None, turn, info.width, info.height, dpi)
    for crop in reversed(info.pages) if backward else info.pages:
        size = (crop.height, crop.width) if turn % 2 else (crop.width, crop.height)
        yield PageFrame(master, info.frame, crop, turn, *size, dpi)
