"""The tables that a stemmer reads, in the letters of Kazakh or in those of a plain keyboard."""

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from operator import itemgetter
from typing import TypeVar

from language.kazakh.derivations import ANYTHING, Derivation, derivations
from language.kazakh.endings import Reading, endings
from language.kazakh.sounds import VOICED
from language.kazakh.stems import Shape, stems

Way = tuple[float, int, str]
"""A reading of a word: its cost, minus the letters of its stem, its key."""

Split = tuple[int, tuple[Reading, ...]]
"""Letters of a word before an ending, and the readings of the ending."""

Root = tuple[int, tuple[Shape, ...]]
"""Letters of a known stem that a word begins with, and what it may be."""

_T = TypeVar("_T")

_BEGINNING, _END = slice(None, -1), slice(1, None)
_PLAIN = str.maketrans("әғқңөұүһіїёэй", "агкноуухииееи", "ъь")


@dataclass(frozen=True, slots=True)
class Tables:
    """Known words and endings by their letters.

    ``whole`` holds words and irregular forms, ``verbs`` the stems of verbs as they stand, both with
    the dictionary forms that they may be; ``shapes`` are stems before an ending. ``onward`` has the
    masks of what makes stems of known ones, also as it stands before a vowel; ``names`` finds what
    does so after anything.

    Who goes through a word letter by letter may stop at what a table has not at all: ``shapes`` and
    ``onward`` hold every beginning of what they hold, ``endings`` and ``derivations`` every end,
    with nothing where it is no whole. The readings of an ending stand in the order of their cost.
    """

    plain: bool
    whole: Mapping[str, tuple[str, ...]]
    verbs: Mapping[str, tuple[str, ...]]
    shapes: Mapping[str, tuple[Shape, ...]]
    endings: Mapping[str, tuple[Reading, ...]]
    derivations: Mapping[str, tuple[Derivation, ...]]
    onward: Mapping[str, int]
    names: re.Pattern[str]


def plain(text: str) -> str:
    """Return small Cyrillic ``text`` in letters that every keyboard has; й is и, ь is left out."""
    return text.translate(_PLAIN)


@cache
def kazakh() -> Tables:
    """Return the tables in the letters of Kazakh."""
    known = stems()
    whole = {word: (key,) for word, key in known.whole.items()}
    verbs = {word: (key,) for word, key in known.verbs.items()}
    return _tables(False, whole, verbs, (known.shapes, endings(), derivations()))


@cache
def keyboard() -> Tables:
    """Return the tables in plain letters, where words that differ in Kazakh may fall together."""
    known = kazakh()
    ends = _plain(endings())
    ends |= {text: tuple(sorted(of, key=itemgetter(1))) for text, of in ends.items() if of[1:]}
    parts = (_plain(stems().shapes), ends, _plain(derivations()))
    return _tables(True, _plain(known.whole), _plain(known.verbs), parts)


_Parts = tuple[
    Mapping[str, tuple[Shape, ...]],
    Mapping[str, tuple[Reading, ...]],
    Mapping[str, tuple[Derivation, ...]],
]


def _tables(
    is_plain: bool,
    whole: Mapping[str, tuple[str, ...]],
    verbs: Mapping[str, tuple[str, ...]],
    parts: _Parts,
) -> Tables:
    shapes, ends, made = parts
    onward: defaultdict[str, int] = defaultdict(int)
    names = []
    for text, readings in made.items():
        for form in {text, text[:-1] + text[-1].translate(VOICED)}:
            for mask, _, _ in readings:
                onward[form] |= mask
                if mask == ANYTHING:
                    names.append(form)
    return Tables(
        is_plain,
        whole,
        verbs,
        _closed(shapes, _BEGINNING, ()),
        _closed(ends, _END, ()),
        _closed(made, _END, ()),
        _closed(onward, _BEGINNING, 0),
        re.compile("|".join(names)),
    )


def _closed(table: Mapping[str, _T], shorter: slice, nothing: _T) -> dict[str, _T]:
    """Return ``table`` with every beginning or every end of its texts."""
    found = dict(table)
    for text in table:
        rest = text[shorter]
        while rest and rest not in found:
            found[rest] = nothing
            rest = rest[shorter]
    return found


def _plain(table: Mapping[str, tuple[_T, ...]]) -> dict[str, tuple[_T, ...]]:
    found: dict[str, tuple[_T, ...]] = {}
    letters = "\n".join(table)
    for sign, instead in _PLAIN.items():  # all words at once: six times as fast as one by one
        letters = letters.replace(chr(sign), chr(instead) if instead else "")
    for text, values in zip(letters.split("\n"), table.values(), strict=False):
        held = found.setdefault(text, values)
        if held is not values:
            found[text] = tuple(dict.fromkeys((*held, *values)))
    return found
