"""Works as a sheet for Excel: a row a work, headings in the language of messages."""

from collections.abc import Iterable, Sequence

from stdnum import isbn

from catalog.catalogues import catalogue_name
from catalog.citation.work import Person, cited_work
from catalog.marc.tables.columns import guarded
from catalog.marc.tables.rows import line
from catalog.view import view
from olketanu.messages.translate import has_message, language, translate
from workflow.hits.works import Work

_COLUMNS = (
    *("number", "kind", "author", "title", "source", "date", "issue", "pages"),
    *("place", "publisher", "year", "language", "udc", "bbk", "isbn", "issn"),
    *("catalogue", "record", "document", "found_on", "address"),
)
_BOM = "\ufeff"  # without it Excel takes UTF-8 for the system's code page


def works_table(works: Iterable[Work]) -> str:
    """Return the rows divided by semicolons; no cell is a formula, whatever a record says."""
    headings = line([translate(f"work.{name}") for name in _COLUMNS])
    rows = (_row(number, work) for number, work in enumerate(works, 1))
    return _BOM + headings + "".join(line([guarded(cell) for cell in row]) for row in rows)


def _row(number: int, work: Work) -> Sequence[str]:
    seen, cited = view(work.record), cited_work(work.record, work.id)
    names = (catalogue_name(code, language()) for code in work.catalogues)
    return (
        *(str(number), translate(f"kind.{seen.kind}"), "; ".join(map(_person, cited.authors))),
        *(cited.title, cited.host or "", cited.date or "", _span(cited.number)),
        *(_span(cited.pages), cited.place or "", cited.publisher or "", str(cited.year or "")),
        *(", ".join(map(_language, seen.languages)), "; ".join(seen.udc), "; ".join(seen.bbk)),
        *(", ".join(map(isbn.format, seen.isbn)), cited.issn or "", ", ".join(names)),
        *(work.lead.record, work.lead.document, ", ".join(work.lead.pages), cited.url or ""),
    )


def _person(person: Person) -> str:
    return f"{person.family}, {person.given}" if person.given else person.family


def _span(text: str | None) -> str:
    """«3–4»: with a hyphen a spreadsheet makes the third of April of it."""
    return (text or "").replace("-", "–")


def _language(code: str) -> str:
    key = f"language.{code}"
    return translate(key) if has_message(key) else code
