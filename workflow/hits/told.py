"""What of an answer is told and how it is called, alike on a console and in a browser."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from catalog.catalogues import catalogue_name
from language.fold import fold
from olketanu.messages.translate import has_message, language, translate

if TYPE_CHECKING:  # a console that only helps loads no search
    from search.query.expand import Expansion
    from search.query.tree import Notice
    from search.results.highlight import Element
    from workflow.find import FoundHit

_SAID = ("name", "former", "ocr")
"""Expansions that nobody typed, and so have to be told of."""
_ELEMENTS = 2
_REST = "text"
"""What of a record has no name of its own (``search.results.marks.BODY``)."""
_MANY_YEARS = 24


def value_name(name: str, value: str) -> str:
    """Return what a value of a facet (language, kind, catalogue, entry) is called.

    Codes without a name stand as they are.
    """
    if name == "catalogue":
        return catalogue_name(value, language())
    keys = {"language": f"language.{value}", "kind": f"kind.{value}", "entry": f"entry.{value}"}
    key = keys.get(name, "")
    return translate(key) if has_message(key) else value


def notice_words(notice: "Notice") -> str:
    """Return what a notice says; values that a field has go by their names."""
    known = notice.facts.get("known")
    if not isinstance(known, tuple):
        return translate(notice.key, notice.facts)
    names = (value_name(str(notice.facts["field"]), code) for code in known)
    return translate(notice.key, {**notice.facts, "known": ", ".join(dict.fromkeys(names))})


def searched_beside(expansions: Iterable["Expansion"]) -> dict[str, tuple[str, ...]]:
    """Return the words that were searched beside what was typed, by kind (name, former, ocr).

    A word is not told as a misreading of itself: it may stand for another stem of the same letters.
    """
    by_kind: dict[str, dict[str, None]] = {}
    for one in expansions:
        if one.kind in _SAID:
            others = (word for word in one.to if fold(word) != fold(one.typed))
            by_kind.setdefault(one.kind, {}).update(dict.fromkeys(others))
    return {kind: tuple(words) for kind, words in by_kind.items() if words}


def told_elements(found: "FoundHit") -> tuple["Element", ...]:
    """Return what of the record is shown: the title is, and the rest only where all else fails."""
    named = [one for one in found.elements if one.name not in ("title", _REST)]
    if named or found.snippet.text or found.title.marks:
        return tuple(named[:_ELEMENTS])
    return found.elements[:1]


def element_label(element: "Element") -> str:
    """Return what an element is called, "" where it has no name of its own."""
    key = f"search.element.{element.name}"
    return translate(key) if has_message(key) else ""


def date_words(date: str) -> str:
    """Return a date (ISO 8601, whole or partial) as it is written in the language of messages."""
    return date if language() == "en" else ".".join(reversed(date.split("-")))


def by_decade(years: Sequence[tuple[str, int]]) -> list[tuple[str, int]]:
    """Return years and their counts, as they are or where they are many by decade."""
    if len(years) <= _MANY_YEARS:
        return list(years)
    decades: dict[str, int] = {}
    for year, count in years:
        decade = f"{year[:3]}0–{year[:3]}9"
        decades[decade] = decades.get(decade, 0) + count
    return list(decades.items())
