"""Words of several vocabularies put together, as engines and what is above them need it."""

from collections.abc import Sequence
from itertools import chain
from operator import itemgetter

Words = Sequence[tuple[str, int]]
"""Keys in the order of their code points, each with the entries that have it (> 0)."""


def united_words(lists: Sequence[Words]) -> Words:
    """Return the keys of all ``lists``; the entries of one that several have are added up."""
    held = [words for words in lists if words]
    if len(held) < 2:
        return held[0] if held else []
    rows = sorted(chain.from_iterable(held), key=itemgetter(0))  # rising runs: quickly merged
    united: list[tuple[str, int]] = []
    last = None
    for row in rows:
        if row[0] == last:
            united[-1] = (last, united[-1][1] + row[1])
        else:
            united.append(row)
            last = row[0]
    return united
