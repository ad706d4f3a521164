"""What is told of a query: what was not understood, and where; what else was asked for."""

import unicodedata
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from commands.output import plain, say, screen_width
from olketanu.messages.translate import plural, translate
from workflow.hits.told import notice_words, searched_beside

if TYPE_CHECKING:
    from search.query.expand import Expansion
    from search.query.tree import Notice
    from workflow.find import FoundHits

_INDENT = "    "
_BEFORE, _ROOM = 30, 70
"""Characters of a query that are shown before what is pointed at, and in all."""
_TO_LEFT = ("R", "AL", "AN")
_MOST = 8


def say_notices(query: str, notices: Iterable["Notice"]) -> None:
    """Say what of the query was not understood, and where."""
    for notice in notices:
        say(notice_words(notice))
        if notice.span[1] > notice.span[0]:
            for line in pointed(query, notice.span):
                say(line)


def say_beside(found: "FoundHits") -> None:
    """Say what was searched beside what was typed, and what may have been meant."""
    for line in expansion_lines(found.expansions):
        say(line)
    for one in found.suggestions:
        say(plural("search.suggested", one.total, {"query": one.query}))


def expansion_lines(expansions: Iterable["Expansion"]) -> list[str]:
    """Return a sentence for each kind of words that were searched beside what was typed."""
    return [
        translate(f"search.expanded.{kind}", {"words": several(words)})
        for kind, words in searched_beside(expansions).items()
    ]


def several(texts: Sequence[str], most: int = _MOST) -> str:
    """Return the texts with commas between, the first of many."""
    return ", ".join(texts[:most]) + (" …" if len(texts) > most else "")


def pointed(query: str, span: tuple[int, int]) -> tuple[str, ...]:
    """Return the query, or the piece of it about ``span``, and below it carets under that.

    ``span`` is in characters, the second exclusive; an empty one points between two characters.
    Where letters run to the left no caret would stand right: then the piece itself is quoted.
    """
    start, end = span
    if any(unicodedata.bidirectional(sign) in _TO_LEFT for sign in query):
        return (f"{_INDENT}«{_one_line(query[start:end])}»",)
    begin = max(0, start - _BEFORE)
    stop = min(len(query), begin + _ROOM)
    before = ("…" if begin else "") + _one_line(query[begin:start])
    piece = _one_line(query[start : min(end, stop)])
    after = _one_line(query[min(end, stop) : stop]) + ("…" if stop < len(query) else "")
    caret = " " * screen_width(before) + "^" * max(1, screen_width(piece))
    return (f"{_INDENT}{before}{piece}{after}", f"{_INDENT}{caret}")


def _one_line(text: str) -> str:
    return plain(text).replace("\n", " ").replace("\t", " ")
