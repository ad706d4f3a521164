"""Spells out patterns against the words that an index holds."""

import heapq
import re
from dataclasses import dataclass
from fnmatch import translate
from functools import cache
from itertools import product
from typing import Literal

from language.fold import spellings
from search.analysis import query_keys
from search.engine.base import Vocabulary
from search.query.tree import Span

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


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(translate(pattern))
