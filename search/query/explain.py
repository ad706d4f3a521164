"""How a query was understood, and why an entry answers it: data alone, for people and machines."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass

from search.analysis import Reading, query_readings
from search.engine.base import Vocabulary
from search.engine.wanted import Either, Every, Keys, Row, Wanted
from search.query.expand import Expansion
from search.query.parse import parse
from search.query.plan import FIELDS, Planner
from search.query.tree import (
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
    Span,
    Value,
    Word,
)


@dataclass(frozen=True, slots=True)
class Understood:
    """One word, pattern, date or value of a query.

    ``sort`` is word, phrase, pattern, fuzzy, date or value; ``field`` the index field asked;
    ``readings`` are empty where there is nothing to stem; ``excluded``: entries with it are not
    wanted. Each word of a phrase is one of its own with the place of the whole phrase.
    """

    sort: str
    typed: str
    field: str
    readings: tuple[Reading, ...]
    excluded: bool
    span: Span


@dataclass(frozen=True, slots=True)
class Explanation:
    """A query as it was understood against one vocabulary; ``wanted`` is what engines are asked."""

    query: str
    understood: tuple[Understood, ...]
    expansions: tuple[Expansion, ...]
    notices: tuple[Notice, ...]
    wanted: Wanted | None

    def as_json(self) -> dict[str, object]:
        """Return plain values; ``wanted`` is left out, since its words are told already."""
        return {
            "query": self.query,
            "words": [_plain(one) for one in self.understood],
            "expansions": [_plain(one) for one in self.expansions],
            "notices": [_plain(one) for one in self.notices],
        }


@dataclass(frozen=True, slots=True)
class Matched:
    """A key of an entry that a query asked for: in which field, how often, with which weight.

    ``row``: it was asked for beside others, and stands so.
    """

    field: str
    key: str
    times: int
    weight: float
    row: bool = False


def explain_query(
    query: str,
    vocabulary: Vocabulary,
    language: str | None = None,
    *,
    authorities: bool = True,
    widened: bool = False,
) -> Explanation:
    """Return how ``query`` is understood; never raises. The options are those of ``Planner``."""
    asked = parse(query)
    if asked.tree is None:
        return Explanation(query, (), (), asked.notices, None)
    planner = Planner(vocabulary, language, authorities=authorities)
    wanted = planner.widen(asked.tree) if widened else planner.plan(asked.tree)
    understood = tuple(_understood(asked.tree, language, excluded=False))
    notices = (*asked.notices, *planner.notices)
    return Explanation(query, understood, planner.expansions, notices, wanted)


def understand(query: str, language: str | None = None) -> tuple[Understood, ...]:
    """Return what ``explain_query`` says of the words of ``query``: that needs no vocabulary."""
    tree = parse(query).tree
    return () if tree is None else tuple(_understood(tree, language, excluded=False))


def explain_hit(wanted: Wanted, fields: Mapping[str, Sequence[str]]) -> tuple[Matched, ...]:
    """Return which keys of ``fields`` (``Analysed.fields``) answer ``wanted``, each once a field.

    The order is that of the query; a key asked for twice has its greater weight.
    """
    found: dict[tuple[str, str, bool], Matched] = {}
    for one in _matched(wanted, fields):
        place = (one.field, one.key, one.row)
        if place not in found or one.weight > found[place].weight:
            found[place] = one
    return tuple(found.values())


def _understood(tree: Node, language: str | None, *, excluded: bool) -> Iterator[Understood]:
    match tree:
        case All(nodes, without):
            for node in nodes:
                yield from _understood(node, language, excluded=excluded)
            for node in without:
                yield from _understood(node, language, excluded=not excluded)
        case Any(nodes):
            for node in nodes:
                yield from _understood(node, language, excluded=excluded)
        case Named(node):
            yield from _understood(node, language, excluded=excluded)
        case _:
            for sort, typed, field in _texts(tree):
                stemmed = sort in ("word", "phrase", "fuzzy")
                readings = query_readings(typed, language) if stemmed else ()
                yield Understood(sort, typed, field, readings, excluded, tree.span)


def _texts(leaf: Leaf) -> list[tuple[str, str, str]]:
    """What sort of leaf it is, each text of it, and the field."""
    match leaf:
        case Word(text, field):
            return [("word", text, FIELDS[field])]
        case Phrase(words, field):
            return [("phrase", word, FIELDS[field]) for word in words]
        case Pattern(text, field):
            return [("pattern", text, FIELDS[field])]
        case Fuzzy(text, _, field):
            return [("fuzzy", text, FIELDS[field])]
        case Dates(first, last):
            return [("date", first if first == last else f"{first}..{last}", "date")]
        case Value(field, texts):
            return [("value", text, field) for text in texts]


def _matched(wanted: Wanted, fields: Mapping[str, Sequence[str]]) -> Iterator[Matched]:
    match wanted:
        case Keys(field, keys, lifts, weight):
            held = fields.get(field, ())
            yield from (Matched(field, k, held.count(k), weight) for k in keys if k in held)
            for lift in lifts:
                yield from _matched(lift, fields)
        case Row(field, words, weight):
            yield from _row(field, words, weight, fields.get(field, ()))
        case Every(plans) | Either(plans):
            for one in plans:
                yield from _matched(one, fields)


def _row(
    field: str, words: tuple[tuple[str, ...], ...], weight: float, held: Sequence[str]
) -> Iterator[Matched]:
    """The keys of the first place where the row stands, and how often it stands."""
    starts = [
        start
        for start in range(len(held) - len(words) + 1)
        if all(held[start + step] in keys for step, keys in enumerate(words))
    ]
    if starts:
        for key in held[starts[0] : starts[0] + len(words)]:
            yield Matched(field, key, len(starts), weight, row=True)


def _plain(one: Understood | Expansion | Notice) -> dict[str, object]:
    """The fields of a value, lists for tuples all the way down."""
    return {
        name: list(value) if isinstance(value, tuple) else value
        for name, value in asdict(one).items()
    }
