"""Forms of Kazakh words, written from grammar for the made corpus.

It shares nothing with the program's stemmer: what this module puts together and the program takes
apart again are two people's reading of the same grammar, so that a test over both is no circle.
Vowel harmony, assimilation of the first consonant and voicing of the last one are kept; derivation
(one word out of another) is left out.
"""

from collections.abc import Callable
from functools import cache
from itertools import product

_BACK, _FRONT = "аоұыяёю", "әөүіеэ"
_VOWELS = _BACK + _FRONT + "и"
_NASAL, _BUZZING = "мнң", "зж"
_SMOOTH = "лрйу"
_VOICED = {"п": "б", "к": "г", "қ": "ғ"}

NUMBERS = {"": 0.8, "pl": 0.2}
OWNERS = {"": 0.56, "p3": 0.34, "p1s": 0.03, "p1p": 0.04, "p2s": 0.01, "p2f": 0.02}
CASES = {
    "": 0.38,
    "gen": 0.14,
    "dat": 0.12,
    "acc": 0.12,
    "loc": 0.09,
    "abl": 0.06,
    "ins": 0.05,
    "rel": 0.04,
}
_OF_P3 = {
    "gen": "нIң",
    "dat": "нA",
    "acc": "н",
    "loc": "ндA",
    "abl": "нAн",
    "ins": "мен",
    "rel": "ндAғI",
}
_OF_P1S = {"dat": "A"}
_PERSONS = {"": 0.5, "м": 0.25, "ң": 0.05, "ңIз": 0.08, "K": 0.12}

NOUN = {
    f"{number}.{owner}.{case}": NUMBERS[number] * OWNERS[owner] * CASES[case]
    for number, owner, case in product(NUMBERS, OWNERS, CASES)
}
"""Forms of a noun and how likely each is."""

ADJECTIVE = {"..": 0.88, "cmp": 0.015} | {
    name: 0.0035 for name in NOUN if name != ".." and ".p1" not in name and ".p2" not in name
}
"""Forms of an adjective: mostly bare, also as a noun."""

VERB = (
    {f"past.{person}": 0.2 * share for person, share in _PERSONS.items()}
    | {f"perf.{case}": 0.25 * share for case, share in CASES.items()}
    | {f"inf.{owner}.{case}": 0.25 * OWNERS[owner] * CASES[case] for owner in ("", "p3", "p1p")
       for case in CASES}
    | {"ip": 0.1, "pres": 0.08, "pres.1s": 0.02, "pres.1p": 0.02, "atyn": 0.06, "ar": 0.03}
    | {"cond": 0.02, "imp": 0.02, "neg.past": 0.02, "neg.perf": 0.02, "neg.pres": 0.02}
)  # fmt: skip
"""Forms of a verb, whose stem is the command to one person."""


def noun(stem: str, name: str, lost: str = "") -> str:
    """Return the form ``name`` of ``NOUN``; ``lost`` is another stem before a vowel, or ""."""
    number, owner, case = name.split(".")
    word = _fixed(stem, "LAр", _back(stem)) if number else stem
    if owner:
        word = _owned(lost if lost and not number else word, owner, _back(stem))
    return _cased(word, owner, case, _back(stem))


def adjective(stem: str, name: str, lost: str = "") -> str:
    """Return the form ``name`` of ``ADJECTIVE``."""
    if name != "cmp":
        return noun(stem, name, lost)
    return _softened(stem, "рAқ" if stem[-1] in _VOWELS else "IрAқ", _back(stem))


def verb(stem: str, name: str, lost: str = "") -> str:
    """Return the form ``name`` of ``VERB``."""
    del lost  # no verb of the list loses a vowel
    back, (kind, *rest) = _back(stem), [*name.split("."), ""]
    if kind == "neg":
        return verb(_fixed(stem, "MA", back), rest[0])
    return _ENDS[kind](stem, back, ".".join(rest[:-1]))


def _past(stem: str, back: bool, person: str) -> str:
    ending = person.replace("K", "қ" if back else "к")
    return _fixed(stem, f"DI{ending}", back)


def _perfect(stem: str, back: bool, case: str) -> str:
    return _cased(_fixed(stem, "GAн", back), "", case, back)


def _infinitive(stem: str, back: bool, rest: str) -> str:
    owner, _, case = rest.partition(".")
    word = (stem[:-1] if stem[-1] in "ыі" else _voiced(stem)) + "у"
    if owner:
        word = _owned(word, owner, back)
    return _cased(word, owner, case, back)


def _present(stem: str, back: bool, person: str) -> str:
    ends = {"": "дI", "1s": "мIн", "1p": "мIз"}[person]
    if stem[-1] in _VOWELS:
        return _narrowed(stem + "й") + _harmonised(ends, back)
    return _softened(stem, "A" + ends, back)


def _plain(after_vowel: str, after_consonant: str) -> Callable[[str, bool, str], str]:
    def ended(stem: str, back: bool, rest: str) -> str:
        del rest
        ending = after_vowel if stem[-1] in _VOWELS else after_consonant
        return _narrowed(_softened(stem, ending, back))

    return ended


def _narrowed(word: str) -> str:
    return word.replace("ый", "и").replace("ій", "и")


_ENDS: dict[str, Callable[[str, bool, str], str]] = {
    "past": _past,
    "perf": _perfect,
    "inf": _infinitive,
    "pres": _present,
    "ip": _plain("п", "Iп"),
    "atyn": _plain("йтIн", "AтIн"),
    "ar": _plain("р", "Aр"),
    "cond": _plain("сA", "сA"),
    "imp": _plain("сIн", "сIн"),
}


@cache
def _back(word: str) -> bool:
    if word.endswith("ь"):
        return False  # the soft sign of a loan asks for front vowels
    for letter in reversed(word):
        if letter in _BACK:
            return True
        if letter in _FRONT:
            return False
    return "и" not in word and "у" in word


def _owned(word: str, owner: str, back: bool) -> str:
    vowel = word[-1] in _VOWELS
    ends = {
        "p3": "сI" if vowel else "I",
        "p1s": "м" if vowel else "Iм",
        "p1p": "мIз" if vowel else "IмIз",
        "p2s": "ң" if vowel else "Iң",
        "p2f": "ңIз" if vowel else "IңIз",
    }
    return _softened(word, ends[owner], back)


def _cased(word: str, owner: str, case: str, back: bool) -> str:
    if not case:
        return word
    if owner == "p3":
        return word + _harmonised(_OF_P3[case], back)
    if owner in ("p1s", "p2s") and case in _OF_P1S:
        return word + _harmonised(_OF_P1S[case], back)
    ends = {
        "gen": "NIң",
        "dat": "GA",
        "acc": "CI",
        "loc": "DA",
        "abl": "BAн",
        "ins": "Eен",
        "rel": "DAғI",
    }
    return _fixed(word, ends[case], back)


def _fixed(word: str, ending: str, back: bool) -> str:
    """Put an ending on whose first consonant follows the last letter of the word."""
    return word + _first(word.rstrip("ь")[-1], ending[0], back) + _harmonised(ending[1:], back)


def _softened(word: str, ending: str, back: bool) -> str:
    """Put an ending on that begins as it is; before a vowel the last consonant is voiced."""
    if ending[0] in "IA":
        word = _voiced(word.rstrip("ь"))
    return word + _harmonised(ending, back)


def _voiced(word: str) -> str:
    """Return the word before a vowel: its last п, к, қ after a vowel becomes б, г, ғ."""
    if len(word) > 2 and word[-1] in _VOICED and word[-2] in _VOWELS:
        return word[:-1] + _VOICED[word[-1]]
    return word


def _harmonised(ending: str, back: bool) -> str:
    if not back:
        ending = ending.replace("ғ", "г").replace("қ", "к")
    return ending.replace("A", "а" if back else "е").replace("I", "ы" if back else "і")


@cache
def _first(last: str, kind: str, back: bool) -> str:
    """Return the first consonant of an ending of this ``kind`` after the letter ``last``.

    Kinds: L of the plural, N of the genitive, C of the accusative, D of place and past, B of the
    ablative, G of the dative, E of the instrumental, M of negation.
    """
    group = _group(last)
    by_group = {
        "L": {"vowel": "л", "smooth": "л", "nasal": "д", "buzzing": "д", "л": "д"},
        "N": {"vowel": "н", "nasal": "н", "smooth": "д", "buzzing": "д", "л": "д"},
        "C": {"vowel": "н", "nasal": "д", "smooth": "д", "buzzing": "д", "л": "д"},
        "D": dict.fromkeys(("vowel", "nasal", "smooth", "buzzing", "л"), "д"),
        "B": {"vowel": "д", "nasal": "н", "smooth": "д", "buzzing": "д", "л": "д"},
        "E": {"vowel": "м", "nasal": "м", "smooth": "м", "buzzing": "б", "л": "м"},
        "M": {"vowel": "м", "nasal": "б", "smooth": "м", "buzzing": "б", "л": "м"},
        "G": dict.fromkeys(("vowel", "nasal", "smooth", "buzzing", "л"), "ғ" if back else "г"),
    }
    hard = {"E": "п", "M": "п", "G": "қ" if back else "к"}
    return by_group[kind].get(group, hard.get(kind, "т"))


def _group(last: str) -> str:
    if last in _VOWELS:
        return "vowel"
    if last in _NASAL:
        return "nasal"
    if last in _BUZZING:
        return "buzzing"
    if last == "л":
        return "л"
    return "smooth" if last in _SMOOTH else "hard"
