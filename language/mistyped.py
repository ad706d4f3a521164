"""Words typed with letters of another alphabet that look alike, and how they are meant.

Old code pages had no Kazakh letters, so people typed y for ұ or ү, i for і, h for һ; a Latin c, o
or p slips into Russian words at any time. A reading is a proposal: what the catalogue knows as a
word is sure, the harmony of Kazakh vowels is likely, else the plain twin.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product

from language.letters import KAZAKH_ALPHABET, has_kazakh, is_cyrillic, is_latin
from language.lookalikes import repair, to_cyrillic_twins

_BESIDE = re.compile(r"[A-Za-zƏə][Ѐ-ԯ]|[Ѐ-ԯ][A-Za-zƏə]")
_WORD = re.compile(r"[^\W\d_]+")
_SHORTEST = 3  # letters; shorter ones are marks and codes (Nш)
_MOST_READINGS = 256
_NUMERAL_ENDING = re.compile(r"[IVXLCDM]+[а-я]{1,3}")

_READINGS = {
    **{"a": "аә", "b": "ьв", "c": "с", "e": "еә", "g": "д", "h": "һн", "i": "іи", "k": "кқ"},
    **{"m": "мт", "n": "п", "o": "оө", "p": "р", "r": "гғ", "t": "т", "u": "иц", "v": "у"},
    **{"w": "ш", "x": "х", "y": "уұү", "ə": "ә"},
    **{"A": "АӘ", "B": "В", "C": "С", "E": "Е", "H": "НҢҺ", "I": "І", "K": "КҚ", "M": "М"},
    **{"O": "ОӨ", "P": "Р", "T": "Т", "X": "Х", "Y": "УҰҮ", "Ə": "Ә"},
}
_BACK, _FRONT = frozenset("аоұы"), frozenset("әөүіе")
_LATIN_VOWELS = str.maketrans("aeoə", "аеоә")
_VOWELS = _BACK | _FRONT | frozenset("уиэюяё")

_FOREIGN = {
    **{"ѳ": "ө", "є": "ә", "ҡ": "қ", "ҝ": "қ", "ԛ": "қ", "ҟ": "қ", "ӄ": "қ", "ӊ": "ң", "ӈ": "ң"},
    **{"ҥ": "ң", "ӌ": "ч", "ў": "ү", "ӯ": "ұ", "ү": "ү", "ҳ": "һ", "ђ": "һ", "ћ": "һ", "ґ": "ғ"},
    **{"ҕ": "ғ", "ӷ": "ғ", "ї": "і", "ј": "і", "ӏ": "і", "ѵ": "ү", "ӱ": "ү", "ӧ": "ө", "ӓ": "ә"},
}
_ALPHABET = frozenset(KAZAKH_ALPHABET + KAZAKH_ALPHABET.upper())
_STRANGE = re.compile(f"(?![{KAZAKH_ALPHABET}{KAZAKH_ALPHABET.upper()}])[\u0400-\u052f]")
_LONE = re.compile(r"(?<=[\u0400-\u052f] )[acoy](?= [\u0400-\u052f])|^[BCKOYA](?= [\u0430-\u044f])")


@dataclass(frozen=True, slots=True)
class Mistyped:
    """A word at character ``at``; ``meant`` is None where nothing is likely; ``sure``: 0 to 1."""

    at: int
    word: str
    meant: str | None
    sure: float


def has_mixed(text: str) -> bool:
    """Tell whether a Latin letter stands beside a Cyrillic one: a quick look before the words."""
    return not text.isascii() and _BESIDE.search(text) is not None


def has_foreign(text: str) -> bool:
    """Tell whether ``text`` holds a Cyrillic letter that Kazakh and Russian have not."""
    return not text.isascii() and _STRANGE.search(text) is not None


def mixed_words(
    text: str, *, kazakh: bool = False, known: Mapping[str, int] | None = None
) -> Iterator[Mistyped]:
    """Yield the words of ``text`` that mix Latin and Cyrillic letters, with their reading.

    ``known``: words in small letters that decide between readings. Numerals with an ending
    (XXго), marks and codes of one or two letters are left alone.
    """
    for found in _WORD.finditer(text):
        word = found[0]
        if len(word) >= _SHORTEST and _BESIDE.search(word) and not _is_mark(text, found):
            meant, sure = _reading(word, kazakh=kazakh or has_kazakh(word), known=known or {})
            yield Mistyped(found.start(), word, meant, sure)


def foreign_words(text: str, *, kazakh: bool = False) -> Iterator[Mistyped]:
    """Yield words with Cyrillic letters that neither Kazakh nor Russian has (ѳ for ө, ҡ for қ)."""
    for found in _WORD.finditer(text):
        word = found[0]
        strange = {sign for sign in word if is_cyrillic(sign) and sign not in _ALPHABET}
        if strange:
            meant = "".join(map(_native, word))
            whole = all(sign in _ALPHABET or not is_cyrillic(sign) for sign in meant)
            likely = whole and (kazakh or has_kazakh(word))
            yield Mistyped(found.start(), word, meant if likely else None, 0.9 if likely else 0.5)


def lone_letters(text: str) -> Iterator[Mistyped]:
    """Yield Latin letters that stand alone as a Russian preposition or conjunction (a, c, o, y)."""
    for found in _LONE.finditer(text):
        yield Mistyped(found.start(), found[0], to_cyrillic_twins(found[0]), 0.9)


def _is_mark(text: str, found: re.Match[str]) -> bool:
    """A word that goes over into figures (Т3м), or a numeral with its ending, is a code."""
    beside = text[found.start() - 1 : found.start()] + text[found.end() : found.end() + 1]
    coded = any(sign.isdigit() or sign in "_@/=" for sign in beside)
    return coded or bool(_NUMERAL_ENDING.fullmatch(found[0]))


def _reading(word: str, *, kazakh: bool, known: Mapping[str, int]) -> tuple[str | None, float]:
    readings = [r for r in _readings(word) if r.lower() in known]
    if readings:
        return max(readings, key=lambda r: known[r.lower()]), 0.99
    if kazakh and (harmonic := _harmonic(word)) is not None:
        return harmonic, 0.9
    plain = repair(word)
    if plain != word:
        return plain, 0.95
    return None, 0.8


def _readings(word: str) -> list[str]:
    """Every reading of its Latin letters, as long as they are not too many."""
    choices = [_READINGS.get(sign, "") if is_latin(sign) else sign for sign in word]
    number = 1
    for choice in choices:
        number *= len(choice)
    return ["".join(signs) for signs in product(*choices)] if number <= _MOST_READINGS else []


def _harmonic(word: str) -> str | None:
    """The reading of y, i, h in a Kazakh word whose other Latin letters have one twin each."""
    made = []
    lowered = word.lower().translate(_LATIN_VOWELS)
    back = sum(sign in _BACK for sign in lowered)
    front = sum(sign in _FRONT for sign in lowered)
    for at, sign in enumerate(word):
        if not is_latin(sign):
            made.append(sign)
            continue
        small = sign.lower()
        if small == "y":
            around = lowered[max(0, at - 1) : at] + lowered[at + 1 : at + 2]
            vowel = any(near in _VOWELS for near in around) or at == len(word) - 1
            meant = "у" if vowel else ("ү" if front > back else "ұ")
        elif small in "ih" and (small == "i" or sign == "h"):
            meant = "і" if small == "i" else "һ"
        else:
            twin = to_cyrillic_twins(sign)
            if twin is None:
                return None
            meant = twin
        made.append(meant.upper() if sign.isupper() else meant)
    return "".join(made)


def _native(sign: str) -> str:
    if sign.isupper():
        return _FOREIGN.get(sign.lower(), sign.lower()).upper()
    return _FOREIGN.get(sign, sign)
