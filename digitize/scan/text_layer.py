"""Whether the text layer of a PDF is worth having: figures of its signs and words, and a verdict.

The limits were set by figures, not by eye: see the texts of ``tests/unit/test_digitize_text_layer``
for what stands on either side of each.
"""

import re
import unicodedata
from dataclasses import dataclass

FEWEST_LETTERS = 10
_MOST_BROKEN = 0.02  # of all signs: replacement characters, private use, controls
_MOST_FOREIGN = 0.1  # of the letters: neither Cyrillic nor Latin
_MOST_LATIN_1 = 0.4  # of the letters: more is a Cyrillic code page read as Latin-1
_MOST_BALKAN = 0.01  # of the letters: more is a Kazakh font of the 1990s with its own code page
_ENOUGH_WORDS = 12  # below, shares of words say nothing
_FEWEST_WORDLIKE = 0.7  # of the words: good recognition has 0.95 and more, poor 0.8, garbage 0.5
_MOST_UPSET = 0.15  # of the words: a capital behind a small letter is KOI-8 or UTF-8 read wrongly
_VOWELS = (0.28, 0.58)  # share among Cyrillic letters: Russian has 0.43, Kazakh 0.41
_ENOUGH_LETTERS = 60  # below, the share of vowels says nothing
_FEWEST_COVERED = 0.6  # of the print in the picture: below, the layer holds a part of the page only
_BROKEN = frozenset({"Co", "Cn", "Cs", "Cc"})
_REPLACEMENT = "\ufffd"
# U+0400 to U+045F holds letters of Serbian, Macedonian and Ukrainian; those four are not theirs.
_OUR_OWN = frozenset(map(chr, (0x401, 0x451, 0x406, 0x456)))
_BALKAN = frozenset(map(chr, (*range(0x400, 0x410), *range(0x450, 0x460)))) - _OUR_OWN
_OTHER_VOWELS = map(chr, (0x456, 0x463, 0x475, 0x4AF, 0x4B1, 0x4D9, 0x4E9))  # Kazakh, pre-1918
_CYRILLIC_VOWELS = frozenset("аеёиоуыэюя") | frozenset(_OTHER_VOWELS)
_EDGES = re.compile(r"^\W+|\W+$")
_INSIDE = re.compile(r"[-’'ʼ./]")
_UPSET = re.compile(r"[a-zа-яё][A-ZА-ЯЁ]")

EMPTY, SIGNS, ALPHABET = "EMPTY", "SIGNS", "ALPHABET"
CODE_PAGE, WORDS, PARTIAL = "CODE_PAGE", "WORDS", "PARTIAL"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found of a text layer; shares are 0 to 1, ``coverage`` None where nobody looked.

    ``reason`` is None for a good layer, else the code of what is wrong with it: EMPTY (too few
    letters), SIGNS (without a meaning), ALPHABET (none of ours), CODE_PAGE (letters of another code
    page: mojibake), WORDS (no words), PARTIAL (print in the picture that it says nothing of).
    """

    letters: int
    broken: float
    foreign: float
    wordlike: float
    coverage: float | None
    reason: str | None

    def values(self) -> tuple[tuple[str, str], ...]:
        """As values of a processing step."""
        shares = (("broken", self.broken), ("foreign", self.foreign), ("wordlike", self.wordlike))
        told = [("letters", str(self.letters)), *((name, f"{share:.3f}") for name, share in shares)]
        if self.coverage is not None:
            told.append(("coverage", f"{self.coverage:.2f}"))
        if self.reason is not None:
            told.append(("reason", self.reason))
        return tuple(told)


def judge(text: str, fewest: int | None = None, coverage: float | None = None) -> Verdict:
    """Return the verdict on a layer; ``coverage`` is the share of the print that it speaks of.

    Good is: at least ``fewest`` letters (10 by default); signs without a meaning (replacement,
    private use, control) at most 2 %; letters of other scripts at most 10 %; accented Latin-1
    letters at most 40 % and letters of the Balkan Cyrillic at most 1 % (code pages read wrongly);
    capitals behind small letters in at most 15 % of the words and 28 to 58 % vowels (KOI-8, UTF-8
    and scrambled fonts); at least 70 % of the words like words; coverage at least 0.6.
    """
    signs = [sign for sign in text if not sign.isspace()]
    letters = [sign for sign in signs if sign.isalpha()]
    broken = sum(map(_is_broken, signs)) / max(1, len(signs))
    foreign = sum(not _is_ours(sign) for sign in letters) / max(1, len(letters))
    words = [word for word in (_EDGES.sub("", part) for part in text.split()) if word]
    wordlike = sum(map(_is_wordlike, words)) / max(1, len(words))
    reason = None
    if len(letters) < (FEWEST_LETTERS if fewest is None else fewest):
        reason = EMPTY
    elif broken > _MOST_BROKEN:
        reason = SIGNS
    elif foreign > _MOST_FOREIGN:
        reason = ALPHABET
    elif _is_other_code_page(letters, words):
        reason = CODE_PAGE
    elif len(words) >= _ENOUGH_WORDS and wordlike < _FEWEST_WORDLIKE:
        reason = WORDS
    elif coverage is not None and coverage < _FEWEST_COVERED:
        reason = PARTIAL
    return Verdict(len(letters), broken, foreign, wordlike, coverage, reason)


def _is_other_code_page(letters: list[str], words: list[str]) -> bool:
    latin_1 = sum("\u00c0" <= sign <= "\u00ff" for sign in letters)
    balkan = sum(sign in _BALKAN for sign in letters)
    if latin_1 > _MOST_LATIN_1 * len(letters) or balkan > _MOST_BALKAN * len(letters):
        return True
    upset = sum(_UPSET.search(word) is not None for word in words)
    if len(words) >= _ENOUGH_WORDS and upset > _MOST_UPSET * len(words):
        return True
    cyrillic = [sign for sign in letters if "\u0400" <= sign <= "\u052f"]
    vowels = sum(sign.lower() in _CYRILLIC_VOWELS for sign in cyrillic)
    low, high = (share * len(cyrillic) for share in _VOWELS)
    return len(cyrillic) >= _ENOUGH_LETTERS and not low <= vowels <= high


def _is_wordlike(word: str) -> bool:
    """A number, or letters of one alphabet; parts may be joined by hyphens and the like."""
    parts = [part for part in _INSIDE.split(word) if part]
    return bool(parts) and all(map(_is_whole, parts))


def _is_whole(part: str) -> bool:
    if part.isdecimal():
        return True
    if not part.isalpha():
        return False
    cyrillic = sum("\u0400" <= sign <= "\u052f" for sign in part)
    return cyrillic in (0, len(part))


def _is_broken(sign: str) -> bool:
    return sign == _REPLACEMENT or unicodedata.category(sign) in _BROKEN


def _is_ours(sign: str) -> bool:
    return unicodedata.name(sign, "").startswith(("CYRILLIC", "LATIN"))
