"""Hits for people: what was found, where, and what else of the same work."""

from typing import TYPE_CHECKING

from commands.output import show, show_folded
from olketanu.messages.translate import has_message, language, plural, translate

if TYPE_CHECKING:
    from search.engine.base import Hit
    from search.results.highlight import Element, Snippet
    from workflow.find import FoundHit

_INDENT = "   "
_ELEMENTS = 2
_PAGES = 8
_REST = "text"
"""What of a record has no name of its own (``search.results.marks.BODY``)."""


def show_hit(number: int, found: "FoundHit") -> None:
    """Show a result under its number, with the words found standing out."""
    _show_title(number, found)
    for element in _told_elements(found):
        key = f"search.element.{element.name}"
        label = f"{translate(key)}: " if has_message(key) else ""
        _show_marked(label, element.snippet)
    if found.snippet.text:
        _show_marked("", found.snippet)
    if found.others:
        show(_INDENT + _others(found))


def _show_title(number: int, found: "FoundHit") -> None:
    title = found.title.text or translate("search.untitled")
    marks = found.title.marks if found.title.text else ()
    bare = "" if found.hit.record else translate("search.no-record")
    told = [one for one in (_kind(found.hit.form), date_words(found.hit.date), bare) if one]
    about = f" – {', '.join(told)}" if told else ""
    head = f"{number}. "
    shifted = [(start + len(head), end + len(head)) for start, end in marks]
    show(f"{head}{title}{about}  [{_where(found.hit)}]", shifted)


def _told_elements(found: "FoundHit") -> list["Element"]:
    """What of the record is shown: the title is, and the rest of it only where all else fails."""
    named = [one for one in found.elements if one.name not in ("title", _REST)]
    if named or found.snippet.text or found.title.marks:
        return named[:_ELEMENTS]
    return list(found.elements[:1])


def _show_marked(label: str, piece: "Snippet") -> None:
    marks = [(start + len(label), end + len(label)) for start, end in piece.marks]
    show_folded(_INDENT, (label + piece.text).rstrip(), marks)


def date_words(date: str) -> str:
    """Return a date (ISO 8601, whole or partial) as it is written in the language of messages."""
    return date if language() == "en" else ".".join(reversed(date.split("-")))


def _kind(form: str) -> str:
    key = f"kind.{form}"
    return translate(key) if form and has_message(key) else ""


def _where(hit: "Hit") -> str:
    """What ``document show`` or ``record show`` is asked for."""
    return f"{hit.document} {hit.page}" if hit.page else hit.record


def _others(found: "FoundHit") -> str:
    """«+ 3 pages: p0002 p0005 p0007», as many as a line holds."""
    pages = [hit.page for hit in found.others[:_PAGES]]
    left = max(found.pages - 1, len(found.others))
    dots = " …" if left > len(pages) else ""
    return plural("search.more-pages", left, {"pages": " ".join(pages) + dots})
