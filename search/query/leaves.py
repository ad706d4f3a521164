"""Makes the leaves of the tree: words, phrases, patterns, fuzzy words, dates and values."""

import re
from collections.abc import Iterator
from typing import Protocol

from language.letters import APOSTROPHES
from search.analysis import words
from search.query.dates import read_dates
from search.query.lexemes import Lexeme
from search.query.tree import (
    DATE,
    FARTHEST_FUZZY,
    MOST_TERMS,
    SHORTEST_FUZZY,
    SHORTEST_PREFIX,
    WORD_FIELDS,
    All,
    Dates,
    Fuzzy,
    Leaf,
    Node,
    Pattern,
    Phrase,
    Span,
    Value,
    Word,
)
from search.query.values import meaning_of

_TERM = re.compile(rf"[\w\u0300-\u036f\u00ad{APOSTROPHES}*?]+(?:~[0-9]*)?")
"""A word of a query with its wildcards and what makes it fuzzy."""
_WILDCARDS = re.compile(r"[*?]+")


class _Note(Protocol):
    """The function that keeps a notice."""

    def __call__(self, key: str, span: Span, **facts: object) -> None: ...


class Leaves:
    """Reads single lexemes; the words of the whole query are counted on the way."""

    def __init__(self, note: _Note) -> None:
        self._note = note
        self._terms = 0

    def read(self, lexeme: Lexeme, field: str) -> Node | None:
        """Return what a chunk, phrase or value asks of ``field``; None where nothing is left."""
        if field and field not in WORD_FIELDS:
            return self._value(lexeme, field)
        if lexeme.sort == "phrase":
            return self._quoted(lexeme, field)
        return self._chunk(lexeme, field)

    def _value(self, lexeme: Lexeme, field: str) -> Node | None:
        text, span = lexeme.text.strip(), lexeme.span
        if not text:
            self._note("query.field", span, name=field)
            return None
        if field == DATE:
            range_ = read_dates(text)
            if range_ is None:
                self._note("query.date", span, text=text)
                return None
            return Dates(*range_, span) if self._counts(1, span) else None
        meant = meaning_of(field, text)
        if meant.known:
            self._note("query.value", span, text=text, field=field, known=meant.known)
        return Value(meant.field, meant.texts, span) if self._counts(1, span) else None

    def _quoted(self, lexeme: Lexeme, field: str) -> Node | None:
        if lexeme.tail:
            self._note("query.fuzzy", lexeme.span, limit=SHORTEST_FUZZY)
        if "*" in lexeme.text and words(lexeme.text):
            self._note("query.wildcard", lexeme.span)
        return self._row(words(lexeme.text), field, lexeme.span, quoted=True)

    def _chunk(self, lexeme: Lexeme, field: str) -> Node | None:
        """Return what a run of characters without blanks asks for."""
        nodes: list[Node] = []
        row: list[str] = []
        for term, span in self._terms_of(lexeme):
            node = self._special(term, field, span)
            if node is None:
                row += words(term.partition("~")[0])
                continue
            nodes += self._ended(row, field, lexeme.span)
            if self._counts(1, span):
                nodes.append(node)
            row = []
        nodes += self._ended(row, field, lexeme.span)
        if len(nodes) < 2:
            return nodes[0] if nodes else None
        return All(tuple(nodes))

    def _terms_of(self, lexeme: Lexeme) -> Iterator[tuple[str, Span]]:
        start = lexeme.span[0]
        for match in _TERM.finditer(lexeme.text):
            yield match[0], (start + match.start(), start + match.end())

    def _ended(self, row: list[str], field: str, span: Span) -> list[Node]:
        node = self._row(row, field, span, quoted=False)
        return [] if node is None else [node]

    def _row(self, found: list[str], field: str, span: Span, *, quoted: bool) -> Leaf | None:
        """Return the words ``found`` as one word or side by side."""
        if not found or not self._counts(len(found), span):
            return None
        if len(found) == 1:
            return Word(found[0], field, quoted, span)
        return Phrase(tuple(found), field, quoted, span)

    def _special(self, term: str, field: str, span: Span) -> Leaf | None:
        """Return a pattern or a fuzzy word; None where ``term`` can only be plain words."""
        core, tilde, distance = term.partition("~")
        core = core.rstrip("?")  # at the end it is the mark of a question
        found = words(core)
        if _WILDCARDS.search(core):
            return self._pattern(core, field, span)
        if not tilde or not found:
            return None
        if len(found) > 1 or len(found[0]) < SHORTEST_FUZZY:
            self._note("query.fuzzy", span, limit=SHORTEST_FUZZY)
            return None
        if distance and int(distance) > FARTHEST_FUZZY:
            self._note("query.fuzzy-far", span, limit=FARTHEST_FUZZY)
        return Fuzzy(found[0], max(1, min(int(distance or 1), FARTHEST_FUZZY)), field, span)

    def _pattern(self, core: str, field: str, span: Span) -> Leaf | None:
        """Return a pattern, or None with a notice where its wildcards cannot be used."""
        letters = [words(part) for part in _WILDCARDS.split(core)]
        if any(len(found) > 1 for found in letters) or not letters[0]:
            self._note("query.wildcard", span)
            return None
        before_star = words(core.partition("*")[0].replace("?", "a")) if "*" in core else []
        enough = len("".join(before_star) if "*" in core else "".join(map("".join, letters)))
        if enough < SHORTEST_PREFIX:
            self._note("query.short-prefix", span, limit=SHORTEST_PREFIX)
            return None
        parts = ["".join(found) for found in letters]
        signs = [_sign(run) for run in _WILDCARDS.findall(core)] + [""]
        return Pattern("".join(map("".join, zip(parts, signs, strict=True))), field, span)

    def _counts(self, terms: int, span: Span) -> bool:
        """Tell whether ``terms`` more words are allowed, and count them."""
        if self._terms + terms > MOST_TERMS:
            self._note("query.too-many", span, limit=MOST_TERMS)
            return False
        self._terms += terms
        return True


def _sign(run: str) -> str:
    """A run of wildcards as short as it means: ``?*?`` is two letters or more."""
    return "?" * run.count("?") + ("*" if "*" in run else "")
