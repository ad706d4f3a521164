"""Puts the other names of places, bodies and persons beside those of a query."""

from collections import Counter
from collections.abc import Iterator
from itertools import accumulate, groupby

from search.query.authority import Found, find_names
from search.query.tree import Alias, All, Any, Named, Node, Phrase, Word

MOST_ALIASES = 40
"""Other names in all of a query."""


def refer(tree: Node, language: str | None = None) -> Node:
    """Return ``tree`` with other names beside every name that was typed.

    A name is a word, words side by side, or a row joined by hyphens, in one field. What stands in
    quotes means itself, what is excluded is excluded as typed, and two names of one thing beside
    each other are left as they are.
    """
    return _Referrer(language).node(tree)


class _Referrer:
    def __init__(self, language: str | None) -> None:
        self._language = language
        self._left = MOST_ALIASES

    def node(self, tree: Node) -> Node:
        match tree:
            case All(nodes, without):
                return All(tuple(self._side_by_side(nodes)), without)
            case Any(nodes):
                return Any(tuple(map(self.node, nodes)))
            case Word() | Phrase():
                return self._side_by_side((tree,))[0]
            case _:
                return tree

    def _side_by_side(self, nodes: tuple[Node, ...]) -> list[Node]:
        """The nodes, each run of plain words in one field looked at as a whole."""
        done: list[Node] = []
        for field, group in groupby(nodes, _field_of):
            if field is None:
                done += [one if _is_row(one) else self.node(one) for one in group]
            else:
                done += self._run([one for one in group if isinstance(one, Word | Phrase)])
        return done

    def _run(self, run: list[Word | Phrase]) -> list[Node]:
        typed = [word for node in run for word in _words_of(node)]
        ends = list(accumulate(len(_words_of(node)) for node in run))
        starts = [0, *ends[:-1]]
        found = find_names(typed, self._language)
        often = Counter(heading for one in found for heading in one.headings)
        done: list[Node] = []
        at = 0
        for one in found:
            if one.start not in starts or one.end not in ends:
                continue  # it begins or ends within a row
            if any(often[heading] > 1 for heading in one.headings):
                continue
            first, last = starts.index(one.start), ends.index(one.end)
            done += [*run[at:first], self._named(run[first : last + 1], one)]
            at = last + 1
        return [*done, *run[at:]]

    def _named(self, nodes: list[Word | Phrase], found: Found) -> Node:
        aliases = found.aliases[: self._left]
        self._left -= len(aliases)
        node: Node = nodes[0] if len(nodes) == 1 else All(tuple(nodes))
        typed = " ".join(word for one in nodes for word in _words_of(one))
        if not aliases:
            return node
        span = (nodes[0].span[0], nodes[-1].span[1])
        return Named(node, typed, aliases, nodes[0].field, span)


def _field_of(node: Node) -> str | None:
    """The field of plain words; None for what is no name: other nodes and what is quoted."""
    return node.field if isinstance(node, Word | Phrase) and not node.quoted else None


def _is_row(node: Node) -> bool:
    return isinstance(node, Word | Phrase)


def aliases_in(tree: Node) -> Iterator[Alias]:
    """Yield every other name in ``tree``."""
    match tree:
        case All(nodes) | Any(nodes):
            for node in nodes:
                yield from aliases_in(node)
        case Named(aliases=aliases):
            yield from aliases


def _words_of(node: Word | Phrase) -> tuple[str, ...]:
    return node.words if isinstance(node, Phrase) else (node.text,)
