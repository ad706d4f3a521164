"""Record by record: is it in the character set of its file?

A record in the file's own set passes by a look at the classes of its bytes, at C speed; one that
looks strange is asked like a file of its own, and is given its own set where it says so clearly.
"""

from collections.abc import Callable
from functools import cache

from catalog.charset import pairs
from catalog.charset.decoding import SINGLE_BYTE, decode, letters, named
from catalog.charset.evidence import Decision, decide, high_bytes, multibyte_share
from catalog.charset.marc8 import ESCAPE
from language.letters import KAZAKH_ALPHABET

# A record leaves its file only where that is so much likelier (natural logarithm): about three
# letters' worth, since one foreign letter in a record is commoner than a foreign record.
_CLEARLY = 10.0
_MOSTLY = 0.5
# So few wrong bytes in a file of UTF-8 are damage; more are another character set.
_FEW = 2
_OWN_SIGNS = frozenset("«»№–—…“”„’‘§©°•·\xa0\xad")


def reader(charset: str | Decision) -> Callable[[bytes], str]:
    """Return a function that names the character set of a record from its bytes.

    A name holds for all records; a decision is proved by each of them.
    """
    if isinstance(charset, str):
        fixed = named(charset)
        return lambda _: fixed
    usual = charset.charset
    # Where the sample was ASCII nothing was proved.
    few = 0 if charset.evidence == "ascii" else _FEW
    return lambda raw: usual if raw.isascii() and b"\x1b" not in raw else _own(raw, usual, few)


def _own(raw: bytes, usual: str, few: int) -> str:
    if _decodes(raw, "utf-8"):
        return "marc-8" if raw.isascii() and ESCAPE.search(raw) else "utf-8"
    if usual in SINGLE_BYTE and _reads_well(raw, usual):
        return usual
    return _asked(raw, usual, few)


def _reads_well(raw: bytes, charset: str) -> bool:
    """Tell whether the bytes are words of Kazakh or Russian: capitals first, no odd signs."""
    classes = raw.translate(_classes(charset))
    if b"?" in classes or b"lU" in classes:
        return False
    capital, small = classes.count(b"U"), classes.count(b"l")
    return 0 < capital < small or not small


@cache
def _classes(charset: str) -> bytes:
    """Byte to class: U and l letters of Kazakh and Russian, ? letters and signs of neither."""
    table = letters(charset)
    return "".join(map(_class, table)).encode("ascii")


def _class(sign: str) -> str:
    if sign.lower() in KAZAKH_ALPHABET:
        return "U" if sign.isupper() else "l"
    return "." if sign.isascii() or sign in _OWN_SIGNS else "?"


def _asked(raw: bytes, usual: str, few: int) -> str:
    found = decide(raw)
    if usual in SINGLE_BYTE and found.evidence in ("pairs", "marks"):
        return _clearly_other(raw, usual)
    if usual == "utf-8" and (multibyte_share(raw) > _MOSTLY or high_bytes(raw) <= few):
        return usual
    return found.charset if found.margin > _MOSTLY or not _decodes(raw, usual) else usual


def _decodes(raw: bytes, charset: str) -> bool:
    try:
        decode(raw, charset)
    except UnicodeDecodeError:
        return False
    return True


def _clearly_other(raw: bytes, usual: str) -> str:
    counted = pairs.high_pairs(raw)
    scores = {one: pairs.likelihood(counted, one) for one in SINGLE_BYTE}
    best = max(SINGLE_BYTE, key=lambda one: scores[one])
    return best if scores[best] > scores[usual] + _CLEARLY else usual
