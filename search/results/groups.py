"""Pages under their issue, article or book: one result for what a reader takes for one thing.

It works on the best hits of any engine, so that all engines group the same.
"""

import math
from collections.abc import Iterable, Sequence

from search.engine.base import Hit
from search.results.request import Group

OTHERS = 0.3
"""Weight of the logarithm of a group's further pages [measured: bench/search]."""


def group_key(hit: Hit) -> str:
    """Return what ``hit`` belongs to: its record where it has one, else its document."""
    return f"record/{hit.record}" if hit.record else f"document/{hit.document}"


def group(hits: Iterable[Hit], *, ranked: bool = True) -> list[Group]:
    """Return the groups of ``hits``, by falling score, then key; else in the order they come in.

    The score is that of the best page + 0.3 · log(1 + further pages) + that of the record.
    """
    keys: dict[str, None] = {}
    pages: dict[str, list[Hit]] = {}
    records: dict[str, Hit] = {}
    for hit in hits:
        key = group_key(hit)
        keys[key] = None
        if hit.kind == "page":
            pages.setdefault(key, []).append(hit)
        else:
            records.setdefault(key, hit)
    groups = [_group(key, pages.get(key, ()), records.get(key)) for key in keys]
    if not ranked:
        return groups
    return sorted(groups, key=lambda one: (-one.score, one.key))


def alone(hits: Iterable[Hit]) -> list[Group]:
    """Return every hit as a group of its own, in the order given."""
    return [
        Group(hit.key, hit.score, hit, (hit,), None, 1)
        if hit.kind == "page"
        else Group(hit.key, hit.score, hit, (), hit, 0)
        for hit in hits
    ]


def _group(key: str, pages: Sequence[Hit], record: Hit | None) -> Group:
    held = [*pages, record] if record else pages
    score = sum(hit.score for hit in (*pages[:1], *held[len(pages) :]))
    if pages:
        score += OTHERS * math.log(len(pages))
    return Group(key, score, held[0], tuple(pages), record, len(pages))
