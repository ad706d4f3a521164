"""How well bytes read as Latin text with marks: MARC-8 (ANSEL), ISO 5426 or CP1252.

In the first two a mark stands before its letter, so a byte of theirs takes the next letter along;
in CP1252 it is the letter. Which it is shows in what letters come out.
"""

import re
from unicodedata import combining

from catalog.charset.decoding import decode
from language import letters

CANDIDATES = ("marc-8", "cp1252", "iso5426")

_BESIDE_LETTER = re.compile(
    rb"[A-Za-z][\x80-\xff]{1,2}(?![\x80-\xff])|(?<![\x80-\xff])[\x80-\xff]{1,2}[A-Za-z]"
)
_WORDS = re.compile(rb"[\x80-\xff]{3,}")
_CODE = re.compile("\x1f.", re.DOTALL)  # a subfield code is no letter of a word
_SIGN = re.compile("(?:(?<=(.))|^)([^\x00-\x7f])(?=(.?))", re.DOTALL)
# Letters of French, German, Spanish, Portuguese, Italian and the Nordic languages.
_COMMON = frozenset("äöüßéèêëàâáåæøñçóôòúùûíîïãõœ")
_VOWELS = _COMMON - frozenset("ñç")
# "èa" is seldom two vowels of one word: in ANSEL it is the ä of "kirjallä".
_PLAIN_VOWELS = tuple("aeiouy")
_HALF_MARKS = frozenset("\ufe20\ufe21")  # over two letters, as Russian is put into Latin letters
_SIGNS = frozenset("£©®°·¿¡«»„“”‘’ʹʺʼʻ")


def is_latin(data: bytes) -> bool:
    """Tell whether bytes above 0x7F stand singly beside Latin letters more than in own words."""
    beside = len(_BESIDE_LETTER.findall(data))
    return beside > sum(map(len, _WORDS.findall(data)))


def likelihood(data: bytes, charset: str) -> float:
    """How much of the text reads as words with marks; only the order of values has a meaning."""
    text = _CODE.sub(" ", decode(data, charset, "replace"))
    return sum(_weight(*found.groups("")) for found in _SIGN.finditer(text))


def _weight(before: str, sign: str, after: str) -> float:
    letter = sign.lower()
    if sign == "\ufffd":
        return -3.0
    if sign in _HALF_MARKS or (sign == "£" and after.isdigit()):
        return 1.0
    if sign in _SIGNS:
        return 0.2
    if combining(sign) and before.isalpha():
        return 0.0
    if not letters.is_latin(sign) or after.isdigit() or (sign.isupper() and before.islower()):
        return -1.0
    vowels = (before.lower() in _PLAIN_VOWELS) + (after.lower() in _PLAIN_VOWELS)
    return (1.0 if letter in _COMMON else 0.4) - (vowels if letter in _VOWELS else 0.0)
