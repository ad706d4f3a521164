"""Forms of Russian words, written from grammar for the made corpus.

Regular declension and conjugation; the class of a noun is seen from its end and its mark in the
list. Stress is not known, so a few endings (ом or ем after a hissing letter) go by the commoner
one. What a stem loses stands in the list.
"""

from functools import cache

_HISSING, _VELAR = "жшщч", "кгх"
_CASES = (0.32, 0.25, 0.07, 0.14, 0.1, 0.12)  # nominative to prepositional

_NOUN_NAMES = [f"{number}{case}" for number in ("sg", "pl") for case in range(6)]
NOUN = {
    name: _CASES[n % 6] * (0.72 if n < 6 else 0.28) for n, name in enumerate(_NOUN_NAMES)
}  # fmt: skip
"""Forms of a noun and how likely each is: number and case, 0 nominative to 5 prepositional."""

_M, _F, _N, _PL = 0.33, 0.27, 0.13, 0.27
ADJECTIVE = {
    **{f"m{n}": _M * share for n, share in enumerate(_CASES)},
    **{f"f{n}": _F * share for n, share in enumerate(_CASES)},
    **{f"n{n}": _N * share for n, share in enumerate(_CASES)},
    **{f"pl{n}": _PL * share for n, share in enumerate(_CASES)},
}
"""Forms of an adjective: gender or plural, and case."""

VERB = {"inf": 0.14, "past.m": 0.17, "past.f": 0.12, "past.n": 0.06, "past.pl": 0.16}
VERB |= {"1s": 0.02, "2s": 0.01, "3s": 0.1, "1p": 0.03, "2p": 0.01, "3p": 0.09, "ger": 0.03}
VERB |= {f"part.{name}": 0.06 * share for name, share in ADJECTIVE.items()}
"""Forms of a verb with the participle of the present."""

_HARD_M = ("", "а", "у", "", "ом", "е", "ы", "ов", "ам", "ы", "ами", "ах")
_HISSING_M = ("", "а", "у", "", "ем", "е", "и", "ей", "ам", "и", "ами", "ах")
_SOFT_M = ("ь", "я", "ю", "ь", "ем", "е", "и", "ей", "ям", "и", "ями", "ях")
_J_M = ("й", "я", "ю", "й", "ем", "е", "и", "ев", "ям", "и", "ями", "ях")
_A_F = ("а", "ы", "е", "у", "ой", "е", "ы", "", "ам", "ы", "ами", "ах")
_JA_F = ("я", "и", "е", "ю", "ей", "е", "и", "ь", "ям", "и", "ями", "ях")
_IJA_F = ("ия", "ии", "ии", "ию", "ией", "ии", "ии", "ий", "иям", "ии", "иями", "иях")
_SOFT_F = ("ь", "и", "и", "ь", "ью", "и", "и", "ей", "ям", "и", "ями", "ях")
_O_N = ("о", "а", "у", "о", "ом", "е", "а", "", "ам", "а", "ами", "ах")
_E_N = ("е", "я", "ю", "е", "ем", "е", "я", "ей", "ям", "я", "ями", "ях")
_SCE_N = ("е", "а", "у", "е", "ем", "е", "а", "", "ам", "а", "ами", "ах")
_IE_N = ("ие", "ия", "ию", "ие", "ием", "ии", "ия", "ий", "иям", "ия", "иями", "иях")

_HARD_A = {
    "m": ("ый", "ого", "ому", "ый", "ым", "ом"),
    "f": ("ая", "ой", "ой", "ую", "ой", "ой"),
    "n": ("ое", "ого", "ому", "ое", "ым", "ом"),
    "pl": ("ые", "ых", "ым", "ые", "ыми", "ых"),
}
_SOFT_A = {
    "m": ("ий", "его", "ему", "ий", "им", "ем"),
    "f": ("яя", "ей", "ей", "юю", "ей", "ей"),
    "n": ("ее", "его", "ему", "ее", "им", "ем"),
    "pl": ("ие", "их", "им", "ие", "ими", "их"),
}


def noun(word: str, name: str, lost: str = "") -> str:
    """Return the form ``name`` of ``NOUN``; ``lost`` is the stem of the other cases."""
    return _declined(word, name, lost)


def person(word: str, name: str, lost: str = "") -> str:
    """Return the form of a noun that is a person: the accusative is the genitive."""
    if name[2] == "3" and (name[:2] == "pl" or word[-1] not in "ая"):
        name = f"{name[:2]}1"
    return _declined(word, name, lost, masculine=True)


def soft(word: str, name: str, lost: str = "") -> str:
    """Return the form of a masculine noun in a soft sign."""
    return _declined(word, name, lost, masculine=True)


def adjective(word: str, name: str, lost: str = "") -> str:
    """Return the form ``name`` of ``ADJECTIVE``."""
    del lost
    stem, gender, case = word[:-2], name[:-1], int(name[-1])
    if gender == "m" and case in (0, 3):
        return word
    hard = stem[-1] in _VELAR or not word.endswith("ий")
    return _spelled(stem, (_HARD_A if hard else _SOFT_A)[gender][case])


def verb(word: str, name: str, lost: str = "") -> str:
    """Return the form ``name`` of ``VERB``; a verb in -ся keeps it (as -сь after a vowel)."""
    del lost
    if word.endswith("ся"):
        if name == "ger":
            return word[:-4] + "вшись"
        form = _conjugated(word[:-2], name)
        short = form[-1] in "аеёиоуыэюя" and not name.startswith("part")
        return form + ("сь" if short else "ся")
    return _conjugated(word, name)


def _conjugated(word: str, name: str) -> str:
    stem = word[:-2]
    if name == "inf":
        return word
    if name.startswith("past"):
        return stem + {"m": "л", "f": "ла", "n": "ло", "pl": "ли"}[name[5:]]
    if name == "ger":
        return stem + "в"
    present, second = _present(stem)
    if name.startswith("part."):
        ending = ("ащий" if present[-1] in _HISSING else "ящий") if second else "ющий"
        return adjective(present + ending, name[5:])
    if second:
        ends = {"1s": "ю", "2s": "ишь", "3s": "ит", "1p": "им", "2p": "ите", "3p": "ят"}
    else:
        ends = {"1s": "ю", "2s": "ешь", "3s": "ет", "1p": "ем", "2p": "ете", "3p": "ют"}
    return _spelled(present, ends[name])


def _present(stem: str) -> tuple[str, bool]:
    """Return the stem of the present and whether it is of the second conjugation."""
    if stem.endswith("ова") and len(stem) > 4:
        return stem[:-3] + "у", False
    if stem.endswith("и"):
        return stem[:-1], True
    return stem, False


def _declined(word: str, name: str, lost: str, *, masculine: bool = False) -> str:
    place = (0 if name[:2] == "sg" else 6) + int(name[2])
    ends, stem = _class(word, masculine)
    ending = ends[place]
    if lost and ending not in ("", "ь", "й"):
        stem = lost
    if place == 7 and ending == "":  # genitive of many: a vowel comes between two consonants
        stem = _filled(stem)
    return _spelled(stem, ending)


@cache
def _class(word: str, masculine: bool) -> tuple[tuple[str, ...], str]:
    """Return the endings of a noun's class and its stem."""
    for end, ends in (("ия", _IJA_F), ("ие", _IE_N), ("я", _JA_F), ("а", _A_F), ("о", _O_N)):
        if word.endswith(end):
            return ends, word[: -len(end)]
    if word.endswith("е"):
        return (_SCE_N if word[-2] in _HISSING + "ц" else _E_N), word[:-1]
    if word.endswith("ь"):
        return (_SOFT_M if masculine else _SOFT_F), word[:-1]
    if word.endswith("й"):
        return _J_M, word[:-1]
    return (_HISSING_M if word[-1] in _HISSING else _HARD_M), word


def _filled(stem: str) -> str:
    if len(stem) > 2 and stem[-1] == "к" and stem[-2] not in "аеёиоуыэюя":
        return (stem[:-2] if stem[-2] == "ь" else stem[:-1]) + (
            "ек" if stem[-2] in _HISSING + "ь" else "ок"
        )
    return stem


def _spelled(stem: str, ending: str) -> str:
    """Put both together by the rules of spelling: no ы, ю, я after velar and hissing letters."""
    if not ending:
        return stem
    if stem[-1] in _VELAR + _HISSING:
        ending = ending.replace("ы", "и", 1) if ending[0] == "ы" else ending
    if stem[-1] in _HISSING:
        ending = {"юю": "ую", "яя": "ая"}.get(ending, ending)
        ending = {"ю": "у", "я": "а"}.get(ending[0], ending[0]) + ending[1:]
    return stem + ending
