"""A query as engines take it: the reader's words turned into keys of the index."""

from dataclasses import dataclass

from language.fold import spellings
from search.analysis import query_keys
from search.query import AUTHOR, TITLE, All, Any, Node, Phrase, Word, Years

MOST_EXPANSIONS = 200
"""Words that one prefix may stand for; the most frequent are taken."""

_FIELD = {"": "text", TITLE: "title", AUTHOR: "names"}


@dataclass(frozen=True, slots=True)
class Keys:
    """An entry that has one of ``keys`` in ``field``; ``exact`` are the forms as typed."""

    field: str
    keys: tuple[str, ...]
    exact: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Prefixes:
    """An entry that has, in ``field``, a word that begins with one of ``prefixes``."""

    field: str
    prefixes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """An entry that has, in ``field``, one of each set of keys side by side, in this order."""

    field: str
    words: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Between:
    """An entry of the years ``first`` to ``last``."""

    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Every:
    """All of ``plans`` and none of ``without``."""

    plans: tuple["Plan", ...]
    without: tuple["Plan", ...] = ()


@dataclass(frozen=True, slots=True)
class Either:
    """At least one of ``plans``; where there are none, nothing is found."""

    plans: tuple["Plan", ...]


Plan = Keys | Prefixes | Row | Between | Every | Either


def plan(tree: Node, language: str | None = None) -> Plan:
    """Return ``tree`` with every word replaced by the keys it may have in the index.

    ``language`` is that of the query where it is known (ISO 639-2).
    """
    match tree:
        case Years(first, last):
            return Between(first, last)
        case All(nodes, without):
            return Every(
                tuple(plan(node, language) for node in nodes),
                tuple(plan(node, language) for node in without),
            )
        case Any(nodes):
            return Either(tuple(plan(node, language) for node in nodes))
        case Word():
            return _word(tree, language)
        case Phrase(words, field):
            sets = tuple(filter(None, (query_keys(word, language) for word in words)))
            return Row(_FIELD[field], sets) if sets else Either(())


def _word(word: Word, language: str | None) -> Plan:
    field = _FIELD[word.field]
    forms = tuple(form for form in spellings(word.text) if form)
    if word.prefix:
        if not forms:
            return Either(())
        return Prefixes("exact" if field == "text" else field, forms)
    keys = query_keys(word.text, language)
    return Keys(field, keys, forms) if keys else Either(())
