"""ISBN and ISSN as recognition reads them: letters for digits, and the label in look-alikes."""

import re

_BY_SHAPE = str.maketrans("хХОоЗІ", "XX0031")
_BY_CHECK = str.maketrans("хХxОоOoQЗзІіIlӀбВBЅS", "XXX00000331111168855")
_ISBN = re.compile(r"97[89]-?\d[\d-]{8,13}[\dXx]|\d[\d-]{8,11}[\dXx]")
_ISSN = re.compile(r"\d{4}-\d{3}[\dX]")
_LABELS = (
    ("ISBN", re.compile(r"[ІI1lӀ|][5SЅ][ВB8][МNНMN]:?")),
    ("ISSN", re.compile(r"[ІI1lӀ|][5SЅ]{2}[МNНMN]:?")),
)
_DIGITS = 8
_SHORT_ISBN = 10


def repair_number(word: str) -> str | None:
    """Return ``word`` as ISBN or ISSN with its digits set right, or None where it is neither.

    A few letters are taken for digits by the shape alone, more where the check digit then agrees.
    """
    found = word.translate(_BY_SHAPE)
    if _ISBN.fullmatch(found):
        return found
    core = word.rstrip(".,;:")
    found = core.translate(_BY_CHECK)
    isbn = _ISBN.fullmatch(found) is not None and is_isbn(found)
    issn = _ISSN.fullmatch(found) is not None and is_issn(found)
    return found + word[len(core) :] if isbn or issn else None


def repair_label(word: str, following: str) -> str:
    """Return ``word`` as «ISBN» or «ISSN» where it looks so and a number follows."""
    if sum(map(str.isdigit, following)) < _DIGITS - 1:
        return word
    for label, shape in _LABELS:
        if shape.fullmatch(word):
            return label + word[len(label) :]
    return word


def is_isbn(number: str) -> bool:
    """Tell whether ``number`` is an ISBN with the right check digit (ISO 2108), hyphens or not."""
    signs = number.replace("-", "").upper()
    if re.fullmatch(r"\d{13}", signs):
        return sum(int(d) * (3 if n % 2 else 1) for n, d in enumerate(signs)) % 10 == 0
    return bool(re.fullmatch(r"\d{9}[\dX]", signs)) and _modulo_11(signs)


def is_issn(number: str) -> bool:
    """Tell whether ``number`` is an ISSN with the right check digit (ISO 3297)."""
    signs = number.replace("-", "").upper()
    return bool(re.fullmatch(r"\d{7}[\dX]", signs)) and _modulo_11(signs)


def _modulo_11(signs: str) -> bool:
    values = [10 if sign == "X" else int(sign) for sign in signs]
    return sum(value * (len(signs) - n) for n, value in enumerate(values)) % 11 == 0


def number_key(text: str) -> str:
    """Return a number of a publication as it is compared: no blanks, hyphens, «ISBN» or «ISSN».

    An ISBN of ten signs with the right check digit becomes the one of thirteen (ISO 2108), so that
    either finds the other. Letters are capitals; other numbers keep their signs.
    """
    signs = re.sub(r"[\s\u00ad\u2010-\u2015-]+", "", text).upper()
    signs = re.sub(r"^(?:ISBN|ISSN):?", "", signs)
    if len(signs) != _SHORT_ISBN or not is_isbn(signs):
        return signs
    core = f"978{signs[:-1]}"
    rest = sum(int(d) * (3 if n % 2 else 1) for n, d in enumerate(core)) % 10
    return f"{core}{-rest % 10}"
