"""Who is in the heading and who in the statement of responsibility.

GOST 7.80-2000 and 7.1-2003 §5.2.6: up to three authors, the first is the heading; of four or more
the statement names one and «[и др.]». GOST R 7.0.100-2018 §5.2.6: four are all named, of five or
more three and «[и др.]». Names are given in the form of the document, initials first.
"""

import re
from collections.abc import Sequence
from functools import cache

from catalog.data import rows
from catalog.isbd.document import Document
from catalog.isbd.style import GOST_R_2018
from catalog.isbd.words import LANGUAGES, word
from catalog.view import Name
from language.fold import fold

_PRIMARY = {"marc21": ("100",), "irbis": ("961", "700")}
_AUTHOR_TAGS = {"marc21": ("100", "700"), "irbis": ("961", "700", "701")}
_BODY_TAGS = {"marc21": ("110", "111")}
_AUTHOR_ROLES = ("", "aut", "авт", "автор", "author")
_INITIALS = re.compile(r"(?<=[^\W\d_]\.)(?=[^\W\d_])")
_NAME = re.compile(r"(?:[^\W\d_]{1,2}\.\s?){1,3}[^\W\d_][\w’'-]+(?:\s[^\W\d_][\w’'-]+)?")
_CONTRIBUTIONS = ("com", "edt", "trl")
_MOST_IN_HEADING = 3
_NEXT_STATEMENT = re.compile(r"\s*;\s+")


def heading(document: Document) -> str:
    """Return the heading: the first author «Әуезов, М. О.» or a body; empty where there is none."""
    view, form = document.view, document.form
    first = [n for n in view.names if n.place[:3] in _PRIMARY.get(form, ("700",)) and is_author(n)]
    if first and len(authors(document)) <= _MOST_IN_HEADING:
        return spaced(first[0].text)
    bodies = _BODY_TAGS.get(form, ("710",))
    named = [n.text for n in view.names if n.place[:3] in bodies]
    return named[0] if named and not authors(document) else ""


def authors(document: Document) -> tuple[Name, ...]:
    """Return the persons who wrote the document, in the order of the record."""
    tags = _AUTHOR_TAGS.get(document.form, ("700", "701"))
    found = (n for n in document.view.names if n.place[:3] in tags and is_author(n) and n.surname)
    return tuple({fold(name.text): name for name in found}.values())


def is_author(name: Name) -> bool:
    """Tell whether the role is that of an author; a name without a role is one."""
    return (name.role or "").strip(" .").lower() in _AUTHOR_ROLES


def natural(name: Name) -> str:
    """Return the name as a document prints it: «М. О. Әуезов», «Төле би»."""
    surname, _, given = name.text.partition(", ")
    return spaced(f"{given} {surname}" if given else surname)


def spaced(text: str) -> str:
    """Return the text with a blank between initials: «З. М.»."""
    return _INITIALS.sub(" ", text)


def responsibility(document: Document, stated: str) -> str:
    """Return the statement of responsibility by the edition's rule of how many are named.

    ``stated`` is what the record says. A statement that names the authors, all or some, is made
    anew from it and from the names of the record; one that says anything else stays.
    """
    known = authors(document)
    head, *rest = _NEXT_STATEMENT.split(stated, maxsplit=1)
    shortened = _others().search(head)
    pieces = [spaced(piece.strip()) for piece in _others().sub("", head).split(",")]
    pieces = [piece for piece in pieces if piece]
    if not pieces:
        return _limited(document, [natural(name) for name in known])
    surnames = [(name, fold(name.surname).split()) for name in known]
    named = [_among(piece, surnames) for piece in pieces]
    if not all(named) and not all(_NAME.fullmatch(piece) for piece in pieces):
        return stated
    missing = [natural(name) for name in known if name not in named]
    if shortened and not missing:
        return stated
    everyone = [*pieces, *missing] if shortened else pieces
    return " ; ".join([_limited(document, everyone), *rest])


def contributors(document: Document) -> list[str]:
    """Return who compiled, edited and translated, each with the word for it: «сост. К. Ли, А. Тур».

    For records that name these people and have no statement of responsibility.
    """
    found: dict[str, list[str]] = {}
    for name in document.view.names:
        role = _contributing(name.role or "")
        if role and name.forenames:
            found.setdefault(role, []).append(natural(name))
    kept = (role for role in _CONTRIBUTIONS if role in found)
    return [f"{word(r, document.language)} {_limited(document, found[r])}" for r in kept]


def _contributing(role: str) -> str:
    """The relator code of a role written as a code or as one of the words for it; or empty."""
    said = role.strip().lower()
    for code in _CONTRIBUTIONS:
        if said == code or any(said == word(code, one) for one in LANGUAGES):
            return code
    return ""


def _limited(document: Document, names: list[str]) -> str:
    most, kept = (4, 3) if document.style.edition == GOST_R_2018 else (3, 1)
    if len(names) <= most:
        return ", ".join(names)
    return f"{', '.join(names[:kept])} {word('and_others', document.language)}"


def _among(piece: str, known: Sequence[tuple[Name, Sequence[str]]]) -> Name | None:
    """The author whom a piece of the statement names: by the surname, and nothing but a name."""
    words = fold(piece).replace(".", " ").split()
    for name, surname in known:
        if surname and all(part in words for part in surname) and len(words) <= len(surname) + 3:
            return name
    return None


@cache
def _others() -> re.Pattern[str]:
    patterns = "|".join(row["pattern"] for row in rows("abbreviations/others.tsv"))
    return re.compile(rf"\s*(?<!\w)(?:{patterns})(?!\w)", re.IGNORECASE)
