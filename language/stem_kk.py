"""A light stemmer for Kazakh nouns: endings off, layer by layer, until the dictionary form is left.

A Kazakh noun is stem + plural + possessive + case (+ -дағы, -нікі, -ғы). Each layer is taken off
once, from the outside, where vowel harmony and the sound before the ending allow it. Words that
merely end like an inflected form, stems that lose a vowel and stems of two letters are lists in
``corpora/lexicon``. Derivation (-шы, -лық, -хана) and verbs are left alone.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from language.letters import KAZAKH_VOWELS
from language.lexicon import read_list

_TO_FRONT = str.maketrans("аығқ", "еігк")
_TO_PLAIN = str.maketrans("әғқңөұүһі", "агкноуухи")
_VOICELESS = str.maketrans("бгғ", "пкқ")
_BACK = frozenset("аоұыяё")
_FRONT = frozenset("әөүіеэ")
_GLIDES = frozenset("уию")

# What may stand before an ending: V vowel, R р й and glides, L л, Z з ж, N nasal, T the rest.
_CLASSES = {
    sign: name
    for name, signs in {"L": "л", "Z": "зж", "N": "мнң", "R": "рй"}.items()
    for sign in signs
}
_RELATION = (
    ("ндағы", "P"),
    ("дағы", "VRLZN"),
    ("тағы", "T"),
    ("ғы", "RLZN"),
    ("қы", "T"),
)
_CASE = (
    ("нда", "P"),
    ("нан", "PN"),
    ("на", "P"),
    ("н", "P"),
    ("ның", "VN"),
    ("дың", "RLZ"),
    ("тың", "T"),
    ("дан", "VRLZ"),
    ("тан", "T"),
    ("ны", "V"),
    ("ды", "RLZN"),
    ("ты", "T"),
    ("ға", "VRLZN"),
    ("қа", "T"),
    ("да", "VRLZN"),
    ("та", "T"),
)
_SAME_FOR_ALL = (("мен", "VRLN"), ("бен", "Z"), ("пен", "T"))
_OWNERSHIP = (("нікі", "VN"), ("дікі", "RLZ"), ("тікі", "T"))
_POSSESSIVE = (
    ("ымыз", "RLZNT"),
    ("ыңыз", "RLZNT"),
    ("мыз", "V"),
    ("ңыз", "V"),
    ("ым", "G"),
    ("сы", "S"),
    ("ы", "C"),
)
_PLURAL = (("лар", "VR"), ("дар", "LZN"), ("тар", "T"))


@dataclass(frozen=True, slots=True)
class _Ending:
    text: str
    before: str
    harmony: frozenset[str] | None


@dataclass(frozen=True, slots=True)
class _Rules:
    layers: tuple[tuple[_Ending, ...], ...]
    protected: frozenset[str]
    short: frozenset[str]
    vowel_loss: dict[str, str]


def stem(word: str) -> str:
    """Return the stem of a Kazakh word written with the letters of Kazakh; small, never empty."""
    return _strip(word.lower(), _rules(False))


def stem_plain(word: str) -> str:
    """Return the stem of a Kazakh word typed without the letters of Kazakh (китаптарын → китап).

    Vowel harmony cannot be seen then, so this takes off more than ``stem``: for queries only.
    """
    return _strip(word.lower().translate(_TO_PLAIN), _rules(True))


def _strip(word: str, rules: _Rules) -> str:
    """Take endings off until nothing changes, so that a form and its dictionary form end alike."""
    before = ""
    while word != before:
        before = word
        word = _one_pass(word, rules)
    return word


def _one_pass(word: str, rules: _Rules) -> str:
    for number, layer in enumerate(rules.layers):
        listed = _listed(word, rules.layers[number:], rules)
        if listed is not None:
            word = listed
            break
        word = next(_without(word, layer, rules), word)
    word = rules.vowel_loss.get(word, word)
    return word[:-1] + word[-1:].translate(_VOICELESS)


def _listed(word: str, layers: tuple[tuple[_Ending, ...], ...], rules: _Rules) -> str | None:
    """Return the protected word that ``word`` is, as it stands or without one ending."""
    if word in rules.protected:
        return word
    left = (rest for layer in layers for rest in _without(word, layer, rules))
    return next((rest for rest in left if rest in rules.protected), None)


def _without(word: str, layer: tuple[_Ending, ...], rules: _Rules) -> Iterator[str]:
    """Yield ``word`` without each ending of ``layer`` that it may carry, longest ending first."""
    for ending in layer:
        rest = word.removesuffix(ending.text)
        if rest != word and _fits(rest, ending, rules):
            yield rest


def _fits(rest: str, ending: _Ending, rules: _Rules) -> bool:
    if len(rest) < 3 and rest not in rules.short:
        return False
    if not any(sign in KAZAKH_VOWELS for sign in rest):
        return False
    if ending.harmony is not None and not _harmonious(rest, ending.harmony):
        return False
    return any(_stands_before(rest, name) for name in ending.before)


def _harmonious(rest: str, harmony: frozenset[str]) -> bool:
    """Tell whether the last clear vowel of ``rest`` is of the ending's row; у and и are of both."""
    for sign in reversed(rest):
        if sign in _BACK or sign in _FRONT:
            return sign in harmony
    return True


def _stands_before(rest: str, name: str) -> bool:
    """Tell whether ``rest`` ends as the class ``name`` asks.

    Beside the sounds: P a possessive ы or і that stays, G a voiced б г ғ, S a vowel that takes
    -сы, C any consonant but the ш of -шы, I an и typed for і.
    """
    last = rest.rstrip("ь")[-1:]
    if name == "P":
        return last in "ыіи" and len(rest) > 3
    if name == "G":
        return last in "бгғ"
    if name == "I":
        return last == "и"
    if name == "S":
        return _sound(last) == "V" and (last not in "ыіи" or rest[-2:-1] == "ш")
    if name == "C":
        return _sound(last) != "V" and last != "ш" and last != "и"
    return _sound(last) == name


def _sound(sign: str) -> str:
    if sign in _GLIDES:
        return "R"
    if sign in KAZAKH_VOWELS:
        return "V"
    return _CLASSES.get(sign, "T")


@cache
def _rules(plain: bool) -> _Rules:
    """Read the lists and build the endings; ``plain``: in letters that Russian has too."""
    layers = (
        _endings(_RELATION, plain) + _invariable(_OWNERSHIP, plain),
        _endings(_CASE, plain) + _invariable(_SAME_FOR_ALL, plain),
        _endings(_POSSESSIVE, plain),
        _endings(_PLURAL, plain),
    )
    loss = dict(line.split("\t") for line in read_list("kk_vowel_loss.tsv"))
    return _Rules(
        tuple(tuple(sorted(layer, key=lambda one: -len(one.text))) for layer in layers),
        frozenset(_plain(word, plain) for word in read_list("kk_protected.txt")),
        frozenset(_plain(word, plain) for word in read_list("kk_short_stems.txt")),
        {_plain(short, plain): _plain(whole, plain) for short, whole in loss.items()},
    )


def _endings(table: tuple[tuple[str, str], ...], plain: bool) -> tuple[_Ending, ...]:
    rows = ((str.maketrans("", ""), _BACK), (_TO_FRONT, _FRONT))
    made = {
        _ending(text.translate(change), before, harmony, plain): None
        for text, before in table
        for change, harmony in rows
    }
    return tuple(made)


def _invariable(table: tuple[tuple[str, str], ...], plain: bool) -> tuple[_Ending, ...]:
    return tuple(_ending(text, before, None, plain) for text, before in table)


def _ending(text: str, before: str, harmony: frozenset[str] | None, plain: bool) -> _Ending:
    if plain:
        return _Ending(_plain(text, plain), before.replace("V", "VI"), None)
    return _Ending(text, before, harmony)


def _plain(word: str, plain: bool) -> str:
    return word.translate(_TO_PLAIN) if plain else word
