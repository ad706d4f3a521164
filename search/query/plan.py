"""From the reader's words to keys of the index: what engines are asked.

Patterns, fuzzy words and ranges of dates are spelled out here against the keys that an index holds,
within fixed limits, so that every engine finds the same.
"""

import math
from collections.abc import Iterator
from typing import Literal

from language.fold import fold, spellings
from search.analysis import query_keys
from search.engine.base import Vocabulary
from search.engine.wanted import NOTHING, Either, Every, Keys, Row, Wanted
from search.query.expand import MOST_EXPANSIONS, Expansion, held_classes, held_dates, spell_out
from search.query.fuzzy import MOST_NEAR, count_of, form_of, misread_keys, near
from search.query.refer import aliases_in, refer
from search.query.tree import (
    AUTHOR,
    DATE,
    NOTES,
    PLACE,
    SUBJECT,
    TEXT,
    TITLE,
    UDC,
    Alias,
    All,
    Any,
    Dates,
    Fuzzy,
    Leaf,
    Named,
    Node,
    Notice,
    Pattern,
    Phrase,
    Value,
    Word,
    leaves_of,
)
from search.schema import BY_NAME

FIELDS = {
    "": "text",
    TEXT: "text",
    TITLE: "title",
    AUTHOR: "names",
    SUBJECT: "subjects",
    PLACE: "subjects",
    NOTES: "notes",
}
"""The index field of every field that readers ask by words."""

_LIFTS = ("title", "names", "subjects", "notes")
_NEAR_WEIGHT = 0.6
_MISREAD_WEIGHT = 0.5
SHORTEST_DOUBTFUL = 5
"""Letters of a word that may be looked for as it may have been misread."""
MOST_DOUBTED = 6
"""Words of one query that are looked for so, the first ones."""
RARE = 10
"""Entries that have a word from which on it is not."""
_AS_IN_TEXT = BY_NAME["text"].weight / BY_NAME["exact"].weight
"""Makes a name that is asked for as it is written count as it does by its stem."""
_ALIAS_WEIGHT: dict[Literal["name", "former"], float] = {"name": 0.8, "former": 0.6}
"""Measured by names as they are called in the other language (``bench/search/relevance.py``)."""


class Planner:
    """Plans queries against one vocabulary.

    ``language`` is that of the query where it is known (ISO 639-2). ``authorities``: other names of
    places, bodies and persons are asked for too, and count less. Of the last plan, ``notices`` tell
    what was cut short, ``expansions`` what was asked for beside what was typed.
    """

    def __init__(
        self, vocabulary: Vocabulary, language: str | None = None, *, authorities: bool = True
    ) -> None:
        self.notices: tuple[Notice, ...] = ()
        self.expansions: tuple[Expansion, ...] = ()
        self._vocabulary = vocabulary
        self._language = language
        self._authorities = authorities
        self._most = MOST_EXPANSIONS
        self._doubted: tuple[Leaf, ...] = ()
        self._near: dict[tuple[str, int, str], list[str]] = {}
        self._boldly = False

    def plan(self, tree: Node) -> Wanted:
        """Return ``tree`` with every word replaced by the keys it may have in the index."""
        return self._planned(tree, widening=False)

    def widen(self, tree: Node, *, boldly: bool = False) -> Wanted:
        """Return the plan of ``tree`` that also asks for what recognition may have made of words.

        For a query that finds little: plain words of five letters and more that are rare in the
        index, six at most. What is found is what ``plan`` finds and more; what is excluded stays as
        it is. ``boldly``: for one that finds nothing even so, words that texts have are looked for
        as freely as those that none has.
        """
        self._boldly = boldly
        return self._planned(tree, widening=True)

    def _planned(self, tree: Node, *, widening: bool) -> Wanted:
        self.notices, self.expansions = (), ()
        if self._authorities:
            tree = refer(tree, self._language)
        leaves = tuple(leaves_of(tree))
        doubted = tuple(leaf for leaf in leaves if widening and self._is_doubtful(leaf))
        self._doubted = doubted[:MOST_DOUBTED]
        many = sum(isinstance(leaf, Pattern | Fuzzy) for leaf in leaves) + len(self._doubted)
        left = MOST_EXPANSIONS - sum(1 for _ in aliases_in(tree))
        self._most = left // max(1, many)
        return self._node(tree, widening=widening)

    def _is_doubtful(self, leaf: Leaf) -> bool:
        """Whether a word is long enough and rare enough to be looked for as it may be misread."""
        if not isinstance(leaf, Word) or leaf.quoted or len(leaf.text) < SHORTEST_DOUBTFUL:
            return False
        keys = query_keys(leaf.text, self._language)
        return sum(count_of(key, self._vocabulary, FIELDS[leaf.field]) for key in keys) < RARE

    def _node(self, tree: Node, *, widening: bool) -> Wanted:
        match tree:
            case All(nodes, without):
                wanted = tuple(self._node(node, widening=widening) for node in nodes)
                return Every(wanted, tuple(self._node(node, widening=False) for node in without))
            case Any(nodes):
                return Either(tuple(self._node(node, widening=widening) for node in nodes))
            case Named():
                return self._named(tree, self._node(tree.node, widening=widening))
            case Word() if widening and tree in self._doubted:
                return self._misread(tree)
            case _:
                return self._leaf(tree)

    def _leaf(self, leaf: Leaf) -> Wanted:
        match leaf:
            case Word():
                return self._word(leaf)
            case Phrase():
                return self._phrase(leaf)
            case Pattern():
                return self._pattern(leaf)
            case Fuzzy():
                return self._fuzzy(leaf)
            case Dates() | Value():
                return self._values(leaf)

    def _phrase(self, phrase: Phrase) -> Wanted:
        sets = (query_keys(word, self._language) for word in phrase.words)
        kept = tuple(filter(None, sets))
        return Row(FIELDS[phrase.field], kept) if kept else NOTHING

    def _named(self, named: Named, typed: Wanted) -> Wanted:
        """What was typed, or any of the other names, which count less."""
        field = FIELDS[named.field]
        aliases = [alias for alias in named.aliases if alias.rows or field == "text"]
        for kind in _ALIAS_WEIGHT:
            to = (one.text for one in aliases if one.kind == kind)
            others = tuple(text for text in to if fold(text) != fold(named.typed))
            self._tell(Expansion(kind, named.typed, others, named.span))
        wanted = (way for alias in aliases for way in _ways_of(alias, field))
        return Either((typed, *wanted))

    def _values(self, asked: Dates | Value) -> Wanted:
        if isinstance(asked, Dates):
            return Keys(DATE, held_dates(asked.first, asked.last, self._vocabulary))
        texts = asked.texts
        if asked.field == UDC:
            texts = held_classes(texts, self._vocabulary)
        return Keys(asked.field, texts)

    def _word(self, word: Word) -> Wanted:
        field = FIELDS[word.field]
        keys = query_keys(word.text, self._language)
        if not keys:
            return NOTHING
        if word.field:
            return Keys(field, keys)
        forms = tuple(form for form in spellings(word.text) if form)
        lifts = (Keys("exact", forms), *(Keys(name, keys) for name in _LIFTS))
        return Keys(field, keys, lifts)

    def _pattern(self, pattern: Pattern) -> Wanted:
        field = _form_field(pattern.field)
        spelled = spell_out(pattern.text, self._vocabulary, field, self._most)
        if spelled.cut:
            self._note(Notice("query.expansion-cut", {"limit": self._most}, pattern.span))
        self._tell(Expansion("pattern", pattern.text, spelled.words, pattern.span))
        return Keys(field, spelled.words)

    def _fuzzy(self, fuzzy: Fuzzy) -> Wanted:
        field = _form_field(fuzzy.field)
        if field == "exact":
            starts = spellings(fuzzy.text)
        else:
            starts = query_keys(fuzzy.text, self._language)
        found = (self._near_to(s, fuzzy.distance, field) for s in starts if s)
        words = tuple(dict.fromkeys(word for several in found for word in several))
        words = words[: min(MOST_NEAR, self._most)]
        self._tell(Expansion("fuzzy", fuzzy.text, words, fuzzy.span))
        itself = self._word(Word(fuzzy.text, fuzzy.field))
        return Either((itself, Keys(field, words, weight=_NEAR_WEIGHT)))

    def _near_to(self, start: str, distance: int, field: str) -> list[str]:
        """Return the words near ``start``: looked for once, however often the tree is planned."""
        asked = (start, distance, field)
        if asked not in self._near:
            self._near[asked] = near(start, distance, self._vocabulary, field)
        return self._near[asked]

    def _misread(self, word: Word) -> Wanted:
        """The word, or what it may have become where a page was recognised."""
        field = FIELDS[word.field]
        own = query_keys(word.text, self._language)
        keys = misread_keys(word.text, own, self._vocabulary, field, boldly=self._boldly)
        keys = keys[: self._most]
        forms = (form_of(key, self._vocabulary) for key in keys)
        self._tell(Expansion("ocr", word.text, tuple(dict.fromkeys(forms)), word.span))
        itself = self._word(word)
        return Either((itself, Keys(field, keys, weight=_MISREAD_WEIGHT))) if keys else itself

    def _note(self, notice: Notice) -> None:
        if notice.key not in (one.key for one in self.notices):
            self.notices = (*self.notices, notice)

    def _tell(self, expansion: Expansion) -> None:
        if expansion.to:
            self.expansions = (*self.expansions, expansion)


def _ways_of(alias: Alias, field: str) -> Iterator[Wanted]:
    """Another name; it lifts nothing, or a title in it would outrank what was typed.

    A row scores the sum of its words, so a name of several would count more than one of one.
    """
    weight = _ALIAS_WEIGHT[alias.kind]
    for row in alias.rows:
        if len(row) > 1:
            yield Row(field, row, weight / math.sqrt(len(row)))
        else:
            yield Keys(field, row[0], weight=weight)
    if alias.forms and field == "text":
        yield Keys("exact", alias.forms, weight=weight * _AS_IN_TEXT)


def _form_field(field: str) -> str:
    """The index field whose words a pattern or a fuzzy word is compared with."""
    return "exact" if FIELDS[field] == "text" else FIELDS[field]
