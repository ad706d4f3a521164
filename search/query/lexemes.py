"""Cuts a query into lexemes, each with its place; no string is refused."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from language.fold import fold
from language.lexicon import read_list
from search.query.tree import UDC, WORD_FIELDS, Span

Sort = Literal["(", ")", "-", "and", "or", "not", "field", "value", "phrase", "chunk"]

_WORDS = {
    word: meaning
    for meaning, *words in (line.split("\t") for line in read_list("query_words.tsv"))
    for word in words
}
"""What the words of the query language mean: ``field:title``, ``operator:and`` …"""


def _meaning(kind: str) -> dict[str, str]:
    start = f"{kind}:"
    return {w: m.removeprefix(start) for w, m in _WORDS.items() if m.startswith(start)}


FIELDS = {fold(word): name for word, name in _meaning("field").items()}
"""Folded names of fields: so they may be typed without Kazakh letters."""

_OPERATORS: dict[str, Sort] = {"and": "and", "or": "or", "not": "not"}
OPERATORS = {word: _OPERATORS[name] for word, name in _meaning("operator").items()}
"""Operators as they are typed, in capitals."""

QUOTES = '"«»“”„'
_LEXEME = re.compile(
    rf"(?P<paren>[()])"
    rf"|[{QUOTES}](?P<phrase>[^{QUOTES}]*)[{QUOTES}]?(?P<tail>~[0-9]*)?"
    rf"|(?P<minus>(?<![^\s()])[-−](?=[^\s\d)]))"
    rf"|(?P<field>[^\W\d_]+):"
    rf"|(?P<chunk>[^\s(){QUOTES}]+)"
)
_VALUE = re.compile(rf"\s*(?:[{QUOTES}]([^{QUOTES}]*)[{QUOTES}]?|([^\s(){QUOTES}]+))")
_UDC_VALUE = re.compile(r"\s*()((?:[^\s()]|\([^\s()]*\))+)")


@dataclass(frozen=True, slots=True)
class Lexeme:
    """One piece of the query: ``text`` without quotes, or the name of the field.

    ``tail`` is a ``~`` that was written after a phrase, or the ``:`` after a word that names no
    field.
    """

    sort: Sort
    text: str
    span: Span
    tail: str = ""


def lexemes(text: str) -> Iterator[Lexeme]:
    """Yield the lexemes of ``text`` in their order; after ``field`` of a value, its ``value``."""
    at = 0
    while match := _LEXEME.search(text, at):
        at = match.end()
        name = FIELDS.get(fold(match["field"])) if match["field"] else None
        if match["field"] and name is None:
            chunk = _no_field(text, match)
            at = chunk.span[1]
            yield chunk
            continue
        yield _lexeme(match, name)
        if name is None or name in WORD_FIELDS:
            continue
        value = (_UDC_VALUE if name == UDC else _VALUE).match(text, at)
        if value is not None:
            at = value.end()
            group = 1 if value[2] is None else 2
            yield Lexeme("value", value[group], (value.start(group), at))


def _lexeme(match: re.Match[str], name: str | None) -> Lexeme:
    span = match.span()
    if match["paren"]:
        return Lexeme("(" if match["paren"] == "(" else ")", match["paren"], span)
    if match["phrase"] is not None:
        return Lexeme("phrase", match["phrase"], span, match["tail"] or "")
    if match["minus"]:
        return Lexeme("-", match["minus"], span)
    if name is not None:
        return Lexeme("field", name, span)
    return Lexeme(OPERATORS.get(match["chunk"], "chunk"), match["chunk"], span)


def _no_field(text: str, match: re.Match[str]) -> Lexeme:
    """A word with a colon that names no field: with ``tail`` where it was meant to.

    «Караганда: история» is a title, «http://…» an address.
    """
    after = text[match.end() : match.end() + 1]
    if after and not after.isspace() and after not in ")/":
        return Lexeme("chunk", match["field"], match.span(), ":")
    end = match.end()
    while end < len(text) and not text[end].isspace() and text[end] not in "()" + QUOTES:
        end += 1
    return Lexeme("chunk", text[match.start() : end], (match.start(), end))
