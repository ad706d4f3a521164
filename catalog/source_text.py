"""The source of an article written as text: «Индустриальная Караганда. – 1998. – 10 окт. – С. 3».

Cards and older files hold it in a note or behind a double slash; records of MARC 21 hold parts of
it in 773 $g. Each part between dashes is told by its shape.
"""

import re
from dataclasses import dataclass
from functools import cache

from catalog.data import rows

_BETWEEN = re.compile(r"\.\s*[–—-]\s+|(?<=[^\d\s])\s+[–—-]\s+|\s+[–—-]\s+(?=\D)")
_BLANKS = re.compile(r"\s{2,}")
_PAGES = re.compile(
    r"(?:^|[.,;]?\s+)\[?((?:[СCБPсcбp]|[Pp]p|[Бб]еттер)\.?\s*\[?\d[\d\s,–—-]*)\]?"
    r"(?:\.?\s*)$|(?:^|[.,;]?\s+)(\[?\d+(?:\s*[–—-]\s*\d+)?\s*-?\s*(?:б|бб|с)\.)\s*$"
)
_YEAR = re.compile(r"\[?((?:1[6-9]|20)\d\d)\]?\s*(?:г|ж|жыл)?\.?")
_IMPRINT = re.compile(
    r"(?P<place>[^:,\d]+?)(?:\s*:\s*(?P<publisher>.+?))?,\s*\[?(?P<year>\d{4})\]?\.?"
)


@dataclass(frozen=True, slots=True)
class SourceText:
    """The parts of a source as they are written; ``numbering`` is number and date, or empty.

    A full stop before a dash belongs to the dash.
    """

    title: str | None = None
    responsibility: str | None = None
    place: str | None = None
    publisher: str | None = None
    year: int | None = None
    numbering: str = ""
    pages: str | None = None


def is_source(text: str) -> bool:
    """Tell whether a text is a source: said to be one, or a title with year and number, date, page.

    A note that only has a dash in it is none.
    """
    found = parse_source(text)
    told = bool(_lead().match(_single_blanks(text)) or " // " in text)
    certain = bool(found.year and (found.numbering or found.pages))
    return bool(found.title) and (certain or (told and bool(found.year or found.pages)))


def parse_source(text: str) -> SourceText:
    """Return the parts of a source with its title first; what stands before « // » is left out."""
    behind = _single_blanks(text).split(" // ", 1)[-1]
    lead = _lead().match(behind)
    title, *rest = split_source(behind[lead.end() :] if lead else behind)
    name, _, responsibility = title.partition(" / ")
    read = parse_parts(rest)
    return SourceText(
        name.strip() or None,
        responsibility.strip() or None,
        read.place,
        read.publisher,
        read.year,
        read.numbering,
        read.pages,
    )


def parse_parts(parts: list[str]) -> SourceText:
    """Return year, imprint, numbering and pages of the parts that follow a title."""
    place = publisher = pages = year = None
    numbering = []
    for text in map(_single_blanks, parts):
        found = _PAGES.search(text)
        if found:
            pages = pages or (found[1] or found[2]).strip()
            text = text[: found.start()]
        whole, imprint = _YEAR.fullmatch(text.strip()), _IMPRINT.fullmatch(text.strip())
        if whole:
            year = year or int(whole[1])
        elif imprint and not any(sign.isdigit() for sign in imprint["place"]):
            place, publisher = imprint["place"].strip(), imprint["publisher"]
            year = year or int(imprint["year"])
        elif text.strip(" .,;"):
            numbering.append(text.strip(" ,;"))
    return SourceText(None, None, place, publisher, year, ", ".join(numbering), pages)


def split_source(text: str) -> list[str]:
    """Return the parts between dashes; the dash of a range of figures parts nothing."""
    return [part.strip() for part in _BETWEEN.split(_single_blanks(text))]


def _single_blanks(text: str) -> str:
    """The patterns would try every part of a long run of blanks; it says no more than one does."""
    return _BLANKS.sub(" ", text)


@cache
def _lead() -> re.Pattern[str]:
    told = sorted((re.escape(row["word"]) for row in rows("abbreviations/source.tsv")), key=len)
    return re.compile(rf"\s*(?://|{'|'.join(reversed(told))})\s*", re.IGNORECASE)
