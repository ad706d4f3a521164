"""The area of title and responsibility (GOST 7.1-2003 §5.2): of books, volumes and parts."""

import re
from functools import cache

from catalog.data import rows
from catalog.isbd.document import Document
from catalog.isbd.line import Part, tidy
from catalog.isbd.responsibility import contributors, responsibility
from catalog.isbd.statement import first_statement
from catalog.isbd.style import GOST_2003
from catalog.isbd.words import designation
from catalog.issue import issue_statement

_PROPER = ("title", "part_number", "part_title")
_RESPONSIBLE = ("responsibility", "other_responsibility")
_ISSUES = ("newspaper_issue", "journal_issue")
_BEHIND = " // "


def title_area(document: Document) -> list[Part]:
    """Return the parts of the area; the first has no mark."""
    parts = first_statement(document.fields, "title", document.form)
    if document.host.text:
        parts = _without_source(parts)
    elif document.host.title and not document.is_part:
        parts = _volume(document, parts)
    if document.view.kind in _ISSUES:
        parts = [_numbered(document, part) for part in parts]
    return _with_designation(document, _with_responsibility(document, parts))


def _numbered(document: Document, part: Part) -> Part:
    """The number and date of an issue in the form in which articles cite them."""
    if part.element != "part_number":
        return part
    text = issue_statement(tidy(part.text), document.view.year, document.language) or part.text
    return Part(part.mark, text, part.element)


def _without_source(parts: list[Part]) -> list[Part]:
    """The parts without a source written behind « // »; what follows it is the source's."""
    kept: list[Part] = []
    for part in parts:
        before, behind, _ = part.text.partition(_BEHIND)
        title, slash, named = before.partition(" / ")
        kept.append(Part(part.mark, title, part.element))
        if slash:
            kept.append(Part(" / ", named, "responsibility"))
        if behind:
            break
    return kept


def _volume(document: Document, own: list[Part]) -> list[Part]:
    """Title of the work, number of the volume, title of its own; the work's people if none here."""
    title, others = _split_whole(tidy(document.host.title or ""), document.host.other)
    number = document.host.unit.numbering or document.view.volume or ""
    first = tidy(own[0].text) if own else ""
    if not number and first and _pattern("part").fullmatch(first):
        number = first
    if _same(first, number):
        own = own[1:]
    elif own:
        own = [Part(". ", own[0].text, "part_title"), *own[1:]]
    named = [p for p in own if p.element == "responsibility"] or not document.host.responsibility
    work = [] if named else [Part(" / ", document.host.responsibility or "", "responsibility")]
    rest = [p for p in own if p.element != "part_number" or not _same(tidy(p.text), number)]
    return [Part("", title, "title"), *others, Part(". ", number, "part_number"), *rest, *work]


def _split_whole(title: str, other: str | None) -> tuple[str, list[Part]]:
    """The title without «в 6 т.», which follows it as a sentence, and its other information."""
    title, _, inside = title.partition(" : ")
    texts = [text for text in (inside, *(other or "").split(" : ")) if text]
    parts = []
    for text in texts:
        whole = _pattern("whole").fullmatch(tidy(text))
        mark, element = (". ", "part_number") if whole else (" : ", "other")
        parts.append(Part(mark, text[:1].upper() + text[1:] if whole else text, element))
    return title, parts


def _same(text: str, number: str) -> bool:
    return bool(number) and _bare(text) == _bare(number)


def _bare(text: str) -> str:
    return "".join(sign for sign in text.casefold() if sign.isalnum())


def _with_responsibility(document: Document, parts: list[Part]) -> list[Part]:
    """The first statement by the edition's rule; where there is none, one made of the names."""
    first = next((i for i, part in enumerate(parts) if part.element in _RESPONSIBLE), None)
    if first is None:
        made = [responsibility(document, ""), *contributors(document)]
        return [*parts, *_statements([text for text in made if text])]
    if parts[first].element == "other_responsibility":
        made = [responsibility(document, ""), parts[first].text]
    else:
        made = [responsibility(document, tidy(parts[first].text))]
    told = _statements([text for text in made if text])
    return [*parts[:first], *told, *parts[first + 1 :]]


def _statements(texts: list[str]) -> list[Part]:
    names = ("responsibility", *("other_responsibility" for _ in texts[1:]))
    marks = (" / ", *(" ; " for _ in texts[1:]))
    return [Part(*whole) for whole in zip(marks, texts, names, strict=False)]


def _with_designation(document: Document, parts: list[Part]) -> list[Part]:
    """The general material designation behind the title proper (GOST 7.1-2003 §5.2.3)."""
    if document.style.edition != GOST_2003 or not document.style.medium or not parts:
        return parts
    named = designation(document.content, document.carrier, document.language)
    at = next((i for i, p in enumerate(parts) if p.element not in _PROPER), len(parts))
    return [*parts[:at], Part(" ", f"[{named}]", "medium"), *parts[at:]]


@cache
def _pattern(what: str) -> re.Pattern[str]:
    patterns = (r["pattern"] for r in rows("abbreviations/volumes.tsv") if r["what"] == what)
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns), re.IGNORECASE)
