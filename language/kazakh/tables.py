"""The tables that a stemmer reads, in the letters of Kazakh or in those of a plain keyboard."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import TypeVar

from language.kazakh.derivations import Derivation, derivations
from language.kazakh.endings import Reading, endings
from language.kazakh.stems import Shape, stems

_T = TypeVar("_T")

_PLAIN = str.maketrans("әғқңөұүһіїёэй", "агкноуухииееи", "ъь")


@dataclass(frozen=True, slots=True)
class Tables:
    """Known words and endings by their letters.

    ``whole`` holds words and irregular forms, ``verbs`` the stems of verbs as they stand, both with
    the dictionary forms that they may be; ``shapes`` are stems before an ending.
    """

    plain: bool
    whole: Mapping[str, tuple[str, ...]]
    verbs: Mapping[str, tuple[str, ...]]
    shapes: Mapping[str, tuple[Shape, ...]]
    endings: Mapping[str, tuple[Reading, ...]]
    derivations: Mapping[str, tuple[Derivation, ...]]


def plain(text: str) -> str:
    """Return small Cyrillic ``text`` in letters that every keyboard has; й is и, ь is left out."""
    return text.translate(_PLAIN)


@cache
def kazakh() -> Tables:
    """Return the tables in the letters of Kazakh."""
    known = stems()
    whole = {word: (key,) for word, key in known.whole.items()}
    verbs = {word: (key,) for word, key in known.verbs.items()}
    return Tables(False, whole, verbs, known.shapes, endings(), derivations())


@cache
def keyboard() -> Tables:
    """Return the tables in plain letters, where words that differ in Kazakh may fall together."""
    known = kazakh()
    return Tables(
        True,
        _plain(known.whole),
        _plain(known.verbs),
        _plain(known.shapes),
        _plain(known.endings),
        _plain(known.derivations),
    )


def _plain(table: Mapping[str, Iterable[_T]]) -> dict[str, tuple[_T, ...]]:
    found: defaultdict[str, dict[_T, None]] = defaultdict(dict)
    for text, values in table.items():
        found[plain(text)].update(dict.fromkeys(values))
    return {text: tuple(values) for text, values in found.items()}
