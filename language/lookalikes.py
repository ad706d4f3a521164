"""Letters that look alike: Latin inside Cyrillic words, Cyrillic inside Roman numerals and ISBN.

Recognition and typing mix them; search, drafting and copy from a PDF need the true ones. Repair is
conservative: a word is changed only where its other letters leave one reading.
"""

import re
from functools import cache

from language.letters import has_kazakh, is_cyrillic, is_latin
from language.lexicon import read_list
from language.standard_numbers import repair_number

_TO_CYRILLIC = str.maketrans("ABCEHIKMOPTXYaceiopxyhə", "АВСЕНІКМОРТХУасеіорхуһә")
_TO_LATIN = str.maketrans("АВСЕНІКМОРТХУасеіорхуһә", "ABCEHIKMOPTXYaceiopxyhə")
_TWINS = frozenset("ABCEHIKMOPTXYaceiopxyhə")

_ROMAN = re.compile(r"(?=[MDCLXVI])M{0,3}(CM|CD|D?C{0,3})(XC|XL|L?X{0,3})(IX|IV|V?I{0,3})")
_ROMAN_TWINS = str.maketrans("МСХІӀ", "MCXII")
# No single V or L: У съезда and С века are words.
_SMALL_ROMAN = re.compile(r"(?=[XVI]{2}|[XI])(XC|XL|L?X{0,3})(IX|IV|V?I{0,3})")
# What stands for numerals where the next word says that it is one: ХУІІІ ғасыр, П съезд.
_ROMAN_OF = dict(zip("МСХІӀУ", "MCXIIV", strict=True))
_ROMAN_READINGS = (
    str.maketrans(_ROMAN_OF),
    str.maketrans({**_ROMAN_OF, "П": "II", "Ш": "III"}),
)
_DIGIT_TWINS = {"0": "о", "3": "з", "1": "і"}
_LETTERS_BESIDE = 3  # letters that a word must have beside its only digit
_NUMBER = re.compile(r"(?=(?:\D*\d){2})(?:\d+[ОоЗз]\d+|\d{3}[ОоЗз])[.,;:)]*")
_NUMBER_TWINS = str.maketrans("ОоЗз", "0033")
_NUMBERED = re.compile(r"[IVX]{2,}[^\W\d_A-Za-z]+[.,;:]*")  # IIIкв, a blank is missing
_SLASHED = re.compile(r"[ІӀіV][-–/]?")


def mixed(word: str) -> bool:
    """Tell whether ``word`` holds Latin and Cyrillic letters together."""
    return any(map(is_cyrillic, word)) and any(map(is_latin, word))


def repair(word: str) -> str:
    """Return ``word`` with look-alike letters of the wrong script replaced; else unchanged.

    Latin letters inside a Cyrillic word become their twins (i → і, h → һ: only Kazakh has them)
    when every Latin letter has one; Cyrillic letters inside a Roman numeral or an ISBN become
    Latin or digits; 0, 3 and 1 between small letters become о, з, і (г0род), О and З between digits
    0 and 3 (19З0). A hyphenated word is repaired part by part, so «COVID-центр» stays.
    """
    if _SLASHED.fullmatch(word):
        return word
    number = repair_number(word)
    if number is not None:
        return number
    if _NUMBER.fullmatch(word):
        return word.translate(_NUMBER_TWINS)
    return "-".join(_repair_part(part) for part in word.split("-"))


def repair_numeral(word: str, following: str) -> str:
    """Return ``word`` as a Roman numeral where ``following`` is what one counts; else unchanged.

    ХХ ғасыр, ХІХ–ХХ вв., ХУІІІ век; П съезд is the second one.
    """
    if not following.lower().startswith(_counted()):
        return word
    for reading in _ROMAN_READINGS:
        parts = [part.translate(reading) for part in re.split("([-–—])", word)]
        numerals = parts[::2]
        if all(map(_SMALL_ROMAN.fullmatch, numerals)):
            return "".join(parts)
    return word


def to_cyrillic_twins(word: str) -> str | None:
    """Return ``word`` with its Latin letters replaced by Cyrillic twins; None if one has none."""
    if all(sign in _TWINS or not is_latin(sign) for sign in word):
        return word.translate(_TO_CYRILLIC)
    return None


@cache
def _counted() -> tuple[str, ...]:
    return read_list("roman_context.txt")


def _repair_part(part: str) -> str:
    part = _repair_digits(part)
    if _NUMBERED.fullmatch(part):
        return part
    if not mixed(part) or set(filter(is_cyrillic, part)) <= {"ь", "Ь"}:
        # ь alone is a letter of the Latin Kazakh of 1929.
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


def _repair_digits(part: str) -> str:
    """A digit for a letter: between small Cyrillic letters, or a nought before or among them."""
    digits = [sign for sign in part if sign.isdigit()]
    letters = sum(map(is_cyrillic, part))
    if len(digits) != 1 or digits[0] not in _DIGIT_TWINS or letters < _LETTERS_BESIDE:
        return part
    before, digit, after = part.partition(digits[0])
    letter = _DIGIT_TWINS[digit]
    if digit == "1" and not has_kazakh(part):
        return part
    if _is_small(before[-1:]) and _is_small(after[:1]):
        return before + letter + after
    beside = after[:_LETTERS_BESIDE]
    word = len(beside) == _LETTERS_BESIDE and all(map(is_cyrillic, beside))
    if digit == "0" and word and (before.isupper() or not before):
        return before + letter.upper() + after
    return part


def _is_small(sign: str) -> bool:
    return bool(sign) and is_cyrillic(sign) and sign.islower()


def _repair_roman(part: str) -> str:
    """Cyrillic-only numerals: ХІХ is one, while ХХ alone may be initials, a size or a numeral."""
    roman = part.translate(_ROMAN_TWINS)
    if len(part) > 1 and roman != part and "I" in roman and _ROMAN.fullmatch(roman):
        return roman
    return part
