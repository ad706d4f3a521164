"""Endings that make a stem of a known one: басшы of бас, жазыл- of жаз-."""

from collections import defaultdict
from functools import cache

from language.kazakh.endings import seams
from language.kazakh.sounds import BACK, FRONT
from language.lexicon import read_list

Derivation = tuple[int, str, float]
"""Mask of the stems that it follows, the kind that it makes (noun or verb), its cost."""

ANYTHING = 1 << 62
"""Mask of what the second half of a name may follow."""


@cache
def derivations() -> dict[str, tuple[Derivation, ...]]:
    """Return the endings of ``kk_derivations.tsv`` by their letters."""
    found: defaultdict[str, list[Derivation]] = defaultdict(list)
    for line in read_list("kk_derivations.tsv"):
        kind, ending, to, cost = line.split("\t")
        if kind == "any":
            found[ending].append((ANYTHING, to, float(cost)))
            continue
        for row in (BACK, FRONT):
            for text, mask in seams(kind, ending, row).items():
                found[text].append((mask, to, float(cost)))
    return {text: tuple(of) for text, of in found.items()}
