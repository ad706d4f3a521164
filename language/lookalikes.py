"""Letters that look alike: Latin inside Cyrillic words, Cyrillic inside Roman numerals and ISBN.

Recognition and typing mix them; search, drafting and copy from a PDF need the true ones. Repair is
conservative: a word is changed only where its other letters leave one reading.
"""

import re

from language.letters import is_cyrillic, is_latin

_TO_CYRILLIC = str.maketrans("ABCEHIKMOPTXYaceiopxyhə", "АВСЕНІКМОРТХУасеіорхуһә")
_TO_LATIN = str.maketrans("АВСЕНІКМОРТХУасеіорхуһә", "ABCEHIKMOPTXYaceiopxyhə")
_TWINS = frozenset("ABCEHIKMOPTXYaceiopxyhə")

_ROMAN = re.compile(r"(?=[MDCLXVI])M{0,3}(CM|CD|D?C{0,3})(XC|XL|L?X{0,3})(IX|IV|V?I{0,3})")
_ROMAN_TWINS = str.maketrans("МСХІӀ", "MCXII")
_ISBN_TWINS = str.maketrans("хХОоЗІ", "XX0031")
_ISBN = re.compile(r"97[89]-?\d[\d-]{8,13}[\dXx]|\d[\d-]{8,11}[\dXx]")
_SLASHED = re.compile(r"[ІӀіV][-–/]?")


def mixed(word: str) -> bool:
    """Tell whether ``word`` holds Latin and Cyrillic letters together."""
    return any(map(is_cyrillic, word)) and any(map(is_latin, word))


def repair(word: str) -> str:
    """Return ``word`` with look-alike letters of the wrong script replaced; else unchanged.

    Latin letters inside a Cyrillic word become their twins (i → і, h → һ: only Kazakh has them)
    when every Latin letter has one; Cyrillic letters inside a Roman numeral or an ISBN become
    Latin or digits. A hyphenated word is repaired part by part, so «COVID-центр» stays.
    """
    if _SLASHED.fullmatch(word):
        return word
    number = word.translate(_ISBN_TWINS)
    if _ISBN.fullmatch(number):
        return number
    return "-".join(_repair_part(part) for part in word.split("-"))


def to_cyrillic_twins(word: str) -> str | None:
    """Return ``word`` with its Latin letters replaced by Cyrillic twins; None if one has none."""
    if all(sign in _TWINS or not is_latin(sign) for sign in word):
        return word.translate(_TO_CYRILLIC)
    return None


def _repair_part(part: str) -> str:
    if not mixed(part):
        return _repair_roman(part)
    roman = part.translate(_ROMAN_TWINS)
    if len(part) > 1 and _ROMAN.fullmatch(roman):
        return roman
    cyrillic = to_cyrillic_twins(part)
    if cyrillic is not None:
        return cyrillic
    latin = part.translate(_TO_LATIN)
    foreign = sum(1 for sign in part if is_cyrillic(sign))
    return latin if not mixed(latin) and foreign * 2 < len(part) else part


def _repair_roman(part: str) -> str:
    """Cyrillic-only numerals: ХІХ is one, while ХХ alone may be initials, a size or a numeral."""
    roman = part.translate(_ROMAN_TWINS)
    if len(part) > 1 and roman != part and "I" in roman and _ROMAN.fullmatch(roman):
        return roman
    return part
