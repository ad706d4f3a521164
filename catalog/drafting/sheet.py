"""Elements that the librarian gave in the batch sheet: the surest source of all."""

import datetime
import re
from collections.abc import Mapping

from catalog.drafting.draft import Element, Evidence
from catalog.drafting.names import parse_name
from catalog.issue import page_range
from catalog.udc.notation import UdcError, parse
from language.dates import parse_date
from language.identify import identify

_BOOKS = ("book", "map", "photograph", "other", "card")
_PLAIN = {
    "note": "note",
    "record_number": "record_number",
    "inventory_number": "inventory_number",
    "collection": "collection",
    "script": "script",
}


def sheet_elements(row: Mapping[str, object]) -> tuple[Element, ...]:
    """Return the elements of one row of the sheet; keys are the codes of its columns.

    Known keys: kind, title, author, source, date, number, printed_pages, udc, language, script,
    note, record_number, inventory_number, collection. Empty cells give nothing; several authors,
    languages or UDC numbers are parted by semicolons. A UDC number or date that cannot be read is
    left out (checking the sheet has said so).
    """
    cells = {key: _cell(value) for key, value in row.items()}
    book = cells.get("kind", "") in _BOOKS
    found = _title_and_authors(cells)
    if (source := cells.get("source")) and not book:
        found.append(_element("host_title", source.strip('«»" '), source))
    found += _issue(cells, book)
    for number in _several(cells.get("udc", "")):
        found += _udc(number)
    languages = re.split(r"[;,+\s]+", cells.get("language", ""))
    found += [_element("language", language, language) for language in languages if language]
    found += [
        _element(name, cells[key], cells[key]) for key, name in _PLAIN.items() if cells.get(key)
    ]
    return tuple(found)


def _title_and_authors(cells: Mapping[str, str]) -> list[Element]:
    found = []
    if title := cells.get("title"):
        language = identify(title)
        found.append(_element("title", title, title, None if language == "und" else language))
    authors = _several(cells.get("author", ""))
    return found + [_element("author", parse_name(one).heading, one) for one in authors]


def _issue(cells: Mapping[str, str], book: bool) -> list[Element]:
    found = []
    date = parse_date(cells.get("date", ""))
    if date is not None:
        value = str(date.year) if book else str(date)
        found.append(_element("year" if book else "host_date", value, cells["date"]))
    if (number := cells.get("number")) and not book:
        bare = re.sub(r"^\s*(?:№|N[oо°]?\.?)\s*", "", number)
        found.append(_element("host_number", bare, number))
    pages = cells.get("printed_pages")
    if pages and not book and (numbers := page_range(pages)):
        found.append(_element("pages", numbers, pages))
    return found


def _udc(text: str) -> list[Element]:
    try:
        return [_element("udc", parse(text).normal, text)]
    except UdcError:
        return []


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime.datetime):
        value = value.date()
    if isinstance(value, list | tuple):
        return "; ".join(map(str, value))
    return str(value).strip()


def _several(text: str) -> list[str]:
    return [part.strip() for part in text.split(";") if part.strip()]


def _element(name: str, value: str, text: str, language: str | None = None) -> Element:
    return Element(name, value, language, (Evidence(None, None, None, "sheet", text),))
