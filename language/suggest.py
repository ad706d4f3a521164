"""Other readings of a word, for a person who proof-reads: ranked, never applied by themselves.

A dictionary that corrected by itself made pages worse; people choose better. The costs of what
recognition confuses are ``corpora/lexicon/confusions.tsv``.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from language.lexicon import read_list

_LIMIT = 5
_MOST = 2  # confusions in one word; with more of them anything is like anything
_LONGEST = 40  # signs of a word that is looked at: longer ones are noise
_OFTEN = 1000  # above so many occurrences a word gains nothing more by being frequent


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A word that may be meant; ``cost`` is 0.0 for certain and grows with every confusion."""

    text: str
    cost: float


def suggestions(
    word: str, lexicon: Mapping[str, int], limit: int = _LIMIT
) -> tuple[Suggestion, ...]:
    """Return words of ``lexicon`` that recognition may have read as ``word``, likeliest first.

    ``lexicon`` maps small-lettered forms to how often they occur (say, of the collection's sure
    words). Empty where the word itself is in it, or nothing is near. Capitals come back as in
    ``word``; so does the punctuation around it.
    """
    bare = word.strip('.,;:!?«»"()[]-—–…')
    lowered = bare.lower()
    if not bare or len(bare) > _LONGEST or lowered in lexicon:
        return ()
    costs: dict[str, float] = {}
    for found, cost in _readings(lowered):
        if found in lexicon:
            total = cost - min(lexicon[found], _OFTEN) / (_OFTEN * 10)
            costs[found] = min(total, costs.get(found, total))
    ranked = sorted(costs.items(), key=lambda pair: (pair[1], pair[0]))[:limit]
    head, _, tail = word.partition(bare)
    return tuple(
        Suggestion(head + _in_case(text, bare) + tail, round(max(cost, 0.0), 3))
        for text, cost in ranked
    )


def _readings(word: str) -> Iterator[tuple[str, float]]:
    """What ``word`` may stand for, with one confusion or two; every reading once a way to it."""
    layer = [(word, 0.0, 0)]
    for _ in range(_MOST):
        # Confusions go from left to right, so that two are not tried in both orders.
        layer = [
            (text[:at] + meant + text[at + len(read) :], cost + more, at + len(meant))
            for text, cost, start in layer
            for read, meant, more in _confusions()
            for at in _places(text, read, start)
        ]
        yield from ((text, cost) for text, cost, _ in layer)


def _places(text: str, part: str, start: int) -> Iterator[int]:
    at = text.find(part, start)
    while at >= 0:
        yield at
        at = text.find(part, at + 1)


def _in_case(text: str, model: str) -> str:
    if model.isupper() and len(model) > 1:
        return text.upper()
    return text[:1].upper() + text[1:] if model[:1].isupper() else text


@cache
def _confusions() -> tuple[tuple[str, str, float], ...]:
    rows = (line.split("\t") for line in read_list("confusions.tsv"))
    return tuple((read, meant, float(cost)) for read, meant, cost in rows)
