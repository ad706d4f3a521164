"""Whether the text layer of a PDF is worth having, judged by its signs alone."""

import unicodedata

FEWEST_LETTERS = 10
_MOST_BROKEN = 0.02  # of all signs: replacement characters, private use, controls
_MOST_FOREIGN = 0.1  # of the letters: neither Cyrillic nor Latin
_MOST_LATIN_1 = 0.4  # of the letters: more is a Cyrillic code page read as Latin-1
_MOST_BALKAN = 0.01  # of the letters: more is a Kazakh font of the 1990s with its own code page
_BROKEN = frozenset({"Co", "Cn", "Cs", "Cc"})
_REPLACEMENT = "\ufffd"
# U+0400 to U+045F holds letters of Serbian, Macedonian and Ukrainian; those four are not theirs.
_OUR_OWN = frozenset(map(chr, (0x401, 0x451, 0x406, 0x456)))
_BALKAN = frozenset(map(chr, (*range(0x400, 0x410), *range(0x450, 0x460)))) - _OUR_OWN


def is_readable(text: str, fewest: int | None = None) -> bool:
    """Return whether ``text`` is made of the letters of our languages, and enough of them.

    ``fewest`` letters must be there (10 by default). Refused are: signs without a meaning
    (replacement, private use, control) above 2 %, letters of other scripts above 10 %, accented
    Latin-1 letters above 40 % (mojibake), letters of the Balkan Cyrillic above 1 % (Kazakh fonts
    with a code page of their own).
    """
    signs = [sign for sign in text if not sign.isspace()]
    letters = [sign for sign in signs if sign.isalpha()]
    if len(letters) < (FEWEST_LETTERS if fewest is None else fewest):
        return False
    broken = sum(map(_is_broken, signs))
    foreign = sum(1 for sign in letters if not _is_ours(sign))
    latin_1 = sum(1 for sign in letters if "\u00c0" <= sign <= "\u00ff")
    balkan = sum(1 for sign in letters if sign in _BALKAN)
    return (
        broken <= _MOST_BROKEN * len(signs)
        and foreign <= _MOST_FOREIGN * len(letters)
        and latin_1 <= _MOST_LATIN_1 * len(letters)
        and balkan <= _MOST_BALKAN * len(letters)
    )


def _is_broken(sign: str) -> bool:
    return sign == _REPLACEMENT or unicodedata.category(sign) in _BROKEN


def _is_ours(sign: str) -> bool:
    return unicodedata.name(sign, "").startswith(("CYRILLIC", "LATIN"))
