"""Works as BibTeX entries (Unicode stays as it is: biber and XeTeX read it)."""

import re
from collections.abc import Iterable

from catalog.citation.work import Person, Work

_ESCAPES = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    **{sign: f"\\{sign}" for sign in "&%$#_"},
}
_TABLE = {ord(sign): escape for sign, escape in _ESCAPES.items()}
_NOT_IN_KEY = re.compile(r"[^A-Za-z0-9:._-]+")
_AND = re.compile(r"\band\b")
_WHOLE_DATE = 10


def to_bibtex(works: Iterable[Work]) -> str:
    """Return the entries, each ended by a line feed; the signs that TeX would take are escaped.

    ``date`` (biblatex) stands beside ``year`` where the day is known.
    """
    return "".join(_entry(work) for work in works)


def _entry(work: Work) -> str:
    lines = [f"  {name} = {{{value}}}," for name, value in _fields(work) if value]
    head = f"@{work.type_in('bibtex')}{{{_NOT_IN_KEY.sub('-', work.key)},"
    return "\n".join([head, *lines, "}"]) + "\n"


def _fields(work: Work) -> list[tuple[str, str | None]]:
    host = {"article": "journal", "incollection": "booktitle"}.get(work.type_in("bibtex"), "note")
    whole_date = work.date if work.date and len(work.date) == _WHOLE_DATE else None
    texts: list[tuple[str, str | None]] = [
        ("title", work.title),
        (host, work.host),
        ("year", str(work.year) if work.year else None),
        ("date", whole_date),
        ("volume", work.volume),
        ("number", work.number),
        ("pages", work.pages.replace("-", "--") if work.pages else None),
        ("address", work.place),
        ("publisher", work.publisher),
        ("edition", work.edition),
        ("series", work.series),
        ("isbn", work.isbn),
        ("issn", work.issn),
        ("language", work.language),
        ("keywords", ", ".join(work.subjects)),
        ("abstract", work.summary),
    ]
    people = (("author", work.authors), ("editor", work.editors), ("translator", work.translators))
    named = [(name, " and ".join(map(_person, who))) for name, who in people if who]
    return [*named, *((name, escaped(text or "")) for name, text in texts), ("url", _url(work))]


def escaped(text: str) -> str:
    """Return the text with the signs that TeX would take as its own escaped."""
    return text.translate(_TABLE)


def _person(person: Person) -> str:
    """«Family, Given»; a body, and a name with the word «and» in it, is held by braces."""
    family = escaped(person.family)
    if person.given:
        return (
            f"{{{family}}}, {escaped(person.given)}"
            if _AND.search(family)
            else (f"{family}, {escaped(person.given)}")
        )
    return f"{{{family}}}" if person.is_body or " " in family else family


def _url(work: Work) -> str | None:
    """Addresses stand verbatim, but for the braces that would end the field."""
    return work.url.replace("{", "%7B").replace("}", "%7D") if work.url else None
