"""MARC-8 (MARC 21 Specifications, character sets): ASCII and ANSEL, others by escape sequences.

The escapes are those of ISO 2022, and the Cyrillic sets behind ``N`` and ``Q`` are ISO 5427 and its
extension; so ISO 5427 with escapes is read here as well. The tables are those of pymarc. Its own
converter drops bytes that it does not know; this one says so.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from functools import cache

# ESC and one of s g b p; or ESC, $ for three bytes a sign, G0 "(" "," or G1 ")" "-", final.
ESCAPE = re.compile(rb"\x1b(?:([sgbp])|(\$?)([(,)\-]?)(!?[0-9A-Z]))")
_SEPARATORS = re.compile(rb"([\x1d\x1e\x1f])")
_LATIN, _ANSEL, _THREE_BYTES = 0x42, 0x45, 0x31
_CONTROLS = 0x20
_HIGH = 0x80


def decode(data: bytes, errors: str = "strict") -> str:
    """Return the text in NFC; every subfield begins in ASCII and ANSEL anew.

    UnicodeDecodeError where ``errors`` is ``strict`` and a byte has no meaning; U+FFFD with
    ``replace``.
    """
    if data.isascii() and b"\x1b" not in data:
        return data.decode("ascii")
    return "".join(_piece(piece, errors) for piece in _SEPARATORS.split(data))


def _piece(data: bytes, errors: str) -> str:
    if data.isascii() and b"\x1b" not in data:
        return data.decode("ascii")
    signs: list[str] = []
    marks: list[str] = []
    for sign, combining in _signs(data, errors):
        if combining:
            marks.append(sign)
        else:
            signs.extend((sign, *marks))
            marks.clear()
    return unicodedata.normalize("NFC", "".join(signs + marks))


def _signs(data: bytes, errors: str) -> Iterator[tuple[str, bool]]:
    """Each character and whether it is a mark that stands before its letter."""
    sets = {"G0": _LATIN, "G1": _ANSEL}
    at = 0
    while at < len(data):
        if escape := ESCAPE.match(data, at):
            _designate(sets, escape)
            at = escape.end()
            continue
        which = "G0" if data[at] < _HIGH else "G1"
        width = 3 if sets[which] == _THREE_BYTES and data[at] > _CONTROLS else 1
        code = int.from_bytes(bytes(byte & 0x7F for byte in data[at : at + width]), "big")
        found = _sign(sets[which], code, data[at])
        if found is None and errors == "strict":
            raise UnicodeDecodeError("marc-8", data, at, at + width, "no such character")
        yield found or ("\ufffd", False)
        at += width


def _designate(sets: dict[str, int], escape: re.Match[bytes]) -> None:
    single, _, intermediate, final = escape.groups()
    if single:
        sets["G0"] = _LATIN if single == b"s" else single[0]
    else:
        sets["G1" if intermediate in (b")", b"-") else "G0"] = final[-1]


def _sign(charset: int, code: int, byte: int) -> tuple[str, bool] | None:
    if byte <= _CONTROLS and byte != 0x1B:
        return chr(byte), False
    table = _codesets().get(charset, {})
    found = table.get(code) or table.get(code | _HIGH)
    return (chr(found[0]), bool(found[1])) if found else None


@cache
def _codesets() -> Mapping[int, Mapping[int, tuple[int, int]]]:
    from pymarc.marc8_mapping import CODESETS  # heavy, and seldom needed

    found: Mapping[int, Mapping[int, tuple[int, int]]] = CODESETS
    return found
