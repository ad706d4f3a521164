"""What a page says of a work: its description by the standard, and its elements one by one."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from catalog.catalogues import language_code
from catalog.citation.work import Work, cited_work
from catalog.holdings import Holding, holdings
from catalog.isbd.block import Block, Run
from catalog.isbd.describe import describe
from catalog.isbd.html import is_web_address
from catalog.isbd.words import html_language
from catalog.record import Record
from catalog.udc.notation import UdcError
from catalog.udc.table import load_table
from catalog.view import BibliographicView, view
from workflow.library import Library
from workflow.record.describe import library_style

_UNKNOWN = "und"


@dataclass(frozen=True, slots=True)
class Fact:
    """One element of a work: ``name`` is that of its label, ``values`` in their order."""

    name: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ClassNumber:
    """A UDC number with its meaning by language of the screen, empty where the table has none."""

    number: str
    captions: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Description:
    """A work, described. ``language`` is the BCP 47 tag of its texts, "" where it is not known.

    ``block`` is the description by the library's standard, in which only addresses of the web are
    links; ``date`` is ISO 8601, possibly partial; ``languages`` are codes; ``work`` is what
    citations say.
    """

    title: str
    language: str
    kind: str
    date: str
    block: Block
    facts: tuple[Fact, ...]
    languages: tuple[str, ...]
    classes: tuple[ClassNumber, ...]
    holdings: tuple[Holding, ...]
    work: Work


def description_of(library: Library, record: Record, identifier: str) -> Description:
    """Return the description of a record as this library sets it; ``identifier`` is its id."""
    seen, work = view(record), cited_work(record, identifier)
    block = describe(record, library_style(library.settings), identifier)
    return Description(
        title=work.title,
        language="" if block.language == _UNKNOWN else html_language(block.language),
        kind=seen.kind,
        date=seen.host_date or seen.date or "",
        block=replace(block, runs=tuple(map(_without_odd_link, block.runs))),
        facts=tuple(_facts(seen)),
        languages=tuple(dict.fromkeys(language_code(one) or one for one in seen.languages)),
        classes=tuple(map(_class_number, seen.udc)),
        holdings=holdings(record),
        work=work,
    )


def host_of(title: str | None, number: str | None) -> str:
    """Return the newspaper or journal and its number: a bare one would be read as a page."""
    told = f"№\u00a0{number}" if number and number[0].isdigit() else number
    return ", ".join(filter(None, (title, told)))


def _facts(seen: BibliographicView) -> Iterator[Fact]:
    """The elements that the record has, in the order in which they are read."""
    table: tuple[tuple[str, tuple[str | None, ...]], ...] = (
        ("author", tuple(name.text for name in seen.names)),
        ("parallel", seen.parallel_titles),
        ("part", (seen.part_title,)),
        ("source", (seen.host_title or seen.source_text,)),
        ("issue", (seen.host_number,)),
        ("pages", (seen.pages,)),
        ("responsibility", (seen.responsibility,)),
        ("edition", (seen.edition,)),
        ("place", (seen.place,)),
        ("publisher", (seen.publisher,)),
        ("extent", (seen.extent,)),
        ("series", seen.series),
        ("subjects", seen.subjects),
        ("places", seen.places),
        ("notes", seen.notes),
        ("summary", (seen.summary,)),
        ("isbn", seen.isbn),
        ("issn", (seen.issn,)),
        ("bbk", seen.bbk),
    )
    for name, values in table:
        said = tuple(dict.fromkeys(value for value in values if value))
        if said:
            yield Fact(name, said)


def _without_odd_link(run: Run) -> Run:
    """A link stays one only where it leads into the web: ``javascript:`` is text."""
    if run.style == "link" and not is_web_address(run.text):
        return replace(run, style="plain")
    return run


def _class_number(number: str) -> ClassNumber:
    """The number with the captions of its parts: history, and of which place."""
    try:
        parts = load_table().explain(number)
    except UdcError:
        return ClassNumber(number, {})
    languages = sorted({code for _, captions in parts for code in captions})
    return ClassNumber(
        number,
        {
            code: ", ".join(dict.fromkeys(caption[code] for _, caption in parts if caption))
            for code in languages
        },
    )
