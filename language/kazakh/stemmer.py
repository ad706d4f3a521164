"""The stem of a Kazakh word: its dictionary form where it is known, else what rules leave of it.

A word is split in every way into a stem and an ending that may follow it. Each way has a cost: of
its ending, and of its stem, which is none where the lists know it, more where it is made of a word
that they know, most where nothing is known. The way that costs least gives the key.
"""

from collections.abc import Iterable, Iterator
from functools import cache
from itertools import islice

from language.kazakh.derivations import ANYTHING
from language.kazakh.derivations import LONGEST as LONGEST_DERIVATION
from language.kazakh.endings import Reading
from language.kazakh.sounds import (
    BACK,
    FRONT,
    VOICELESS,
    VOWELS,
    bit,
    both,
    infinitive,
    noun_class,
    rows,
    sound,
)
from language.kazakh.tables import Tables, kazakh, keyboard, plain
from language.letters import KAZAKH_ALPHABET

Way = tuple[float, int, str]
"""A reading of a word: its cost, minus the letters of its stem, its key."""

Split = tuple[int, tuple[Reading, ...]]

UNKNOWN, LETTER, UNKNOWN_VERB = 4.0, 0.65, 0.3
"""Cost of a stem of which nothing is known, of each of its letters, and of taking it for a verb."""

COMMAND = 1.8
"""Cost of a verb stem that stands alone: go! is seldom printed."""

DOUBT = 2.0
"""A known stem that costs less is not doubted."""

LONGEST_ENDING = 24
_ROUNDS = 4
_ALL = frozenset(KAZAKH_ALPHABET)
_NEVER = 99.0
_LEAST_MADE = 4
_LEAST_MEANT = 4
_NEAR = 0.6
"""Ways of a typed word that cost so much more than the best are not meant."""
_UNLIKELY = 1.2
_SILENT = "ьъ"
_MAKES_VERBS = {"л": _ALL - set("ыі"), "д": _ALL - VOWELS, "т": set("пткқсшщчцфх")}
"""What stands before the ла, да and та that make verbs; білеу, айту and оқыту end so by chance."""
_CLOSE = ("ы", "і", "и")
_OPEN = VOWELS - set("уию")
_ALONE = ((both("noun", "vrulzntx"), 0.0),)
_LOST_GLIDE = both("verb", "j")


def stem(word: str) -> str:
    """Return the key of the word that ``word`` is a form of; small letters, never empty.

    Nouns and all else give their dictionary form, verbs their infinitive (жазды → жазу).
    """
    return _settled(word.lower(), kazakh())


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
        ways += _ways(word, tables) or [(_NEVER, 0, word)]
    least = min(ways, default=(0.0, 0, ""))[0]
    near = sorted(way for way in ways if way[0] <= least + _NEAR)
    keys = (one for _, _, key in near for one in (_settled(key, tables), key))
    return tuple(islice(dict.fromkeys(keys), most))


def _settled(word: str, tables: Tables) -> str:
    """Follow the cheapest way until the key is known or stays."""
    for _ in range(_ROUNDS):
        known = kazakh().whole.get(word) or tables.whole.get(word)
        if known is not None:
            return known[0]
        ways = _ways(word, tables)
        cost, _, found = min(ways) if ways else (_NEVER, 0, word)
        if cost >= UNKNOWN and not tables.plain:
            found = _meant(word) or found
        if found == word:
            break
        word = found
    return word


def _meant(word: str) -> str | None:
    """Return the known word that is meant by ``word``, some of whose letters were not to hand.

    Караганды облысынын: typed or recognised without the letters of Kazakh. Those that are there
    must be right; a short word may be anything.
    """
    typed = plain(word)
    if len(typed) != len(word) or len(word) < _LEAST_MEANT:
        return None
    tables = keyboard()
    ways, _ = _known_ways(typed, tables)
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
    ways, splits = _known_ways(word, tables)
    if not ways or min(ways)[0] >= DOUBT:
        splits.append((len(word), _ALONE))
        for at, readings in splits:
            ways += _guesses(word, at, readings, tables)
    return ways


def _known_ways(word: str, tables: Tables) -> tuple[list[Way], list[Split]]:
    """Return the ways with stems that the lists hold, and every split at an ending."""
    splits: list[Split] = []
    ways: list[Way] = []
    shapes, endings = tables.shapes, tables.endings
    for at in range(max(1, len(word) - LONGEST_ENDING), len(word)):
        readings = endings.get(word[at:])
        if readings is None:
            continue
        splits.append((at, readings))
        for mask, key in shapes.get(word[:at], ()):
            ways += [(cost, -at, key) for may, cost in readings if may & mask]
    ways += [(COMMAND, -len(word), key) for key in tables.verbs.get(word, ())]
    return ways, splits


def _guesses(word: str, at: int, readings: tuple[Reading, ...], tables: Tables) -> Iterator[Way]:
    """Yield the ways to split ``word`` at ``at`` with a stem that the lists do not hold."""
    before, after = word[:at].rstrip(_SILENT), word[at : at + 1]
    if len(before) < 2 or VOWELS.isdisjoint(before):
        return
    bare = before[:-1] + before[-1].translate(VOICELESS)
    noun, verb = _made(bare, tables)
    if len(before) > 2:
        noun = min(noun, _unknown_noun(before, after))
        verb = min(verb, _unknown_verb(before, after))
    as_noun, as_verb = _masks(word[:at], tables.plain)
    for may, cost in readings:
        if may & as_noun:
            yield noun + cost, -at, bare
        if may & as_verb:
            lost = may & _LOST_GLIDE and before[-1] in VOWELS
            yield verb + cost, -at, f"{before}ю" if lost else infinitive(before)


def _unknown_noun(stem: str, after: str) -> float:
    """Cost of an unknown noun before an ending that begins with ``after``."""
    cost = UNKNOWN + LETTER * len(stem)
    if after == "с" and stem[-1] in "ыі" and stem[-2] != "ш":
        return cost + _UNLIKELY  # облысы is облыс and ы, but жұмысшысы is жұмысшы and сы
    if after in _CLOSE and stem[-1] in "гғш" and stem[-2] not in _OPEN:
        return cost + _UNLIKELY  # кедергі: к is not voiced after a consonant; балташы is by -шы
    return cost


def _unknown_verb(stem: str, after: str) -> float:
    """Cost of an unknown verb before an ending that begins with ``after``."""
    cost = UNKNOWN + LETTER * len(stem) + UNKNOWN_VERB
    before, last = stem[-2], stem[-1]
    if before not in VOWELS and last in "млнрңбп":
        return cost + _UNLIKELY  # no verb ends in рм; бұзбады is of бұз
    if after in ("а", "е") and (last == "м" or (last in "лдт" and before in _MAKES_VERBS[last])):
        return cost + _UNLIKELY  # тастамады is of таста, which is made by -ла, -да, -та
    return cost


def _made(stem: str, tables: Tables, steps: int = 2) -> tuple[float, float]:
    """Return what ``stem`` costs as a noun and as a verb that is made of a known word.

    Of one made so itself, as often as ``steps`` say: сақтаушы of сақта- of сақ.
    """
    costs = {"noun": _NEVER, "verb": _NEVER}
    for length in range(1, min(LONGEST_DERIVATION, len(stem) - 2) + 1):
        derivations = tables.derivations.get(stem[-length:])
        if derivations is None:
            continue
        bases = _bases(stem[:-length], tables, steps - 1)
        for may, to, cost in derivations:
            for mask, base in bases:
                if may & mask and base + cost < costs[to]:
                    costs[to] = base + cost
    return costs["noun"], costs["verb"]


def _bases(base: str, tables: Tables, steps: int) -> list[tuple[int, float]]:
    """Masks of what a derivation may follow when it follows ``base``, with their costs."""
    shapes = tables.shapes.get(base)
    if shapes is not None:
        return [(ANYTHING, 0.0), *((mask, 0.0) for mask, _ in shapes)]
    if VOWELS.isdisjoint(base):
        return []
    if not steps or len(base) < _LEAST_MADE:
        return [(ANYTHING, 0.0)]
    costs = _made(base, tables, steps)
    masks = _masks(base, tables.plain)
    made = [(mask, cost) for mask, cost in zip(masks, costs, strict=True) if cost < _NEVER]
    return [(ANYTHING, 0.0), *made]


def _masks(stem: str, is_plain: bool) -> tuple[int, int]:
    """Return the endings that may follow an unknown stem, as a noun and as a verb."""
    noun = verb = 0
    for row in _plain_rows(stem) if is_plain else rows(stem):
        one, two = _after(stem.rstrip(_SILENT)[-1], row, is_plain)
        noun |= one
        verb |= two
    return noun, verb


def _plain_rows(stem: str) -> tuple[int, ...]:
    """The rows of vowels after a stem in plain letters: only ы and е are sure."""
    last = next((sign for sign in reversed(stem) if sign in VOWELS), "")
    return {"ы": (BACK,), "е": (FRONT,)}.get(last, (BACK, FRONT))


@cache
def _after(last: str, row: int, is_plain: bool) -> tuple[int, int]:
    noun = bit("noun", noun_class(last), row)
    if last in "бгғ":
        return noun | bit("noun", "x", row), bit("verb", "g", row)
    if last == "и" and is_plain:
        return noun | bit("noun", "v", row), bit("verb", "y", row) | bit("verb", "i", row)
    return noun, sum(bit("verb", name, row) for name in _verb_classes(last))


def _verb_classes(last: str) -> str:
    if last in "ыі":
        return "y"
    if last == "и":
        return "i"
    if sound(last) == "v":
        return "aj"
    return sound(last) + "k"
