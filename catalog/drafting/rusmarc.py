"""A draft as a RUSMARC record: leader, coded data, description, classes, names, source.

Only what the draft holds is written; an article gets its host as 461 (the newspaper or journal) and
463 (the issue), both by embedded fields. The record says nothing of evidence: that stays with the
draft.
"""

import datetime
from dataclasses import dataclass
from itertools import chain, repeat

from catalog.drafting.draft import Draft
from catalog.drafting.names import PersonName, parse_name
from catalog.issue import issue_text, pages_text, year_of
from catalog.record import ControlField, DataField, Field, LinkField, Record, Subfield
from catalog.supplied_title import untitled

ARTICLES = ("newspaper_article", "journal_article", "book_part")
ISSUES = ("newspaper_issue", "journal_issue")
_TYPES = {"map": "e", "photograph": "k"}
_SCRIPTS = {"Latn": "ba", "Cyrl": "ca", "Arab": "fa"}
_UNDETERMINED = "und"
_AUTHOR_CODE = "070"


@dataclass(frozen=True, slots=True)
class Context:
    """What a record needs beside the draft: its number, the time of the draft, who makes it."""

    control_number: str
    time: datetime.datetime
    organisation: str
    country: str = "KZ"
    cataloguing_language: str = "rus"


def rusmarc_record(draft: Draft, context: Context) -> Record:
    """Return the draft as a RUSMARC record with the fields in order of their tags.

    A document without a title gets one in square brackets that says so, in its own language.
    """
    fields: list[Field] = [
        ControlField("001", context.control_number),
        ControlField("005", context.time.strftime("%Y%m%d%H%M%S.0")),
        *_numbers(draft),
        _coded(draft, context),
        *_languages(draft),
        _field("102", "  ", a=context.country),
        *_description(draft),
        *_host(draft),
        *_classes(draft),
        *_names(draft),
        _source(context),
    ]
    return Record("rusmarc", _leader(draft), tuple(fields))


def _field(tag: str, indicators: str, **values: str | None) -> DataField:
    pairs = ((code.lstrip("_"), value) for code, value in values.items())
    subfields = tuple(Subfield(code, value) for code, value in pairs if value)
    return DataField(tag, indicators, subfields)


def _leader(draft: Draft) -> str:
    """Positions 5 new, 6 type, 7 level (a part, m whole), 8 hierarchy, 17 not yet complete (3)."""
    kind = _TYPES.get(draft.kind, "a")
    level, hierarchy = "m", "0"
    if draft.kind in ARTICLES:
        level, hierarchy = "a", "2"
    return f"00000n{kind}{level}{hierarchy} 22000003  450 "


def _year(draft: Draft) -> int | None:
    return year_of(draft.first("year") or draft.first("host_date"))


def _numbers(draft: Draft) -> list[DataField]:
    """010: each ISBN; the print run ($9) stands with the first."""
    run = draft.first("print_run")
    isbn = draft.all("isbn")
    fields = [_field("010", "  ", a=number, _9=None if i else run) for i, number in enumerate(isbn)]
    return fields or ([_field("010", "  ", _9=run)] if run else [])


def _coded(draft: Draft, context: Context) -> DataField:
    """100 $a, 36 positions: date entered, type and year, language, UTF-8 (50), script of title."""
    year = _year(draft)
    dates = f"d{year}    " if year else "u        "
    script = _SCRIPTS.get(draft.first("script") or "Cyrl", "ca")
    data = f"{context.time:%Y%m%d}{dates}u  y0{context.cataloguing_language}y50      {script}"
    return _field("100", "  ", a=data)


def _languages(draft: Draft) -> list[DataField]:
    languages = [code for code in draft.all("language") if code != _UNDETERMINED]
    subfields = tuple(Subfield("a", code) for code in languages or [_UNDETERMINED])
    return [DataField("101", "0 ", subfields)]


def _description(draft: Draft) -> list[DataField]:
    title = draft.first("title") or draft.first("host_title") or untitled(_language(draft))
    responsibility = draft.first("responsibility") or ", ".join(n.natural for n in _persons(draft))
    number = None
    if draft.kind in ISSUES:
        number = issue_text(draft.first("host_number"), draft.first("host_date"), _language(draft))
    fields = [
        _field("200", "1 ", a=title, e=draft.first("subtitle"), f=responsibility, h=number),
        _field("205", "  ", a=draft.first("edition")),
        _field("210", "  ", a=draft.first("place"), c=draft.first("publisher"), d=_issued(draft)),
        _field("215", "  ", a=draft.first("extent")),
        *(_field("300", "  ", a=note) for note in draft.all("note")),
        _field("330", "  ", a=draft.first("annotation")),
    ]
    return [field for field in fields if field.subfields]


def _issued(draft: Draft) -> str | None:
    if draft.kind in ARTICLES:
        return None
    year = _year(draft)
    return str(year) if year else None


def _language(draft: Draft) -> str | None:
    return draft.first("language")


def _host(draft: Draft) -> list[Field]:
    if draft.kind not in ARTICLES or not draft.first("host_title"):
        return []
    if draft.kind == "book_part":
        return _volume(draft)
    language = _language(draft)
    unit = issue_text(draft.first("host_number"), draft.first("host_date"), language)
    pages = draft.first("pages")
    year = _year(draft)
    inside = [
        _field("200", "1 ", a=unit, v=pages_text(pages, language) if pages else None),
        _field("210", "  ", d=str(year) if year else None),
    ]
    top = LinkField("461", " 0", (_field("200", "1 ", a=draft.first("host_title")),))
    kept = tuple(field for field in inside if field.subfields)
    return [top, LinkField("463", " 0", kept)] if kept else [top]


def _volume(draft: Draft) -> list[Field]:
    """A part of a book: the book alone, as the physical unit (463)."""
    pages = draft.first("pages")
    spoken = pages_text(pages, _language(draft)) if pages else None
    inside = [_field("200", "1 ", a=draft.first("host_title"), v=spoken)]
    if year := _year(draft):
        inside.append(_field("210", "  ", d=str(year)))
    return [LinkField("463", " 0", tuple(inside))]


def _classes(draft: Draft) -> list[DataField]:
    """675 UDC; 686 BBK with the author mark as book number ($b) on the first."""
    mark = draft.first("author_mark")
    udc = [_field("675", "  ", a=number) for number in draft.all("udc")]
    bbk = [
        _field("686", "  ", a=number, b=None if i else mark, _2="rubbk")
        for i, number in enumerate(draft.all("bbk"))
    ]
    return udc + bbk


def _persons(draft: Draft) -> list[PersonName]:
    return [parse_name(author) for author in draft.all("author")]


def _names(draft: Draft) -> list[DataField]:
    """700 for the first author, 701 for the others; indicator 2: 1 by surname, 0 direct order."""
    return [
        _name(person, tag)
        for person, tag in zip(_persons(draft), chain(["700"], repeat("701")), strict=False)
    ]


def _name(person: PersonName, tag: str) -> DataField:
    return _field(
        tag,
        " 0" if person.direct else " 1",
        a=person.surname,
        b=person.initials,
        g=person.forenames,
        _4=_AUTHOR_CODE,
    )


def _source(context: Context) -> DataField:
    """801 with function 0: the agency that catalogued first."""
    date = f"{context.time:%Y%m%d}"
    return _field("801", " 0", a=context.country, b=context.organisation, c=date)
