"""Words of several vocabularies put together, as engines and what is above them need it."""

from collections.abc import Sequence

Words = Sequence[tuple[str, int]]
"""Keys in the order of their code points, each with the entries that have it (> 0)."""


def united_words(lists: Sequence[Words]) -> Words:
    """Return the keys of all ``lists``; the entries of one that several have are added up."""
    held = [words for words in lists if words]
    if len(held) < 2:
        return held[0] if held else ()
    counts: dict[str, int] = {}
    for words in held:
        more = dict(words)
        for key in counts.keys() & more.keys():  # few: most words are rare ones
            more[key] += counts[key]
        counts |= more
    keys = sorted(counts)
    return list(zip(keys, map(counts.__getitem__, keys), strict=True))
