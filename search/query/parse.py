"""Reads a query: lexemes, then one pass by recursive descent that never fails."""

import re
from typing import Protocol

from language.lexicon import read_list
from search.analysis import words
from search.query.tree import (
    DEEPEST,
    LONGEST_QUERY,
    MOST_TERMS,
    SHORTEST_PREFIX,
    YEAR,
    All,
    Any,
    Node,
    Notice,
    Phrase,
    Query,
    Word,
    Years,
)

_WORDS = {
    word: meaning
    for meaning, *words in (line.split("\t") for line in read_list("query_words.tsv"))
    for word in words
}
"""What the words of the query language mean: ``field:title``, ``operator:and`` …"""


def _meaning(kind: str) -> dict[str, str]:
    start = f"{kind}:"
    return {w: m.removeprefix(start) for w, m in _WORDS.items() if m.startswith(start)}


_FIELDS = _meaning("field")
_OPERATORS = _meaning("operator")
_QUOTES = '"«»“”„'
_LEXEME = re.compile(
    rf"(?P<paren>[()])"
    rf"|[{_QUOTES}](?P<phrase>[^{_QUOTES}]*)[{_QUOTES}]?"
    rf"|(?P<chunk>[^\s(){_QUOTES}]+)"
)
_YEARS = re.compile(r"([0-9]{4})(?:(?:-|–|—|\.\.)([0-9]{4}))?")


def parse(text: str) -> Query:
    """Read a query; never raises.

    Text beyond 256 characters, words beyond 16 and brackets deeper than 4 are left out, each with a
    notice; so are operators without a word, a prefix under 3 letters, a query of negations only.
    """
    reader = _Reader(text[:LONGEST_QUERY])
    if len(text) > LONGEST_QUERY:
        reader.note("query.too-long", limit=LONGEST_QUERY)
    tree = reader.read()
    if tree is None and not reader.notices:
        reader.note("query.empty")
    return Query(tree, tuple(reader.notices.values()))


class _Excluded:
    """A negated node on its way up to the All that it narrows."""

    __slots__ = ("node",)

    def __init__(self, node: Node) -> None:
        self.node = node


_Part = Node | _Excluded


class _Reader:
    """One pass over the lexemes of a query; a notice is kept once a key."""

    def __init__(self, text: str) -> None:
        self.notices: dict[str, Notice] = {}
        self._lexemes = list(_LEXEME.finditer(text))
        self._at = 0
        self._atoms = _Atoms(self.note)

    def note(self, key: str, **facts: object) -> None:
        """Keep a notice."""
        self.notices.setdefault(key, Notice(key, facts))

    def read(self) -> Node | None:
        """Read everything; a closing bracket too many is passed over."""
        parts: list[_Part] = []
        while self._at < len(self._lexemes):
            part = self._alternatives(0)
            if part is not None:
                parts.append(part)
            if self._at < len(self._lexemes):
                self.note("query.brackets")
                self._at += 1
        return self._positive(_conjunction(parts))

    def _alternatives(self, depth: int) -> _Part | None:
        """Read ``a b OR c d`` up to a closing bracket or the end."""
        found = [self._sequence(depth)]
        while self._operator() == "or":
            self._at += 1
            found.append(self._sequence(depth))
        parts = [part for part in found if part is not None]
        if len(parts) < len(found) and len(found) > 1:
            self.note("query.operator")
        if len(parts) < 2:
            return parts[0] if parts else None
        nodes = [node for node in map(self._positive, parts) if node is not None]
        if len(nodes) < 2:
            return nodes[0] if nodes else None
        return Any(tuple(nodes))

    def _sequence(self, depth: int) -> _Part | None:
        """Read units side by side, with or without AND between."""
        parts: list[_Part] = []
        awaited = False
        while self._at < len(self._lexemes) and self._operator() != "or" and not self._is(")"):
            if self._operator() == "and":
                self._at += 1
                if awaited or not parts:
                    self.note("query.operator")
                awaited = True
                continue
            part = self._unit(depth)
            if part is not None:
                parts.append(part)
                awaited = False
        if awaited:
            self.note("query.operator")
        return _conjunction(parts)

    def _unit(self, depth: int) -> _Part | None:
        """Read a word, phrase or bracket with the negations before it."""
        negated = False
        while self._operator() == "not":
            negated = not negated
            self._at += 1
        if self._at >= len(self._lexemes) or self._operator() is not None or self._is(")"):
            self.note("query.operator")
            return None
        part = self._bracket(depth) if self._is("(") else self._atom()
        if not negated or part is None:
            return part
        return part.node if isinstance(part, _Excluded) else _Excluded(part)

    def _bracket(self, depth: int) -> _Part | None:
        self._at += 1
        if depth + 1 > DEEPEST:
            self.note("query.too-deep", limit=DEEPEST)
            return None
        part = self._alternatives(depth + 1)
        if self._at >= len(self._lexemes):
            self.note("query.brackets")
        self._at += 1
        return part

    def _atom(self) -> Node | None:
        lexeme = self._lexemes[self._at]
        self._at += 1
        if lexeme["phrase"] is not None:
            return self._atoms.phrase(words(lexeme["phrase"]), "")
        name, colon, rest = lexeme["chunk"].partition(":")
        field = _FIELDS.get(name.lower()) if colon else None
        if field is None:
            return self._atoms.chunk(lexeme["chunk"], "")
        quoted = False
        if not rest and self._at < len(self._lexemes) and not self._is("(") and not self._is(")"):
            following = self._lexemes[self._at]
            self._at += 1
            quoted = following["phrase"] is not None
            rest = following["phrase"] if quoted else following["chunk"]
        if field == YEAR:
            return self._atoms.years(rest)
        return self._atoms.phrase(words(rest), field) if quoted else self._atoms.chunk(rest, field)

    def _positive(self, part: _Part | None) -> Node | None:
        """Return ``part`` unless it is a negation that has nothing to narrow down."""
        if isinstance(part, _Excluded):
            self.note("query.only-not")
            return None
        return part

    def _operator(self) -> str | None:
        if self._at >= len(self._lexemes):
            return None
        return _OPERATORS.get(self._lexemes[self._at]["chunk"] or "")

    def _is(self, bracket: str) -> bool:
        return self._at < len(self._lexemes) and self._lexemes[self._at]["paren"] == bracket


class _Note(Protocol):
    """The function that keeps a notice."""

    def __call__(self, key: str, **facts: object) -> None: ...


class _Atoms:
    """Makes the leaves of the tree and counts their words."""

    def __init__(self, note: _Note) -> None:
        self._note = note
        self._terms = 0

    def chunk(self, chunk: str, field: str) -> Node | None:
        """Return what a run of characters without blanks asks for."""
        head, star, tail = chunk.partition("*")
        if not star:
            return self.phrase(words(chunk), field)
        if words(tail) or not words(head):
            self._note("query.wildcard")
            return self.phrase(words(chunk), field)
        return self._prefix(words(head), field)

    def phrase(self, found: list[str], field: str) -> Node | None:
        """Return the words ``found`` as one word or side by side."""
        if not found or not self._counts(len(found)):
            return None
        if len(found) == 1:
            return Word(found[0], field)
        return Phrase(tuple(found), field)

    def years(self, text: str) -> Node | None:
        """Return the years of ``1954`` or ``1941-1945``."""
        match = _YEARS.fullmatch(text.strip())
        if match is None:
            self._note("query.year", text=text)
            return None
        first, last = int(match[1]), int(match[2] or match[1])
        return Years(min(first, last), max(first, last)) if self._counts(1) else None

    def _prefix(self, found: list[str], field: str) -> Node | None:
        last = found.pop()
        if len(last) < SHORTEST_PREFIX:
            self._note("query.short-prefix", limit=SHORTEST_PREFIX)
            return self.phrase([*found, last], field)
        before = self.phrase(found, field)
        if not self._counts(1):
            return before
        end = Word(last, field, prefix=True)
        return end if before is None else All((before, end))

    def _counts(self, terms: int) -> bool:
        """Tell whether ``terms`` more words are allowed, and count them."""
        if self._terms + terms > MOST_TERMS:
            self._note("query.too-many", limit=MOST_TERMS)
            return False
        self._terms += terms
        return True


def _conjunction(parts: list[_Part]) -> _Part | None:
    """Join parts by AND; negations alone are handed up as one, since they narrow nothing yet."""
    nodes = tuple(part for part in parts if not isinstance(part, _Excluded))
    without = tuple(part.node for part in parts if isinstance(part, _Excluded))
    if nodes:
        return nodes[0] if len(nodes) == 1 and not without else All(nodes, without)
    if len(without) > 1:
        return _Excluded(Any(without))
    return _Excluded(without[0]) if without else None
