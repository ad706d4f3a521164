"""What stands behind « // »: the work that a part is in, its issues and pages.

GOST 7.1-2003 §7: «// Источник. – Год. – № n (дата). – С. x–y»; semicolons part several issues.
"""

import re

from catalog.host import Unit
from catalog.isbd.document import Document
from catalog.isbd.line import Part, bracketed, tidy
from catalog.isbd.style import GOST_R_2018
from catalog.isbd.words import full_place
from catalog.issue import issue_statement, pages_text

_RANGE = re.compile(r"(?<=\d)-(?=\d)")


def host_areas(document: Document) -> list[list[Part]]:
    """Return the title of the work, its imprint or year, then numbering and pages of each issue."""
    host = document.host
    is_book = document.view.kind == "book_part"
    title = [Part("", host.title or "", "host_title"), Part(". ", host.section or "", "host_title")]
    if is_book:
        title += [Part(" : ", host.other or "", "host_other")]
        title += [Part(" / ", host.responsibility or "", "host_responsibility")]
    areas = [title, _imprint(document) if is_book else []]
    shown = str(host.unit.year or "") if is_book else ""
    for at, unit in enumerate(host.units):
        made = _unit(document, unit, shown)
        shown = str(unit.year or shown)
        if at and made:
            areas[-1] = [*areas[-1], Part(" ; ", made[0][0].text, made[0][0].element)]
            made = made[1:]
        areas += made
    return [area for area in areas if area]


def _imprint(document: Document) -> list[Part]:
    """Place and year; the publisher too in GOST R 7.0.100-2018."""
    host, in_full = document.host, document.style.edition == GOST_R_2018
    place = tidy(host.place or "")
    parts = [
        Part("", full_place(place) if in_full else place, "host_place"),
        Part(" : ", host.publisher or "" if in_full else "", "host_publisher"),
        Part(", ", str(host.unit.year or ""), "host_year"),
    ]
    return bracketed([part for part in parts if part.text])


def _unit(document: Document, unit: Unit, shown: str) -> list[list[Part]]:
    year = str(unit.year or "")
    numbering = issue_statement(unit.numbering, unit.year, document.language)
    parts = (
        Part("", year if year != shown else "", "host_year"),
        Part("", numbering, "host_number"),
        Part("", _pages(document, unit), "host_pages"),
    )
    return [[part] for part in parts if tidy(part.text)]


def _pages(document: Document, unit: Unit) -> str:
    if not unit.pages:
        return ""
    if not unit.pages[0].isdigit():
        return unit.pages
    figures = _RANGE.sub("–", unit.pages)
    return pages_text(figures, document.language, after=document.style.pages_after)
