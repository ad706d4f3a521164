"""Stems that no list holds: which endings may follow them, what they cost, what key they give."""

from collections.abc import Sequence
from functools import cache, lru_cache

from language.kazakh.derivations import ANYTHING
from language.kazakh.sounds import (
    BACK,
    DECISIVE,
    FRONT,
    LONGEST_WAVERING,
    VOWELS,
    bit,
    both,
    infinitive,
    noun_class,
    rows,
    sound,
)
from language.kazakh.tables import Root, Split, Tables, Way
from language.letters import KAZAKH_ALPHABET

UNKNOWN, LETTER, UNKNOWN_VERB = 4.0, 0.65, 0.3
"""Cost of a stem of which nothing is known, of each of its letters, and of taking it for a verb."""

NEVER = 99.0
"""Cost of what cannot be."""

NEAR = 0.6
"""Ways that cost so much more than the best are not meant."""

_UNLIKELY = 1.2
_SHORTEST = 2
_LEAST_MADE = 4
_ALL = frozenset(KAZAKH_ALPHABET)
_SILENT = "ьъ"
_MAKES_VERBS = {"л": _ALL - set("ыі"), "д": _ALL - VOWELS, "т": set("пткқсшщчцфх")}
"""What stands before the ла, да and та that make verbs; білеу, айту and оқыту end so by chance."""
_CLOSE = ("ы", "і", "и")
_OPEN = VOWELS - set("уию")
_VOICELESS = dict(zip("бгғ", "пкқ", strict=True))
_LOST_GLIDE = both("verb", "j")


def guesses(
    word: str, splits: Sequence[Split], roots: Sequence[Root], least: float, tables: Tables
) -> list[Way]:
    """Return the ways to split ``word`` with a stem that the lists do not hold.

    ``roots`` are the known stems that it begins with, ``least`` is what the best way with one of
    them costs. Ways that cost more than the best may be left out, in plain letters those that are
    not ``NEAR`` it: that goes the faster the earlier the best is met, so put the short stems of
    ``splits`` first.
    """
    found: list[Way] = []
    made_ends = _ends_of_made(word, roots, tables)
    near = NEAR if tables.plain else 0.0
    for at, readings in splits:
        stem = word[:at].rstrip(_SILENT)
        if len(stem) < _SHORTEST or VOWELS.isdisjoint(stem):
            continue
        if len(stem) in made_ends:
            made = _made(_voiceless(stem), tables)
        elif UNKNOWN + LETTER * len(stem) + readings[0][1] <= least + near:
            made = NEVER, NEVER
        else:
            continue
        ways = _ways_at(word, (at, readings), made, tables.plain)
        found += ways
        least = min(least, min(ways)[0]) if ways else least
    return found


def _ways_at(word: str, split: Split, made: tuple[float, float], is_plain: bool) -> list[Way]:
    """Return the ways with the stem of one split; ``made`` is its cost if made of a known word."""
    at, readings = split
    stem, after = word[:at].rstrip(_SILENT), word[at : at + 1]
    may_noun, may_verb = _masks(word[:at], is_plain)
    ways = []
    for may, cost in readings:
        if may & may_noun:
            noun = min(made[0], _unknown_noun(stem, after))
            ways.append((noun + cost, -at, _voiceless(stem)))
        if may & may_verb:
            verb = min(made[1], _unknown_verb(stem, after))
            lost = may & _LOST_GLIDE and stem[-1] in VOWELS
            ways.append((verb + cost, -at, f"{stem}ю" if lost else infinitive(stem)))
    return ways


def _voiceless(stem: str) -> str:
    """Return ``stem`` as it stands alone: кітаб is кітап."""
    last = stem[-1]
    return stem[:-1] + _VOICELESS[last] if last in _VOICELESS else stem


def _unknown_noun(stem: str, after: str) -> float:
    """Cost of an unknown noun before an ending that begins with ``after``."""
    if len(stem) == _SHORTEST:
        return NEVER
    cost = UNKNOWN + LETTER * len(stem)
    if after == "с" and stem[-1] in "ыі" and stem[-2] != "ш":
        return cost + _UNLIKELY  # облысы is облыс and ы, but жұмысшысы is жұмысшы and сы
    if after in _CLOSE and stem[-1] in "гғш" and stem[-2] not in _OPEN:
        return cost + _UNLIKELY  # кедергі: к is not voiced after a consonant; балташы is by -шы
    return cost


def _unknown_verb(stem: str, after: str) -> float:
    """Cost of an unknown verb before an ending that begins with ``after``."""
    if len(stem) == _SHORTEST:
        return NEVER
    cost = UNKNOWN + LETTER * len(stem) + UNKNOWN_VERB
    before, last = stem[-2], stem[-1]
    if before not in VOWELS and last in "млнрңбп":
        return cost + _UNLIKELY  # no verb ends in рм; бұзбады is of бұз
    if after in ("а", "е") and (last == "м" or (last in "лдт" and before in _MAKES_VERBS[last])):
        return cost + _UNLIKELY  # тастамады is of таста, which is made by -ла, -да, -та
    return cost


def _ends_of_made(word: str, roots: Sequence[Root], tables: Tables) -> set[int]:
    """Return how many letters the stems of ``word`` have that may be made of a known word.

    A quick look forward from the known stems before ``_made`` looks back from an ending.
    """
    name = tables.names.search(word, _SHORTEST)
    found = set(range(name.start() + 1, len(word) + 1)) if name else set()
    for at, shapes in roots:
        if at >= _SHORTEST:
            for end, masks in _onward(word, at, tables):
                if any(masks & mask for mask, _ in shapes):
                    found.add(end)
                    found.update(further for further, _ in _onward(word, end, tables))
    return found


def _onward(word: str, at: int, tables: Tables) -> list[tuple[int, int]]:
    """Return where what makes stems and begins at ``at`` may end, with the masks of its stems."""
    found = []
    masks_of = tables.onward.get
    for end in range(at + 1, len(word) + 1):
        masks = masks_of(word[at:end])
        if masks is None:
            break
        if masks:
            found.append((end, masks))
    return found


def _made(stem: str, tables: Tables, steps: int = 2) -> tuple[float, float]:
    """Return what ``stem`` costs as a noun and as a verb that is made of a known word.

    Of one made so itself, as often as ``steps`` say: сақтаушы of сақта- of сақ.
    """
    costs = {"noun": NEVER, "verb": NEVER}
    for at in range(len(stem) - 1, _SHORTEST - 1, -1):
        derivations = tables.derivations.get(stem[at:])
        if derivations is None:
            break  # nothing that makes stems ends so
        if not derivations:
            continue
        bases = _bases(stem[:at], tables, steps - 1)
        for may, to, cost in derivations:
            for mask, base in bases:
                if may & mask and base + cost < costs[to]:
                    costs[to] = base + cost
    return costs["noun"], costs["verb"]


def _bases(base: str, tables: Tables, steps: int) -> list[tuple[int, float]]:
    """Masks of what a derivation may follow when it follows ``base``, with their costs."""
    shapes = tables.shapes.get(base)
    if shapes:
        return [(ANYTHING, 0.0), *((mask, 0.0) for mask, _ in shapes)]
    if VOWELS.isdisjoint(base):
        return []
    if not steps or len(base) < _LEAST_MADE:
        return [(ANYTHING, 0.0)]
    costs = _made(base, tables, steps)
    masks = _masks(base, tables.plain)
    made = [(mask, cost) for mask, cost in zip(masks, costs, strict=True) if cost < NEVER]
    return [(ANYTHING, 0.0), *made]


def _masks(stem: str, is_plain: bool) -> tuple[int, int]:
    """Return the endings that may follow an unknown stem, as a noun and as a verb.

    Its end says it where it has a vowel that decides.
    """
    end = stem[-LONGEST_WAVERING:]
    return _masks_of(stem if DECISIVE.isdisjoint(end) else end, is_plain)


@lru_cache(maxsize=16_384)
def _masks_of(stem: str, is_plain: bool) -> tuple[int, int]:
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
