"""The query language of readers: words, "phrases", AND OR NOT, prefix*, fields.

Operators and fields have Kazakh, Russian and English names (И ИЛИ НЕ, ЖӘНЕ НЕМЕСЕ ЕМЕС; автор:,
авторы:, author:). Reading is total: any string gives a tree, and what could not be used is said in
a notice. Limits keep every query cheap.
"""

from dataclasses import dataclass, field

LONGEST_QUERY = 256
MOST_TERMS = 16
DEEPEST = 4
SHORTEST_PREFIX = 3

TITLE, AUTHOR, YEAR = "title", "author", "year"


@dataclass(frozen=True, slots=True)
class Notice:
    """Something about the query that its writer should know: message key and facts."""

    key: str
    facts: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Word:
    """One word; ``prefix``: every word that begins so; ``field``: title, author or "" (all)."""

    text: str
    field: str = ""
    prefix: bool = False


@dataclass(frozen=True, slots=True)
class Phrase:
    """Two or more words side by side."""

    words: tuple[str, ...]
    field: str = ""


@dataclass(frozen=True, slots=True)
class Years:
    """Years ``first`` to ``last``, both included."""

    first: int
    last: int


@dataclass(frozen=True, slots=True)
class All:
    """Everything in ``nodes`` (at least one) and nothing in ``without``."""

    nodes: tuple["Node", ...]
    without: tuple["Node", ...] = ()


@dataclass(frozen=True, slots=True)
class Any:
    """At least one of ``nodes``."""

    nodes: tuple["Node", ...]


Node = Word | Phrase | Years | All | Any


@dataclass(frozen=True, slots=True)
class Query:
    """What was read; ``tree`` is None where nothing is left to search for."""

    tree: Node | None
    notices: tuple[Notice, ...]
