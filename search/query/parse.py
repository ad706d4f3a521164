"""Reads a query: lexemes, then one pass by recursive descent that never fails."""

from collections.abc import Iterable, Iterator

from search.query.leaves import Leaves
from search.query.lexemes import Lexeme, Sort, lexemes
from search.query.tree import DEEPEST, LONGEST_QUERY, All, Any, Node, Notice, Query, Span


def parse(text: str) -> Query:
    """Read a query; never raises.

    Text beyond 256 characters, words beyond 16 and brackets deeper than 4 (the signs alone) are
    left out, each with a notice; so are operators without a word, a prefix under 3 letters, a query
    of negations only. A notice comes once a key, with the place in ``text`` where it first arose.
    """
    reader = _Reader(text[:LONGEST_QUERY])
    if len(text) > LONGEST_QUERY:
        reader.note("query.too-long", (LONGEST_QUERY, len(text)), limit=LONGEST_QUERY)
    tree = reader.read()
    if tree is None and not reader.notices:
        reader.note("query.empty", (0, 0))
    return Query(tree, tuple(reader.notices.values()))


class _Excluded:
    """A negated node on its way up to the All that it narrows."""

    __slots__ = ("node", "span")

    def __init__(self, node: Node, span: Span) -> None:
        self.node = node
        self.span = span


_Part = Node | _Excluded


class _Reader:
    """One pass over the lexemes of a query."""

    def __init__(self, text: str) -> None:
        self.notices: dict[str, Notice] = {}
        self._lexemes = list(self._shallow(lexemes(text)))
        self._at = 0
        self._leaves = Leaves(self.note)

    def _shallow(self, found: Iterable[Lexeme]) -> Iterator[Lexeme]:
        """The lexemes without brackets that lie too deep, both of a pair."""
        kept: list[bool] = []
        for lexeme in found:
            if lexeme.sort == "(":
                kept.append(sum(kept) < DEEPEST)
                if not kept[-1]:
                    self.note("query.too-deep", lexeme.span, limit=DEEPEST)
                    continue
            elif lexeme.sort == ")" and kept and not kept.pop():
                continue
            yield lexeme

    def note(self, key: str, span: Span, **facts: object) -> None:
        """Keep a notice."""
        self.notices.setdefault(key, Notice(key, facts, span))

    def read(self) -> Node | None:
        """Read everything; a closing bracket too many is passed over."""
        parts: list[_Part] = []
        while self._at < len(self._lexemes):
            part = self._alternatives("")
            if part is not None:
                parts.append(part)
            if self._at < len(self._lexemes):
                self.note("query.brackets", self._take().span)
        return self._positive(_conjunction(parts))

    def _alternatives(self, field: str) -> _Part | None:
        """Read ``a b OR c d`` up to a closing bracket or the end."""
        found = [self._sequence(field)]
        while self._sort() == "or":
            span = self._take().span
            found.append(self._sequence(field))
            if None in found[-2:]:
                self.note("query.operator", span)
        parts = [part for part in found if part is not None]
        if len(parts) < 2:
            return parts[0] if parts else None
        nodes = [node for node in map(self._positive, parts) if node is not None]
        if len(nodes) < 2:
            return nodes[0] if nodes else None
        return Any(tuple(nodes))

    def _sequence(self, field: str) -> _Part | None:
        """Read units side by side, with or without AND between."""
        parts: list[_Part] = []
        awaited: Lexeme | None = None
        while self._sort() not in (None, "or", ")"):
            if self._sort() == "and":
                lexeme = self._take()
                if awaited is not None or not parts:
                    self.note("query.operator", lexeme.span)
                awaited = lexeme
                continue
            part = self._unit(field)
            if part is not None:
                parts.append(part)
                awaited = None
        if awaited is not None:
            self.note("query.operator", awaited.span)
        return _conjunction(parts)

    def _unit(self, field: str) -> _Part | None:
        """Read a word, phrase or bracket with the negations and the field before it."""
        first: Lexeme | None = None
        negated = False
        while self._sort() in ("not", "-"):
            lexeme = self._take()
            first = first or lexeme
            negated = not negated
        if first is not None and self._sort() in (None, "and", "or", ")"):
            self.note("query.operator", first.span)
            return None
        part = self._operand(field)
        if not negated or first is None or part is None:
            return part
        if isinstance(part, _Excluded):
            return part.node
        return _Excluded(part, (first.span[0], self._lexemes[self._at - 1].span[1]))

    def _operand(self, field: str) -> _Part | None:
        named: Lexeme | None = None
        while self._sort() == "field":
            if named is not None:
                self.note("query.field", named.span, name=named.text)
            named = self._take()
            field = named.text
        if self._sort() == "(":
            return self._bracket(field)
        if named is not None and self._sort() not in ("value", "chunk", "phrase"):
            self.note("query.field", named.span, name=named.text)
            return None
        lexeme = self._take()
        part = self._leaves.read(lexeme, field)
        if lexeme.sort != "chunk" or not lexeme.tail:
            return part
        self.note("query.no-field", lexeme.span, name=lexeme.text)
        rest = self._operand(field) if self._sort() not in (None, "and", "or", ")") else None
        return _conjunction([one for one in (part, rest) if one is not None])

    def _bracket(self, field: str) -> _Part | None:
        opening = self._take()
        part = self._alternatives(field)
        if self._sort() is None:
            self.note("query.brackets", opening.span)
        else:
            self._take()
        return part

    def _positive(self, part: _Part | None) -> Node | None:
        """Return ``part`` unless it is a negation that has nothing to narrow down."""
        if isinstance(part, _Excluded):
            self.note("query.only-not", part.span)
            return None
        return part

    def _sort(self) -> Sort | None:
        return self._lexemes[self._at].sort if self._at < len(self._lexemes) else None

    def _take(self) -> Lexeme:
        self._at += 1
        return self._lexemes[self._at - 1]


def _conjunction(parts: list[_Part]) -> _Part | None:
    """Join parts by AND; negations alone are handed up as one, since they narrow nothing yet."""
    nodes = tuple(part for part in parts if not isinstance(part, _Excluded))
    without = [part for part in parts if isinstance(part, _Excluded)]
    excluded = tuple(part.node for part in without)
    if nodes:
        return nodes[0] if len(nodes) == 1 and not without else All(nodes, excluded)
    if len(without) > 1:
        return _Excluded(Any(excluded), (without[0].span[0], without[-1].span[1]))
    return without[0] if without else None
