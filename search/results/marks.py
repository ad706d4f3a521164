"""Which words of a text a query means: built from what the engine was asked.

The index keeps no text, so analysis runs again over it; whatever was asked (inflections, prefixes,
fuzzy words, other names, misreadings) is marked. Of a phrase only words that stand in the row are.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from search.analysis import Token
from search.engine.wanted import Either, Every, Keys, Row, Wanted

BODY = "text"
"""The field that every text answers; the others are asked of one element of a record alone."""

_TELLING = 3  # letters from which on a word is marked wherever it stands

_WHOLE = frozenset({BODY, "exact"})


class Mark(NamedTuple):
    """Characters ``start`` to ``end`` (exclusive) of a text answer the query.

    ``term`` numbers what of the query they answer; ``weight`` is what that counts.
    """

    start: int
    end: int
    term: int
    weight: float


@dataclass(slots=True)
class _Terms:
    """What is asked of one field: keys and folded forms with their term, and rows of keys."""

    keys: dict[str, int] = field(default_factory=dict)
    forms: dict[str, int] = field(default_factory=dict)
    rows: list[tuple[int, tuple[frozenset[str], ...]]] = field(default_factory=list)


class Marker:
    """Marks what ``asked`` means in any text of an entry; one a query, used for all its hits."""

    def __init__(self, asked: Wanted) -> None:
        self._weights: list[float] = []
        self._lengths: list[int] = []
        self._fields: dict[str, _Terms] = {}
        self._collect(asked)

    def marks(self, tokens: Sequence[Token], name: str = BODY) -> list[Mark]:
        """Return the marked words among ``tokens``, in order, each once.

        ``name`` is the field that the tokens are of: what is asked of everything is marked in all.
        """
        found: dict[int, int] = {}
        for terms in (self._fields.get(BODY), self._fields.get(name) if name != BODY else None):
            if terms is None:
                continue
            for place, term in _answers(terms, tokens):
                found.setdefault(place, term)
        return [
            Mark(tokens[place].start, tokens[place].end, term, self._weights[term])
            for place, term in sorted(_telling(found, tokens).items())
        ]

    def length(self, term: int) -> int:
        """Return how many words a place of ``term`` has: 1, or those of a phrase."""
        return self._lengths[term]

    def _collect(self, wanted: Wanted) -> None:
        match wanted:
            case Keys(_, _, lifts, weight):
                term = self._term(weight)
                for keys in (wanted, *lifts):
                    self._add(keys, term)
            case Row(name, words, weight):
                rows = self._of(name).rows
                rows.append((self._term(weight, len(words)), tuple(map(frozenset, words))))
            case Every(plans) | Either(plans):
                for one in plans:
                    self._collect(one)

    def _term(self, weight: float, length: int = 1) -> int:
        self._weights.append(weight)
        self._lengths.append(length)
        return len(self._weights) - 1

    def _add(self, keys: Keys, term: int) -> None:
        terms = self._of(keys.field)
        held = terms.forms if keys.field == "exact" else terms.keys
        for key in keys.keys:
            held.setdefault(key, term)

    def _of(self, name: str) -> _Terms:
        return self._fields.setdefault(BODY if name in _WHOLE else name, _Terms())


def _telling(found: dict[int, int], tokens: Sequence[Token]) -> dict[int, int]:
    """Return the places without words of a letter or two that stand alone: «и», «в», «да».

    They are asked for in «терриконы и шахты», and lit all over the page they hide the others.
    """
    long = {place for place in found if len(tokens[place].text) >= _TELLING}
    if not long:
        return found
    return {
        p: term for p, term in found.items() if p in long or not long.isdisjoint((p - 1, p + 1))
    }


def _answers(terms: _Terms, tokens: Sequence[Token]) -> Iterator[tuple[int, int]]:
    """Yield (place, term) of the tokens that answer a key, a form or a row."""
    for place, token in enumerate(tokens):
        term = terms.keys.get(token.key)
        if term is None:
            term = terms.forms.get(token.exact)
        if term is not None:
            yield place, term
    for term, words in terms.rows:
        for start in range(len(tokens) - len(words) + 1):
            if all(tokens[start + step].key in keys for step, keys in enumerate(words)):
                yield from ((start + step, term) for step in range(len(words)))
