"""Every ending that a Kazakh stem may carry, made from the net of ``kk_endings.tsv``.

The net is walked once for each class of stems; what comes out is one table from the letters of an
ending to the classes it may follow and what it costs.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache

from language.kazakh.sounds import BACK, FRONT, NOUN, VERB, bit, sound
from language.lexicon import read_list

Reading = tuple[int, float]
"""One way to read an ending: the mask of the stems that it may follow, and the cost."""

_VOWELS = ({"А": "а", "Ы": "ы", "Қ": "қ"}, {"А": "е", "Ы": "і", "Қ": "к"})
_UNFINISHED = "*"
_AS_AFTER_VOWEL = ("(С)", "Н", "З", "(Ы)р")
_VELAR = (("ғ", "қ"), ("г", "к"))
# What a changing sound becomes after each class of sounds.
_AFTER = {
    "Л": {"v": "л", "r": "л", "l": "д", "z": "д", "n": "д", "t": "т"},
    "Н": {"v": "н", "r": "д", "l": "д", "z": "д", "n": "н", "t": "т"},
    "З": {"v": "н", "r": "д", "l": "д", "z": "д", "n": "д", "t": "т"},
    "Д": {"v": "д", "r": "д", "l": "д", "z": "д", "n": "д", "t": "т"},
    "Б": {"v": "д", "r": "д", "l": "д", "z": "д", "n": "н", "t": "т"},
    "М": {"v": "м", "r": "м", "l": "м", "z": "б", "n": "б", "t": "п"},
    "П": {"v": "м", "r": "м", "l": "м", "z": "б", "n": "м", "t": "п"},
}


@dataclass(frozen=True, slots=True)
class _Step:
    ending: str
    to: str
    cost: float


@cache
def endings() -> dict[str, tuple[Reading, ...]]:
    """Return the table of all endings, the empty one not among them."""
    found: dict[str, tuple[Reading, ...]] = {}
    for row in (BACK, FRONT):
        for kind in ("noun", "verb"):
            for step in _net()[kind]:
                for first, mask in seams(kind, step.ending, row).items():
                    for rest, cost in _tails(step.to, sound(first), row):
                        text, reading = first + rest, (mask, round(step.cost + cost, 2))
                        held = found.get(text)
                        found[text] = (reading,) if held is None else _joined(held, reading)
    return found


def _joined(readings: tuple[Reading, ...], one: Reading) -> tuple[Reading, ...]:
    """Return ``readings`` and ``one``, by rising cost; those that cost the same are one."""
    costs = {cost: mask for mask, cost in readings}
    mask, cost = one
    costs[cost] = costs.get(cost, 0) | mask
    return tuple((mask, cost) for cost, mask in sorted(costs.items()))


def seams(kind: str, ending: str, row: int) -> dict[str, int]:
    """Return the letters of an ending at the seam, each with the mask of the stems before it.

    ``kind`` is noun or verb, ``row`` that of its vowels.
    """
    found: dict[str, int] = {}
    classes, seam = (NOUN, _after_noun) if kind == "noun" else (VERB, _after_verb)
    for name in classes:
        for text in seam(name, ending, row):
            found[text] = found.get(text, 0) | bit(kind, name, row)
    return found


@cache
def _tails(state: str, before: str, row: int) -> tuple[tuple[str, float], ...]:
    """All ways on from ``state`` after the sound ``before``; the empty one where a word may end."""
    found = [] if state.endswith(_UNFINISHED) else [("", 0.0)]
    for step in _net().get(state, ()):
        text = realise(step.ending, before, row)
        for rest, cost in _tails(step.to, sound(text), row):
            found.append((text + rest, step.cost + cost))
    return tuple(found)


def _after_noun(name: str, ending: str, row: int) -> Iterator[str]:
    text = realise(ending, {"x": "t", "u": "r"}.get(name, name), row)
    if name != "x" or text[0] in "ыі":
        yield text
    if name == "u" and ending.startswith(_AS_AFTER_VOWEL):
        yield realise(ending, "v", row)  # менюсі, меню: some take у, и, ю of a loan for a vowel


def _after_verb(name: str, ending: str, row: int) -> Iterator[str]:
    before = {"a": "v", "y": "v", "k": "v", "j": "r", "i": "r", "g": "t", "w": "t"}.get(name, name)
    seam = _VERB_SEAMS.get(name)
    text: str | None = realise(ending, before, row)
    if text is not None and seam is not None:
        text = seam(text, row)
    if text is not None:
        yield text


def _lost_vowel(text: str, _row: int) -> str | None:
    """After оқ- of оқы-: the vowel and й are one letter (оқиды), before у it goes (оқу)."""
    if text[0] == "й":
        return "и" + text[1:]
    return text if text[0] == "у" else None


def _lost_glide(text: str, row: int) -> str | None:
    """After қо- of қой-: й and the vowel are one letter (қояды, қою), but for е (күйеді)."""
    if text[0] == "у":
        return "ю" + text[1:]
    return "я" + text[1:] if text[0] == "а" and row == BACK else None


def _after_i(text: str, _row: int) -> str | None:
    """After и: қияды, қию."""
    return {"а": "я", "у": "ю"}.get(text[0], text[0]) + text[1:]


def _kept_vowel(text: str, _row: int) -> str | None:
    """After оқы-: all but й and у, which ``_lost_vowel`` has."""
    return None if text[0] in "йу" else text


def _before_vowel(text: str, _row: int) -> str | None:
    """After a voiced таб-."""
    return text if text[0] in "аеыіу" else None


def _before_converb(text: str, _row: int) -> str | None:
    """After тау- of тап-: only тауып and what begins so."""
    return text if text.startswith(("ып", "іп")) else None


_VERB_SEAMS: dict[str, Callable[[str, int], str | None]] = {
    "k": _lost_vowel,
    "j": _lost_glide,
    "i": _after_i,
    "y": _kept_vowel,
    "g": _before_vowel,
    "w": _before_converb,
}


def realise(ending: str, before: str, row: int) -> str:
    """Return the letters of ``ending`` after a sound of class ``before`` in a row of vowels."""
    letters: list[str] = []
    signs = iter(ending)
    for sign in signs:
        if sign == "(":
            inner = next(signs)
            next(signs)
            if (before == "v") == (inner == "С"):
                letters.append("с" if inner == "С" else _VOWELS[row][inner])
        elif sign == "Й":
            letters.append("й" if before == "v" else _VOWELS[row]["А"])
        elif sign == "Ғ":
            letters.append(_VELAR[row][before == "t"])
        elif sign in _AFTER:
            letters.append(_AFTER[sign][before])
        else:
            letters.append(_VOWELS[row].get(sign, sign))
        if letters:
            before = sound(letters[-1])
    return "".join(letters)


@cache
def _net() -> dict[str, tuple[_Step, ...]]:
    steps: defaultdict[str, list[_Step]] = defaultdict(list)
    for line in read_list("kk_endings.tsv"):
        states, ending, to, cost, _ = line.split("\t")
        for state in states.split():
            steps[state].append(_Step(ending, to, float(cost)))
    return {state: tuple(of) for state, of in steps.items()}
