"""Hits for people: what was found, where, and what else of the same work."""

from typing import TYPE_CHECKING

from commands.output import show, show_folded
from olketanu.messages.translate import has_message, plural, translate
from workflow.hits.told import date_words, element_label, told_elements

if TYPE_CHECKING:
    from search.engine.base import Hit
    from search.results.highlight import Snippet
    from workflow.find import FoundHit

_INDENT = "   "
_PAGES = 8


def show_hit(number: int, found: "FoundHit") -> None:
    """Show a result under its number, with the words found standing out."""
    _show_title(number, found)
    for element in told_elements(found):
        label = element_label(element)
        _show_marked(f"{label}: " if label else "", element.snippet)
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


def _show_marked(label: str, piece: "Snippet") -> None:
    marks = [(start + len(label), end + len(label)) for start, end in piece.marks]
    show_folded(_INDENT, (label + piece.text).rstrip(), marks)


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
