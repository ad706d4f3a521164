"""The areas between title and notes: edition to series (GOST 7.1-2003 §5.3–5.7).

Each returns areas (most one) of parts; the first part of an area has no mark.
"""

import re

from catalog.isbd.document import Document
from catalog.isbd.line import Part, bracketed, plain_text, tidy
from catalog.isbd.statement import first_statement, statements
from catalog.isbd.style import GOST_R_2018
from catalog.isbd.words import full_place, word

Area = list[Part]
_YEARS = re.compile(r"(?<=\d{4})\s*-\s*(?=\d{4})")
_FIGURES = re.compile(r"\[?\d+\]?(?:\s*,\s*\[?\d+\]?)*")


def edition_area(document: Document) -> list[Area]:
    """Edition and those responsible for it."""
    return [first_statement(document.fields, "edition", document.form)]


def specific_area(document: Document) -> list[Area]:
    """Scale of a map, numbering of a serial, extent of an electronic resource."""
    return [first_statement(document.fields, "specific", document.form)]


def imprint_area(document: Document) -> list[Area]:
    """Place, publisher and date; of a volume that names none, those of the work."""
    parts = first_statement(document.fields, "imprint", document.form)
    host, named = document.host, {part.element for part in parts}
    if host.title and not document.is_part and "place" not in named:
        of_work = [
            Part("", host.place or "", "place"),
            Part(" : ", host.publisher or "", "publisher"),
        ]
        kept = [part for part in of_work if part.element not in named and part.text]
        parts = _marked([*kept, *parts])
    parts = [_with_range(part) for part in parts]
    if document.style.edition == GOST_R_2018:
        parts = [_in_full(part) for part in parts]
    return [bracketed(parts)]


def _marked(parts: Area) -> Area:
    """The parts with their usual marks, where a part was put before others."""
    marks = {"place": " ; ", "publisher": " : ", "date": ", "}
    return [Part(marks.get(p.element, p.mark), p.text, p.element) for p in parts]


def _with_range(part: Part) -> Part:
    """Years of an edition that took several: «1989–1991»."""
    if part.element != "date":
        return part
    return Part(part.mark, _YEARS.sub("–", part.text), part.element)


def _in_full(part: Part) -> Part:
    if part.element != "place":
        return part
    return Part(part.mark, full_place(tidy(part.text)), part.element)


def extent_area(document: Document) -> list[Area]:
    """Pages, illustrations, size, what goes with it; figures alone get their unit."""
    parts = first_statement(document.fields, "extent", document.form)
    unit = next(iter(document.fields.values("215$1")), None) if document.form == "irbis" else None
    said = unit.value if unit else word("pages", document.language)
    units = {"extent": said, "size": word("size", document.language)}
    return [[_counted(part, units) for part in parts]]


def _counted(part: Part, units: dict[str, str]) -> Part:
    figures = tidy(part.text)
    if part.element not in units or not _FIGURES.fullmatch(figures):
        return part
    return Part(part.mark, f"{figures} {units[part.element]}", part.element)


def series_area(document: Document) -> list[Area]:
    """Each series in round brackets, one behind the other (§5.7)."""
    found = statements(document.fields, "series", document.form)
    if not found and document.column == "rusmarc":
        found = [[Part("", title, "title")] for title in document.view.series]
    texts = [plain_text(parts) for parts in found]
    return [[Part(" ", f"({text})", "series") for text in texts if text]]
