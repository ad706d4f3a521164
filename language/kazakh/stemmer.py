"""The stem of a Kazakh word: its dictionary form where it is known, else what rules leave of it.

A word is split in every way into a stem and an ending that may follow it. Each way has a cost: of
its ending, and of its stem, which is none where the lists know it, more where it is made of a word
that they know, most where nothing is known. The way that costs least gives the key.
"""

from collections.abc import Iterable
from functools import lru_cache
from itertools import islice
from math import inf

from language.kazakh.guesses import NEAR, NEVER, UNKNOWN, guesses
from language.kazakh.sounds import both
from language.kazakh.tables import Root, Split, Tables, Way, kazakh, keyboard, plain

COMMAND = 1.8
"""Cost of a verb stem that stands alone: go! is seldom printed."""

DOUBT = 2.0
"""A known stem that costs less is not doubted."""

_ROUNDS = 4
_LEAST_MEANT = 4
_ALONE = ((both("noun", "vrulzntx"), 0.0),)


def stem(word: str) -> str:
    """Return the key of the word that ``word`` is a form of; small letters, never empty.

    Nouns and all else give their dictionary form, verbs their infinitive (жазды → жазу); ё is е, as
    many print it (шахтёрлер → шахтер).
    """
    return _settled(word.lower().replace("ё", "е"), kazakh())


def is_known(key: str) -> bool:
    """Tell whether ``key`` is the dictionary form of a word that the lists hold."""
    return key in kazakh().whole


def stems_of_plain(words: Iterable[str], most: int = 4) -> tuple[str, ...]:
    """Return keys of a word typed without the letters of Kazakh (китаптарын → кітап), best first.

    ``words`` are the spellings in Cyrillic that may be meant. Several words may look alike then:
    not more than ``most`` keys come back. Known ones are spelt as in the dictionary, the rest in
    plain letters: fold them before comparing.
    """
    tables = keyboard()
    ways: list[Way] = []
    for word in dict.fromkeys(plain(word) or word for word in words):
        ways += [(0.0, -len(word), key) for key in tables.whole.get(word, ())]
        ways += _ways(word, tables) or [(NEVER, 0, word)]
    least = min(ways, default=(0.0, 0, ""))[0]
    near = sorted(way for way in ways if way[0] <= least + NEAR)
    keys = (one for _, _, key in near for one in (_settled(key, tables), key))
    return tuple(islice(dict.fromkeys(keys), most))


def _settled(word: str, tables: Tables) -> str:
    """Follow the cheapest way until the key is known or stays."""
    found = _step(word, tables)
    for _ in range(_ROUNDS - 1):
        if found == word:
            break
        word, found = found, _repeated(found, tables.plain)
    return found


def _step(word: str, tables: Tables) -> str:
    """Return the key of a known word, else that of the cheapest way to read ``word``."""
    known = kazakh().whole.get(word)
    if known is None and tables.plain:
        known = tables.whole.get(word)
    if known is not None:
        return known[0]
    ways = _ways(word, tables)
    cost, _, found = min(ways) if ways else (NEVER, 0, word)
    if cost >= UNKNOWN and not tables.plain:
        return _meant(word) or found
    return found


@lru_cache(maxsize=16_384)
def _repeated(word: str, is_plain: bool) -> str:
    """Return the ``_step`` from a word that another step has led to; many forms lead to one."""
    return _step(word, keyboard() if is_plain else kazakh())


def _meant(word: str) -> str | None:
    """Return the known word that is meant by ``word``, some of whose letters were not to hand.

    Караганды облысынын: typed or recognised without the letters of Kazakh. Those that are there
    must be right; a short word may be anything.
    """
    typed = plain(word)
    if len(typed) != len(word) or len(word) < _LEAST_MEANT:
        return None
    tables = keyboard()
    ways = _known_ways(typed, _roots(typed, tables, _LEAST_MEANT), tables)
    ways += [(0.0, -len(word), key) for key in tables.whole.get(typed, ())]
    fit = [way for way in ways if way[0] < DOUBT and _is_meant(word, way)]
    return min(fit)[2] if fit else None


def _is_meant(word: str, way: Way) -> bool:
    _, minus_size, key = way
    size = min(-minus_size, len(key))
    # The last letter of a stem may change before an ending.
    pairs = zip(word[: size - 1], key, strict=False)
    return size >= _LEAST_MEANT and all(had == is_ or had == plain(is_) for had, is_ in pairs)


def _ways(word: str, tables: Tables) -> list[Way]:
    """Return ways to read ``word``: the best, in plain letters all that are ``NEAR`` it."""
    roots = _roots(word, tables)
    ways = _known_ways(word, roots, tables)
    least = min(ways)[0] if ways else inf
    if not ways or least >= DOUBT:
        ways += guesses(word, _splits(word, tables), roots, least, tables)
    return ways


def _roots(word: str, tables: Tables, least: int = 1) -> list[Root]:
    """Return the known stems of ``least`` letters and more that ``word`` begins with."""
    roots: list[Root] = []
    shapes_of = tables.shapes.get
    for at in range(least, len(word)):
        shapes = shapes_of(word[:at])
        if shapes is None:
            break
        if shapes:
            roots.append((at, shapes))
    return roots


def _known_ways(word: str, roots: list[Root], tables: Tables) -> list[Way]:
    """Return the ways with stems that the lists hold."""
    ways = [(COMMAND, -len(word), key) for key in tables.verbs.get(word, ())]
    for at, shapes in roots:
        for may, cost in tables.endings.get(word[at:], ()):
            ways += [(cost, -at, key) for mask, key in shapes if may & mask]
    return ways


def _splits(word: str, tables: Tables) -> list[Split]:
    """Return every split of ``word`` at an ending, and the word alone; the shortest stem first."""
    splits: list[Split] = [(len(word), _ALONE)]
    readings_of = tables.endings.get
    for at in range(len(word) - 1, 0, -1):
        readings = readings_of(word[at:])
        if readings is None:
            break
        if readings:
            splits.append((at, readings))
    return splits[::-1]
