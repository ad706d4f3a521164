"""Spells out patterns, classes and ranges of dates against what an index holds."""

import heapq
import re
from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import translate
from functools import lru_cache
from itertools import product
from typing import Literal

from language.fold import spellings
from search.analysis import query_keys
from search.engine.base import Vocabulary
from search.query.dates import dates_within
from search.query.tree import DATE, UDC, Span

MOST_EXPANSIONS = 200
"""Words that all patterns and fuzzy words of a query together may stand for."""

_MOST_SPELLINGS = 8
_PARTS = re.compile(r"([*?]+)")
_LEAD = 3


@dataclass(frozen=True, slots=True)
class Expansion:
    """What was asked for beside or in place of what was typed.

    ``kind``: ``name`` another name of the same, ``former`` an earlier or later one, ``ocr`` what
    recognition may have made of it, ``pattern`` and ``fuzzy`` what those stand for. ``to`` are
    names as written, or folded words of the index.
    """

    kind: Literal["name", "former", "ocr", "pattern", "fuzzy"]
    typed: str
    to: tuple[str, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Spelled:
    """The words that were taken, and whether there were more."""

    words: tuple[str, ...]
    cut: bool


def spell_out(pattern: str, vocabulary: Vocabulary, field: str, most: int) -> Spelled:
    """Return the ``most`` frequent words of ``field`` that answer ``pattern``.

    Of equal ones the first of the alphabet. Words of ``exact`` are compared as they stand; other
    fields hold stems, so there the stems of the forms in ``exact`` count too.
    """
    counts: dict[str, int] = {}
    for written in _patterns(pattern):
        counts |= _held(written, vocabulary, field)
    if field != "exact":
        forms = spell_out(pattern, vocabulary, "exact", most).words
        stems = {key for form in forms for key in query_keys(form)}
        lead = re.split(r"[*?]", pattern)[0][:_LEAD]
        for start in spellings(lead):
            counts |= {k: n for k, n in vocabulary.words(field, start) if k in stems}
    ranked = heapq.nsmallest(most, counts, key=lambda form: (-counts[form], form))
    return Spelled(tuple(ranked), len(counts) > most)


def held_classes(classes: Iterable[str], vocabulary: Vocabulary) -> tuple[str, ...]:
    """Return the classes and what lies under them: 94 holds 94(574), and that 94(574.31).

    At most 200, the most frequent: an index that holds every class with those above it loses none.
    """
    held: dict[str, int] = {}
    for start in filter(None, (number.removesuffix(")") for number in classes)):
        held |= dict(vocabulary.words(UDC, start))
    return tuple(heapq.nsmallest(MOST_EXPANSIONS, held, key=lambda one: (-held[one], one)))


def held_dates(first: str, last: str, vocabulary: Vocabulary) -> tuple[str, ...]:
    """Return the dates that lie in a range (``search.query.dates``), the widest of them.

    Not more than the years of the index, and 22 months and 60 days at the ends.
    """
    return tuple(dates_within((date for date, _ in vocabulary.words(DATE)), first, last))


def _held(pattern: str, vocabulary: Vocabulary, field: str) -> dict[str, int]:
    start = _PARTS.split(pattern)[0]
    found = vocabulary.words(field, start)
    if pattern == f"{start}*":
        return dict(found)
    matches = _compiled(pattern).match
    return {form: count for form, count in found if matches(form)}


def _patterns(pattern: str) -> list[str]:
    """The pattern in folded letters; Latin leaves several readings open."""
    parts = _PARTS.split(pattern)
    choices = [(part,) if n % 2 else spellings(part) for n, part in enumerate(parts)]
    written = ("".join(chosen) for chosen in product(*choices))
    kept = [one for one, _ in zip(written, range(_MOST_SPELLINGS), strict=False)]
    return [one for one in dict.fromkeys(kept) if one[:1] not in ("", "*", "?")]


@lru_cache(maxsize=64)  # readers write patterns without end
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(translate(pattern))
