"""Completes what a reader begins to type: titles, names and subjects of the catalogue.

Only descriptions are looked at, which everybody may read; never the text of pages.
"""

import heapq
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from language.fold import fold, spellings
from search.analysis import words
from search.engine.base import Hit, Vocabulary
from search.engine.wanted import NOTHING, Every, Keys, Wanted
from search.query.tree import LONGEST_QUERY, MOST_TERMS
from search.schema import Entry

Kind = Literal["title", "name", "subject"]

MOST = 8
LOOKED_AT = 40
"""Records that completions are taken from: the best of those that answer."""

_SHORTEST = 2
_MOST_FORMS = 100  # words that a beginning stands for, the most frequent


@dataclass(frozen=True, slots=True)
class Completion:
    """What may be meant, as it is written in the catalogue."""

    text: str
    kind: Kind


Describe = Callable[[Hit], Entry | None]
"""Gives the description of a record that was found; None where it is gone."""


def beginnings(text: str) -> list[tuple[str, ...]]:
    """Return the folded spellings of every word of ``text``, each the beginning of a word.

    [] where it is too short to begin with.
    """
    typed = words(text[:LONGEST_QUERY])[:MOST_TERMS]
    if not typed or (len(typed) == 1 and len(typed[0]) < _SHORTEST):
        return []
    forms = [tuple(form for form in spellings(word) if form) for word in typed]
    return [one for one in forms if one]


def wanted_for(begun: Sequence[tuple[str, ...]], vocabulary: Vocabulary) -> Wanted:
    """Return what to ask for the records that have a word of each beginning."""
    if not begun:
        return NOTHING
    keys = []
    for forms in begun:
        counts = {word: n for form in forms for word, n in vocabulary.words("exact", form)}
        most = heapq.nsmallest(_MOST_FORMS, counts, key=lambda word: (-counts[word], word))
        keys.append(Keys("exact", tuple(most)))
    return Every((*keys, Keys("kind", ("record",))))


def completions(
    begun: Sequence[tuple[str, ...]], described: Iterable[Entry], most: int = MOST
) -> tuple[Completion, ...]:
    """Return the titles, names and subjects of ``described`` that have a word of each beginning.

    Those that begin so come first, then those of more records, then the shorter.
    """
    counts: Counter[Completion] = Counter()
    for entry in described:
        told: list[tuple[str, Kind]] = [(entry.title, "title")]
        told += [(name, "name") for name in entry.names]
        told += [(subject, "subject") for subject in entry.subjects]
        counts.update({Completion(text, kind) for text, kind in told if text})
    ranked = []
    for one, count in counts.items():
        place = _place(begun, one.text)
        if place is not None:
            ranked.append((place, -count, len(one.text), one.text, one.kind, one))
    by_text: dict[str, Completion] = {}
    for *_, one in sorted(ranked):
        by_text.setdefault(fold(one.text), one)
    return tuple(list(by_text.values())[:most])


def _place(begun: Sequence[tuple[str, ...]], text: str) -> int | None:
    """Return 0 where ``text`` begins with the first beginning, 1 where it has all, else None."""
    forms = [fold(word) for word in words(text)]
    if not all(any(form.startswith(starts) for form in forms) for starts in begun):
        return None
    return 0 if forms[0].startswith(begun[0]) else 1
