"""The areas that close a description: notes, standard numbers, access, content and means of access.

GOST 7.1-2003 §5.8–5.9, GOST 7.82-2001 §5.8 for addresses, GOST R 7.0.100-2018 §5.10. Each returns
areas of parts; the first part of an area has no mark.
"""

import re
from collections.abc import Iterator

from stdnum import isbn as isbn_numbers

from catalog.data import rows
from catalog.isbd.document import Document
from catalog.isbd.line import Part, tidy
from catalog.isbd.style import GOST_2003, GOST_R_2018
from catalog.isbd.words import content_area, word
from catalog.locate import Placed

Area = list[Part]
_BARE_ISBN = re.compile(r"\d{9}[\dXx]|\d{13}")
_OWN_WORD = re.compile(r"[^:.;]{3,30}\.?\s?:\s")
_NUMBER_CODES = {"marc21": ("020", "q", "c"), "irbis": ("010", "b", "d")}
_RUSMARC_NUMBER_CODES = ("010", "b", "d")


def notes_area(document: Document) -> list[Area]:
    """Notes in the order of ``corpora/isbd/notes.tsv``; the source of an article is none."""
    areas: list[Area] = []
    for row in rows("isbd/notes.tsv"):
        values = [found.value for found in document.fields.values(row[document.column])]
        values = [v for v in values if v.strip() and v.strip() != document.host.text]
        if row["word"] and values:
            values = [_worded(word(row["word"], document.language), values)]
        areas.extend([Part("", value, "note")] for value in values)
    return areas


def _worded(said: str, values: list[str]) -> str:
    """The values in one note behind its word, unless the record has a word of its own there."""
    joined = " ; ".join(map(tidy, values))
    return joined if _OWN_WORD.match(joined) else f"{said}: {joined}"


def numbers_area(document: Document) -> list[Area]:
    """Print run, ISSN, and each ISBN with what the record says of it."""
    runs = document.fields.values("010$9") if document.column == "rusmarc" else ()
    issn = document.fields.values("022$a" if document.form == "marc21" else "011$a")
    areas = [[Part("", _copies(document, run.value), "print_run")] for run in runs]
    areas += [[Part("", f"ISSN {number.value}", "issn")] for number in issn]
    tag, qualifier, price = _NUMBER_CODES.get(document.form, _RUSMARC_NUMBER_CODES)
    for placed in document.fields.data(tag):
        areas += _isbn(document, placed, qualifier, price)
    return areas


def _copies(document: Document, run: str) -> str:
    figures = run.strip()
    return f"{figures} {word('copies', document.language)}" if figures.isdecimal() else figures


def _isbn(document: Document, placed: Placed, qualifier: str, price: str) -> Iterator[Area]:
    wrong = word("wrong", document.language)
    cost = tidy(placed.text(price) or "") if document.style.price else ""
    for code, told in (("a", placed.text(qualifier)), ("z", wrong)):
        for found in placed.all(code):
            number, _, inside = tidy(found.value).partition(" ")
            said = tidy(told or inside).strip("()")
            text = f"ISBN {_hyphened(number)}" + (f" ({said})" if said else "")
            yield [Part("", text, "isbn"), Part(" : ", cost, "price")]
            cost = ""


def _hyphened(number: str) -> str:
    """A number without hyphens is printed with them; any other as it stands."""
    if _BARE_ISBN.fullmatch(number) and isbn_numbers.is_valid(number):
        return str(isbn_numbers.format(number))
    return number


def access_area(document: Document) -> list[Area]:
    """The address of an electronic resource and the day on which it was looked at, if told."""
    if document.carrier != "electronic" or not document.view.links:
        return []
    said = word("access", document.language)
    label = said if document.style.edition == GOST_2003 else "URL"
    day = document.style.accessed
    seen = f"({word('accessed', document.language)} {day:%d.%m.%Y})" if day else ""
    return [
        [
            Part("", label, "access"),
            Part(": ", link, "address", "link"),
            Part(" ", seen, "accessed"),
        ]
        for link in document.view.links
    ]


def medium_area(document: Document) -> list[Area]:
    """«Текст : непосредственный»; GOST R 7.0.100-2018 only."""
    if document.style.edition != GOST_R_2018 or not document.style.medium:
        return []
    said = content_area(document.content, document.carrier, document.language)
    return [[Part("", said, "medium")]]
