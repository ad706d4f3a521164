"""The Kazakh words that the program knows, by every shape that an ending leaves them in.

A guard of the rules: a split of a word counts for more when its stem is known. The lists are
``kk_stems.tsv``, ``kk_vowel_loss.tsv`` and ``kk_irregular.tsv`` of ``corpora/lexicon``.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from language.kazakh.sounds import GLIDED, VOICED, VOWELS, bit, infinitive, noun_class, rows, sound
from language.lexicon import read_list

Shape = tuple[int, str]
"""What a stem in one shape is: the mask of endings that may follow, and the dictionary form."""


@dataclass(frozen=True, slots=True)
class Stems:
    """Known words: ``whole`` by themselves, ``shapes`` before endings, ``verbs`` when commanding.

    ``whole`` maps words and irregular forms to dictionary forms.
    """

    whole: dict[str, str]
    shapes: dict[str, tuple[Shape, ...]]
    verbs: dict[str, str]


@cache
def stems() -> Stems:
    """Return the words of the lists."""
    whole: dict[str, str] = {}
    verbs: dict[str, str] = {}
    shapes: defaultdict[str, list[Shape]] = defaultdict(list)
    short = {long: short for short, long in _pairs("kk_vowel_loss.tsv")}
    for word, kind in _pairs("kk_stems.tsv"):
        key = infinitive(word) if kind == "verb" else word
        whole.setdefault(key, key)
        if kind == "verb":
            verbs[word] = key
        for shape, mask in _shapes(word, kind, short.get(word)):
            shapes[shape].append((mask, key))
    for word, forms in _pairs("kk_irregular.tsv"):
        whole |= dict.fromkeys((word, *forms.split()), word)
    return Stems(whole, {shape: tuple(of) for shape, of in shapes.items()}, verbs)


def _shapes(word: str, kind: str, short: str | None) -> Iterator[tuple[str, int]]:
    if kind == "verb":
        yield from verb_shapes(word)
    elif kind != "particle":
        yield from noun_shapes(word, short)


def noun_shapes(word: str, short: str | None = None) -> Iterator[tuple[str, int]]:
    """Yield the shapes of a noun with their masks; ``short`` has lost its last vowel (халқ)."""
    before_vowel = _mask("noun", "x", word)
    yield word, _mask("noun", noun_class(word), word)
    if short is not None:
        yield short, before_vowel
    elif word[-1] in "пкқ" and word[-2:-1] in VOWELS:
        yield word[:-1] + word[-1].translate(VOICED), before_vowel
    elif word[-1] == "ь":
        yield word[:-1], before_vowel


def verb_shapes(stem: str) -> Iterator[tuple[str, int]]:
    """Yield the shapes of a verb stem with their masks."""
    last = stem[-1]
    if last in "ыі":
        yield stem, _mask("verb", "y", stem)
        yield stem[:-1], _mask("verb", "k", stem)
        if stem.endswith(GLIDED):
            yield stem[:-2], _mask("verb", "j", stem)
    elif last == "и":
        yield stem, _mask("verb", "i", stem)
    elif last in "пкқ" and stem[-2:-1] in VOWELS:
        yield stem, _mask("verb", "t", stem)
        yield stem[:-1] + last.translate(VOICED), _mask("verb", "g", stem)
        if last == "п":
            yield stem[:-1] + "у", _mask("verb", "w", stem)
    else:
        name = sound(stem)
        yield stem, _mask("verb", "a" if name == "v" else name, stem)
        if last == "й":
            yield stem[:-1], _mask("verb", "j", stem)


def _mask(kind: str, name: str, word: str) -> int:
    return sum(bit(kind, name, row) for row in rows(word))


def _pairs(name: str) -> Iterator[tuple[str, str]]:
    for line in read_list(name):
        first, second = line.split("\t")
        yield first, second
