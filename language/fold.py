"""One key for every spelling of a word.

Kazakh Cyrillic with or without its own letters, Latin Kazakh (Yanalif, the alphabets of 2017, 2018
and 2021, digraphs, usual transliteration), Kazakh in Arabic letters, Russian before and after 1918,
and look-alikes from recognition fall on one string of plain Cyrillic letters. Different names
(Караганда, Қарағанды) do not: they belong to the authority file.
"""

import re
import unicodedata
from functools import lru_cache

from language.letters import APOSTROPHES, composed, is_cyrillic, is_latin
from language.lookalikes import to_cyrillic_twins
from language.tote import is_arabic
from language.tote import to_cyrillic as from_arabic
from language.yanalif import signs
from language.yanalif import to_cyrillic as from_yanalif

_WORD = re.compile(rf"[^\W\d_](?:[^\W\d_]|[\u0300-\u036f]|[{APOSTROPHES}](?=[^\W\d_]))*")
_PLAIN = re.compile("[абвгдежзиклмнопрстуфхцчшщыюя]+")
_NG = re.compile("нг+")
_PAIRS = (("иа", "я"), ("иу", "ю"), ("ц", "тс"))
_APOSTROPHES = str.maketrans("", "", APOSTROPHES)

_CYRILLIC = str.maketrans(
    {
        sign: key
        for key, signs in {
            "": "ъь",
            "а": "ә",
            "г": "ғґ",
            "е": "ёэєѣ",
            "и": "йіїѵӏ",
            "к": "қ",
            "н": "ң",
            "о": "ө",
            "у": "ұүў",
            "ф": "ѳ",
            "х": "һ",
        }.items()
        for sign in signs
    }
)

_LATIN_VOWELS = frozenset("aeiouäəáöɵóüúūıý")
_DIGRAPHS = {
    "shch": "щ",
    "sch": "щ",
    "tsh": "тш",
    "sh": "ш",
    "ch": "ч",
    "zh": "ж",
    "kh": "х",
    "gh": "г",
    "ts": "ц",
    "ya": "я",
    "yu": "ю",
    "yo": "е",
    "ye": "е",
    "ıa": "я",
    "ıý": "ю",
    "s'": "ш",
    "c'": "ч",
    "y'": "у",
    "i'": "и",
}
_LATIN = {
    sign: key
    for key, signs in {
        "а": "aäəáàâãå",
        "б": "bʙ",
        "в": "v",
        "г": "gğǵƣģ",
        "д": "dđð",
        "е": "eéèêëēę",
        "ж": "jž",
        "з": "zźż",
        "и": "iīíìî",
        "к": "kq",
        "л": "lł",
        "м": "m",
        "н": "nñńŋꞑň",
        "о": "oöɵóòôõøō",
        "п": "p",
        "р": "rř",
        "с": "sś",
        "т": "tť",
        "у": "uüúùûūwý",
        "ф": "f",
        "х": "hxḥ",
        "ц": "c",
        "ч": "çč",
        "ш": "şšș",
        "ы": "ь",
    }.items()
    for sign in signs
}


def fold(text: str) -> str:
    """Return ``text`` in small plain Cyrillic letters: the same key for every spelling of a word.

    Case, marks and hard or soft signs go; Kazakh letters and those of before 1918 take their
    Russian neighbour; э and ё become е, й becomes и, нг and ң become н; Latin words are written
    in Cyrillic. What is no letter stays. Folding twice changes nothing more.
    """
    lowered = text.lower()
    plain = lowered.translate(_CYRILLIC)
    if _PLAIN.fullmatch(plain):  # one word of Cyrillic letters: nearly all that an index holds
        return _sounded(plain)
    return _WORD.sub(lambda match: _fold_word(match[0]), composed(lowered))


def fold_letters(word: str) -> str:
    """Return ``fold`` of a word of small letters of Kazakh and Russian alone, in half the time."""
    return _sounded(word.translate(_CYRILLIC))


def spellings(word: str) -> tuple[str, ...]:
    """Return every key that a reader may mean by typing ``word``; the first is ``fold(word)``.

    Latin leaves choices open: y and ı may be ы, и or й; CCCP may be meant as СССР. Cyrillic words
    have one key. Meant for queries of one word; an index holds ``fold`` alone.
    """
    keys = [fold(word)]
    lowered = composed(word.lower())
    if any(map(is_latin, lowered)) and not any(map(is_cyrillic, lowered)):
        keys.append(fold(re.sub("[yı]", "i", lowered)))
        twin = to_cyrillic_twins(word)
        if twin is not None and word.isupper():
            keys.append(fold(twin))
    return tuple(dict.fromkeys(keys))


def readings(word: str) -> tuple[str, ...]:
    """Return the plain Cyrillic words that may be meant by ``word``, likeliest first.

    As ``spellings``, but not yet keys: нг stays where it may be н and г, and what the Latin
    alphabets write with two letters for one stands both ways (ia, iu, ts). For a stemmer to read.
    """
    lowered = composed(word.lower())
    found = [_plain_word(lowered)]
    if any(map(is_latin, lowered)) and not any(map(is_cyrillic, lowered)):
        found.append(_plain_word(re.sub("[yı]", "i", lowered)))
        found.append(_spell(lowered.replace("y", "ы").replace("ı", "i")))  # auyl, not auil
        for pair, letters in _PAIRS:
            found += [one.replace(pair, letters) for one in found if pair in one]
    found += [_NG.sub("н", one) for one in found if "нг" in one]
    return tuple(dict.fromkeys(found))


@lru_cache(maxsize=65536)  # a catalogue says the same words again and again
def _fold_word(word: str) -> str:
    return _sounded(word if _PLAIN.fullmatch(word) else _plain_word(word))


def _sounded(plain: str) -> str:
    return _NG.sub("н", plain) if "нг" in plain else plain


def _plain_word(word: str) -> str:
    """``word`` in the letters of ``_PLAIN``; it is no key yet, for нг may be two sounds."""
    if any(map(is_latin, word)):
        word = _from_latin(word)
    elif is_arabic(word):
        word = from_arabic(word)
    bare = _bare(word.translate(_APOSTROPHES).translate(_CYRILLIC))
    return bare.translate(_CYRILLIC)


def _bare(text: str) -> str:
    """Return ``text`` without its combining marks."""
    signs = composed(text, "NFD")
    kept = "".join(sign for sign in signs if not unicodedata.combining(sign))
    return composed(kept)


def _from_latin(word: str) -> str:
    """Write a word with Latin letters in Cyrillic; twins first where Cyrillic letters lead."""
    cyrillic = sum(1 for sign in word if is_cyrillic(sign) and sign != "ь")
    if cyrillic:
        return to_cyrillic_twins(word) or _spell(word)
    if signs(word):
        return from_yanalif(word)
    return _spell(word)


def _spell(word: str) -> str:
    word = re.sub(f"[{APOSTROPHES}]", "'", word)
    word = "".join(sign if sign in _LATIN else _bare(sign) for sign in word)
    signs: list[str] = []
    at = 0
    while at < len(word):
        length, key = _sound(word, at)
        signs.append(key)
        at += length
    return "".join(signs)


def _sound(word: str, at: int) -> tuple[int, str]:
    """Return how many characters of ``word`` at ``at`` make one sound, and its Cyrillic letter."""
    for length in (4, 3, 2):
        key = _DIGRAPHS.get(word[at : at + length])
        if key is not None:
            return length, key
    sign = word[at]
    if sign in "yı":
        return 1, _sound_of_y(word, at)
    return 1, _LATIN.get(sign, sign)


def _sound_of_y(word: str, at: int) -> str:
    """Y and dotless i: й after a vowel; ı is и beside a y (alphabet of 2021), else both are ы."""
    after_vowel = at > 0 and word[at - 1] in _LATIN_VOWELS
    if after_vowel or (word[at] == "ı" and "y" in word):
        return "и"
    return "ы"
