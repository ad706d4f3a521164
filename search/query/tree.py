"""The query language of readers: words, "phrases", AND OR NOT, patterns, fuzzy words, fields.

Operators and fields have Kazakh, Russian and English names (И ИЛИ НЕ, ЖӘНЕ НЕМЕСЕ ЕМЕС; автор:,
авторы:, author:). Reading is total: any string gives a tree, and what could not be used is said in
a notice with its place. Limits keep every query cheap. Described for readers in
``docs/reference/query.md``.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from dataclasses import field as attribute
from typing import Literal

LONGEST_QUERY = 256
MOST_TERMS = 16
DEEPEST = 4
SHORTEST_PREFIX = 3
"""Letters before a star, and letters in all of a word with question marks."""
SHORTEST_FUZZY = 4
FARTHEST_FUZZY = 2

TITLE, AUTHOR, SUBJECT, PLACE, NOTES, TEXT = "title", "author", "subject", "place", "notes", "text"
DATE, UDC, KIND = "date", "udc", "kind"

WORD_FIELDS = frozenset((TITLE, AUTHOR, SUBJECT, PLACE, NOTES, TEXT))
"""Fields asked by words; the others hold values. "" stands for all that words find."""

Span = tuple[int, int]
"""Characters of the query, the second exclusive; (0, 0) is the query as a whole."""

WHOLE: Span = (0, 0)


@dataclass(frozen=True, slots=True)
class Notice:
    """Something about the query that its writer should know: message key, facts, place."""

    key: str
    facts: dict[str, object] = attribute(default_factory=dict)
    span: Span = WHOLE


@dataclass(frozen=True, slots=True)
class Word:
    """One word; ``quoted``: it stood in quotes and means itself alone, in any ending."""

    text: str
    field: str = ""
    quoted: bool = False
    span: Span = attribute(default=WHOLE, compare=False)


@dataclass(frozen=True, slots=True)
class Pattern:
    """Every word of this form: ``*`` stands for any letters or none, ``?`` for one letter.

    It begins with a letter.
    """

    text: str
    field: str = ""
    span: Span = attribute(default=WHOLE, compare=False)


@dataclass(frozen=True, slots=True)
class Fuzzy:
    """Words at most ``distance`` (1 or 2) letters away that begin with the same letter."""

    text: str
    distance: int = 1
    field: str = ""
    span: Span = attribute(default=WHOLE, compare=False)


@dataclass(frozen=True, slots=True)
class Phrase:
    """Two or more words side by side; ``quoted``: they stood in quotes, not joined by a hyphen."""

    words: tuple[str, ...]
    field: str = ""
    quoted: bool = False
    span: Span = attribute(default=WHOLE, compare=False)


@dataclass(frozen=True, slots=True)
class Dates:
    """From ``first`` to the end of ``last``, both ISO 8601, whole or partial; "" is open.

    At least one of them is set, and ``first`` is not after ``last``.
    """

    first: str
    last: str
    span: Span = attribute(default=WHOLE, compare=False)


@dataclass(frozen=True, slots=True)
class Value:
    """Entries with one of these values, as the index has them, in a field that holds values."""

    field: str
    texts: tuple[str, ...]
    span: Span = attribute(default=WHOLE, compare=False)


@dataclass(frozen=True, slots=True)
class All:
    """Everything in ``nodes`` (at least one) and nothing in ``without``."""

    nodes: tuple["Node", ...]
    without: tuple["Node", ...] = ()


@dataclass(frozen=True, slots=True)
class Any:
    """At least one of ``nodes``."""

    nodes: tuple["Node", ...]


KeySet = tuple[str, ...]
"""The keys that one word may have."""

KeySets = tuple[KeySet, ...]
"""The keys that each word of a row may have."""


@dataclass(frozen=True, slots=True)
class Alias:
    """Another name of what was typed: ``text`` as the authority file writes it.

    ``kind`` is ``former`` where one of the two names is, else ``name``; ``rows`` are the ways in
    which an index may have it. A name that is a common word in other endings has ``forms`` instead:
    folded words as they are written, in texts alone.
    """

    text: str
    kind: Literal["name", "former"]
    rows: tuple[KeySets, ...]
    forms: KeySet = ()


@dataclass(frozen=True, slots=True)
class Named:
    """What was typed, and the other names of it; made after reading (``search.query.refer``)."""

    node: "Node"
    typed: str
    aliases: tuple[Alias, ...]
    field: str = ""
    span: Span = attribute(default=WHOLE, compare=False)


Leaf = Word | Pattern | Fuzzy | Phrase | Dates | Value
Node = Leaf | All | Any | Named


def leaves_of(tree: Node) -> Iterator[Leaf]:
    """Yield the leaves of a tree, those of what is excluded too."""
    match tree:
        case All(nodes, without):
            for node in (*nodes, *without):
                yield from leaves_of(node)
        case Any(nodes):
            for node in nodes:
                yield from leaves_of(node)
        case Named(node):
            yield from leaves_of(node)
        case _:
            yield tree


@dataclass(frozen=True, slots=True)
class Query:
    """What was read; ``tree`` is None where nothing is left to search for."""

    tree: Node | None
    notices: tuple[Notice, ...]
