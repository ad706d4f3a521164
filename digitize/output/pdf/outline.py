"""The outline of a PDF and the numbers of its pages, as the document itself gives them."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import pikepdf

from pages.text import Article, PageText, Region

_INCH = 72  # points
_LONGEST_TITLE = 120  # characters
_NUMBER = re.compile(r"[^\w]*(\d{1,4})[^\w]*")
_LEAST_AGREEING = 2  # pages whose printed numbers follow each other


@dataclass(frozen=True, slots=True)
class Heading:
    """An entry of the outline: its title, the page (from 0) and its top on it in points."""

    title: str
    page: int
    top: float


def add_outline(pdf: pikepdf.Pdf, headings: Sequence[Heading]) -> None:
    """Give ``pdf`` a flat outline in the order given; nothing happens without headings."""
    if not headings:
        return
    with pdf.open_outline() as outline:
        for heading in headings:
            page = pdf.pages[heading.page]
            destination = pikepdf.Array(
                [page.obj, pikepdf.Name.XYZ, 0, round(heading.top, 2), None]
            )
            outline.root.append(pikepdf.OutlineItem(heading.title, destination))


def article_headings(
    articles: Iterable[Article], tops: Mapping[tuple[str, str], tuple[int, float]]
) -> list[Heading]:
    """An entry an article that has a title; ``tops`` says (page, top) by (page key, region id)."""
    headings = []
    for article in articles:
        place = next((tops[ref] for ref in article.regions if tuple(ref) in tops), None)
        title = short(article.title)
        if place is not None and title:
            headings.append(Heading(title, *place))
    return headings


def region_tops(page: PageText, key: str, index: int) -> dict[tuple[str, str], tuple[int, float]]:
    """Where every region of a page begins: page index and points from the page's lower edge."""
    frame = page.frame
    scale = _INCH / frame.dpi
    return {(key, r.id): (index, (frame.height - r.box.top) * scale) for r in page.regions}


def headlines(page: PageText, key: str) -> list[tuple[tuple[str, str], str]]:
    """(page key and region id, text) of the page's headlines, for a document without articles."""
    named = [((key, r.id), short(_text(r))) for r in page.regions if r.kind == "headline"]
    return [(place, title) for place, title in named if title]


def short(title: str) -> str:
    """The title in one line, cut at a word's end where it is long."""
    line = " ".join("".join(c if c.isprintable() else " " for c in title).split())
    if len(line) <= _LONGEST_TITLE:
        return line
    return line[:_LONGEST_TITLE].rpartition(" ")[0] + "…"


def printed_number(page: PageText) -> int | None:
    """The page number that is printed on the page, if one region of that kind says it."""
    found = [_NUMBER.fullmatch(_text(r)) for r in page.regions if r.kind == "page_number"]
    numbers = [int(match[1]) for match in found if match]
    return numbers[0] if len(numbers) == 1 else None


def page_labels(
    given: Sequence[str | None], printed: Sequence[int | None]
) -> tuple[str | None, ...]:
    """A label for each page: the given one, else its number in the printed count, else None.

    Recognition misreads numbers, so only a count is believed: at least two pages, and half of those
    with a number, must agree. Pages between them that print none are counted too.
    """
    counts = Counter(n - index for index, n in enumerate(printed) if n is not None)
    shift, agreeing = counts.most_common(1)[0] if counts else (0, 0)
    believed = agreeing >= max(_LEAST_AGREEING, counts.total() / 2)
    return tuple(
        label or (str(index + shift) if believed and index + shift > 0 else None)
        for index, label in enumerate(given)
    )


def _text(region: Region) -> str:
    return " ".join(line.text for line in region.lines)
